"""Text to facts: every reader here says what it read, what it mended and what it could not read."""
