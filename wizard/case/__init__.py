"""A case: the value, its servers, and its life on disk."""
