"""The entry point: arguments to one of the front ends. `--version` and `--help` need no Textual."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screens.app.app import WizardApp


def full_screen(then: Callable[[WizardApp], None]) -> int:
    """The full screen, opened at another place than the welcome: `then` goes there."""
    return open_full_screen(sample=False, then=then)


def open_full_screen(
    sample: bool, resumed: str | None = None, then: Callable[[WizardApp], None] = lambda _app: None
) -> int:
    """The full-screen app, and afterwards the summary on standard output, for the scrollback."""
    # Looking for garbage among what is being imported finds none, and costs a tenth of the start.
    gc.disable()
    # Textual costs most of the start-up time, and --help must not pay it.
    from screens.app import later  # noqa: PLC0415
    from screens.app.app import WizardApp  # noqa: PLC0415
    from screens.console import ascii_for  # noqa: PLC0415
    from wizard.case.book import Casebook, CasebookError  # noqa: PLC0415
    from wizard.machine.console import with_ascii  # noqa: PLC0415
    from wizard.machine.inert import shown  # noqa: PLC0415
    from wizard.machine.settings import (  # noqa: PLC0415
        cases_folder,
        load,
        settings_file,
    )

    book = Casebook(cases_folder())
    case_id = ""
    if resumed is not None:
        from screens.words import complain, failed  # noqa: PLC0415
        from wizard.case.book import chosen  # noqa: PLC0415

        try:
            case_id = chosen(book, resumed, complain).id
        except CasebookError as error:
            return failed(str(error))
    settings = load(settings_file())
    carries = ascii_for(settings)
    case = later.sample_case() if sample else None
    app = WizardApp(case, settings=settings, book=book, resumed=case_id, ascii_for=carries, then=then)

    def write(words: str) -> None:
        words = shown(words)
        print(with_ascii(words, carries) if carries else words, flush=True)

    def print_last() -> None:
        well, words = later.leave(app.keeper)
        app.keeper.close()
        printed = ""
        if app.real_begun and app.keeper.case.begun:
            from wizard.record.summary import summary  # noqa: PLC0415 - wanted when all is over

            printed = summary(app.keeper.case)
            write(printed)
        # What was shown to be copied by hand is wanted still; most of it is in the summary.
        for text in (text for text in app.by_hand if text not in printed):
            write(f"\n{text}")
        if words and well:
            write(f"\n{words}")
        elif words:
            print(shown(words), file=sys.stderr)

    # What was imported stays: without this, looking through it for garbage holds the screen up for 60 ms now and then.
    gc.freeze()
    gc.enable()
    return app.ending.run(app.run, print_last) or app.return_code or 0
