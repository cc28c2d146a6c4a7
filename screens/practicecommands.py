"""Practice without questions: list the scenarios, check files of an instructor, hand over the learner's record."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from screens.streams import complain, failed, say
from wizard import places
from wizard.findings import counted
from wizard.practice.result import Learned, Progress, ProgressError, record_json, record_page
from wizard.practice.scenario import Mode, Scenario, ScenarioError
from wizard.practice.scenariofile import all_scenarios
from wizard.wholefile import NotWrittenError, write_new


def list_scenarios(json_wanted: bool) -> int:
    """Print the scenarios from the easiest on, each with how the learner stands; JSON for a script."""
    try:
        learned = Progress(places.practice_folder()).read()
    except ProgressError as error:
        # The list is of use without it.
        complain(str(error))
        learned = Learned()
    if learned.problem:
        complain(learned.problem)
    if json_wanted:
        say(json.dumps([_table(scenario, learned) for scenario in all_scenarios()], indent=1))
        return 0
    for number, scenario in enumerate(all_scenarios(), 1):
        say(f"{number:>2}  {scenario.identity}: {scenario.title} ({scenario.minutes} min){_stand(scenario, learned)}")
        say(f"    {scenario.teaches}")
    say("\nBegin one: exchange-cert-wizard practice NAME")
    return 0


def check(files: list[str]) -> int:
    """Say of each file whether its scenario is fit to be set."""
    # Deferred: it brings the shell along.
    from wizard.practice.checking import SEEDS  # noqa: PLC0415
    from wizard.practice.checking import check as checked  # noqa: PLC0415

    wrong = 0
    for file in files:
        problems = checked(Path(file))
        for problem in problems:
            say(problem)
        if problems:
            wrong += 1
        else:
            say(f"{file}: fit to be set; tried with {counted(len(SEEDS), 'seed')}.")
    if len(files) > 1:
        say(f"{counted(len(files), 'file')}, {wrong} with something to mend.")
    return 1 if wrong else 0


def export(to: str, learner: str) -> int:
    """Write the learner's record, as a page or as JSON by the file's name; an existing file is never written over."""
    path = Path(to)
    if path.suffix.casefold() not in {".html", ".htm", ".json"}:
        return failed("--export takes a file whose name ends in .html, for a page, or in .json.")
    try:
        learned = Progress(places.practice_folder()).read()
        if learned.problem:
            complain(learned.problem)
        page = path.suffix.casefold() != ".json"
        written = write_new(path, record_page(learned, learner, datetime.now(UTC)) if page else record_json(learned))
    except (ProgressError, NotWrittenError) as error:
        return failed(str(error))
    say(f"Written: {written.absolute()}")
    if not learned.results:
        say("There is no result in it yet: finish an exercise first.")
    return 0


def unknown(scenario: str | None) -> int:
    """Say that there is no such scenario, before anything is asked of the terminal; the exit status, 0 where it is."""
    if scenario is None:
        return 0
    # Deferred: it is said of the name that was written alone.
    from screens.practice.finding import found  # noqa: PLC0415

    try:
        found(scenario, None)
    except ScenarioError as error:
        return failed(str(error))
    return 0


def train(scenario: str | None, mode: str | None, seed: int | None, plain: bool) -> int:
    """Open the training, with the scenario that is named or with the choice of them."""
    # Deferred: the lists above need no screens.
    from screens.practice import run  # noqa: PLC0415

    return run(scenario, Mode(mode) if mode else None, seed, plain)


def _stand(scenario: Scenario, learned: Learned) -> str:
    """How the learner stands with a scenario, in few words; empty before the first try."""
    standing = learned.standing(scenario.identity)
    if not standing.tried:
        return ""
    if standing.clean:
        return ", solved without damage"
    return ", solved with damage" if standing.solved else f", tried {counted(standing.tried, 'time')}"


def _table(scenario: Scenario, learned: Learned) -> dict[str, object]:
    """What a script is told of a scenario."""
    standing = learned.standing(scenario.identity)
    return {
        "id": scenario.identity,
        "title": scenario.title,
        "teaches": scenario.teaches,
        "minutes": scenario.minutes,
        "tried": standing.tried,
        "solved": standing.solved,
        "without_damage": standing.clean,
    }
