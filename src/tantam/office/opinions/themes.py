"""What may happen to themes: opinions join them as they come; people join, split, rename, move, pin and hide them, and
take that back. Nobody who spoke is ever lost by it: what is put together keeps what was its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from tantam.clock import HANOI, to_date
from tantam.errors import BadInput, Refused
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.opinions.models import DECLINED, DONE, WAITING, Deed, Heap, Moved, Opinion, Theme, Voice
from tantam.office.paging import parts
from tantam.office.people.models import Staff

LONGEST_NAME = 120


def of_code(code: str, name: str, *, at: datetime) -> Theme:
    """The theme that the machine calls by a code, made with the phrases found if the office has none yet."""
    theme, _ = Theme.objects.get_or_create(code=code, defaults={"name": name[:LONGEST_NAME], "made_at": at})
    return theme


def root_of(theme: Theme) -> Theme:
    """What a theme counts as: itself, or what it was put into."""
    while theme.into is not None:
        theme = theme.into
    return theme


def group_of(theme: Theme) -> list[int]:
    """The ids of everything that stands under a theme, itself too."""
    found, level = [theme.pk], [theme.pk]
    while level := list(Theme.objects.filter(into__in=level).values_list("pk", flat=True)):
        found += level
    return found


def opinions_of(theme: Theme) -> QuerySet[Opinion]:
    """What was said on a theme and all that stands under it."""
    return Opinion.objects.filter(theme__in=group_of(theme), current=True)


def keys_of(theme: Theme) -> QuerySet[Voice]:
    """Those whom we know who spoke on it, each key once, by key."""
    return Voice.objects.filter(theme__in=group_of(theme), key__isnull=False)


def count(opinion: Opinion) -> None:
    """Count a new opinion on its theme, inside the transaction that wrote it down."""
    if opinion.theme is None:
        return
    root = lock(root_of(opinion.theme))
    complained = bool(opinion.complaint)
    before = _voices(root, opinion)
    new = int(not before)
    new_complaint = int(complained and not any(voice.complained for voice in before))
    _speak(opinion.theme, opinion)
    Theme.objects.filter(pk=root.pk).update(
        opinions_count=F("opinions_count") + 1,
        people_count=F("people_count") + new,
        complaints_count=F("complaints_count") + new_complaint,
        weight=F("weight") + new + new_complaint,
        since=min(root.since or opinion.said_at, opinion.said_at),
        last_at=max(root.last_at or opinion.said_at, opinion.said_at),
    )


def join(theme: Theme, into: Theme, *, actor: Staff, at: datetime) -> Deed:
    """Put one theme into another: what was said there counts here, and both keep their own. Refuses ``same_theme``,
    ``already_joined``, ``theme_answered`` (a promise was made to the people of the first; answer the other)."""
    enter(actor, "theme.change")
    with transaction.atomic():
        one, other = lock(theme), lock(into)
        for each in (one, other):
            check_stands(each)
        if other.pk in group_of(one):
            raise Refused(
                "same_theme",
                "A theme is not put into itself.",
                "Choose another.",
                vi="Không gộp một chủ đề vào chính nó. Chọn chủ đề khác.",
            )
        if one.state != WAITING:
            raise Refused(
                "theme_answered",
                "This theme has an answer of its own already.",
                "Put the one that waits into this one.",
                vi="Chủ đề này đã có câu trả lời riêng. Hãy gộp chủ đề còn chờ vào nó.",
            )
        Theme.objects.filter(pk=one.pk).update(into=other)
        return _done("join", one, actor, at, other=other, recount=(other,))


def split(
    theme: Theme, opinions: Iterable[Any], name: str, *, actor: Staff, at: datetime
) -> tuple[Theme, Deed]:
    """Take some opinions (their ids) out of a theme, into a new one. Refuses ``no_name``, ``name_too_long``,
    ``nothing_chosen``, ``already_joined``."""
    enter(actor, "theme.change")
    title = _name(name)
    with transaction.atomic():
        check_stands(lock(theme))
        made = Theme.objects.create(name=title, named=True, made_at=at)
        deed = _move("split", made, list(opinions), actor, at, only=group_of(theme))
    return made, deed


def move(opinions: Iterable[Any], to: Theme, *, actor: Staff, at: datetime) -> Deed:
    """Put some opinions (their ids) under another theme. Refuses ``nothing_chosen``, ``already_joined``."""
    enter(actor, "theme.change")
    with transaction.atomic():
        check_stands(lock(to))
        return _move("move", to, list(opinions), actor, at)


def rename(theme: Theme, name: str, *, actor: Staff, at: datetime) -> Deed:
    """Call a theme what people say. Refuses ``no_name``, ``name_too_long``."""
    return _set(theme, "rename", actor, at, name=_name(name), named=True)


def pin(theme: Theme, on: bool, *, actor: Staff, at: datetime) -> Deed:
    """Keep a theme at the top of the docket, or no longer."""
    return _set(theme, "pin", actor, at, pinned=on)


def hide(theme: Theme, on: bool, *, actor: Staff, at: datetime) -> Deed:
    """Take a theme that is none off the docket, or put it back. Who spoke stays. Refuses ``theme_answered``."""
    with transaction.atomic():
        if on and lock(theme).state not in (WAITING, DONE, DECLINED):
            raise Refused(
                "theme_answered",
                "Something was promised on this theme.",
                "Settle that first.",
                vi="Chủ đề này đang có lời hứa. Hãy giữ lời hoặc trả lời xong rồi mới ẩn.",
            )
        return _set(theme, "hide", actor, at, hidden=on)


def undo(deed: Deed, *, actor: Staff, at: datetime) -> Deed:
    """Take back what somebody did; twice changes nothing. Refuses ``done_since``: something else was done to the same
    theme afterwards; take that back first."""
    enter(actor, "theme.change")
    with transaction.atomic():
        fresh = Deed.objects.select_for_update(of=("self",)).select_related("theme", "other").get(pk=deed.pk)
        if fresh.undone_at is not None:
            return fresh
        touched = [fresh.theme_id, *([fresh.other_id] if fresh.other_id else [])]
        later = Deed.objects.filter(pk__gt=fresh.pk, undone_at__isnull=True)
        if later.filter(Q(theme__in=touched) | Q(other__in=touched)).exists():
            raise Refused(
                "done_since",
                "Something else was done to this theme since.",
                "Take that back first.",
                vi="Sau đó chủ đề này đã được sửa tiếp. Hãy hoàn tác việc sau trước.",
            )
        _take_back(fresh)
        fresh.undone_at = at
        fresh.save(update_fields=["undone_at"])
        write(actor=actor, act="theme.undone", at=at, on=("theme", fresh.theme_id), deed=fresh.kind)
    return fresh


def take_in(
    rows: Sequence[dict[str, Any]], *, run: str, digest: str, actor: Staff | None, at: datetime
) -> int:
    """Take what one listening over files counted of each theme (rows as of ``themes.json``, with ``speakers`` and
    ``speakers_count``); gives how many were new. The same run twice changes nothing."""
    enter(actor, "theme.take_in")
    new = 0
    for row in rows:
        if row.get("merged_into") or not row["count"]:
            continue
        with transaction.atomic():
            theme = of_code(row["id"], row["label"], at=at)
            facts = {
                "run": run[:80],
                "taken_at": at,
                "opinions_count": row["count"],
                "people_count": row["people"],
                "complaints_count": round(row["people"] * (row["share_complaint"] or 0)),
                "quotes": row["quotes"],
                "provinces": row.get("by_province", []),
                "speakers": row.get("speakers", ""),
                "speakers_count": row.get("speakers_count", 0),
            }
            _, made = Heap.objects.get_or_create(theme=theme, digest=digest, defaults=facts)
            if made:
                new += 1
                root, first = root_of(theme), _first_week(row) or at
                recount(root)
                later = Q(since__isnull=True) | Q(since__gt=first)
                Theme.objects.filter(later, pk__in={theme.pk, root.pk}).update(since=first)
    if new:
        with transaction.atomic():
            write(actor=actor, act="theme.taken_in", at=at, on=("theme", "many"), count=new, digest=digest)
    return new


def _first_week(row: dict[str, Any]) -> datetime | None:
    """When the first week begins in which somebody said it; None where no opinion has a day."""
    weeks = row.get("by_week")
    return datetime.combine(to_date(weeks[0][0]), time.min, HANOI) if weeks else None


def recount(theme: Theme) -> None:
    """Count everything under a theme anew, inside the caller's transaction."""
    theme = lock(theme)
    group = group_of(theme)
    said = Opinion.objects.filter(theme__in=group, current=True)
    counted = said.aggregate(n=Count("pk"), first=Min("said_at"), last=Max("said_at"))
    voices = Voice.objects.filter(theme__in=group)
    known = voices.filter(key__isnull=False)
    people = known.values("key").distinct().count() + voices.filter(key__isnull=True).count()
    complained = known.filter(complained=True).values("key").distinct().count()
    complained += voices.filter(key__isnull=True, complained=True).count()
    nameless = said.filter(speaker_key__isnull=True, speaker_party__isnull=True)
    told = nameless.aggregate(n=Count("pk"), bad=Count("pk", filter=Q(complaint=True)))
    heaps = Heap.objects.filter(theme__in=group).aggregate(
        n=Coalesce(Sum("opinions_count"), 0),
        people=Coalesce(Sum("people_count"), 0),
        bad=Coalesce(Sum("complaints_count"), 0),
    )
    people += told["n"] + heaps["people"]
    complained += told["bad"] + heaps["bad"]
    Theme.objects.filter(pk=theme.pk).update(
        opinions_count=counted["n"] + heaps["n"],
        people_count=people,
        complaints_count=complained,
        weight=people + complained,
        since=theme.since or counted["first"],
        last_at=counted["last"] or theme.last_at,
    )


def lock(theme: Theme) -> Theme:
    """The row as it is now, held until the end of the transaction."""
    return Theme.objects.select_for_update(of=("self",)).get(pk=theme.pk)


def check_stands(theme: Theme) -> None:
    """Refuse (``already_joined``) to do anything with a theme that stands under another."""
    if theme.into_id is not None:
        raise Refused(
            "already_joined",
            "This theme stands under another one.",
            "Open that one.",
            vi="Chủ đề này đã gộp vào chủ đề khác. Hãy mở chủ đề ấy.",
        )


def _voices(root: Theme, opinion: Opinion) -> list[Voice]:
    """How somebody spoke under a theme before; nothing for words without a known speaker."""
    if opinion.speaker_key is not None:
        mine = Q(key=opinion.speaker_key)
    elif opinion.speaker_party_id is not None:
        mine = Q(key__isnull=True, party=opinion.speaker_party_id)
    else:
        return []
    return list(Voice.objects.filter(mine, theme__in=group_of(root)))


def _speak(theme: Theme, opinion: Opinion) -> None:
    """One more opinion of a known speaker on a theme."""
    if opinion.speaker_key is None and opinion.speaker_party_id is None:
        return
    known = {"key": opinion.speaker_key}
    if opinion.speaker_key is None:
        known["party_id"] = opinion.speaker_party_id
    first = {"first_at": opinion.said_at, "party_id": opinion.speaker_party_id}
    voice, _ = Voice.objects.get_or_create(theme=theme, **known, defaults=first)
    Voice.objects.filter(pk=voice.pk).update(
        opinions_count=F("opinions_count") + 1,
        complained=voice.complained or bool(opinion.complaint),
        first_at=min(voice.first_at, opinion.said_at),
    )


def _move(
    kind: str, to: Theme, ids: list[Any], actor: Staff, at: datetime, only: Sequence[int] | None = None
) -> Deed:
    rows: list[Opinion] = []
    for part in parts(ids):
        chosen = Opinion.objects.filter(pk__in=part, current=True).exclude(theme=to)
        rows += list(chosen.filter(theme__in=only) if only is not None else chosen)
    if not rows:
        raise BadInput(
            "nothing_chosen",
            "No opinion was chosen.",
            "Tick at least one.",
            vi="Chưa chọn ý kiến nào. Đánh dấu ít nhất một.",
        )
    left = {row.theme_id for row in rows if row.theme_id}
    deed = _done(kind, to, actor, at, count=len(rows))
    Moved.objects.bulk_create(Moved(deed=deed, opinion=row, was_id=row.theme_id) for row in rows)
    _put(rows, to.pk)
    _count_anew({to.pk, *left})
    return deed


def _put(rows: Sequence[Opinion], theme: int | None) -> None:
    for part in parts([row.pk for row in rows]):
        Opinion.objects.filter(pk__in=part).update(theme=theme)
    left = {row.theme_id for row in rows if row.theme_id}
    for changed in {*left, *([theme] if theme else [])}:
        _speak_anew(changed, rows)


def _speak_anew(theme: int, rows: Sequence[Opinion]) -> None:
    """The voices of these speakers on a theme, from what they said there."""
    keys = {row.speaker_key for row in rows if row.speaker_key is not None}
    parties = {row.speaker_party_id for row in rows if row.speaker_key is None and row.speaker_party_id}
    for column, values in (("key", keys), ("party", parties)):
        for part in parts(sorted(values)):
            of_these = {f"{column}__in": part} | ({"key__isnull": True} if column == "party" else {})
            Voice.objects.filter(theme=theme, **of_these).delete()
            spoke = {f"speaker_{column}__in": part} | (
                {"speaker_key__isnull": True} if column == "party" else {}
            )
            for row in Opinion.objects.filter(theme=theme, current=True, **spoke).select_related("theme"):
                assert row.theme is not None
                _speak(row.theme, row)


def _count_anew(themes: Iterable[int]) -> None:
    for root in {root_of(theme) for theme in Theme.objects.filter(pk__in=list(themes))}:
        recount(root)


def _set(theme: Theme, kind: str, actor: Staff, at: datetime, **changed: Any) -> Deed:
    enter(actor, "theme.change")
    with transaction.atomic():
        fresh = lock(theme)
        before = {name: getattr(fresh, name) for name in changed}
        Theme.objects.filter(pk=fresh.pk).update(**changed)
        return _done(kind, fresh, actor, at, before=before)


def _done(
    kind: str,
    theme: Theme,
    actor: Staff,
    at: datetime,
    *,
    other: Theme | None = None,
    before: dict[str, Any] | None = None,
    count: int = 1,
    recount: Iterable[Theme] = (),
) -> Deed:
    deed = Deed.objects.create(kind=kind, theme=theme, other=other, before=before or {}, by=actor, at=at)
    _count_anew(one.pk for one in recount)
    write(actor=actor, act="theme.changed", at=at, on=("theme", theme.pk), deed=kind, count=count)
    return deed


def _take_back(deed: Deed) -> None:
    if deed.kind == "join":
        Theme.objects.filter(pk=deed.theme_id).update(into=None)
        _count_anew([deed.theme_id, deed.other_id or deed.theme_id])
    elif deed.kind in ("move", "split"):
        moved = list(Moved.objects.filter(deed=deed).select_related("opinion"))
        for was in {one.was_id for one in moved}:
            # what was moved on since then stays where it is
            rows = [
                one.opinion for one in moved if one.was_id == was and one.opinion.theme_id == deed.theme_id
            ]
            _put(rows, was)
        _count_anew({deed.theme_id, *(one.was_id for one in moved if one.was_id)})
        if deed.kind == "split":
            Theme.objects.filter(pk=deed.theme_id).update(hidden=True)
    else:
        Theme.objects.filter(pk=deed.theme_id).update(**deed.before)


def _name(name: str) -> str:
    words = " ".join(name.split())
    if not words:
        raise BadInput(
            "no_name", "A theme needs a name.", "Say in a few words what people said.",
            vi="Chủ đề phải có tên. Viết vài chữ người ta nói gì.",
        )  # fmt: skip
    if len(words) > LONGEST_NAME:
        raise BadInput(
            "name_too_long",
            f"A name has at most {LONGEST_NAME} letters.",
            "Shorten it.",
            vi=f"Tên dài tối đa {LONGEST_NAME} chữ. Viết ngắn lại.",
        )
    return words
