"""Errors that cmdlets print instead of an answer, however the console wrapped them."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.facts import CmdletError, CmdletErrorKind
from wizard.reading.errors import error_spans, read_cmdlet_errors
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


NO_FOLDER = r"""
Get-ChildItem : Cannot find path 'C:\nowhere' because it does not exist.
At line:1 char:1
+ Get-ChildItem C:\nowhere
+ ~~~~~~~~~~~~~~~~~~~~~~~
    + CategoryInfo          : ObjectNotFound: (C:\nowhere:String) [Get-ChildItem]
   , ItemNotFoundException
    + FullyQualifiedErrorId : PathNotFound,Microsoft.PowerShell.Commands.GetChi
   ldItemCommand
"""


@pytest.mark.parametrize(
    "text",
    [
        NO_FOLDER,
        "Get-ChildItem: Cannot find path 'C:\\nowhere' because it does not exist.",
        NO_FOLDER.replace("Get-ChildItem :", "Select-String :").replace("[Get-ChildItem]", "[Select-String]"),
        NO_FOLDER.replace(
            "Cannot find path 'C:\\nowhere' because it does not exist.",
            'Der Pfad "C:\\nowhere" kann nicht gefunden werden, da er nicht vorhanden ist.',
        ),
    ],
)
def test_a_path_that_is_not_there_is_known(text: str) -> None:
    (error,) = errors(text)
    assert (error.kind, error.foreign) == (CmdletErrorKind.PATH_NOT_FOUND, True)


def test_a_certificates_path_is_no_folder() -> None:
    path = f"Cert:\\LocalMachine\\My\\{THUMBPRINT}"
    (error,) = errors(NO_FOLDER.replace("C:\\nowhere", path))
    assert error.kind is CmdletErrorKind.OTHER


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


def category(cmdlet: str, error_id: str = "X") -> str:
    return (
        f"    + CategoryInfo          : NotSpecified: (:) [{cmdlet}], LocalizedException\n"
        f"    + FullyQualifiedErrorId : {error_id}\n"
    )


ENABLE = "Enable-ExchangeCertificate"
GERMAN = f"Das Zertifikat mit dem Fingerabdruck {THUMBPRINT}"
TOLD_APART = [
    (ENABLE, f"{GERMAN} wurde nicht gefunden.", CmdletErrorKind.NOT_FOUND),
    (ENABLE, f"Le certificat avec l'empreinte {THUMBPRINT} est introuvable.", CmdletErrorKind.NOT_FOUND),
    (ENABLE, f"Сертификат с отпечатком {THUMBPRINT} не найден.", CmdletErrorKind.NOT_FOUND),
    (ENABLE, f"{GERMAN} ist ungültig (Ursache: PrivateKeyMissing).", CmdletErrorKind.PRIVATE_KEY_MISSING),
    (ENABLE, f"{GERMAN} ist ungültig (Ursache: PrivateKeyNotAccessible).", CmdletErrorKind.KEY_NOT_ACCESSIBLE),
    (ENABLE, f"{GERMAN} ist ungültig (Ursache: PublicKeyUnsupportedSize).", CmdletErrorKind.NOT_VALID),
    (ENABLE, f"Unzureichende Rechte, {THUMBPRINT}\nDer Schlüsselsatz ist nicht vorhanden", CmdletErrorKind.KEY_ACCESS),
    (ENABLE, "The UM service needs the startup mode TLS or Dual.", CmdletErrorKind.SERVICE),
    (ENABLE, "Der Vorgang ist fehlgeschlagen.", CmdletErrorKind.OTHER),
    (
        "Set-SendConnector",
        "Le certificat CN=mail.fabrikam.example de CN=CA 5 n'est pas actif pour SMTP sur MBX7.",
        CmdletErrorKind.TWIN_WITHOUT_SMTP,
    ),
    ("Import-ExchangeCertificate", f"A certificate {THUMBPRINT} already exists.", CmdletErrorKind.ALREADY),
    ("Set-SendConnector", "The operation could not be performed.", CmdletErrorKind.OTHER),
]


@pytest.mark.parametrize(("cmdlet", "sentence", "kind"), TOLD_APART)
def test_what_is_the_same_in_every_language_tells_the_error(cmdlet: str, sentence: str, kind: CmdletErrorKind) -> None:
    (error,) = errors(f"{cmdlet} : {sentence}\n{category(cmdlet)}")
    assert (error.kind, error.cmdlet, error.foreign) == (kind, cmdlet, False)
    assert error.thumbprint == (THUMBPRINT if THUMBPRINT in sentence else None)
    assert "CategoryInfo" not in error.text


def test_the_errors_id_names_the_cmdlet_where_the_category_is_lost() -> None:
    text = (
        f"{GERMAN} wurde nicht gefunden.\n    + FullyQualifiedErrorId : [Server=MBX7,RequestId=1] 7F2C9B1A,"
        "Microsoft.Exchange.Management.SystemConfigurationTasks.EnableExchangeCertificate\n"
    )
    (error,) = errors(text)
    assert (error.kind, error.cmdlet, error.server) == (CmdletErrorKind.NOT_FOUND, ENABLE, "MBX7")


def test_the_failed_line_names_its_services() -> None:
    (error,) = errors(f"{NO_KEY}\n+ {ENABLE} -Thumbprint '{THUMBPRINT}' -Services SMTP,IIS\n{category(ENABLE)}")
    assert (error.reason, [service.value for service in error.services]) == ("PrivateKeyMissing", ["SMTP", "IIS"])


@pytest.mark.parametrize("width", [40, 62, 100])
def test_the_box_of_powershell_7(width: int) -> None:
    pieces = textwrap.wrap(NO_KEY, width)
    text = "\n".join(
        [f"{ENABLE}: ", "Line |", "   1 |  Enable-ExchangeCertificate -Thumb \u2026", f"     |  {'~' * 20}"]
        + [f"     | {piece}" for piece in pieces]
    )
    (error,) = errors(text)
    assert (error.kind, error.cmdlet, error.thumbprint) == (CmdletErrorKind.PRIVATE_KEY_MISSING, ENABLE, THUMBPRINT)
    assert error.text == NO_KEY
    assert error.lines[0].text == f"     | {pieces[0]}"


@pytest.mark.parametrize("prefix", ["[EROR] Script error: ", "> > [ERR] ", "2026-11-22 02:14:09 [ERROR] task: "])
def test_a_tools_words_before_each_line_are_not_the_errors(prefix: str) -> None:
    block = f"{ENABLE} : {NO_KEY}\nAt line:1 char:1\n{category(ENABLE)}".rstrip().split("\n")
    text = "\n".join(["[VERB] Updating services", *(prefix + line for line in block), "[VERB] Done"])
    (error,) = errors(text)
    assert (error.kind, error.cmdlet, error.text) == (
        CmdletErrorKind.PRIVATE_KEY_MISSING,
        ENABLE,
        f"{ENABLE} : {NO_KEY}",
    )
    assert error.lines[0].text.startswith(prefix)


def test_a_script_that_says_only_which_cmdlet_failed() -> None:
    text = (
        f"> [VERB] Updating Exchange\n> [EROR] Script: C:\\acme\\run.ps1 : Error in {ENABLE}\n"
        f"> [EROR] Script: + ./run.ps1 '{THUMBPRINT}' 'IIS'\n"
        "> [EROR] Script:     + CategoryInfo : NotSpecified: (:) [Write-Error], WriteErrorException\n"
        "> [EROR] Script:     + FullyQualifiedErrorId : WriteErrorException,run.ps1\n"
    )
    (error,) = errors(text)
    assert (error.kind, error.cmdlet, error.foreign) == (CmdletErrorKind.WRAPPED, ENABLE, False)
    assert error.text.endswith(f"Error in {ENABLE}")
    assert [line.number for line in error.lines] == [2]


@pytest.mark.parametrize("cmdlet", ["Write-Error", "Set-Clipboard", "Import-Module", "Get-Content", "Submit-Renewal"])
def test_another_tools_error_is_foreign(cmdlet: str) -> None:
    (error,) = errors(f"{cmdlet} : It did not work.\n{category(cmdlet)}")
    assert (error.foreign, error.cmdlet) == (True, "")


@pytest.mark.parametrize(
    "text",
    [
        "There was no error, Status is Valid.",
        "WARNING: The certificate with the FQDN mail.fabrikam.example takes precedence.",
        f"{ENABLE} -Thumbprint '{THUMBPRINT}' -Services SMTP -ErrorAction Stop",
        "Set-SendConnector did not help",
        "Line | Name\n   1 | EX1",
    ],
)
def test_what_is_no_error(text: str) -> None:
    assert errors(text) == []


def test_the_next_output_below_an_error_is_not_the_errors() -> None:
    text = f"{ENABLE} : {NO_KEY}\n{category(ENABLE)}Thumbprint : {THUMBPRINT}\nServices   : IIS\n"
    lines = clean(text).lines
    assert [lines[last].text for _, last in error_spans(lines)] == ["    + FullyQualifiedErrorId : X"]


def test_errors_without_a_blank_line_between_them() -> None:
    first = f"{ENABLE} : {NO_KEY}\n{category(ENABLE)}"
    assert [error.kind for error in errors(first + first.replace(NO_KEY, NOT_FOUND))] == [
        CmdletErrorKind.PRIVATE_KEY_MISSING,
        CmdletErrorKind.NOT_FOUND,
    ]


@given(st.text(max_size=300))
def test_any_text_gives_errors_or_a_reason(text: str) -> None:
    for given_text in (text, NOT_FOUND[:70] + text, "The term '" + text):
        found = read_cmdlet_errors(clean(given_text))
        assert found.facts or found.unread
