"""Small parts that the screens share. None keeps facts: each is shown a case and renders it."""
