"""What may happen to votes: a poll is opened, people are drawn and asked through the gate, each votes once by a text,
and the votes are counted. Whoever answers with words beside the number is heard too: the words go on as an opinion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q

from tantam.base.home import Home
from tantam.care import asked
from tantam.clock import HANOI, day_of, to_days
from tantam.errors import BadInput, Refused
from tantam.office.channels import actions as channels
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.paging import parts
from tantam.office.people.models import Office, Staff
from tantam.office.quality import voting
from tantam.office.quality.models import Ballot, Poll, Vote
from tantam.office.quality.voting import Votes

_SPACE = UUID("54f0ab2c-7f62-5b0c-9a53-1b7d2f0f9a77")
MOST_ASKED = 20_000
LONGEST = timedelta(days=366)
SHORT = timedelta(days=31)
MOST_NAMES = 9
"""So that each has a number of one digit."""

HOW = {
    "nps": "Nhắn một số từ 0 đến 10 (10: rất sẵn lòng)",
    "csat": "Nhắn một số từ 1 đến 5 (5: rất hài lòng)",
}
ASK = "{operator} hỏi: {question} {how}, miễn phí, muốn nói thêm thì viết sau số. Ngưng nhận tin: TC"


def open_poll(
    *, actor: Staff, at: datetime, kind: str, question: str, office: Office, from_on: date, to_on: date, count: int,
    names: Sequence[str] = (),
) -> Poll:  # fmt: skip
    """Begin a poll of so many people, from one day to another. The same question from the same day is one poll.

    Refuses ``bad_poll`` (kind, names, days, number of people), ``no_question``.
    """
    enter(actor, "poll.open", office)
    words, named = " ".join(question.split()), [" ".join(name.split()) for name in names if name.strip()]
    _check(kind, words, named, from_on, to_on, count, day_of(at))
    with transaction.atomic():
        known = Poll.objects.filter(question=words, from_on=from_on, office=office, kind=kind).first()
        if known is not None:
            return known
        poll = Poll.objects.create(
            kind=kind, question=words, names=named, office=office, by=actor, at=at, from_on=from_on, to_on=to_on,
            wanted_count=count,
        )  # fmt: skip
        write(actor=actor, act="poll.opened", at=at, on=("poll", poll.pk), office=office, count=count)
    return poll


def draw(poll: Poll, home: Home, *, actor: Staff, at: datetime) -> int:
    """Draw the people of a poll by lot, once; gives how many there are. Of a province's office, its people alone.

    Refuses ``poll_over``, and what a base refuses.
    """
    enter(actor, "poll.open", poll.office)
    _check_open(poll, day_of(at))
    if not poll.base_digest:
        found = asked.draw(
            home, on=to_days(poll.from_on), seed=f"poll {poll.pk} {poll.from_on}", count=poll.wanted_count,
            province=poll.office.province or None,
        )  # fmt: skip
        people = list(zip(found.key.tolist(), found.province, strict=True))
        for some in parts(people):
            with transaction.atomic():
                ballots = [Ballot(poll=poll, key=key, place=place) for key, place in some]
                Ballot.objects.bulk_create(ballots, ignore_conflicts=True)
        with transaction.atomic():
            poll.base_digest = found.base_digest
            poll.save(update_fields=["base_digest"])
            write(
                actor=actor,
                act="poll.drawn",
                at=at,
                on=("poll", poll.pk),
                office=poll.office_id,
                count=len(people),
            )
    return Ballot.objects.filter(poll=poll).count()


def ask(poll: Poll, *, actor: Staff, at: datetime) -> int:
    """Ask everybody who was drawn, through the gate; gives how many had not been asked before. Of a poll that runs over
    several months each month asks its share, so that the months can be told apart. Stopped half-way, it goes on when
    done again.

    Refuses ``poll_over``, ``not_drawn``.
    """
    enter(actor, "poll.open", poll.office)
    _check_open(poll, day_of(at))
    if not poll.base_digest:
        raise Refused(
            "not_drawn", "Nobody was drawn for this poll yet.", "Draw the people first.",
            vi="Chưa rút thăm người được hỏi. Hãy rút thăm trước.",
        )  # fmt: skip
    ballots = list(Ballot.objects.filter(poll=poll).order_by("pk").values_list("pk", "key"))
    days = waves(poll)
    made = 0
    for nth, day in enumerate(days):
        share = ballots[nth * len(ballots) // len(days) : (nth + 1) * len(ballots) // len(days)]
        for some in parts(share):
            people = {uuid5(_SPACE, f"ballot {pk}"): key for pk, key in some if key is not None}
            made += channels.ask_many(
                people, actor=actor, at=at, purpose="survey", text=text_of(poll), about=("poll", poll.pk),
                office=poll.office, plain=True, due_at=max(at, _morning(day)), expires_at=end_of(poll),
            )  # fmt: skip
    return made


def waves(poll: Poll) -> list[date]:
    """The days on which a share of the people is asked: the first, and each first of a month of a poll that runs for
    more than a month."""
    if poll.to_on - poll.from_on <= SHORT:
        return [poll.from_on]
    first = poll.from_on.year * 12 + poll.from_on.month
    last = poll.to_on.year * 12 + poll.to_on.month
    return [poll.from_on, *(date(n // 12, n % 12 + 1, 1) for n in range(first, last))]


def text_of(poll: Poll) -> str:
    """What people are sent."""
    how = HOW.get(poll.kind) or "Nhắn một số: " + ", ".join(
        f"{n} {name}" for n, name in enumerate(poll.names, 1)
    )
    return ASK.format(operator=settings.OPERATOR, question=poll.question, how=how)


def vote(key: int, text: str, *, at: datetime, received_at: datetime) -> voting.Heard | None:
    """Take a text as a vote, if it is one: it begins with a number that may be answered, and the last message of ours
    that asked this person anything was a poll that still ran when the text came. None: it is something else.

    The first vote counts; a second changes nothing. Nowhere is it kept who voted what.
    """
    enter(None, "poll.vote")
    ballot = _asked_last(key, received_at) if voting.begins_with_number(text) else None
    said = voting.heard(text, answers(ballot.poll)) if ballot else None
    if ballot is None or said is None:
        return None
    if not ballot.poll.from_on <= day_of(received_at) <= ballot.poll.to_on:
        return None
    with transaction.atomic():
        if Ballot.objects.filter(pk=ballot.pk, used=False).update(used=True):
            Vote.objects.create(
                id=uuid4(), poll=ballot.poll, place=ballot.place, month=day_of(received_at).replace(day=1),
                answer=said.answer,
            )  # fmt: skip
            write(
                actor=None, act="poll.voted", at=at, on=("poll", ballot.poll_id), office=ballot.poll.office_id
            )
    return said


def end_of(poll: Poll) -> datetime:
    """The moment from which a vote no longer counts: the midnight in Vietnam after its last day."""
    return datetime.combine(poll.to_on + timedelta(days=1), time(), HANOI)


def answers(poll: Poll) -> range:
    """The numbers that may be answered."""
    return voting.SCALES.get(poll.kind) or range(1, len(poll.names) + 1)


def counted(poll: Poll) -> Votes:
    """The votes by month and place: answer → how many. One query."""
    found: Votes = {}
    rows = Vote.objects.filter(poll=poll).values_list("month", "place", "answer").annotate(n=Count("pk"))
    for month, place, answer, n in rows:
        found.setdefault((month, place), Counter())[answer] += n
    return found


def turnout(poll: Poll) -> tuple[int, int]:
    """How many have voted, of how many who were drawn."""
    found = Ballot.objects.filter(poll=poll).aggregate(
        drawn=Count("pk"), voted=Count("pk", filter=Q(used=True))
    )
    return found["voted"], found["drawn"]


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9), HANOI)


def _asked_last(key: int, received_at: datetime) -> Ballot | None:
    """The ballot that the last message asking somebody anything gave him."""
    last = channels.asked_last(key, received_at)
    if last is None or last.about_kind != "poll":
        return None
    return Ballot.objects.filter(poll=int(last.about_id), key=key).select_related("poll").first()


def _check_open(poll: Poll, today: date) -> None:
    if today > poll.to_on:
        raise Refused(
            "poll_over", f"The poll ended on {poll.to_on:%d/%m/%Y}.", "Open another one.",
            vi=f"Bình chọn đã hết hạn ngày {poll.to_on:%d/%m/%Y}. Hãy mở cuộc khác.",
        )  # fmt: skip


def _check(
    kind: str, question: str, names: Sequence[str], from_on: date, to_on: date, count: int, today: date
) -> None:
    if not question:
        raise BadInput(
            "no_question", "The poll asks nothing.", "Write the question as people will read it.",
            vi="Chưa có câu hỏi. Viết câu mà khách sẽ đọc.",
        )  # fmt: skip
    wrong = [
        (kind not in voting.KINDS, "there is no such kind of poll", "không có loại bình chọn này"),
        (
            (kind == "choice") != (2 <= len(names) <= MOST_NAMES) or len(set(names)) < len(names),
            f"a choice is of 2 to {MOST_NAMES} different names, a score of none",
            f"chọn một cần 2 đến {MOST_NAMES} tên khác nhau; chấm điểm thì không cần tên",
        ),
        (len(question) > 160, "the question is longer than 160 letters", "câu hỏi dài quá 160 chữ"),
        (
            not today <= from_on <= to_on or to_on - from_on > LONGEST,
            "it begins today or later and lasts a year at most",
            "bắt đầu từ hôm nay trở đi và kéo dài tối đa một năm",
        ),
        (
            not 1 <= count <= MOST_ASKED,
            f"1 to {MOST_ASKED} people are asked",
            f"hỏi từ 1 đến {MOST_ASKED} người",
        ),
    ]
    for bad, en, vi in wrong:
        if bad:
            raise BadInput(
                "bad_poll", f"This poll cannot be: {en}.", "Change it and try again.", vi=f"Chưa mở được: {vi}."
            )  # fmt: skip
