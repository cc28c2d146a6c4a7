"""The entry point: arguments to one of the front ends. `--version` and `--help` need no Textual."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from wizard import __version__

DESCRIPTION = (
    "Takes you through Microsoft KB 4051498 when outbound mail is stuck: from the queue's words to the proof that "
    "mail flows. It reads what you paste and writes commands for you to run; it runs nothing itself."
)


def parser() -> argparse.ArgumentParser:
    """The arguments."""
    arguments = argparse.ArgumentParser(prog="exchange-cert-wizard", description=DESCRIPTION)
    arguments.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    arguments.add_argument(
        "--sample", action="store_true", help="open a case with sample evidence at each step; no Exchange server needed"
    )
    return arguments


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; the exit status is 0, 1 after a fault of its own, 2 for wrong arguments."""
    options = parser().parse_args(argv)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print(
            "exchange-cert-wizard: a terminal is needed; standard input and output must not be redirected.",
            file=sys.stderr,
        )
        return 2
    return _full_screen(options.sample)


def _full_screen(sample: bool) -> int:
    """The full-screen app, and afterwards the summary on standard output, for the scrollback."""
    # Textual costs most of the start-up time, and --help must not pay it.
    from screens.app import WizardApp  # noqa: PLC0415
    from screens.shown import shown  # noqa: PLC0415
    from wizard.report import summary  # noqa: PLC0415
    from wizard.sample import sample_case  # noqa: PLC0415

    app = WizardApp(sample_case() if sample else None)
    app.run()
    if app.begun and any((app.case.typed, app.case.opened_paths, app.case.settled, app.case.skipped)):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        print(shown(summary(app.case)))
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main())
