"""The data files that figures are drawn from."""
