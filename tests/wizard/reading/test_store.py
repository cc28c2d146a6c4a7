"""What certutil prints of the store: certificates by their thumbprint, and what became of their keys."""

from __future__ import annotations

import pytest

from wizard.facts import KeyTest
from wizard.reading.pieces import pieces
from wizard.reading.recognise import recognise
from wizard.reading.store import read_store
from wizard.reading.text import Kind, clean

OURS = "5E1C7A90B3D24F68A1097C3BE84D2F6510A9B7C3"
OTHER = "A0B1C2D3E4F5061728394A5B6C7D8E9F00112233"


def block(said: str, thumbprint: str = OURS.lower(), number: int = 2) -> str:
    return (
        f"================ Certificate {number} ================\n"
        "Serial Number: 0a1b2c3d4e5f6071\nIssuer: CN=Example CA, C=US\n NotBefore: 1/11/2026 12:00 AM\n"
        " NotAfter: 1/10/2027 11:59 PM\nSubject: CN=mail.contoso.com, O=Contoso Ltd, C=GB\nNon-root Certificate\n"
        f"Cert Hash(sha1): {thumbprint}\n{said}"
    )


def store(*blocks: str, verb: str = "store") -> str:
    return 'My "Personal"\n' + "".join(blocks) + f"CertUtil: -{verb} command completed successfully.\n"


POINTER = "  Key Container = {B6A0C4A1}\n  Provider = Microsoft RSA SChannel Cryptographic Provider\n"
PASSED = f"{POINTER}Private key is NOT exportable\nEncryption test passed\n"
NOT_OPENED = f"{POINTER}Missing stored keyset\n"
KEYLESS = "No key provider information\nCannot find the certificate and private key for decryption.\n"
PAIRS = " ".join(OURS[n : n + 2] for n in range(0, 40, 2)).lower()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (store(block(PASSED)), [(OURS, KeyTest.PASSED)]),
        (store(block(NOT_OPENED)), [(OURS, KeyTest.NOT_OPENED)]),
        (store(block(KEYLESS)), [(OURS, KeyTest.NONE)]),
        (store(block(f"{POINTER}Signature test passed\n")), [(OURS, KeyTest.SIGNS)]),
        (store(block(f"{POINTER}Signature test passed\nEncryption test passed\n")), [(OURS, KeyTest.PASSED)]),
        (store(block(f"{POINTER}Encryption test FAILED\n")), [(OURS, KeyTest.FAILED)]),
        (store(block(PASSED, PAIRS)), [(OURS, KeyTest.PASSED)]),
        (store(block(NOT_OPENED), block(PASSED, OTHER, 3)), [(OURS, KeyTest.NOT_OPENED), (OTHER, KeyTest.PASSED)]),
        (store(block(PASSED), verb="repairstore"), [(OURS, KeyTest.PASSED)]),
        (block(NOT_OPENED), [(OURS, KeyTest.NOT_OPENED)]),
        (store(block(PASSED)).replace("\n", "\n\n"), [(OURS, KeyTest.PASSED)]),
        # In another language the words about the key are not read.
        (
            store(block("  Schl\u00fcsselcontainer = x\n  Anbieter = y\n"))
            .replace("Cert Hash", "Zertifikathash")
            .replace("= Certificate 2 =", "= Zertifikat 2 ="),
            [(OURS, KeyTest.UNKNOWN)],
        ),
    ],
)
def test_each_certificate_is_read_with_what_is_said_of_its_key(text: str, shown: list[tuple[str, KeyTest]]) -> None:
    assert recognise(clean(text)) is Kind.STORE
    reading = read_store(clean(text))
    assert [(each.thumbprint, each.test) for each in reading.facts] == shown
    assert reading.unread == ()


@pytest.mark.parametrize(
    "text",
    [
        # A rule of a table, a heading, a hash without its block, a thumbprint that is not whole.
        "Thumbprint                                Services\n==========                                ========\n",
        "========= Certificate 2 =========\nthat is the one\n",
        f"Cert Hash(sha1): {OURS}\nEncryption test passed\n",
        store(block(PASSED, OURS[:30])),
    ],
)
def test_what_only_looks_like_it_is_none(text: str) -> None:
    assert recognise(clean(text)) is not Kind.STORE


def test_in_a_window_it_is_a_piece_of_its_own_and_nothing_is_left() -> None:
    text = (
        f"[PS] C:\\>certutil -store My '{OURS}'\n{store(block(NOT_OPENED))}\n"
        f"[PS] C:\\>Get-ExchangeCertificate -Thumbprint {OURS} | Format-List Thumbprint,Services\n\n"
        f"Thumbprint : {OURS}\nServices   : IIS\n"
    )
    cut = pieces(clean(text))
    assert [piece.kind for piece in cut.all] == [Kind.STORE, Kind.CERTIFICATES]
    assert cut.left == ()
