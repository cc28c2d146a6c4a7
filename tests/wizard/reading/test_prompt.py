"""The overwrite prompt, however narrow the console it was copied from."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.facts import Notice, OverwritePrompt
from wizard.reading.pieces import pieces
from wizard.reading.prompt import notice_spans, question_spans, read_notices, read_prompts
from wizard.reading.text import clean

CURRENT = "1A2B3C4D5E6F70819203A4B5C6D7E8F901234567"
NEW = "FEDCBA98765432100123456789ABCDEF00112233"
CURRENT_LINE = f"Current certificate: '{CURRENT}' (expires 4/30/2027 5:59:11 PM)"
NEW_LINE = f"Replace it with certificate: '{NEW}' (expires 5/31/2028 6:26:12 PM)"
PROMPT = f"""
Confirm
Overwrite the existing default SMTP certificate?

{CURRENT_LINE}
{NEW_LINE}
[Y] Yes  [A] Yes to All  [N] No  [L] No to All  [?] Help (default is "Y"):
"""


def prompts(text: str) -> list[OverwritePrompt]:
    return list(read_prompts(clean(text)).facts)


def named(text: str) -> list[tuple[str | None, str | None]]:
    return [(prompt.current, prompt.replacement) for prompt in prompts(text)]


def test_both_certificates_and_their_expiry_are_read() -> None:
    (prompt,) = prompts(PROMPT)
    assert (prompt.current, prompt.replacement) == (CURRENT, NEW)
    assert (prompt.current_expires, prompt.replacement_expires) == ("4/30/2027 5:59:11 PM", "5/31/2028 6:26:12 PM")
    assert [line.number for line in prompt.lines] == [5, 6]


@given(width=st.integers(20, 130), indent=st.integers(0, 4), at_words=st.booleans())
def test_any_width_and_any_indentation(width: int, indent: int, at_words: bool) -> None:
    lines: list[str] = []
    for line in PROMPT.split("\n"):
        cut = [line[at : at + width] for at in range(0, len(line), width)] or [""]
        lines += (textwrap.wrap(line, width) or [""]) if at_words else cut
    assert named("\n".join(" " * indent + line for line in lines)) == [(CURRENT, NEW)]


@pytest.mark.parametrize("quotes", ["‘’", "“”", "''", '""', "``"])
def test_quotes_of_any_kind(quotes: str) -> None:
    assert named(PROMPT.replace(f"'{CURRENT}'", quotes[0] + CURRENT + quotes[1])) == [(CURRENT, NEW)]


def test_one_of_the_two_lines_alone() -> None:
    assert named(CURRENT_LINE) == [(CURRENT, None)]
    assert named(NEW_LINE) == [(None, NEW)]


def test_two_prompts_in_one_paste_stay_two() -> None:
    assert named(PROMPT + PROMPT) == [(CURRENT, NEW), (CURRENT, NEW)]


def test_lower_case_is_made_upper_case() -> None:
    assert named(CURRENT_LINE.lower()) == [(CURRENT, None)]


def test_the_question_alone_names_no_certificate() -> None:
    found = read_prompts(clean("Confirm\nOverwrite the existing default SMTP\ncertificate?"))
    assert [(each.current, each.replacement) for each in found.facts] == [(None, None)]
    assert found.unread[0].line == 2


@pytest.mark.parametrize("shown", [CURRENT[:39], CURRENT + "0", "x" * 40, CURRENT[:12] + "…"])
def test_a_thumbprint_that_is_not_whole_is_left_out_with_its_reason(shown: str) -> None:
    found = read_prompts(clean(PROMPT.replace(CURRENT, shown)))
    assert [(each.current, each.replacement) for each in found.facts] == [(None, NEW)]
    assert len(found.unread) == 1


def test_the_older_wording_with_both_certificates_in_the_question() -> None:
    question = (
        f"Overwrite existing default SMTP certificate, '{CURRENT}' (expires 4/30/2027 5:59:11 PM), "
        f"with certificate '{NEW}' (expires 5/31/2028 6:26:12 PM)?"
    )
    assert named(question) == [(CURRENT, NEW)]


@given(st.text(max_size=300))
def test_any_text_gives_prompts_or_reasons(text: str) -> None:
    for given_text in (text, "Current certificate: '" + text, PROMPT[:90] + text):
        found = read_prompts(clean(given_text))
        assert found.facts or found.unread


GERMAN = f"""
Bestätigung
Soll das vorhandene SMTP-Standardzertifikat überschrieben werden?

Aktuelles Zertifikat: '{CURRENT}' (läuft ab am 30.04.2027 17:59:11)
Ersetzen durch Zertifikat: '{NEW}' (läuft ab am 31.05.2028 18:26:12)
[J] Ja  [A] Ja, alle  [N] Nein  [K] Nein, keine  [?] Hilfe (Standard ist "J"):"""

FRENCH = f"""
Confirmer
Remplacer le certificat SMTP par défaut existant ?

Certificat actuel : « {CURRENT} » (expire le 30/04/2027 17:59:11)
Le remplacer par le certificat : « {NEW} » (expire le 31/05/2028 18:26:12)
[O] Oui  [T] Oui pour tout  [N] Non  [U] Non pour tout  [?] Aide (la valeur par défaut est « O ») :"""

RUSSIAN = f"""Подтверждение
Перезаписать существующий SMTP-сертификат по умолчанию?

Текущий сертификат: "{CURRENT}" (истекает 30.04.2027 17:59:11)
Заменить на сертификат: "{NEW}" (истекает 31.05.2028 18:26:12)
[Y] Да - Y  [A] Да для всех - A  [N] Нет - N  [L] Нет для всех - L  [?] Справка (по умолчанию является "Y"):
"""

DUTCH = (
    FRENCH[: FRENCH.index("[O]")]
    + '[J] Ja  [A] Ja op alles  [N] Nee  [L] Nee op alles  [?] Help (de standaard is "J"):'
)

SPANISH = FRENCH[: FRENCH.index("[O]")] + (
    '[S] Sí  [O] Sí a todo  [N] No  [T] No a todo  [U] Suspender  [?] Ayuda (el valor predeterminado es "S"):'
)

JAPANESE = FRENCH[: FRENCH.index("[O]")] + (
    '[Y] はい(Y)  [A] すべて続行(A)  [N] いいえ(N)  [L] すべて無視(L)  [?] ヘルプ (既定値は "Y"):'
)

TRANSCRIPT = PROMPT[: PROMPT.index("[Y]")] + "&Yes  Yes to &All  &No  No to A&ll  &Suspend\n"

GERMAN_TRANSCRIPT = GERMAN[: GERMAN.index("[J]")] + "&Ja  Ja, &alle  &Nein  Nein, &keine\n"

SECOND_LINE = "Get-ExchangeCertificate | fl"


@pytest.mark.parametrize(
    ("text", "answer", "no", "language"),
    [
        (PROMPT, "", "N", "en"),
        (PROMPT.rstrip() + "N\n", "N", "N", "en"),
        (PROMPT.rstrip() + " n\n", "N", "N", "en"),
        (PROMPT.rstrip() + " No to All\nName : EX1", "N", "N", "en"),
        (PROMPT.rstrip() + " l", "N", "N", "en"),
        (PROMPT.rstrip() + " Y\n", "Y", "N", "en"),
        (PROMPT.rstrip() + " A\n", "Y", "N", "en"),
        (PROMPT.rstrip() + "\nN\n", "N", "N", "en"),
        (PROMPT.rstrip() + "\nName : EX1\n", "", "N", "en"),
        (PROMPT.rstrip() + "\n\nN", "", "N", "en"),
        (PROMPT.rstrip() + f" {SECOND_LINE}\n" + PROMPT.split("\n")[6] + " N", "N", "N", "en"),
        (PROMPT.rstrip() + f" {SECOND_LINE}", "", "N", "en"),
        (PROMPT.replace("[?]", "[S] Suspend  [?]").rstrip() + " N", "N", "N", "en"),
        (PROMPT.replace("[?]", "[S] Suspend  [?]").rstrip() + " S", "", "N", "en"),
        (TRANSCRIPT + "N\n", "N", "N", "en"),
        (TRANSCRIPT + "Y\nName : EX1", "Y", "N", "en"),
        (TRANSCRIPT + "\nName : EX1", "", "N", "en"),
        (TRANSCRIPT + "Name : EX1", "", "N", "en"),
        (GERMAN, "", "N", "de"),
        (GERMAN + " N", "N", "N", "de"),
        (GERMAN + "K", "N", "N", "de"),
        (GERMAN + " Nein, keine", "N", "N", "de"),
        (GERMAN + " J", "Y", "N", "de"),
        (GERMAN + " Y", "", "N", "de"),
        (GERMAN_TRANSCRIPT + "N\n", "N", "N", "de"),
        (GERMAN_TRANSCRIPT + "J\n", "Y", "N", "de"),
        (PROMPT[: PROMPT.index("[Y]")] + GERMAN[GERMAN.index("[J]") :] + " N", "N", "N", "de"),
        (FRENCH, "", "N", ""),
        (FRENCH + " N", "", "N", ""),
        (RUSSIAN, "", "N", "en"),
        (DUTCH + " N", "", "N", ""),
        (SPANISH, "", "N", ""),
        (JAPANESE, "", "N", "en"),
    ],
)
def test_the_question_in_any_language_and_its_answer(text: str, answer: str, no: str, language: str) -> None:
    (prompt,) = prompts(text)
    assert (prompt.current, prompt.replacement) == (CURRENT, NEW)
    assert (prompt.answer, prompt.no_letter, prompt.language) == (answer, no, language)


@pytest.mark.parametrize("text", [GERMAN + " N", PROMPT.rstrip() + " N", FRENCH])
@pytest.mark.parametrize("width", [40, 55, 80, 100])
def test_any_language_at_any_width(text: str, width: int) -> None:
    lines = [line[at : at + width] for line in text.split("\n") for at in range(0, max(len(line), 1), width)]
    (prompt,) = prompts("\n".join(lines))
    assert (prompt.current, prompt.replacement) == (CURRENT, NEW)
    assert prompt.answer == ("N" if text.endswith("N") else "")


REQUIRE_SSL = """
Confirm
Do you want to require SSL on the default web site?
[Y] Yes  [A] Yes to All  [N] No  [L] No to All  [?] Help (default is "Y"): Y
"""

WARNING = (
    f"WARNING: The certificate '{CURRENT}' (expires 4/30/2027 5:59:11 PM) takes precedence over '{NEW}' "
    "(expires 5/31/2028 6:26:12 PM) for the connector with the FQDN mail.contoso.com."
)


@pytest.mark.parametrize(
    "text",
    [
        REQUIRE_SSL,
        WARNING,
        WARNING + "\n\nThumbprint : " + NEW,
        GERMAN.replace(NEW, CURRENT),
        GERMAN.replace(NEW, ""),
        GERMAN[: GERMAN.index("[J]")],
        GERMAN.replace(NEW, NEW[:30]),
        f"'{CURRENT}' (2027)\n'{NEW}' (2028)\n[A] one [B] two [?] three",
        f"'{CURRENT}' (2027)\n" + "prose " * 40 + f"'{NEW}' (2028)\n[Y] Yes [A] All [N] No [L] None [?] Help",
    ],
)
def test_what_is_close_to_the_question(text: str) -> None:
    assert not prompts(text)
    assert not list(question_spans(clean(text).lines))


def test_an_answer_belongs_to_its_own_question() -> None:
    (prompt,) = prompts(REQUIRE_SSL + GERMAN)
    assert prompt.answer == ""
    (prompt,) = prompts(GERMAN + " N\n" + REQUIRE_SSL)
    assert prompt.answer == "N"
    (prompt,) = prompts(PROMPT + REQUIRE_SSL)
    assert prompt.answer == ""
    both = prompts(GERMAN + " N\n" + PROMPT.rstrip() + " Y")
    assert [(each.answer, each.language) for each in both] == [("N", "de"), ("Y", "en")]


def test_a_question_reaches_from_its_head_to_its_answer() -> None:
    lines = clean("Name : EX1\n" + GERMAN + " N\nThumbprint : X\n" + TRANSCRIPT + "N\nName : EX1").lines
    assert list(question_spans(lines)) == [(2, 7), (10, 16)]


CHOICES = '[Y] Yes  [A] Yes to All  [N] No  [L] No to All  [?] Help (default is "Y"):'
IN_GERMAN = '[J] Ja  [A] Ja, alle  [N] Nein  [K] Nein, keine  [?] Hilfe (Standard ist "J"):'


@pytest.mark.parametrize(
    ("text", "about", "waits"),
    [
        (f"Confirm\nDo you want to require SSL on the default web site?\n{CHOICES}", Notice.SSL, True),
        (f"Confirm\nDo you want to require SSL on the default web site?\n{CHOICES} N", Notice.SSL, False),
        (f"Best\u00e4tigung\nSoll f\u00fcr die Website SSL verlangt werden?\n{IN_GERMAN} ", Notice.SSL, True),
        (f"Confirm\nThe certificate is enabled for UMCallRouter. Go on?\n{CHOICES} Y", Notice.UM, False),
        (f"Confirm\nAre you sure you want to perform this action?\n{CHOICES}", Notice.OTHER, True),
        (
            f"WARNING: The certificate with thumbprint {NEW} takes precedence for 'mail.contoso.com'.",
            Notice.PRECEDENCE,
            False,
        ),
    ],
)
def test_another_question_is_told_apart(text: str, about: Notice, waits: bool) -> None:
    (notice,) = read_notices(clean(text)).facts
    assert (notice.about, notice.open) == (about, waits)
    assert list(question_spans(clean(text).lines)) == []


@pytest.mark.parametrize("text", [PROMPT, PROMPT + "N\n", "What takes precedence?", f"Choose: {CHOICES[:12]}"])
def test_no_other_question(text: str) -> None:
    assert list(notice_spans(clean(text).lines)) == []


def test_a_command_that_waits_at_another_question_has_bound_nothing() -> None:
    line = f"[PS] C:\\>Enable-ExchangeCertificate -Thumbprint {NEW} -Services SMTP,IIS\n\n"
    asked = f"Confirm\nDo you want to require SSL on the default web site?\n{CHOICES}"
    queue = (
        "[PS] C:\\>Get-Queue\n\nIdentity  : EX1\\3\nStatus    : Retry\nLastError : 421 4.4.1 Connection timed out\n\n"
    )
    assert pieces(clean(f"{queue}{line}{asked} ")).bindings == ()
    assert [each.thumbprint for each in pieces(clean(f"{queue}{line}{asked} N\n[PS] C:\\>")).bindings] == [NEW]
