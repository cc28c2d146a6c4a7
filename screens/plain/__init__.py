"""The wizard line by line: the same steps, words and commands, in lines that are only ever appended.

It is for screen readers, for terminals that cannot draw, for small windows, and for answers that come
through a pipe. Nothing is drawn, nothing moves, and no key but Enter is needed.
"""

from __future__ import annotations
