"""Starts the program as `python -m screens`, where the command is not on the path."""

from __future__ import annotations

import sys

from screens.cli import main

sys.exit(main())
