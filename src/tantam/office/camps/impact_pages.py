"""What a camp came to: for those who see camps, and for anybody once it is closed; the same figures, with small cells
hidden. Lessons are written here and read when the next camp is planned."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from tantam import clock
from tantam.errors import BadInput, Refused, TantamError
from tantam.office import door
from tantam.office.camps import actions, impact, kinds, ledger, referrals, voices
from tantam.office.camps.after_pages import around, back, one, shown
from tantam.office.camps.cells import SMALLEST, Shown
from tantam.office.camps.models import Camp
from tantam.office.people.models import Request
from tantam.office.words import number, say

KEPT = {
    "kept": ("giữ đúng ngày đã hứa", "held on the promised day"),
    "kept_late": ("giữ lời, muộn hơn ngày hứa", "held later than promised"),
    "broken": ("không giữ được ngày hứa", "the promised day was not held"),
    "open": ("lời hứa ngày khám còn mở", "the promise of the day is open"),
}
ENDED = {**referrals.OUTCOMES, "open": ("Đang theo", "Being followed")}
_LINE = 34


@door.page("camp.see")
@require_http_methods(["GET", "POST"])
def came_to(request: Request, number: UUID) -> HttpResponse:
    """The figures of a camp, its stories, and what it taught."""
    camp = one(request, number, "camp.see")
    error = None
    if request.method == "POST":
        try:
            _learn(request, camp)
            return back("camp-impact", camp)
        except TantamError as no:
            error = no
    actions.check_there(camp)
    may_learn = door.may(request.user, "camp.close")
    context = {**around(request, camp, "camp-impact"), **_figures(camp), "may_learn": may_learn}
    context |= {"typed": request.POST, "open_to_all": camp.state == "closed"}
    return shown(request, "camps/impact.html", context, error)


@require_safe
def public(request: HttpRequest, number: UUID) -> HttpResponse:
    """What a closed camp came to, and stories of people who agreed: no name, no cell below five people."""
    camp = Camp.objects.filter(pk=number, state="closed").first()
    if camp is None:
        raise Http404
    try:
        figures = _figures(camp)
    except Refused:  # its key is not here: nothing can be read of it
        raise Http404 from None
    return render(request, "camps/public.html", {"camp": camp, **figures})


def _figures(camp: Camp) -> dict[str, Any]:
    found, day = impact.of_camp(camp), ledger.day_of(camp)
    planned = day.plan.planned
    groups = Shown([(say(*impact.GROUPS[code]), n) for code, n in found.groups.rows if code in impact.GROUPS])
    return {
        "found": found,
        "theme": planned.theme if planned else "",
        "general": camp.general,
        "groups": bars(groups.rows, found.people or 0, say("Nhóm được khám trước", "Groups that went first")),
        "findings": bars(
            found.findings.rows, found.people or 0, say("Bác sĩ kết luận", "What doctors found")
        ),
        "villages": found.villages,
        "village_count": len(found.villages.rows),
        "kept_day": say(*KEPT[found.kept_day]) if found.kept_day in KEPT else "",
        "ended": [(say(*ENDED[code]), n) for code, n in found.referrals.rows],
        "stories": voices.published(day),
        "came_off": [one_.words for one_ in day.plan.lessons if one_.came_off],
        "not_yet": [one_.words for one_ in day.plan.lessons if not one_.came_off],
        "smallest": SMALLEST,
    }


def bars(rows: list[tuple[str, int]], people: int, finding: str) -> SafeString:
    """A picture of counts among ``people``: a bar each, its name above and its figure behind. Empty without rows."""
    if not rows or not people:
        return SafeString("")
    high = _LINE * len(rows) + 4
    # Widths in percent and no viewBox: the letters stay as large as the page's, on a phone too.
    lines = format_html_join(
        "",
        '<text x="0" y="{}">{}</text><rect class="all" x="0" y="{}" width="100%" height="8" rx="2"/>'
        '<rect class="some" x="0" y="{}" width="{}%" height="8" rx="2"/><text class="n" x="100%" y="{}">{}</text>',
        (
            (
                nth * _LINE + 15,
                name,
                nth * _LINE + 22,
                nth * _LINE + 22,
                max(n * 100 // people, 1),
                nth * _LINE + 15,
                number(n),
            )
            for nth, (name, n) in enumerate(rows)
        ),
    )
    told = "; ".join(f"{name}: {number(n)}" for name, n in rows)
    return format_html(
        '<svg class="counts" width="100%" height="{}" role="img" aria-label="{}">{}</svg>',
        high,
        f"{finding}. {told}",
        lines,
    )


def _learn(request: Request, camp: Camp) -> None:
    words = " ".join(request.POST.get("words", "").split())
    kind = request.POST.get("kind", "")
    if kind not in {"got", "not_yet"} or not words or len(words) > 300:
        raise BadInput(
            "bad_lesson",
            "The lesson has no words, or is neither “came off” nor “not yet”.",
            "Choose one of the two and write a sentence.",
            vi="Chưa chọn “được” hay “chưa được”, hoặc chưa viết. Chọn một và viết một câu.",
        )
    said = kinds.Lesson(came_off=kind == "got", words=words)
    if said not in ledger.day_of(camp).plan.lessons:
        actions.say(camp, said, act="camp.close", actor=request.user, at=clock.now())
        messages.success(request, say("Lần sau sẽ đọc lại điều này.", "The next plan will show this."))


urlpatterns: list[Any] = [path("<uuid:number>/impact/", came_to, name="camp-impact")]
public_urlpatterns: list[Any] = [path("public/camps/<uuid:number>/", public, name="public-camp")]
