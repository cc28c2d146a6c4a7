"""`python -m screens`: the program, where the command is not on the path."""

from __future__ import annotations

import sys

from screens.cli import main

sys.exit(main())
