"""The entry point: arguments to one of the front ends. `--version` and `--help` need no Textual."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from datetime import datetime

from screens.fault import guarded
from wizard import __version__

DESCRIPTION = (
    "Takes you through Microsoft KB 4051498 when outbound mail is stuck: from the queue's words to the proof that "
    "mail flows. It reads what you paste and writes commands for you to run; it runs nothing itself."
)

DIAGNOSE = (
    "Reads evidence without questions. Exit status: 0 this article, and the binding command was written; 1 another "
    "fault, or healthy; 3 more evidence is needed; 2 wrong arguments, or nothing readable."
)


def parser() -> argparse.ArgumentParser:
    """The arguments."""
    arguments = argparse.ArgumentParser(prog="exchange-cert-wizard", description=DESCRIPTION)
    arguments.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    arguments.add_argument(
        "--sample", action="store_true", help="open a case with sample evidence at each step; no Exchange server needed"
    )
    arguments.add_argument(
        "--plain", action="store_true", help="line by line, for screen readers and terminals that cannot draw"
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


@guarded
def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; the exit status is 0, 1 after a fault of its own, 2 for wrong arguments."""
    options = parser().parse_args(argv)
    if options.command == "diagnose":
        from screens import headless  # noqa: PLC0415 - --help must not pay for the readers

        return headless.main(options.evidence, options.connector, options.server, options.json)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print(
            "exchange-cert-wizard: a terminal is needed; standard input and output must not be redirected.",
            file=sys.stderr,
        )
        return 2
    if options.plain or os.environ.get("TERM") == "dumb":
        return _plain(options.sample)
    return _full_screen(options.sample)


def _plain(sample: bool) -> int:
    """The wizard line by line; Ctrl+C and an end of input end it, with the summary."""
    from screens.draft import save_draft  # noqa: PLC0415
    from screens.ending import Ending  # noqa: PLC0415
    from screens.plain import PlainWizard, TerminalAsker  # noqa: PLC0415
    from screens.shown import shown  # noqa: PLC0415
    from wizard.case import Case  # noqa: PLC0415
    from wizard.clipboard import system_clipboard  # noqa: PLC0415
    from wizard.report import summary  # noqa: PLC0415
    from wizard.sample import sample_case  # noqa: PLC0415

    def write(line: str) -> None:
        print(shown(line))

    wizard = PlainWizard(sample_case() if sample else Case(), TerminalAsker(), write, system_clipboard())
    try:
        return Ending(lambda: save_draft(wizard.case, {}, datetime.now())).run(wizard.run)
    except (KeyboardInterrupt, EOFError):
        write(f"\n{summary(wizard.case)}")
    return 0


def _full_screen(sample: bool) -> int:
    """The full-screen app, and afterwards the summary on standard output, for the scrollback."""
    # Textual costs most of the start-up time, and --help must not pay it.
    from screens.app import WizardApp  # noqa: PLC0415
    from screens.shown import shown  # noqa: PLC0415
    from wizard.report import summary  # noqa: PLC0415
    from wizard.sample import sample_case  # noqa: PLC0415

    app = WizardApp(sample_case() if sample else None)

    def print_summary() -> None:
        if app.begun and any((app.case.typed, app.case.opened_paths, app.case.settled, app.case.skipped)):
            sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
            print(shown(summary(app.case)), flush=True)

    # What was imported stays: without this, looking through it for garbage holds the screen up for 60 ms now and then.
    gc.freeze()
    return app.ending.run(app.run, print_summary) or app.return_code or 0


if __name__ == "__main__":
    sys.exit(main())
