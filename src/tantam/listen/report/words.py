"""The sentences of the page in both languages, built from the figures shown under them; words for codes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tantam import clock
from tantam.listen.columns import WORDS
from tantam.listen.mask import mask
from tantam.listen.report.counts import Counts, Group
from tantam.listen.themes.counting import WEEK
from tantam.look.words import ALONE, Words

QUOTE = 280
"""Letters of a quote that a page shows; a longer text ends in an ellipsis."""

HEADS = {
    "topic": ("Nói về việc gì", "What it is about"),
    "feeling": ("Vui hay không vui", "How it feels"),
    "complaint": ("Có phải phàn nàn không", "Whether it is a complaint"),
    "urgency": ("Gấp hay không", "How urgent it is"),
}
"""Each head as the question it answers."""

CHANNELS = {
    "sms": ("tin nhắn", "SMS"),
    "call": ("cuộc gọi", "calls"),
    "app": ("ứng dụng", "app"),
    "web": ("trang web", "web"),
    "café": ("cà phê", "cafés"),
    "letter": ("thư", "letters"),
}
"""Channels that have a word in both languages; any other one is said as it was given."""

REASONS = {
    "same_id": ("bỏ: trùng mã với một dòng trước", "left out: same id as an earlier row"),
    "forgotten": ("bỏ: người nói đã xin được quên", "left out: its speaker asked to be forgotten"),
    "line_broken": ("bỏ: dòng thừa hay thiếu ô", "left out: more or fewer fields than the header"),
    "id_is_a_number": (
        "giữ, bỏ mã: mã là số di động của ai đó",
        "kept without its id: it was a mobile number",
    ),
    "key_unreadable": (
        "giữ, không rõ người: mã thuê bao không đọc được",
        "kept without a speaker: unreadable key",
    ),
    "when_unreadable": ("giữ, không có ngày: ngày không đọc được", "kept without a day: unreadable day"),
}
"""Each code of ``rejects.parquet`` as people read it, rows left out before those that lost a value."""

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+")
"""Controls and letters without a shape, those that turn the direction of the text among them."""


def said(text: object, most: int = QUOTE) -> str:
    """A text of somebody else's as a page may show it: one line, no hidden letters, no longer than ``most``."""
    plain = str(text).encode("utf-8", "replace").decode()
    plain = " ".join(_UNSEEN.sub(" ", plain).split())
    if len(plain) <= most:
        return plain
    cut = plain[: most - 1]
    at = cut.rfind(" ", most // 2)
    return (cut[:at] if at > 0 else cut).rstrip(" ,.;:") + " …"


def word(value: str, w: Words) -> str:
    """A topic, a feeling or an urgency as people read it; a label of somebody's own as it is."""
    return w.t(*WORDS[value]) if value in WORDS else said(value, 60)


def channel(name: str, w: Words) -> str:
    """How an opinion came in, as people say it."""
    return w.t(*CHANNELS[name]) if name in CHANNELS else said(name, 40)


def capital(text: str) -> str:
    """A sentence begins with a capital letter."""
    return text[:1].upper() + text[1:]


def share_of(part: int, whole: int, w: Words) -> str:
    """A share of readings; below 30 "7 trong 11", and fewer than five of them are not counted out."""
    if whole < ALONE:
        return "–"
    if part and part < ALONE and whole < 30:
        return w.t(f"dưới {ALONE} trong {w.n(whole)}", f"under {ALONE} in {w.n(whole)}").replace(
            " ", "\u00a0"
        )
    return w.of(part, whole)


def people(count: int, w: Words) -> str:
    """A count with its noun: 1.204 người."""
    return f"{w.people(count)}\u00a0{w.t('người', 'people')}"


def answer(c: Counts, heaviest: str, rising: Sequence[str], judged: bool, w: Words) -> list[str]:
    """The page's answer, a line a sentence: how many opinions of how many people, and complaints; then the heaviest
    theme and what rises this week.

    ``rising`` names the themes that rise, ``judged`` says that there was enough to tell.
    """
    if not c.rows:
        return [w.t("Chưa có ý kiến nào.", "No opinions yet.")]
    complaints = c.count(complaint=True)
    of_whom = w.t(f" của {w.n(c.people)} người", f" of {people(c.people, w)}") if c.keyed else ""
    text = w.t(f"{w.n(c.rows)} ý kiến{of_whom}, ", f"{w.n(c.rows)} opinion{'s' * (c.rows != 1)}{of_whom}, ")
    share = share_of(complaints, c.rows, w)
    if not complaints:
        text += w.t("không lời phàn nàn nào.", "no complaint among them.")
    elif share == "–":
        text += w.t("có lời phàn nàn.", "complaints among them.")
    else:
        text += w.t(f"{share} là phàn nàn.", f"{share} are complaints.")
    return [text, _heaviest(heaviest, rising, judged, w)] if heaviest else [text]


def _heaviest(heaviest: str, rising: Sequence[str], judged: bool, w: Words) -> str:
    """Several that rise are counted here and named under the answer."""
    if list(rising) == [heaviest]:
        return w.t(
            f"Nặng nhất, và đang tăng: “{heaviest}”.", f"The heaviest theme, and rising: “{heaviest}”."
        )
    if len(rising) > 1:
        more = w.t(f"tuần này {len(rising)} chủ đề tăng", f"{len(rising)} themes rise this week")
    elif rising:
        more = w.t(f"đang tăng: “{rising[0]}”", f"rising: “{rising[0]}”")
    else:
        more = w.t("tuần này không gì tăng rõ", "nothing clearly rises this week") if judged else ""
    more = f"; {more}" if more else ""
    return w.t(f"Nặng nhất: “{heaviest}”{more}.", f"The heaviest: “{heaviest}”{more}.")


def note(c: Counts, rising: Sequence[str], w: Words) -> str:
    """Under the answer: which themes rise where several do, how they came in, which week is meant, what is missing."""
    if not c.rows:
        return w.t(
            "Tệp không có dòng nào đọc được thành ý kiến. Xem lại tên cột ở --text rồi nghe lại.",
            "No row of the files could be read as an opinion. Look at the column named in --text and listen again.",
        )
    named = w.listed([f"“{name}”" for name in rising])
    told = [w.t(f"Đang tăng: {named}.", f"Rising: {named}.") if len(rising) > 1 else "", _channels(c, w)]
    if c.last is not None:
        first, last = (w.day(clock.to_date(d)) for d in (c.last - WEEK + 1, c.last))
        told.append(
            w.t(
                f"“Tuần này” là bảy ngày {first} – {last}.",
                f"“This week” is the seven days {first} – {last}.",
            )
        )
        if c.dated < c.rows:
            told.append(
                w.t(f"{w.n(c.rows - c.dated)} ý kiến không có ngày.", f"{w.n(c.rows - c.dated)} have no day.")
            )
    else:
        told.append(
            w.t(
                "Ý kiến không có ngày, nên không vẽ được đường theo tuần và không nói được điều gì đang tăng; "
                "thêm --when CỘT khi nghe.",
                "The opinions have no day, so no line by week can be drawn and nothing said of what rises; "
                "add --when COL when listening.",
            )
        )
    if not c.keyed:
        told.append(
            w.t(
                "Không có mã thuê bao, nên mỗi ý kiến tính là một người.",
                "There are no subscriber keys, so each opinion counts as one person.",
            )
        )
    elif c.keyed < c.rows:
        told.append(
            w.t(
                f"{w.n(c.rows - c.keyed)} ý kiến không rõ ai nói, mỗi ý kiến tính là một người.",
                f"{w.n(c.rows - c.keyed)} have no known speaker; each counts as one person.",
            )
        )
    return " ".join(filter(None, told))


def _channels(c: Counts, w: Words) -> str:
    named = [(channel(name, w), n) for name, n in c.channels if name is not None and n >= ALONE]
    if not named:
        return ""
    text = w.listed([f"{name} {w.n(n)}" for name, n in named[:6]])
    return w.t(f"Đến từ {text}.", f"Came by {text}.")


def period(c: Counts, w: Words) -> str:
    """From which day to which the readings were said; empty without days."""
    if c.first is None or c.last is None:
        return ""
    first, last = (w.day(clock.to_date(d)) for d in (c.first, c.last))
    return first if first == last else f"{first} – {last}"


def sent(g: Group, w: Words) -> str:
    """Under a text that came again and again: how, and from which day to which."""
    ways = [f"{channel(name, w)} {w.n(n)}" for name, n in g.channels if n >= ALONE][:4]
    told = [w.t(f"{w.n(g.count)} lần", f"{w.n(g.count)} times"), w.listed(ways)]
    if g.first is not None and g.last is not None:
        first, last = (w.day(clock.to_date(d)) for d in (g.first, g.last))
        told.append(first if first == last else f"{first} – {last}")
    if g.earlier:
        told.append(w.t("đã có người nói ở lần nghe trước", "said in earlier listenings too"))
    return " · ".join(filter(None, told))


def left_out(told: Mapping[str, int], w: Words) -> list[tuple[str, int]]:
    """Each code in words with its rows, in the order of :data:`REASONS`."""
    order = [*REASONS, *sorted(told)]
    rows = sorted(told.items(), key=lambda pair: order.index(pair[0]))
    return [(capital(w.t(*REASONS.get(code, (code, code)))), n) for code, n in rows if n]


def command(plan: Mapping[str, Any]) -> list[str]:
    """What to type to listen again, in parts that stay on a line: the files by their names, the columns as given."""
    files = [_typed(str(row[0]).rsplit("/", 1)[-1]) for row in plan.get("files") or ()]
    columns = plan.get("columns") or {}
    options = [
        f"--{name} {_typed(str(columns[name]))}"
        for name in ("text", "id", "key", "when", "where", "channel")
        if columns.get(name)
    ]
    shown = files if len(files) <= 3 else [*files[:2], "…"]
    return ["tantam listen run", *(shown or ["FILE…"]), *options, "--out DIR"]


def _typed(name: str) -> str:
    """A name as a shell takes it, without anybody's number in it."""
    shown = said(mask(name), 80)
    return shown if re.fullmatch(r"[\w./+-]+", shown) else "'" + shown.replace("'", "'\\''") + "'"
