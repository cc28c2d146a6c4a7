"""What errors mean: every wording of a queue in every wrapping, and every name of a failed handshake."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.wizard import cases
from wizard.assets import asset_table
from wizard.case.case import Case, StepId
from wizard.findings import Level
from wizard.steps.intake import take
from wizard.steps.symptom import symptom
from wizard.verdict import handshake_meaning, queue_meaning, queue_remarks

Wording = Callable[[str], str]
ALTERNATE = (
    " Attempted failover to alternate host, but that did not succeed. Either there are no alternate hosts, or "
    "delivery failed to all alternate hosts."
)
WORDINGS: list[tuple[str, str]] = [
    (cases.TIMED_OUT, "candidate-timed-out"),
    (cases.TIMED_OUT + ALTERNATE, "candidate-timed-out"),
    ("451 4.4.395 Target host responded with error. -> 421 4.4.1 Connection timed out", "candidate-timed-out-newer"),
    ('451 4.4.0 Primary target IP address responded with: "421 4.2.1 Unable to connect."', "candidate-unable"),
    (
        "451 4.4.397 Error communicating with target host. -> 421 4.2.1 Unable to connect -> "
        "SocketTimedout: Socket error code 10060",
        "network",
    ),
    (
        "451 4.4.397 Error communicating with target host. -> 421 4.2.1 Unable to connect -> "
        "SocketConnectionRefused: Socket error code 10061",
        "network",
    ),
    (
        '451 4.4.0 Primary target IP address responded with: "421 4.2.1 Unable to connect." Winsock error code: 10051',
        "network",
    ),
    ("451 4.4.395 Target host responded with error. -> 421 4.4.2 Connection dropped due to SocketError", "dropped"),
    ("421 4.4.2 Connection dropped due to ConnectionReset", "dropped"),
    ('451 4.4.0 Primary target IP address responded with: "421 4.4.2 Connection dropped due to TimedOut."', "dropped"),
    ("451 4.4.0 DNS query failed. The error was: NonExistentDomain; nonexistent domain", "dns"),
    (
        "454 4.7.5 The certificate specified in TlsCertificateName of the SendConnector could not be found.",
        "stale-tls-certificate-name",
    ),
    ("454 4.7.5 Certificate validation failure, reason:UntrustedRoot", "remote-not-trusted"),
    ("454 4.7.0 Failed to establish appropriate TLS channel: UntrustedRoot", "wrong-certificate-presented"),
    ("451 5.7.3 STARTTLS is required to send mail", "starttls-missing"),
    ("454 4.7.0 Temporary authentication failure", "internal-authentication"),
    ("451 5.7.3 Cannot achieve Exchange Server authentication", "internal-authentication"),
    ("451 4.4.0 Security status InvalidToken", "tls-inspected"),
    ("450 4.4.317 Cannot connect to remote server [Message=451 5.7.3 STARTTLS is required]", "other-direction"),
]
CANDIDATES = {"candidate-timed-out", "candidate-timed-out-newer", "candidate-unable"}


def bare(core: str) -> str:
    return core


def of_2013(core: str) -> str:
    return f"[{{LRT=11/22/2026 2:14:07 AM}};{{LED={core}}};{{FQDN=mx.fabrikam.example}};{{IP=198.51.100.25}}]"


def of_2016(core: str) -> str:
    return f"[{{LED={core}}};{{MSG=}};{{FQDN=mx.fabrikam.example}};{{IP=198.51.100.25}};{{LRT=11/22/2026 2:14:07 AM}}]"


def whole(value: str) -> str:
    return cases.queue_list(error=value)


def wrapped_at_blanks(value: str) -> str:
    """As an English console prints it: the blank of the wrap stays above, and only a word too long is cut."""
    return cases.queue_list(error=("\n" + " " * 16).join(re.findall(r".{1,59} |.{1,60}$|.{60}", value)))


def wrapped_and_trimmed(value: str) -> str:
    """The same after a copy that took the blanks at the ends away."""
    return "".join(f"{line.rstrip()}\n" for line in wrapped_at_blanks(value).split("\n"))


def wrapped_inside_words(value: str) -> str:
    """As a console of most other cultures prints it."""
    return cases.queue_list(error=("\n" + " " * 16).join(value[n : n + 60] for n in range(0, len(value), 60)))


def alone(value: str) -> str:
    return value + "\n"


def labelled(value: str) -> str:
    return f"LastError : {value}\n"


class TestTheQueuesWords:
    @pytest.mark.parametrize("printed", [whole, wrapped_at_blanks, wrapped_and_trimmed, wrapped_inside_words, alone])
    @pytest.mark.parametrize("wrapper", [bare, of_2013, of_2016])
    @pytest.mark.parametrize(("core", "meaning"), WORDINGS)
    def test_mean_the_same_in_every_wrapper_and_wrap(
        self, core: str, meaning: str, wrapper: Wording, printed: Wording
    ) -> None:
        taken = take(Case(), StepId.SYMPTOM, printed(wrapper(core)))
        assert taken.accepted
        assert [queue_meaning(queue.last_error).id for queue in taken.case.queues] == [meaning]
        assert meaning in {each.id for each in symptom(taken.case)}

    @pytest.mark.parametrize(("core", "meaning"), WORDINGS)
    def test_are_a_candidate_for_the_article_at_most(self, core: str, meaning: str) -> None:
        found = queue_meaning(core)
        assert found.fits is (meaning in CANDIDATES)
        if found.fits:
            assert "only the protocol log decides" in found.says
            assert found.next == "Go on to the connector and its log."

    def test_name_the_other_article_with_the_same_words(self) -> None:
        assert "KB 4495258" in queue_meaning(cases.TIMED_OUT).says

    def test_through_the_front_end_say_which_log_to_read(self) -> None:
        wrapped = f"Proxy session setup failed on Frontend with '{cases.TIMED_OUT}'"
        assert queue_meaning(wrapped).id == "candidate-timed-out"
        assert [remark for remark in queue_remarks(wrapped) if "FrontEnd" in remark]
        assert queue_remarks(cases.TIMED_OUT) == ()

    @pytest.mark.parametrize(
        "damaged", ["\u201c421 4.4.1 Connection timed out.\u201d", '""421 4.4.1 Connection timed out']
    )
    def test_may_have_lost_their_plain_quotes(self, damaged: str) -> None:
        words = f"451 4.4.0 Primary target IP address responded with: {damaged}"
        assert queue_meaning(words).id == "candidate-timed-out"

    @pytest.mark.parametrize("words", ["", "452 4.3.1 Insufficient system resources", "454 4.7.0 Failed to establish"])
    def test_that_nobody_knows_rule_nothing_out(self, words: str) -> None:
        found = queue_meaning(words)
        assert found.fits is None
        assert "does not rule the article out" in found.says

    def test_of_another_tls_channel_are_not_called_a_wrong_certificate(self) -> None:
        assert queue_meaning("454 4.7.0 Failed to establish appropriate TLS channel: Access Denied").fits is None

    def test_of_winsock_are_a_network_fault_whatever_stands_before(self) -> None:
        words = "451 4.4.395 Target host responded with error. -> 421 4.4.1 Connection timed out -> SocketTimedout"
        assert queue_meaning(words).id == "network"


class TestTheHandshakesErrors:
    @pytest.mark.parametrize(
        ("error", "fits", "ours"),
        [
            ("UnknownCredentials", True, True),
            ("NoCredentials", None, True),
            ("SocketError", False, False),
            ("InvalidToken", False, False),
            ("UntrustedRoot", False, False),
            ("CertExpired", False, False),
            ("CertUnknown", False, False),
            ("AlgorithmMismatch", False, False),
            ("IllegalMessage", False, False),
            ("ConnectionAborted", False, False),
            ("SomethingNew", None, False),
        ],
    )
    def test_belong_to_the_article_only_when_it_names_them(self, error: str, fits: bool | None, ours: bool) -> None:
        meaning = handshake_meaning(error)
        assert (meaning.fits, meaning.ours, meaning.id) == (fits, ours, error)

    def test_are_found_without_regard_to_case(self) -> None:
        assert handshake_meaning("unknowncredentials").fits

    def test_that_nobody_knows_are_shown_as_they_stand(self) -> None:
        assert handshake_meaning("Brand-New").says.startswith("Brand-New is an error the wizard does not know.")

    def test_of_no_credentials_asks_for_key_and_services_first(self) -> None:
        meaning = handshake_meaning("NoCredentials")
        assert "KB 4495258" in meaning.says
        assert "Bind nothing before" in meaning.next

    @pytest.mark.parametrize("error", ["UntrustedRoot", "CertExpired", "CertUnknown", "LogonDenied", "-2146885616"])
    def test_that_are_the_other_sides_word_about_our_certificate_say_so(self, error: str) -> None:
        meaning = handshake_meaning(error)
        assert meaning.about == "refused"
        assert meaning.says.startswith("The other side refused our certificate")

    def test_without_a_name_are_said_in_hex(self) -> None:
        assert "(0x80090304)" in handshake_meaning("-2146893052").says


class TestTheRules:
    def test_have_distinct_ids_and_whole_sentences(self) -> None:
        rules = asset_table("queue_errors.toml")["error"]
        assert len({rule["id"] for rule in rules}) == len(rules)
        others = asset_table("handshake_errors.toml").values()
        for sentence in [rule[part] for rule in (*rules, *others) for part in ("says", "next")]:
            assert re.fullmatch(r"[A-Z].*\.", sentence), sentence

    def test_are_either_for_the_article_or_against_it(self) -> None:
        assert {rule["fits"] for rule in asset_table("queue_errors.toml")["error"]} == {"yes", "no"}

    def test_put_what_can_be_the_article_before_what_cannot(self) -> None:
        two = cases.queue_list(error="451 4.4.0 DNS query failed", identity=r"EX01\1") + cases.queue_list()
        levels = [each.level for each in symptom(take(Case(), StepId.SYMPTOM, two).case)]
        assert levels == [Level.GOOD, Level.BLOCK, Level.INFO]
