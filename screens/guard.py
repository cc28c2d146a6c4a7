"""The outermost place in which a fault is told in words. It imports nothing but what a fault needs, and only then."""

from __future__ import annotations

import functools
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import ParamSpec

    _Arguments = ParamSpec("_Arguments")


def guarded(program: Callable[_Arguments, int]) -> Callable[_Arguments, int]:
    """A program that tells of any fault in plain words, with the exit status for it, and shows no traceback."""

    @functools.wraps(program)
    def run(*arguments: _Arguments.args, **keywords: _Arguments.kwargs) -> int:
        try:
            status = program(*arguments, **keywords)
            # What cannot be written any more is noticed here, and not when Python has ended.
            if sys.stdout is not None:
                sys.stdout.flush()
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last place where a fault can be told
            # --help and --version must not pay for what tells of faults.
            from screens import fault  # noqa: PLC0415

            return fault.told(error)
        return status

    return run
