"""The entry point: arguments to one of the front ends. `--version` and `--help` need no Textual."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence

from wizard import __version__

DESCRIPTION = (
    "Takes you through Microsoft KB 4051498 when outbound mail is stuck: from the queue's words to the proof that "
    "mail flows. It reads what you paste and writes commands for you to run; it runs nothing itself."
)

DIAGNOSE = (
    "Reads evidence without questions. Exit status: 0 this article, and the binding command was written; 1 another "
    "fault, or healthy; 3 more evidence is needed; 2 wrong arguments, or nothing readable."
)

SMALLEST = os.terminal_size((60, 18))
"""The smallest window that the full screen is made for."""

NO_TERMINAL = (
    "the full screen needs a terminal; standard input and output must not be redirected. "
    "--plain takes answers from a pipe, and diagnose reads evidence without questions."
)


def parser() -> argparse.ArgumentParser:
    """The arguments."""
    arguments = argparse.ArgumentParser(prog="exchange-cert-wizard", description=DESCRIPTION)
    arguments.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    arguments.add_argument(
        "--sample", action="store_true", help="open a case with sample evidence at each step; no Exchange server needed"
    )
    arguments.add_argument(
        "--plain",
        action="store_true",
        help="line by line, for screen readers, small windows, pipes, and terminals that cannot draw; "
        "ACCESSIBLE=1 and TERM=dumb ask for it too",
    )
    commands = arguments.add_subparsers(dest="command", metavar="")
    diagnose = commands.add_parser(
        "diagnose", help="no questions: read evidence, print the verdict and the commands", description=DIAGNOSE
    )
    diagnose.add_argument(
        "evidence", nargs="*", help="files, folders (*.log and *.txt in them), or - for standard input (the default)"
    )
    diagnose.add_argument("--connector", default="", metavar="NAME", help="the Send connector that is meant")
    diagnose.add_argument("--server", default="", metavar="NAME", help="the server that the commands name with -Server")
    diagnose.add_argument("--json", action="store_true", help="JSON instead of text")
    return arguments


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; the exit status is 0, 1 after a fault of its own, 2 for wrong arguments, 130 after Ctrl+C."""
    options = parser().parse_args(argv)
    if options.command == "diagnose":
        from screens import headless  # noqa: PLC0415 - --help must not pay for the readers

        return headless.main(options.evidence, options.connector, options.server, options.json)
    if options.plain or _accessible() or os.environ.get("TERM") == "dumb":
        return _plain(options.sample)
    if not _at_a_terminal():
        print(f"exchange-cert-wizard: {NO_TERMINAL}", file=sys.stderr)
        return 2
    size = _window()
    if size and (size.columns < SMALLEST.columns or size.lines < SMALLEST.lines):
        try:
            if _line_by_line_instead(size):
                return _plain(options.sample)
        except (KeyboardInterrupt, EOFError):
            print()
            return 130
    return _full_screen(options.sample)


def _at_a_terminal() -> bool:
    """Whether both ends are a terminal: what is asked there is seen, and keys come from there."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _accessible() -> bool:
    """Whether ACCESSIBLE is set, as programs for screen readers have it."""
    return os.environ.get("ACCESSIBLE", "").strip().casefold() not in {"", "0", "no", "false", "off"}


def _window() -> os.terminal_size | None:
    """The size of the terminal's window; None where it does not tell, as over a serial line."""
    try:
        size = os.get_terminal_size(sys.stdout.fileno())
    except OSError:
        return None
    return size if size.columns and size.lines else None


def _line_by_line_instead(size: os.terminal_size) -> bool:
    """Ask, in a window that is too small for the full screen, whether to go on line by line."""
    print(
        f"This window is {size.columns}x{size.lines} and the full-screen wizard needs "
        f"{SMALLEST.columns}x{SMALLEST.lines}. Go on line by line? [Y/n] ",
        end="",
        flush=True,
    )
    answer = input()
    return answer.strip().casefold() not in {"n", "no"}


def _plain(sample: bool) -> int:
    """The wizard line by line; with an editor for the answers where a terminal can draw it and nobody minds."""
    from screens.plain.program import run  # noqa: PLC0415

    drawing = sys.platform == "win32" or os.environ.get("TERM", "") not in {"", "dumb", "unknown"}
    return run(sample, drawing and _at_a_terminal() and not _accessible())


def _full_screen(sample: bool) -> int:
    """The full-screen app, and afterwards the summary on standard output, for the scrollback."""
    # Textual costs most of the start-up time, and --help must not pay it.
    from screens.app import WizardApp  # noqa: PLC0415
    from screens.shown import shown  # noqa: PLC0415
    from wizard.report import summary  # noqa: PLC0415
    from wizard.sample import sample_case  # noqa: PLC0415

    app = WizardApp(sample_case() if sample else None)
    # What was imported stays: without this, looking through it for garbage holds the screen up for 60 ms now and then.
    gc.freeze()
    app.run()
    if app.begun and any((app.case.typed, app.case.opened_paths, app.case.settled, app.case.skipped)):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        print(shown(summary(app.case)))
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main())
