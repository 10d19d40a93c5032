"""``tantam listen repeats``: long texts folded, each passage once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from tantam.cli.door import json_option


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@json_option
def repeats(files: tuple[Path, ...], as_json: bool) -> None:
    """Fold long texts (articles, minutes, letters) that repeat themselves and each other.

    Each passage once, numbers and names masked; those said again, nearly so, or whole inside another are counted and
    the files named. What belongs to a page and not to its text (adverts, comment boxes) is left out and counted.

    \b
    tantam listen repeats article-1.txt article-2.txt
    """
    from tantam.base.sources import resolve
    from tantam.listen.alike import contained
    from tantam.listen.mask import mask

    found_files = resolve(files)
    texts = [_text(file) for file in found_files]
    found = contained(texts)
    said: list[dict[str, Any]] = []
    for first, again in sorted(found.said().items()):
        passage = found.passages[first]
        names = dict.fromkeys(found_files[found.passages[i].text].name for i in again)
        text = mask(" ".join(texts[passage.text][passage.start : passage.end].split()))
        said.append({"text": text, "times": len(again), "files": list(names)})
    chrome = sum(passage.chrome for passage in found.passages)
    figures = {"passages": len(found.passages), "shown": len(said), "page_furniture": chrome}
    if as_json:
        click.echo(json.dumps({**figures, "said": said}, ensure_ascii=False))
        return
    for row in said:
        times = f"{row['times']} lần · times, {', '.join(row['files'])}" if row["times"] > 1 else ""
        click.echo(f"{row['text']}\n    {times}" if times else row["text"])
    click.echo(
        f"\n{len(found.passages)} đoạn · passages, {len(said)} còn lại khi gộp · left when folded, "
        f"{chrome} của trang · of the page."
    )


def _text(file: Path) -> str:
    """A text file in any encoding the base reads."""
    import tempfile

    from tantam.base.encodings import at_sight

    with tempfile.TemporaryDirectory() as folder:
        return at_sight(file, Path(folder) / "clean.txt").path.read_text(encoding="utf-8-sig")
