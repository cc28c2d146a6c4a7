"""The entry point: parses arguments and starts a front end. `--version` and `--help` need no Textual."""

from __future__ import annotations

import argparse
import functools
import io
import os
import sys
from collections.abc import Sequence

from wizard import __version__

TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import ParamSpec

    from screens.app.app import WizardApp

    _Arguments = ParamSpec("_Arguments")


def guarded(program: Callable[_Arguments, int]) -> Callable[_Arguments, int]:
    """Wrap a program: a fault is reported in plain words with its exit status, never as a traceback."""

    @functools.wraps(program)
    def run(*arguments: _Arguments.args, **keywords: _Arguments.kwargs) -> int:
        try:
            status = program(*arguments, **keywords)
            # Flush now: an output that cannot be written is noticed here, not when Python exits.
            if sys.stdout is not None:
                sys.stdout.flush()
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last place where a fault can be told
            # --help and --version must not pay for importing the fault report.
            from screens import fault  # noqa: PLC0415

            return fault.told(error)
        return status

    return run


DESCRIPTION = (
    "Takes you through Microsoft KB 4051498 when outbound mail is stuck: from the queue's words to the proof that "
    "mail flows. It reads what you paste and writes commands for you to run; it runs nothing itself."
)

DOCTOR = (
    "Says which console this is, what it can do, and what the wizard will do in it. Exit status: 0 well enough to "
    "work, otherwise 1. The clipboard is tried with a text, and what it held is put back."
)

DIAGNOSE = (
    "Reads evidence without questions. Exit status: 0 this article, and the binding command was written; 1 another "
    "fault, or healthy; 3 more evidence is needed; 2 wrong arguments, or nothing readable."
)

PRACTICE = (
    "Train on a simulated Exchange organisation that cannot break. Without an option it opens the choice of scenarios. "
    "Exit status of --check: 0 every scenario is fit to be set, 1 one of them is not."
)

SMALLEST = os.terminal_size((60, 18))
"""The smallest window the full screen is made for."""

NO_TERMINAL = (
    "the full screen needs a terminal; standard input and output must not be redirected. "
    "--plain takes answers from a pipe, and diagnose reads evidence without questions."
)


def parser() -> argparse.ArgumentParser:
    """Build the argument parser."""
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
    commands = arguments.add_subparsers(dest="command", metavar="COMMAND")
    diagnose = commands.add_parser(
        "diagnose", help="no questions: read evidence, print the verdict and the commands", description=DIAGNOSE
    )
    diagnose.add_argument(
        "evidence", nargs="*", help="files, folders (*.log and *.txt in them), or - for standard input (the default)"
    )
    diagnose.add_argument("--connector", default="", metavar="NAME", help="the Send connector that is meant")
    diagnose.add_argument("--server", default="", metavar="NAME", help="the server that the commands name with -Server")
    diagnose.add_argument("--json", action="store_true", help="JSON instead of text")
    _case_commands(commands)
    _practice_command(commands)
    doctor = commands.add_parser(
        "doctor", help="say what this console can do, and what the wizard will do in it", description=DOCTOR
    )
    doctor.add_argument("--json", action="store_true", help="JSON instead of text")
    commands.add_parser("licences", help="print the licences of everything that the one file contains")
    return arguments


def _case_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    resume = commands.add_parser("resume", help="go on with a saved case; without a name the one saved last")
    resume.add_argument("case", nargs="?", default="", metavar="CASE", help="its id or the beginning of it")
    _also_plain(resume)
    cases = commands.add_parser("cases", help="list the saved cases")
    cases.add_argument("--json", action="store_true", help="JSON instead of text")
    export = commands.add_parser("export", help="write a case as one file, for a colleague")
    export.add_argument(
        "case",
        nargs="?",
        default="",
        metavar="CASE",
        help="its id or the beginning of it, else the last one",
    )
    export.add_argument(
        "--to", default="", metavar="FILE", help="the file, else one in your home folder; none is ever written over"
    )
    export.add_argument(
        "--form",
        default="case",
        choices=("case", "status", "card", "markdown", "html", "json"),
        help="the case itself (the default), its status in two sentences, the change card, or the record in one of "
        "three forms",
    )
    export.add_argument("--redact", action="store_true", help="stand-ins in the place of all names")
    export.add_argument("--logs", action="store_true", help="with pasted logs, where the case has kept them")
    taken = commands.add_parser("import", help="take over a case from a colleague's file")
    taken.add_argument("file", metavar="FILE")


def _practice_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    practice = commands.add_parser("practice", help="train on a server that cannot break", description=PRACTICE)
    practice.add_argument(
        "scenario",
        nargs="?",
        default=None,
        metavar="SCENARIO",
        help="a scenario's name in --list, next for the first you have not solved, or a file of your own",
    )
    practice.add_argument("--mode", choices=("guided", "alone", "exam", "sandbox"), help="the way to train")
    practice.add_argument("--seed", type=int, metavar="N", help="the same number gives the same names and thumbprints")
    _also_plain(practice)
    instead = practice.add_mutually_exclusive_group()
    instead.add_argument("--list", action="store_true", help="list the scenarios, and how you stand with them")
    instead.add_argument("--check", nargs="+", metavar="FILE", help="say whether scenarios are fit to be set")
    instead.add_argument(
        "--class",
        dest="learners",
        nargs="+",
        metavar="FILE",
        help="for the instructor: one table of many learners' records, each written by --export FILE.json",
    )
    practice.add_argument(
        "--export",
        metavar="FILE",
        help="write your record for the instructor, with --class the table: FILE.html is a page, FILE.json for "
        "programs",
    )
    practice.add_argument("--learner", default="", metavar="NAME", help="whose record it is, for --export")
    practice.add_argument("--json", action="store_true", help="with --list: JSON instead of text")


def _also_plain(command: argparse.ArgumentParser) -> None:
    """Accept --plain after a command too."""
    # Suppressed: a default here would overwrite a --plain given before the command.
    command.add_argument("--plain", action="store_true", default=argparse.SUPPRESS, help="line by line")


@guarded
def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; the exit status is 0, 1 after a fault of its own, 2 for wrong arguments, 130 after Ctrl+C."""
    _read_and_write_without_fail()
    options = parser().parse_args(_meant(argv))
    if options.command in {"doctor", "licences", "diagnose"}:
        return _answer(options)
    if options.command in {"cases", "export", "import"}:
        return _case_command(options)
    if options.command == "practice":
        return _practice(options)
    resumed = options.case if options.command == "resume" else None
    if _line_by_line(options):
        return _plain(options.sample, resumed)
    if not _at_a_terminal():
        print(f"exchange-cert-wizard: {NO_TERMINAL}", file=sys.stderr)
        return 2
    size = _window()
    if size and (size.columns < SMALLEST.columns or size.lines < SMALLEST.lines):
        try:
            if _line_by_line_instead(size):
                return _plain(options.sample, resumed)
        except (KeyboardInterrupt, EOFError):
            print()
            return 130
    return open_full_screen(options.sample, resumed)


def _meant(argv: Sequence[str] | None) -> Sequence[str] | None:
    """The arguments, without what Windows makes of a folder's closing backslash."""
    if sys.platform != "win32":
        return argv
    from screens.paths import without_swallowed  # noqa: PLC0415 - only Windows needs it

    return without_swallowed(sys.argv[1:] if argv is None else argv)


def _answer(options: argparse.Namespace) -> int:
    """Run a command that only prints."""
    from screens import commands  # noqa: PLC0415 - --help must not pay for the readers

    if options.command == "doctor":
        return commands.doctor_command(options.json)
    if options.command == "licences":
        return commands.print_licences()
    return commands.diagnose_command(options.evidence, options.connector, options.server, options.json)


def _case_command(options: argparse.Namespace) -> int:
    """Run a `cases` command; none asks questions."""
    from screens.commands import export_case, list_cases, take_over  # noqa: PLC0415
    from wizard.record.export import ExportForm  # noqa: PLC0415

    if options.command == "cases":
        return list_cases(options.json)
    if options.command == "export":
        form = ExportForm(options.form)
        return export_case(options.case, options.to, form, options.redact, options.logs)
    return take_over(options.file)


def _practice(options: argparse.Namespace) -> int:
    """Start training, or run one of the `practice` commands."""
    from screens import commands  # noqa: PLC0415

    if options.export and (options.list or options.check):
        parser().error(f"argument --export: not allowed with argument {'--list' if options.list else '--check'}")
    if options.list:
        return commands.list_scenarios(options.json)
    if options.check:
        return commands.check(options.check)
    if options.learners:
        return commands.class_table(options.learners, options.export or "")
    if options.export:
        return commands.export_results(options.export, options.learner)
    if wrong := commands.unknown(options.scenario):
        return wrong
    plain = _line_by_line(options)
    if not plain and not _at_a_terminal():
        print(f"exchange-cert-wizard: {NO_TERMINAL}", file=sys.stderr)
        return 2
    if plain:
        return commands.train_line_by_line(options.scenario, options.mode, options.seed)
    return commands.train(options.scenario, options.mode, options.seed, lambda then: open_full_screen(then=then))


def open_full_screen(
    sample: bool = False, resumed: str | None = None, then: Callable[[WizardApp], None] = lambda _app: None
) -> int:
    """Open the full screen; `then` runs once the welcome is there."""
    import gc  # noqa: PLC0415 - --help must not pay for it

    # A garbage collection during the imports finds nothing and costs a tenth of the start.
    gc.disable()
    # Textual costs most of the start-up time, and --help must not pay it.
    from screens.app.app import run  # noqa: PLC0415

    return run(sample, resumed, then)


def _line_by_line(options: argparse.Namespace) -> bool:
    """True if arguments or environment ask for the front end without a full screen, or the console cannot draw one."""
    if options.plain or _accessible() or os.environ.get("TERM") == "dumb":
        return True
    from wizard.machine.console import NO_SEQUENCES, knows_sequences  # noqa: PLC0415 - --help must not pay for it

    if knows_sequences(sys.stdout):
        return False
    print(f"It goes line by line, for {NO_SEQUENCES}.", file=sys.stderr)
    return True


def _read_and_write_without_fail() -> None:
    """UTF-8 from and to pipes and files, and `?` to a terminal for a character that its encoding lacks."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def _at_a_terminal() -> bool:
    """True if input and output are both a terminal."""
    from wizard.machine.console import is_terminal  # noqa: PLC0415 - --help must not pay for it

    return is_terminal(sys.stdin) and is_terminal(sys.stdout)


def _accessible() -> bool:
    """True if the environment asks for line by line, the way screen reader software sets it."""
    from wizard.machine.console import accessible  # noqa: PLC0415 - --help must not pay for it

    return accessible(os.environ)


def _window() -> os.terminal_size | None:
    """The size of the terminal's window; None where it is unknown, as over a serial line."""
    try:
        size = os.get_terminal_size(sys.stdout.fileno())
    except OSError:
        return None
    return size if size.columns and size.lines else None


def _line_by_line_instead(size: os.terminal_size) -> bool:
    """Ask whether to go on line by line, in a window too small for the full screen."""
    print(
        f"This window is {size.columns}x{size.lines} and the full-screen wizard needs "
        f"{SMALLEST.columns}x{SMALLEST.lines}. Go on line by line? [Y/n] ",
        end="",
        flush=True,
    )
    answer = input()
    return answer.strip().casefold() not in {"n", "no"}


def _plain(sample: bool, resumed: str | None = None) -> int:
    """Run the wizard line by line; answers get an editor where the terminal supports one and nothing forbids it."""
    from screens.plain.program import run  # noqa: PLC0415

    # Windows has no TERM of its own; where one is set, it counts there too.
    usual = "windows" if sys.platform == "win32" else "unknown"
    drawing = (os.environ.get("TERM") or usual) not in {"dumb", "unknown"}
    return run(sample, drawing and _at_a_terminal() and not _accessible(), resumed)


if __name__ == "__main__":
    sys.exit(main())
