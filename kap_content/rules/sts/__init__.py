"""STS: publication status (retracted, corrected, superseded)."""
