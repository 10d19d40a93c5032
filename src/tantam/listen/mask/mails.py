"""Mail addresses, written and spelled: lan@gmail.com, lan @ gmail, lan a còng gmail chấm com, lan at gmail dot com."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tantam.listen.mask import alphabet
from tantam.listen.mask.view import Span, View
from tantam.listen.mask.vocabulary import listed

_PROVIDER = r"(?:gmail|yahoo|hotmail|outlook|icloud)(?![a-zđ])"
_DOT = r"(?:\.| ?[(\[{] ?(?:\.|dot|cham) ?[)\]}] ?| (?:cham|dot) )"
_DOMAIN = re.compile(rf" {{0,2}}(?:(?:[\w-]{{1,63}}\.){{1,6}}[^\W\d_]{{2,24}}[\w-]*+|{_PROVIDER})")
_END = r"(?:com|vn|net|org|edu|gov|info|asia|biz|name|me|io|co)(?![a-zđ])"
_SAID_DOMAIN = re.compile(rf"(?:[\w-]{{1,63}}{_DOT}){{1,6}}{_END}|{_PROVIDER}")
_AT = re.compile(
    r"(?P<sign>@)"
    r"| ?[(\[{] ?(?:at|@|a[ -]?(?P<word1>cong|moc|vong|khoen)) ?[)\]}] ?"
    r"| a[ -]?(?P<word2>cong|moc|vong|khoen) "
    r"| (?P<word3>at) "
)
_SIGNS = (
    "@",
    "(",
    "[",
    "{",
    " at ",
    " a ",
    " a-",
    *(f" a{word[0]}" for word in ("cong", "moc", "vong", "khoen")),
)
"""One of these stands in whatever the pattern finds; most texts have none."""
_LOCAL = re.compile(r"[\w.%+-]")
_SAID_LOCAL = re.compile(r"(?:[\w%+-]{1,64}(?: (?:cham|dot|gach duoi|gach ngang) |\.)){0,4}[\w%+-]{1,64}$")
_REACH = 200
"""Characters before a spelled @ in which its local part is sought."""


def spans(view: View) -> Iterator[Span]:
    """Around every @, written or said: the local part to the left, and to the right a domain, or a well-known one
    without its end."""
    seen, free = view.seen, 0
    if not any(map(seen.__contains__, _SIGNS)):
        return
    for at in _AT.finditer(seen):
        if at.start() < free or not _is_at(view, at):
            continue
        domain = (_DOMAIN if at["sign"] else _SAID_DOMAIN).match(seen, at.end())
        if not domain:
            continue
        start = _written(seen, at.start(), domain[0], free) if at["sign"] else _said(seen, at.start(), free)
        if start < at.start():
            yield start, domain.end(), "email"
            free = domain.end()


def _is_at(view: View, at: re.Match[str]) -> bool:
    """Whether the sign is said, and not "công", "cộng" or "át"."""
    for name in ("word1", "word2", "word3"):
        if at[name]:
            said = alphabet.word(view.spelt(*at.span(name)))
            return said in listed("at_sign") or said in listed("at_word")
    return True


def _written(seen: str, at: int, domain: str, free: int) -> int:
    """Where the local part before a written @ begins; up to two spaces may stand before a well-known domain's."""
    start = at
    if domain.startswith(" "):
        while start > max(free, at - 2) and seen[start - 1] == " ":
            start -= 1
    while start > free and _LOCAL.match(seen, start - 1):
        start -= 1
    return start if _LOCAL.match(seen, start) else at


def _said(seen: str, at: int, free: int) -> int:
    local = _SAID_LOCAL.search(seen[max(free, at - _REACH) : at])
    return at - len(local[0]) if local else at
