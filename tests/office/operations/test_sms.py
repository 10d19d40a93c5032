"""``tantam office sms`` and ``receive``: an office on a link to a centre, and what came another way."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.office.channels.smpp.an_office import OfficeOnALink
from tests.office.operations.commands import TANTAM, done, environment, run
from tests.smsc.peer import PASSWORD, Peer, eventually, peer

pytestmark = pytest.mark.slow

PEOPLE = 40


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Peer]:
    with peer(tmp_path / "centre.jsonl", "--undelivered", "7") as made:
        yield made


@pytest.fixture
def office(tmp_path: Path, centre: Peer) -> OfficeOnALink:
    return OfficeOnALink(tmp_path, centre, PEOPLE)


def test_everything_due_goes_out_and_its_receipts_come_back(office: OfficeOnALink, centre: Peer) -> None:
    with office.working():
        eventually(lambda: len(centre.saw("ack", kind="receipt")) == PEOPLE, 30)
    assert sorted(event["to"] for event in centre.saw("submit")) == [f"849{n:08d}" for n in range(PEOPLE)]
    states = dict(office.asked("select state, count(*) from channels_message group by 1"))
    assert states == {"arrived": 36, "failed": 4}
    assert office.asked("select distinct error from channels_handed where ended = 'UNDELIV'") == [("011",)]


def test_an_sms_becomes_an_opinion_and_a_stop_is_confirmed_over_the_same_link(
    office: OfficeOnALink, centre: Peer, tmp_path: Path
) -> None:
    long = "Trạm phát sóng ở thôn tôi hỏng từ hôm bão, trẻ con không học được. " * 4
    done(tmp_path, "add", "hq", "Trụ sở")
    with office.working():
        eventually(lambda: len(centre.saw("submit")) == PEOPLE, 30)
        centre.tell(say={"from": "+84900000001", "text": long, "as": "parts"})
        centre.tell(say={"from": "+84900000002", "text": "TC"})
        eventually(lambda: office.asked("select count(*) from channels_incoming") == [(2,)])
        done(tmp_path, "work", "--once")
        eventually(lambda: len(centre.saw("submit", to="84900000002")) == 2)
    assert dict(office.asked("select became, count(*) from channels_incoming group by 1")) == {
        "opinion": 1,
        "stop": 1,
    }
    assert office.asked("select text from opinions_opinion") == [(long.strip(),)]
    assert "Da nhan yeu cau tu choi" in centre.saw("submit", to="84900000002")[1]["text"]


def test_a_second_link_waits_and_takes_over(office: OfficeOnALink, centre: Peer) -> None:
    with office.working() as first:
        eventually(lambda: len(centre.saw("bind")) == 1, 30)
        with office.another() as second:
            assert second.poll() is None
            first.send_signal(signal.SIGTERM)
            assert first.wait(30) == 0
            eventually(lambda: len(centre.saw("bind")) == 2, 30)
    assert len(centre.saw("bind", status=0)) == 2


def test_it_binds_again_when_the_centre_hangs_up(office: OfficeOnALink, centre: Peer) -> None:
    with office.working():
        for times in (1, 2, 3):
            centre.wait("bind", times)
            centre.tell(close=True)
        eventually(lambda: len(centre.saw("bind", status=0)) == 4, 30)


def test_a_wrong_password_is_said_and_nothing_is_lost(
    office: OfficeOnALink, centre: Peer, tmp_path: Path
) -> None:
    told = {"TANTAM_SMS": centre.url(), "TANTAM_SMS_PASSWORD": "wrong"}
    words = [*TANTAM, "office", "sms", "--home", str(tmp_path)]
    with subprocess.Popen(words, env=environment(**told), stderr=subprocess.PIPE, text=True) as link:
        assert link.stderr is not None
        assert '"smpp_no_bind"' in link.stderr.readline()
        link.send_signal(signal.SIGTERM)
        assert link.wait(30) == 0
    assert office.asked("select state, count(*) from channels_message group by 1") == [("waiting", PEOPLE)]


@pytest.mark.parametrize(
    ("settings", "code", "exit_code"),
    [
        ({}, "no_sms_centre", 2),
        ({"TANTAM_SMS": "console"}, "no_sms_centre", 2),
        (
            {"TANTAM_SMS": "smpp://tantam@127.0.0.1", "TANTAM_SMS_PASSWORD": "too long by far"},
            "bad_setting",
            3,
        ),
        ({"TANTAM_SMS": "smpp://127.0.0.1", "TANTAM_SMS_PASSWORD": PASSWORD}, "bad_setting", 3),
        ({"TANTAM_SMS": "smpps", "TANTAM_SMS_PASSWORD": PASSWORD}, "bad_setting", 3),
    ],
)
def test_settings_that_cannot_be_are_said(
    home: Path, settings: dict[str, str], code: str, exit_code: int
) -> None:
    result = run(home, "sms", **settings)
    assert (result.returncode, f"[{code}]" in result.stderr + result.stdout) == (exit_code, True)


def test_what_came_another_way_becomes_what_it_is(home: Path) -> None:
    done(home, "receive", "0912345678", "Mạng ở xã tôi yếu quá", "--ref", "7")
    done(home, "receive", "0912345678", "Mạng ở xã tôi yếu quá", "--ref", "7")
    done(home, "work", "--once")
    assert _rows(home, "select text, channel from opinions_opinion") == [("Mạng ở xã tôi yếu quá", "sms")]


def _rows(home: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(home / "office.sqlite3", timeout=30)) as base:
        return base.execute(query).fetchall()
