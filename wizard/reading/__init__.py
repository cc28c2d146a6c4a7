"""Text becomes facts, each with the line it was read from."""
