"""DSC: disclosure and governance."""
