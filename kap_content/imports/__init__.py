"""Live pages into a project: text as copied from a browser, HTML, Markdown and Word files."""
