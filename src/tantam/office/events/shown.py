"""How a gathering is said to people: names, states, steps, reasons. Reads nothing by itself and writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from tantam import keys, places
from tantam.clock import day_of
from tantam.errors import BadInput
from tantam.office import words
from tantam.office.events import large, rules
from tantam.office.events.models import Event, Guest
from tantam.office.promises.models import Promise
from tantam.office.words import say

STATES = {
    "planned": ("chưa chọn khách", "no guests yet", "line"),
    "invited": ("đang mời", "inviting", "nghe"),
    "held": ("đã gặp", "held", "cham"),
    "reading": ("đang đọc lại", "reading back", "cham"),
    "sealed": ("đã niêm phong", "sealed", "la"),
    "cancelled": ("đã hủy", "called off", "line"),
}
TONES = {
    "accepted": "la",
    "refused": "line",
    "unreachable": "nghe",
    "withdrew": "line",
    "none": "line",
    "no_contact": "line",
}
AGES = {
    "18_29": ("18–29 tuổi", "aged 18–29"),
    "30_44": ("30–44 tuổi", "aged 30–44"),
    "45_59": ("45–59 tuổi", "aged 45–59"),
    "60_up": ("từ 60 tuổi", "aged 60 and up"),
}
KINDS = {"prepaid": ("trả trước", "prepaid"), "postpaid": ("trả sau", "postpaid")}
SPREAD = {
    "place": ("Theo nơi ở", "By place"),
    "age": ("Theo tuổi", "By age"),
    "plan_kind": ("Theo cách trả tiền", "By how they pay"),
    "plan": ("Theo gói", "By plan"),
}
FUNNEL = {
    "other_province": ("Thuê bao ở {province}", "Subscribers in {province}"),
    "other_place": ("Ở đúng nơi mời", "In the place we invite from"),
    "too_new": ("Đã dùng trên {years} năm", "With us for over {years} years"),
    "under_age": ("Từ 18 tuổi", "Aged 18 and up"),
    "no_consent": ("Đã đồng ý để ta chăm sóc", "Agreed to be cared for"),
    "refuses_ads": ("Không từ chối lời mời của ta", "Did not decline our invitations"),
    "staff": ("Không phải người của ta", "Not one of our staff"),
    "invited_recently": ("Chưa được mời trong 12 tháng", "Not invited within 12 months"),
}
WHY_NOT = {
    "drawn": ("được rút thăm, ghế số {number}", "was drawn, seat {number}"),
    "reserve": ("là dự bị thứ {number}", "is reserve {number}"),
    "not_drawn": (
        "có tên trong {pool} người được rút thăm, nhưng thăm không trúng",
        "was among the {pool} who could be drawn, and the lot fell on others",
    ),
    "unknown": ("không có trong dữ liệu của ta", "is not in our data"),
    "other_province": ("ở tỉnh khác", "lives in another province"),
    "other_place": ("ở nơi khác", "lives in another place"),
    "too_new": (
        "mới dùng {years} năm, cần trên {asked} năm",
        "has been with us {years} years, over {asked} needed",
    ),
    "under_age": ("chưa đủ 18 tuổi", "is under 18"),
    "no_consent": ("chưa đồng ý để ta chăm sóc", "has not agreed to be cared for"),
    "refuses_ads": ("đã từ chối nhận lời mời", "declined our invitations"),
    "staff": ("là người của ta", "works here"),
    "invited_recently": ("đã được mời trong 12 tháng", "was invited within 12 months"),
}


def title(event: Event) -> str:
    """What a gathering is called: ``Ngày lắng nghe 15/10/2026``."""
    return f"{say(*large.KINDS[event.kind])} {words.day(event.on)}"


def name(guest: Guest) -> str:
    """A guest as the screens call him: ``chị Nguyễn Thị Hạnh``; before his name was asked “Khách 3”."""
    if guest.party is not None and guest.party.name:
        return f"{guest.party.title} {guest.party.name}".strip()
    return say("Khách {n}", "Guest {n}", n=guest.order)


def dressed(guest: Guest) -> Guest:
    """A guest with what the templates show of him."""
    made: Any = guest
    made.shown = name(guest)
    made.about = about(guest.reason.get("facts", {}))
    made.years = guest.reason.get("facts", {}).get("years")
    made.said = say(*rules.ANSWERS[guest.answer])
    made.tone = TONES[guest.answer]
    made.read = say(*rules.READ[guest.read_back]) if guest.read_back in rules.READ else ""
    return guest


def about(facts: dict[str, Any]) -> str:
    """Why this one could sit here: years with us, age, how he pays, plan, place; what is not known is left out."""
    if not facts:
        return say("đã xóa theo yêu cầu", "forgotten on request")
    parts = [say("{n} năm", "{n year|years}", n=facts["years"])]
    parts += [level(by, facts.get(by)) for by in ("age", "plan_kind", "plan", "place") if facts.get(by)]
    return " · ".join(parts)


def level(by: str, code: str | None) -> str:
    """One level of what guests are spread over, in words."""
    if not code:
        return say("chưa rõ", "not known")
    if by == "age":
        return say(*AGES[code])
    if by == "plan_kind":
        return say(*KINDS.get(code, (code, code)))
    if by == "place":
        unit = places.find(code, places.MERGED_ON - 1)
        return unit.name if unit else code
    return say("gói {plan}", "plan {plan}", plan=code)


def funnel(choice: dict[str, Any]) -> list[dict[str, Any]]:
    """The conditions of a choice, each with how many it left and how many fell out; the whole base is not drawn."""
    steps = choice["funnel"]
    most = max(steps[0]["left"], 1)
    says = {"province": places.today(choice["province"]).name, "years": choice["years"]}
    return [
        {
            "words": say(*FUNNEL[s["code"]], **says),
            "left": s["left"],
            "out": s["out"] if at else 0,
            "width": round(s["left"] / most * 1000),
        }
        for at, s in enumerate(steps)
        if s["out"] or s["code"] != "other_place"
    ]


def quotas(choice: dict[str, Any]) -> list[tuple[str, str]]:
    """How the seats were shared out, a line each of what they were spread over."""
    return [
        (say(*SPREAD[by]), ", ".join(f"{level(by, code)}: {n}" for code, n in sorted(made.items())))
        for by, made in choice["quotas"].items()
        if made
    ]


def why(code: str, facts: dict[str, Any]) -> str:
    """Why a subscriber is or is not a guest, to be said after his key."""
    known = {"number": "", "pool": "", "years": "", "asked": "", **facts}
    written = {n: words.number(v) if isinstance(v, int) else v for n, v in known.items()}
    return say(*WHY_NOT[code], **written)


def key_of(text: str) -> int:
    """A key as somebody typed it; refuses ``bad_key`` in both languages."""
    try:
        return keys.parse(text)
    except BadInput as no:
        vi = "Đó không phải mã thuê bao. Viết TB- và 13 ký tự theo sau."
        raise BadInput(no.code, no.what, no.do, vi=vi) from None


def steps(
    event: Event, guests: Sequence[Guest], lines: int, owed: dict[str, Promise], today: date
) -> list[Any]:
    """The thread of a gathering, from the plan to the last call back."""
    seated = [g for g in guests if g.in_play]
    accepted = sum(g.answer == "accepted" for g in seated)
    came = sum(g.came is True for g in guests)
    read = sum(g.came is True and g.read_back != "none" for g in guests)
    made = [_step(event.planned_at, say("Lập", "Planned"), "")]
    said = say("{a} trong {n} nhận lời", "{a} of {n} accepted", a=accepted, n=len(seated)) if seated else ""
    made.append(_step(event.chosen_at, say("Mời", "Invited"), said))
    said = say("{n} khách đến", "{n guest|guests} came", n=came) if event.held_at else ""
    made.append(_step(event.held_at, say("Gặp", "Held"), said, due=event.on))
    whole = bool(came) and read == came
    said = say("{r} trong {n} người", "{r} of {n}", r=read, n=came) if came else ""
    made.append({"state": "done" if whole else "next", "title": say("Đọc lại", "Read back"), "facts": said})
    said = say("{n} dòng", "{n line|lines}", n=lines) if event.sealed_at else ""
    made.append(_step(event.sealed_at, say("Niêm phong", "Sealed"), said))
    titles = {"forward": say("Chuyển", "Forwarded"), "call_back": say("Gọi lại", "Called back")}
    made += [_promised(titles[kind], owed.get(kind), today) for kind in titles]
    return made


def large_steps(
    event: Event, counts: dict[str, int], said: int, owed: dict[str, Promise], today: date
) -> list[Any]:
    """The thread of a large gathering, from the plan to the forwarding."""
    listed = counts["drawn"] + counts["asked"]
    made = [_step(event.planned_at, say("Lập", "Planned"), "")]
    invited = say("{n} người trong danh sách", "{n} on the list", n=listed) if listed else ""
    made.append({"state": "done" if listed else "next", "title": say("Mời", "Invited"), "facts": invited})
    there = say("{n} người đến", "{n} came", n=counts["came"]) if event.held_at else ""
    made.append(_step(event.held_at, say("Đón", "Let in"), there, due=event.on))
    heard = say("{n} ý kiến", "{n opinion|opinions}", n=said) if event.sealed_at else ""
    made.append(_step(event.sealed_at, say("Khép, niêm phong", "Closed and sealed"), heard))
    made.append(_promised(say("Chuyển", "Forwarded"), owed.get("forward"), today))
    return made


def _step(at: Any, title: str, facts: str, due: date | None = None) -> dict[str, Any]:
    if at is None:
        return {"state": "due" if due else "next", "title": title, "facts": words.day(due) if due else facts}
    on = words.day(day_of(at))
    return {"state": "done", "title": title, "facts": f"{on} · {facts}" if facts else on}


def _promised(title: str, promise: Promise | None, today: date) -> dict[str, Any]:
    if promise is None:
        return {"state": "next", "title": title, "facts": ""}
    link = {"title": title, "href": f"/promises/{promise.pk}/", "link": say("lời hứa", "the promise")}
    if promise.state == "kept":
        assert promise.settled_on is not None
        return {"state": "kept", "facts": words.day(promise.settled_on), **link}
    if promise.state == "open" and promise.due >= today:
        return {"state": "due", "facts": say("hạn {on}", "due {on}", on=words.day(promise.due)), **link}
    if promise.state == "open":
        return {"state": "late", "facts": words.late((today - promise.due).days), **link}
    return {"state": "late", "facts": say("không giữ được", "not kept"), **link}
