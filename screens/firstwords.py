"""Words that both front ends say: what this is and whether it is for you, what follows a copy, and a paste."""

from __future__ import annotations

WHAT = (
    "Mail does not leave. The queue says 421 4.4.1 Connection timed out; the Send connector's log says "
    "TLS negotiation failed with error UnknownCredentials."
)
HOW = (
    "This wizard takes you through Microsoft KB 4051498, one step after another: it reads what you paste, writes the "
    "command for your connector and your certificate, and proves that it worked. It runs nothing and changes nothing: "
    "you copy each command into the Exchange Management Shell."
)
REMINDER = "Answer N to its question."
NOT_FOR_THE_SHELL = "It is a record: do not paste it into the shell, where every line would run."
NO_TEXT_HERE = (
    "This step takes no text, and what was pasted is nothing the wizard knows. Go to the step it belongs to and paste "
    "it there."
)
