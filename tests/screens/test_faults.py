"""A fault of the program's own: plain words, no traceback, nothing of the evidence, and the work is not lost."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Never

import pytest
from rich.traceback import Traceback
from textual.worker import WorkerFailed

from screens import cli, fault
from screens.app.app import WizardApp
from screens.app.base import in_background
from screens.app.welcome import ENDED
from screens.cli import _plain, guarded, main, open_full_screen
from screens.end import Ending
from screens.fault import STOPPED, OwnFault, last_words, report
from screens.saves import NOT_KEPT, TOO_LARGE
from tests.screens import evidence
from tests.screens.driving import NOW, Driven, MemoryClipboard, driven, empty, our_case
from wizard.case.book import Casebook
from wizard.case.case import Case, StepId
from wizard.case.file import Saved, slimmed
from wizard.machine.settings import cases_folder, reports_folder
from wizard.record.export import ExportForm, exported

SECRET = "orders@fabrikam.example"


def raising(*_arguments: object, **_named: object) -> Never:
    """A fault while evidence is at hand."""
    evidence_at_hand = SECRET
    raise ValueError(f"cannot read {evidence_at_hand!r}")


def the_report() -> str:
    """The one report there is."""
    (path,) = reports_folder().iterdir()
    return path.read_text(encoding="utf-8")


def the_case() -> Saved:
    """The one case there is."""
    (saved,) = Casebook(cases_folder()).cases().cases
    return saved


async def run_into(
    where: Callable[[WizardApp], object], case: Case, at: StepId = StepId.LOG, typed: str = ""
) -> WizardApp:
    """The app after it ran into a fault; what is typed before is not read yet."""
    book = Casebook(cases_folder())
    app = WizardApp(case, MemoryClipboard(), Path("/nowhere"), lambda: NOW, at, book=book)
    with contextlib.suppress(ValueError, WorkerFailed):
        async with app.run_test() as pilot:
            person = Driven(app, pilot, MemoryClipboard())
            await person.settle()
            person.type_at_once(typed)
            await pilot.pause()
            where(app)
            await person.until(lambda: not app.is_running)
    app.keeper.close()
    return app


def in_a_key(app: WizardApp) -> None:
    app.simulate_key("f1")


def in_a_message(app: WizardApp) -> None:
    app.call_later(raising)


def in_a_timer(app: WizardApp) -> None:
    app.set_timer(0.01, raising)


def in_a_worker(app: WizardApp) -> None:
    async def work() -> None:
        raising()

    in_background(app, "faulty", work)


def in_a_thread(app: WizardApp) -> None:
    app.reading.begin(StepId.LOG, raising)


def while_drawing(app: WizardApp) -> None:
    app.screen.render_line = raising  # type: ignore[method-assign]
    app.screen.query_one("#heading").render = raising  # type: ignore[method-assign]
    app.screen.query_one("#heading").refresh()


EVERYWHERE = [in_a_key, in_a_message, in_a_timer, in_a_worker, in_a_thread, while_drawing]


class TestInTheFullScreen:
    @pytest.mark.parametrize("where", EVERYWHERE, ids=lambda w: w.__name__)
    async def test_it_ends_with_one_line_wherever_it_happens(
        self,
        where: Callable[[WizardApp], object],
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setattr("screens.app.step.explain", raising)
        app = await run_into(where, our_case(StepId.LOG))
        assert capsys.readouterr() == ("", "")
        words = app.ending.words
        assert words.startswith(STOPPED)
        assert "\n" not in words
        (written,) = reports_folder().iterdir()
        saved = f"The case is saved. Go on with it: exchange-cert-wizard resume {the_case().id}"
        assert words == f"{STOPPED} A report without your evidence is in {written}. {saved}"
        assert app.return_code == app.ending.status == 1
        assert "ValueError\n" in the_report()
        assert " raising\n" in the_report()
        for text in (words, the_report()):
            assert SECRET not in text
            assert evidence.OURS not in text

    async def test_the_case_has_what_was_given_and_what_was_only_just_typed(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("screens.app.evidence.PAUSE", 60)
        await run_into(in_a_message, our_case(StepId.LOG), typed="a line\nand half")
        case = the_case().case
        assert case.answer(StepId.LOG).waiting == "a line\nand half"
        assert slimmed(our_case(StepId.LOG)).answers == case.answers
        assert case.now.failed == our_case(StepId.LOG).now.failed

    async def test_a_name_that_was_not_entered_is_in_it(self) -> None:
        await run_into(in_a_message, empty(), StepId.CONNECTOR, typed="Outb")
        assert the_case().case.typed_name == "Outb"

    @pytest.mark.parametrize("large", [10, 10_000], ids=["in a thread", "at once"])
    async def test_the_text_that_is_read_then_is_in_it_and_stops_nothing_afterwards(
        self, monkeypatch: pytest.MonkeyPatch, large: int
    ) -> None:
        monkeypatch.setattr("screens.app.step.LARGE", large)

        def paste(app: WizardApp) -> None:
            monkeypatch.setattr("screens.app.step.take", raising)
            app.call_later(app.screen.receive, evidence.log(evidence.OURS)[:5000])  # type: ignore[attr-defined]

        await run_into(paste, empty())
        text = the_case().case.answer(StepId.LOG).waiting
        assert text == evidence.log(evidence.OURS)[:5000]
        async with driven(book=Casebook(cases_folder())) as person:
            person.app.resume(the_case().id)
            await person.until(lambda: person.at is StepId.LOG and "Not read yet: F8 reads it" in person.text)
            assert person.app.ending.status == 0

    async def test_a_text_too_large_to_be_kept_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("wizard.case.file.MOST_LOGS", 10)
        monkeypatch.setattr("screens.app.evidence.PAUSE", 60)
        app = await run_into(in_a_message, our_case(StepId.LOG), typed="a line and half")
        assert f"{TOO_LARGE} The case is saved." in app.ending.words
        assert the_case().case.answer(StepId.LOG).waiting == ""

    async def test_faults_that_follow_change_nothing(self) -> None:
        def many(app: WizardApp) -> None:
            for _ in range(5):
                app.call_later(raising)
            raise_in_the_end(app)

        def raise_in_the_end(app: WizardApp) -> None:
            app.panic("[red]a traceback drawn by Textual[/]")

        app = await run_into(many, our_case(StepId.LOG))
        assert the_case().ended
        assert len(list(reports_folder().iterdir())) == 1
        assert app.ending.words.count(STOPPED) == 1

    @pytest.mark.parametrize(
        ("broken", "said"),
        [
            ("screens.fault.report", "The case is saved."),
            ("screens.app.app.end_early", "What you gave could not be saved: ValueError."),
            ("screens.app.step.StepScreen.left_in_fields", f"{NOT_KEPT} The case is saved."),
        ],
    )
    async def test_a_fault_while_telling_of_a_fault_hides_nothing(
        self, broken: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(broken, raising)
        app = await run_into(in_a_message, our_case(StepId.LOG))
        assert app.ending.words.startswith(STOPPED)
        assert said in app.ending.words
        assert app.ending.status == 1
        assert SECRET not in app.ending.words
        assert capsys.readouterr() == ("", "")

    async def test_where_nothing_can_be_written_the_words_say_so(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / "a file").write_text("", encoding="utf-8")
        monkeypatch.setenv("EXCHANGE_CERT_WIZARD_HOME", str(tmp_path / "a file"))
        monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "a file"))
        app = await run_into(in_a_message, our_case(StepId.LOG))
        assert app.ending.words.startswith(f"{STOPPED} No report could be written: ValueError. The case could not be ")
        assert f"{tmp_path / 'a file'} could not be written either: " in app.ending.words

    async def test_a_home_that_cannot_be_written_is_no_reason_to_lose_it(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / "a file").write_text("", encoding="utf-8")
        (tmp_path / "temporary").mkdir()
        monkeypatch.setenv("EXCHANGE_CERT_WIZARD_HOME", str(tmp_path / "a file"))
        monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "temporary"))
        app = await run_into(in_a_message, our_case(StepId.LOG))
        for path in (tmp_path / "temporary").iterdir():
            assert str(path) in app.ending.words
        assert "exchange-cert-wizard import takes it over" in app.ending.words
        assert len(list((tmp_path / "temporary").iterdir())) == 2

    async def test_keys_that_can_no_longer_be_read_are_a_fault_too(self, capsys: pytest.CaptureFixture[str]) -> None:
        def lose_the_keys(app: WizardApp) -> None:
            try:
                raising()
            except ValueError:
                app.call_later(app.panic, Traceback(show_locals=True))

        app = await run_into(lose_the_keys, our_case(StepId.LOG))
        assert app.return_code == 1
        assert "OwnFault: the terminal can no longer be read" in the_report()
        assert capsys.readouterr() == ("", "")

    async def test_the_report_names_the_step(self) -> None:
        await run_into(in_a_message, our_case(StepId.LOG))
        assert "step: Screen, log" in the_report()

    def test_the_summary_is_printed_all_the_same(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def run(self: WizardApp) -> None:
            self.case = our_case(StepId.PROMPT)
            self.begun = True
            raising()

        monkeypatch.setattr(WizardApp, "run", run)
        monkeypatch.setattr("sys.stdout.reconfigure", lambda **_: None, raising=False)
        assert open_full_screen(sample=False) == 1
        out, err = capsys.readouterr()
        assert f"\n  {evidence.BIND}\n" in out
        assert err.startswith(STOPPED)
        assert err.count("\n") == 1

    def test_a_fault_in_the_summary_is_told_as_well(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def run(self: WizardApp) -> None:
            self.case = our_case(StepId.PROMPT)
            self.begun = True

        monkeypatch.setattr(WizardApp, "run", run)
        monkeypatch.setattr("wizard.record.summary.ending", raising)
        monkeypatch.setattr("sys.stdout.reconfigure", lambda **_: None, raising=False)
        assert open_full_screen(sample=False) == 1
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith(STOPPED)

    async def test_no_fault_leaves_no_words(self, capsys: pytest.CaptureFixture[str]) -> None:
        async with driven(our_case(StepId.LOG), StepId.LOG) as person:
            app = person.app
        assert capsys.readouterr() == ("", "")
        assert not app.return_code
        assert not app.ending.words
        assert not reports_folder().exists()


class TestOutsideOfTheApp:
    """Threads and callbacks of nobody in particular."""

    def test_a_thread_of_its_own_is_told_in_words(self, capsys: pytest.CaptureFixture[str]) -> None:
        def front() -> None:
            thread = threading.Thread(target=raising)
            thread.start()
            thread.join()

        assert Ending(str).run(front) == 1
        assert capsys.readouterr().err.startswith(STOPPED)
        assert " raising\n" in the_report()

    def test_a_callback_of_the_loop_is_told_in_words(self, capsys: pytest.CaptureFixture[str]) -> None:
        left: list[int] = []
        ending = Ending(str)

        async def work() -> None:
            ending.attach(object(), left.append)
            asyncio.get_running_loop().call_soon(raising)
            while not left:
                await asyncio.sleep(0.01)

        assert ending.run(lambda: asyncio.run(work())) == 1
        assert left == [1]
        assert capsys.readouterr().err.startswith(STOPPED)

    def test_an_end_without_a_fault_leaves_the_hooks_as_they_were(self) -> None:
        before = threading.excepthook, sys.unraisablehook
        assert Ending(str).run(lambda: None) == 0
        assert (threading.excepthook, sys.unraisablehook) == before


class TestTheLineByLineFrontEnd:
    def test_a_fault_is_told_in_words_and_that_the_sample_is_not_saved(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr("screens.plain.say.intro", raising)
        assert _plain(sample=True) == 1
        err = capsys.readouterr().err
        assert err.startswith(STOPPED)
        assert "Traceback" not in err
        assert err.endswith(". The sample is not saved.\n")
        assert not cases_folder().exists()
        assert " raising\n" in the_report()


class TestWithoutQuestions:
    def test_a_fault_is_told_in_words(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        monkeypatch.setattr("wizard.diagnosis.diagnose", raising)
        assert main(["diagnose", str(tmp_path)]) == 1
        out, err = capsys.readouterr()
        assert out == ""
        assert err == f"{STOPPED} A report without your evidence is in {next(reports_folder().iterdir())}\n"

    def test_ctrl_c_while_it_starts_is_no_fault(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def interrupted() -> Never:
            raise KeyboardInterrupt

        monkeypatch.setattr(cli, "parser", interrupted)
        assert main([]) == 130
        assert capsys.readouterr() == ("", "exchange-cert-wizard: stopped.\n")
        assert not reports_folder().exists()


class TestTheReport:
    def test_it_names_kinds_and_places_and_no_message(self) -> None:
        def one_after_the_other() -> None:
            try:
                raising()
            except ValueError as error:
                raise KeyError(SECRET) from error

        with pytest.raises(KeyError) as caught:
            one_after_the_other()
        written = report(WorkerFailed(caught.value))
        kinds = [line for line in written.splitlines() if line and not line.startswith(" ") and ": " not in line]
        assert kinds == ["WorkerFailed", "KeyError", "ValueError"]
        assert SECRET not in written

    def test_a_place_is_file_line_and_function_without_the_folders_of_a_person(self) -> None:
        with pytest.raises(ValueError, match="cannot read") as caught:
            raising()
        assert re.search(r"^  tests/screens/test_faults\.py:\d+ raising$", report(caught.value), re.M)
        assert str(Path(__file__).parents[2]) not in report(caught.value)

    def test_a_place_in_a_library_begins_with_its_name(self) -> None:
        assert fault._short("/home/jdoe/venv/lib/python3.11/site-packages/textual/app.py") == "textual/app.py"
        assert fault._short("/usr/lib/python3.11/json/decoder.py") == "json/decoder.py"

    def test_a_message_of_our_own_is_in_it_and_the_systems_word_for_its_number(self) -> None:
        assert "\nOwnFault: of our own words\n" in report(OwnFault("of our own words"))
        assert f"\nFileNotFoundError: {os.strerror(2)}\n" in report(FileNotFoundError(2, SECRET, SECRET))

    def test_it_says_on_what_it_ran(self) -> None:
        for name in ("exchange-cert-wizard", "Python", "Textual", "platform", "terminal", "step"):
            assert re.search(rf"^{name}: \S", report(None, "log"), re.M)
        assert "step: log\n" in report(None, "log")

    def test_errors_that_name_each_other_do_not_go_round_for_ever(self) -> None:
        one, other = ValueError("one"), ValueError("other")
        one.__cause__, other.__cause__ = other, one
        assert report(one).count("ValueError") == 2

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
    async def test_nobody_else_may_read_it_or_the_case(self) -> None:
        await run_into(in_a_message, our_case(StepId.LOG))
        for folder, pattern in ((reports_folder(), "*.txt"), (cases_folder(), "*.json")):
            (path,) = folder.glob(pattern)
            assert path.stat().st_mode & 0o777 == 0o600
            assert folder.stat().st_mode & 0o777 == 0o700

    def test_only_the_newest_are_kept(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(fault, "KEPT", 3)
        for _ in range(5):
            newest = last_words(ValueError(SECRET)).rpartition(" in ")[2]
        assert len(list(reports_folder().iterdir())) == 3
        assert Path(newest).exists()


class TestTheNextStart:
    @staticmethod
    def ended(days: float = 0) -> None:
        """A case during which the program ended that long ago."""
        book, then = Casebook(cases_folder()), datetime.now(UTC) - timedelta(days=days)
        book.save(Saved(book.new_id(then), slimmed(our_case(StepId.LOG)), saved=then, ended=True))

    @pytest.mark.parametrize(("days", "told"), [(0, True), (6, True), (8, False)])
    async def test_the_welcome_says_so_for_a_week(self, days: float, told: bool) -> None:
        self.ended(days)
        async with driven(size=(80, 24), book=Casebook(cases_folder())) as person:
            await person.until(lambda: "Go on: " in person.text)
            assert (ENDED in person.text) is told

    async def test_it_is_over_once_the_case_was_opened(self) -> None:
        self.ended()
        async with driven(book=Casebook(cases_folder())) as person:
            person.app.resume(the_case().id)
            await person.settle()
            person.app.keeper.close()
        assert not the_case().ended

    async def test_a_colleague_gets_neither_the_word_nor_what_waits(self, tmp_path: Path) -> None:
        book = Casebook(cases_folder())
        waiting = our_case(StepId.LOG).leaving(StepId.LOG, SECRET)
        text = exported(Saved("20261122-030507-ab12", waiting, ended=True), ExportForm.CASE, NOW).text
        assert SECRET not in text
        (tmp_path / "case.json").write_text(text.replace('"archived"', '"ended": true, "archived"'), encoding="utf-8")
        assert not book.take_over(tmp_path / "case.json", NOW).ended


class TestGuarded:
    def test_what_cannot_be_written_any_more_is_no_fault(self, monkeypatch: pytest.MonkeyPatch) -> None:
        muted: list[bool] = []
        monkeypatch.setattr(fault, "mute", lambda: muted.append(True))

        def program() -> int:
            raise BrokenPipeError(32, "Broken pipe")

        assert guarded(program)() == 141
        assert muted == [True]
        assert not reports_folder().exists()

    def test_a_fault_in_the_report_hides_nothing(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(fault, "report", raising)
        assert guarded(raising)() == 1
        assert capsys.readouterr().err == f"{STOPPED}\n"
