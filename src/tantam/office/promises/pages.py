"""What people see of promises: the list with the late ones first, one promise and its life, a new one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tantam import clock, keys
from tantam.errors import BadInput, TantamError
from tantam.office import paging
from tantam.office.door import enter, may, offices, page
from tantam.office.people.models import Office, Request, Staff
from tantam.office.promises import actions, lists, rules, sentences
from tantam.office.promises.life import life, locks
from tantam.office.promises.models import Promise
from tantam.office.watch import status
from tantam.office.words import number, say


@page("promise.see")
@require_GET
def index(request: Request) -> HttpResponse:
    """The list: what is owed, the late first; every filter is in the address."""
    today = clock.to_date(clock.today())
    want = lists.wanted(request.GET, request.user)
    counts = lists.counts(want, today)
    found = lists.rows(want, today, counts.get(want.state, 0))
    page_ = paging.page(found, request.GET.get("after", ""), *want.order)
    return render(
        request,
        "promises/list.html",
        {
            "page": page_,
            "rows": [row_of(one, today) for one in page_.rows],
            "want": want,
            "today": today,
            "answer": answer(want, counts),
            "filters": [
                {
                    "href": want.address(state=s),
                    "word": say(*lists.STATES[s]),
                    "on": s == want.state,
                    "count": counts.get(s),
                }
                for s in _states(want)
            ],
            "clear": lists.Wanted().address(state=None) if want.narrow else "",
            "kinds": [(code, say(*names)) for code, names in rules.KINDS.items()],
            "places": places(request.user),
            "may_make": may(request.user, "promise.make"),
        },
    )


def row_of(one: Promise, today: date) -> dict[str, Any]:
    """One line of a list: the promise and how late it is."""
    late = rules.days_late(one.first_due, one.settled_on or today)
    return {
        "promise": one,
        "late": late if one.state in ("open", "kept") else 0,
        "moved": one.state == "open" and one.due != one.first_due,
        "kind": sentences.kind(one.kind),
    }


def answer(want: lists.Wanted, counts: dict[str, int]) -> str:
    """The list in a sentence, from the same counts as its filters."""
    if want.state == "open" and "open" in counts and not want.first and not want.last:
        if not counts["open"]:
            return say("Không còn nợ lời nào.", "Nothing is owed.")
        if not counts["late"]:
            return say("Còn nợ {n} lời, không lời nào trễ.", "{n} owed, none late.", n=number(counts["open"]))
        return say(
            "Còn nợ {n} lời, {late} lời đang trễ.",
            "{n} owed, {late} of them late.",
            n=number(counts["open"]),
            late=number(counts["late"]),
        )
    word = say(*lists.STATES[want.state])
    return (
        f"{word}: {say('{n} lời', '{n}', n=number(counts[want.state]))}."
        if want.state in counts
        else f"{word}."
    )


def _states(want: lists.Wanted) -> list[str]:
    shown = list(lists.SHOWN)
    return shown if want.state in shown else [*shown, want.state]


def places(reader: Staff) -> list[tuple[int, str]]:
    """The offices that somebody may choose among, as the tree has them."""
    seen = offices(reader, "promise.see")
    rows = Office.objects.order_by("path").values_list("pk", "name")
    return [row for row in rows if seen is None or row[0] in seen]


@page("promise.see")
@require_GET
def detail(request: Request, number: int) -> HttpResponse:
    """One promise: what was owed, its life, and what may be done with it now."""
    return _detail(request, seen(request.user, number))


def seen(reader: Staff, number: int) -> Promise:
    """The promise, if this reader may see it; else there is none (404), or ``not_your_office``."""
    one = (
        Promise.objects.select_related("owner", "office", "release_asked_by", "released_by")
        .filter(pk=number)
        .first()
    )
    if one is None:
        raise Http404
    enter(reader, "promise.see", one.office)
    return one


def _detail(request: Request, one: Promise, error: TantamError | None = None, act: str = "") -> HttpResponse:
    today = clock.to_date(clock.today())
    return render(
        request,
        "promises/detail.html",
        {
            **row_of(one, today),
            "today": today,
            "answer": sentences.state(one, today),
            "steps": life(one, today),
            "locks": locks(one, request.user),
            "proofs": [(code, say(*names)) for code, names in rules.PROOFS.items()],
            "proof_kind": say(*rules.PROOFS.get(one.proof_kind, ("", ""))),
            **about(one),
            "acts": settled_at(one),
            "error": error,
            "failed": act,
            "typed": request.POST,
            "longest": rules.LONGEST,
        },
        status=status(error) if error else 200,
    )


ABOUT = {
    "event": ("/events/{}/", "Buổi gặp", "The gathering"),
    "programme": ("/programmes/{}/", "Chương trình", "The programme"),
    "request": ("/desk/{}/", "Yêu cầu dữ liệu", "The data request"),
    "case": ("/cases/{}/", "Khiếu nại, câu hỏi", "The case"),
    "opinion": ("/opinions/{}/", "Ý kiến", "The opinion"),
    "theme": ("/opinions/themes/{}/", "Chủ đề", "The theme"),
    "pledge": ("/quality/pledges/{}/", "Cam kết chất lượng", "The pledge"),
    "camp": ("/camps/{}/", "Trại khám", "The camp"),
    "camp_fact": ("/camps/referrals/{}/", "Giấy chuyển tuyến", "The referral"),
}
"""Where what a promise came from is seen: addresses only, since those rooms stand above this one."""


def about(one: Promise) -> dict[str, str]:
    """The link to what a promise came from, if it came from anything."""
    if one.about_kind not in ABOUT or not one.about_id:
        return {}
    address, vi, en = ABOUT[one.about_kind]
    return {"about": address.format(one.about_id), "about_word": say(vi, en)}


FOLLOWED = {"theme": "/opinions/themes/promises/{}/"}
"""Where a promise is settled that what it came from changes with."""


def settled_at(one: Promise) -> str:
    """Below which address the acts are that settle a promise."""
    return FOLLOWED.get(one.about_kind, "/promises/{}/").format(one.pk)


Act = Callable[[Promise, Request, dict[str, Any]], Promise]


def _keep(one: Promise, request: Request, who: dict[str, Any]) -> Promise:
    rules.check_by_hand(one.kind, one.about_kind)
    kind = request.POST.get("proof_kind", "")
    return actions.keep(
        one, proof_kind=kind if kind in rules.PROOFS else "other", proof=request.POST.get("proof", ""), **who
    )


def _redate(one: Promise, request: Request, who: dict[str, Any]) -> Promise:
    due = clock.to_date(clock.parse_day(request.POST.get("due", "")))
    return actions.redate(one, due=due, reason=request.POST.get("reason", ""), **who)


def _break(one: Promise, request: Request, who: dict[str, Any]) -> Promise:
    return actions.break_(one, reason=request.POST.get("reason", ""), **who)


def _ask(one: Promise, request: Request, who: dict[str, Any]) -> Promise:
    return actions.ask_release(one, creditor_yes=request.POST.get("creditor_yes", ""), **who)


def _release(one: Promise, request: Request, who: dict[str, Any]) -> Promise:
    return actions.release(one, **who)


ACTS: dict[str, tuple[str, Act, str, str]] = {
    "keep": ("promise.keep", _keep, "Đã giữ lời.", "Kept."),
    "redate": (
        "promise.redate",
        _redate,
        "Đã dời hạn. Tỉ lệ giữ lời vẫn tính theo hẹn đầu.",
        "Moved. The rate goes by the first date.",
    ),
    "break": ("promise.break", _break, "Đã nhận là không giữ được.", "Owned up to."),
    "ask-release": (
        "promise.release",
        _ask,
        "Đã xin miễn, chờ người thứ hai xác nhận.",
        "Asked; a second person must confirm.",
    ),
    "release": ("promise.release", _release, "Đã miễn.", "Released."),
}


def act(name: str, instead: Act | None = None) -> Callable[..., HttpResponse]:
    """The page behind one form of a promise: does it (or ``instead``, of the room that it came from) and shows the
    promise, or says why not with what was typed."""
    code, do, vi, en = ACTS[name]
    do = instead or do

    @page(code)
    @require_POST
    def view(request: Request, number: int) -> HttpResponse:
        one = seen(request.user, number)
        try:
            do(one, request, {"actor": request.user, "at": clock.now()})
        except TantamError as error:
            return _detail(request, one, error, name)
        messages.success(request, say(vi, en))
        return see(f"/promises/{one.pk}/")

    return view


def see(address: str) -> HttpResponse:
    """Go and see, after a form was done (303)."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


@page("promise.make")
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """The form of a new promise."""
    error = None
    if request.method == "POST":
        try:
            made = _make(request)
        except TantamError as no:
            error = no
        else:
            messages.success(
                request, say("Đã hứa. Ghi vào nhật ký rồi.", "Promised, and written in the journal.")
            )
            return see(f"/promises/{made.pk}/")
    allowed = offices(request.user, "promise.make")
    here = [row for row in places(request.user) if allowed is None or row[0] in allowed]
    people = Staff.objects.filter(is_active=True, office__in=[pk for pk, _ in here]).order_by("name")
    return render(
        request,
        "promises/new.html",
        {
            "error": error,
            "typed": request.POST or request.GET,
            "once": request.POST.get("once") or uuid4(),
            "kinds": [(code, say(*names)) for code, names in rules.KINDS.items()],
            "places": here,
            "owners": [(s.pk, s.name) for s in people[:500]],
            "creditors": [(code, say(*names)) for code, names in CREDITORS.items()],
            "today": clock.to_date(clock.today()),
            "most": rules.MOST_PEOPLE,
        },
        status=status(error) if error else 200,
    )


CREDITORS = {
    "public": ("Mọi người (công bố)", "Everybody (published)"),
    "subscriber": ("Một thuê bao", "One subscriber"),
    "office": ("Một văn phòng của ta", "One of our offices"),
}


def _make(request: Request) -> Promise:
    typed = request.POST
    people = typed.get("people", "1")
    return actions.make(
        actor=request.user,
        at=clock.now(),
        kind=typed.get("kind", ""),
        what=typed.get("what", ""),
        owner=_one(Staff, typed.get("owner", "")),
        office=_one(Office, typed.get("office", "")),
        first_due=clock.to_date(clock.parse_day(typed.get("due", ""))),
        to=_creditor(typed.get("to_kind", ""), typed.get("to_key", "")),
        people=int(people) if people.isdecimal() and len(people) < 10 else 0,
        once=_uuid(typed.get("once", "")),
    )


def _creditor(kind: str, text: str) -> tuple[str, Any]:
    if kind == "subscriber":
        return kind, keys.parse(text)
    return (kind if kind in CREDITORS else "public"), ""


def _one(model: Any, number: str) -> Any:
    row = model.objects.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    if row is None:
        raise BadInput(
            "nobody_chosen",
            "Nobody or nowhere was chosen.",
            "Choose who keeps the promise, and for which office.",
            vi="Chưa chọn ai giữ lời, hoặc cho văn phòng nào. Chọn rồi gửi lại.",
        )
    return row


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


urlpatterns: list[Any] = [
    path("", index, name="promises"),
    path("new/", new, name="promise-new"),
    path("<int:number>/", detail, name="promise"),
    *(path(f"<int:number>/{name}/", act(name), name=f"promise-{name}") for name in ACTS),
]
