"""Running the rules, applying suppressions, and the gate."""
