"""`kap check` from the last run's answer, before anything slow is imported."""
