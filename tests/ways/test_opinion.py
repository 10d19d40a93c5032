"""One opinion, from an SMS over a centre that shares no code with us to the speaker who is told what became of it."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Page, expect

from tantam.base.home import Home
from tantam.clock import HANOI
from tests.office import pg
from tests.smsc.peer import PASSWORD, Peer, eventually, peer
from tests.ways.an_office import COMMAND, Office

pytestmark = pytest.mark.browser
WORDS = "Lắp thêm trạm ở khu này, xong trước hè."
DONE = "Đã lắp trạm mới, sóng đủ cả ban đêm."


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Peer]:
    with peer(tmp_path / "centre.jsonl") as made:
        yield made


@pytest.fixture(params=["sqlite", "postgres"])
def office(request: pytest.FixtureRequest, tmp_path: Path, centre: Peer) -> Iterator[Office]:
    settings = {"TANTAM_SMS": centre.url(sender="TANTAM"), "TANTAM_SMS_PASSWORD": PASSWORD}
    if request.param == "postgres":
        found = pg.urls()
        if found is None:
            pytest.skip("there is no PostgreSQL here")
        settings |= dict(zip(("TANTAM_DATABASE_URL", "TANTAM_HEALTH_DATABASE_URL"), found, strict=True))
    office = Office(tmp_path / "home", **settings)
    made = tmp_path / "made"
    subprocess.run(
        [*COMMAND, "sample", "base", "--subscribers", "4000", "--seed", "3", "--out", made], check=True
    )
    office.run("base", "load", made)
    said = tmp_path / "said.parquet"
    words = ["sample", "opinions", "--base", office.home, "-n", "6000", "--seed", "3", "--out", said]
    subprocess.run([*COMMAND, *map(str, words)], check=True)
    named = [
        word for name in ("text", "id", "key", "when", "where", "channel") for word in (f"--{name}", name)
    ]
    office.run("listen", "run", said, *named, "--out", "first")
    office.run("office", "migrate")
    office.run("office", "add", "hq", "Trụ sở")
    office.run(
        "office", "staff", "add", "yen", "Đỗ Hải Yến", "--office", "hq", "--duty", "policy", "--title", "chị"
    )
    yield office
    office.kill()


def test_an_opinion_from_an_sms_to_the_speaker_who_is_told(office: Office, centre: Peer, phone: Page) -> None:
    link = office.serve("--sign-in", "yen")
    office.start("office", "work")
    office.start("office", "sms")
    root = f"http://127.0.0.1:{office.port}"
    speaker, said = _speaker(office.home), _what_many_say(office.home)
    centre.wait("bind")
    centre.tell(say={"from": speaker, "text": said})
    centre.wait("ack", kind="sms", status=0)

    phone.goto(link)
    theme = _find_theme(phone, root)
    assert phone.get_by_text(said[:40]).first.is_visible()
    phone.fill("[name=words]", WORDS)
    phone.fill("[name=due]", (datetime.now(HANOI) + timedelta(days=30)).date().isoformat())
    phone.get_by_role("button", name=re.compile("^Trả lời")).click()
    expect(phone.get_by_text(WORDS).first).to_be_visible()
    phone.fill("[name=what]", DONE)
    phone.fill("[name=proof]", "Biên bản nghiệm thu 12/BB")
    phone.get_by_role("button", name="Ghi việc đã làm, giữ lời").click()
    phone.get_by_role("button", name="Công bố", exact=True).click()
    phone.get_by_role("button", name="Báo cho người đã nói").click()

    number = speaker.removeprefix("+")
    # A long text comes in parts, each a message of its own.
    eventually(lambda: DONE in "".join(part["text"] for part in centre.saw("submit", to=number)), 60)
    eventually(lambda: "tới máy" in _again(phone, theme), 60)
    phone.context.clear_cookies()
    phone.goto(root + "/public/changes/")
    expect(phone.get_by_text(DONE).first).to_be_visible()
    assert speaker[3:] not in phone.content()


def _speaker(home: Path) -> str:
    """The number of some subscriber."""
    return str(pq.read_table(Home(home).phones, columns=["phone"])["phone"][17].as_py())


def _what_many_say(home: Path) -> str:
    """Words of the theme that most people speak of."""
    (file,) = (home / "listened").glob("*/themes.json")
    themes = json.loads(file.read_text(encoding="utf-8"))
    return str(themes[0]["quotes"][0]["text"])


def _find_theme(phone: Page, root: str) -> str:
    """The page of the one theme that somebody spoke on."""
    link = phone.locator("main table a[href^='/opinions/themes/']")
    for _ in range(60):
        phone.goto(root + "/opinions/themes/")
        if link.count():
            break
        phone.wait_for_timeout(500)
    phone.goto(root + str(link.first.get_attribute("href")))
    return phone.url


def _again(phone: Page, address: str) -> str:
    phone.goto(address)
    return phone.locator("main").inner_text()
