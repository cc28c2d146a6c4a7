"""What is said of a case at its end, and in which form."""
