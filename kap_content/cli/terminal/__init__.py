"""Standard output and error, progress and reports as a person sees them."""
