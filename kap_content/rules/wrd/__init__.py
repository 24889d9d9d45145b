"""WRD: wording."""
