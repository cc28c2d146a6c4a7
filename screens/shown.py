"""Text of any origin as a terminal may be given it: the rule is the knowledge's own, for its records need it too."""

from __future__ import annotations

from wizard.inert import PLACEHOLDER as PLACEHOLDER  # noqa: PLC0414 - the screens' name for it
from wizard.inert import json_shown as json_shown  # noqa: PLC0414
from wizard.inert import shown as shown  # noqa: PLC0414
