"""Mails against a real SMTP server: once, with their label and way out, and no more said than is known."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from tantam.errors import BadInput
from tantam.office.channels import actions, addresses
from tantam.office.channels.gateways import Answer, Out
from tantam.office.channels.mail import LONGEST_SUBJECT, Mail, written
from tantam.office.channels.mail_server import Server, server
from tantam.office.channels.models import Handed, Message
from tantam.office.worker import chores
from tests.office.channels.a_message import a_message, a_yes, number
from tests.office.channels.an_smtp_server import HANG_UP, Post, certificate, post

FROM = "Sao Mai <cham-soc@saomai.example>"
TEXT = "Trạm gần nhà bác đã sửa xong.\nCảm ơn bác đã nhắc.\n.\nSao Mai"


def at(post: Post, sender: str = FROM) -> Server:
    return server(f"smtp://127.0.0.1:{post.server_address[1]}", "", sender)


def out(n: int = 1, text: str = TEXT) -> Out:
    return Out(UUID(int=n), n, "mail", text, "", f"khach{n}@example.com")


def hand(post: Post, count: int = 1) -> list[Answer]:
    return list(Mail(at(post)).submit(out(n) for n in range(1, count + 1)))


def said(answers: list[Answer]) -> list[tuple[int, str]]:
    """Each answer as the number of its mail, and what it says."""
    return [(a.id.int, "again" if a.again else a.error or "ok") for a in answers]


def test_a_mail_as_it_arrives() -> None:
    with post() as there:
        (answer,) = hand(there)
        (mail,) = there.mails
    assert answer.refs == (f"<{UUID(int=1)}@saomai.example>",) == (mail["Message-ID"],)
    assert (mail["From"], mail["To"]) == (FROM, "khach1@example.com")
    assert mail["Subject"] == "Trạm gần nhà bác đã sửa xong."
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == "<mailto:cham-soc@saomai.example?subject=TC>"
    assert mail["Date"].datetime is not None
    assert mail.get_content().splitlines() == TEXT.splitlines()
    assert [line for line in there.heard if line[:4] in ("mail", "rcpt")] == [
        "mail FROM:<cham-soc@saomai.example>",
        "rcpt TO:<khach1@example.com>",
    ]


def test_many_over_one_connection() -> None:
    with post() as there:
        assert said(hand(there, 3)) == [(1, "ok"), (2, "ok"), (3, "ok")]
    assert sum(line.lower().startswith("ehlo") for line in there.heard) == 1
    assert there.heard[-1].lower() == "quit"


@pytest.mark.parametrize(
    ("says", "first"),
    [
        ({"MAIL": ["451 later"]}, "again"),
        ({"MAIL": [HANG_UP]}, "again"),
        ({"MAIL": ["552 no"]}, "smtp_552"),
        ({"RCPT": ["450 busy"]}, "again"),
        ({"RCPT": ["550 nobody"]}, "smtp_550"),
        ({"RCPT": ["421 closing"]}, "again"),
        ({"RCPT": ["what?"]}, "again"),
        ({"DATA": ["451 later"]}, "again"),
        ({"DATA": ["554 no"]}, "smtp_554"),
        ({"WORDS": ["452 full"]}, "again"),
        ({"WORDS": ["554 spam"]}, "smtp_554"),
        ({"RCPT": ["550 nobody"], "RSET": [HANG_UP]}, "smtp_550"),
    ],
)
def test_what_went_wrong_is_said_and_the_next_one_goes(says: dict[str, list[str]], first: str) -> None:
    with post(**says) as there:
        assert said(hand(there, 2)) == [(1, first), (2, "ok")]
    assert len(there.mails) == 1


@pytest.mark.parametrize("says", [{"WORDS": [HANG_UP]}, {"WORDS": ["what?"]}, {"DATA": [HANG_UP]}])
def test_of_what_may_have_gone_nothing_is_said(says: dict[str, list[str]]) -> None:
    with post(**says) as there:
        assert said(hand(there, 2)) == [(2, "ok")]


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        gone = server(f"smtp://127.0.0.1:{free.getsockname()[1]}", "", FROM)
    assert said(list(Mail(gone).submit([out(1), out(2)]))) == [(1, "again"), (2, "again")]


@pytest.mark.parametrize("says", [{"EHLO": ["421 no"], "HELO": ["421 no"]}, {"EHLO": [HANG_UP]}])
def test_a_server_that_does_not_greet(says: dict[str, list[str]]) -> None:
    with post(**says) as there:
        assert said(hand(there, 1)) == [(1, "again")]


def test_a_password_is_never_sent_in_the_clear() -> None:
    with post(EHLO=["250-post\r\n250 AUTH PLAIN LOGIN"]) as there:
        user = server(f"smtp://care@127.0.0.1:{there.server_address[1]}", "mật khẩu", FROM)
        assert said(list(Mail(user).submit([out()]))) == [(1, "again")]
    assert not [line for line in there.heard if line.upper().startswith("AUTH")]


@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl")
@pytest.mark.parametrize("trusted", [True, False])
def test_a_password_goes_under_tls_to_a_server_we_trust(
    trusted: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offers = ["250-post\r\n250-STARTTLS\r\n250 AUTH PLAIN", "250-post\r\n250 AUTH PLAIN"]
    with post(certificate(tmp_path), EHLO=offers) as there:
        if trusted:
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        user = server(f"smtp://care@127.0.0.1:{there.server_address[1]}", "secret", FROM)
        assert said(list(Mail(user).submit([out()]))) == [(1, "ok" if trusted else "again")]
    verbs = [line[:4].upper() for line in there.heard]
    assert verbs == (
        ["EHLO", "STAR", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"] if trusted else ["EHLO", "STAR"]
    )


@given(st.text())
def test_no_text_makes_a_header_or_a_broken_mail(text: str) -> None:
    whole = written(out(text="Tin: " + text), server("smtp://localhost", "", FROM))
    assert sorted(name.lower() for name in whole) == sorted(
        ["from", "to", "subject", "date", "message-id", "auto-submitted", "list-unsubscribe", "mime-version",
         "content-type", "content-transfer-encoding"]
    )  # fmt: skip
    head, _, body = whole.as_bytes().partition(b"\r\n\r\n")
    assert b"\nBcc" not in head
    assert head.isascii() and body.isascii()
    assert len(whole["Subject"]) <= LONGEST_SUBJECT + 1


def test_a_line_that_looks_like_a_header() -> None:
    whole = written(
        out(text="Chào bác\r\nBcc: tatca@example.com\r\n\r\nHết"), server("smtp://localhost", "", FROM)
    )
    assert whole["Subject"] == "Chào bác"
    assert whole["Bcc"] is None


def test_a_long_first_line_is_cut_at_a_word() -> None:
    subject = str(written(out(text="chữ " * 60), server("smtp://localhost", "", FROM))["Subject"])
    assert subject.endswith("chữ…") and len(subject) <= LONGEST_SUBJECT


@pytest.mark.parametrize(
    ("url", "password", "sender"),
    [
        ("http://host", "", FROM),
        ("smtp://", "", FROM),
        ("smtp://host:99999", "", FROM),
        ("smtp://host/path", "", FROM),
        ("smtp://care:secret@host", "secret", FROM),
        ("smtp://care@host", "", FROM),
        ("smtp://host", "secret", FROM),
        ("smtp://host", "", ""),
        ("smtp://host", "", "Sao Mai"),
        ("smtp://host", "", "a@b.example\nBcc: c@d.example"),
        ("smtp://host", "", "chăm-sóc@saomai.example"),
    ],
)
def test_what_names_no_server(url: str, password: str, sender: str) -> None:
    with pytest.raises(BadInput, match="bad_setting") as no:
        server(url, password, sender)
    assert "secret" not in str(no.value)


def test_a_wrong_setting_stops_the_start(settings: Any) -> None:
    settings.MAIL, settings.MAIL_FROM = "http://host", FROM
    with pytest.raises(BadInput, match="bad_setting"):
        apps.get_app_config("channels").ready()


def test_what_names_one() -> None:
    assert server("smtps://care%40x.example@host", "p", FROM) == Server(
        "host", 465, "care@x.example", "p", FROM, tls=True
    )
    plain = server("smtp://localhost", "", FROM)
    assert (plain.port, plain.starttls, plain.address) == (25, False, "cham-soc@saomai.example")
    with_user = server("smtp://care@host:587", "secret", FROM)
    assert with_user.starttls and "secret" not in repr(with_user)


@pytest.fixture
def four(world: Any) -> Any:
    """Three mails and a text, to two people with an address and one without."""
    for key in (5, 6):
        addresses.record(
            actor=world.dung, at=world.at, key=key, mail=f"khach{key}@example.com", said_at=world.at,
            proof="phiếu",
        )  # fmt: skip
    a_yes(world)
    a_message(
        world, 1, channel="mail", purpose="advertising", opt_out="Từ chối: soạn TC gửi 199", text="Gói V120."
    )
    a_message(world, 2, channel="mail", key=6)
    a_message(world, 3, channel="mail", key=7)
    a_message(world, 4)
    return world


class Turn:
    """A worker's turn that never runs out."""

    def __init__(self, at: Any) -> None:
        self.at = at

    def save(self, **checkpoint: object) -> None:
        pass


def states() -> list[tuple[str, str, str]]:
    rows = {row.pk: (row.state, row.code, row.gateway) for row in Message.objects.all()}
    return [rows[number(("message", name))] for name in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("sms", "texted"), [("no", ("waiting", "", "")), ("console", ("sent", "allowed", "console"))]
)
def test_the_worker_sends_mails(four: Any, settings: Any, sms: str, texted: tuple[str, str, str]) -> None:
    with post(RCPT=["550 nobody"]) as there:
        settings.SMS, settings.MAIL_FROM = sms, FROM
        settings.MAIL = f"smtp://127.0.0.1:{there.server_address[1]}"
        turn: Any = Turn(four.at)
        chores.send_messages(turn)
        chores.send_messages(turn)
    refused, went, nowhere, text = states()
    assert (nowhere, text) == (("refused", "no_number", ""), texted)
    assert {refused[0], went[0]} == {"failed", "sent"}
    assert len(there.mails) == 1
    assert Handed.objects.filter(gateway="mail").count() == 1


def test_the_label_stands_first_in_the_subject(four: Any) -> None:
    with post() as there:
        assert actions.send_due(Mail(at(there)), at=four.at)["send"] == 2
    (ad,) = [mail for mail in there.mails if mail["To"] == "khach5@example.com"]
    assert ad["Subject"].startswith("[QC] Gói V120.")
    assert ad.get_content().rstrip().endswith("Từ chối: soạn TC gửi 199")


def test_what_could_not_go_now_goes_a_minute_later(four: Any) -> None:
    from tantam.office.channels.sending import AGAIN

    with post(MAIL=["451 later"]) as there:
        gateway = Mail(at(there))
        actions.send_due(gateway, at=four.at)
        assert len(there.mails) == 1
        actions.send_due(gateway, at=four.at + AGAIN)
    assert sorted(mail["To"] for mail in there.mails) == ["khach5@example.com", "khach6@example.com"]


def test_what_nobody_knows_of_is_not_sent_again(four: Any) -> None:
    from tantam.office.channels.sending import SILENT

    with post(WORDS=[HANG_UP]) as there:
        gateway = Mail(at(there))
        actions.send_due(gateway, at=four.at)
        actions.give_up(at=four.at + SILENT)
        actions.send_due(gateway, at=four.at + SILENT)
    assert len(there.mails) == 1
    assert sorted(state for state, *_ in states()[:2]) == ["sent", "unknown"]
