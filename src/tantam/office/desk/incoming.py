"""What becomes of a message that came in: a STOP first, then a guest's answer to an invitation or a vote, else an
opinion. Each
once, however often it is looked at."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid5

from django.db import transaction

from tantam.clock import HANOI
from tantam.office.channels import actions as channels
from tantam.office.channels.models import Incoming
from tantam.office.channels.rules import EVERYTHING
from tantam.office.channels.sms.labels import stop_word, stopped_product
from tantam.office.events import actions as events
from tantam.office.opinions import actions as opinions
from tantam.office.opinions.hearing import ready
from tantam.office.people.models import Office
from tantam.office.quality import votes

BATCH = 50
STOPPED = (
    "Da nhan yeu cau tu choi luc {received:%H:%M ngay %d/%m/%Y}, da ngung tu luc {stopped:%H:%M ngay %d/%m/%Y}. "
    "Tran trong."
)
"""The one confirmation of a refusal: when it came, when it holds from, and no advertising (Decree 91/2020, 16.4);
without accents, so that it is one part."""


def answer_incoming(*, at: datetime) -> int:
    """Handle the messages that wait, a batch, the oldest first; gives how many, 0 when none is left."""
    waiting = list(Incoming.objects.filter(handled_at__isnull=True).order_by("received_at", "id")[:BATCH])
    if waiting:
        ready()
    for message in waiting:
        with transaction.atomic():
            fresh = (
                Incoming.objects.select_for_update().filter(pk=message.pk, handled_at__isnull=True).first()
            )
            if fresh is not None:
                channels.handled(fresh, at=at, became=_become(fresh, at))
    return len(waiting)


def _become(message: Incoming, at: datetime) -> str:
    words = message.text.strip()
    if not words:
        return "nothing"
    if message.key is not None and stop_word(words):
        _stop(message, message.key, at)
        return "stop"
    answer = None
    if message.key is not None:
        answer = events.answer(message.key, words, at=at, received_at=message.received_at)
    if answer is not None and not answer.more:
        return "answer"
    vote = None
    if message.key is not None and answer is None:
        vote = votes.vote(message.key, words, at=at, received_at=message.received_at)
    if vote is not None and not vote.more:
        return "vote"
    opinions.register(
        actor=None,
        at=at,
        id=uuid5(message.pk, "opinion"),
        text=vote.more if vote else words,
        tone=None,
        channel="sms",
        said_at=message.received_at,
        office=Office.objects.get(level="headquarters"),
        key=message.key,
        source=("sms", message.pk),
    )
    return "answer" if answer else "vote" if vote else "opinion"


def _stop(message: Incoming, key: int, at: datetime) -> None:
    """The refusal holds from the moment it came, of one product where it names one that we sent, else of everything; it
    is confirmed the first time alone."""
    named = stopped_product(message.text)
    product = next((one for one in sorted(channels.products(key)) if one.upper() == named), "")
    said = channels.known([key], at=at)[key].consents
    told_before = any(
        not one.granted and (one.purpose, one.product) == (EVERYTHING, product) and one.how == "sms"
        for one in said
    )
    channels.record(
        actor=None,
        at=at,
        id=uuid5(message.pk, "stop"),
        key=key,
        purpose=EVERYTHING,
        product=product,
        granted=False,
        how="sms",
        said_at=message.received_at,
        proof=f"incoming {message.pk}",
    )
    if not product:
        events.let_go(key, at=at)
    if not told_before:
        text = STOPPED.format(received=message.received_at.astimezone(HANOI), stopped=at.astimezone(HANOI))
        channels.ask(
            actor=None, at=at, id=uuid5(message.pk, "stopped"), key=key, purpose="service", text=text
        )
