"""`python -m kap_content`."""
