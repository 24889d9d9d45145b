"""YAML and TOML as trees of nodes with positions, and the shapes that read them."""
