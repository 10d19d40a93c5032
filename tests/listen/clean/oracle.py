"""Cleaning in plain Python, letter by letter and slowly: what the kernel must equal.

It knows Unicode from ``unicodedata`` and words from the lists, not from the kernel's tables.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import groupby

from tantam.listen.clean import make
from tantam.listen.clean.hashing import bare
from tantam.listen.clean.link import DOMAINS
from tantam.listen.clean.tables import DIGIT, EMOJI, LATIN, LETTER, MARK, OTHER, SPACE
from tantam.listen.clean.vietnamese import TONES, VOWELS, tone_place, toned

SYLLABLES = frozenset(make.syllables())
PLAIN = frozenset(map(bare, SYLLABLES))
ENGLISH = frozenset(make.english())
TEEN = make.teen()

kind = cache(lambda char: make.kind(ord(char)))
folded = cache(lambda char: make.folded(ord(char)))
script = cache(make.script)
LETTERS = (LATIN, LETTER, DIGIT, MARK)
RUN = re.compile(r"[a-z0-9\x80-\U0010ffff]+")
_LETTER = r"[^\x00-/:-@\[-`{-\x7f]"
_HOST = rf"[a-z0-9]+\.(?!-)(?=[a-z0-9.-]{{1,252}}/)(?:[a-z0-9-]+\.)*(?:{'|'.join(DOMAINS)})/"
LINK = re.compile(rf"[a-z]+://|www+\.{_LETTER}|{_HOST}{_LETTER}")


def clean(text: str | bytes) -> tuple[str, list[str]]:
    """The cleaned text and its words."""
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    smooth = scrubbed(raw.decode("utf-8", "replace"))
    cleaned, words, seen = written(smooth, frozenset())
    repair = to_repair(words, seen)
    return written(smooth, repair)[:2] if repair else (cleaned, words)


def scrubbed(text: str) -> str:
    """Small letters, composed; without what nobody sees."""
    kept: list[str] = []
    before, marks = OTHER, 0
    for char in text:
        for small in folded(char):
            what = kind(small)
            marks = marks + 1 if what == MARK else 0
            if what == MARK and (before not in (LATIN, LETTER) or marks > 16):
                continue
            before = before if what == MARK else what
            kept.append(" " if what == SPACE else small)
    return unicodedata.normalize("NFC", "".join(kept))


def written(text: str, repair: frozenset[str]) -> tuple[str, list[str], Counter[tuple[str, str]]]:
    """The text with every word as what it means, its words, and how many gave evidence of keystrokes."""
    out: list[str] = []
    words: list[str] = []
    seen: Counter[tuple[str, str]] = Counter()
    for piece, before, is_link in pieces(text):
        for i, part in enumerate([piece] if is_link else parts(piece)):
            what = kind(part[0])
            if is_link or what not in (LATIN, DIGIT):
                out.append(" " if part == "_" else part)
                words += [part] * (is_link or what in (LETTER, EMOJI))
                continue
            meant, evidence = (part, "") if i == 0 and is_thousand(part, before) else meaning(part)
            if evidence in repair:
                meant = pressed(meant)[0]
            elif evidence:
                seen[evidence, meant] += 1
            out.append(meant)
            words += meant.split(" ")
    return " ".join("".join(out).split()), words, seen


def pieces(text: str) -> Iterator[tuple[str, str, bool]]:
    """Runs of letters and digits, links, and single characters between; what stands before each; is it a link."""
    at = 0
    while at < len(text):
        run = RUN.match(text, at)
        if not run:
            yield text[at], text[:at], False
            at += 1
            continue
        start, end = link(text, at, run.end())
        if start > at:
            yield text[at:start], text[:at], False
        if end > start:
            yield text[start:end], text[:start], True
        at = end


def link(text: str, at: int, end: int) -> tuple[int, int]:
    """Where in the run a link begins, and where that ends beyond the run; the end of the run twice if there is none."""
    start = end
    while start > at and text[start - 1].isascii():
        start -= 1
    head = LINK.match(text, start)
    if (
        start == end
        or not head
        or head.end() <= end
        or not _goes_on(head[0][-1])
        or (start > at and kind(text[start - 1]) != OTHER)
    ):
        return end, end
    stop = end
    while stop < len(text) and ("!" <= text[stop] <= "~" or kind(text[stop]) in LETTERS):
        if text[stop] in '"<>`':
            break
        stop += 1
    while stop > end + 1 and text[stop - 1] in ".,;:!?*'()[]{}":
        stop -= 1
    return start, stop


def _goes_on(last: str) -> bool:
    """Does what a link begins with end in a letter, a digit, or the slashes of a scheme?"""
    return last == "/" or kind(last) in LETTERS


def parts(run: str) -> list[str]:
    """A run cut where the script changes; every Han letter, emoji and mark of punctuation apart."""
    cut: list[str] = []
    last = ""
    for char in run:
        what = kind(char)
        now = "LATIN" if what in (LATIN, DIGIT) else script(char) if what == LETTER else ""
        if what == MARK or (now and now == last and now not in ("CJK", "IDEOGRAPHIC")):
            cut[-1] += char
        else:
            cut.append(char)
            last = now
    return cut


def is_thousand(part: str, before: str) -> bool:
    """Is it the k of ``100 k``?"""
    return part == "k" and bool(re.search(r"(?<![a-z0-9\x80-\U0010ffff])[0-9]+[\s_]+$", before))


def meaning(raw: str) -> tuple[str, str]:
    """What one run of Latin letters and digits means, and the evidence of keystrokes that it gives."""
    now = squeezed(raw)
    if len(now) > 12 or not all(is_ours(c) for c in now):
        return now, ""
    now = settled(now)
    known = now in SYLLABLES or bare(now) in PLAIN
    if not known and now in TEEN:
        return TEEN[now], ""
    if not known and single(now) != now:
        return single(now), ""
    if now in ENGLISH or (known and not now.endswith("oong")):
        return now, ""
    return now, pressed(now)[1]


def split_tone(text: str) -> tuple[str, list[int]]:
    """A word without its tones, and them."""
    marks = unicodedata.normalize("NFD", text)
    tones = [TONES.index(m) for m in marks if m in TONES[1:]]
    return unicodedata.normalize("NFC", "".join(m for m in marks if m not in TONES[1:])), tones


@cache
def is_ours(char: str) -> bool:
    """Is it a digit or a Vietnamese letter, with a to z?"""
    base, tones = split_tone(char)
    return (
        base != ""
        and base in "0123456789abcdefghijklmnopqrstuvwxyzđăâêôơư"
        and (not tones or bare(base) in VOWELS)
    )


def plain(char: str) -> str:
    return bare(char) if is_ours(char) else char


def once(run: Iterator[str], base: str) -> str:
    """The first of letters alike that has an accent."""
    return next((c for c in run if c != base), base)


def squeezed(raw: str) -> str:
    if re.search("[0-9]", raw):
        return raw
    most = 1 if set(map(plain, raw)) & set(VOWELS) and not set(raw) <= set("ivx") else 3
    runs = [(base, "".join(run)) for base, run in groupby(raw, plain)]
    return "".join(same if len(same) < 3 else once(iter(same), base) * most for base, same in runs)


def single(text: str) -> str:
    """A word that is a syllable once its doubled letters are single, so; any other as it is."""
    made = "".join(once(run, base) for base, run in groupby(text, plain))
    if not text.isascii():
        return settled(made) if settled(made) in SYLLABLES else text
    doubled = len(made) == len(text) - 1 >= 3 and text[-1] == text[-2] and text[-1] in "aiuy"
    return made if doubled and made in PLAIN else text


def settled(text: str) -> str:
    base, tones = split_tone(text)
    if len(tones) != 1 or len(text) > 8 or re.search("[0-9]", text) or tone_place(base) < 0:
        return text
    moved = toned(base, tones[0])
    return moved if moved in SYLLABLES else text


def pressed(typed: str) -> tuple[str, str]:
    """The syllable whose keys were typed, and the evidence that it is; a pair of nothing if none."""
    if not typed.isascii():
        return "", ""
    vni = bool(re.search("[0-9]", typed))
    made, tone = keyed(typed, vni)
    if not made or len(made) > 8 or tone_place(made) < 0 or toned(made, tone) not in SYLLABLES:
        return "", ""
    whole = toned(made, tone)
    if vni:
        inside = re.search("[0-9][a-z]", typed)
        digits = len(re.findall("[0-9]", typed))
        strong = inside and (
            len(typed) - digits >= 3 or digits >= 2 or (len(typed) >= 3 and typed.startswith("d9"))
        )
        return whole, "vni strong" if strong else "vni weak"
    if is_strong(typed, made, tone):
        return whole, "telex strong"
    return whole, "telex likely" if made == bare(made) and re.search("..[fj].?$", typed) and not re.search(
        "[fj][aeiouy]$", typed
    ) else "telex weak"


def keyed(typed: str, vni: bool) -> tuple[str, int]:
    """The letters that the keys make, and the tone; nothing if they do not belong together."""
    horn, roof, bowl = {"o": "ơ", "u": "ư"}, {"a": "â", "e": "ê", "o": "ô"}, {"a": "ă"}
    marks = {"6": roof, "7": horn, "8": bowl} if vni else {"w": horn | bowl}
    tones = dict(zip("12345" if vni else "sfrxj", range(1, 6), strict=True))
    made, tone, short = "", 0, False
    for i, key in enumerate(typed):
        last = made[-1:]
        if (vni and key == "9") or (not vni and key == "d" == last and typed[i - 1] == "d"):
            if made != "d":
                return "", 0
            made = "đ"
        elif key in marks and last:
            if last not in marks[key]:
                return "", 0
            short |= made.endswith("uo")
            made = made[:-1] + marks[key][last]
        elif not vni and key in roof and key == last == typed[i - 1]:
            made = made[:-1] + roof[key]
        elif key in tones and set(bare(made)) & set(VOWELS):
            if tone:
                return "", 0
            tone = tones[key]
        elif key.isdigit() or key == "w":
            return "", 0
        else:
            made += key
    if short and not made.endswith("uơ"):
        made = made.replace("uơ", "ươ")
    return (made, tone) if tone or made != typed else ("", 0)


def is_strong(typed: str, made: str, tone: int) -> bool:
    """Is no English word typed so?"""
    if len(typed) < 3:
        return False
    if made.startswith("đ") or "ư" in made:
        return True
    vowels = sum(c in VOWELS for c in bare(made.replace("qu", "q")))
    ends = made[-2:] if len(made) > 2 else ""
    if len(typed) < 4:
        return False
    if made == bare(made):
        return tone == 5 or (ends in ("ng", "nh") and tone >= 2) or (ends == "nh" and tone == 1)
    return vowels >= 2 or ends in ("ng", "nh", "ch") or tone >= 4 or "â" in made


def to_repair(words: list[str], seen: Counter[tuple[str, str]]) -> frozenset[str]:
    """Which keystrokes of a text are to be read as such."""
    of: dict[str, list[str]] = {}
    for (evidence, word), count in seen.items():
        of.setdefault(evidence, []).extend([word] * count)
    weak, likely, strong, vni = (
        of.get(f"{k}", []) for k in ("telex weak", "telex likely", "telex strong", "vni strong")
    )
    repair = {evidence for evidence in of if evidence.endswith("strong")}
    if len(vni) >= 2:
        repair.add("vni weak")
    sure = len(vni) + (len(of.get("vni weak", [])) if len(vni) >= 2 else 0)
    named = [(w, bare(w)) for w in words if not (w.isascii() and w.isdigit())]
    accents = sure > 0 or any(w != p for w, p in named)
    keys = len(weak) + len(likely) + len(strong)
    strange = sum(p not in PLAIN for _, p in named) - keys - sure
    two = bool(likely) and len({*weak, *likely}) >= 2 and (accents or 2 * strange <= keys)
    if (
        keys > len(strong)
        and 2 * strange <= len(words)
        and (len(strong) >= 2 or two or (strong and not accents))
    ):
        repair |= {"telex weak", "telex likely"}
    return frozenset(repair)
