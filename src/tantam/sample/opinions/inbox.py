"""A file of opinions in the order in which they came, and on request the truth about each."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tantam import engines
from tantam.base.home import Home
from tantam.base.store import open_base
from tantam.base.writing import whole
from tantam.errors import BadInput
from tantam.sample.opinions import grammar, speakers
from tantam.sample.opinions.drafts import Draft, Drafter, Writer, channels
from tantam.sample.opinions.many import Campaigns
from tantam.sample.opinions.speakers import BIT, Speakers

Ints = NDArray[np.int64]

SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("key", pa.int64()),
        ("when", pa.date32()),
        ("where", pa.string()),
        ("channel", pa.string()),
        ("text", pa.string()),
    ]
)
TRUTH = pa.schema(
    [
        ("id", pa.string()),
        ("matter", pa.string()),
        ("topic", pa.string()),
        ("feeling", pa.string()),
        ("complaint", pa.bool_()),
        ("urgency", pa.string()),
        ("register", pa.string()),
        ("rising", pa.bool_()),
        ("campaign", pa.int32()),
        ("planted", pa.string()),
    ]
)
"""``rising``: the matter that rises, in its provinces, in the last week; ``campaign``: which text it copies, or null;
``planted``: numbers and names put into it, joined by ``|``."""

DAYS = 91
ROWS = 65_536
MOST = 10**9

_ANONYMOUS, _NOWHERE, _EMPTY = 180, 25, 1
"""Of a thousand: opinions without a key, without a place, without a word."""
_WEEK = (10, 10, 10, 10, 10, 8, 7)
"""How much is said on each of seven days, counted back from the base's day."""
_HOT_DAYS, _HOT_PROVINCES = 7, 5


@dataclass(frozen=True)
class Written:
    """What was written: opinions, the matter that rises, and in which provinces (codes of today)."""

    rows: int
    rising: str
    provinces: tuple[str, ...]


def write(
    home: Home,
    n: int,
    seed: int,
    out: Path,
    truth: Path | None = None,
    *,
    progress: Callable[[str, float], None] = lambda stage, share: None,
) -> Written:
    """Write ``n`` opinions of the base's subscribers into ``out``, and the truth about them into ``truth``: CSV or
    Parquet by the suffix.

    They come in day by day over the 13 weeks up to the base's day; the same seed gives the same opinions. Refuses
    ``bad_count``, ``bad_suffix``, ``no_base``. About 7 s a million, 500 MB whatever the size.
    """
    if not 1 <= n <= MOST:
        raise BadInput("bad_count", f"{n} opinions cannot be made.", f"Ask for 1 to {MOST}: -n 60_000, say.")
    for file in filter(None, (out, truth)):
        if file.suffix not in (".csv", ".parquet"):
            raise BadInput(
                "bad_suffix", f"{file.name} is neither CSV nor Parquet.", "Name it opinions.parquet, say."
            )
        file.parent.mkdir(parents=True, exist_ok=True)
    base = open_base(home, engines.start())
    inbox = _Inbox(speakers.read(base, seed), base.on, n, seed)
    with ExitStack() as stack:
        put = stack.enter_context(_Sink(stack, out, SCHEMA))
        tell = stack.enter_context(_Sink(stack, truth, TRUTH)) if truth else None
        for number, first in enumerate(range(0, n, ROWS)):
            said, known = inbox.batch(number, first, min(ROWS, n - first))
            put.write_table(said)
            if tell:
                tell.write_table(known)
            progress("say", min(1.0, (first + ROWS) / n))
    codes = inbox.lands.codes
    return Written(n, inbox.rising.name, tuple(codes[i] for i in inbox.hot))


class _Inbox:
    """Makes batches of opinions, each from its number alone."""

    def __init__(self, people: Speakers, on: int, n: int, seed: int) -> None:
        self.people, self.on, self.seed = people, on, seed
        self.grammar = grammar.read(seed, range(on - DAYS + 1, on + 1))
        self.lands = speakers.lands()
        self._rise()
        self.drafter = Drafter(self.grammar, self.grammar.matters.index(self.rising))
        self.writer = Writer(self.grammar)
        self.campaigns = Campaigns(self.drafter, people, on - DAYS + 1, seed)
        self.until = _days(n)
        written = [speakers.spellings(code) for code in self.lands.codes]
        self.names = pa.array([name for names in written for name in names])
        self.many = np.array([len(names) for names in written])

    def _rise(self) -> None:
        """What rises, and where: a matter of a storm where storms come."""
        rng = np.random.default_rng([self.seed, 3])
        rising = [m for m in self.grammar.matters if m.rises]
        self.rising = rising[int(rng.integers(len(rising)))]
        here = np.bincount(self.people.province, minlength=len(self.lands.codes)).astype(float)
        if self.rising.topic == "network":
            here = here * (self.lands.bits & BIT["storm"] > 0)
        here = here if here.any() else np.ones_like(here)
        here *= here >= here[here > 0].mean()  # where many live, so that it is seen
        some = min(_HOT_PROVINCES, int((here > 0).sum()))
        self.hot = np.sort(rng.choice(here.size, some, replace=False, p=here / here.sum()))

    def batch(self, number: int, first: int, n: int) -> tuple[pa.Table, pa.Table]:
        """Opinions ``first`` … of the file and the truth about them."""
        rng = np.random.default_rng([self.seed, 100 + number])
        nth = np.searchsorted(self.until, np.arange(first, first + n), side="right")
        day = self.on - DAYS + 1 + nth
        who = self.people.draw(rng, n)
        province = self.people.province[who].astype(np.int64)
        hot = np.isin(province, self.hot) & (nth >= DAYS - _HOT_DAYS)
        profile = self.people.profile(who, day, self.on) | np.where(hot, BIT["hot"], 0)
        draft = self.drafter.draw(rng, profile, province, self.people.age[who].astype(np.int64), nth)
        campaign = self.campaigns.copy(rng, draft)
        draft.frames[rng.integers(0, 1000, n) < _EMPTY] = -1
        text, planted = self.writer.write(draft)
        ids = _ids(first, n)
        said = {
            "id": ids,
            "key": pa.array(self.people.key[who], mask=rng.integers(0, 1000, n) < _ANONYMOUS),
            "when": pa.array(day.astype(np.int32)).cast(pa.date32()),
            "where": self._where(rng, province),
            "channel": channels(rng, draft.register),
            "text": text,
        }
        return pa.table(said, schema=SCHEMA), self._truth(ids, draft, hot, campaign, planted)

    def _where(self, rng: np.random.Generator, province: Ints) -> pa.Array:
        first = np.cumsum(self.many) - self.many
        chosen = first[province] + (rng.random(province.size) * self.many[province]).astype(np.int64)
        return self.names.take(pa.array(chosen, mask=rng.integers(0, 1000, province.size) < _NOWHERE))

    def _truth(
        self, ids: pa.Array, draft: Draft, hot: NDArray[np.bool_], campaign: Ints, planted: pa.Array
    ) -> pa.Table:
        matters = self.grammar.matters
        at = pa.array(draft.matter)
        named = {
            name: pa.array([getattr(m, name) for m in matters]).take(at)
            for name in ("topic", "feeling", "complaint", "urgency")
        }
        risen = draft.matter == matters.index(self.rising)
        return pa.table(
            {
                "id": ids,
                "matter": pa.array([m.name for m in matters]).take(at),
                **named,
                "register": pa.array(grammar.REGISTERS).take(pa.array(draft.register)),
                "rising": pa.array(risen & hot),
                "campaign": pa.array(campaign.astype(np.int32), mask=campaign < 0),
                "planted": planted,
            },
            schema=TRUTH,
        )


def _ids(first: int, n: int) -> pa.Array:
    numbers = pc.utf8_lpad(pa.array(np.arange(first + 1, first + n + 1)).cast(pa.string()), 9, "0")
    return pc.binary_join_element_wise("yk-", numbers, "")


def _days(n: int) -> Ints:
    """How many opinions have come in by the end of each day, the first day first: int64 [DAYS]; the last is ``n``."""
    weight = np.array([_WEEK[back % 7] for back in range(DAYS - 1, -1, -1)]).cumsum()
    return n * weight // weight[-1]


class _Sink(ExitStack):
    """A file being written, there whole or not at all."""

    def __init__(self, stack: ExitStack, file: Path, schema: pa.Schema) -> None:
        super().__init__()
        half = stack.enter_context(whole(file))
        self._to: Any = self.enter_context(
            pq.ParquetWriter(half, schema, compression="zstd", compression_level=1)
            if file.suffix == ".parquet"
            else pacsv.CSVWriter(half, schema)
        )

    def write_table(self, table: pa.Table) -> None:
        self._to.write_table(table)
