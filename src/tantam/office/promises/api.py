"""What machines see of promises: lists, one of them, the rate. Nothing is written here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from tantam import clock
from tantam.errors import BadInput
from tantam.office import paging
from tantam.office.door import enter
from tantam.office.promises import lists, models
from tantam.office.promises.models import Promise
from tantam.office.promises.pages import seen

router = Router(tags=["promises"])


class Problem(Schema):
    """An error as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str = ""


NO: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 422: Problem, 429: Problem}


class PromiseOut(Schema):
    """One promise, in ids, codes and days; ``what`` as it was promised."""

    id: int
    kind: str
    what: str
    state: str
    people: int
    owner: int
    office: int
    made_at: datetime
    first_due: date
    due: date
    settled_on: date | None
    legal: str


class PromisePage(Schema):
    """Some promises, and what to give as ``after`` for the next ones (empty at the end)."""

    rows: list[PromiseOut]
    after: str


class RateOut(Schema):
    """``due`` = ``kept_on_time`` + ``kept_late`` + ``broken`` + ``open_late``; ``rate`` null when nothing was due."""

    due: int
    kept_on_time: int
    kept_late: int
    broken: int
    open_late: int
    released: int
    rate: float | None


@router.get("/", response={200: PromisePage, **NO}, summary="Promises, fifty at a time; the late first")
def index(
    request: HttpRequest,
    state: str = "open",
    office: str = "",
    owner: str = "",
    kind: str = "",
    q: str = "",
    after: str = "",
) -> dict[str, Any]:
    """``state`` as in the addresses of the list; ``from`` and ``to`` are first due dates."""
    want = lists.wanted(request.GET, _reader(request))
    found = paging.page(lists.rows(want, _today()), after, *want.order)
    return {"rows": [_plain(one) for one in found.rows], "after": found.after}


@router.get("/rate", response={200: RateOut, **NO}, summary="The kept-promise rate")
def rate(request: HttpRequest, office: str = "", kind: str = "", people: bool = False) -> dict[str, Any]:
    """Over the offices this reader sees; ``people`` weighs each promise by them."""
    want = lists.wanted(request.GET, _reader(request))
    found = models.rate(
        today=_today(), offices=want.offices, first=want.first, last=want.last, kind=want.kind, people=people
    )
    return dict(found.figures())


@router.get("/{number}", response={200: PromiseOut, **NO}, summary="One promise")
def detail(request: HttpRequest, number: int) -> dict[str, Any]:
    """404 when there is none, 403 when it is another branch's."""
    if not 0 < number < 2**63:
        raise BadInput("bad_filter", "No promise has such a number.", "Take one from the list.")
    return _plain(seen(_reader(request), number))


def _plain(one: Promise) -> dict[str, Any]:
    names = ("id", "kind", "what", "state", "people", "made_at", "first_due", "due", "settled_on", "legal")
    return {**{name: getattr(one, name) for name in names}, "owner": one.owner_id, "office": one.office_id}


def _reader(request: Any) -> Any:
    enter(request.user, "promise.see")
    return request.user


def _today() -> date:
    return clock.to_date(clock.today())
