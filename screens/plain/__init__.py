"""The wizard line by line: the same steps, words and commands, printed without ever redrawing a line.

It serves screen readers, simple terminals, small windows, and answers that come through a pipe. Enter is the only key
it needs.
"""

from __future__ import annotations
