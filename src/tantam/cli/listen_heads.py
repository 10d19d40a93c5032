"""``tantam listen train``, ``eval`` and ``suggest``: teach a question of your own, and see how well it is learned."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tantam.cli.door import json_option

if TYPE_CHECKING:
    from tantam.listen.heads import Model
    from tantam.listen.heads.measure import Measured

SHIPPED = "shipped"
"""The word for the model that comes with Tận Tâm, where a model's file is asked for."""

file_argument = click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="LABELS.csv")


@click.command()
@file_argument
@click.option("--head", required=True, metavar="NAME", help="What the labels answer: any word.")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="MODEL",
    help="Where the model goes.",
)
@click.option(
    "--with",
    "other",
    metavar="MODEL",
    help=f"Add the head to this model, in the place of one of its name; `{SHIPPED}` is the one that knows telecom.",
)
@click.option(
    "--bits",
    type=click.IntRange(10, 20),
    help="The table has 2^BITS rows; by default 18, or as --with has.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same model.")
@json_option
def train(
    file: Path, head: str, out: Path, other: str | None, bits: int | None, seed: int, as_json: bool
) -> None:
    """Learn to answer a question from labelled texts: what about, how does it feel, who should answer it …

    LABELS.csv has the columns text and label. Labels are any words; where several hold, join them with |, as in
    sim|charging. A few hundred rows begin to be good; each text is also learned as it would look without accents and
    in shorthand. What is printed was measured on texts held out of the training: every fifth, in turn.

    \b
    tantam listen train labels.csv --head branch --out branch.npz
    tantam listen train labels.csv --head branch --with shipped --out ours.npz
    tantam listen run sms.csv --text noi_dung --model ours.npz --out sms
    """
    from tantam.cli.progress import bar
    from tantam.listen.heads import join, training
    from tantam.listen.heads.labels import read
    from tantam.listen.heads.measure import f1_by_label

    before = _model(other) if other else None
    rows = before.bits if before and bits is None else bits or training.BITS
    texts, labels = read(file)
    stages = {"read": "Đọc · reading", "hold": "Đo · measuring", "fit": "Học · learning"}
    with bar(stages) as progress:
        learned = training.learn(texts, labels, head, seed=seed, bits=rows, progress=progress)
    (join([before, learned.model]) if before else learned.model).save(out)
    f1, held = f1_by_label(learned.truth, learned.on), learned.truth.sum(axis=0)
    names = learned.model.heads[0].labels
    facts = {
        "head": head,
        "n": len(texts),
        "labels": names,
        "held_out_weighted_f1": float((f1 * held).sum() / held.sum()),
        "held_out_macro_f1": float(f1.mean()),
        "model": str(out),
    }
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    click.echo(_table(names, f1.tolist(), held.tolist()))
    click.echo(
        f"{len(texts)} texts; held out of the training: weighted F1 {facts['held_out_weighted_f1']:.3f}, "
        f"macro F1 {facts['held_out_macro_f1']:.3f}.\nWrote {out}. To make it better: tantam listen suggest FILE "
        f"--model {out} --head {head}"
    )


@click.command("eval")
@click.argument("model", metavar="MODEL")
@file_argument
@click.option("--head", metavar="NAME", help="Which head, where the labels do not say.")
@json_option
def eval(model: str, file: Path, head: str | None, as_json: bool) -> None:
    """How good a MODEL's head is on labelled texts that it was not trained on.

    F1 is 1 where every text is right and 0 where none is; weighted: frequent labels count more; macro: all the same.
    It is taken over the likeliest label, also where the head is unsure; where several labels hold, over all of them.
    MODEL is a file, or `shipped`.

    \b
    tantam listen eval branch.npz more-labels.csv
    tantam listen eval shipped labels.csv --head feeling --json
    """
    from tantam.listen.heads.labels import read
    from tantam.listen.heads.measure import measure

    found = measure(_model(model), *read(file), head)
    click.echo(json.dumps(asdict(found), ensure_ascii=False) if as_json else _said(found))


def _said(found: Measured) -> str:
    lines = [_table(found.labels, list(found.f1.values()), list(found.texts.values()))]
    lines.append(
        f"{found.head}, {found.n} texts: weighted F1 {found.weighted_f1:.3f}, macro F1 {found.macro_f1:.3f}; "
        f"the likeliest label is right for {100 * found.right:.1f} %."
    )
    if found.right_if_sure is not None and found.right_if_unsure is not None:
        lines.append(
            f"Sure of {100 * found.sure:.1f} %, and right there for {100 * found.right_if_sure:.1f} %; "
            f"of the unsure {100 * found.right_if_unsure:.1f} % are right."
        )
    if found.unknown:
        lines.append(f"Labels the head has never seen, counted as wrong: {', '.join(found.unknown)}.")
    return "\n".join(lines)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option("--text", metavar="COL", help="The column that holds what was said. Plain text needs none.")
@click.option(
    "--model",
    metavar="MODEL",
    help=f"The model to improve, or `{SHIPPED}`. Without: spread over words alone.",
)
@click.option("--head", metavar="NAME", help="Which of its heads; needed where it has several.")
@click.option("--count", type=click.IntRange(1, 10_000), default=200, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="A CSV; by default stdout.")
def suggest(
    files: tuple[Path, ...],
    text: str | None,
    model: str | None,
    head: str | None,
    count: int,
    out: Path | None,
) -> None:
    """Which texts to label next: those the head is least sure of, spread over words, none nearly the same as another.

    FILEs are as for `listen run`, or a folder that it has written. What comes out is masked, and ready to be labelled:
    fill in the column label and train again, with the labels you had.

    \b
    tantam listen suggest sms.csv --text noi_dung --model shipped --head topic --out to-label.csv
    tantam listen suggest home/listened/sms --model branch.npz > to-label.csv
    """
    from tantam.cli.progress import bar
    from tantam.errors import BadInput
    from tantam.listen.heads.suggest import suggest as suggested
    from tantam.listen.mask import mask

    opened = _model(model) if model else None
    if opened and head is None and len(opened.heads) > 1:
        names = ", ".join(h.name for h in opened.heads)
        raise BadInput("which_head", f"The model has several heads: {names}.", "Name one: --head NAME.")
    with bar({"read": "Đọc · reading"}) as progress:
        progress("read", 0)
        found = suggested(_texts(files, text), opened, head, count=count)
    rows = [(mask(s.text), "", s.likeliest or "", "" if s.p is None else f"{s.p:.3f}") for s in found]
    if out is None:
        _write(sys.stdout, rows)
        return
    with out.open("w", encoding="utf-8-sig", newline="") as opened_out:
        _write(opened_out, rows)
    click.echo(f"{len(rows)} texts to label: {out}")


def _write(where: object, rows: Sequence[tuple[str, ...]]) -> None:
    writer = csv.writer(where, lineterminator="\n")  # type: ignore[arg-type]
    writer.writerow(("text", "label", "likeliest", "p"))
    writer.writerows(rows)


def _texts(files: tuple[Path, ...], column: str | None) -> Iterator[list[str]]:
    """The texts of files, or of the readings in a folder that was listened to, batch by batch."""
    import tempfile

    from tantam.base.sources import resolve
    from tantam.listen.run import sources

    listened = [folder / "readings" if (folder / "readings").is_dir() else folder for folder in files]
    named = column or ("text" if any(path.is_dir() for path in listened) else None)
    asked = sources.Asked(text=named)
    found = resolve(listened)
    sources.check(found, asked)
    with tempfile.TemporaryDirectory() as scratch:
        for given in sources.read(found, asked, Path(scratch)):
            for batch in given.rows.to_batches(max_chunksize=65_536):
                yield [_str(value) for value in batch.column("text").to_pylist() if value is not None]


def _str(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _model(named: str) -> Model:
    from tantam.listen import heads

    return heads.shipped() if named == SHIPPED else heads.Model.load(Path(named))


def _table(names: Sequence[str], f1: Sequence[float], held: Sequence[int]) -> str:
    wide = max(len(name) for name in (*names, "label"))
    lines = [f"{'label':{wide}}  texts     F1"]
    lines += [f"{name:{wide}} {n:6} {value:6.3f}" for name, value, n in zip(names, f1, held, strict=True)]
    return "\n".join(lines)
