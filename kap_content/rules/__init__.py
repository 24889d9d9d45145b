"""The rules, one module each, in a folder a family. `_rule` says what a rule is."""
