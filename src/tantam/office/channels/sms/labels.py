"""What the system puts around a text, the label of an advertisement first and the way to refuse last; and the words by
which people refuse.

Figures from :mod:`tantam.law`: ``ads_label`` and ``ads_opt_out_at_end`` (Nghị định 91/2020/NĐ-CP, Điều 15 and 16), and
``ads_registration_label`` (Thông tư 22/2021/TT-BTTTT, by a secondary source).
"""

from __future__ import annotations

import re
import unicodedata

from tantam import law, letters
from tantam.errors import BadInput

_OURS = re.compile(
    r"[\[({<【]\s*(?:qc|ad|dkqc|quảng\s*cáo|quang\s*cao)\s*[\])}>】]|^\W*(?:qc|quảng cáo|quang cao)\s*[:\-–]"
)
"""Labels of advertising, as authors write them, anywhere in brackets or before a colon at the beginning."""
_LABELS = {"advertising": "ads_label", "registration": "ads_registration_label"}
"""Purpose → the row of the law's table with its label."""
_NOTICE = re.compile(r"[\[({<【]\s*(?:tb|thông\s*báo|thong\s*bao)\s*[\])}>】]")
"""The label of a notice, which would pass an advertisement off as one."""
_ENDINGS = "vn|com|net|org|info|edu|gov|io|app|xyz|shop|store|online|site|link|page|club|vip|biz|asia|top"
_LINK = re.compile(
    rf"\b(?:h[tx][tx]ps?://|www\.)|(?<![@\w.-])[\w-]+(?:\.[\w-]+)*\.(?:(?:{_ENDINGS})\b|[a-z]{{2,}}/\w)"
)
"""An address of the web, also without its beginning; an e-mail address is none."""

_TC = re.compile(r"tc(qc|km)?(\d{0,4})")
_ORDINARY = {"hủy", "huỷ", "huy", "dừng", "dung"}
"""Stop words that also begin sentences. Đúng, dùng, đừng, Dũng are other words; without accents nobody can tell."""
_DO_NOT = re.compile(r"(gui|nhan|goi|spam|qc|lam phien)\b")
MOST_AFTER = 4
"""Words that may follow a stop word, not counting those that name what is refused."""
_NAMING = frozenset((
    "qc", "tin", "gui", "sms", "ads", "spam", "km",
))  # fmt: skip
_SENTENCE = frozenset((
    "khong", "ko", "k", "kg", "hok", "hong", "chua", "roi", "r", "ma", "nhung", "vi", "sao", "tai",
    "mai", "van", "bi", "qua", "yeu", "cham", "lag", "duoc", "dc", "o", "hinh", "giua", "xe", "tot",
    "hay", "on", "the", "vay", "do", "day", "la", "nhu", "thi", "cam", "chao", "gi", "nao", "luc",
    "khi", "nen", "cung", "rat", "thay", "thu", "may", "mang", "te", "kem", "chan", "hon", "gio", "muot",
))  # fmt: skip
"""What makes a sentence of a short text that begins with a word like “dừng” or “hủy”."""
_NO_PRODUCT = frozenset((
    "qc", "tin", "nhan", "gui", "sms", "ads", "spam", "tat", "ca", "het", "toan", "bo", "ngay", "lap",
    "tuc", "giup", "cho", "toi", "em", "minh", "anh", "chi", "co", "chu", "con", "lai", "di", "nhe",
    "nha", "a", "ah", "voi", "nua", "nay", "dich", "vu", "dv", "goi", "cuoc", "vui", "long", "xin",
    "lam", "phien", "den", "tu", "va", "cam", "on",
))  # fmt: skip
_POLITE = {"ạ", "ơi"}
_SENT_TO = re.compile(r" ?\bgui \d{3,5}$")


def label(text: str, purpose: str, opt_out: str, *, on: int) -> str:
    """The text as it is sent on a day (``on``, days since 1970), composed (NFC): advertising, and asking to sign up
    for it, get the law's label before it, and any text with an ``opt_out`` ends with that.

    Refuses ``sms_own_label`` (the author labelled it himself; in advertising also as a notice), ``sms_no_opt_out``
    (advertising without a way to refuse), ``sms_link_in_reply``, and ``sms_empty``.
    """
    body, last = (unicodedata.normalize("NFC", part).strip() for part in (text, opt_out))
    seen = _seen(body)
    ads = purpose == "advertising"
    if not body:
        raise BadInput(
            "sms_empty", "The message is empty.", "Write it.", vi="Tin chưa có nội dung. Hãy viết tin."
        )
    if _OURS.search(seen) or (ads and _NOTICE.search(seen)):
        raise BadInput(
            "sms_own_label",
            "The text has a label of its own.",
            "Take it out: the system sets the label that the law asks for.",
            vi="Nội dung đã có nhãn tự viết. Hãy bỏ nhãn: hệ thống tự ghi nhãn theo luật.",
        )
    if purpose == "reply" and _LINK.search(seen):
        raise BadInput(
            "sms_link_in_reply",
            "A reply to a customer's own words carries no link.",
            "Take the link out, or say where to call.",
            vi="Tin trả lời ý kiến không kèm đường dẫn. Hãy bỏ đường dẫn, hoặc ghi số để gọi.",
        )
    if ads and not last and law.ask("ads_opt_out_at_end", on).value:
        raise BadInput(
            "sms_no_opt_out",
            "An advertising message ends with a way to refuse.",
            "Give the text of the refusal, by SMS and by call.",
            vi="Tin quảng cáo phải có cách từ chối ở cuối. Hãy ghi cách từ chối bằng tin nhắn và bằng cuộc gọi.",
        )
    return " ".join(filter(None, (_label_of(purpose, on), body, last)))


def _label_of(purpose: str, on: int) -> str:
    """The label of a purpose on a day; "" where the law of that day knows none."""
    rows = (row for row in law.rows() if row.code == _LABELS.get(purpose) and row.holds(on))
    return next((str(row.value) for row in rows), "")


def _seen(text: str) -> str:
    """Small letters of one width, without the characters that nobody sees."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")


def stop_word(text: str) -> bool:
    """Whether an incoming text refuses our messages.

    Its first word is ``TC`` (also ``TC1``, ``TCQC``), ``TỪ CHỐI``, ``HỦY`` or ``DỪNG``, with these accents or none, in
    any case, after whatever spaces and signs; or it begins with “đừng gửi”, “đừng nhắn”, “đừng gọi”, “đừng spam”,
    “đừng quảng cáo” or “đừng làm phiền”. At most four words follow (``MOST_AFTER``), not counting those that name what
    is refused (tin, gửi, quảng cáo, KM …).

    After hủy and dừng, where none of these is named, no word may follow that makes it a sentence (không, rồi, mà, quá,
    ở …), and a bare “Huy” or “dung” does not stand before words with accents, unless in capitals: “Dừng hình liên tục”
    and “Huy Hoàng” are opinions. Whatever is no STOP by this rule is an opinion, and somebody reads it.
    """
    found = _refusal(text)
    if found is None:
        return False
    first, after, doubtful = found
    if sum(word not in _NAMING for word in after) > MOST_AFTER:
        return False
    if first == "đừng":
        return bool(_DO_NOT.match(" ".join(after)))
    if first not in _ORDINARY or not _NAMING.isdisjoint(after):
        return True
    return not doubtful and _SENTENCE.isdisjoint(after)


def stopped_product(text: str) -> str:
    """The product that a STOP names, in capitals without accents (``TC1`` gives ``1``, ``Hủy KM`` gives ``KM``); ""
    is everything. A name that the caller does not know is to be taken as everything."""
    found = _refusal(text)
    if found is None:
        return ""
    first, after, _ = found
    if after == ["a"]:
        return "A"
    glued = _TC.fullmatch(first)
    before = [part for part in glued.groups() if part and part != "qc"] if glued else []
    named = _SENT_TO.sub("", " ".join(after)).split()
    return " ".join(before + [word for word in named if word not in _NO_PRODUCT]).upper()


def _refusal(text: str) -> tuple[str, list[str], bool] | None:
    """The stop word in small letters, the words after it without accents, and whether a bare “Huy” or “dung” may be a
    name or another word, since words with accents follow."""
    written, *after = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text)) or [""]
    first, after = written.lower(), [word.lower() for word in after]
    if first in {"từ", "tu"} and after and after[0] in {"chối", "choi"}:
        first, after = "tc", after[1:]
    if first not in _ORDINARY and first not in {"đừng", "tuchoi", "từchối"} and not _TC.fullmatch(first):
        return None
    rest = " ".join(word for word in after if word not in _POLITE)
    doubtful = first in {"huy", "dung"} and not written.isupper() and not rest.isascii()
    return first, letters.fold(rest).replace("quang cao", "qc").replace("khuyen mai", "km").split(), doubtful
