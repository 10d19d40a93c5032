"""``tantam office backup`` and ``restore``: everything in one folder, read back before it counts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from tantam.cli.door import home_option
from tantam.errors import BadInput, Fault, Refused

MANIFEST = "manifest.json"
FORMAT = 1
FILES = {"default": "office.copy", "health": "health.copy"}
SECRETS = "secret"


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--with-secrets", is_flag=True, help="Copy home/secret too: then whoever has DIR can read everything."
)
@home_option
def backup(directory: Path, with_secrets: bool, home: Path) -> None:
    """Copy both databases into DIR while people work, with a list of digests and the head of the journal.

    DIR appears whole or not at all. Without --with-secrets the keys are not in it: keep home/secret somewhere else.
    """
    from tantam.cli.office_home import open_office

    open_office(home)
    from tantam.cli.office_tables import refuse_unready

    refuse_unready()
    directory = directory.absolute()
    if directory.exists():
        raise Refused(
            "backup_exists", f"There is {directory} already.", "Name a new folder, by the day, say."
        )
    directory.parent.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(prefix=f".{directory.name}.", dir=directory.parent))  # 0700
    try:
        manifest = _write(half, home.absolute() / "secret" if with_secrets else None)
        half.rename(directory)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    size_mb = sum(f["size_bytes"] for f in manifest["files"].values()) / 1e6
    click.echo(f"{directory}: {len(manifest['files'])} files, {size_mb:.1f} MB, read back and sound.")
    click.echo(f"Head of the journal, write it down elsewhere: {manifest['journal_head']}")
    if not with_secrets:
        click.echo(f"The keys are not in it. Keep {home.absolute() / 'secret'} in another place as well.")


def _write(half: Path, secret: Path | None) -> dict[str, Any]:
    """Fill the folder; the head and the counts are read first, so the copies hold at least as much."""
    from tantam import __version__, clock
    from tantam.office import copying
    from tantam.office.journal import actions as journal

    manifest = {
        "format": FORMAT,
        "version": __version__,
        "made_at": clock.now().isoformat(timespec="seconds"),
        "journal_head": journal.head(),
        "counts": _counts(),
        "databases": _vendors(),
    }
    files = {}
    for alias, name in FILES.items():
        copy = copying.copy_to(alias, half / name)
        files[name] = {"sha256": copy.digest, "size_bytes": copy.size_bytes}
    if secret:
        # A load that is going on keeps its own half-made files there; they are no part of the office.
        shutil.copytree(secret, half / SECRETS, ignore=shutil.ignore_patterns("load", ".*"))
        (half / SECRETS).chmod(0o700)
        for file in sorted(p for p in (half / SECRETS).rglob("*") if p.is_file()):
            name = str(file.relative_to(half))
            files[name] = {"sha256": copying.digest_of(file), "size_bytes": file.stat().st_size}
    whole = {**manifest, "files": files}
    with (half / MANIFEST).open("w", encoding="utf-8") as out:
        json.dump(whole, out, indent=1)
        out.flush()
        os.fsync(out.fileno())
    return whole


def _counts() -> dict[str, int]:
    """How many rows each table of the office had when the backup began."""
    from django.apps import apps

    models = [m for m in apps.get_models() if m.__module__.startswith("tantam.")]
    return {m._meta.db_table: m._base_manager.count() for m in models}


def _vendors() -> dict[str, str]:
    from django.db import connections

    return {alias: connections[alias].vendor for alias in connections}


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--replace", is_flag=True, help="Put the backup in the place of the office that is in the home now."
)
@home_option
def restore(directory: Path, replace: bool, home: Path) -> None:
    """Put a backup back: digests first, then its journal proved, then the databases, then proved again.

    A home that has an office is refused without --replace, and stays as it was if anything is wrong with the backup.
    Nobody may be serving the office meanwhile.
    """
    home, directory = home.absolute(), directory.absolute()
    manifest = read_manifest(directory)
    _bring_keys(home, directory, manifest, replace)
    from tantam.cli.office_home import open_office

    open_office(home, new=True)
    if manifest["databases"] != _vendors():
        raise BadInput(
            "another_database",
            f"The backup is of {manifest['databases']}, this home runs on {_vendors()}.",
            "Restore into a home with the same kind of database.",
        )
    if not replace and _has_office():
        raise Refused(
            "home_has_office", f"There is an office in {home}.", "Give another --home, or --replace it."
        )
    if set(_vendors().values()) == {"sqlite"}:
        _rehearse(home, directory, manifest)
    _put_back(home, directory, manifest)
    click.echo(f"{home}: restored as it was at {manifest['made_at']}. {_proved(home, manifest)}")


def read_manifest(directory: Path) -> dict[str, Any]:
    """The list of a backup, once every file in it has the digest it had; BadInput ``bad_backup``."""
    from tantam.office.copying import digest_of

    try:
        manifest: dict[str, Any] = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
        known = manifest["format"] == FORMAT and set(FILES.values()) <= set(manifest["files"])
    except (OSError, ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise BadInput(
            "bad_backup", f"{directory} holds no backup that this version knows.", "Name its folder."
        )
    for name, file in manifest["files"].items():
        place = directory / name
        if ".." in Path(name).parts or not place.is_file() or digest_of(place) != file["sha256"]:
            raise BadInput(
                "bad_backup", f"{name} is missing or was changed.", "Take another copy of this backup."
            )
    return manifest


def _bring_keys(home: Path, directory: Path, manifest: dict[str, Any], replace: bool) -> None:
    """The keys that belong to the backup must be in the home before it is opened, or new ones would be made."""
    from tantam.office import keyring

    has_keys = all(keyring.path(home, name).exists() for name in keyring.NAMES)
    kept = {name: directory / SECRETS / name for name in keyring.NAMES}
    if not all(file.exists() for file in kept.values()):
        if not has_keys:
            raise Refused(
                "keys_needed",
                "The backup was made without its keys, and the home has none.",
                f"Copy the secret folder of that office to {home / 'secret'} first.",
            )
        return
    if has_keys:
        same = all(keyring.path(home, name).read_bytes() == file.read_bytes() for name, file in kept.items())
        if not same:
            raise Refused(
                "other_keys",
                "The home's keys are not those of the backup.",
                f"Move {home / 'secret'} away if its office is gone, or give another --home.",
            )
        return
    half = home / ".secret.part"
    shutil.rmtree(half, ignore_errors=True)
    home.mkdir(parents=True, exist_ok=True)
    shutil.copytree(directory / SECRETS, half)
    half.chmod(0o700)
    for file in half.rglob("*"):
        file.chmod(0o700 if file.is_dir() else 0o600)
    if (home / "secret").exists():
        raise Refused(
            "other_keys", f"{home / 'secret'} holds a part of the keys only.", "Move it away, and restore."
        )
    half.rename(home / "secret")


def _has_office() -> bool:
    """Whether either database has a table of ours, or cannot be looked into."""
    from django.db import Error, connections

    from tantam.errors import TantamError

    for alias in connections:
        place = Path(str(connections[alias].settings_dict["NAME"]))
        if connections[alias].vendor == "sqlite" and (not place.exists() or not place.stat().st_size):
            continue
        try:
            if "django_migrations" in connections[alias].introspection.table_names():
                return True
        except (Error, TantamError):
            return True
        finally:
            connections[alias].close()
    return False


def _rehearse(home: Path, directory: Path, manifest: dict[str, Any]) -> None:
    """Restore into a throw-away home first and prove the journal there, so that a bad backup touches nothing."""
    stage = Path(tempfile.mkdtemp(prefix=".rehearsal.", dir=home))
    try:
        (stage / "secret").symlink_to(home / "secret")
        for alias, file in (("default", "office.sqlite3"), ("health", "health.sqlite3")):
            shutil.copyfile(directory / FILES[alias], stage / file)
        words = [sys.executable, "-m", "tantam.cli", "office", "prove", "--home", str(stage)]
        asked = subprocess.run(  # noqa: S603 (our own command, our own paths)
            [*words, "--against", manifest["journal_head"]], capture_output=True, text=True, check=False
        )
        if asked.returncode:
            said = (asked.stdout + asked.stderr).strip()
            raise BadInput(
                "backup_not_proved", f"The backup's journal is not whole: {said}", "Take an older backup."
            )
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _put_back(home: Path, directory: Path, manifest: dict[str, Any]) -> None:
    """Both databases; a note lies in the home meanwhile, so that a restore that was killed is seen and done again."""
    from django.db import connections

    from tantam.office import copying

    note = home / "restoring"
    note.write_text(f"{directory}\n", encoding="utf-8")
    for alias, name in FILES.items():
        digest = manifest["files"][name]["sha256"]
        copying.restore_from(alias, directory / name, digest=digest)
        place = Path(str(connections[alias].settings_dict["NAME"]))
        if connections[alias].vendor == "sqlite" and copying.digest_of(place) != digest:
            raise Fault(
                "restore_failed", f"{place} is not what was backed up.", "Look at the disk, restore again."
            )
    note.unlink()


def _proved(home: Path, manifest: dict[str, Any]) -> str:
    """Counts and journal as they were; Fault ``restore_failed`` otherwise."""
    from django.utils import translation

    from tantam.cli.office_tables import missing
    from tantam.office.journal import proving

    if any(missing().values()):
        return "It is of an older version: run tantam office migrate, then tantam office prove."
    with translation.override("en"):
        proof = proving.prove(manifest["journal_head"])
        sentence = proof.sentence
    short = {table: n for table, n in _counts().items() if n < manifest["counts"].get(table, 0)}
    if short or not proof.ok:
        raise Fault("restore_failed", f"Rows are missing from {sorted(short)}: {sentence}", "Restore again.")
    return sentence
