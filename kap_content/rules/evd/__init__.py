"""EVD: does the evidence carry the claim?"""
