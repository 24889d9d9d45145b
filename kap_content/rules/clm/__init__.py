"""CLM: claims and the page."""
