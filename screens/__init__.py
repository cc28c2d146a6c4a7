"""The user interface. It imports `wizard`; nothing imports it."""
