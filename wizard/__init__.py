"""The knowledge behind the wizard: pure, typed, and free of any user interface."""

from __future__ import annotations

__version__ = "0.1.0"
