"""The documents about a case, and their formats."""
