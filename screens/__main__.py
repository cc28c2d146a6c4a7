"""`python -m screens`: the program, where the command is not on the path."""

import sys

from screens.cli import main

sys.exit(main())
