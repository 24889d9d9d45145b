"""Identity of scholarly works: DOIs, names, titles, pages, and whether two descriptions are of one work."""
