"""Links and names that lead to a person's own page: facebook.com/lan.anh92, zalo.me/0912345678, fb: lan.anh92."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tantam.listen.mask.view import Span, View

_LINK = re.compile(
    r"(?<![a-zđ_.@-])(?:h(?:tt|xx)ps?://)?(?:(?:www|m|vi-vn|web|l)\.)?"
    r"(?:(?:facebook|fb|instagram|tiktok|twitter|x|messenger)\.com|fb\.me|m\.me|(?:chat\.)?zalo\.me|t\.me|telegram\.me"
    r"|wa\.me|line\.me|threads\.net|youtube\.com(?=/(?:@|c/|channel/|user/))|linkedin\.com(?=/in/))"
    r"/([^\s<>\"'(),;\[\]]{2,})"
)
_NOBODY = re.compile(
    r"(?:@|pages/|profile\.php\?id=)?(?:\w*(?:viettel|vinaphone|vnpt|mobifone|vietnamobile|itel|wintel)\w*"
    r"|watch|reel|reels|hashtag|help|login|settings|share|sharer|events|policies|search|explore|stories|video|videos)\b"
)
_HANDLE = re.compile(
    r"(?<![a-zđ_])(?:facebook|fb|face|zalo|insta|instagram|ig|tiktok|telegram|tele|viber|skype|line|wechat|nick|messenger)"
    r" {0,2}[:=] ?(@?[a-z][\w.-]{3,40})(?![\w/@])"
)
_MADE_UP = re.compile(r"\d|_|[a-z]{3}\.[a-z]{3}")
"""What a name of one's own has and an ordinary word has not."""


def spans(view: View) -> Iterator[Span]:
    """Links to a person's page; not the operators' own."""
    seen = view.seen
    if "/" in seen:
        for link in _LINK.finditer(seen):
            if not _NOBODY.match(link[1]):
                yield link.start(), link.start() + len(link[0].rstrip(".!?:*")), "link"


def handles(view: View) -> Iterator[Span]:
    """Names of one's own after "fb:", "zalo:" and the like."""
    if ":" in view.seen or "=" in view.seen:
        for handle in _HANDLE.finditer(view.seen):
            name = handle[1].rstrip(".-")
            spelt = view.spelt(handle.start(1), handle.start(1) + len(name))
            if spelt.isascii() and _MADE_UP.search(name) and not _NOBODY.match(name):
                yield handle.start(1), handle.start(1) + len(name), "link"
