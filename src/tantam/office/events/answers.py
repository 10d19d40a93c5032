"""What guests type in answer to an invitation: whether the whole of it says yes or no, and what follows. Pure.

What is not clearly one of the two is no answer: it is an opinion, somebody reads it, and the guest is still called.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tantam.letters import fold
from tantam.office.events.rules import Call

_WORDS = {
    "Y": "có, ok, oke, okê, okie, oki, okay, okey, vâng, ừ, ừa, ừm, uh, uhm, um, uk, yes, yep, yeah, y",
    "A": "đồng ý, sẵn sàng, sẵn lòng, rất sẵn lòng, nhất trí, nhận lời, tham gia, tham dự, dự, có mặt",
    "V": "đi, đến, tới, gặp, ghé",
    "D": "được, đc, đươc, được rồi, ok rồi",
    "S": "sẽ, chắc chắn",
    "N": "không, ko, k, kh, kg, kô, hông, hổng, hok, hem, khum, no, nope, n",
    "B": "bận, mắc việc, kẹt, kẹt việc, có việc, có việc bận, đi vắng, đi công tác",
    "L": "thôi, để dịp khác, để khi khác, để lần sau, để lần khác, để hôm khác, để bữa khác, hẹn dịp khác,"
    " hẹn khi khác, hẹn lần sau, hẹn lần khác, hẹn hôm khác, hẹn bữa khác, dịp khác, khi khác, lần sau",
    "X": "thể, rảnh, có rảnh, có thời gian, có tg, có thì giờ, tiện, muốn, cần, kịp, thu xếp, sắp xếp, đâu, rồi, nữa,"
    " lắm, quá, việc",
    "P": "dạ, ạ, a, ah, à, nhé, nhe, nha, nhá, nhen, em, e, anh, chị, c, tôi, tui, t, mình, m, bạn, bác, cô, chú, chứ,"
    " cháu, con, ông, bà, ad, shop, ơi, luôn, ngay, cảm ơn, cám ơn, camon, thanks, thank, tks, nhiều, xin,"
    " xin lỗi, xin chào, sorry, xl, rất tiếc, tiếc quá, rất vui, vui, vui lòng, hẹn gặp, hẹn gặp lại, hi, hihi,"
    " hôm nay, sáng nay, chiều nay, tối nay, ngày mai, sáng mai, chiều mai, tối mai, mai, hôm đó, hôm ấy, ngày đó,"
    " bữa đó, lúc đó, cà phê, uống cà phê, buổi gặp, buổi này, quý công ty, nhà mạng",
    "T": "đúng giờ",
    "Q": "trả lời",
    "1": "1",
    "0": "0",
}
"""Words by their part in an answer: yes, agree, go, can, will; no, busy, another time, what follows a no; courtesy,
what follows a yes, what only begins an answer."""

_SEVERAL = {"ban", "du", "ghe"}
"""Without accents these may be quite other words: bạn, bận and bán; dự, đủ and dù; ghé and ghê."""

_BUSY = re.compile(r"^ban$|\bban(?= (?:roi|qua|viec|lam)\b)")
_YES = re.compile(r"[PQS]*(?:1P*|(?=[PSTYAVD]*[YAVD])[PSTYAVD]+)")
_NO = re.compile(
    r"[PQSL]*(?:(?:N+(?:[XAVDL]+|(?!B))(?:P+N+[XAVD]*)*|[BL][PX]*)[PX]*(?:[BL][PX]*)?|0P*)"  # not “không bận”
)
_CLEAR = set("YAS1NBL0")
"""Parts that say yes or no by themselves, so that other words may follow: “Đi đúng giờ, giảng bài đầy đủ” is none."""

MOST_WORDS = 15
"""An answer with more words than these is a letter, and somebody reads it."""

_UNSURE = re.compile(r"\b(?:nếu|neu|nhưng|nhung|mà|chưa|chua|chắc|chac|có lẽ|co le|hoặc|hoac)\b")


def _table() -> tuple[dict[tuple[str, ...], str], int]:
    """Each spelling, with accents and without, as its words → its part; and the words of the longest."""
    found: dict[tuple[str, ...], str] = {}
    for part, words in _WORDS.items():
        for spelling in words.split(","):
            found[tuple(spelling.split())] = part
    for accented, part in list(found.items()):
        plain = tuple(fold(word) for word in accented)
        if len(plain) > 1 or plain[0] not in _SEVERAL:
            found.setdefault(plain, part)
    found["toi",] = "P"  # tôi far more often than tới
    return found, max(map(len, found))


_TABLE, _LONGEST = _table()


@dataclass(frozen=True)
class Heard:
    """A yes or a no; ``more`` when other words stand beside it, which are an opinion too."""

    yes: bool
    more: bool


def heard(text: str) -> Heard | None:
    """What a text answers to an invitation; None where the whole of it does not clearly say yes or no.

    It is read clause by clause. The first that is more than courtesy must be the answer; a question is none, nor is
    what another clause takes back or makes depend on something, nor what a letter begins with.
    """
    spelled = unicodedata.normalize("NFC", text).lower().replace("ð", "đ")
    spelled = re.sub(r"\bo\.k\b", "ok", spelled)
    clauses = re.findall(r"[^.,;:!?…\n()/]+\??", spelled)
    said = [clause for clause in clauses if re.search(r"\w", clause)]
    judged = [(clause, _judge(clause)) for clause in said]
    beyond = [(clause, found) for clause, found in judged if found != ""]
    if not beyond or not isinstance(beyond[0][1], bool):
        return None
    yes, more = beyond[0][1], any(found is None for _, found in beyond)
    if more and (len(re.findall(r"\w+", spelled)) > MOST_WORDS or not _CLEAR & set(_parts(beyond[0][0]))):
        return None
    for clause, found in beyond[1:]:
        if found is (not yes) or (found is None and _against(clause, yes)):
            return None
    return Heard(yes, more)


def texted(call: Call, yes: bool) -> Call | None:
    """The call after an answer that came by text; None where it changes nothing that may still be changed.

    Whoever said no may say yes himself, without being told why we ask, until he has answered twice; whoever accepted
    and says no has to withdraw.
    """
    if not yes:
        if call.answer == "accepted":
            return replace(call, answer="withdrew")
        return Call("refused", "refused") if call.answer in ("none", "unreachable") else call
    if call.to_explain:
        return replace(call, answer="accepted", second="accepted")
    if call.open:
        return Call("accepted", "accepted")
    return call if call.answer == "accepted" else None


def _judge(clause: str) -> bool | str | None:
    """Yes, no, "" for mere courtesy, None for anything else; a question is anything else."""
    parts = "".join(_parts(clause))
    if "?" in clause or "?" in parts:
        return None
    if not parts.strip("PQ"):
        return ""
    if _YES.fullmatch(parts):
        return True
    return False if _NO.fullmatch(parts) else None


def _parts(clause: str) -> Iterator[str]:
    """The part of each word or phrase, the longest first; "?" where one is unknown."""
    plain = " ".join(_worn(word) for word in re.findall(r"[^\W_]+", clause))
    words = _BUSY.sub("bận", plain).split()
    at = 0
    while at < len(words):
        for size in range(min(_LONGEST, len(words) - at), 0, -1):
            if part := _TABLE.get(tuple(words[at : at + size])):
                yield part
                at += size
                break
        else:
            yield "?"
            at += 1


def _worn(word: str) -> str:
    """Without the last letter drawn out: okkk, nhaaa."""
    return re.sub(r"([^\W\d_])\1+$", r"\1", word)


def _against(clause: str, yes: bool) -> bool:
    """Whether words that are no answer themselves put one in doubt."""
    parts = set(_parts(clause))
    if _UNSURE.search(clause):
        return True
    if yes:
        return "B" in parts or ("N" in parts and bool(parts & set("VADX")))
    return bool(parts & set("SA")) or {"V", "D"} <= parts
