"""Evidence in the code page of a console, and what pages disagree about."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wizard import cases
from tests.wizard.reading.rows import read_path
from wizard.reading.codepages import DAMAGED, read_page
from wizard.reading.connectors import read_connectors
from wizard.reading.text import clean

LEFT = [
    ("cp1252", "Réception – “x”, naïve façade"),
    ("cp1252", "Gesch\u00e4ftsf\u00fchrung nach au\u00dfen: \u00dcberpr\u00fcfung"),
    ("cp850", "Geschäftsführung nach außen: Überprüfung, größer"),
    ("cp437", "Geschäftsführung nach außen, größer"),
    ("cp850", "Le certificat a été trouvé mais n'est pas prêt: vérifiez la clé, s'il vous plaît"),
    ("cp866", "Сертификат с отпечатком не найден: Набор ключей не существует"),
    ("cp1251", "Сертификат с отпечатком не найден: Набор ключей не существует"),
    ("cp852", "Połączenie wychodzące do usługi, zażółć gęślą jaźń"),
    ("cp1250", "Příliš žluťoučký kůň úpěl ďábelské ódy"),
    ("cp932", "証明書が見つかりません"),
    ("cp737", "Το πιστοποιητικό δεν βρέθηκε"),
]


@pytest.mark.parametrize(("page", "text"), LEFT)
def test_the_page_that_gives_letters_is_taken(page: str, text: str) -> None:
    found, _ = read_page(text.encode(page))
    assert found == text or DAMAGED in found
    assert sum(one != two for one, two in zip(found, text, strict=True)) == found.count(DAMAGED)


@pytest.mark.parametrize("text", ["Réception vers l'extérieur", "Fabrikam – “Nord”"])
def test_utf8_is_left_alone(text: str) -> None:
    assert clean(text.encode()).lines[0].text == text


def test_a_letter_that_pages_disagree_about_leaves_a_name_uncertain() -> None:
    listing = "Name : Fabrikam \u016fx\r\nProtocolLoggingLevel : None\r\n"
    (connector,) = read_connectors(clean(listing.encode("cp852"))).facts
    assert connector.name_cut


@pytest.mark.parametrize("name", ["Fabrikam r\ufffdseau", "Fabrikam r\u00b4\u2510\u00a2seau"])
def test_a_letter_that_was_lost_leaves_a_name_uncertain(name: str) -> None:
    (connector,) = read_connectors(clean(f"Name : {name}\nProtocolLoggingLevel : None")).facts
    assert connector.name_cut


def test_a_name_whose_letters_are_sure_is_certain() -> None:
    listing = "Name : Liaison vers l'extérieur\r\nProtocolLoggingLevel : None\r\n"
    for page in ("cp1252", "cp850", "utf-8"):
        (connector,) = read_connectors(clean(listing.encode(page))).facts
        assert (connector.name, connector.name_cut) == ("Liaison vers l'extérieur", False)


@pytest.mark.parametrize("page", ["cp850", "cp437", "cp1252"])
def test_a_log_that_went_through_a_console_names_its_connector_as_a_paste_does(tmp_path: Path, page: str) -> None:
    log = tmp_path / "SEND20261122-1.log"
    log.write_bytes(cases.failing(connector="Nach K\u00f6ln").encode(page))
    reading = read_path(log)
    assert reading.connectors == ("Nach K\u00f6ln",)
    assert "the likeliest code page" in reading.mended[0].what
