"""The scholarly registries: one adapter each, and `gather`, the only network step."""
