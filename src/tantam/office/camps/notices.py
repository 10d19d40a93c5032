"""How the villages are told: a poster, words for the loudspeaker, a text to every subscriber of the province whom the
contact gate lets us write to. Nobody is held out and nobody is chosen: the only condition is the province.

A text's progress is its own messages: who was asked for already is not asked for again, so that one who was killed goes
on where he was; that everybody was asked for is a fact of the camp.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID, uuid5

import narwhals as nw
from django.conf import settings

from tantam import engines, places
from tantam.base.home import Home
from tantam.base.store import Base, open_base
from tantam.clock import HANOI, day_of, to_days
from tantam.errors import BadInput, Refused
from tantam.office.camps import actions, kinds, ledger, planning, rules
from tantam.office.camps.facts import HEADQUARTERS, Fact, current, ordered
from tantam.office.camps.models import Camp, StoredFact
from tantam.office.camps.promised import TOLD
from tantam.office.channels import actions as channels
from tantam.office.channels.models import Message
from tantam.office.channels.sms.labels import label
from tantam.office.channels.sms.parts import accentless
from tantam.office.door import enter
from tantam.office.paging import parts
from tantam.office.people.models import Office, Staff

PURPOSE = "care"
"""What the gate is asked: a camp is no advertisement, and no notice about the service in use either, so that whoever
refused our care or all contact gets nothing, and nobody is written to at night."""
READ = 50_000
"""Keys that are read out of the base at once."""
LATEST = time(12)
"""On the day itself a text helps until noon."""
LONGEST = 600
EVERYONE = "Ai đến cũng được khám, không phân biệt khách hàng của mạng nào. Miễn phí."
BRING = "căn cước hoặc thẻ bảo hiểm y tế nếu có, thuốc đang uống; không có giấy tờ vẫn được khám"
_DAYS = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")


def day_words(on: date) -> str:
    """A day as villagers say it: ``thứ bảy, ngày 21/11/2026``."""
    return f"{_DAYS[on.weekday()]}, ngày {on:%d/%m/%Y}"


def poster_words(on: date, where: str, times: list[str], bring: str) -> str:
    """All that the poster says, line by line."""
    first = f"Khám bệnh, phát thuốc miễn phí, {day_words(on)}, tại {where}."
    return "\n".join([first, EVERYONE, *times, f"Mang theo: {bring}."])


def spoken_words(on: date, place: str, where: str, times: list[str], bring: str) -> str:
    """What is read out over the loudspeaker, twice, slowly."""
    hours = f" Giờ đến từng thôn để đỡ phải chờ: {'; '.join(times)}." if times else ""
    return (
        f"Kính thưa bà con {place}. Vào {day_words(on)}, tại {where}, có đoàn bác sĩ về khám bệnh và phát thuốc "
        f"miễn phí. {EVERYONE} Người già, trẻ em, phụ nữ có thai, người khuyết tật được khám trước.{hours} "
        f"Bà con mang theo {bring}. Nhà ai có người già yếu, không biết tiếng phổ thông, nhờ con cháu đi cùng. "
        "Xin nhắc lại: khám miễn phí, không bán gì, không phải mua gì."
    )


def sms_words(on: date, where: str) -> str:
    """What a text says unless somebody writes it otherwise."""
    return (
        f"{settings.OPERATOR}: khám bệnh, phát thuốc miễn phí {_DAYS[on.weekday()]} {on:%d/%m}, tại {where}. "
        "Ai đến cũng được khám, dùng mạng nào cũng vậy. Mang căn cước nếu có. Nhờ báo người nhà."
    )


def post(
    camp: Camp, *, where: str, times: str, bring: str, actor: Staff | None, at: datetime
) -> list[Fact]:  # fmt: skip
    """Write the poster and what the loudspeaker says: where, when each village comes (a line each), what to bring. The
    same again is what is there already. Refuses ``no_permit``, ``promotion_in_notice``, ``bad_camp_entry``."""
    _enter(camp, actor)
    fresh = _permitted(camp)
    place, things = (" ".join(text.split()) for text in (where, bring or BRING))
    lines = [" ".join(line.split()) for line in times.splitlines() if line.strip()]
    said = {"where": place, "times": lines, "bring": things}
    if not place:
        raise BadInput(
            "empty_notice", "The notice does not say where.", "Write the house, the school, the yard.",
            vi="Lời báo chưa nói khám ở đâu. Ghi nhà văn hóa, trường học, sân nào.",
        )  # fmt: skip
    texts = {
        "poster": poster_words(fresh.on, place, lines, things),
        "loudspeaker": spoken_words(fresh.on, fresh.place, place, lines, things),
    }
    bodies = [
        rules.made(kinds.Noticed, channel=channel, words=rules.check_notice(words), **said)
        for channel, words in texts.items()
    ]
    return [planning.put(camp, body, actor=actor, at=at, act="camp.notice") for body in bodies]


def text_all(camp: Camp, text: str, *, plain: bool, actor: Staff | None, at: datetime) -> Fact:
    """Begin to send a text to everybody in the camp's province; ``plain`` without accents. The same text twice is one.

    Refuses ``no_permit``, ``promotion_in_notice``, ``empty_notice``, ``notice_too_long``, ``camp_day_past``,
    ``no_base``, and a text that labels itself (``sms_own_label``).
    """
    _enter(camp, actor)
    fresh = _permitted(camp)
    rules.check_day(fresh.on, day_of(at))
    said = rules.check_notice(text)
    if len(said) > LONGEST:
        raise BadInput(
            "notice_too_long", f"A text has at most {LONGEST} letters.", "Shorten it: each part is paid for.",
            vi=f"Tin dài tối đa {LONGEST} chữ. Viết ngắn lại: mỗi phần tin đều tốn tiền.",
        )  # fmt: skip
    label(said, PURPOSE, "", on=to_days(day_of(at)))
    open_base(Home(settings.HOME), engines.start(threads=1))
    words = accentless(said) if plain else said
    body = kinds.Noticed(channel="sms", words=words)
    for fact in texts_of(fresh):
        if isinstance(fact.body, kinds.Noticed) and fact.body.words == words and not _is_old(fresh, fact):
            actions.tell(fresh, actor=actor, at=at)
            return fact
    return actions.say(fresh, body, act="camp.notice", actor=actor, at=at)


def going() -> list[tuple[Camp, Fact]]:
    """The texts of which not everybody was asked for yet, of camps to come."""
    told = StoredFact.objects.filter(kind="noticed", kit=HEADQUARTERS).values("camp")
    camps = Camp.objects.filter(pk__in=told, state__in=("planned", "open")).order_by("on", "pk")
    return [(camp, fact) for camp in camps for fact in going_of(camp)]


def going_of(camp: Camp) -> list[Fact]:
    """The texts of one camp of which not everybody was asked for yet; one that names a former day is over."""
    return [fact for fact in texts_of(camp) if _goes_on(camp, fact)]


def go_on(camp: Camp, fact: Fact, *, after: int, at: datetime) -> int | None:
    """Ask for the messages of the next people of a text, by key after ``after``; gives the last key, or None once
    everybody was asked for, which is written down. Done again from any key, nobody is asked for twice."""
    assert isinstance(fact.body, kinds.Noticed)
    fresh = Camp.objects.get(pk=camp.pk)
    ends = datetime.combine(fresh.on, LATEST, HANOI)
    if fresh.state not in ("planned", "open") or fact.id not in {one.id for one in going_of(fresh)}:
        return None
    keys = _next(fresh.province, after) if at < ends else []
    for some in parts(keys):
        channels.ask_many(
            {message_id(fact, key): key for key in some}, actor=None, at=at, purpose=PURPOSE, text=fact.body.words,
            about=(TOLD, str(fact.id)), office=Office.objects.filter(pk=fresh.office).first(), expires_at=ends,
        )  # fmt: skip
    if keys:
        return keys[-1]
    done = fact.body.model_copy(update={"done": True, "reached": asked_for(fact.id)})
    actions.say(fresh, done, act="camp.notice", actor=None, at=at, corrects=fact.id)
    return None


def message_id(fact: Fact, key: int) -> UUID:
    """The id of somebody's message of a text: asked for twice, it is one."""
    return uuid5(fact.id, f"{key}")


def asked_for(notice: UUID) -> int:
    """For how many a text was asked for so far."""
    return Message.objects.filter(about_kind=TOLD, about_id=str(notice)).count()


@dataclass(frozen=True)
class Reach:
    """Whom a text can reach: how many subscribers the base has in the province, how many of them told the office that
    they want nothing from us."""

    province: str
    people: int
    refused: int


def reach(camp: Camp, *, at: datetime) -> Reach | None:
    """How many a text would go to; None without a base."""
    home = Home(settings.HOME)
    if not home.facts.exists():
        return None
    base, no = open_base(home, engines.start(threads=1)), channels.refusing(PURPOSE, at=at)
    mine = _of(base, camp.province)
    people = int(engines.collect(mine.select(nw.len().alias("n"))).column("n")[0].as_py())
    refused = 0
    for some in parts(no):
        there = mine.filter(nw.col("key").is_in(list(some))).select(nw.len().alias("n"))
        refused += int(engines.collect(there).column("n")[0].as_py())
    return Reach(places.today(camp.province).name, people, refused)


def _next(province: str, after: int) -> list[int]:
    base = open_base(Home(settings.HOME), engines.start(threads=1))
    rest = _of(base, province).filter(nw.col("key") > after).select("key").sort("key").head(READ)
    return [int(key) for key in engines.collect(rest).column("key").to_pylist()]


def _of(base: Base, province: str) -> nw.LazyFrame:  # type: ignore[type-arg]
    return base.frame.filter(nw.col("province") == places.today(province).code)


def texts_of(camp: Camp) -> Iterator[Fact]:
    """The texts of a camp, each as it stands: of one that is done, the fact that says so."""
    for fact in current(ordered(ledger.facts_of(camp))):
        if isinstance(fact.body, kinds.Noticed) and fact.body.channel == "sms":
            yield fact


def _goes_on(camp: Camp, fact: Fact) -> bool:
    body = fact.body
    return isinstance(body, kinds.Noticed) and not body.done and not _is_old(camp, fact)


def _is_old(camp: Camp, fact: Fact) -> bool:
    """Whether the day was moved since: its words name another one."""
    moved = [
        one
        for one in ledger.facts_of(camp)
        if isinstance(one.body, kinds.Planned) and one.body.moved_because and one.kit_at > fact.kit_at
    ]
    return bool(moved)


def _enter(camp: Camp, actor: Staff | None) -> None:
    enter(actor, "camp.notice", Office.objects.filter(pk=camp.office).first())


def _permitted(camp: Camp) -> Camp:
    """The camp as it stands; nobody is told of one that the authority has not allowed yet."""
    fresh = actions.check_going(camp)
    held: Refused | None = next(
        (no for no in rules.missing(ledger.day_of(fresh)) if no.code in ("no_permit", "permit_expired")), None
    )
    if held is not None:
        raise held
    return fresh
