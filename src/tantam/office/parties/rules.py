"""What a party may be called, and how names are put in order and found. Pure."""

from __future__ import annotations

import unicodedata

from tantam.errors import BadInput
from tantam.letters import fold, name_key

KINDS = {
    "guest": ("Khách mời", "Guest"),
    "speaker": ("Người góp ý", "Speaker"),
    "villager": ("Bà con", "Villager"),
    "donor": ("Nhà hảo tâm", "Donor"),
    "partner": ("Đối tác", "Partner"),
}
TITLES = ("", "chị", "anh", "ông", "bà", "cô", "chú", "em")
MOST_NAME = 120
MOST_NOTE = 300
MOST_SORT = 200


def clean(text: str) -> str:
    """A name as kept: composed letters, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def lower(name: str) -> str:
    """The name in small letters with its accents, each word after a space."""
    return f" {clean(name).lower()}" if clean(name) else ""


def plain(name: str) -> str:
    """The name without accents, each word after a space, so that a search finds the beginnings of words."""
    return f" {fold(name)}" if fold(name) else ""


def sort_key(name: str) -> str:
    """Where a name stands in a Vietnamese list, by given name first; nameless ones stand last.

    In hexadecimal, which every database's collation puts in the same order; long names are told apart by their id.
    """
    return name_key(name)[:MOST_SORT].hex() if name else "z"


def words(text: str) -> list[str]:
    """What a search looks for in :func:`plain`."""
    return [f" {word}" for word in fold(text).split()]


def exact_words(text: str) -> list[str]:
    """What a search looks for in :func:`lower`, accents and all."""
    return [f" {word}" for word in clean(text).lower().split()]


def check(kind: str, name: str, title: str, note: str = "") -> None:
    """Refuse a kind or a title that is none of ours, and words that are too long."""
    if kind not in KINDS:
        raise BadInput(
            "bad_party_kind",
            f"“{kind}” is no kind of party.",
            f"One of: {', '.join(KINDS)}.",
            vi="Chưa chọn đây là khách mời, người góp ý, bà con, nhà hảo tâm hay đối tác. Chọn một.",
        )
    if title not in TITLES:
        raise BadInput(
            "bad_title",
            f"“{title}” is not how we address people.",
            f"One of: {', '.join(t for t in TITLES if t)}; or none.",
            vi=f"Không xưng “{title}” được. Chọn: {', '.join(t for t in TITLES if t)}; hoặc để trống.",
        )
    if len(name) > MOST_NAME or len(note) > MOST_NOTE:
        raise BadInput(
            "name_too_long",
            f"A name has at most {MOST_NAME} letters, a note {MOST_NOTE}.",
            "Shorten it.",
            vi=f"Tên dài tối đa {MOST_NAME} chữ, ghi chú {MOST_NOTE} chữ. Viết ngắn lại.",
        )


def check_known(name: str, key: int | None) -> None:
    """Refuse (``nobody``) a party of whom we know neither a name nor a subscription."""
    if not name and key is None:
        raise BadInput(
            "nobody",
            "Neither a name nor a subscription was given.",
            "Give at least a name.",
            vi="Chưa biết là ai: không có tên, cũng không có mã thuê bao. Ghi ít nhất là tên.",
        )
