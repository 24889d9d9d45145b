"""The commands and their options. Each hands over at once to the module that does the work."""
