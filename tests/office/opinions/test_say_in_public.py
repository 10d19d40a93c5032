"""Anybody says something: without an account, once, with the words given back whatever is wrong."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from allauth.core.internal import ratelimit
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client

from tantam import clock
from tantam.office.journal.models import Entry
from tantam.office.opinions import actions, saying, visitors
from tantam.office.opinions.actions import forget
from tantam.office.opinions.models import Opinion
from tantam.office.people.models import Office
from tests.office.door.addresses import every

WORDS = "Mưa là xóm tôi mất sóng, gọi 0912345678 thì bảo chờ.\nSửa giúp."
FORM = "/gop-y/"
SENT = "application/x-www-form-urlencoded"


class Visitor:
    """Somebody with a browser of his own, and a clock that goes on when told."""

    def __init__(self, world: Any, **client: Any) -> None:
        self.world, self.browser = world, Client(**client)

    def typed(self, **changed: str) -> dict[str, str]:
        """Open the form and fill it; ten seconds go by."""
        shown = self.browser.get(FORM)
        form = {"text": WORDS, "province": "56", "website": "", "form": shown.context["typed"]["form"]}
        self.world.pass_by(seconds=10)
        return form | changed

    def send(self, form: dict[str, str], **more: Any) -> Any:
        """Post a form as a browser does."""
        return self.browser.post(FORM, urlencode(form), content_type=SENT, **more)


@pytest.fixture
def visitor(world: Any, monkeypatch: Any) -> Visitor:
    moment = [world.at]

    def pass_by(**some: float) -> None:
        moment[0] += timedelta(**some)

    world.pass_by = pass_by

    def seconds() -> float:
        return moment[0].timestamp()

    monkeypatch.setattr(clock, "now", lambda: moment[0])
    times = SimpleNamespace(time=seconds, monotonic=lambda: 0.0, sleep=lambda s: None)
    monkeypatch.setattr(ratelimit, "time", times)
    return Visitor(world)


def test_it_is_heard_masked_read_and_thanked_for(world: Any, visitor: Visitor, page: Any) -> None:
    sent = visitor.send(visitor.typed())
    opinion = Opinion.objects.get()
    assert (sent.status_code, opinion.channel, opinion.office, opinion.tone) == (
        303,
        "web",
        world.khanh_hoa,
        "grievance",
    )
    assert (opinion.speaker_key, opinion.speaker_party, opinion.source_kind) == (None, None, "web")
    assert "0912345678" not in opinion.text and "[số điện thoại]" in opinion.text and "\r" not in opinion.text
    entry = Entry.objects.get(act="opinion.registered")
    assert (entry.actor, entry.facts["channel"], entry.facts["source"]) == (None, "web", "web")
    thanks = visitor.browser.get(sent.headers["Location"])
    said = thanks.content.decode()
    assert (
        thanks.status_code == 200
        and "[số điện thoại]" in said
        and "sóng, phủ sóng" in said
        and "Khánh Hòa" in said
    )
    listed = page(world.hoa).get("/opinions/?channel=web").context["opinions"]
    assert [o["id"] for o in listed] == [opinion.pk]


def test_without_a_province_headquarters_hear(world: Any, visitor: Visitor) -> None:
    for n, province in enumerate(("", "01", "XX", "' OR 1=1")):
        visitor.send(visitor.typed(province=province, text=f"Sóng yếu, nơi {n}"))
    assert list(Opinion.objects.values_list("office", flat=True)) == [world.hq.pk] * 4
    Office.objects.filter(pk=world.khanh_hoa.pk).update(closed_on=world.at.date())
    visitor.send(visitor.typed())
    assert Opinion.objects.filter(office=world.hq).count() == 5


def test_the_same_form_twice_is_one_and_other_words_are_another(visitor: Visitor) -> None:
    form = visitor.typed()
    first, again = visitor.send(form), visitor.send(form | {"text": f" {WORDS}\r\n".replace("\nS", "\r\nS")})
    assert Opinion.objects.count() == 1 and Entry.objects.filter(act="opinion.registered").count() == 1
    assert first.status_code == again.status_code == 303
    visitor.send(form | {"text": "À, còn chuyện này nữa."})  # went back, wrote something else
    assert Opinion.objects.count() == 2


def _given_back(answer: Any, status: int, words: str) -> str:
    assert answer.status_code == status and answer.context["typed"]["text"] == words
    assert not Opinion.objects.exists() and not Entry.objects.filter(act__startswith="opinion").exists()
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.content.decode()


@pytest.mark.parametrize(
    ("text", "status", "told"),
    [
        ("", 422, "Chưa có chữ nào"),
        ("  \r\n ", 422, "Chưa có chữ nào"),
        ("á" * 4001, 422, "4001"),
        ("b" * 10**6, 422, ""),
    ],
)
def test_nothing_or_too_much(visitor: Visitor, text: str, status: int, told: str) -> None:
    said = _given_back(visitor.send(visitor.typed(text=text)), status, text.replace("\r\n", "\n"))
    assert told in said and 'aria-invalid="true"' in said and "Chưa gửi được" in said


def test_a_form_that_lay_open_for_two_days_comes_back_fresh(world: Any, visitor: Visitor) -> None:
    form = visitor.typed()
    world.pass_by(days=2)
    back = visitor.send(form)
    assert "mở đã lâu" in _given_back(back, 409, WORDS)
    assert back.context["typed"]["province"] == "56"
    assert visitor.send(back.context["typed"]).status_code == 303  # at once: he has read it all


@pytest.mark.parametrize(
    "forged", ["", "x", "x:y", "\x00", '["00000000000040008000000000000001", 1]:abc', "ý:" * 999]
)
def test_an_id_that_is_not_ours_is_not_taken(visitor: Visitor, forged: str) -> None:
    _given_back(visitor.send(visitor.typed(form=forged)), 409, WORDS)


def test_an_id_of_another_kind_is_not_taken(world: Any, visitor: Visitor) -> None:
    done = visitor.send(visitor.typed()).headers["Location"].split("/")[-2]
    words = Opinion.objects.get().text
    assert visitor.send(visitor.typed(form=done, text="lời khác")).status_code == 409
    assert visitor.browser.get(f"/gop-y/xong/{visitor.typed()['form']}/").status_code == 404
    assert visitor.browser.get("/gop-y/xong/x/").status_code == 404
    assert Opinion.objects.get().text == words


def test_faster_than_anybody_writes(world: Any, visitor: Visitor) -> None:
    form = visitor.typed() | {"form": visitor.browser.get(FORM).context["typed"]["form"]}
    back = visitor.send(form)
    assert "nhanh hơn người viết" in _given_back(back, 409, WORDS)
    world.pass_by(seconds=3)
    assert visitor.send(back.context["typed"]).status_code == 303 and Opinion.objects.count() == 1


def test_what_falls_into_the_trap_is_thanked_for_and_only_counted(visitor: Visitor) -> None:
    sent = visitor.send(visitor.typed(website="https://mua.example/"))
    assert sent.status_code == 303 and not Opinion.objects.exists()
    thanks = visitor.browser.get(sent.headers["Location"])
    assert thanks.status_code == 200 and "Cảm ơn bạn" in thanks.content.decode()
    entry = Entry.objects.get(act="opinion.turned_away")
    assert (entry.actor, entry.because, entry.count, entry.facts, entry.office) == (None, "trap", 1, {}, None)


def test_the_trap_is_not_for_people(visitor: Visitor) -> None:
    said = visitor.browser.get(FORM).content.decode()
    trap = re.search(r'<div class="unseen" aria-hidden="true">.*?</div>', said)
    assert trap and 'name="website" tabindex="-1" autocomplete="off"' in trap[0]


def test_five_a_minute_from_one_address(world: Any, visitor: Visitor) -> None:
    for n in range(5):
        assert visitor.send(visitor.typed(text=f"lời {n}")).status_code == 303
    form = visitor.typed(text="lời thứ sáu")
    no = visitor.send(form)
    assert no.status_code == 429 and no.context["typed"]["text"] == "lời thứ sáu"
    assert 0 < int(no.headers["Retry-After"]) <= 60 and "1 phút nữa" in no.content.decode()
    assert visitor.send(visitor.typed(text="hàng xóm"), REMOTE_ADDR="10.0.0.9").status_code == 303
    world.pass_by(seconds=int(no.headers["Retry-After"]))
    assert visitor.send(form).status_code == 303


def test_so_many_an_hour_and_so_many_from_everybody(world: Any, visitor: Visitor, settings: Any) -> None:
    settings.SAY_PER_HOUR, settings.SAY_PER_HOUR_TOTAL = 3, 4
    sent = []
    for n in range(6):
        world.pass_by(minutes=2)
        sent.append(visitor.send(visitor.typed(text=f"lời {n}"), REMOTE_ADDR=f"10.0.0.{n // 4}"))
    assert [s.status_code for s in sent] == [303, 303, 303, 429, 303, 429]
    assert all(1800 < int(s.headers["Retry-After"]) <= 3600 for s in sent if s.status_code == 429)


def _network(**meta: str) -> str:
    request = Client().get(FORM, **meta).wsgi_request
    return visitors._network(request)


def test_what_counts_as_one_visitor(db: None, settings: Any) -> None:
    assert (
        _network(REMOTE_ADDR="2001:db8:1:2::5")
        == _network(REMOTE_ADDR="2001:db8:1:2:ffff::9")
        == "2001:db8:1:2::/64"
    )
    assert _network(REMOTE_ADDR="2001:db8:1:3::5") == "2001:db8:1:3::/64"
    assert _network(REMOTE_ADDR="::ffff:10.0.0.1") == "10.0.0.1"
    assert _network(REMOTE_ADDR="") == _network(REMOTE_ADDR="unix:") == ""
    forged = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "1.1.1.1, 203.0.113.7"}
    assert _network(**forged) == "10.0.0.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert _network(**forged) == "203.0.113.7"


def test_no_address_is_kept_and_no_session_made(visitor: Visitor) -> None:
    visitor.send(visitor.typed(), REMOTE_ADDR="203.0.113.77")
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM cache")
        kept = str(cursor.fetchall())
    assert "tantam" in kept and "203.0.113" not in kept
    assert "203.0.113" not in str(list(Opinion.objects.values())) + str(list(Entry.objects.values()))
    assert set(visitor.browser.cookies) == {"csrftoken"} and not Session.objects.exists()


def test_without_its_cookie_the_words_come_back(world: Any, visitor: Visitor) -> None:
    strict = Visitor(world, enforce_csrf_checks=True)
    form = strict.typed()
    strict.browser.cookies.clear()
    said = _given_back(strict.send(form), 403, WORDS)
    assert "cookie" in said
    # The page that gave them back set the cookie: sent once more it goes through.
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', said)
    assert token and strict.send(form | {"csrfmiddlewaretoken": token[1]}).status_code == 303
    elsewhere = strict.send(
        form | {"csrfmiddlewaretoken": token[1], "text": "x"}, HTTP_ORIGIN="https://evil.example"
    )
    assert elsewhere.status_code == 403 and Opinion.objects.count() == 1


def test_when_nothing_can_be_written_the_words_come_back(visitor: Visitor, monkeypatch: Any) -> None:
    def locked(**row: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(actions, "register", locked)
    assert "Lỗi của chúng tôi" in _given_back(visitor.send(visitor.typed()), 503, WORDS)


def test_before_there_is_an_office(visitor: Visitor) -> None:
    Office.objects.filter(level="headquarters").update(closed_on=datetime(2026, 1, 1).date())
    assert "Chưa có văn phòng" in _given_back(visitor.send(visitor.typed(province="")), 503, WORDS)


def test_hostile_bytes(visitor: Visitor) -> None:
    form = visitor.typed()
    visitor.send(form | {"text": "a\x00b<script>alert(1)</script>\u202e"})
    assert Opinion.objects.get().text.startswith("ab<script>")
    for body, kind in (
        (b"text=%FF%FE%00&form=" + form["form"].encode(), SENT),
        (urlencode(form).encode("utf-16"), SENT),
        (urlencode(form).encode(), f"{SENT}; charset=utf-7"),
        (b"\xff" * 500, "multipart/form-data; boundary=x"),
        (b"{}", "application/json"),
        (b"&".join(b"a=1" for _ in range(2_000)), SENT),
        (b"text=" + b"a" * 3_000_000, SENT),
    ):
        answer = visitor.browser.post(FORM, body, content_type=kind)
        assert answer.status_code in (303, 400, 422), (kind, answer.status_code)
        assert b"<script>alert" not in answer.content
    back = visitor.send(visitor.typed(form="x", text="</textarea><script>alert(1)</script>"))
    assert b"<script>alert" not in back.content


def test_thanks_show_the_words_for_an_hour_and_never_what_was_forgotten(world: Any, visitor: Visitor) -> None:
    address = visitor.send(visitor.typed()).headers["Location"]
    Opinion.objects.update(speaker_key=5)
    assert "Lời chúng tôi giữ" in visitor.browser.get(address).content.decode()
    forget(5, actor=None, at=world.at)
    assert "Lời chúng tôi giữ" not in visitor.browser.get(address).content.decode()
    address = visitor.send(visitor.typed(text="Lời thứ hai")).headers["Location"]
    world.pass_by(hours=2)
    late = visitor.browser.get(address)
    assert late.status_code == 200 and "Lời thứ hai" not in late.content.decode()


def test_when_the_machine_cannot_read_the_thanks_say_so(visitor: Visitor) -> None:
    address = visitor.send(visitor.typed()).headers["Location"]
    Opinion.objects.update(topic="", also="", feeling="", unsure="")
    assert "Người vẫn đọc" in visitor.browser.get(address).content.decode()


def test_what_the_answers_carry(visitor: Visitor) -> None:
    blank = visitor.browser.get(FORM)
    assert blank.headers["Cache-Control"] == "private, max-age=0"  # no-store would lose the words on Back
    thanks = visitor.browser.get(visitor.send(visitor.typed()).headers["Location"])
    assert thanks.headers["Cache-Control"] == "no-store" and 'content="noindex"' in thanks.content.decode()
    for answer in (blank, thanks):
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|javascript:", answer.content.decode())
    assert visitor.browser.head(FORM).status_code == 200
    assert visitor.browser.put(FORM).status_code == visitor.browser.delete(FORM).status_code == 405


def test_in_english(visitor: Visitor) -> None:
    visitor.browser.cookies["django_language"] = "en"
    assert "What would you like to tell us?" in visitor.browser.get(FORM).content.decode()
    said = visitor.send(visitor.typed(form="x")).content.decode()
    assert "open for too long" in said and "Khanh Hoa" in said


def test_the_other_language_keeps_the_words(visitor: Visitor) -> None:
    form = visitor.typed()
    answer = visitor.send(form | {"language": "en"})
    assert answer.status_code == 200 and answer.context["typed"] == {
        n: form[n] for n in ("text", "province", "form")
    }
    assert '<html lang="en">' in answer.content.decode() and answer.headers["Content-Language"] == "en"
    assert '<html lang="en">' in visitor.browser.get(FORM).content.decode()
    assert visitor.send(form | {"language": "xx"}).status_code == 303


def test_every_way_in(visitor: Visitor) -> None:
    for address in ("/say/", "/say", "/gop-y"):
        assert visitor.browser.get(address, follow=True).request["PATH_INFO"] == FORM
    assert 'href="/gop-y/"' in visitor.browser.get("/public/").content.decode()
    assert "Allow: /gop-y/\n" in visitor.browser.get("/robots.txt").content.decode()


def test_nothing_else_opens_from_it(visitor: Visitor) -> None:
    visitor.send(visitor.typed())
    opened = {a.path for a in every() if a.path.startswith(("/gop-y", "/say"))}
    assert opened == {"/gop-y/", "/gop-y/xong/x/", "/say/"}
    for address in ("/opinions/", f"/opinions/{Opinion.objects.get().pk}/", "/", "/journal/"):
        assert visitor.browser.get(address).status_code == 302
    cache.clear()


def test_names_of_provinces_stand_in_order(visitor: Visitor) -> None:
    names = [word for _, word in visitor.browser.get(FORM).context["provinces"]][1:]
    assert (
        len(names) == 34 and names[0] == "An Giang" and names.index("Đắk Lắk") == names.index("Đồng Nai") - 2
    )
    assert saying.TRAP not in names
