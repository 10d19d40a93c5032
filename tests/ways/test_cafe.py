"""One café meeting, walked in a real browser on a phone of 360 px: from the plan to a promise kept and proved.

The server is a process of its own and is killed in the middle of a sentence; nothing that was written may be lost.
"""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tantam.clock import HANOI
from tests.ways.an_office import COMMAND, Office

pytestmark = pytest.mark.browser
HEARD = "Mưa lớn là xóm tôi mất sóng cả buổi. Gọi 0912 345 678 thì bảo chờ."
UNSENT = "Nhà mạng khác báo trước khi cúp sóng để sửa."
HALF = "Tôi dùng mười một năm, chưa ai hỏi"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "home")
    subprocess.run(
        [*COMMAND, "sample", "base", "--subscribers", "4000", "--seed", "3", "--out", tmp_path / "made"],
        check=True,
    )
    office.run("base", "load", tmp_path / "made")
    office.run("office", "migrate")
    office.run("office", "add", "hq", "Trụ sở")
    office.run("office", "add", "hcm", "TP. Hồ Chí Minh", "--under", "hq", "--province", "Hồ Chí Minh")
    office.run("office", "add", "q3", "Chi nhánh Quận 3", "--under", "hcm", "--province", "Hồ Chí Minh")
    lam = ("--office", "q3", "--duty", "director", "--title", "anh")
    office.run("office", "staff", "add", "lam", "Trương Ngọc Lâm", *lam)
    yen = ("--office", "hq", "--duty", "policy", "--title", "chị")
    office.run("office", "staff", "add", "yen", "Đỗ Hải Yến", *yen)
    yield office
    office.kill()


def test_a_cafe_from_the_plan_to_a_kept_promise(office: Office, phone: Page) -> None:
    link = office.serve("--sign-in", "lam")
    root = f"http://127.0.0.1:{office.port}"
    phone.goto(link)
    assert phone.url == root + "/"
    event = _plan(phone, root)
    _call(phone, event)
    _attend(phone, event)
    _write_while_the_server_dies(phone, event, office)
    _read_back_and_seal(phone, event)
    _forward(phone, event)
    rate = json.loads(office.run("promises", "rate", "--json"))
    assert rate["released"] == 0
    assert rate["due"] == rate["kept_on_time"] + rate["kept_late"] + rate["broken"] + rate["open_late"]
    office.run("office", "work", "--once")
    proof = json.loads(office.run("office", "prove", "--json"))
    assert proof["ok"] is True
    assert proof["entries"] > 20
    phone.goto(link)
    assert phone.url != root + "/", "the link works once"


def _plan(phone: Page, root: str) -> str:
    phone.goto(root + "/events/plan/")
    phone.fill("[name=on]", datetime.now(HANOI).date().isoformat())
    phone.fill("[name=place]", "Cà phê Vườn Xoài, Quận 3")
    phone.fill("[name=starts_at]", "15:00")
    phone.fill("[name=ends_at]", "16:10")
    phone.locator("main form button.main").click()
    found = re.match(r".*/events/\d+/", phone.url)
    assert found, phone.url
    event = found.group()
    phone.goto(event)
    if not phone.locator("table.t tbody tr").count():
        phone.locator(".lede button.main").click()
    expect(phone.locator("table.t tbody tr")).to_have_count(6)
    phone.goto(event + "guests/")
    expect(phone.locator("main")).to_contain_text("3 năm")
    return event


def _call(phone: Page, event: str) -> None:
    """One guest refuses, is told why, and accepts; the others accept at once. Numbers are on this page alone."""
    phone.goto(event + "calls/")
    assert phone.locator("a[href^='tel:']").count() == 6
    first = phone.locator("ol.calls > li").first
    first.get_by_role("button", name="Từ chối", exact=True).click()
    first = phone.locator("ol.calls > li").first
    expect(first).to_contain_text("Không bán gì")
    _name(first, "Trần Văn Bình", "anh")
    first.get_by_role("button", name="Nghe rồi, nhận lời").click()
    names = ["Nguyễn Thị Thu Cúc", "Phạm Diễm", "Lê Mỹ Hạnh", "Võ Văn Tạo", "Đỗ Phượng"]
    titles = ["chị", "chị", "chị", "ông", "chị"]
    for name, title in zip(names, titles, strict=True):
        guest = phone.locator(
            "ol.calls > li", has=phone.get_by_role("button", name="Nhận lời", exact=True)
        ).first
        _name(guest, name, title)
        guest.get_by_role("button", name="Nhận lời", exact=True).click()
    expect(phone.get_by_role("heading", name="Đã gọi xong")).to_be_visible()
    phone.goto(event)
    expect(phone.locator("main")).to_contain_text("lúc đầu từ chối, nghe giải thích rồi nhận lời")
    assert not re.search(r"(?<!\d)0[35789]\d[ .]?\d{3}[ .]?\d{3,4}(?!\d)", phone.locator("body").inner_text())


def _name(guest: Any, name: str, title: str) -> None:
    guest.locator("[name=name]").fill(name)
    title_field = guest.locator("[name=title]")
    if title_field.first.evaluate("one => one.tagName") == "SELECT":
        title_field.select_option(title)
    else:
        title_field.fill(title)


def _attend(phone: Page, event: str) -> None:
    phone.goto(event + "attend/")
    boxes = phone.locator("[name=came]")
    for at in range(6):
        boxes.nth(at).set_checked(at < 5)
    phone.locator("main form button.main").click()


def _write_while_the_server_dies(phone: Page, event: str, office: Office) -> None:
    phone.goto(event + "notebook/")
    expect(phone.locator("#notebook[data-ready=yes]")).to_be_attached()
    expect(phone.locator("#none")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") == 360
    _write(phone, 0, "grievance", HEARD)
    expect(phone.locator("[data-where=sent]:visible")).to_have_count(1)
    phone.fill("#text", UNSENT[:10])
    office.kill()
    _write(phone, 1, "idea", UNSENT)
    expect(phone.locator("[data-where=here]:visible")).to_have_count(1)
    expect(phone.locator("[data-banner=lost]")).to_contain_text("1 dòng nằm an toàn trong máy này")
    phone.fill("#text", HALF)
    phone.reload()  # the page itself comes from this device
    expect(phone.locator("#text")).to_have_value(HALF)
    expect(phone.locator("#lines .said", has_text=UNSENT)).to_have_count(1)
    office.serve()
    expect(phone.locator("[data-where=here]:visible")).to_have_count(0, timeout=20_000)
    expect(phone.locator("#text")).to_have_value(HALF)
    for at, words in [(2, "Cô bé ở cửa hàng chỉ tôi từng bước."), (3, HALF + " tôi câu nào.")]:
        _write(phone, at, "praise", words)
    expect(phone.locator("[data-where=here]:visible")).to_have_count(0)
    time.sleep(0.5)
    phone.reload()
    said = phone.locator("#lines .said").all_inner_texts()
    assert len(said) == 4, said
    assert "[số điện thoại]" in said[0]
    assert not [words for words in said if "0912" in words]
    assert phone.locator(".chip.line").count() == 1  # “nhà mạng khác” was noticed


def _write(phone: Page, guest: int, tone: str, words: str) -> None:
    phone.locator("[name=guest]").nth(guest).check()
    phone.locator(f"[name=tone][value={tone}]").check()
    phone.fill("#text", words)
    phone.locator("#writing button").click()
    expect(phone.locator("#text")).to_have_value("")


def _read_back_and_seal(phone: Page, event: str) -> None:
    phone.goto(event + "read-back/")
    assert phone.locator("button[name=act][value=seal]").count() == 0, (
        "nothing is sealed before it was read back"
    )
    for unread in range(5, 0, -1):
        left = phone.locator("main button.main[name=answer]")
        expect(left).to_have_count(unread)
        left.first.click()
    phone.locator("button[name=act][value=seal]").click()
    phone.goto(event + "sealed/")
    expect(phone.locator("main")).to_contain_text("Chuyển nguyên vẹn 4 ý kiến")
    assert phone.evaluate("document.documentElement.scrollWidth") == 360
    phone.goto(event + "notebook/")
    expect(phone.locator("#writing")).to_be_hidden()  # a sealed notebook takes no more lines
    expect(phone.locator("main")).to_contain_text("Sổ này đã niêm phong")


def _forward(phone: Page, event: str) -> None:
    phone.goto(event)
    expect(phone.locator("main")).to_contain_text(
        (datetime.now(HANOI).date() + timedelta(days=3)).strftime("%d/%m")
    )
    phone.locator(".lede button[name=act][value=forward]").click()
    expect(phone.locator(".chip.kept").first).to_be_visible()
