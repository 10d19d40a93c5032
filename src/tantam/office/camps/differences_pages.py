"""Where records of a camp truly differ: both shown side by side, a person decides with a reason, nothing by itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_http_methods

from tantam import clock
from tantam.errors import BadInput, Refused, TantamError
from tantam.office import door
from tantam.office.camps import actions, differing, ledger
from tantam.office.camps.after_pages import around, back, one, shown
from tantam.office.camps.day import Day
from tantam.office.camps.facts import Fact
from tantam.office.camps.models import Camp
from tantam.office.people.models import Request
from tantam.office.words import day as day_in_words
from tantam.office.words import number as in_figures
from tantam.office.words import say

WORDS = {
    "same_id": ("Một lượt ghi, hai nội dung", "One record, two wordings"),
    "two_corrections": ("Một lượt ghi được sửa hai kiểu", "One record corrected in two ways"),
    "dispensed_twice": ("Một đơn, phát thuốc hai lần", "One prescription, medicine given twice"),
    "same_person": ("Có vẻ là một người, ghi hai lần", "It seems one person, registered twice"),
    "same_ticket": ("Hai người chung một số", "Two people with one number"),
    "stock_below_zero": ("Phát nhiều hơn số nhận", "More went out than came in"),
    "stray": ("Có ghi khám mà không thấy đón", "A visit that nobody registered"),
}
ONE_HOLDS = {"same_id", "two_corrections", "dispensed_twice"}
"""Kinds where one of the records may be the one that holds."""
LABELS = {
    "ticket": ("Số", "Number"),
    "scanned": ("Quét thẻ", "Card scanned"),
    "witness": ("Người chứng kiến", "Witness"),
    "name": ("Tên", "Name"),
    "born_on": ("Ngày sinh", "Born on"),
    "born_year": ("Năm sinh", "Born in"),
    "born_about": ("Năm sinh phỏng chừng", "Year is a guess"),
    "sex": ("Giới", "Sex"),
    "village": ("Bản", "Village"),
    "card_end": ("Bốn số cuối thẻ", "End of the card"),
    "priority": ("Ưu tiên", "Goes first"),
    "guardian": ("Người giám hộ", "Guardian"),
    "helper": ("Người giúp", "Helper"),
    "systolic": ("Huyết áp trên", "Systolic"),
    "diastolic": ("Huyết áp dưới", "Diastolic"),
    "pulse": ("Mạch", "Pulse"),
    "temperature_tenths": ("Nhiệt độ, phần mười °C", "Tenths of °C"),
    "weight_tenths": ("Cân nặng, 100 g", "Weight, 100 g"),
    "height_cm": ("Cao, cm", "Height, cm"),
    "complaint": ("Đau gì", "What hurts"),
    "advice": ("Lời dặn", "Advice"),
    "findings": ("Kết luận", "Findings"),
    "prescribed": ("Đơn thuốc", "Prescribed"),
    "referral": ("Chuyển tuyến", "Referral"),
    "given": ("Đã phát", "Given"),
    "not_given": ("Không phát", "Not given"),
    "lot": ("Lô", "Lot"),
    "units": ("Số lượng", "Units"),
    "reason": ("Lý do", "Reason"),
    "words": ("Lời", "Words"),
    "early": ("Về sớm", "Left early"),
    "oxygen": ("SpO₂, %", "SpO₂, %"),
    "allergy_told": ("Dị ứng", "Allergy"),
    "pregnant": ("Mang thai", "Pregnant"),
}
"""What the parts of a body are called; others keep their field's name."""
SEXES = {"female": ("nữ", "female"), "male": ("nam", "male"), "other": ("khác", "other")}
_HIDDEN = {"visit", "card", "examined", "consent", "id", "know_me", "expected"}


@door.page("camp.settle")
@require_http_methods(["GET", "POST"])
def differences(request: Request, number: UUID) -> HttpResponse:
    """What truly differs, side by side, for a person to decide."""
    camp = one(request, number, "camp.settle")
    error = None
    if request.method == "POST":
        try:
            _settle(request, camp)
            messages.success(request, say("Đã ghi quyết định.", "The decision is written down."))
            return back("camp-differences", camp)
        except TantamError as no:
            error = no
    actions.check_there(camp)
    facts, day = ledger.facts_of(camp), ledger.day_of(camp)
    by_mark = {fact.mark: fact for fact in facts}
    open_ = differing.differences(facts, day)
    context = {
        **around(request, camp, "camp-differences"),
        "rows": [_row(one_, by_mark, day) for one_ in open_[:MOST_SHOWN]],
        "count": len(open_),
        "more": max(len(open_) - MOST_SHOWN, 0),
        "decided": len(day.settled),
        "typed": request.POST,
    }
    return shown(request, "camps/differences.html", context, error)


MOST_SHOWN = 40
"""Differences on the page at once; the others follow when these are decided."""


def _settle(request: Request, camp: Camp) -> None:
    reason = " ".join(request.POST.get("reason", "").split())
    if not 3 <= len(reason) <= 300:
        raise BadInput(
            "no_reason",
            "The decision has no reason.",
            "Say in a sentence how you know.",
            vi="Chưa ghi vì sao quyết như vậy. Viết một câu.",
        )
    open_ = {d.code: d for d in differing.differences(ledger.facts_of(camp), ledger.day_of(camp))}
    difference = open_.get(request.POST.get("code", ""))
    if difference is None:
        raise Refused(
            "difference_settled",
            "This difference is decided already, or something new joined in.",
            "Look at the list as it is now.",
            vi="Chỗ này đã quyết rồi, hoặc vừa có thêm lượt ghi. Xem lại danh sách.",
        )
    choice = request.POST.get("choice", "")
    holds = choice if difference.kind in ONE_HOLDS and choice in difference.marks else ""
    if not holds and choice not in {"same", "apart", "both"}:
        raise BadInput(
            "no_choice",
            "Nothing was chosen.",
            "Choose what holds.",
            vi="Chưa chọn bản nào đúng. Chọn một.",
        )
    said = differing.settled(difference, holds=holds, same=choice == "same", reason=reason)
    actions.say(camp, said, act="camp.settle", actor=request.user, at=clock.now())


def _row(one_: differing.Difference, by_mark: dict[str, Fact], day: Day) -> dict[str, Any]:
    sides = [_side(by_mark[mark], day) for mark in one_.marks if mark in by_mark]
    parts = [dict(side["parts"]) for side in sides]
    for side in sides:
        side["parts"] = [
            (name, value, any(other.get(name) != value for other in parts)) for name, value in side["parts"]
        ]
    return {
        "code": one_.code,
        "kind": one_.kind,
        "word": say(*WORDS[one_.kind]),
        "who": ", ".join(
            day.visits[v].person.name for v in one_.visits if v in day.visits and day.visits[v].registered
        ),
        "sides": sides,
        "one_holds": one_.kind in ONE_HOLDS,
        "same_person": one_.kind == "same_person",
    }


def _side(fact: Fact, day: Day) -> dict[str, Any]:
    """One record in words. ``parts``: label → value as text."""
    members = day.plan.members
    body = fact.body.model_dump(exclude_defaults=True, exclude=_HIDDEN)
    return {
        "mark": fact.mark,
        "kit": f"{fact.kit}",
        "at": fact.kit_at,
        "by": members[fact.author].name if fact.author in members else fact.author,
        "paper": fact.paper,
        "parts": [(say(*LABELS[k]) if k in LABELS else k, _text(v, day)) for k, v in body.items()],
    }


def _text(value: Any, day: Day) -> str:
    if isinstance(value, list):
        return "; ".join(_text(part, day) for part in value)
    if isinstance(value, dict):
        code = value.get("medicine") or value.get("code")
        name = (
            day.plan.medicines[code].name if code in day.plan.medicines else day.plan.codes.get(str(code), "")
        )
        rest = [
            str(v) for k, v in value.items() if not isinstance(v, list | bool) and not (name and v == code)
        ]
        return " · ".join([name, *rest] if name else rest)
    if value in SEXES:
        return say(*SEXES[value])
    if isinstance(value, bool):
        return say("có", "yes") if value else say("không", "no")
    if isinstance(value, int) and value > 9999:
        return in_figures(value)
    return day_in_words(value) if hasattr(value, "isoformat") else str(value)


urlpatterns: list[Any] = [path("<uuid:number>/differences/", differences, name="camp-differences")]
