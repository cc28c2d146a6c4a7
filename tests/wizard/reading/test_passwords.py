"""Passwords that were typed in a shell are neither read nor shown; what only looks like one stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.reading.passwords import without_passwords
from wizard.reading.text import clean


@pytest.mark.parametrize(
    "line",
    [
        "Import-ExchangeCertificate -FileName x -Password (ConvertTo-SecureString 'Zitrone 9;x' -AsPlainText -Force)",
        'Import-ExchangeCertificate -FileName x -Password:(ConvertTo-SecureString -String "Zitrone 9;x" -AsPlainText)',
        "Import-PfxCertificate -Password 'Zitrone 9;x' -FilePath x",
        "$pw = ConvertTo-SecureString Zitrone -AsPlainText -Force",
        "'Zitrone 9;x' | ConvertTo-SecureString -AsPlainText -Force",
        "$pfxPassword='Zitrone 9;x'",
        "$cred = New-Object PSCredential('adm', (ConvertTo-SecureString 'Zitrone 9;x' -AsPlainText -Force))",
        "(New-Object Net.NetworkCredential('adm', 'Zitrone 9;x')).Password",
        "Password: Zitrone 9;x",
        "Kennwort für WINGTIP\\adm: Zitrone",
        "Mot de passe : Zitrone",
        r"net use \\ex1\c$ Zitrone /user:wingtip\adm",
        r"net use Z: \\ex1\c$ /user:wingtip\adm Zitrone",
        "certutil -f -p Zitrone -importpfx new.pfx",
        "openssl pkcs12 -in a.pfx -passin pass:Zitrone",
        "Server=ex1;uid=sa;pwd=Zitrone;",
        '{"user": "adm", "password": "Zitrone"}',
        "https://adm:Zitrone@ex1.example/",
    ],
)
def test_a_password_is_hidden(line: str) -> None:
    hidden = without_passwords(line)
    assert "Zitrone" not in hidden
    assert len(hidden) == len(line)
    assert without_passwords(hidden) == hidden
    text = clean(f"one\n{line}\n")
    assert "Zitrone" not in text.whole
    assert [(each.line, each.what) for each in text.mended] == [(2, "a password in it is neither read nor kept")]


def test_one_that_a_window_broke_is_hidden() -> None:
    assert "Zi" not in without_passwords("Import-X -Password (ConvertTo-Secure\nString 'Zi\nZi' -AsPlainText)")


@pytest.mark.parametrize(
    "line",
    [
        "Import-PfxCertificate -Password $pw -FilePath x",
        "$pw = Read-Host -AsSecureString",
        "$password = (Get-Credential).Password",
        "Set-ADUser adm -PasswordNeverExpires $true",
        "Maximum password age (days): 42",
        "The password expires in 5 days.",
        "TLS negotiation failed with error UnknownCredentials",
        "2026-11-22T02:15:07.101Z,Out,08DE,1,,,*,,TLS negotiation failed with error NoCredentials",
        "smtp:orders@wingtip.example;1",
        r"net view \\ex1",
        "Password :",
    ],
)
def test_what_only_looks_like_one_stays(line: str) -> None:
    assert without_passwords(line) == line


@given(st.text(max_size=300))
def test_no_text_fails_and_its_rows_stay_as_long_as_they_are(text: str) -> None:
    hidden = without_passwords(f"password {text} -Password {text}")
    assert [len(row) for row in hidden.split("\n")] == [len(r) for r in f"password {text} -Password {text}".split("\n")]


@pytest.mark.parametrize("rest", ["words of a ticket that go on and on\n", "words without a line's end "])
def test_one_amid_a_long_text_is_hidden_and_the_rest_stays(rest: str) -> None:
    line = "Import-PfxCertificate -Password 'Zitrone 9;x' -FilePath x"
    long = f"{rest * 900}\n{line}\n{rest * 900}\n{line}\n{rest * 900}"
    assert without_passwords(long) == long.replace("Zitrone 9;x", "*" * len("Zitrone 9;x"))
