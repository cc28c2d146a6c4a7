"""Reads text into facts, each with its line."""
