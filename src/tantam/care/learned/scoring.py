"""Scoring a whole base: in the base's order, a stretch after another, whole or not at all.

Parts are made aside, in ``worth/.scores.work``, by whichever engine, so that a run that was stopped goes on with what
is there; in the end those that have changed take the place of the old ones in one change of the home.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tantam import engines
from tantam.base import room
from tantam.base.home import Home
from tantam.base.stage import change
from tantam.base.store import Base, forgotten, open_base
from tantam.base.writing import ROW_GROUP, write_json
from tantam.care import offers as offer_files
from tantam.care.learned import parts
from tantam.care.learned.model import Learned, Model
from tantam.care.learned.parts import Done, Work
from tantam.care.learned.scores import VERSION, Scores, folder, part_name
from tantam.care.stretches import cut
from tantam.errors import Fault, Refused
from tantam.segments import compile as compiled
from tantam.segments import rule
from tantam.segments.tree import All, Node

Progress = Callable[[str, float], None]

PART_ROWS = 4 * ROW_GROUP


def score(
    home: Home,
    model: Model,
    rules: offer_files.Offers | None = None,
    progress: Progress = lambda stage, share: None,
    *,
    engine: engines.Engine | None = None,
    part_rows: int = PART_ROWS,
) -> Done:
    """Score every eligible pair of the base; who is eligible is said by ``rules``, else as the model remembers.

    Where the scores that stand are of this very base, model and rules, nothing is done. ``engine`` makes the parts, by
    default the threads of this machine; each needs the memory of ``part_rows`` rows.

    Refuses ``nothing_learned`` (no offer had enough data, or none is in ``rules``), ``scoring_already`` (another run is
    at it), ``base_changed`` (it was loaded or somebody forgotten meanwhile), ``disk_short`` and ``no_base``.
    """
    offers, nodes = _offers(model, rules)
    if not offers:
        raise Refused(
            "nothing_learned",
            "No offer has a learned worth to score.",
            "Fit a model on rounds with more people held out, or name offers that it learned.",
        )
    base = open_base(home, engine or engines.start())
    of = model.digest
    digest = _digest(of, base.digest, base.on, [repr(node) for node in nodes])
    old = _standing(home)
    if old is not None and old.digest == digest:
        progress("score", 1.0)
        return Done(base.rows, int(old.facts["pairs"]))
    stretches = cut(home, part_rows)
    with _aside(home, _digest(digest, stretches)) as aside:
        work = Work(
            model=model,
            of=of,
            offers=offers,
            forests=tuple(f for o in offers if (f := o.forest(len(model.names))) is not None),
            nodes=nodes,
            thresholds=compiled.thresholds(base.frame, base.on, nodes),
            on=base.on,
            stretches=stretches,
            gone=tuple(forgotten(home)),
            old=old if old is not None and old.made_by(of, [o.name for o in offers]) else None,
            aside=aside,
        )
        wanted = [number for number in range(len(stretches)) if not work.told(number).exists()]
        rows = sum(stretches[number].rows for number in wanted)
        room.need(home.root, rows * (16 + 4 * len(offers)), f"Scoring {base.rows:,} subscribers")
        made = len(stretches) - len(wanted)
        for more, _ in enumerate(base.engine.map(partial(parts.make, work), wanted), 1):
            progress("score", (made + more) / len(stretches))
        return _publish(home, work, base, digest)


def _digest(*said: object) -> str:
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _offers(model: Model, rules: offer_files.Offers | None) -> tuple[tuple[Learned, ...], tuple[Node, ...]]:
    """The offers to be scored, and who is eligible for each: its group, consents, and no refusal."""
    named = None if rules is None else {o.name: o for o in rules.commercial}
    offers: list[Learned] = []
    nodes: list[Node] = []
    for learned in model.enough:
        asked = learned if named is None else named.get(learned.name)
        if asked is None:
            continue
        bars = "not refuses_profiling"
        if asked.contact:
            bars += f" and {asked.needs}_on is not null and not refuses_ads"
        offers.append(learned)
        nodes.append(All((rule.parse(asked.who), rule.parse(bars))))
    return tuple(offers), tuple(nodes)


def _standing(home: Home) -> Scores | None:
    """The scores that stand; None where there are none, or not all of them."""
    try:
        return Scores.open(home)
    except (Refused, Fault):
        return None


@contextmanager
def _aside(home: Home, digest: str) -> Iterator[Path]:
    """The folder in which scores of this digest are made; what another digest left is thrown away."""
    aside = folder(home).with_name(".scores.work")
    aside.mkdir(parents=True, exist_ok=True)
    lock = os.open(aside, os.O_RDONLY)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            what = f"Somebody is scoring the base of {home.root} just now."
            raise Refused("scoring_already", what, "Wait until that is done.") from None
        plan = aside / "plan.json"
        if not plan.exists() or json.loads(plan.read_text()) != digest:
            for file in aside.iterdir():
                file.unlink()
            write_json(plan, digest)
        yield aside
    finally:
        os.close(lock)


def _publish(home: Home, work: Work, base: Base, digest: str) -> Done:
    """Put the parts that were made in place of the old ones, in one change of the home."""
    digests, each = zip(*(work.made(number) for number in range(len(work.stretches))), strict=True)
    done = sum(each, Done())
    facts = {
        "version": VERSION,
        "digest": digest,
        "model": work.of,
        "offers": work.names,
        "base_digest": base.digest,
        "on": work.on,
        "parts": digests,
        **done.figures(),
    }
    with change(home) as stage:
        if open_base(home, base.engine).digest != base.digest:
            shutil.rmtree(work.aside)  # some parts may be of one base and some of the other
            raise Refused("base_changed", "The base was changed while it was scored.", "Score it again.")
        for part in sorted(work.aside.glob("part-*.parquet")):
            os.link(part, stage.put(folder(home) / part.name))
        stage.put(folder(home) / "scores.json").write_text(
            json.dumps(facts, ensure_ascii=False, indent=1) + "\n"
        )
        names = {part_name(number) for number in range(len(work.stretches))}
        for file in folder(home).glob("part-*.parquet"):
            if file.name not in names:
                stage.remove(file)
        stage.commit()
    shutil.rmtree(work.aside)
    return done
