"""Vietnamese before Unicode: TCVN3 (ABC) and VNI letters, and what a Vietnamese syllable looks like.

The two tables follow those of the package viparse 0.1.31 (MIT licence), written here as
rules, with ẳ (VNI ``aú``) added and ỵ read from VNI's ``î`` as its fonts have it. TCVN3 has no capital letters
with tones: a heading in a capital-only font comes back in lower case.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_TCVN3_CODES = "¡¢£¤¥¦§¨©ª«¬\xad®µ¸¶·¹»¾¼½ÆÇÊÈÉËÌÐÎÏÑÒÕÓÔÖ×ÝØÜÞßãáâäåèæçéêíëìîïóñòôõøö÷ùúýûüþ"
_TCVN3_LETTERS = "ĂÂÊÔƠƯĐăâêôơưđàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
_SIGNS = {code: bytes([code]).decode("cp1252", "replace") for code in range(0x80, 0xA0)}
"""Both fonts leave Windows-1252's quotation marks and dashes where they are."""
_TCVN3 = str.maketrans(_TCVN3_CODES, _TCVN3_LETTERS) | _SIGNS

_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT, _ROOF, _BOWL = "\u0300\u0301\u0309\u0303\u0323\u0302\u0306"
_TONES = _GRAVE + _ACUTE + _HOOK + _TILDE + _DOT
_VNI_TONES = dict(zip("øùûõï", _TONES, strict=True))
_VNI_ROOF = {"â": _ROOF} | {mark: _ROOF + tone for mark, tone in zip("àáåãä", _TONES, strict=True)}
_VNI_BOWL = {"ê": _BOWL} | {mark: _BOWL + tone for mark, tone in zip("èéúüë", _TONES, strict=True)}
_VNI_MARKS = {
    "a": _VNI_TONES | _VNI_ROOF | _VNI_BOWL,
    "e": _VNI_TONES | _VNI_ROOF,
    "o": _VNI_TONES | _VNI_ROOF,
    "i": {mark: _VNI_TONES[mark] for mark in "øù"},
    "u": _VNI_TONES,
    "y": _VNI_TONES,
    "ô": _VNI_TONES,
    "ö": _VNI_TONES,
}
"""Letter as VNI writes it → mark behind it → combining marks."""
_VNI_LETTERS = {"ñ": "đ", "ô": "ơ", "ö": "ư", "ò": "ị", "æ": "ỉ", "ó": "ĩ", "î": "ỵ"}

_ONSET = "ngh|ng|gh|gi|kh|nh|ph|qu|th|tr|ch|[bcdđghklmnpqrstvx]"
_NUCLEUS = (
    "uyê|uya|uyu|uây|uôi|ươi|ươu|iêu|yêu|oai|oay|oao|oeo|uêu|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oi|ôi|"
    "ơi|oo|ua|uâ|uê|ui|uô|uơ|uy|ưa|ưi|ươ|ưu|yê|[aăâeêioôơuưy]"
)
_SYLLABLE = re.compile(f"(?:{_ONSET})?(?:{_NUCLEUS})(ch|nh|ng|[ckmnpt])?")
_STOPS = ("ch", "c", "k", "p", "t")


def from_tcvn3(text: str) -> str:
    """Text whose letters are TCVN3 codes shown as Latin-1, as Unicode."""
    return text.translate(_TCVN3)


def from_vni(text: str) -> str:
    """Text whose letters are VNI codes shown as Latin-1, as Unicode."""
    table, pattern = _vni()
    return pattern.sub(lambda found: table[found[0]], text.translate(_SIGNS))


@cache
def _vni() -> tuple[dict[str, str], re.Pattern[str]]:
    """Every written form → its letter; a capital letter may carry its mark in either case."""
    table = dict(_VNI_LETTERS)
    for letter, marks in _VNI_MARKS.items():
        for mark, combining in marks.items():
            table[letter + mark] = unicodedata.normalize("NFC", _VNI_LETTERS.get(letter, letter) + combining)
    for written, letter in list(table.items()):
        table[written.upper()] = table[written[0].upper() + written[1:]] = letter.upper()
    longest = sorted(table, key=len, reverse=True)
    return table, re.compile("|".join(longest))


def is_syllable(word: str) -> bool:
    """Is this word one Vietnamese syllable, its letters in an order and with a tone that Vietnamese allows."""
    marks = unicodedata.normalize("NFD", word.lower())
    tones = [letter for letter in marks if letter in _TONES]
    bare = unicodedata.normalize("NFC", "".join(letter for letter in marks if letter not in _TONES))
    found = _SYLLABLE.fullmatch(bare)
    if found is None or len(tones) > 1:
        return False
    return found[1] not in _STOPS or tones in ([_ACUTE], [_DOT])
