"""A case survives: saved by itself, found again, handed over."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from screens.app.handover import SAVE_IT
from screens.cli import main
from tests.screens import evidence
from tests.screens.driving import driven, empty, our_case
from wizard.case.book import Casebook, CasebookError, chosen
from wizard.case.case import Case, Deed, StepId
from wizard.case.file import SCHEMA, Saved, slimmed
from wizard.case.keeper import OPEN_ELSEWHERE, READ_ONLY, Keeper
from wizard.machine import settings as places
from wizard.machine.settings import CopyRoute, Settings

pytestmark = pytest.mark.long

S = StepId
NOW = datetime(2026, 11, 22, 3, 5, 7, tzinfo=UTC)


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Casebook:
    monkeypatch.setenv(places.HOME_VARIABLE, str(tmp_path))
    return Casebook(places.cases_folder())


def saved_in(book: Casebook, name: str = "", case: Case | None = None, hours: int = 0) -> Saved:
    saved = Saved(book.new_id(NOW), slimmed(case or our_case(S.SERVICES)), name, NOW + timedelta(hours=hours))
    book.save(saved)
    return saved


class TestWhileWorking:
    async def test_every_answer_is_on_disk(self, book: Casebook) -> None:
        async with driven(book=book) as person:
            await person.press("enter")
            await person.paste(evidence.QUEUES)
            person.app.keeper.save_now()
            (saved,) = book.cases().cases
            assert saved.case.answer(S.SYMPTOM).text == evidence.QUEUES
            assert saved.case.queues == person.case.queues
            await person.press("f8")
            person.app.keeper.save_now()
            assert book.cases().cases[0].case.answer(S.SYMPTOM).finished

    async def test_a_case_that_was_not_begun_leaves_nothing(self, book: Casebook) -> None:
        async with driven(book=book) as person:
            await person.press("down", "up")
            person.app.keeper.save_now()
        assert not book.folder.exists()

    async def test_a_copied_command_is_in_the_journal(self, book: Casebook) -> None:
        async with driven(our_case(S.VERIFY), S.VERIFY, book=book) as person:
            await person.press("f2")
            entry = person.case.journal[-1]
            assert (entry.deed, entry.step, entry.text) == (Deed.COPIED, S.VERIFY, person.command)

    async def test_a_disk_that_says_no_is_said_and_the_work_goes_on(
        self, book: Casebook, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(_saved: Saved, _keep_logs: bool = False) -> None:
            raise CasebookError("The case could not be saved: the disk is full.")

        monkeypatch.setattr(book, "save", refuse)
        async with driven(empty(), S.CONNECTOR, book=book) as person:
            await person.paste(evidence.connectors(evidence.CONNECTOR))
            person.app.keeper.rename("once more")
            await person.until(lambda: "the disk is full" in person.status or person.app.keeper._failed)
            await person.press("f8")
            assert person.case.connectors


class TestTheWelcome:
    async def test_lists_the_cases_and_enter_goes_on_at_the_next_open_step(self, book: Casebook) -> None:
        saved_in(book, "York", hours=-1)
        saved = saved_in(book, "Leeds")
        async with driven(book=book) as person:
            await person.until(lambda: "All saved cases (2)" in person.text)
            assert "Go on: Leeds (" in person.text
            await person.press("down", "down", "enter")
            assert person.at is S.SERVICES
            assert person.case == saved.case.seeing(S.SERVICES)
            assert person.app.keeper.id == saved.id

    async def test_begins_anew_with_enter_also_when_there_are_cases(self, book: Casebook) -> None:
        saved_in(book)
        async with driven(book=book) as person:
            await person.until(lambda: "All saved cases (1)" in person.text)
            await person.press("enter")
            assert person.at is S.SYMPTOM
            assert not person.case.connectors

    async def test_shows_no_more_than_a_few(self, book: Casebook) -> None:
        for number in range(5):
            saved_in(book, f"Case {number}", hours=number)
        async with driven(book=book, size=(60, 18)) as person:
            await person.until(lambda: "All saved cases (5)" in person.text)
            assert "Go on: Case 4" in person.text
            assert "Go on: Case 3" not in person.text

    async def test_leaves_out_cases_for_which_there_is_no_room(self, book: Casebook) -> None:
        for number in range(3):
            saved_in(book, f"Case {number} with a name that takes two lines of the window", hours=number)
        async with driven(book=book) as person:
            await person.until(lambda: "All saved cases (3)" in person.text and "Quit" in person.text)
            await person.settle()
            assert "Go on: Case 2" in person.text
            assert "Go on: Case 0" not in person.text
            assert "PgDn" not in person.text
        async with driven(book=book, size=(140, 40)) as person:
            await person.until(lambda: "Go on: Case 0" in person.text)

    @pytest.mark.parametrize("size", [(60, 18), (80, 24), (140, 40)])
    async def test_every_choice_is_in_sight(self, book: Casebook, size: tuple[int, int]) -> None:
        for number in range(3):
            saved_in(book, f"Case {number} with a name that takes two lines of the window", hours=number)
        async with driven(book=book, size=size) as person:
            await person.until(lambda: "All saved cases (3)" in person.text)
            await person.settle()
            assert "Begin: mail is stuck" in person.text
            assert "Quit" in person.text.replace("Ctrl+Q Quit", "")
            assert "PgDn" not in person.text

    async def test_says_that_there_is_more_where_the_window_is_too_low(self, book: Casebook) -> None:
        saved_in(book, "A case with a name that takes two lines of the window")
        async with driven(book=book, size=(60, 10)) as person:
            await person.until(lambda: "\u25bc PgDn" in person.text)
            assert "Quit" not in person.text.replace("Ctrl+Q Quit", "")
            await person.press("end")
            await person.until(lambda: "\u25bc PgDn" not in person.text)
            assert "Quit" in person.text.replace("Ctrl+Q Quit", "")

    async def test_names_a_damaged_file_and_where_it_lies(self, book: Casebook) -> None:
        book.folder.mkdir(parents=True)
        (book.folder / "20261122-000000-0bad.json").write_text("{", encoding="utf-8")
        async with driven(book=book) as person:
            await person.until(lambda: "could not be opened" in person.status)
            assert "0bad.json" in person.status
            assert "damaged" in person.status


class TestTheList:
    async def test_finds_a_case_by_its_words(self, book: Casebook) -> None:
        saved_in(book, "York", hours=-1)
        wanted = saved_in(book, "Leeds", hours=-2)
        async with driven(book=book) as person:
            await person.call("Saved cases")
            await person.press("shift+tab")
            person.type_at_once("leeds")
            await person.settle()
            assert "York" not in person.text.replace("Go on: York", "")
            await person.press("enter")
            assert person.app.keeper.id == wanted.id

    async def test_says_when_nothing_is_found_or_there(self, book: Casebook) -> None:
        async with driven(book=book) as person:
            await person.call("Saved cases")
            assert "No cases yet." in person.text

    async def test_names_a_case(self, book: Casebook) -> None:
        saved = saved_in(book)
        async with driven(book=book) as person:
            await person.call("Saved cases")
            await person.press("f2")
            await person.press(*"Ticket 4711", "enter")
            await person.until(lambda: "Named: Ticket 4711" in person.text)
        assert book.load(saved.id).name == "Ticket 4711"
        assert book.claim(saved.id)

    async def test_names_the_case_at_hand_for_good(self, book: Casebook) -> None:
        saved = saved_in(book)
        async with driven(book=book, resumed=saved.id) as person:
            await person.until(lambda: person.at is S.SERVICES)
            await person.call("Saved cases")
            await person.press("f2")
            await person.press(*"Ticket 4711", "enter")
            await person.until(lambda: "Named: Ticket 4711" in person.text)
            await person.press("escape")
            await person.press("f8")
            person.app.keeper.close()
        assert book.load(saved.id).name == "Ticket 4711"

    async def test_says_that_a_case_that_is_only_read_here_keeps_its_name(self, book: Casebook) -> None:
        saved = saved_in(book, "Leeds")
        elsewhere = Keeper(Casebook(book.folder))
        elsewhere.resume(saved.id)
        async with driven(book=book) as person:
            person.app.resume(saved.id)
            await person.settle()
            person.app.action_cases()
            await person.until(lambda: "the one at hand" in person.text)
            await person.press("f2")
            await person.until(lambda: OPEN_ELSEWHERE[:30] in person.text)
            assert person.dialog == "CasesScreen"
        assert book.load(saved.id).name == "Leeds"

    async def test_says_before_a_name_is_typed_that_a_case_is_open_elsewhere(self, book: Casebook) -> None:
        saved = saved_in(book, "Leeds")
        elsewhere = Keeper(Casebook(book.folder))
        elsewhere.resume(saved.id)
        async with driven(book=book) as person:
            await person.call("Saved cases")
            await person.press("f2")
            await person.until(lambda: OPEN_ELSEWHERE[:30] in person.text)
            assert person.dialog == "CasesScreen"

    async def test_a_case_that_changes_its_place_stays_the_chosen_one(self, book: Casebook) -> None:
        for hours, name in enumerate(("York", "Leeds", "Hull")):
            saved_in(book, name, hours=-hours)
        async with driven(book=book) as person:
            await person.call("Saved cases")
            await person.press("down", "f3")
            await person.until(lambda: "Archived:" in person.text)
            await person.press("f3")
            await person.until(lambda: "Back in the list." in person.text)
            await person.press("f6")
            await person.until(lambda: "Deleted: Leeds." in person.text)
            assert [saved.name for saved in book.cases().cases] == ["York", "Hull"]

    async def test_a_case_that_is_named_stays_the_chosen_one(self, book: Casebook) -> None:
        other = saved_in(book, "York")
        at_hand = saved_in(book, "Leeds")
        async with driven(book=book, resumed=at_hand.id) as person:
            await person.until(lambda: person.at is S.SERVICES)
            person.app.keeper.save_now()
            book.save(replace(other, saved=datetime.now(UTC)))
            person.app.action_cases()
            await person.until(lambda: "the one at hand" in person.text)
            await person.press("down", "f2", "end", *" 2", "enter")
            await person.until(lambda: "Named: Leeds 2" in person.text)
            await person.press("f6")
            assert "This is the case at hand." in person.text

    async def test_the_chosen_one_stays_chosen_while_the_search_still_finds_it(self, book: Casebook) -> None:
        for hours, name in enumerate(("York", "Leeds", "Hull")):
            saved_in(book, name, hours=-hours)
        async with driven(book=book) as person:
            await person.call("Saved cases")
            await person.press("down", "down", "shift+tab", "l")
            await person.press("down", "f6")
            await person.until(lambda: "Deleted: Hull." in person.text)

    async def test_hands_over_no_older_state_of_the_case_at_hand(
        self, book: Casebook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        saved = saved_in(book, "Leeds")
        async with driven(book=book) as person:
            person.app.resume(saved.id)
            await person.settle()

            def refuse(_saved: Saved, _keep_logs: bool = False) -> None:
                raise CasebookError("The disk is full.")

            monkeypatch.setattr(book, "save", refuse)
            person.app.case = person.case.typing(S.SYMPTOM, "421")
            person.app.action_cases()
            await person.until(lambda: "the one at hand" in person.text)
            await person.press("f5")
            await person.until(lambda: "The disk is full." in person.text)
            assert not list(tmp_path.glob("*.case.json"))

    async def test_archives_and_deletes_with_a_way_back(self, book: Casebook) -> None:
        saved = saved_in(book, "Leeds")
        async with driven(book=book) as person:
            await person.call("Saved cases")
            await person.press("f3")
            await person.until(lambda: "(archived)" in person.text)
            assert book.load(saved.id).archived
            await person.press("f3")
            await person.until(lambda: "Back in the list." in person.text)
            await person.press("f6")
            await person.until(lambda: "Deleted: Leeds. F7 brings it back." in person.text)
            assert book.cases().cases == ()
            await person.press("f7")
            await person.until(lambda: "Brought back: Leeds." in person.text)
            assert len(book.cases().cases) == 1
            await person.press("f7")
            await person.until(lambda: "No deleted case is left." in person.text)

    async def test_leaves_the_case_at_hand_where_it_is(self, book: Casebook) -> None:
        saved = saved_in(book)
        async with driven(book=book, resumed=saved.id) as person:
            await person.until(lambda: person.at is S.SERVICES)
            await person.call("Saved cases")
            for key in ("f3", "f6"):
                await person.press(key)
                assert "This is the case at hand." in person.text
        assert not book.load(saved.id).archived

    async def test_writes_a_file_for_a_colleague(self, book: Casebook, tmp_path: Path) -> None:
        saved = saved_in(book)
        async with driven(book=book, save_into=tmp_path) as person:
            await person.call("Saved cases")
            await person.press("f5")
            await person.until(lambda: "Written:" in person.text)
        (file,) = tmp_path.glob("*.case.json")
        assert book.take_over(file, NOW).case == saved.case


class TestTwoWindows:
    async def test_the_second_is_told_and_saves_nothing(self, book: Casebook) -> None:
        saved = saved_in(book)
        first = Keeper(Casebook(book.folder))
        first.resume(saved.id)
        async with driven(book=book, resumed=saved.id) as person:
            await person.until(lambda: person.status.endswith(READ_ONLY))
            await person.paste(evidence.certificate("IIS"))
            person.app.keeper.close()
        assert book.load(saved.id) == saved


class TestWithoutQuestions:
    def test_the_cases_are_listed(self, book: Casebook, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["cases"]) == 0
        assert "No cases yet" in capsys.readouterr().out
        saved = saved_in(book, "Leeds")
        assert main(["cases"]) == 0
        assert f"{saved.id}  Leeds (" in capsys.readouterr().out
        assert main(["cases", "--json"]) == 0
        (table,) = json.loads(capsys.readouterr().out)
        assert (table["id"], table["name"], table["connector"]) == (saved.id, "Leeds", evidence.CONNECTOR)

    def test_a_case_is_handed_over_in_one_file(
        self, book: Casebook, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        saved = saved_in(book, "Leeds")
        file = tmp_path / "handover.json"
        assert main(["export", saved.id[:12], "--to", str(file)]) == 0
        assert main(["export", saved.id, "--to", str(file)]) == 0
        assert (tmp_path / "handover-2.json").exists()
        monkeypatch.setenv(places.HOME_VARIABLE, str(tmp_path / "colleague"))
        assert main(["import", str(file)]) == 0
        theirs = Casebook(places.cases_folder()).cases().cases
        assert [(each.name, each.case) for each in theirs] == [("Leeds", saved.case)]
        assert f"resume {theirs[0].id}" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["export", "1999"], "There is no case '1999'"),
            (["import", "nowhere.json"], "there is no such file"),
        ],
    )
    def test_what_is_not_there_is_said(
        self, book: Casebook, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
    ) -> None:
        assert main(arguments) == 2
        assert words in capsys.readouterr().err

    def test_no_case_at_all_leads_to_no_list(self, book: Casebook, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["resume", "--plain"]) == 2
        told = capsys.readouterr().err
        assert f"There is no case yet in {book.folder}. " in told
        assert "lists them" not in told

    def test_cases_that_are_all_archived_are_said(self, book: Casebook, capsys: pytest.CaptureFixture[str]) -> None:
        book.save(replace(saved_in(book), archived=True))
        assert main(["resume", "--plain"]) == 2
        assert "Every saved case is archived. `exchange-cert-wizard cases` lists them." in capsys.readouterr().err

    def test_several_that_begin_alike_are_named(self, book: Casebook, capsys: pytest.CaptureFixture[str]) -> None:
        ids = [saved_in(book, hours=n).id for n in range(2)]
        assert main(["export", "2026"]) == 2
        told = capsys.readouterr().err
        assert all(case_id in told for case_id in ids)

    def test_a_newer_case_is_refused_in_a_sentence(
        self, book: Casebook, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "newer.json"
        file.write_text(json.dumps({"schema": SCHEMA + 1, "program": "exchange-cert-wizard 9"}), encoding="utf-8")
        assert main(["import", str(file)]) == 2
        assert "newer version" in capsys.readouterr().err


class TestHandingOver:
    async def test_the_record_goes_into_the_ticket(self, book: Casebook, tmp_path: Path) -> None:
        async with driven(our_case(None), book=book, save_into=tmp_path) as person:
            person.app.case = person.case.told()
            await person.call("Hand over")
            await person.press("down", "down", "down", "enter")
            assert person.clipboard.text.startswith("# Record of the change")
            assert evidence.OURS in person.clipboard.text
            assert "do not paste it into the shell" in person.status

    async def test_the_word_about_the_question_comes_before_a_line_that_is_still_to_be_run(
        self, book: Casebook
    ) -> None:
        for at, asks in ((StepId.PROMPT, True), (None, False)):
            async with driven(our_case(at), at, book=book) as person:
                await person.call("Hand over")
                await person.press("down", "enter")
                assert (person.dialog == "ChoiceDialog") is asks
                assert person.clipboard.text.startswith("# Change:") is not asks

    @pytest.mark.parametrize(
        ("down", "ending"), [(2, "change.md"), (5, "record.html"), (6, "record.json"), (7, "case.json")]
    )
    async def test_each_form_can_be_saved(self, book: Casebook, tmp_path: Path, down: int, ending: str) -> None:
        async with driven(our_case(None), book=book, save_into=tmp_path) as person:
            await person.call("Hand over")
            await person.press(*["down"] * down, "enter")
            await person.until(lambda: "Saved:" in person.text)
        (file,) = tmp_path.glob("exchange-cert-wizard-*")
        assert file.name.endswith(ending)
        assert evidence.OURS in file.read_text(encoding="utf-8")

    async def test_the_status_is_copied_and_shown_by_its_key_and_with_stand_ins(self, book: Casebook) -> None:
        async with driven(our_case(StepId.VERIFY), StepId.VERIFY, book=book) as person:
            await person.press("ctrl+t")
            assert person.dialog == "ReadingDialog"
            assert "next comes reading the certificate's services again" in " ".join(person.text.split())
            assert evidence.CONNECTOR in person.clipboard.text
            await person.press("escape")
            await person.call("Hand over")
            await person.press("f3", "enter")
            await person.until(lambda: person.dialog == "ReadingDialog")
            await person.settle()
            assert person.clipboard.text.startswith("Status of ")
            assert evidence.CONNECTOR not in person.clipboard.text

    async def test_stand_ins_are_listed_before_anything_is_written(self, book: Casebook, tmp_path: Path) -> None:
        async with driven(our_case(None), book=book, save_into=tmp_path, size=(100, 40)) as person:
            await person.call("Hand over")
            assert "Names stand as they are. F3" in person.text
            await person.press("f6")
            assert "No stand-ins are chosen." in person.text
            await person.press("f3")
            await person.until(lambda: "Stand-ins for" in person.text)
            await person.press("f6")
            assert f"thumbprint: {evidence.OURS}" in person.text
            await person.press("escape", *["down"] * 4, "enter")
            await person.until(lambda: "Saved:" in person.text)
        (file,) = tmp_path.glob("*.record.md")
        assert evidence.OURS not in file.read_text(encoding="utf-8")
        assert evidence.CONNECTOR not in file.read_text(encoding="utf-8")

    async def test_a_folder_that_takes_no_file_is_said(self, book: Casebook, tmp_path: Path) -> None:
        async with driven(our_case(None), book=book, save_into=tmp_path / "gone") as person:
            await person.call("Hand over")
            await person.press("down", "down", "enter")
            await person.until(lambda: "could not be written: there is no folder" in person.text)

    @pytest.mark.parametrize("form", ["status", "card", "markdown", "html", "json", "case"])
    def test_without_questions_in_every_form(
        self, book: Casebook, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
    ) -> None:
        saved = saved_in(book, case=our_case(None))
        file = tmp_path / f"out.{form}"
        assert main(["export", saved.id, "--to", str(file), "--form", form, "--redact"]) == 0
        assert evidence.OURS not in file.read_text(encoding="utf-8")
        assert f"{evidence.OURS}  ->  " in capsys.readouterr().out
        if form not in ("status", "case"):
            assert "no command in it can be run as it stands" in file.read_text(encoding="utf-8")

    def test_the_last_case_goes_to_the_home_folder_in_a_file_whose_name_says_that_names_are_gone(
        self, book: Casebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Path, "home", lambda: tmp_path)
        saved = saved_in(book, case=our_case(None))
        assert main(["export", "--form", "card"]) == main(["export", "--form", "card", "--redact"]) == 0
        assert sorted(file.name for file in tmp_path.glob("*.md")) == [
            f"exchange-cert-wizard-{saved.id}-redacted.change.md",
            f"exchange-cert-wizard-{saved.id}.change.md",
        ]


async def test_a_record_that_was_only_sent_is_not_said_to_be_shown_by_a_key_that_shows_something_else(
    book: Casebook,
) -> None:
    settings = Settings(copy=CopyRoute.TERMINAL)
    async with driven(our_case(S.VERIFY), S.VERIFY, book=book, settings=settings) as person:
        person.app.action_hand_over()
        await person.settle()
        await person.press("down", "down", "down", "enter")
        await person.until(lambda: "Sent to your terminal" in person.status)
        assert SAVE_IT in person.status
        assert "shows it alone" not in person.status


async def test_handing_over_says_what_becomes_of_pasted_logs_and_lets_one_change_it(book: Casebook) -> None:
    async with driven(empty(), S.CONNECTOR, book=book) as person:
        await person.paste(evidence.connectors(evidence.CONNECTOR))
        await person.go(S.LOG)
        await person.paste(evidence.log(evidence.OURS))
        person.app.action_hand_over()
        await person.settle()
        assert "Pasted logs are left out of this case." in person.text
        await person.press("f5")
        assert "Pasted logs stay in this case, and go with it." in person.text
        await person.press("f3")
        await person.until(lambda: "With stand-ins, pasted logs are left out." in person.text)
        person.app.keeper.save_now()
        (saved,) = book.cases().cases
        assert saved.case.answer(S.LOG).text


@pytest.mark.parametrize("down", [4, 7], ids=["a record", "the case"])
async def test_where_it_was_saved_is_in_sight_in_the_smallest_window(
    book: Casebook, usual_folder: Path, down: int
) -> None:
    async with driven(our_case(S.VERIFY), S.VERIFY, book=book, save_into=usual_folder, size=(60, 18)) as person:
        person.app.action_hand_over()
        await person.settle()
        await person.press(*["down"] * down, "enter")
        await person.until(lambda: "Saved: " in person.text)
        await person.settle()
        assert "names servers, domains and certificates." in " ".join(person.text.split())


class TestAFileThatCannotBeRead:
    def test_is_named_when_it_was_meant(self, book: Casebook) -> None:
        saved_in(book, "York")
        newer = book.folder / "20261122-030508-ab12.json"
        newer.write_text(json.dumps({"schema": SCHEMA + 1, "program": "exchange-cert-wizard 9"}), encoding="utf-8")
        with pytest.raises(CasebookError, match="newer version") as refused:
            chosen(book, "20261122-030508")
        assert str(newer) in str(refused.value)

    def test_is_told_of_before_an_older_case_is_taken_instead(self, book: Casebook) -> None:
        saved = saved_in(book, "York")
        damaged = book.folder / "20261122-030508-ab12.json"
        damaged.write_text("{", encoding="utf-8")
        told: list[str] = []
        assert chosen(book, "", told.append).id == saved.id
        (sentence,) = told
        assert sentence.startswith(f"{damaged.name} could not be opened.")
        assert str(book.folder / "damaged") in sentence

    def test_a_copy_under_a_name_of_its_own_is_not_listed_as_if_it_could_be_opened(self, book: Casebook) -> None:
        saved = saved_in(book, "York")
        copy = book.folder / f"{saved.id} - Copy.json"
        copy.write_bytes(book.path(saved.id).read_bytes())
        listing = book.cases()
        assert [each.id for each in listing.cases] == [saved.id]
        assert [each.path for each in listing.aside] == [copy]
        assert book.take_over(copy, NOW).name == "York"
