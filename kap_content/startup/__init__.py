"""What makes a start quick: patterns compiled when they are first used, and what is kept of them between runs."""
