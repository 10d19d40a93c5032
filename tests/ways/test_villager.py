"""A grandmother's day at a camp, in real browsers of 360 px over real TLS on a Wi-Fi of its own: from the pack made at
headquarters to the promise that somebody asks after her, with the network cut while the doctor writes.

The camp's authority is installed in each browser's own store; no error of a certificate is ignored anywhere.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect, sync_playwright

from tests.ways.a_camp import PIN, PLAIN, Headquarters, Kit
from tests.ways.faults import Phone, Wifi, needed, wifi

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)
CARD = "099080012345|123456789|Lầu Mí Sính|14021980|Nam|Thôn Lũng Cẩu, Xã Lũng Sương|01062022"
NAME, YEAR = "Sùng Thị Dợ", 1944
COMPLAINT = "Leo dốc là tức ngực, đêm không nằm thẳng được."
FINDING = "Tim đập không đều, nghe rõ"
ADVICE = "Đừng gùi nặng. Con cháu đưa bà xuống viện trong tuần."
THANKS = "Tám mươi tuổi, hôm nay mới có người nghe tim cho."
WHY = "Cần siêu âm tim sớm."
MOST_KEYS = 12


@pytest.fixture
def player() -> Iterator[Playwright]:
    needed("chromium", "certutil", "ip")
    with sync_playwright() as made:
        yield made


@pytest.fixture
def link() -> Iterator[Wifi]:
    with wifi() as made:
        yield made


def test_a_grandmother_without_papers_from_the_line_to_the_promise(
    player: Playwright, link: Wifi, tmp_path: Path
) -> None:
    office = Headquarters(tmp_path / "hq", address=link.address)
    kit = Kit(office, tmp_path / "laptop", address=link.address, inside=link.kit)
    phones: list[Phone] = []
    try:
        kit.open()
        for name in ("first", "second"):
            phones.append(Phone(player, tmp_path / name, trusts=kit.authority(), inside=link.phones))
        first, second = (phone.start().new_page() for phone in phones)
        _let_in(kit, first)
        second.goto(kit.entry("k1-doctor-1"))
        _work_as(first, kit, "k1-registrar-1", "registrar")
        ticket = _register(first)
        _on_the_board(first, kit, ticket)
        _work_as(first, kit, "k1-triage-1", "triage")
        _measure(first, ticket)
        _work_as(second, kit, "k1-doctor-1", "doctor")
        _examine_while_the_network_is_cut(second, link)
        _work_as(first, kit, "k1-pharmacist-1", "pharmacist")
        _dispense(first, office)
        _work_as(first, kit, "k1-exit-1", "exit")
        _leave_with_thanks(first)
        home = _close_with_a_difference(first, kit, office, tmp_path)
        _merge(office, home)
        _nothing_lost_or_doubled(office, home)
        _a_promise_and_a_count(office)
        _not_a_byte_in_the_other_database(office)
    finally:
        for phone in phones:
            phone.close()
        kit.kill()


def _let_in(kit: Kit, page: Page) -> None:
    """A phone that the plan did not know is let in with ``tantam camp device`` while the kit is open."""
    waiting = kit.start("device", kit.kept, "--name", "Máy mang thêm", "--wait", "60")
    try:
        assert waiting.stdout is not None
        line = next(one for one in waiting.stdout if "/enter/" in one)
        page.goto(line.split(" ")[-1].strip())
        page.goto(f"{kit.url}/check/")
        assert waiting.wait(timeout=60) == 0, waiting.stdout.read()
    finally:
        waiting.kill()


def _work_as(page: Page, kit: Kit, member: str, station: str) -> None:
    """Whoever was here signs out; somebody else signs in with his PIN and goes to his only station."""
    out = page.locator("form[action='/sign-out'] button")
    if out.count():
        out.first.click()
        page.wait_for_url(f"{kit.url}/")
    page.goto(f"{kit.url}/")
    page.locator(f"input[name=member][value='{member}']").check()
    page.fill("#pin", PIN)
    page.locator(".sign-in button.main").click()
    page.wait_for_url("**/station*/**")
    page.goto(f"{kit.url}/station/{station}/")
    expect(page.locator("#station[data-ready=yes]")).to_be_attached()
    assert page.evaluate("isSecureContext") is True
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def _register(page: Page) -> str:
    """A man with a card, in few presses; then she, with nothing in her hands. Gives her ticket."""
    keys = 0

    def press(key: str) -> None:
        nonlocal keys
        keys += 1
        page.keyboard.press(key)

    expect(page.locator("#name")).to_be_focused()
    page.keyboard.insert_text(CARD)  # a hand scanner types it, and ends it with Enter
    page.keyboard.press("Enter")
    expect(page.locator("#consent")).to_be_focused()
    press("Space")
    press("Enter")
    expect(page.locator("#its-number")).to_have_text(re.compile(r"\d+"))
    assert keys <= MOST_KEYS
    expect(page.locator("#ticket .its-name")).to_have_text("Lầu Mí Sính")
    press("Enter")
    page.fill("#name", NAME)
    page.fill("#year", str(YEAR))
    page.locator("#names button.new").click()
    page.locator("[name=about]").check()
    page.locator("[name=sex][value=female]").check(force=True)
    page.fill("#village", "Há Súng")
    expect(page.locator("[name=priority][value=elder]")).to_be_checked()
    page.locator("#needs summary").click()
    page.fill("#helper", "Sùng Mí Dia, nói tiếng Mông")
    page.fill("#witness", "Sùng Mí Dia")
    page.locator("#consent").check()
    page.locator("#save").click()
    number = page.locator("#its-number")
    expect(number).to_have_text(re.compile(r"^U \d+$"))
    return number.inner_text()


def _on_the_board(page: Page, kit: Kit, ticket: str) -> None:
    """The board shows her number to everybody, without TLS, and no name; a station does not open there."""
    board = page.context.new_page()
    plain = f"http://{kit.address}:{PLAIN}"
    board.goto(f"{plain}/board/")
    expect(board.locator("body")).to_contain_text(ticket)
    assert NAME not in board.content()
    refused = board.goto(f"{plain}/station/doctor/")
    assert refused is not None and refused.status == 403
    board.close()


def _measure(page: Page, ticket: str) -> None:
    """She is called before the man who came earlier: elders go first."""
    expect(page.locator("#next-up [data-f=ticket]")).to_have_text(ticket)
    expect(page.locator("#next-up")).to_contain_text("Sùng Mí Dia")
    page.locator("#call").click()
    for name, value in (("systolic", "165"), ("diastolic", "95"), ("pulse", "112"), ("weight", "41,5")):
        page.fill(f"#{name}", value)
    page.fill("#complaint", COMPLAINT)
    page.locator("#measure #save").click()
    expect(page.locator("#next-up [data-f=ticket]")).not_to_have_text(ticket)
    expect(page.locator("[data-waits]")).to_be_hidden()


def _examine_while_the_network_is_cut(page: Page, link: Wifi) -> None:
    page.locator("#queue button", has_text=NAME).click()
    expect(page.locator("#vitals")).to_contain_text("165")
    expect(page.locator("#told")).to_contain_text("tức ngực")
    link.cut()
    page.fill("#finding", "huyet ap")
    page.locator("#found [role=option]").first.click()
    page.fill("#finding", FINDING)
    page.locator("#finding").press("Enter")
    expect(page.locator("#findings li")).to_have_count(2)
    page.locator("#picker summary").click()
    page.locator("#medicines button:enabled").first.click()
    line = page.locator("#lines .line").first
    line.locator("[data-in=units]").fill("10")
    line.locator("[data-in=a_day]").fill("1")
    for box in line.locator("[data-reasons] textarea").all():
        box.fill("Đã hỏi kỹ, theo dõi tại trạm y tế.")
    page.locator("#refer").click()
    page.fill("#to", "Bệnh viện tỉnh")
    page.fill("#why-go", WHY)
    page.fill("#days", "7")
    page.fill("#advice", ADVICE)
    page.locator("#examining #save").click()
    expect(page.locator("#examining")).to_be_hidden()
    expect(page.locator("[data-waits]")).to_have_text(re.compile("chờ gửi [12]"))  # the call may have gone
    expect(page.locator("#bar")).to_have_class(re.compile("lost"))
    expect(page.locator("[data-banner=lost]")).to_be_visible()
    link.mend()
    expect(page.locator("[data-waits]")).to_be_hidden(timeout=30_000)


def _dispense(page: Page, office: Headquarters) -> None:
    page.locator("#queue button", has_text=NAME).click()
    page.locator("#asked").check()
    numbers = {lot["number"] for lot in office.told["lots"]}
    expect(page.locator("#hands .lots li").first).to_be_visible()
    for row in page.locator("#hands .lots li").all():
        asked = row.locator("[data-f=lot]").inner_text()
        number = next(one for one in numbers if one in asked)
        row.locator("[data-prove]").click()
        row.locator(".proof input").fill(number)
        row.locator(".proof input").press("Enter")
    page.locator("#dispensing #save").click()
    expect(page.locator("#dispensing")).to_be_hidden()
    expect(page.locator("[data-waits]")).to_be_hidden()


def _leave_with_thanks(page: Page) -> None:
    """The slip says what was found, how to take what, where to go next; then she says something."""
    page.locator("#queue button", has_text=NAME).click()
    slip = page.locator("#slip")
    for words in (FINDING, ADVICE, WHY, "Bệnh viện tỉnh"):
        expect(slip).to_contain_text(words)
    page.fill("#words-said", THANKS)
    page.locator("#spoken").check()
    page.locator("#voice-save").click()
    expect(page.locator("#voice-done")).to_be_visible()
    page.locator("#has-slip").check()
    page.locator("#leaving #save").click()
    expect(page.locator("#leaving")).to_be_hidden()
    expect(page.locator("[data-waits]")).to_be_hidden()


def _close_with_a_difference(page: Page, kit: Kit, office: Headquarters, folder: Path) -> Path:
    """Every lot is counted, two are missing of one; it is said why, two people sign, the file comes home."""
    _work_as(page, kit, "chief", "pharmacist")
    view = page.evaluate("fetch('/view/pharmacist/').then((answer) => answer.json())")
    short = next(lot["id"] for lot in view["lots"] if lot["held"] > 2)
    write = "async (body) => (await import('/static/camp-station.js')).station.write('counted', body)"
    for lot in view["lots"]:
        page.evaluate(write, {"lot": lot["id"], "units": lot["held"] - 2 * (lot["id"] == short)})
    page.evaluate("async () => (await import('/static/camp-station.js')).station.sendNow()")
    expect(page.locator("[data-waits]")).to_be_hidden()
    _work_as(page, kit, "lead", "lead")
    page.goto(f"{kit.url}/day/")
    page.fill(f"[name='why-{short}']", "Hai viên rơi xuống nền, không nhặt lại.")
    for who, member in (("lead", "lead"), ("pharmacist", "chief")):
        page.select_option(f"[name={who}]", member)
        page.fill(f"[name={who}_pin]", PIN)
    page.locator("form[action='/day/close'] button.main").click()
    home = folder / "home.camp"
    assert "Digest" in kit.run("close", kit.kept, "--out", home)
    copies = sorted(kit.usb.glob("*.camp"))
    digests = [_digest(office, file)["digest"] for file in (copies[-1], home)]
    assert digests[0] == digests[1], "the stick holds what goes home"
    return home


def _merge(office: Headquarters, home: Path) -> None:
    """Twice: the second time nothing is new."""
    for _ in range(2):
        office.run(*_tantam("camp", "merge", home, "--home", office.home))


def _nothing_lost_or_doubled(office: Headquarters, home: Path) -> None:
    said = _ask(office, "counts")
    assert said == {
        "registered": 2,
        "measured": 1,
        "examined": 1,
        "dispensed": 1,
        "left": 1,
        "voiced": 1,
        "closed": 1,
    }
    brought = {row["mark"] for row in json.loads(_of_file(office, home))}
    held = set(_ask(office, "marks"))
    assert brought <= held


def _a_promise_and_a_count(office: Headquarters) -> None:
    promised = _ask(office, "promises")
    assert promised["referral"] == ["open"] and promised["camp_day"] == ["kept"]
    assert _ask(office, "impact") == 2


def _not_a_byte_in_the_other_database(office: Headquarters) -> None:
    files = [file for file in office.home.rglob("*") if file.is_file()]
    assert len(files) > 3
    said = (
        NAME,
        "Sùng Thị",
        FINDING,
        "Tim đập",
        COMPLAINT,
        "tức ngực",
        ADVICE,
        THANKS,
        WHY,
        "Huyết áp đo cao",
    )
    spelt = [text.encode(code) for text in said for code in ("utf-8", "utf-16-le")]
    spelt += [json.dumps(text)[1:-1].encode() for text in said]
    for file in files:
        content = file.read_bytes()
        found = [text for text in spelt if text in content]
        assert not found, f"{file} knows {found[0]!r}"


def _digest(office: Headquarters, file: Path) -> dict[str, Any]:
    out = office.run(*_tantam("camp", "digest", "--json", file, "--home", office.home))
    return dict(json.loads(out))


def _tantam(*words: object) -> list[object]:
    return [sys.executable, "-m", "tantam.cli", *words]


def _ask(office: Headquarters, what: str) -> Any:
    return json.loads(office.run(sys.executable, "-m", "tests.ways.asked", what, office.camp))


def _of_file(office: Headquarters, file: Path) -> str:
    return office.run(sys.executable, "-m", "tests.ways.asked", "file", office.camp, file)
