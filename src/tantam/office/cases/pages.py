"""What people see of questions and complaints: those that wait, what is lost first on top; one with its story and its
clocks; and the form to write one down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tantam import clock, keys
from tantam.errors import BadInput, TantamError
from tantam.office import paging
from tantam.office.cases import actions, clocks, lists, rules
from tantam.office.cases.models import CLOSED, Case
from tantam.office.cases.shown import drawn, row_of, story
from tantam.office.channels import phonebook
from tantam.office.door import may, offices, page
from tantam.office.people.models import Office, Request, Staff
from tantam.office.typed import whole
from tantam.office.watch import status
from tantam.office.words import dong, number, say

TYPED = ("who", "kind", "about", "said_by", "text", "on", "bill_on", "office", "once")
PROOF = {
    "phone": ("đọc số biên nhận qua điện thoại", "the number was read out by phone"),
    "counter": ("đưa giấy biên nhận tại quầy", "a paper receipt was given at the counter"),
    "letter": ("gửi biên nhận bằng thư", "a receipt was sent by letter"),
    "mail": ("gửi biên nhận bằng thư điện tử", "a receipt was sent by e-mail"),
}
"""What is usual where people reached us: the first proof that the form offers."""


@page("case.see")
@require_GET
def index(request: Request) -> HttpResponse:
    """Cases by what is lost first; or the one whose number was typed."""
    want, now = lists.wanted(request.GET), clock.now()
    if want.q and (case := lists.by_number(want.q, request.user)) is not None:
        return _go(case)
    rows, order = lists.rows(want, request.user, now)
    rows = rows.select_related("office", "owner").prefetch_related("terms__pauses")
    filters = lists.filters(want, request.user, now)
    shown = paging.page(rows, request.GET.get("after", ""), *order)
    context = {
        "want": want,
        "page": shown,
        "rows": [row_of(case, now) for case in shown.rows],
        "answer": _answered(filters),
        "filters": filters,
        "whose": [(code, say(*words)) for code, words in lists.WHOSE.items()],
        "topics": [
            ("", say("Mọi việc", "Everything")),
            *((c, say(*words)) for c, words in rules.ABOUT.items()),
        ],
        "may_receive": may(request.user, "case.receive"),
        "not_found": bool(want.q),
    }
    return render(request, "cases/index.html", context)


@page("case.receive")
@sensitive_post_parameters("who", "text")
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Write one down in a minute; a number becomes a key at once and is kept nowhere."""
    typed = {name: request.POST.get(name, "").strip() for name in TYPED}
    ids = offices(request.user, "case.receive")
    rows = Office.objects.filter(closed_on__isnull=True)
    places = list((rows if ids is None else rows.filter(pk__in=ids)).order_by("path"))
    error = None
    if request.method == "POST":
        try:
            case = _receive(request, typed, places)
        except TantamError as refused:
            error = refused
        else:
            receipt = rules.number(case.kind, case.pk)
            said = say("Đã ghi. Số biên nhận: {n}.", "Written down. The number is {n}.", n=receipt)
            messages.success(request, said)
            return _go(case)
    else:
        today = f"{clock.to_date(clock.today()):%d/%m/%Y}"
        typed |= {"kind": "complaint", "said_by": "phone", "on": today, "once": str(uuid4())}
    context = {
        "typed": typed,
        "error": error,
        "kinds": [(code, say(vi, en)) for code, (vi, en, _) in rules.KINDS.items()],
        "topics": [("", say("Chọn…", "Choose…")), *((c, say(*words)) for c, words in rules.ABOUT.items())],
        "ways": [(code, say(*words)) for code, words in rules.SAID_BY.items()],
        "places": [(o.pk, o.name) for o in places],
    }
    return render(request, "cases/new.html", context, status=status(error) if error else 200)


@page("case.see")
@require_GET
def one(request: Request, pk: int) -> HttpResponse:
    """One case: its words, its story, its clocks, and what may be done next."""
    return _one(request, _get(request, pk))


def _receipt(case: Case, request: Request, **by: Any) -> None:
    actions.give_receipt(case, proof=_text(request, "proof"), **by)
    if request.POST.get("both"):
        actions.acknowledge(case, proof=_text(request, "proof"), **by)


def _answer(case: Case, request: Request, **by: Any) -> None:
    sum_typed = _text(request, "refund").replace(".", "").replace(",", "").replace(" ", "")
    actions.answer(
        case,
        outcome=_text(request, "outcome"),
        answer=_text(request, "answer"),
        proof=_text(request, "proof"),
        refund_dong=whole(sum_typed) if sum_typed else None,
        **by,
    )


def _assign(case: Case, request: Request, **by: Any) -> None:
    chosen = Staff.objects.filter(pk=whole(_text(request, "owner")), is_active=True).first()
    if chosen is None:
        raise BadInput(
            "nobody_chosen",
            "Nobody was chosen.",
            "Choose who answers.",
            vi="Chưa chọn ai trả lời. Chọn một người rồi gửi lại.",
        )
    actions.assign(case, owner=chosen, **by)


ACTS: dict[str, tuple[str, Callable[..., Any], tuple[str, str]]] = {
    "receipt": ("case.take", _receipt, ("Đã ghi: biên nhận đã đưa.", "The receipt was given.")),
    "acknowledge": (
        "case.take",
        lambda case, request, **by: actions.acknowledge(case, proof=_text(request, "proof"), **by),
        ("Đã ghi: người ấy biết ta đã nhận.", "They know that we have it."),
    ),
    "hand-over": (
        "case.take",
        lambda case, request, **by: actions.hand_over(
            case, to=_text(request, "to"), proof=_text(request, "proof"), **by
        ),
        ("Đã ghi: bên cung cấp đã nhận.", "The provider has it."),
    ),
    "turn-down": (
        "case.answer",
        lambda case, request, **by: actions.turn_down(case, **by),
        ("Từ giờ ta nợ lý do bằng văn bản.", "From now on we owe the reason in writing."),
    ),
    "answer": ("case.answer", _answer, ("Kết quả đã ghi.", "The result is written down.")),
    "refunded": (
        "case.answer",
        lambda case, request, **by: actions.refunded(
            case, dong=case.refund_dong or 0, proof=_text(request, "proof"), **by
        ),
        ("Đã hoàn đủ tiền. Việc khép lại.", "All of it is paid back. The case is closed."),
    ),
    "pause": (
        "case.answer",
        lambda case, request, **by: actions.pause(case, reason=_text(request, "reason"), **by),
        ("Đồng hồ đã dừng.", "The clock stands still."),
    ),
    "resume": (
        "case.answer",
        lambda case, request, **by: actions.resume(case, **by),
        ("Đồng hồ chạy tiếp; hạn đầu vẫn còn đó.", "The clock runs again; the first due date stays."),
    ),
    "assign": ("case.assign", _assign, ("Đã giao.", "Given.")),
}
"""Address of a form → whose duty it is, the act, and what is said when it is done."""


def act(name: str) -> Callable[..., HttpResponse]:
    """The view of one form."""
    duty, do, said = ACTS[name]

    @page(duty)
    @require_POST
    def view(request: Request, pk: int) -> HttpResponse:
        case = _get(request, pk)
        try:
            do(case, request, actor=request.user, at=clock.now())
        except TantamError as error:
            return _one(request, case, error, name)
        messages.success(request, say(*said))
        return _go(case)

    return view


def _one(request: Request, case: Case, error: TantamError | None = None, tried: str = "") -> HttpResponse:
    now = clock.now()
    context = {
        "case": case,
        "row": row_of(case, now),
        "steps": story(case, now),
        "clocks": drawn(case, now),
        "closed": case.state == CLOSED,
        "late_bill": case.bill_on and clocks.over_a_month(case.bill_on, clock.day_of(case.received_at)),
        "forms": _forms(case, request.user, tried, now),
        "outcomes": [(code, say(*rules.OUTCOMES[code])) for code in rules.OUTCOMES_OF[case.kind]],
        "owners": [(s.pk, s.name) for s in actions.who_answers(case.office, clock.day_of(now))],
        "refund": dong(case.refund_dong) if case.refund_dong else "",
        "proof": say(*PROOF[case.said_by]) if case.said_by in PROOF else "",
        "typed": request.POST,
        "can_look": case.key is not None and may(request.user, "person.look"),
        "error": error,
    }
    return render(request, "cases/one.html", context, status=status(error) if error else 200)


def _forms(case: Case, reader: Staff, tried: str, now: datetime) -> list[dict[str, Any]]:
    """The forms of what may be done now, the next one first and open; one that was just refused is open too."""
    held = list(case.terms.all())
    open_ = {term.rule for term in held if term.stopped_at is None}
    still = any(p.to_at is None for term in held for p in term.pauses.all())
    due = not case.outcome and case.state != CLOSED
    fits = {
        "receipt": clocks.RECEIPT in open_,
        "hand-over": clocks.HAND_OVER in open_,
        "refunded": clocks.REFUND in open_ and not still,
        "resume": still,
        "answer": due,
        "acknowledge": clocks.ACKNOWLEDGE in open_ and clocks.RECEIPT not in open_,
        "pause": any(t.rule in clocks.PAUSABLE and t.stopped_at is None and now <= t.due_at for t in held)
        and not still,
        "turn-down": due and case.kind == "complaint" and all(t.rule != clocks.REASON for t in held),
        "assign": case.state != CLOSED,
    }
    names = [name for name, fit in fits.items() if fit and may(reader, ACTS[name][0], case.office)]
    return [
        {"name": name, "href": reverse(f"case-{name}", args=[case.pk]), "open": name in (names[0], tried)}
        for name in names
    ]


def _answered(filters: list[dict[str, Any]]) -> str:
    """How many wait and how many of them are late, in a sentence."""
    waiting, late = filters[0]["count"], filters[1]["count"]
    if not waiting:
        return say("Không ai phải chờ.", "Nobody waits.")
    many = number(paging.COUNTED) + "+" if waiting > paging.COUNTED else number(waiting)
    if not late:
        return say("{n} việc đang chờ, chưa trễ việc nào.", "{n} wait, none late.", n=many)
    return say(
        "{n} việc đang chờ, {late} đã trễ.", "{n} wait, {late} of them late.", n=many, late=number(late)
    )


def _receive(request: Request, typed: dict[str, str], places: list[Office]) -> Case:
    key = None
    if typed["who"]:
        key = phonebook.meant(typed["who"])
        typed["who"] = keys.show(key)  # a number is never shown again
    now = clock.now()
    day = clock.to_date(clock.parse_day(typed["on"]))
    arrived = now if day == clock.day_of(now) else datetime(day.year, day.month, day.day, tzinfo=clock.HANOI)
    try:
        once = UUID(typed["once"])
    except ValueError:
        once = None
    return actions.receive(
        actor=request.user,
        at=now,
        kind=typed["kind"],
        about=typed["about"],
        said_by=typed["said_by"],
        text=typed["text"],
        office=next((o for o in places if str(o.pk) == typed["office"]), places[0]),
        key=key,
        received_at=arrived,
        bill_on=clock.to_date(clock.parse_day(typed["bill_on"])) if typed["bill_on"] else None,
        once=once,
    )


def _get(request: Request, pk: int) -> Case:
    rows = lists.seen(request.user).select_related("office", "owner", "party")
    return get_object_or_404(rows.prefetch_related("terms__pauses"), pk=pk)


def _text(request: Request, name: str) -> str:
    return request.POST.get(name, "").strip()


def _go(case: Case) -> HttpResponse:
    return HttpResponseRedirect(reverse("case", args=[case.pk]), status=303)


urlpatterns = [
    path("", index, name="cases"),
    path("new/", new, name="case-new"),
    path("<int:pk>/", one, name="case"),
    *(path(f"<int:pk>/{name}/", act(name), name=f"case-{name}") for name in ACTS),
]
