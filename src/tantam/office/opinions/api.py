"""What machines see of opinions and themes: an opinion is written down, themes and what was done of them are read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404
from ninja import Field, Path, Router, Schema, Status
from pydantic import AwareDatetime, ConfigDict

from tantam import clock
from tantam.errors import BadInput, Refused
from tantam.office import paging
from tantam.office.channels import phonebook
from tantam.office.door import enter
from tantam.office.opinions import actions, rules
from tantam.office.opinions.models import Answer, Change, Heap, Opinion, Theme
from tantam.office.people.bearer import doors
from tantam.office.people.models import Office
from tantam.office.people.models import Request as StaffRequest
from tantam.office.promises.api import Problem

router = Router(tags=["opinions"])

LIST: dict[int, Any] = {401: Problem, 403: Problem, 422: Problem, 429: Problem}
ONE: dict[int, Any] = {**LIST, 404: Problem}
WRITE: dict[int, Any] = {**LIST, 400: Problem, 409: Problem}
"""What may go wrong, by what is asked."""
QUOTES = 3
_EARLIEST = datetime(1993, 4, 16, tzinfo=UTC)
"""Nobody spoke to a mobile operator of Vietnam before there was one."""


Channel = Literal["cafe", "counter", "phone", "letter", "sms", "web", "helper", "other"]
State = Literal["waiting", "later", "promised", "done", "declined"]
SEE = doors("theme.see")


class OpinionIn(Schema):
    """What one customer said. ``id`` comes from the sender: the same one again is the same opinion, so that whatever
    was cut off can be sent once more. ``speaker`` is a subscriber's key or a mobile number; a number becomes the key
    at once, and is neither kept nor answered with."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    text: str = Field(min_length=1, max_length=rules.MOST_TEXT)
    channel: Channel
    said_at: AwareDatetime = Field(ge=_EARLIEST)
    office: str = Field(
        pattern=r"^[-a-zA-Z0-9_]{1,24}$", description="The code of the office it was said to."
    )
    speaker: str = Field("", max_length=40)


class OpinionOut(Schema):
    """An opinion as it is kept, its words masked, and what a machine read in it; a topic of "" is not read yet."""

    id: UUID
    text: str
    tone: str
    channel: str
    said_at: datetime
    office: str
    state: str
    topic: str
    feeling: str
    complaint: bool | None
    urgency: str
    theme: int | None


class ThemeOut(Schema):
    """What many said, as one matter. ``people`` are known speakers, and words without one; ``since`` when the first of
    them spoke."""

    id: int
    code: str
    name: str
    state: State
    pinned: bool
    opinions: int
    people: int
    complained: int
    since: datetime | None
    last_at: datetime | None


class ThemePage(Schema):
    """Some themes, and what to give as ``after`` for the next ones (empty at the end)."""

    rows: list[ThemeOut]
    after: str


class QuoteOut(Schema):
    """Masked words that many said, and how many."""

    text: str
    people: int


class AnswerOut(Schema):
    """What we said to a theme: a dated commitment (``accept``), ``later`` with a day, or ``no``. ``due`` is the day
    promised, null for a no; ``promise`` its id."""

    kind: Literal["accept", "later", "no"]
    words: str
    at: datetime
    people: int
    promise: int | None
    due: date | None


class ChangeOut(Schema):
    """What was done about a theme and published; ``people`` are those to whom it was promised."""

    id: int
    theme: int
    name: str
    what: str
    proof: str
    done_on: date
    published_at: datetime
    people: int


class ThemeWhole(ThemeOut):
    """One theme, its answer of today and what was published. ``into`` is the theme it was put into and counts in."""

    into: int | None
    hidden: bool
    quotes: list[QuoteOut]
    answer: AnswerOut | None
    changes: list[ChangeOut]


class ChangePage(Schema):
    """Some changes, and what to give as ``after`` for the next ones (empty at the end)."""

    rows: list[ChangeOut]
    after: str


@router.post(
    "/opinions",
    auth=doors("opinion.register"),
    response={200: OpinionOut, 201: OpinionOut, **WRITE},
    summary="Write down what somebody said; the same id again gives what was written then",
)
def register(request: StaffRequest, said: OpinionIn) -> Status[dict[str, Any]]:
    """201 when it is new, 200 when it was here. The words come back masked; who spoke does not come back."""
    office = Office.objects.filter(code=said.office, closed_on__isnull=True).first()
    if office is None:
        raise BadInput(
            "no_such_office", "No open office has this code.", "See “Staff” in the office for codes."
        )
    enter(request.user, "opinion.register", office)
    key = phonebook.meant(said.speaker) if said.speaker else None
    before = Opinion.objects.filter(pk=said.id).exists()
    opinion = actions.register(
        actor=request.user,
        at=clock.now(),
        id=said.id,
        text=said.text.replace("\0", ""),
        tone=None,
        channel=said.channel,
        said_at=said.said_at,
        office=office,
        key=key,
    )
    if (opinion.office_id, opinion.channel, opinion.said_at) != (office.pk, said.channel, said.said_at):
        raise Refused(
            "id_taken", "Something else was written down under this id.", "Give each opinion an id."
        )
    return Status(200 if before else 201, _opinion(opinion, office))


@router.get(
    "/themes",
    auth=SEE,
    response={200: ThemePage, **LIST},
    summary="Themes, fifty at a time; the heaviest first",
)
def themes(request: StaffRequest, state: State = "waiting", after: str = "") -> dict[str, Any]:
    """Those of one state that stand for themselves and are not hidden: pinned ones first, then by people and once more
    by those who complained."""
    rows = Theme.objects.filter(state=state, into__isnull=True, hidden=False)
    found = paging.page(rows, after, "-pinned", "-weight", "id")
    return {"rows": [_theme(one) for one in found.rows], "after": found.after}


@router.get(
    "/themes/{number}",
    auth=SEE,
    response={200: ThemeWhole, **ONE},
    summary="One theme, its answer and its changes",
)
def theme(request: StaffRequest, number: Annotated[int, Path(ge=1, lt=2**63)]) -> dict[str, Any]:
    """404 when there is none. One that was put into another says so, and counts there."""
    one = Theme.objects.filter(pk=number).first()
    if one is None:
        raise Http404
    answer = Answer.objects.filter(theme=one, current=True).select_related("promise").first()
    done = Change.objects.filter(theme=one, published_at__isnull=False).select_related("theme", "answer")
    heap = Heap.objects.filter(theme=one).order_by("-taken_at", "-id").first()
    return _theme(one) | {
        "into": one.into_id,
        "hidden": one.hidden,
        "quotes": heap.quotes[:QUOTES] if heap else [],
        "answer": _answer(answer) if answer else None,
        "changes": [_change(each) for each in done.order_by("-published_at", "-id")],
    }


@router.get(
    "/changes",
    auth=SEE,
    response={200: ChangePage, **LIST},
    summary="What was done and published, the latest first",
)
def changes(request: StaffRequest, after: str = "") -> dict[str, Any]:
    """Fifty at a time."""
    rows = Change.objects.filter(published_at__isnull=False).select_related("theme", "answer")
    found = paging.page(rows, after, "-published_at", "-id")
    return {"rows": [_change(one) for one in found.rows], "after": found.after}


def _opinion(one: Opinion, office: Office) -> dict[str, Any]:
    names = ("id", "text", "tone", "channel", "state", "topic", "feeling", "complaint", "urgency")
    return {name: getattr(one, name) for name in names} | {
        "said_at": one.said_at.astimezone(UTC),  # the same whether it was written now or before
        "office": office.code,
        "theme": one.theme_id,
    }


def _theme(one: Theme) -> dict[str, Any]:
    names = ("id", "code", "name", "state", "pinned", "since", "last_at")
    return {name: getattr(one, name) for name in names} | {
        "opinions": one.opinions_count,
        "people": one.people_count,
        "complained": one.complaints_count,
    }


def _answer(one: Answer) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "words": one.words,
        "at": one.at,
        "people": one.people_count,
        "promise": one.promise_id,
        "due": one.promise.due if one.promise else None,
    }


def _change(one: Change) -> dict[str, Any]:
    names = ("id", "what", "proof", "done_on", "published_at")
    return {name: getattr(one, name) for name in names} | {
        "theme": one.theme_id,
        "name": one.theme.name,
        "people": one.answer.people_count,
    }
