"""Reading English medical prose: sentences, numbers, wording. Pure functions over strings and pages."""
