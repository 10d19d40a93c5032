"""“You said, we did”: what people said, what we answered, what was done and who was told, for anybody, and as a feed.

Nobody is named, and no number below :data:`FEWEST` people is shown: so few could be found out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe
from django.views.generic import RedirectView

import tantam
from tantam import clock
from tantam.errors import BadInput
from tantam.listen.mask import mask
from tantam.office import paging
from tantam.office.channels.models import ARRIVED, SENT, Message
from tantam.office.opinions.many import first_of, under
from tantam.office.opinions.models import Answer, Change, Heap, Opinion, Telling
from tantam.office.opinions.rules import GONE
from tantam.office.words import day, english, number, say

FEWEST = 3
"""Fewer people than this are not shown as a number, and none of their words is quoted."""
SIZE = 20
SHORT, LONG, LOOKED_AT = 20, 240, 50
"""A quote has so many letters; it is chosen from so many opinions, the oldest, so that it stays the same."""
HOLDS_S = 60

DONE = Q(published=True)
BROKEN = Q(published=False, promise__state="broken")
KINDS = {
    "done": (DONE, "Đã làm", "Done"),
    "promised": (Q(published=False, kind__in=("accept", "later")) & ~BROKEN, "Đang hẹn", "Promised"),
    "no": (Q(kind="no"), "Không, và vì sao", "No, and why"),
    "broken": (BROKEN, "Không giữ được", "Not kept"),
}
"""What may be looked at by itself: code → which answers, in Vietnamese, in English."""

_SPACE = UUID("5b0b5a5e-7f7e-5f0a-8a2a-3c8f0e6d9b41")
_UNPRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """What people said, what we answered and did, the newest first; late, broken and refused ones too."""
    kind = request.GET.get("kind", "")
    if kind and kind not in KINDS:
        raise BadInput(
            "bad_filter", "There is no such part of this page.", "Open the page again.",
            vi="Không có mục này. Mở lại trang.",
        )  # fmt: skip
    answers, counts = public(), _counts()
    page = paging.page(
        answers.filter(KINDS[kind][0]) if kind else answers,
        request.GET.get("after", ""), "-moment", "-id", size=SIZE,
    )  # fmt: skip
    filters = [
        {"href": f"?kind={code}", "word": say(vi, en), "on": kind == code, "count": counts[code]}
        for code, (_, vi, en) in KINDS.items()
        if code != "broken" or counts[code] or kind == code
    ]
    return _answer(
        request,
        {
            "rows": rows_of(page.rows),
            "page": page,
            "counts": counts,
            "filters": [{"href": "?", "word": say("Tất cả", "All"), "on": not kind}, *filters],
            "kind": kind,
        },
    )


@require_safe
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One of them by itself, at an address that stays."""
    found = public().filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise Http404
    return _answer(request, {"rows": rows_of([found]), "alone": True})


def public() -> QuerySet[Any]:
    """Answers that anybody may read, with their ``moment``: those that hold, those whose change is published, and those
    whose promise was broken, whatever was answered afterwards."""
    published = Change.objects.filter(answer=OuterRef("pk"), published_at__isnull=False)
    rows = Answer.objects.filter(theme__hidden=False).select_related("theme", "promise")
    return rows.annotate(
        published=Exists(published), moment=Coalesce(Subquery(published.values("published_at")[:1]), F("at"))
    ).filter(Q(current=True) | DONE | BROKEN)


def rows_of(answers: Iterable[Answer]) -> list[dict[str, Any]]:
    """Each answer as the page and the feed show it, in the reader's language; as many queries for twenty as for one."""
    answers = list(answers)
    made = Change.objects.filter(answer__in=answers, published_at__isnull=False)
    change_of = {one.answer_id: one for one in made}
    told_of = _told(answers, list(change_of.values()))
    quotes = _quotes({one.theme_id for one in answers if one.theme.people_count >= FEWEST})
    return [
        _row(one, change_of.get(one.pk), told_of.get(one.pk, 0), quotes.get(one.theme_id, ""))
        for one in answers
    ]


def _row(answer: Answer, change: Change | None, told: int, quote: str) -> dict[str, Any]:
    theme, promise = answer.theme, answer.promise
    moved = promise is not None and promise.due != promise.first_due
    return {
        "number": answer.pk,
        "name": theme.name,
        "people": theme.people_count if theme.people_count >= FEWEST else 0,
        "quote": quote,
        "kind": answer.kind,
        "words": answer.words,
        "on": answer.at,
        "moment": change.published_at if change else answer.at,
        "promise": promise,
        "moved_from": promise.first_due if promise is not None and moved else None,
        "why": mask(promise.reason) if promise is not None else "",
        "broken": promise is not None and promise.state == "broken",
        "kept": promise is not None and promise.state == "kept",
        "what": change.what if change else "",
        "proof": mask(change.proof) if change else "",
        "done_on": change.done_on if change else None,
        "told": told,
        "told_many": told > paging.COUNTED,
    }


def _quotes(ids: set[int]) -> dict[int, str]:
    """Theme → what one of those who spoke on it said."""
    roots = under(sorted(ids))
    texts: dict[int, list[str]] = {pk: [] for pk in ids}
    said = Opinion.objects.filter(competitor=False).exclude(text=GONE)
    oldest = first_of(list(roots), said, LOOKED_AT, latest=False)
    for _, _, theme, text in sorted(oldest.values_list("said_at", "id", "theme", "text")):
        texts[roots[theme or 0]].append(text)
    texts = {pk: some[:LOOKED_AT] for pk, some in texts.items()}
    for heap in Heap.objects.filter(theme__in=roots).only("theme_id", "quotes").order_by("pk"):
        texts[roots[heap.theme_id]] += [
            quote["text"] for quote in heap.quotes if quote.get("people", 0) >= FEWEST
        ]
    return {pk: _quote(some) for pk, some in texts.items()}


def _quote(texts: list[str]) -> str:
    """The one to show, masked when it was written down. Words in which nothing had to be masked come first."""
    whole = [" ".join(text.split()) for text in texts]
    fit = [text for text in whole if SHORT <= len(text) <= LONG]
    return min(fit, key=lambda text: ("[" in text, fit.index(text)), default="")


def _told(answers: list[Answer], changes: list[Change]) -> dict[int, int]:
    """Answer → how many got a message about it or about what was done, counted so far; none where too few did."""
    of_change = {one.pk: one.answer_id for one in changes}
    tellings = Telling.objects.filter(Q(answer__in=answers) | Q(change__in=changes)).order_by("pk")
    number = Cast(OuterRef("pk"), CharField())
    went = Message.objects.filter(about_kind="telling", about_id=number, state__in=(SENT, ARRIVED))
    told: dict[int, int] = {}
    for change, answer, count in tellings.annotate(count=paging.Some(went)).values_list(
        "change", "answer", "count"
    ):
        of = of_change[change] if change else answer
        if of is not None and count >= FEWEST:
            told[of] = max(count, told.get(of, 0))
    return told


def _counts() -> dict[str, int]:
    """How many of each kind there are, and how many promises are late today."""
    late = Q(published=False, promise__state="open", promise__due__lt=_today())
    asked = {code: Count("pk", filter=of) for code, (of, _, _) in KINDS.items()}
    return public().aggregate(**asked, late=Count("pk", filter=late), every=Count("pk"))


def _answer(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The page, or word that the reader's copy of it still holds. It may be kept for a minute."""
    context |= {"today": _today(), "operator": settings.OPERATOR, "demo": settings.DEMO}
    told = [
        *(
            row | {"promise": row["promise"] and vars(row["promise"]) | {"_state": None}}
            for row in context["rows"]
        ),
        {name: value for name, value in context.items() if name not in ("rows", "page")},
        *(tantam.__version__, english(), request.GET.urlencode(), request.user.is_authenticated),
        request.COOKIES.get(
            settings.CSRF_COOKIE_NAME, ""
        ),  # the page has a form of its own: the switch of language
    ]
    tag = f'"{hashlib.sha256(repr(told).encode()).hexdigest()[:32]}"'
    answer = get_conditional_response(request, etag=tag)
    if answer is None or answer.status_code != 304:
        answer = render(request, "front/changes.html", context)
    assert isinstance(answer, HttpResponse)
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = f"private, max-age={HOLDS_S}"
    patch_vary_headers(answer, ("Cookie",))
    return answer


def _today() -> date:
    return clock.day_of(clock.now())


class Newest(Feed):  # type: ignore[type-arg]  # it takes none when it runs
    """The newest of “You said, we did”, as Atom."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return f"{say('Bạn nói, chúng tôi làm', 'You said, we did')} · {settings.OPERATOR}"

    def link(self) -> str:
        return reverse("changes")

    def items(self) -> list[dict[str, Any]]:
        return rows_of(public().order_by("-moment", "-id")[:SIZE])

    def item_title(self, item: dict[str, Any]) -> str:
        said = KINDS["done" if item["what"] else "no" if item["kind"] == "no" else "promised"]
        word = KINDS["broken"] if item["broken"] and not item["what"] else said
        return _printed(f"{say(word[1], word[2])}: {item['name']}")

    def item_description(self, item: dict[str, Any]) -> str:
        lines = [item["words"]]
        if item["promise"] is not None:
            lines.append(say("Hẹn ngày {on}.", "Due {on}.", on=day(item["promise"].due)))
        if item["what"]:
            lines.append(
                say("Làm xong ngày {on}:", "Done on {on}:", on=day(item["done_on"])) + f" {item['what']}"
            )
        if item["people"]:
            lines.append(say("{n} người đã nói.", "{n} people said so.", n=number(item["people"])))
        return _printed(" ".join(lines))

    def item_link(self, item: dict[str, Any]) -> str:
        return reverse("change", args=[item["number"]])

    def item_guid(self, item: dict[str, Any]) -> str:
        """An answer keeps its id for ever; what was done about it is news, with an id of its own."""
        kind = "change" if item["what"] else "answer"
        return uuid5(_SPACE, f"{kind} {item['number']} {item['on'].timestamp()}").urn

    def item_pubdate(self, item: dict[str, Any]) -> datetime:
        return item["moment"]

    item_updateddate = item_pubdate


def _printed(text: str) -> str:
    """Without the signs that XML cannot hold."""
    return _UNPRINTED.sub("", text)


urlpatterns: list[Any] = [
    path("public/changes/", changes, name="changes"),
    path("public/changes/<int:number>/", one, name="change"),
    path(
        "public/changes/feed.xml",
        cache_control(public=True, max_age=HOLDS_S * 5)(conditional_page(require_safe(Newest()))),
        name="changes-feed",
    ),
    path("ban-noi-chung-toi-lam/", RedirectView.as_view(pattern_name="changes")),
]
