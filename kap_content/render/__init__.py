"""From a checked page to HTML."""
