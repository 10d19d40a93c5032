"""``tantam camp digest, rehearse``: facts are read and compared; a made-up day is played into files."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from tantam.cli.door import home_option, json_option
from tantam.errors import BadInput, Refused

if TYPE_CHECKING:
    from tantam.office.camps.container import Header, Opened

THROW_AWAY = "rehearsal.key"
"""What lies beside rehearsed kits: the camp's id and its key, both of nobody, in hexadecimal."""


@click.command()
@click.argument(
    "files", metavar="[FILE]…", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--merge", is_flag=True, help="Join the files as one camp; tell what a person has to decide.")
@click.option("--words-file", type=click.File(), help="A file with the opening words, - for stdin.")
@json_option
@home_option
def digest(files: tuple[Path, ...], merge: bool, words_file: Any, as_json: bool, home: Path) -> None:
    """Facts and digest of .camp files, each and together; without a FILE, of the camps that this home holds.

    Equal facts have an equal digest, in any order and any number of times. Only reads, needs no home, and prints
    nobody's name. The key is looked for beside the files (a rehearsal's), then in the home; else give --words-file.

    \b
    tantam camp digest --json --merge kit-1.camp kit-2.camp
    """
    if not files:
        if merge:
            raise BadInput("no_file", "There is nothing to merge.", "Name the .camp files after --merge.")
        _say(_of_home(home), as_json)
        return
    words = words_file.read() if words_file else ""
    opened = _read(files, _keys(files, home, words))
    from tantam.office.camps.facts import digest as digest_of
    from tantam.office.camps.facts import merge as union

    whole = union(*(one.facts for one in opened))
    said: dict[str, Any] = {
        "facts": len(whole),
        "digest": digest_of(whole),
        "files": [
            {
                "file": file.name,
                "camp": str(one.header.camp),
                "kit": one.header.kit,
                "facts": len(union(one.facts)),
                "digest": digest_of(one.facts),
            }
            for file, one in zip(files, opened, strict=True)
        ],
    }
    if merge:
        said |= _together(opened, whole)
    _say(said, as_json)


@click.command()
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--kits", type=click.IntRange(1, 20), default=1, show_default=True, help="How many laptops.")
@click.option("--people", type=click.IntRange(1, 5000), default=600, show_default=True, help="How many come.")
@click.option("--until", type=click.DateTime(["%H:%M"]), help="Stop in the middle of the day, at 10:30, say.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder.")
def rehearse(seed: int, kits: int, people: int, until: datetime | None, out: Path) -> None:
    """Play a made-up day into kit-1.camp … in a folder, with a throw-away key beside them that opens them.

    Nobody in it exists, and neither do the medicines. The same seed gives the same files.

    \b
    tantam camp rehearse --seed 7 --kits 2 --out rehearsal
    tantam camp digest --json --merge rehearsal/kit-1.camp rehearsal/kit-2.camp
    """
    from tantam.cli.progress import bar
    from tantam.office.camps import container, made_up
    from tantam.office.camps.facts import digest as digest_of

    with bar({"play": "Diễn một ngày · playing the day", "write": "Ghi tệp · writing"}) as progress:
        progress("play", 0)
        played = made_up.play(seed, kits, people=people, until=until.time() if until else None)
        files = {kit: out / f"kit-{kit}.camp" for kit in played.kits}
        _check_nobody_is_there(files.values(), played.camp)
        out.mkdir(parents=True, exist_ok=True)
        (out / THROW_AWAY).write_text(json.dumps({"camp": str(played.camp), "key": played.key.hex()}) + "\n")
        for number, (kit, file) in enumerate(files.items(), 1):
            facts = [*played.plan, *played.kits[kit]]
            chance = random.Random(f"{seed} {kit} {digest_of(facts)}")  # noqa: S311 the key is no secret either
            container.write(
                file, container.Header(played.camp, kit), played.key, facts, random=chance.randbytes
            )
            progress("write", number / len(files))
    for kit, file in files.items():
        click.echo(f"{file}: {len(played.plan) + len(played.kits[kit]):,} facts")


def _read(files: tuple[Path, ...], key_of: Callable[[Header], bytes]) -> list[Opened]:
    from tantam.cli.progress import bar
    from tantam.office.camps import container

    opened = []
    with bar({"read": "Đọc tệp · reading"}) as progress:
        for number, file in enumerate(files, 1):
            opened.append(container.read(file, key_of))
            progress("read", number / len(files))
    return opened


def _keys(files: tuple[Path, ...], home: Path, words: str) -> Callable[[Header], bytes]:
    """Where the key of a file is found; refuses ``camp_key_not_found``."""
    from tantam.office.camps import keys, locks

    beside: dict[UUID, bytes] = {}
    for folder in {file.parent for file in files}:
        if (folder / THROW_AWAY).is_file():
            beside.update([_throw_away(folder / THROW_AWAY)])

    def key_of(header: Header) -> bytes:
        if header.camp in beside:
            return beside[header.camp]
        if words:
            return locks.unwrap_under(words, header.under_words, about=header.about)
        if (home / "secret" / "camps" / f"{header.camp}.key").is_file():
            return keys.of_camp(home, header.camp)
        raise Refused(
            "camp_key_not_found",
            "The key of this camp lies neither beside the file nor in the home.",
            "Give --home of headquarters, or the opening words with --words-file.",
        )

    return key_of


def _throw_away(file: Path) -> tuple[UUID, bytes]:
    try:
        said = json.loads(file.read_text())
        return UUID(said["camp"]), bytes.fromhex(said["key"])
    except (ValueError, KeyError, TypeError):
        raise BadInput(
            "bad_rehearsal_key", f"{file} is no key of a rehearsal.", "Remove it, or rehearse again."
        ) from None


def _together(opened: list[Opened], whole: list[Any]) -> dict[str, Any]:
    """What the files come to as one camp; BadInput ``several_camps``."""
    from tantam.office.camps import differing, stock
    from tantam.office.camps.day import fold

    camps = {one.header.camp for one in opened} | {fact.camp for fact in whole}
    if len(camps) > 1:
        raise BadInput(
            "several_camps",
            f"These files are of {len(camps)} camps.",
            "Merge the kits of one camp; without --merge each file is told apart.",
        )
    day = fold(whole)
    return {
        "camp": str(camps.pop()),
        "kits": sorted({one.header.kit for one in opened}),
        "visits": len(day.came),
        "people": len(differing.people(day)),
        "stock_in_order": all(stock.identity_holds(lot) for lot in day.lots.values()),
        "differences": [
            {
                "code": one.code,
                "kind": one.kind,
                "marks": one.marks,
                "visits": [str(visit) for visit in one.visits],
            }
            for one in differing.differences(whole, day)
        ],
    }


def _of_home(home: Path) -> dict[str, Any]:
    from tantam.cli.office_home import open_office

    open_office(home)
    from tantam.office.camps import ledger
    from tantam.office.camps.models import Camp

    rows = []
    for one in Camp.objects.order_by("on", "id"):
        count, whole = ledger.digest(one)
        rows.append(
            {
                "camp": str(one.id),
                "on": one.on.isoformat(),
                "state": one.state,
                "facts": count,
                "digest": whole,
            }
        )
    return {"camps": rows}


def _check_nobody_is_there(files: Any, camp: UUID) -> None:
    """A rehearsal writes over a rehearsal of the same seed, and over nothing else."""
    from tantam.office.camps import container

    for file in files:
        if file.exists() and container.header_of(file).camp != camp:
            raise Refused(
                "another_camp_there",
                f"{file} is of another camp.",
                "Choose an empty folder with --out.",
            )


def _say(said: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(said))
        return
    for one in said.get("camps", []):
        click.echo(f"{one['camp']}  {one['on']}  {one['state']:8} {one['facts']:7,} facts  {one['digest']}")
    for one in said.get("files", []):
        click.echo(f"{one['file']:20} kit {one['kit']:2} {one['facts']:7,} facts  {one['digest']}")
    if "digest" in said:
        click.echo(f"{'together':20}        {said['facts']:7,} facts  {said['digest']}")
    if "people" in said:
        click.echo(f"{said['people']:,} people in {said['visits']:,} visits")
        click.echo("Stock in order." if said["stock_in_order"] else "More went out of a lot than came in.")
        for one in said["differences"]:
            click.echo(f"to decide: {one['code']}")
