"""The first screen: what this is, whether it is for you, and where to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from screens.shown import shown
from wizard.case import Case

if TYPE_CHECKING:
    from screens.app import WizardApp

WHAT = (
    "Mail does not leave. The queue says 421 4.4.1 Connection timed out; the Send connector's log says "
    "TLS negotiation failed with error UnknownCredentials."
)
HOW = (
    "This wizard takes you through Microsoft KB 4051498, one step after another: it reads what you paste, writes the "
    "command for your connector and your certificate, and proves that it worked. It runs nothing and changes nothing: "
    "you copy each command into the Exchange Management Shell."
)
ENDED = "Last time the program was ended early. What you gave is saved in"

BEGIN = (
    ("new", "Begin: mail is stuck"),
    ("sample", "Try it with sample evidence, no Exchange server needed"),
    ("quit", "Quit"),
)
"""Where to begin: key and words."""


class WelcomeScreen(Screen[None]):
    """Choose how to begin. A case that was begun can be gone on with."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f9", "app.command_palette", "All")]

    @property
    def wizard(self) -> WizardApp:
        """The app, as what it is."""
        return cast("WizardApp", self.app)

    def compose(self) -> ComposeResult:
        """Title, two paragraphs, and the choices."""
        yield Static("exchange-cert-wizard", id="title", markup=False)
        with VerticalScroll(id="welcome", can_focus=False):
            yield Static("Is this what you see?", classes="heading")
            yield Static(WHAT, id="what", markup=False)
            yield Static(HOW, id="how", markup=False)
            options = [Option(Content(text), id=key) for key, text in BEGIN]
            if self.wizard.begun:
                options.insert(0, Option(Content("Go on with the case you began"), id="go-on"))
            if draft := self.wizard.last_draft:
                yield Static(f"{ENDED} {shown(str(draft))}", id="draft", markup=False)
            yield OptionList(*options, id="begin", compact=True, markup=False)
        yield Static("", id="status", markup=False)
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """The choices have the focus: Enter begins."""
        self.query_one("#begin", OptionList).focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Begin as chosen."""
        if event.option_id == "new":
            self.wizard.begin(Case())
        elif event.option_id == "sample":
            self.wizard.begin_sample()
        elif event.option_id == "go-on":
            self.wizard.go_on()
        else:
            self.wizard.exit()
