"""What the made-up operator answers to what people said: one matter done and everyone told, one promised, one put off,
one refused with its reason; the others wait."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from tantam.base.home import Home
from tantam.clock import day_of
from tantam.office.channels import actions as channels
from tantam.office.channels.gateways import Console
from tantam.office.channels.models import Handed
from tantam.office.channels.receipts import Report
from tantam.office.opinions import answering, taking_in, themes
from tantam.office.opinions.models import Theme
from tantam.sample.office_agenda import moment, working_before
from tantam.sample.office_year import Year

ARRIVE = 0.96
"""Of the messages to those who spoke, how many reach the phone."""


class Matter(NamedTuple):
    """What is answered to the theme whose name holds ``about``, and what was done about it where it is done."""

    about: str
    name: str
    kind: str
    words: str
    days: int = 0
    what: str = ""
    proof: str = ""


MATTERS = (
    Matter(
        "máy để bàn", "Máy để bàn của ông bà bị thu gói xem phim", "accept",
        "Tắt gói xem phim trên mọi máy để bàn và hoàn tiền đã thu.", 14,
        "Đã tắt gói xem phim trên mọi máy để bàn, hoàn tiền vào tài khoản.", "Biên bản 41/BB, phòng Dịch vụ",
    ),
    Matter(
        "nhạc chờ", "Nhạc chờ tự bật, tự trừ tiền", "accept",
        "Hỏi lại bằng tin nhắn trước khi bật mọi dịch vụ trả tiền, ai không trả lời thì không bật.", 40,
    ),
    Matter(
        "tổng đài", "Gọi tổng đài chờ lâu", "later",
        "Đang đếm lại từng giờ thiếu bao nhiêu người trực, đếm xong mới hẹn được ngày.", 45,
    ),
    Matter(
        "phí duy trì", "Bị thu phí duy trì", "no",
        "Phí này giữ số cho người ít dùng. Bỏ phí thì phải thu lại số sau hai tháng không gọi.",
    ),
)  # fmt: skip


def put(year: Year, home: Path, name: str, today: datetime) -> None:
    """Put it on the agenda of the last weeks, if there was a listening of this name."""
    at = Home(home)
    if not (at.listening(name) / "themes.json").exists():
        return
    first = working_before(day_of(today) - timedelta(days=24))
    year.agenda.put(moment(first, 9), lambda at_: _take_in(at, name, at_))
    for number, matter in enumerate(MATTERS):
        year.agenda.put(moment(first, 10, number * 7), lambda at_, m=matter: _answer(year, m, at_))  # type: ignore[misc]
        if matter.what:
            done = working_before(day_of(today) - timedelta(days=10))
            year.agenda.put(moment(done, 9), lambda at_, m=matter: _finish(year, m, at_))  # type: ignore[misc]
            year.agenda.put(moment(done, 9, 20), lambda at_: _send(year, at_))


def _take_in(home: Home, name: str, at: datetime) -> None:
    taking_in.take_in(home, name, actor=None, at=at)


def _theme(matter: Matter) -> Theme | None:
    known = Theme.objects.filter(into__isnull=True)
    return known.filter(name=matter.name).first() or known.filter(name__contains=matter.about).first()


def _answer(year: Year, matter: Matter, at: datetime) -> None:
    theme = _theme(matter)
    if theme is None:
        return
    by: dict[str, Any] = {"actor": year.operator.staff["yen"], "at": at}
    themes.rename(theme, matter.name, **by)
    due = day_of(at) + timedelta(days=matter.days) if matter.days else None
    answering.answer(theme, kind=matter.kind, words=matter.words, office=year.operator.hq, due=due, **by)


def _finish(year: Year, matter: Matter, at: datetime) -> None:
    """Done, published, and everybody's message asked for."""
    theme = _theme(matter)
    if theme is None:
        return
    by: dict[str, Any] = {"actor": year.operator.staff["yen"], "at": at}
    change = answering.publish(answering.change(theme, what=matter.what, proof=matter.proof, **by), **by)
    telling = answering.tell(change, **by)
    while answering.go_on(telling, at=at):
        pass


def _send(year: Year, at: datetime) -> None:
    """The gate lets them go that morning, and most arrive."""
    quiet = Console(lambda line: None)
    ahead = channels.look_ahead(quiet, at=at)
    while channels.send_due(quiet, at=at, ahead=ahead):
        pass
    refs = Handed.objects.filter(ended="", message__about_kind="telling").order_by("pk")
    channels.note(
        quiet.name,
        [
            Report(ref, key, "DELIVRD" if year.lots.share() < ARRIVE else "UNDELIV")
            for ref, key in refs.values_list("ref", "message__key")
        ],
        at=at,
    )
