"""How a café meeting goes, and what may come after what. Pure: no database, no clock.

planned → invited (guests drawn, being called) → held → reading → sealed, then forwarded and called back. The call:
a first answer; if it is no, the reason is explained; then a second answer, which stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from tantam.clock import HANOI
from tantam.errors import BadInput, Refused

STATES = ("planned", "invited", "held", "reading", "sealed", "cancelled")
SEATS, RESERVES, YEARS = 6, 6, 3
MOST_SEATS = 12
MOST_TEXT = 2000
AGAIN_AFTER = timedelta(days=365)
"""Nobody is invited twice within a year."""

CALL_BEFORE = timedelta(days=14)
REMIND_AT, REMIND_BEFORE = time(7, 30), time(19, 0)
"""In the morning of the day; in the evening before, where the gathering begins less than two hours after that."""

FORWARD_WITHIN = timedelta(days=3)
CALL_BACK_WITHIN = timedelta(days=30)

TONES = {"praise": ("khen", "praise"), "idea": ("góp ý", "idea"), "grievance": ("bức xúc", "grievance")}
ANSWERS = {
    "none": ("chưa gọi", "not called"),
    "accepted": ("nhận lời", "accepted"),
    "refused": ("từ chối", "refused"),
    "unreachable": ("không gặp được", "not reached"),
    "withdrew": ("báo bận", "had to withdraw"),
    "no_contact": ("không liên lạc nữa", "not to be contacted"),
}
READ = {
    "agreed": ("đúng lời", "agreed"),
    "corrected": ("đã sửa lại", "corrected"),
    "silent": ("không nói gì", "said nothing"),
}
CANCELLED = {
    "weather": ("thời tiết", "the weather"),
    "too_few": ("ít người nhận lời", "too few accepted"),
    "venue": ("không có chỗ", "no place"),
    "other": ("việc khác", "something else"),
}


@dataclass(frozen=True)
class Call:
    """How the invitation of one guest stands; ``answer`` is what holds now."""

    answer: str = "none"
    first: str = ""
    explained: bool = False
    second: str = ""

    @property
    def to_explain(self) -> bool:
        """He said no, and has not been told why we ask."""
        return self.first == self.answer == "refused" and not self.second

    @property
    def open(self) -> bool:
        """Somebody should still call."""
        return self.answer in ("none", "unreachable") or self.to_explain

    @property
    def keeps_seat(self) -> bool:
        """Nobody else may have this seat yet."""
        return self.answer in ("none", "accepted") or self.to_explain


def answered(call: Call, answer: str, explained: bool) -> Call:
    """The call after one more answer; the same answer again changes nothing.

    Refuses ``bad_answer``, ``not_explained`` (a second answer without having told why), ``already_answered``.
    """
    if answer not in ANSWERS or answer == "none":
        raise BadInput(
            "bad_answer",
            "That is no answer to an invitation.",
            "One of: accepted, refused, unreachable, withdrew, no_contact.",
            vi="Chưa chọn khách trả lời thế nào. Chọn một câu trả lời.",
        )
    if call.answer == answer and not (call.to_explain and explained):
        return call
    if call.answer == "accepted" and answer == "withdrew":
        return replace(call, answer=answer)
    if answer == "withdrew" or not call.open:
        raise Refused(
            "already_answered",
            "This guest has answered already.",
            "What was answered stays; only somebody who accepted can withdraw.",
            vi="Khách đã trả lời rồi. Lời đã nhận giữ nguyên; chỉ người đã nhận lời mới báo bận được.",
        )
    if answer == "unreachable":
        return call if call.to_explain else replace(call, answer=answer)
    if answer == "no_contact":
        return replace(call, answer=answer, first=call.first or "refused")
    if not call.first:
        return Call(answer, answer)
    if not explained:
        raise Refused(
            "not_explained",
            "The guest refused and has not been told why we ask.",
            "Explain first, then write down the second answer.",
            vi="Khách từ chối mà chưa nghe vì sao ta mời. Giải thích trước, rồi ghi câu trả lời thứ hai.",
        )
    return Call(answer, call.first, True, answer)


def start_of(on: date, starts_at: time) -> datetime:
    """The moment a gathering begins."""
    return datetime.combine(on, starts_at, HANOI)


def remind_at(on: date, starts_at: time) -> datetime:
    """When those who accepted are reminded."""
    if starts_at >= time(REMIND_AT.hour + 2, REMIND_AT.minute):
        return datetime.combine(on, REMIND_AT, HANOI)
    return datetime.combine(on - timedelta(days=1), REMIND_BEFORE, HANOI)


def check_to_come(start: datetime, at: datetime) -> None:
    """Refuse to invite or remind once it has begun (``begun_already``)."""
    if start <= at:
        raise Refused(
            "begun_already",
            "The hour of this gathering has come.",
            "Call those who are still missing.",
            vi="Buổi gặp đã tới giờ. Còn thiếu ai thì gọi điện.",
        )


def free_seats(seats: int, in_play: Iterable[Call]) -> int:
    """Seats that somebody refused, left or could not be reached for, and nobody was called in for."""
    return max(0, seats - sum(call.keeps_seat for call in in_play))


def check_plan(
    on: date, today: date, seats: int, reserves: int, starts: object, ends: object, most: int = MOST_SEATS
) -> None:
    """Refuse a plan in the past (``event_in_the_past``), without seats or with more than ``most`` (``bad_seats``), or
    ``ends_before_start``."""
    if on < today:
        raise BadInput(
            "event_in_the_past",
            "A gathering cannot be planned for a day that is over.",
            "Give today or a later day.",
            vi="Ngày gặp đã qua. Chọn hôm nay hoặc ngày sau.",
        )
    if not 1 <= seats <= most or not 0 <= reserves <= MOST_SEATS:
        raise BadInput(
            "bad_seats",
            f"{seats} seats with {reserves} reserves cannot be had.",
            f"1 to {most} seats, and at most {MOST_SEATS} reserves.",
            vi=f"Số ghế phải từ 1 đến {most}, số dự bị từ 0 đến {MOST_SEATS}.",
        )
    if str(ends) <= str(starts):
        raise BadInput(
            "ends_before_start",
            "It ends before it starts.",
            "Give a later end.",
            vi="Giờ kết thúc phải sau giờ bắt đầu. Chọn lại giờ.",
        )


def check_place(place: str) -> str:
    """Where it is, trimmed; refuses ``no_place``."""
    if not place.strip():
        raise BadInput(
            "no_place",
            "The gathering is nowhere.",
            "Write where: the name of the café and its street.",
            vi="Chưa ghi gặp ở đâu. Viết tên quán và đường.",
        )
    return place.strip()[:200]


def check_chosen(guests: int) -> None:
    """Refuse what needs guests before any were drawn (``not_chosen``)."""
    if not guests:
        raise Refused(
            "not_chosen",
            "No guests were chosen yet.",
            "Choose them first.",
            vi="Chưa chọn khách. Chọn khách trước đã.",
        )


def check_reserve(free: int, waiting: int) -> None:
    """Refuse to call somebody in where no seat is free (``seats_full``) or nobody is left (``no_reserves``)."""
    if not free:
        raise Refused(
            "seats_full",
            "Every seat is taken or still being asked about.",
            "Call those who have not answered.",
            vi="Ghế nào cũng có người, hoặc đang chờ trả lời. Gọi những người chưa trả lời đã.",
        )
    if not waiting:
        raise Refused(
            "no_reserves",
            "All reserves were called in.",
            "Meet with the guests there are.",
            vi="Đã gọi hết người dự bị. Gặp những khách đã nhận lời.",
        )


def check_accepted(came: set[int], accepted: set[int]) -> None:
    """Refuse to count anybody who did not accept the invitation (``not_accepted``)."""
    if came - accepted:
        raise Refused(
            "not_accepted",
            "Somebody is counted who did not accept the invitation.",
            "Write down his answer first.",
            vi="Có người chưa nhận lời mà ghi là đến. Ghi câu trả lời của người đó trước.",
        )


def check_spoke(absent_with_lines: set[int]) -> None:
    """Refuse to note as absent whoever has lines in the notebook (``guest_spoke``)."""
    if absent_with_lines:
        raise Refused(
            "guest_spoke",
            "A guest who has lines in the notebook did come.",
            "Mark him as there; or give his lines to whoever said them.",
            vi="Khách đã có lời trong sổ thì có đến. Đánh dấu là có đến.",
        )


def check_cancel(because: str) -> None:
    """Refuse a reason that is none (``bad_reason``)."""
    if because not in CANCELLED:
        raise BadInput(
            "bad_reason",
            "The reason is missing.",
            f"One of: {', '.join(CANCELLED)}.",
            vi="Chưa chọn vì sao hủy. Chọn một lý do.",
        )


def check_not_held(state: str) -> None:
    """Refuse to call off what has taken place (``already_held``)."""
    if state in ("held", "reading"):
        raise Refused(
            "already_held",
            "This gathering has taken place.",
            "Seal its notebook.",
            vi="Buổi gặp đã diễn ra. Hãy niêm phong sổ.",
        )


def check_open(state: str) -> None:
    """Refuse an act on what is sealed (``event_sealed``) or called off (``event_cancelled``)."""
    if state == "sealed":
        raise Refused(
            "event_sealed",
            "The notebook of this gathering is sealed.",
            "A correction is still possible: it keeps the old words.",
            vi="Sổ buổi gặp này đã niêm phong. Vẫn sửa được từng dòng: lời cũ còn nguyên bên cạnh.",
        )
    if state == "cancelled":
        raise Refused(
            "event_cancelled",
            "This gathering was called off.",
            "Plan another one.",
            vi="Buổi gặp này đã hủy. Lập một buổi khác.",
        )


def check_begun(on: date, today: date) -> None:
    """Refuse what can only happen once the day has come (``too_early``)."""
    if today < on:
        raise Refused(
            "too_early",
            "The day of this gathering has not come.",
            "Come back on the day.",
            vi="Chưa tới ngày gặp. Tới hôm đó hãy ghi.",
        )


def check_line(text: str, tone: str) -> str:
    """The words of a line, trimmed. Refuses ``empty_line``, ``line_too_long``, ``bad_tone``."""
    text = text.strip()
    if not text:
        raise BadInput(
            "empty_line",
            "The line is empty.",
            "Write what was said.",
            vi="Dòng còn trống. Viết lời khách nói.",
        )
    if len(text) > MOST_TEXT:
        raise BadInput(
            "line_too_long",
            f"A line has at most {MOST_TEXT} letters.",
            "Write it as two lines.",
            vi=f"Một dòng tối đa {MOST_TEXT} chữ. Tách thành hai dòng.",
        )
    if tone not in TONES:
        raise BadInput(
            "bad_tone",
            f"“{tone}” is no tone.",
            f"One of: {', '.join(TONES)}.",
            vi="Chưa chọn khen, góp ý hay bức xúc. Chọn một.",
        )
    return text


def check_read(answer: str, came: bool | None, lines: int) -> None:
    """Refuse a reading back to nobody (``not_came``), of what was not said, or silence over words."""
    if answer not in READ:
        raise BadInput(
            "bad_answer",
            "That is no answer to a reading.",
            f"One of: {', '.join(READ)}.",
            vi="Chưa chọn khách nói đúng, đã sửa, hay không nói gì. Chọn một.",
        )
    if not came:
        raise Refused(
            "not_came",
            "This guest did not come.",
            "Write the attendance first.",
            vi="Khách này không đến. Ghi ai đến trước đã.",
        )
    if answer == "silent" and lines:
        raise Refused(
            "guest_spoke",
            "This guest has lines in the notebook.",
            "Read them back; or give them to whoever said them.",
            vi="Khách này có lời trong sổ. Đọc lại cho khách nghe.",
        )
    if answer != "silent" and not lines:
        raise Refused(
            "nothing_said",
            "There is nothing of this guest to agree to.",
            "Note that he said nothing.",
            vi="Trong sổ chưa có lời nào của khách này. Ghi “không nói gì”.",
        )


def check_sealed(state: str) -> None:
    """Refuse what only a sealed notebook can do (``not_sealed``)."""
    if state != "sealed":
        raise Refused(
            "not_sealed",
            "The notebook is not sealed yet.",
            "Read it back and seal it first.",
            vi="Sổ chưa niêm phong. Đọc lại cho khách nghe rồi niêm phong trước.",
        )


def check_guest(found: bool) -> None:
    """Refuse a speaker who is no guest of this gathering or accepted no invitation (``unknown_guest``)."""
    if not found:
        raise Refused(
            "unknown_guest",
            "That is no guest who accepted this invitation.",
            "Choose one of the guests, or nobody.",
            vi="Người này không phải khách đã nhận lời của buổi này. Chọn một khách, hoặc để trống.",
        )


def check_came(came: bool | None) -> None:
    """Refuse to call back whoever was not there (``not_came``)."""
    if not came:
        raise Refused(
            "not_came",
            "This guest did not come.",
            "Call back those who were there.",
            vi="Khách này không đến. Gọi lại những người đã đến.",
        )


def check_note(note: str) -> str:
    """What a guest said when he was called back, trimmed; refuses ``no_note``."""
    if not note.strip():
        raise BadInput(
            "no_note",
            "Nothing is written of the call.",
            "Write in a sentence what you told and what was answered.",
            vi="Chưa ghi gì về cuộc gọi. Viết một câu: đã báo gì, khách nói sao.",
        )
    return note.strip()


def may_call(state: str, on: date, today: date, *, called_back: bool = False) -> bool:
    """Whether the call list is open: two weeks before the day until it, and from the seal until all were called."""
    if state == "sealed":
        return not called_back
    return state == "invited" and on - CALL_BEFORE <= today <= on
