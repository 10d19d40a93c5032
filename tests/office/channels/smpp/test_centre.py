"""The link against an SMS centre of another make: what goes out, what comes in, every way to lose the connection."""

from __future__ import annotations

import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tantam.errors import Fault, Refused
from tantam.office.channels.smpp.link import Link
from tantam.office.channels.smpp.pdus import Answered, Came, Receipted, Short
from tantam.office.channels.smpp.place import place
from tantam.office.channels.sms import parts, receipts
from tests.smsc.peer import PASSWORD, Peer, eventually, peer

pytestmark = pytest.mark.slow

PHONE = "+84912345678"
LONG = "Kính gửi bà con: mạng ở thôn đã sửa xong. " * 4
SHORT = "Xin chao, co @ va $ va {ngoac}"


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Peer]:
    with peer(tmp_path / "centre.log") as one:
        yield one


@contextmanager
def bound(centre: Peer, **settings: object) -> Iterator[Link]:
    link = Link(place(centre.url(**settings), PASSWORD))
    link.bind()
    try:
        yield link
    finally:
        link.unbind()


def shorts(text: str, mark: str = "m", to: str = PHONE) -> list[Short]:
    plan = parts.plan(text)
    messages = parts.messages(plan, 7)
    return [
        Short((mark, number), to, octets, plan.coding == "ucs2", len(messages) > 1)
        for number, octets in enumerate(messages)
    ]


def until(link: Link, count: int) -> list[Came | Receipted]:
    """So many things that came."""
    came: list[Came | Receipted] = []
    eventually(lambda: came.extend(link.read(0.1)) or len(came) >= count)
    assert len(came) == count
    return came


def text_of(came: list[Came | Receipted]) -> str | None:
    return parts.join(parts.read(c.octets, c.coding, header=c.header) for c in came if isinstance(c, Came))


def test_a_wrong_password_and_a_wrong_name_are_refused(centre: Peer) -> None:
    for url, password in ((centre.url(), "wrong"), (centre.url().replace("//tantam", "//other"), PASSWORD)):
        with pytest.raises(Refused) as wrong:
            Link(place(url, password)).bind()
        assert wrong.value.code == "smpp_no_bind"
    assert [bind["status"] for bind in centre.saw("bind")] == [0x0E, 0x0F]


def test_a_centre_that_takes_the_connection_and_says_nothing(
    centre: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre.tell(silent=True)
    monkeypatch.setattr("tantam.office.channels.smpp.link.CONNECT_SECONDS", 0.3)
    with pytest.raises(Fault) as wrong:
        Link(place(centre.url(), PASSWORD)).bind()
    assert wrong.value.code == "smpp_no_centre"


def test_a_long_text_goes_out_in_parts_and_a_short_one_whole(centre: Peer) -> None:
    with bound(centre, sender="TANTAM") as link:
        assert [one.ref for one in link.submit(shorts(LONG) + shorts(SHORT))] == [
            str(1000000001 + n) for n in range(4)
        ]
        *long, whole = centre.wait("submit", 4)
    assert "".join(submit["text"] for submit in long) == LONG
    assert [(submit["esm"], submit["coding"]) for submit in long] == [(0x40, 8)] * 3
    assert (whole["text"], whole["esm"], whole["coding"]) == (SHORT, 0, 0)
    for submit in [*long, whole]:
        assert (submit["from"], submit["from_ton"], submit["from_npi"]) == ("TANTAM", 5, 0)
        assert (submit["to"], submit["ton"], submit["npi"]) == ("84912345678", 1, 1)
        assert submit["registered"] == 1


@pytest.mark.parametrize(
    ("options", "ids", "written"),
    [
        ((), ["1000000001", "1000000002"], "1000000001"),
        (("--receipts", "text"), ["1000000001", "1000000002"], "1000000001"),
        (("--ids", "hex"), ["3b9aca01", "3b9aca02"], "001000000001"),
    ],
)
def test_receipts_find_their_messages(
    tmp_path: Path, options: tuple[str, ...], ids: list[str], written: str
) -> None:
    with (
        peer(tmp_path / "log", *options, "--undelivered", "9", "--delay", "20") as centre,
        bound(centre) as link,
    ):
        sent = [*shorts(SHORT), *shorts(SHORT, to="+84912345679")]
        assert [one.ref for one in link.submit(sent)] == ids
        good, bad = (one for one in until(link, 2) if isinstance(one, Receipted))
    assert (good.ref, good.state, good.number) == (written, "DELIVRD", "+84912345678")
    assert (bad.state, bad.number, bad.receipt.error) == ("UNDELIV", "+84912345679", "011")
    assert {*receipts.candidates(good.ref)} & {*receipts.candidates(ids[0])}


@pytest.mark.parametrize("how", ["whole", "parts", "payload", "sar"])
@pytest.mark.parametrize("coding", ["ucs2", "gsm"])
def test_a_persons_message_comes_in(centre: Peer, how: str, coding: str) -> None:
    text = {"ucs2": "Mạng yếu quá 😢 ", "gsm": "Mang yeu qua {}"}[coding] * (1 if how == "whole" else 15)
    with bound(centre) as link:
        centre.tell(say={"from": PHONE, "text": text, "as": how, "coding": coding})
        expected = 1 if how in {"whole", "payload"} else len(centre.wait("deliver", 2))
        came = until(link, expected)
        assert {one.number for one in came} == {PHONE}
        assert text_of(came) == text


def test_nothing_is_acknowledged_before_the_caller_says_so(centre: Peer) -> None:
    with bound(centre) as link:
        centre.tell(say={"from": "0912345678", "text": "Mạng yếu quá"})
        [came] = until(link, 1)
        assert came.number == PHONE
        assert link.prove()
        assert not centre.saw("ack")
        assert link.confirmed < came.token
        link.acknowledge([came.token])
        assert link.prove()
        assert link.confirmed == came.token
        assert [ack["status"] for ack in centre.saw("ack")] == [0]


def test_what_the_caller_turns_away_comes_again(centre: Peer) -> None:
    with bound(centre) as link:
        centre.tell(say={"from": PHONE, "text": "Mạng yếu"})
        link.acknowledge([until(link, 1)[0].token], ok=False)
        [again] = until(link, 1)
        assert text_of([again]) == "Mạng yếu"
        link.acknowledge([again.token])
        assert link.prove()
    assert [ack["status"] for ack in centre.saw("ack")] == [0x64, 0]


def test_what_was_not_acknowledged_comes_again_after_the_link_dropped(centre: Peer) -> None:
    with bound(centre) as link:
        for name in ("một", "hai", "ba"):
            centre.tell(say={"from": PHONE, "text": name})
        came = until(link, 3)
        link.acknowledge([came[0].token])
        assert link.prove()
        centre.tell(close=True)
        assert link.read(2) == []
        assert not link.alive
        link.acknowledge([came[1].token])
    with bound(centre) as link:
        came = until(link, 2)
        assert [text_of([one]) for one in came] == ["hai", "ba"]
        link.acknowledge(one.token for one in came)
        assert link.prove()
    with bound(centre) as link:
        assert link.read(0.2) == []


def test_what_came_before_the_link_broke_may_still_be_read(centre: Peer) -> None:
    with bound(centre) as link:
        centre.tell(say={"from": PHONE, "text": "Mạng yếu"})
        centre.wait("deliver")
        centre.tell(drop="after_answer")
        list(link.submit(shorts(SHORT)))
        assert [text_of([one]) for one in link.read(1) if isinstance(one, Came)] == ["Mạng yếu"]


def test_a_flood_is_read_whole_while_much_is_sent(centre: Peer) -> None:
    with bound(centre) as link:
        centre.tell(flood={"count": 1000, "from": PHONE, "window": 50})
        answered, came = [], []
        for answer in link.submit(short for n in range(500) for short in shorts(SHORT, str(n))):
            answered.append(answer)
            new = link.read(0)
            link.acknowledge(one.token for one in new)
            came += new
        while len(came) < 1500 and (new := link.read(2)):
            link.acknowledge(one.token for one in new)
            came += new
        assert link.prove()
    assert {one.mark for one in answered} == {(str(n), 0) for n in range(500)}
    assert {one.error for one in answered} == {0}
    texts = [text_of([one]) for one in came if isinstance(one, Came)]
    assert texts == [f"Tin {n}" for n in range(1, 1001)]
    refs = [one.ref for one in came if isinstance(one, Receipted)]
    assert sorted(refs) == sorted(one.ref for one in answered)
    assert len(centre.saw("ack", status=0)) == 1500


def test_throttled_messages_are_tried_again_and_none_is_sent_twice(centre: Peer) -> None:
    with bound(centre, window=10) as link:
        centre.tell(throttle=15)
        found = list(link.submit(short for n in range(30) for short in shorts(SHORT, str(n))))
    assert {(one.error, one.again) for one in found} == {(0, False)}
    taken = centre.saw("submit", status=0)
    assert [submit["id"] for submit in taken] == [one.ref for one in found]
    assert len(taken) == 30
    assert len(centre.saw("submit", status=0x58)) == 15


def test_a_refused_message_is_an_answer(centre: Peer) -> None:
    with bound(centre) as link:
        centre.tell(refuse=0x0B)
        assert list(link.submit(shorts(SHORT))) == [Answered(("m", 0), "", 0x0B)]


def test_the_link_breaks_before_an_answer(centre: Peer) -> None:
    with bound(centre, window=1) as link:
        centre.tell(drop="before_answer")
        found = list(link.submit(short for mark in "abc" for short in shorts(SHORT, mark)))
        assert found == [Answered(("b", 0), again=True), Answered(("c", 0), again=True)]
        assert not link.alive
    with bound(centre) as link:  # the centre had taken it, and says what became of it
        [came] = until(link, 1)
        assert isinstance(came, Receipted)
        assert came.ref == centre.saw("submit")[0]["id"]


def test_the_link_breaks_after_an_answer(centre: Peer) -> None:
    """The second may be written whole before the end is seen: then nobody says what became of it, and it is not given
    back. The third waits for the second's answer, so it never goes out."""
    with bound(centre, window=1) as link:
        centre.tell(drop="after_answer")
        first, *rest = link.submit(_one(text) for text in ("một", "hai", "ba"))
        assert first == Answered("một", "1000000001")
        assert not link.alive
    with bound(centre) as link:
        assert link.prove()
    given_back, taken = [one.mark for one in rest], [one["text"] for one in centre.saw("submit")]
    assert all(one.again and not one.error for one in rest)
    assert (given_back, taken) in ((["hai", "ba"], ["một"]), (["ba"], ["một"]), (["ba"], ["một", "hai"]))


def test_whatever_breaks_nothing_goes_out_twice_and_nothing_that_came_is_lost(tmp_path: Path) -> None:
    chance = random.Random(20261122)
    unsent, answered, kept = [f"Tin {n}" for n in range(400)], set(), set()
    with peer(tmp_path / "log", "--receipts", "none") as centre:
        for at in range(200):
            centre.tell(say={"from": PHONE, "text": f"Nghe {at}"})
        while unsent:
            with bound(centre, window=chance.choice([1, 3, 7])) as link:
                fault = chance.choice(["drop", "drop", "drop", "close", "throttle"])
                at = chance.randrange(12)
                again = []
                for count, one in enumerate(link.submit(_one(text) for text in unsent[:20])):
                    if one.again:
                        again.append(one.mark)
                    else:
                        answered.add(one.mark)
                    if count == at:
                        value = {"drop": chance.choice(["before_answer", "after_answer"]), "throttle": 2}
                        centre.tell(**{fault: value.get(fault, True)})
                    came = link.read(0)
                    kept |= {text_of([one]) for one in came}
                    link.acknowledge([one.token for one in came][: chance.choice([0, 3, 99])])
                unsent = again + unsent[20:]
        with bound(centre) as link:
            while came := link.read(0.5):
                kept |= {text_of([one]) for one in came}
                link.acknowledge(one.token for one in came)
            assert link.prove()
        taken = [submit["text"] for submit in centre.saw("submit", status=0)]
        assert len(taken) == len(set(taken))
        assert answered <= set(taken)
        assert len(centre.saw("closed")) > 20
        assert len(centre.saw("ack", status=0)) >= 200
    assert kept == {f"Nghe {at}" for at in range(200)}


def _one(text: str) -> Short:
    [short] = shorts(text, text)
    return Short(text, short.to, short.octets, short.ucs2)


def test_a_centre_that_stops_answering_is_taken_for_dead(centre: Peer) -> None:
    link = Link(place(centre.url(window=2), PASSWORD), monotonic=lambda: time.monotonic() * 60)
    link.bind()
    centre.tell(silent=True)
    assert [one.mark[0] for one in link.submit(short for m in "abcd" for short in shorts(SHORT, m))] == [
        "c",
        "d",
    ]
    assert not link.alive


@pytest.mark.parametrize(
    ("octets", "answer", "alive"),
    [
        ("00000010000001100000000000000063", "generic_nack", True),  # a command that nobody knows
        (
            "0000001400000005000000000000006400010101",
            "deliver_sm_resp",
            True,
        ),  # a deliver_sm that ends too soon
        ("0000001080000110000000000a342ee7", None, True),  # an answer to nothing
        ("00000004", "generic_nack", False),
        ("ffffffff", "generic_nack", False),
    ],
)
def test_malformed_octets(centre: Peer, octets: str, answer: str | None, alive: bool) -> None:
    with bound(centre) as link:
        centre.tell(malformed=octets)
        centre.tell(say={"from": PHONE, "text": "Mạng yếu"})
        came = until(link, 1) if alive else link.read(2)
        assert [text_of([one]) for one in came if isinstance(one, Came)] == ["Mạng yếu"] * alive
        assert link.alive is alive
        if answer == "generic_nack":
            assert centre.wait("answer", command=answer)
    with bound(centre) as link:
        assert text_of(until(link, 1)) == "Mạng yếu"


def test_a_centre_that_asks_and_says_goodbye(centre: Peer) -> None:
    with bound(centre) as link:
        centre.tell(enquire=True)
        link.read(0.2)
        assert centre.wait("alive")
        centre.tell(unbind=True)
        link.read(2)
        assert not link.alive
        assert centre.wait("answer", command="unbind_resp")


def test_over_tls_with_a_certificate_that_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is needed")
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    self_signed = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=x -addext subjectAltName=IP:127.0.0.1"
    command = [openssl, *self_signed.split(), "-keyout", str(key), "-out", str(cert)]
    subprocess.run(command, check=True, capture_output=True)
    with peer(tmp_path / "log", "--key", str(key), "--cert", str(cert)) as centre:
        where = place(centre.url().replace("smpp://", "smpps://"), PASSWORD)
        with pytest.raises(Fault, match="certificate"):
            Link(where).bind()
        monkeypatch.setenv("SSL_CERT_FILE", str(cert))
        link = Link(where)
        link.bind()
        centre.tell(say={"from": PHONE, "text": LONG * 3})
        answers = list(link.submit(short for n in range(200) for short in shorts(LONG, str(n))))
        assert [one.error for one in answers] == [0] * 600
        assert len(centre.saw("submit")) == 600
        assert text_of([one for one in link.read(1) if isinstance(one, Came)]) == LONG * 3
        link.unbind()
