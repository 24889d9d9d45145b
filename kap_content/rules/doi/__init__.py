"""DOI: is the DOI real, and is it this work?"""
