"""What may happen to a theme that waits: it is answered (a dated commitment, later, or no and why), what was promised
is done and published, and everyone who spoke is told, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction

from tantam.base.home import Home
from tantam.base.store import forgotten
from tantam.clock import day_of, to_days
from tantam.errors import BadInput, Refused
from tantam.office.channels import actions as channels
from tantam.office.channels.sms.labels import label
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.opinions import taking_in, themes
from tantam.office.opinions.models import (
    DECLINED,
    DONE,
    LATER,
    PROMISED,
    WAITING,
    Answer,
    Change,
    Heap,
    Telling,
    Theme,
    Voice,
)
from tantam.office.people.models import Office, Staff
from tantam.office.promises import actions as promises
from tantam.office.promises.models import Promise

KINDS = {
    "accept": ("Nhận lời, hẹn ngày", "A dated commitment"),
    "later": ("Chưa, sẽ nói lại", "Later, with a day"),
    "no": ("Không, và vì sao", "No, and why"),
}
"""What may be answered."""

STATE = {"accept": PROMISED, "later": LATER, "no": DECLINED}
SHORTEST, LONGEST = 10, 300
BATCH = 500
"""People told in one transaction."""

_SPACE = UUID("1f0d5d0a-5d24-5a35-9a65-0d0f3d5a7c55")


def answer(
    theme: Theme,
    *,
    actor: Staff,
    at: datetime,
    kind: str,
    words: str,
    office: Office,
    due: date | None = None,
    owner: Staff | None = None,
) -> Answer:
    """Answer a theme in words a customer can read. A commitment, and a “later”, is a promise to the public of ``due``,
    owned by ``owner`` (who answers, if nobody is named); a “no” is said at once.

    The same answer twice is one. Refuses ``bad_answer_kind``, ``no_words``, ``words_too_long``, ``no_due``,
    ``already_joined``, ``promise_open`` (what was promised before must be settled first); and what a promise refuses.
    """
    enter(actor, "theme.answer")
    said = _words(words)
    _check(kind, due)
    with transaction.atomic():
        fresh = themes.lock(theme)
        themes.check_stands(fresh)
        before = Answer.objects.filter(theme=fresh, current=True).select_related("promise").first()
        if before is not None and (before.kind, before.words) == (kind, said):
            return before
        if before is not None and before.promise is not None and before.promise.state == "open":
            if before.kind == "accept":
                raise Refused(
                    "promise_open",
                    "Something is promised on this theme already.",
                    "Keep that, move its date, or own up to it first.",
                    vi="Chủ đề này đang có lời hứa. Hãy giữ lời, dời ngày, hoặc nhận là không giữ được trước.",
                )
            promises.keep(
                before.promise, actor=actor, at=at, proof_kind="other", proof=f"Đã trả lời: {said}"[:300],
                followed=True,
            )  # fmt: skip
        promise = None
        if due is not None and kind != "no":
            promise = promises.make(
                actor=actor, at=at, kind="commitment" if kind == "accept" else "reply", what=said,
                owner=owner or actor, office=office, first_due=due, to=("public", ""),
                people=max(fresh.people_count, 1), about=("theme", fresh.pk),
            )  # fmt: skip
        Answer.objects.filter(theme=fresh, current=True).update(current=False)
        made = Answer.objects.create(
            theme=fresh,
            kind=kind,
            words=said,
            promise=promise,
            people_count=fresh.people_count,
            by=actor,
            at=at,
        )
        Theme.objects.filter(pk=fresh.pk).update(state=STATE[kind])
        write(
            actor=actor,
            act="theme.answered",
            at=at,
            on=("theme", fresh.pk),
            kind=kind,
            people=fresh.people_count,
        )
    return made


def change(theme: Theme, *, actor: Staff, at: datetime, what: str, proof: str) -> Change:
    """Write down what was done about a theme, with its proof: that keeps the commitment. Twice is once. Refuses
    ``nothing_promised``, ``no_words``, ``words_too_long``; and what keeping a promise refuses."""
    enter(actor, "theme.change_done")
    said = _words(what)
    with transaction.atomic():
        fresh = themes.lock(theme)
        current = (
            Answer.objects.filter(theme=fresh, current=True, kind="accept").select_related("promise").first()
        )
        if current is None or current.promise is None:
            raise Refused(
                "nothing_promised",
                "Nothing was promised on this theme.",
                "Answer it first.",
                vi="Chủ đề này chưa có lời hứa nào. Hãy trả lời trước.",
            )
        if (before := Change.objects.filter(answer=current).first()) is not None:
            return before
        promises.keep(current.promise, actor=actor, at=at, proof_kind="document", proof=proof, followed=True)
        made = Change.objects.create(
            theme=fresh, answer=current, what=said, proof=proof.strip(), done_on=day_of(at), by=actor, at=at
        )
        Theme.objects.filter(pk=fresh.pk).update(state=DONE)
        write(actor=actor, act="theme.change_made", at=at, on=("theme", fresh.pk))
    return made


def publish(made: Change, *, actor: Staff, at: datetime) -> Change:
    """Let everybody read what was done, and tell everyone who said it. Twice is once."""
    enter(actor, "theme.publish")
    with transaction.atomic():
        fresh = Change.objects.select_for_update(of=("self",)).select_related("theme").get(pk=made.pk)
        if fresh.published_at is None:
            fresh.published_at = at
            fresh.save(update_fields=["published_at"])
            write(actor=actor, act="theme.published", at=at, on=("theme", fresh.theme_id))
    return fresh


def tell(of: Answer | Change, *, actor: Staff, at: datetime, text: str = "") -> Telling:
    """Begin to tell everyone who spoke: each gets one message, which goes when the gate lets it. Told twice is told
    once. Refuses ``not_published`` (a change nobody may read yet), and a text that is no answer
    (``sms_link_in_reply``, ``sms_own_label``)."""
    enter(actor, "theme.tell")
    words = text.strip()[:600] or text_of(of)
    label(
        words, "reply", "", on=to_days(day_of(at))
    )  # refused now, and not when it is too late to write it anew
    if isinstance(of, Change) and of.published_at is None:
        raise Refused(
            "not_published",
            "The change is not published yet.",
            "Publish it, then tell.",
            vi="Việc đã làm chưa được công bố. Hãy công bố rồi mới báo cho mọi người.",
        )
    link = {"change": of} if isinstance(of, Change) else {"answer": of}
    with transaction.atomic():
        made, new = Telling.objects.get_or_create(
            **link, defaults={"theme": of.theme, "text": words, "begun_at": at}
        )
        if new:
            write(actor=actor, act="theme.telling", at=at, on=("theme", of.theme_id))
    return made


def text_of(of: Answer | Change) -> str:
    """What people are told unless somebody writes it otherwise: their own matter first, then what became of it."""
    name = of.theme.name
    if isinstance(of, Change):
        return f"Cảm ơn anh chị đã nói về “{name}”. Việc đã làm: {of.what}"
    said = {
        "accept": "Chúng tôi hứa",
        "later": "Chúng tôi chưa làm được ngay",
        "no": "Chúng tôi chưa thể làm",
    }
    day = f" Hẹn ngày {of.promise.due:%d/%m/%Y}." if of.promise is not None else ""
    return f"Cảm ơn anh chị đã nói về “{name}”. {said[of.kind]}: {of.words}{day}"


def go_on(telling: Telling, *, at: datetime) -> bool:
    """Ask for the messages of the next people of a telling, a batch; whether there are more. One who was killed goes on
    where he was: the same person is never asked for twice, and whoever was forgotten since is left out."""
    with transaction.atomic():
        fresh = Telling.objects.select_for_update(of=("self",)).select_related("theme").get(pk=telling.pk)
        if fresh.done_at is not None:
            return False
        keys, fresh.after = _next(fresh.theme, fresh.after)
        if keys:
            gone = set(forgotten(Home(settings.HOME)))
            people = {uuid5(_SPACE, f"{fresh.pk} {key}"): key for key in keys if key not in gone}
            fresh.asked_count += channels.ask_many(
                people, actor=None, at=at, purpose="reply", text=fresh.text, about=("telling", fresh.pk)
            )
        else:
            fresh.done_at = at
            fresh.unreached_count = max(fresh.theme.people_count - fresh.asked_count, 0)
            write(
                actor=None, act="theme.told", at=at, on=("theme", fresh.theme_id), count=fresh.asked_count,
                unreached=fresh.unreached_count,
            )  # fmt: skip
        fresh.save(update_fields=["after", "asked_count", "unreached_count", "done_at"])
    return fresh.done_at is None


def own_up(promise: Promise, *, actor: Staff, at: datetime, reason: str) -> Promise:
    """A promise made on a theme will not be kept: its theme waits for an answer again. Refuses what breaking a promise
    refuses, and ``not_on_a_theme``."""
    return _let_wait(promise, promises.break_, actor=actor, at=at, reason=reason)


def let_off(promise: Promise, *, actor: Staff, at: datetime) -> Promise:
    """Confirm the release from a promise made on a theme, which waits for an answer again. Refuses what a release
    refuses, and ``not_on_a_theme``."""
    return _let_wait(promise, promises.release, actor=actor, at=at)


def _let_wait(promise: Promise, settle: Callable[..., Promise], *, at: datetime, **by: Any) -> Promise:
    with transaction.atomic():
        # the theme first, as when it is answered: two who wait for each other would wait for ever
        theme = Theme.objects.filter(pk__in=Answer.objects.filter(promise=promise).values("theme"))
        fresh = theme.select_for_update(of=("self",)).first()
        if fresh is None:
            raise Refused(
                "not_on_a_theme", "This promise was made on no theme.", "Settle it from its own page.",
                vi="Lời hứa này không thuộc chủ đề nào. Khép nó ở trang của lời hứa.",
            )  # fmt: skip
        settled = settle(promise, at=at, followed=True, **by)
        current = Answer.objects.filter(theme=fresh, promise=settled, current=True)
        if fresh.state != WAITING and current.exists():
            Theme.objects.filter(pk=fresh.pk).update(state=WAITING)
            write(actor=by["actor"], act="theme.reopened", at=at, on=("theme", fresh.pk))
    return settled


def going() -> list[Telling]:
    """Tellings that are not done, the oldest first."""
    return list(Telling.objects.filter(done_at__isnull=True).order_by("pk"))


def _next(theme: Theme, after: dict[str, int]) -> tuple[list[int], dict[str, int]]:
    """The next people after a place, and the place after them: those who spoke here by key, then the file of each heap,
    by key too, so that a file out of which somebody was forgotten meanwhile is gone on with. Nobody at the end. A key
    may come twice; it is asked for once."""
    group = themes.group_of(theme)
    heap, last = after.get("heap", 0), after.get("key", -1)
    if not heap:
        known = Voice.objects.filter(theme__in=group, key__gt=last).order_by("key")
        keys = [key for key in known.values_list("key", flat=True).distinct()[:BATCH] if key is not None]
        if keys:
            return keys, {"key": keys[-1]}
    for row in Heap.objects.filter(theme__in=group, speakers_count__gt=0, pk__gte=heap).order_by("pk"):
        file = Path(settings.HOME) / row.speakers
        keys = taking_in.speakers(file, after=last if row.pk == heap else -1, most=BATCH)
        if keys:
            return keys, {"heap": row.pk, "key": keys[-1]}
    return [], after


def _check(kind: str, due: date | None) -> None:
    if kind not in KINDS:
        raise BadInput(
            "bad_answer_kind", f"“{kind}” is no answer.", f"One of: {', '.join(KINDS)}.",
            vi="Chọn nhận lời, để sau, hay không.",
        )  # fmt: skip
    if kind != "no" and due is None:
        raise BadInput(
            "no_due", "This answer needs a day.", "Give the day by which it is done, or we say more.",
            vi="Câu trả lời này cần một ngày hẹn. Chọn ngày.",
        )  # fmt: skip


def _words(words: str) -> str:
    said = " ".join(words.split())
    if len(said) < SHORTEST:
        raise BadInput(
            "no_words",
            "Say it in a sentence that a customer can read.",
            "Write what will be done, or why not.",
            vi="Viết một câu cho khách đọc được: sẽ làm gì, hoặc vì sao không.",
        )
    if len(said) > LONGEST:
        raise BadInput(
            "words_too_long",
            f"An answer has at most {LONGEST} letters.",
            "Shorten it: it goes to people's phones.",
            vi=f"Câu trả lời dài tối đa {LONGEST} chữ, vì sẽ gửi tới máy của khách. Viết ngắn lại.",
        )
    return said
