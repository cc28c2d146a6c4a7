"""Errors that cmdlets print instead of an answer, however the console wrapped them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.facts import CmdletError, CmdletErrorKind
from wizard.reading.prompt import read_cmdlet_errors
from wizard.reading.text import clean

THUMBPRINT = "4C0FFEE04C0FFEE04C0FFEE04C0FFEE04C0FFEE0"
NOT_FOUND = f"A special Rpc error occurs on server MBX7: The certificate with thumbprint {THUMBPRINT} was not found."
NO_KEY = (
    f"The certificate with thumbprint {THUMBPRINT} was found but is not valid for use with Exchange Server "
    "(reason: PrivateKeyMissing)."
)
KEY_ACCESS = (
    f"Insufficient rights to grant Network Service access to the certificate with thumbprint {THUMBPRINT}: "
    "Keyset does not exist"
)
IN_USE = (
    "These certificates are tagged with following Send Connectors : To Fabrikam. Removing and replacing certificates "
    "from Send Connector would break the mail flow."
)
NOT_KNOWN = (
    "The term 'Get-ExchangeCertificate' is not recognized as the name of a cmdlet, function, script file, or operable "
    "program."
)
SENTENCES = [
    (NOT_FOUND, CmdletErrorKind.NOT_FOUND, THUMBPRINT),
    (NO_KEY, CmdletErrorKind.PRIVATE_KEY_MISSING, THUMBPRINT),
    (NO_KEY.replace("PrivateKeyMissing", "DateInvalid"), CmdletErrorKind.NOT_VALID, THUMBPRINT),
    (KEY_ACCESS, CmdletErrorKind.KEY_ACCESS, THUMBPRINT),
    ("Unknown error (0xe0434352)", CmdletErrorKind.RECEIVE_CONNECTOR_NAME, None),
    (IN_USE, CmdletErrorKind.IN_USE_BY_CONNECTOR, None),
    (NOT_KNOWN, CmdletErrorKind.COMMAND_NOT_KNOWN, None),
]


def errors(text: str) -> list[CmdletError]:
    return list(read_cmdlet_errors(clean(text)).facts)


def read(text: str) -> list[tuple[CmdletErrorKind, str | None]]:
    return [(error.kind, error.thumbprint) for error in errors(text)]


@pytest.mark.parametrize(("sentence", "kind", "thumbprint"), SENTENCES)
def test_known_sentences(sentence: str, kind: CmdletErrorKind, thumbprint: str | None) -> None:
    assert read(sentence) == [(kind, thumbprint)]
    assert errors(sentence)[0].text == sentence


@given(case=st.sampled_from(SENTENCES), width=st.integers(12, 130), indent=st.integers(0, 3))
def test_wrapped_anywhere_even_inside_the_thumbprint(
    case: tuple[str, CmdletErrorKind, str | None], width: int, indent: int
) -> None:
    sentence, kind, thumbprint = case
    pieces = [sentence[at : at + width].strip() for at in range(0, len(sentence), width)]
    assert read("\n".join(" " * indent + piece for piece in pieces if piece)) == [(kind, thumbprint)]


def test_text_may_stick_to_the_thumbprint() -> None:
    assert read(NOT_FOUND.replace(f"{THUMBPRINT} was", f"{THUMBPRINT}was")) == [(CmdletErrorKind.NOT_FOUND, THUMBPRINT)]


@pytest.mark.parametrize("shown", ["xxxxxxxx", "4C0FFEE0", THUMBPRINT + "0"])
def test_a_thumbprint_that_is_not_whole_is_none(shown: str) -> None:
    assert read(NOT_FOUND.replace(THUMBPRINT, shown)) == [(CmdletErrorKind.NOT_FOUND, None)]


def test_an_error_with_everything_powershell_prints_around_it_is_one_error() -> None:
    text = f"""
Get-ExchangeCertificate : {NOT_KNOWN}
At line:1 char:1
+ Get-ExchangeCertificate -Thumbprint x
+ ~~~~~~~~~~~~~~~~~~~~~~~
    + CategoryInfo          : ObjectNotFound: (Get-ExchangeCertificate:String) [], CommandNotFoundException
    + FullyQualifiedErrorId : CommandNotFoundException
"""
    assert read(text) == [(CmdletErrorKind.COMMAND_NOT_KNOWN, None)]


def test_a_missing_command_is_known_in_other_languages_by_its_category() -> None:
    text = """
Die Benennung "Get-SendConnector" wurde nicht als Name eines Cmdlets erkannt.
    + CategoryInfo          : ObjectNotFound: (Get-SendConnector:String) [], CommandNotFoundException
"""
    (error,) = errors(text)
    assert error.kind is CmdletErrorKind.COMMAND_NOT_KNOWN
    assert error.text.startswith("Die Benennung")


@pytest.mark.parametrize("term", ["foo", "Get\u2013ExchangeCertificate"])
def test_a_name_that_is_no_cmdlets_says_nothing_about_the_shell(term: str) -> None:
    assert read(NOT_KNOWN.replace("Get-ExchangeCertificate", term)) == [(CmdletErrorKind.OTHER, None)]


def test_an_error_whose_sentence_is_not_known_is_another_one() -> None:
    text = "Access was denied.\n    + CategoryInfo          : NotSpecified: (:)\n    + FullyQualifiedErrorId : X,Y"
    (error,) = errors(text)
    assert (error.kind, error.text) == (CmdletErrorKind.OTHER, "Access was denied.")
    assert [line.number for line in error.lines] == [1, 2, 3]


def test_several_errors_in_one_paste() -> None:
    other = THUMBPRINT[::-1]
    text = f"{NOT_FOUND}\n\n{NOT_FOUND.replace(THUMBPRINT, other)}\n\n{NO_KEY}"
    assert read(text) == [
        (CmdletErrorKind.NOT_FOUND, THUMBPRINT),
        (CmdletErrorKind.NOT_FOUND, other),
        (CmdletErrorKind.PRIVATE_KEY_MISSING, THUMBPRINT),
    ]


@given(st.text(max_size=300))
def test_any_text_gives_errors_or_a_reason(text: str) -> None:
    for given_text in (text, NOT_FOUND[:70] + text, "The term '" + text):
        found = read_cmdlet_errors(clean(given_text))
        assert found.facts or found.unread
