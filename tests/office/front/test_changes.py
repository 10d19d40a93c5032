"""“You said, we did”: what anybody reads of it, what nobody reads, and what is not sent twice."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date, timedelta
from typing import Any

import pytest

from tantam.office.channels.models import Message
from tantam.office.front import changes
from tantam.office.opinions import answering, themes
from tantam.office.opinions.models import Change, Heap, Opinion, Theme
from tantam.office.paging import COUNTED
from tantam.office.promises import actions as promises
from tests.office.opinions.a_theme import a_theme, said
from tests.office.opinions.test_answering import DUE, answered, done

PAGE = "/public/changes/"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def _now(world: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(changes.clock, "now", lambda: world.at)


def spoken(
    world: Any, people: int = 4, code: str = "T01", name: str = "mất sóng ở bản", **changed: Any
) -> Theme:
    """A theme that so many people spoke on."""
    theme = a_theme(world, code, name)
    for n in range(people):
        said(world, theme, f"{code} {n}", key=100 + n, **changed)
    return Theme.objects.get(pk=theme.pk)


def text(page: Any, address: str = PAGE, **more: Any) -> str:
    answer = page(None).get(address, **more)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_anybody_reads_what_was_said_answered_done_and_told(world: Any, page: Any) -> None:
    theme = spoken(world)
    answered(world, theme)
    telling = answering.tell(done(world, theme), actor=world.policy, at=world.at)
    answering.go_on(telling, at=world.at)
    Message.objects.update(state="sent", due_at=None)
    shown = text(page)
    for words in (
        "mất sóng ở bản", "4 người nói điều này", "“Mất sóng cả ngày T01", "đã giữ", "Đã lắp pin cho 12 trạm.",
        "22/11/2026", "Biên bản 12/BB", "Trạm ở bản Nậm Khao", "31/12/2026", "4 người đã nói", "Đã làm 1 điều",
    ):  # fmt: skip
        assert words in shown, words
    for private in (
        world.policy.name,
        world.dung.name,
        world.nha_trang.name,
        "TB-",
        "/opinions/",
        "/promises/",
    ):
        assert private not in shown


@pytest.mark.parametrize("people", [1, 2])
def test_few_people_are_no_number_and_are_not_quoted(world: Any, page: Any, people: int) -> None:
    theme = spoken(world, people)
    answered(world, theme)
    telling = answering.tell(done(world, theme), actor=world.policy, at=world.at)
    answering.go_on(telling, at=world.at)
    Message.objects.update(state="sent", due_at=None)
    shown = text(page)
    assert "Ít người nói, nên không ghi số" in shown
    for words in ("Mất sóng cả ngày", f"{people} người", "Đã báo lại"):
        assert words not in shown


def test_late_moved_broken_and_refused_are_shown(world: Any, page: Any) -> None:
    late = answered(world, spoken(world, code="T1", name="mạng chậm"), due=date(2026, 11, 24))
    moved = answered(world, spoken(world, code="T2", name="trừ tiền"), due=date(2026, 11, 25))
    answered(world, spoken(world, code="T3", name="gọi miễn phí"), "no", words="Phải tăng giá gói rẻ nhất.")
    lost = answered(world, spoken(world, code="T4", name="chủ nhật"))
    answered(world, spoken(world, code="T5", name="tổng đài"), "later", words="Đang tuyển thêm người trực.")
    promises.redate(
        moved.promise,
        actor=world.policy,
        at=world.at,
        due=date(2026, 12, 25),
        reason="Bão, gọi 0912345678 hỏi thêm",
    )  # type: ignore[arg-type]
    answering.own_up(lost.promise, actor=world.policy, at=world.at, reason="Không đủ người")  # type: ignore[arg-type]
    world.at += timedelta(days=5)
    shown = text(page)
    assert late.promise is not None
    for words in (
        "trễ 3 ngày", "đã dời", "25/12/2026", "Bão, gọi [số điện thoại] hỏi thêm", "không giữ được", "Không đủ người",
        "không, và vì sao", "Phải tăng giá gói rẻ nhất.", "chưa làm được, hẹn nói lại", "đang hẹn 3 (trễ 1)",
        "không giữ được 1",
    ):  # fmt: skip
        assert words in shown, words
    assert "Không đủ người" in text(page, f"{PAGE}?kind=broken")
    assert "Phải tăng giá" in (refused := text(page, f"{PAGE}?kind=no")) and "Không đủ người" not in refused
    assert "mạng chậm" in (owed := text(page, f"{PAGE}?kind=promised")) and "chủ nhật" not in owed
    answered(world, lost.theme, words="Sang năm mở quầy chủ nhật, đã đủ người.", due=date(2027, 2, 1))
    both = text(page)
    assert "Không đủ người" in both and "Sang năm mở quầy" in both


def test_what_is_not_public_is_not_shown(world: Any, page: Any) -> None:
    hidden, waiting = spoken(world, code="T1", name="điều ẩn"), spoken(world, code="T2", name="điều còn chờ")
    answered(world, hidden, "no", words="Điều này chúng tôi xin không làm.")
    themes.hide(Theme.objects.get(pk=hidden.pk), True, actor=world.policy, at=world.at)
    quiet = spoken(world, code="T3", name="điều chưa công bố")
    answered(world, quiet)
    answering.change(
        quiet, actor=world.policy, at=world.at, what="Việc chưa công bố đâu.", proof="Giấy tờ kín"
    )
    shown = text(page)
    assert "điều chưa công bố" in shown and "đang viết lại cho rõ" in shown
    for words in ("điều ẩn", waiting.name, "Việc chưa công bố đâu", "Giấy tờ kín"):
        assert words not in shown
    number = Change.objects.get().answer_id
    assert page(None).get(f"{PAGE}{number}/").status_code == 200
    for missing in (number + 50, 2**64):
        assert page(None).get(f"{PAGE}{missing}/").status_code == 404


def test_quotes_are_masked_stay_and_go_when_somebody_is_forgotten(world: Any, page: Any) -> None:
    from tantam.office.opinions.actions import forget

    theme = spoken(world, text="Gọi tôi số 0912345678, mất sóng hoài.", competitor=True)
    assert "mất sóng hoài" not in (answered(world, theme) and text(page))  # another operator is named
    Opinion.objects.update(competitor=False)
    shown = text(page)
    assert "Gọi tôi số [số điện thoại], mất sóng hoài." in shown and "0912345678" not in shown
    said(world, theme, "later", key=500, text="Mất sóng từ sáng tới tối, không ai sửa.")
    assert "Mất sóng từ sáng tới tối" in text(page)  # nothing had to be masked in it
    forget(500, actor=world.privacy, at=world.at)
    assert "Mất sóng từ sáng tới tối" not in text(page)


def test_themes_heard_in_files_have_their_own_quotes(world: Any, page: Any) -> None:
    theme = a_theme(world)
    quotes = [{"text": "Chỉ một người nói câu này thôi nhé.", "people": 1}]
    quotes.append({"text": "Cả xóm mất sóng mỗi khi trời mưa to.", "people": 12})
    Heap.objects.create(
        theme=theme, run="r", digest="d", taken_at=world.at, opinions_count=9, people_count=9, complaints_count=1,
        quotes=quotes,
    )  # fmt: skip
    Theme.objects.update(people_count=1_234)
    answered(world, Theme.objects.get())
    shown = text(page)
    assert "Cả xóm mất sóng" in shown and "1.234 người" in shown and "Chỉ một người" not in shown


def test_hostile_words_stay_words(world: Any, page: Any) -> None:
    evil = '<script>alert(1)</script> & "ok"'
    theme = spoken(world, name=evil, text=f"{evil} mất sóng cả ngày rồi")
    answered(world, theme, words=f"{evil} \x01 chúng tôi sẽ làm")
    shown = text(page)
    assert "<script>alert" not in shown and "&lt;script&gt;" in shown
    feed = ET.fromstring(page(None).get(f"{PAGE}feed.xml").content)
    assert evil in feed.find(f"{ATOM}entry/{ATOM}title").text  # type: ignore[union-attr,operator]
    for query in ("?kind=x", "?kind=%00", "?kind='--"):
        assert page(None).get(PAGE + query).status_code == 422
    for query in ("?after=x", "?after=a~b", "?after=2026-01-01T00:00:00%2B00:00~zz", "?after=%00~1"):
        assert page(None).get(PAGE + query).status_code == 200, query


def test_pages_follow_each_other_the_newest_first(world: Any, page: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(changes, "SIZE", 2)
    for n in range(5):
        world.at += timedelta(hours=1)
        answered(world, spoken(world, 3, f"T{n}", f"điều số {n}"), due=DUE)
    seen, after = [], ""
    for _ in range(3):
        answer = page(None).get(PAGE, {"after": after} if after else {})
        seen += [row["name"] for row in answer.context["rows"]]
        after = answer.context["page"].after
    assert seen == [f"điều số {n}" for n in (4, 3, 2, 1, 0)] and after == ""
    world.at += timedelta(hours=1)
    done(world, Theme.objects.get(code="T0"))
    assert page(None).get(PAGE).context["rows"][0]["name"] == "điều số 0"


def test_a_copy_that_still_holds_is_not_sent_again(world: Any, page: Any) -> None:
    theme = spoken(world)
    answered(world, theme)
    browser = page(None)
    browser.get(PAGE)  # gets the cookie of the language switch
    first = browser.get(PAGE)
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "private, max-age=60"
    again = browser.get(PAGE, HTTP_IF_NONE_MATCH=tag)
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert browser.get(f"{PAGE}?kind=no", HTTP_IF_NONE_MATCH=tag).status_code == 200
    done(world, theme)
    assert browser.get(PAGE, HTTP_IF_NONE_MATCH=tag).status_code == 200
    tag = browser.get(PAGE).headers["ETag"]
    browser.cookies["django_language"] = "en"
    assert "You said" in browser.get(PAGE, HTTP_IF_NONE_MATCH=tag).content.decode()
    signed = page(world.dung)
    signed.get(PAGE)
    assert signed.get(PAGE).status_code == 200


def test_the_feed_keeps_its_ids(world: Any, page: Any) -> None:
    theme = spoken(world)
    answered(world, theme)
    first = page(None).get(f"{PAGE}feed.xml")
    assert first.headers["Content-Type"].startswith("application/atom+xml")
    assert first.headers["Cache-Control"] == "public, max-age=300"

    def entries(answer: Any) -> list[tuple[str, str, str]]:
        feed = ET.fromstring(answer.content)
        found = feed.findall(f"{ATOM}entry")
        parts = [[one.find(ATOM + name) for name in ("id", "title", "link")] for one in found]
        return [(i.text, t.text, k.get("href")) for i, t, k in parts]  # type: ignore[misc,union-attr]

    [(number, title, link)] = entries(first)
    assert number.startswith("urn:uuid:") and title == "Đang hẹn: mất sóng ở bản"
    assert link.startswith("http://testserver/public/changes/") and page(None).get(link).status_code == 200
    assert entries(page(None).get(f"{PAGE}feed.xml", HTTP_HOST="127.0.0.1"))[0][0] == number
    unchanged = page(None).get(f"{PAGE}feed.xml", HTTP_IF_NONE_MATCH=first.headers["ETag"])
    assert unchanged.status_code == 304
    themes.rename(theme, "Mất sóng ở bản Nậm Khao", actor=world.policy, at=world.at)
    assert entries(page(None).get(f"{PAGE}feed.xml"))[0][:2] == (number, "Đang hẹn: Mất sóng ở bản Nậm Khao")
    done(world, theme)
    [(after, title, _)] = entries(page(None).get(f"{PAGE}feed.xml"))
    assert after != number and title.startswith("Đã làm: ")


def test_many_who_were_told_are_counted_so_far(world: Any, page: Any) -> None:
    theme = spoken(world)
    telling = answering.tell(answered(world, theme), actor=world.policy, at=world.at)
    Message.objects.bulk_create(
        Message(
            id=f"00000000-0000-0000-0000-{n:012}", key=n, purpose="reply", channel="sms", text="x", parts=1,
            state="arrived", asked_at=world.at, about_kind="telling", about_id=str(telling.pk),
        )
        for n in range(COUNTED + 1)
    )  # fmt: skip
    assert "hơn 1.000 người đã nói" in text(page)


def test_it_is_found_from_outside(world: Any, page: Any) -> None:
    assert page(None).get("/ban-noi-chung-toi-lam/").headers["Location"] == PAGE
    assert f'href="{PAGE}"' in text(page, "/public/")
    assert "Allow: /ban-noi-chung-toi-lam/" in text(page, "/robots.txt")
    empty = text(page)
    assert "Chưa có điều nào trả lời xong" in empty and "Chưa có điều nào như vậy" in text(
        page, f"{PAGE}?kind=no"
    )
    assert page(None).post(PAGE).status_code == 405 and page(None).post(f"{PAGE}feed.xml").status_code == 405
    assert f'href="{PAGE}feed.xml"' in empty


def test_a_page_of_twenty_costs_as_many_queries_as_one(
    world: Any, page: Any, django_assert_num_queries: Any
) -> None:
    browser = page(None)
    for first, end in ((0, 1), (1, 20)):
        for n in range(first, end):
            theme = spoken(world, 3, f"T{n}", f"điều số {n}")
            answered(world, theme)
            answering.tell(done(world, theme), actor=world.policy, at=world.at)
        with django_assert_num_queries(8):
            browser.get(PAGE)
