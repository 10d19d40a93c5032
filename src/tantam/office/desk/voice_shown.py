"""What one person reads of his own: what he said and what became of it, what we sent him and why, what we may contact
him for, what he asked about his data. Everything is found by his key alone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from tantam.clock import day_of, to_days
from tantam.law import ask
from tantam.listen.mask import mask
from tantam.office.channels import person
from tantam.office.channels.models import ARRIVED, SENT, Message
from tantam.office.channels.rules import EVERYTHING, PURPOSES, Verdict
from tantam.office.channels.shown import shown
from tantam.office.desk.models import DataRequest
from tantam.office.desk.rules import KINDS
from tantam.office.desk.shown import thread
from tantam.office.opinions import themes
from tantam.office.opinions.models import Answer, Change, Opinion, Telling
from tantam.office.opinions.rules import CHANNELS, GONE
from tantam.office.promises.rules import days_late
from tantam.office.words import day, late, number, say

LATEST = 50
"""Opinions, and messages, that are shown; the file that he may take away has all of them."""
FEWEST = 3
"""Fewer people than this are not shown as a number: they could be found out."""

MAY = {
    "service": ("Báo về dịch vụ bạn đang dùng", "Notices about the service you use"),
    "reply": ("Trả lời điều bạn nói", "Answers to what you said"),
    "care": ("Chăm sóc, quà", "Care and gifts"),
    "invitation": ("Mời gặp gỡ", "Invitations"),
    "survey": ("Hỏi ý kiến", "Surveys"),
    "health": ("Sức khỏe", "Health"),
    "advertising": ("Quảng cáo", "Advertising"),
}
"""What somebody is asked about here, in plain words; a request to sign up for advertising is never asked for."""

FATES = {
    "done": ("{n} đã làm", "{n} done"),
    "promised": ("{n} đang hẹn", "{n} promised"),
    "lost": ("{n} không giữ được lời", "{n} where we did not keep our word"),
    "no": ("{n} xin nói không", "{n} to which we said no"),
    "waits": ("{n} chờ trả lời", "{n} waiting for an answer"),
}
"""What became of something that was said, counted."""

NOT = {
    "refused": ("bạn đã dừng", "you stopped it"),
    "listed": (
        "số của bạn trong Danh sách không quảng cáo quốc gia; muốn đổi thì báo danh sách ấy",
        "your number is on the national do-not-call list; ask that list to change it",
    ),
}
WAITS = ("bạn chưa cho phép, nên chúng tôi không gửi", "you have not allowed it, so we send none")


def fates(key: int, today: date) -> list[dict[str, Any]]:
    """What a person said, the latest first, each with its thread: kept, put with others, answered, done, told."""
    said = Opinion.objects.filter(speaker_key=key, current=True).exclude(text=GONE)
    rows = said.select_related("office", "theme__into").order_by("-said_at", "-id")[:LATEST]
    found = [(one, *_fate(one, key, today)) for one in rows]
    return [
        {
            "text": one.text,
            "channel": say(*CHANNELS[one.channel]),
            "place": one.office.name,
            "on": one.said_at,
            "corrected": one.corrects_id is not None,
            "fate": fate,
            "steps": steps,
        }
        for one, fate, steps in found
    ]


def _fate(opinion: Opinion, key: int, today: date) -> tuple[str, list[dict[str, Any]]]:
    """One of :data:`FATES`, and the thread."""
    steps = [_step("done", ("Ghi lại nguyên lời", "Written down word for word"), day(opinion.said_at))]
    if opinion.forwarded_at is not None and opinion.forwarded_to is not None:
        facts = f"{opinion.forwarded_to.name} · {day(opinion.forwarded_at)}"
        steps.append(_step("done", ("Chuyển tới nơi trả lời được", "Handed to who can answer"), facts))
    theme = themes.root_of(opinion.theme) if opinion.theme is not None else None
    if theme is None or theme.hidden:
        return "waits", [
            *steps,
            _step("next", ("Chờ có người đọc và trả lời", "Waits to be read and answered")),
        ]
    others = theme.people_count - 1
    with_ = (
        ("Cùng ý với {n} người khác", "Said by {n} others too")
        if theme.people_count >= FEWEST
        else ("Xếp cùng những lời giống vậy", "Put with what others said alike")
    )
    steps.append({"state": "done", "title": say(*with_, n=number(others)), "facts": theme.name})
    answer = Answer.objects.filter(theme=theme, current=True).select_related("promise").first()
    if answer is None:
        return "waits", [*steps, _step("next", ("Chờ trả lời", "Waits for an answer"))]
    fate, more = _answered(answer, key, today)
    return fate, [*steps, *more]


def _answered(answer: Answer, key: int, today: date) -> tuple[str, list[dict[str, Any]]]:
    words, promise = answer.words, answer.promise
    if promise is None:
        steps = [_step("done", ("Chúng tôi xin nói không", "We said no"), f"{day(answer.at)} · {words}")]
        return "no", [*steps, *_told(key, answer, None)]
    title = (
        ("Chúng tôi hứa", "We promised")
        if answer.kind == "accept"
        else ("Chưa làm được, hẹn nói lại", "Not yet; we will say more")
    )
    steps = [_step("done", title, f"{day(answer.at)} · {words}")]
    change, fate = Change.objects.filter(answer=answer, published_at__isnull=False).first(), "promised"
    if change is not None:
        days = days_late(promise.first_due, change.done_on)
        fate = "done"
        facts = [day(change.done_on), late(days) if days else "", change.what, mask(change.proof)]
        steps.append(_step("done" if days else "kept", ("Đã làm", "Done"), " · ".join(filter(None, facts))))
    elif promise.state == "broken":
        fate = "lost"
        lost = ("Chúng tôi không giữ được lời", "We did not keep our word")
        steps.append(_step("late", lost, mask(promise.reason)))
    elif promise.state == "open":
        days = days_late(promise.due, today)
        due = say("hẹn {on}", "due {on}", on=day(promise.due)) + (f" · {late(days)}" if days else "")
        steps.append(_step("late" if days else "due", ("Chờ làm xong", "To be done"), due))
    elif promise.state == "kept":
        steps.append(_step("done", ("Đã giữ lời, sắp công bố", "Kept; to be published")))
    return fate, [*steps, *_told(key, answer, change)]


def _told(key: int, answer: Answer, change: Change | None) -> list[dict[str, Any]]:
    """When this person got the message about it, if he did."""
    told = Telling.objects.filter(answer=answer)
    if change is not None:
        told |= Telling.objects.filter(change=change)
    about = [str(one) for one in told.values_list("pk", flat=True)]
    mine = Message.objects.filter(
        key=key, about_kind="telling", about_id__in=about, state__in=(SENT, ARRIVED)
    )
    at = mine.order_by("-taken_at").values_list("taken_at", flat=True).first()
    return [_step("done", ("Đã báo lại cho bạn", "You were told"), day(at))] if at is not None else []


def _step(state: str, title: tuple[str, str], facts: str = "") -> dict[str, Any]:
    return {"state": state, "title": say(*title), "facts": facts}


def sentence(said: list[dict[str, Any]]) -> str:
    """What became of all he said, in a few words: “1 đã làm, 2 chờ trả lời”."""
    counts = {fate: sum(one["fate"] == fate for one in said) for fate in FATES}
    return ", ".join(say(*FATES[fate], n=number(count)) for fate, count in counts.items() if count)


def received(key: int) -> list[dict[str, Any]]:
    """What went out to a person, the latest first, each with what it was for and the rule that let it go."""
    rows = Message.objects.filter(key=key, taken_at__isnull=False).order_by("-taken_at", "-id")[:LATEST]
    found = list(rows)
    return [one | {"at": row.taken_at} for one, row in zip(shown(found), found, strict=True)]


def consents(key: int, *, at: datetime) -> list[dict[str, Any]]:
    """For each purpose whether we may contact him for it now or at a later hour, why not, and what a yes would mean."""
    verdicts = person.standing(key, at=at).verdicts
    return [
        {"purpose": code, "word": say(*word), **_may(verdicts[code]["sms"]), "means": _means(code, at)}
        for code, word in MAY.items()
    ]


def _may(verdict: Verdict) -> dict[str, Any]:
    if verdict.outcome != "refuse":
        return {"may": True, "why": "", "can_allow": False}
    return {"may": False, "why": say(*NOT.get(verdict.code, WAITS)), "can_allow": verdict.code != "listed"}


def _means(purpose: str, at: datetime) -> str:
    """What somebody who says yes should know first: what comes, how, and how often."""
    if purpose != "advertising":
        return say(
            "Bạn cho phép nhắn tin, gọi hay gửi thư về: {what}. Dừng lúc nào cũng được, ở ngay đây.",
            "You let us text, call or mail you about: {what}. You can stop it any time, right here.",
            what=say(*PURPOSES[purpose]),
        )
    on = to_days(day_of(at))
    most = [int(ask(code, on).value) for code in ("ads_sms_per_24h", "ads_call_per_24h", "ads_mail_per_24h")]
    return say(
        "Bạn cho phép gửi quảng cáo dịch vụ của chúng tôi, trong 24 giờ nhiều nhất {sms} tin nhắn, {call} cuộc gọi, "
        "{mail} thư. Dừng lúc nào cũng được, ở ngay đây.",
        "You let us advertise our services to you: in 24 hours at most {sms} texts, {call} call, {mail} mails. You can "
        "stop it any time, right here.",
        sms=most[0], call=most[1], mail=most[2],
    )  # fmt: skip


def requests(key: int, today: date) -> list[dict[str, Any]]:
    """What a person asked about his data, the latest first, with the law's clock."""
    rows = DataRequest.objects.filter(key=key).select_related("first_promise", "promise", "office")
    return [
        {
            "kind": say(*KINDS[one.kind][:2]),
            "code": one.kind,
            "open": one.answered_at is None,
            "due": one.promise.due,
            "steps": thread(one, today),
        }
        for one in rows.order_by("-received_at", "-id")[:LATEST]
    ]


def word_of(purpose: str) -> str:
    """A purpose, or everything, as the page calls it."""
    return say("mọi liên lạc", "every contact") if purpose == EVERYTHING else say(*MAY[purpose])
