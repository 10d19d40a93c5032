"""What stands on a page beside its text: comment boxes, buttons, badges, and adverts put into the text."""

from __future__ import annotations

import re

from tantam.letters import fold

MOST_WORDS = 6
"""A longer line is no button."""

_WIDGET = re.compile(
    r"((\d+|dang|gui|viet|xem) )?(nhan xet|binh luan|comments?)( \d+)?"
    r"|reply|tra loi|thich|share|like|chia se( bai viet| len .*)?|theo doi (chung toi|tren) ?.*"
    r"|dang (ky|nhap)( dich vu| ngay| nhan tin| tai day)?|log ?in|sign (in|up)|tai app.*"
    r"|(xem|doc) (them|nhieu)( nhat)?|tin (lien quan|noi bat|moi|nong|khac)|bai (lien quan|cung .*)|moi nong"
    r"|tags?|tu khoa|quang cao|advertisement|dmca.*|copyright.*|ban quyen.*|all rights.*"
    r"|anh (vien|bia)|trang chu|(len|ve) dau trang|back to top|menu|quay lai"
    r"|(facebook|zalo|twitter|youtube|tiktok|google news)( .*)?"
)
_CALL = re.compile(
    r"\b(vui long|hay|bat cu khi nao|dung ngan ngai)\b.*\b(lien (he|lac)|goi|nhan tin|inbox|dang ky)\b.*"
    r"\b(chung toi|hotline|ngay|tai day)\b"
)
_OFFER = re.compile(r"\b(quang cao|chien dich|khuyen mai|giam gia|uu dai|thuong hieu)")


def is_chrome(passage: str) -> bool:
    """Is this passage a part of the page and not of its text?

    A short line that is a known widget or holds no word of two letters; or a sentence that asks the reader to get in
    touch and names what it sells.
    """
    plain = fold(passage)
    words = plain.split()
    if len(words) <= MOST_WORDS:
        return bool(_WIDGET.fullmatch(plain)) or not any(len(w) > 1 and not w.isdigit() for w in words)
    return bool(_CALL.search(plain) and _OFFER.search(plain))
