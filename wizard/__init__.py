"""The knowledge behind the wizard: pure, typed, and free of any user interface."""

__version__ = "0.1.0"
