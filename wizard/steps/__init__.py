"""The steps, one file for each, and the flow through them."""
