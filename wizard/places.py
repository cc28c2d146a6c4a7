"""Where this program keeps its own files: the platform's folders, or the one that HOME_VARIABLE names."""

from __future__ import annotations

import os
from pathlib import Path

HOME_VARIABLE = "EXCHANGE_CERT_WIZARD_HOME"
"""An environment variable that names one folder for everything, for a computer where nothing else may be written."""

_NAME = "exchange-cert-wizard"


def settings_file() -> Path:
    """The settings file; it need not be there."""
    return _folder("user_config_path") / "settings.toml"


def cases_folder() -> Path:
    """The folder of the saved cases; it need not be there yet."""
    return _folder("user_data_path") / "cases"


def practice_folder() -> Path:
    """The folder of the learner's record; it need not be there yet."""
    return _folder("user_data_path") / "practice"


def reports_folder() -> Path:
    """The folder of the reports of faults; it need not be there yet."""
    return _folder("user_data_path") / "reports"


def _folder(which: str) -> Path:
    if named := os.environ.get(HOME_VARIABLE, "").strip():
        return Path(named)
    # Only what reads or writes a file pays for it.
    import platformdirs  # noqa: PLC0415

    found: Path = getattr(platformdirs, which)(_NAME, appauthor=False)
    return found
