"""Full texts of sources, read for the quotations that are said to be from them."""
