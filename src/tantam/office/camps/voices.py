"""Letters, thanks and complaints of a camp stay in its room. What may leave is a story: redacted by a person with the
camp duty, with the speaker's recorded consent, without anything that says who it was or what they had."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from tantam.errors import BadInput, Refused
from tantam.letters import fold
from tantam.office.camps import actions, kinds, ledger
from tantam.office.camps.day import Day, Visit
from tantam.office.camps.facts import Fact
from tantam.office.camps.models import Camp
from tantam.office.people.models import Staff

TONES = {
    "thanks": ("Cảm ơn", "Thanks"),
    "complaint": ("Phàn nàn", "A complaint"),
    "story": ("Chuyện kể", "A story"),
}
_NUMBER = re.compile(r"\d(?:[\s.,()/-]*\d){5,}")
_WORD = re.compile(r"[^\W_]+")


def write_letter(
    camp: Camp, *, actor: Staff | None, at: datetime, tone: str, words: str, publish: bool
) -> Fact:
    """Type in a letter that came afterwards. ``publish``: it says that the story may be told. Refuses ``no_words``,
    ``camp_deleted``."""
    if tone not in TONES or not words.strip():
        raise BadInput(
            "no_words",
            "The letter has no words, or says not whether it thanks or complains.",
            "Write what the letter says, and choose what it is.",
            vi="Chưa chép lời thư, hoặc chưa chọn cảm ơn hay phàn nàn.",
        )
    said = kinds.Voiced(id=uuid7(), tone=tone, words=words.strip()[:4000], publish=publish)  # type: ignore[arg-type]
    return actions.say(camp, said, act="camp.read", actor=actor, at=at)


def agree(camp: Camp, voice: UUID, *, actor: Staff | None, at: datetime, publish: bool) -> Fact:
    """Write down that the speaker agrees to a story, or no longer does: a published one is then shown no more. The
    second time changes nothing. Refuses ``voice_unknown``, ``camp_deleted``."""
    actions.check_there(camp)
    fact, said = voice_of(ledger.day_of(camp), voice)
    if said.publish == publish:
        return fact
    again = said.model_copy(update={"publish": publish})
    return actions.say(camp, again, act="camp.read", actor=actor, at=at, corrects=fact.id)


def tell_story(camp: Camp, voice: UUID, *, actor: Staff | None, at: datetime, words: str) -> Fact:
    """Let a story leave the room. The same words twice are one story.

    Refuses ``voice_unknown``, ``no_consent_to_publish``, ``no_words``, ``story_names_somebody``, ``camp_deleted``.
    """
    actions.check_there(camp)
    day = ledger.day_of(camp)
    fact, said = voice_of(day, voice)
    if not said.publish:
        raise Refused(
            "no_consent_to_publish",
            "Whoever said this did not agree that it be published.",
            "Ask, and write down the yes; until then it stays here.",
            vi="Người nói chưa đồng ý cho công bố. Hỏi lại và ghi lời đồng ý; chưa có thì lời này ở lại đây.",
        )
    words = " ".join(words.split())
    if not words or len(words) > 2000:
        raise BadInput(
            "no_words",
            "The story has no words, or more than 2,000 characters.",
            "Write it in a few sentences.",
            vi="Câu chuyện chưa có lời, hoặc dài quá 2.000 chữ. Viết trong vài câu.",
        )
    if still_named(words, fact, said, day):
        raise Refused(
            "story_names_somebody",
            "The story still holds a name, a place, a number or an illness that says whom it is about.",
            "Take it out: “a woman of the village” is enough.",
            vi="Câu chuyện còn tên người, tên bản, một con số hay tên bệnh nói lên đó là ai. "
            "Bỏ đi: “một bà trong bản” là đủ.",
        )
    before = day.stories.get(voice)
    if before is not None and before.words == words:
        return next(f for f in ledger.facts_of(camp) if f.body == before)
    story = kinds.Story(voice=voice, words=words)
    return actions.say(camp, story, act="camp.publish", actor=actor, at=at)


def published(day: Day) -> list[str]:
    """The stories that left the room, as long as their consent holds; in the order of their voices."""
    agreed = {body.id for body in _voiced(day) if body.publish}
    return [day.stories[voice].words for voice in sorted(day.stories, key=str) if voice in agreed]


def voice_of(day: Day, voice: UUID) -> tuple[Fact, kinds.Voiced]:
    """A voice and its fact; refuses ``voice_unknown``."""
    for fact in day.voices:
        if isinstance(fact.body, kinds.Voiced) and fact.body.id == voice:
            return fact, fact.body
    raise Refused(
        "voice_unknown",
        "There is no such letter at this camp.",
        "Choose one from the list.",
        vi="Trại này không có lời ấy. Chọn trong danh sách.",
    )


def still_named(words: str, fact: Fact, said: kinds.Voiced, day: Day) -> bool:
    """Whether a story still holds what tells who it is about: any long number, a whole name or a village of anybody
    who came, a finding of anybody's; of the speaker's own visit also the given name, the helper's name, the end of the
    card, what hurt, and each medicine."""
    if _NUMBER.search(words):
        return True
    text = f" {fold(words)} "
    spoken = set(_WORD.findall(words))
    mine = day.visits.get(said.visit) if said.visit else None
    everybody = [visit.person for visit in day.came]
    whole = {phrase for person in everybody for phrase in (person.name, person.village)}
    whole |= {person.guardian for person in everybody} | set(_found(day)) | set(_of_visit(mine, day))
    if any(f" {plain} " in text for plain in map(fold, whole) if len(plain) > 2):
        return True
    own = [mine.person.name, mine.person.guardian] if mine and mine.registered else []
    return any(name.split()[-1] in spoken for name in own if name.split() and len(name.split()[-1]) > 1)


def _found(day: Day) -> Iterable[str]:
    for visit in day.visits.values():
        for _, body in visit.examinations:
            for finding in body.findings:
                yield finding.words
                yield day.plan.codes.get(finding.code, "")


def _of_visit(visit: Visit | None, day: Day) -> Iterable[str]:
    if visit is None:
        return
    if visit.registered:
        yield from (visit.person.card_end, visit.person.ticket, visit.person.helper)
    if visit.vitals:
        yield from (visit.vitals.complaint, visit.vitals.allergy_told)
    for _, body in visit.examinations:
        for one in body.prescribed:
            known = day.plan.medicines.get(one.medicine)
            yield from (known.name, known.ingredient) if known else ()
        if body.referral:
            yield from (body.referral.to, body.referral.why)


def _voiced(day: Day) -> Iterable[kinds.Voiced]:
    return (fact.body for fact in day.voices if isinstance(fact.body, kinds.Voiced))
