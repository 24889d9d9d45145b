"""What makes a start quick: patterns compiled when first used, methods and patterns kept between runs."""
