"""“My voice”: what its holder reads and does, and that nobody reads another's."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.test import Client

from tantam import clock, keys
from tantam.office.channels.models import Consent, Message
from tantam.office.desk import forgetting, voice
from tantam.office.desk.models import DataRequest, VoicePass
from tantam.office.journal.models import Entry
from tests.office.desk.a_voice import KEY, OTHER, Clock, a_link, at, spoken
from tests.office.desk.asking import a_request


@pytest.fixture
def time(world: Any, monkeypatch: Any) -> Clock:
    moment = Clock(world.at)
    monkeypatch.setattr(clock, "now", lambda: moment.now)

    def seconds() -> float:
        return moment.now.timestamp()

    times = SimpleNamespace(time=seconds, monotonic=lambda: 0.0, sleep=lambda s: None)
    monkeypatch.setattr(ratelimit, "time", times)
    cache.clear()
    return moment


class Holder:
    """Somebody with a link and a browser that checks every form's token."""

    def __init__(self, world: Any, key: int = KEY) -> None:
        self.secret = a_link(world, key)
        self.browser = Client(enforce_csrf_checks=True)

    def look(self) -> str:
        answer = self.browser.get(at(self.secret))
        assert answer.status_code == 200
        return str(answer.content.decode())

    def form(self) -> str:
        return str(self.browser.get(at(self.secret)).context["form"])

    def press(self, act: str, **typed: str) -> Any:
        return self.browser.post(
            at(self.secret), {"form": self.form(), "act": act, **typed}, HTTP_ORIGIN="null"
        )


def test_the_fate_of_what_was_said_and_what_was_sent(world: Any, time: Clock) -> None:
    spoken(world)
    shown = Holder(world).look()
    for words in (
        f"Mất sóng ở nhà người {keys.show(KEY)[-4:]}", "Cùng ý với 3 người khác", "Chúng tôi hứa", "Đã làm",
        "Đã lắp pin cho 12 trạm.", "Đã báo lại cho bạn", "Chờ có người đọc và trả lời",
        "Bạn đã nói 2 điều với chúng tôi. 1 đã làm, 1 chờ trả lời.",
        "Cảm ơn anh chị đã nói về", "về việc: trả lời ý kiến của chính người ấy", "22/12/2026",
    ):  # fmt: skip
        assert words in shown, words
    for private in (keys.show(KEY), world.dung.name, world.policy.name):
        assert private not in shown


def test_nobody_keeps_the_page_or_learns_its_address(world: Any, time: Clock) -> None:
    for answer in (Client().get(at(a_link(world))), Client().get(at("x"))):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "sessionid" not in answer.cookies
    assert "/toi/" not in Client().get("/robots.txt").content.decode()


def test_two_peoples_words_never_mix(world: Any, time: Clock) -> None:
    """Whatever was done by whom in what order, each page and file holds the marks of its own holder alone."""
    lot = random.Random(7)
    spoken(world)
    people = {key: Holder(world, key) for key in (KEY, OTHER, 43)}
    for n in range(40):
        key = lot.choice(list(people))
        act, typed = lot.choice(
            [
                ("stop", {"purpose": lot.choice(["care", "reply", "survey", "everything"])}),
                ("allow", {"purpose": lot.choice(["care", "advertising", "health"])}),
                ("ask", {"kind": lot.choice(voice.ASKED), "sure": "1"}),
            ]
        )
        assert people[key].press(act, **typed).status_code == 303, (n, act, typed)
    for key, holder in people.items():
        shown, file = holder.look(), holder.press("take").content.decode()
        for other in people:
            mark = keys.show(other)[-4:]
            assert (mark in shown) == (mark in file) == (other == key), (key, other)
    for model in (Consent, DataRequest):
        assert set(model.objects.values_list("key", flat=True)) <= set(people)
    passes = {str(one.pk): one.key for one in VoicePass.objects.all()}
    for said in Consent.objects.exclude(proof=""):
        assert passes[said.proof.rpartition(" ")[2]] == said.key


def test_a_stop_holds_at_once_and_a_yes_says_what_it_means(world: Any, time: Clock) -> None:
    holder = Holder(world)
    assert "bạn chưa cho phép" in (shown := holder.look()).lower() and "nhiều nhất 3 tin nhắn" in shown
    stopped = holder.browser.post(
        at(holder.secret), {"form": holder.form(), "act": "stop", "purpose": "care"}, follow=True
    )
    assert "Đã dừng: chăm sóc, quà. Có hiệu lực ngay." in stopped.content.decode()
    assert [one["may"] for one in stopped.context["may"] if one["purpose"] == "care"] == [False]
    time.pass_by(minutes=1)
    holder.press("allow", purpose="care")
    time.pass_by(minutes=1)
    assert [
        one["may"] for one in holder.browser.get(at(holder.secret)).context["may"] if one["purpose"] == "care"
    ] == [True]
    holder.press("stop", purpose="everything")
    assert "Chỉ còn tin báo về dịch vụ bạn đang dùng." in holder.look()
    holder.press("stop", purpose="service")
    assert "Chúng tôi không liên lạc với bạn về việc gì nữa" in holder.look()
    assert Consent.objects.count() == 4


def test_a_form_twice_is_one_word_and_one_from_elsewhere_is_none(world: Any, time: Clock) -> None:
    holder, other = Holder(world), Holder(world, OTHER)
    form = holder.form()
    for _ in range(2):
        assert (
            holder.browser.post(
                at(holder.secret), {"form": form, "act": "stop", "purpose": "care"}
            ).status_code
            == 303
        )
    assert Consent.objects.count() == 1
    stale = form
    for bad in ("", "x", "\0", other.form(), form[:-2], "a" * 5_000, '["a",1,1]:x'):
        answer = holder.browser.post(at(holder.secret), {"form": bad, "act": "stop", "purpose": "survey"})
        assert answer.status_code == 409 and "form_expired" in answer.content.decode(), bad
    time.pass_by(hours=25)
    answer = holder.browser.post(at(holder.secret), {"form": stale, "act": "stop", "purpose": "survey"})
    assert answer.status_code == 409 and Consent.objects.count() == 1


@pytest.mark.parametrize(
    ("act", "typed", "code"),
    [
        ("", {}, "bad_act"),
        ("drop", {}, "bad_act"),
        ("stop", {"purpose": ""}, "bad_purpose"),
        ("stop", {"purpose": "registration"}, "bad_purpose"),
        ("stop", {"purpose": "<script>alert(1)</script>\0"}, "bad_purpose"),
        ("allow", {"purpose": "everything"}, "yes_to_everything"),
        ("ask", {"kind": "delete"}, "not_sure"),
        ("ask", {"kind": "withdraw"}, "bad_request_kind"),
        ("ask", {"kind": "'; --"}, "bad_request_kind"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    world: Any, time: Clock, act: str, typed: dict[str, str], code: str
) -> None:
    answer = Holder(world).press(act, **typed)
    shown = answer.content.decode()
    assert answer.status_code in (409, 422) and code in shown and "<script>alert" not in shown
    assert not Consent.objects.exists() and not DataRequest.objects.exists()


def test_asking_shows_the_clock_and_deletes_nothing(world: Any, time: Clock) -> None:
    spoken(world)
    holder = Holder(world)
    assert holder.press("ask", kind="delete", sure="1").status_code == 303
    shown = holder.look()
    assert "Bạn yêu cầu: xóa dữ liệu" in shown and "12/12/2026" in shown  # twenty days
    assert f"Mất sóng ở nhà người {keys.show(KEY)[-4:]}" in shown
    assert 'value="delete"' not in shown and 'value="correct"' in shown
    assert DataRequest.objects.get().said_by == "web"


def test_the_file_has_everything_and_is_told(world: Any, time: Clock) -> None:
    spoken(world)
    holder = Holder(world)
    taken = holder.press("take")
    assert (
        taken.headers["Content-Disposition"].startswith("attachment")
        and taken.headers["Cache-Control"] == "no-store"
    )
    held = json.loads(taken.content)["held"]
    assert json.dumps(held, default=str) == json.dumps(forgetting.held_on(KEY), default=str)
    assert Entry.objects.get(act="voice.taken_away").actor is None


def test_the_holder_closes_it(world: Any, time: Clock) -> None:
    holder = Holder(world)
    closed = holder.browser.post(at(holder.secret), {"form": holder.form(), "act": "close"}, follow=True)
    assert closed.status_code == 404 and "đã đóng" in closed.content.decode()


def test_closed_old_forgotten_and_guessed_links_look_alike(
    world: Any, time: Clock, tmp_path: Any, settings: Any
) -> None:
    settings.HOME, settings.SAY_PER_MINUTE = tmp_path, 100
    revoked, gone, kept = a_link(world), a_link(world, OTHER), a_link(world, 43)
    voice.revoke(KEY, actor=world.dung, at=world.at)
    open_page = Client()
    form = open_page.get(at(gone)).context["form"]
    asked = a_request(world, kind="delete", key=OTHER)
    forgetting.forget_everywhere(asked, actor=world.privacy, at=world.at)
    late = open_page.post(at(gone), {"form": form, "act": "stop", "purpose": "care"})
    assert late.status_code == 404 and not Consent.objects.exists()
    pages = [Client().get(at(secret)) for secret in (revoked, gone, "A" * 22, "%00", "..%2f", "ế")]
    time.pass_by(days=31)
    pages.append(Client().get(at(kept)))
    assert {page.status_code for page in pages} == {404}
    assert len({page.content.replace(page.wsgi_request.path.encode(), b"") for page in pages[:3]}) == 1


def test_whoever_tries_many_waits_and_whoever_holds_one_does_not(world: Any, time: Clock) -> None:
    holder = Holder(world)
    tries = [Client().get(at(f"guess{n}")) for n in range(8)]
    assert [one.status_code for one in tries] == [404] * 5 + [429] * 3
    assert 0 < int(tries[-1].headers["Retry-After"]) <= 60
    assert Client().get(at("x"), REMOTE_ADDR="10.9.9.9").status_code == 404
    assert "Lời tôi nói" in holder.look()


def test_a_link_is_no_machine(world: Any, time: Clock, monkeypatch: Any) -> None:
    from tantam.office.desk import voice_pages

    monkeypatch.setattr(voice_pages, "MOST_ACTS", 2)
    holder = Holder(world)
    assert [holder.press("stop", purpose="care").status_code for _ in range(3)] == [303, 303, 429]
    assert Holder(world, OTHER).press("stop", purpose="care").status_code == 303
    time.pass_by(minutes=11)
    assert holder.press("stop", purpose="care").status_code == 303


def test_the_other_language_needs_no_cookie(world: Any, time: Clock) -> None:
    holder = Holder(world)
    path = at(holder.secret)
    away = holder.browser.post(path, {"language": "en", "next": path}, HTTP_ORIGIN="null")
    assert away.headers["Location"] == path and "What became of what I said" in holder.look()
    evil = holder.browser.post(path, {"language": "en", "next": "https://evil.example/"})
    assert "evil" not in evil.headers["Location"]


def test_staff_give_send_and_end_a_link(world: Any, page: Any, time: Clock, monkeypatch: Any) -> None:
    browser = page(world.dung)
    assert browser.get("/desk/voice/").headers["Cache-Control"] == "no-store"
    typed = {"who": keys.show(KEY), "because": "asked", "act": "give", "how": "read"}
    shown = browser.post("/desk/voice/", typed)
    link = shown.context["link"]
    assert link in shown.content.decode() and Client().get(link).status_code == 200
    assert keys.show(KEY) not in browser.get("/desk/voice/").content.decode()
    sent = browser.post("/desk/voice/", typed | {"how": "send"})
    assert "/toi/" not in sent.content.decode() and "http://testserver/toi/" in Message.objects.get().text
    ended = browser.post("/desk/voice/", typed | {"act": "end"})
    assert "Đã đóng mọi đường dẫn" in ended.content.decode()
    for wrong, code in (({"who": "x"}, "nobody_known"), ({"because": ""}, "no_reason_code")):
        refused = browser.post("/desk/voice/", typed | wrong)
        assert refused.status_code == 422 and code in refused.content.decode()
    assert page(world.auditor).post("/desk/voice/", typed).status_code == 403
    assert page(None).get("/desk/voice/").status_code == 302
    assert "/desk/voice/" in page(world.dung).get("/desk/").content.decode()
    assert "/desk/voice/" not in page(world.auditor).get("/desk/").content.decode()


def test_a_person_of_whom_nothing_is_known_reads_that(world: Any, time: Clock) -> None:
    shown = Holder(world, 999).look()
    assert "Chúng tôi chưa giữ lời nào của bạn" in shown and "Chưa gửi tin nào" in shown


def test_many_words_cost_no_more_than_their_threads(
    world: Any, time: Clock, django_assert_max_num_queries: Any
) -> None:
    from tests.office.opinions.a_theme import said

    for n in range(60):
        said(world, None, f"many {n}", key=KEY, said_at=world.at - timedelta(days=1, minutes=n))
    holder = Holder(world)
    with django_assert_max_num_queries(40):
        assert "Đây là 50 lời mới nhất" in holder.look()
