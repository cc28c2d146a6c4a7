"""When two names are one Send connector's."""

from __future__ import annotations


def same_name(one: str, other: str) -> bool:
    """Whether two connector names are one: Exchange compares names without regard to case."""
    return one.casefold() == other.casefold()


def logged_as(written: str, connector: str) -> bool:
    """Whether a log's rows are of the connector: under its name, or under what `clip` leaves of it.

    Exchange 2010's shell has nothing else to copy rows with, and it writes a question mark for each letter
    outside ASCII, two for one beyond the first plane.
    """
    if same_name(written, connector):
        return True
    # Asked of every handshake of a log: what clip leaves is made only where it can be what is written.
    if "?" not in written or connector.isascii():
        return False
    return same_name(
        written, "".join(letter if letter.isascii() else "?" * (1 + (ord(letter) > 0xFFFF)) for letter in connector)
    )
