"""Every chore of the office, in one table. Time passing is an act of a room plus one line here."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from uuid import UUID

from django.conf import settings

from tantam.base.home import Home
from tantam.clock import day_of
from tantam.office.camps import actions as camps
from tantam.office.camps import notices as camp_notices
from tantam.office.channels import actions as channels
from tantam.office.channels.gateways import Console, Gateway
from tantam.office.channels.mail import Mail
from tantam.office.channels.mail_server import chosen
from tantam.office.desk import incoming, voice
from tantam.office.events import notices
from tantam.office.journal import actions as journal
from tantam.office.opinions import actions as opinions
from tantam.office.opinions import answering, intakes
from tantam.office.programmes import actions as programmes
from tantam.office.programmes.models import Programme
from tantam.office.quality import judging
from tantam.office.worker.actions import Spec, Turn


def seal(turn: Turn) -> None:
    """Seal what the journal got since the last time."""
    journal.seal(at=turn.at)


def clear_sessions(turn: Turn) -> None:
    """Remove sessions that ran out."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def clear_voice(turn: Turn) -> None:
    """Remove links to “My voice” that are too old."""
    voice.clear(at=turn.at)


def promise_rhythms(turn: Turn) -> None:
    """Make the promises that each programme's rhythm asks for in the weeks to come; those made before stay as they are.

    The checkpoint is the last programme that is done, so that a worker that was killed goes on with the next.
    """
    today = day_of(turn.at)
    going = Programme.objects.filter(year__gte=today.year, closed_on__isnull=True).exclude(rhythm="none")
    for programme in going.filter(pk__gt=turn.checkpoint.get("after", 0)).order_by("pk"):
        programmes.promise_rhythm(programme, actor=None, at=turn.at, until=today + AHEAD)
        turn.save(after=programme.pk)


def read_opinions(turn: Turn) -> None:
    """Read what no machine has read yet: opinions from before there was one, and those it failed at. The checkpoint is
    the last that is done."""
    after = UUID(turn.checkpoint["after"]) if turn.checkpoint else None
    while (after := opinions.read_waiting(at=turn.at, after=after)) is not None:
        turn.save(after=str(after))


def answer_incoming(turn: Turn) -> None:
    """Make of each message that came in what it is: a STOP, an answer, an opinion. Long ones whose last part did not
    come are not waited for longer than a day."""
    channels.join_rest(at=turn.at)
    while incoming.answer_incoming(at=turn.at):
        turn.save()


def send_messages(turn: Turn) -> None:
    """Let the gate judge every message whose moment has come, and hand over those that may go. What a worker that died
    had taken is said to be unknown, and not sent again. Messages to an SMS centre go over its link
    (:mod:`tantam.office.worker.link`), mails over their server; without one they wait."""
    channels.give_up(at=turn.at)
    for gateway in _gateways():
        ahead = channels.look_ahead(gateway, at=turn.at)
        while channels.send_due(gateway, at=turn.at, ahead=ahead):
            turn.save()


def _gateways() -> list[Gateway]:
    server = chosen(settings)
    mail: list[Gateway] = [Mail(server)] if server else []
    if settings.SMS != "console":
        return mail
    return [Console(channels=("sms",) if mail else ("sms", "mail")), *mail]


def tell_speakers(turn: Turn) -> None:
    """Ask for the messages of everyone who spoke on what was answered or done, a batch after the other. How far each
    telling came stands in its own row."""
    for telling in answering.going():
        while answering.go_on(telling, at=turn.now()):
            turn.save()


def tell_guests(turn: Turn) -> None:
    """Ask for the messages of everyone who was invited to what was called off or moved since, a batch after the other.
    How far each came stands in its own row."""
    for notice in notices.going():
        while notices.go_on(notice, at=turn.now()):
            turn.save()


def tell_camps(turn: Turn) -> None:
    """Write the journal's lines that an office killed between its two databases left out."""
    camps.tell_waiting(at=turn.at)


def tell_provinces(turn: Turn) -> None:
    """Ask for the messages of everybody in the province of a camp, many thousands after the others. The checkpoint is
    the text and the last key that was asked for."""
    for camp, fact in camp_notices.going():
        same = turn.checkpoint.get("text") == str(fact.id)
        after: int | None = int(turn.checkpoint["after"]) if same else -1
        while after is not None:
            after = camp_notices.go_on(camp, fact, after=after, at=turn.now())
            turn.save(**{} if after is None else {"text": str(fact.id), "after": after})


def take_in(turn: Turn) -> None:
    """Take in the listenings over files that somebody asked for. How far each came stands in its own row too."""
    said = turn.at

    def progress(percent: int) -> None:
        nonlocal said
        if turn.now() - said >= OFTEN:
            said = turn.now()
            turn.save(done=percent, total=100)

    for one in intakes.going():
        intakes.go_on(Home(settings.HOME), one, at=turn.now(), progress=progress)
        turn.save()


OFTEN = timedelta(seconds=2)
"""How often a long chore says how far it came."""


def judge_quality(turn: Turn) -> None:
    """Judge the pledges of the last year's closed months, month by month. The checkpoint is the last month done."""
    for month in judging.closed_months(turn.at):
        if f"{month}" > turn.checkpoint.get("after", ""):
            judging.judge(month, actor=None, at=turn.at)
            turn.save(after=f"{month}")


AHEAD = timedelta(days=62)
"""How far ahead a rhythm is promised: two months, so that the next gathering can be seen and planned."""

CHORES = {
    "desk.incoming": Spec(timedelta(seconds=2), timedelta(minutes=5), answer_incoming),
    "channels.send": Spec(timedelta(seconds=5), timedelta(minutes=5), send_messages),
    "journal.seal": Spec(timedelta(seconds=5), timedelta(minutes=3), seal),
    "opinions.tell": Spec(timedelta(seconds=20), timedelta(minutes=5), tell_speakers),
    "events.tell": Spec(timedelta(seconds=20), timedelta(minutes=5), tell_guests),
    "camps.tell_waiting": Spec(timedelta(minutes=1), timedelta(minutes=5), tell_camps),
    "camps.tell": Spec(timedelta(seconds=20), timedelta(minutes=10), tell_provinces),
    "opinions.read": Spec(timedelta(minutes=10), timedelta(minutes=10), read_opinions),
    "opinions.take_in": Spec(timedelta(seconds=10), timedelta(minutes=20), take_in),
    "programmes.promise": Spec(timedelta(hours=6), timedelta(minutes=10), promise_rhythms),
    "desk.voice": Spec(timedelta(hours=6), timedelta(minutes=10), clear_voice),
    "quality.judge": Spec(timedelta(days=1), timedelta(minutes=10), judge_quality),
    "sessions.clear": Spec(timedelta(days=1), timedelta(minutes=10), clear_sessions),
}
"""Name → how often, how long a claim holds, what is done."""
