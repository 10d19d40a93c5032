"""A planted person (a name, a village, a number, an illness that stand nowhere else in the world) is searched for in
every byte that exists outside the health room: databases with their WAL, backups, exports, pages, logs, files.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tantam.letters import fold
from tests.office import migrated
from tests.office.camps.after import NUMBER, PERSON, SECRET, VILLAGE

REPO = Path(__file__).parents[3]
WORDS = [SECRET.split()[0], *PERSON.split(), VILLAGE.split()[1]]
NEEDLES = [word for word in WORDS if word != "Thị"]


def _forms() -> set[bytes]:
    """The planted words in every spelling and packing that a byte of ours could have."""
    texts: set[str] = set()
    for word in NEEDLES:
        for text in (word, word.lower(), word.upper(), fold(word), unicodedata.normalize("NFD", word)):
            texts |= {text, json.dumps(text)[1:-1], text.encode().hex()}
    digits = re.sub(r"\D", "", NUMBER)
    texts |= {NUMBER, digits, f"+84{digits[1:]}", f"84{digits[1:]}"}
    found = {text.encode() for text in texts} | {text.encode("utf-16-le") for text in texts}
    for text in (SECRET, PERSON, VILLAGE):
        for shift in range(3):  # inside a longer text, base64 has one of three forms
            found.add(base64.b64encode(b"x" * shift + text.encode())[4:-4])
    return {form for form in found if len(form) >= 4}


def _opened(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """A file, and what is packed in it."""
    yield name, content
    if content[:2] == b"\x1f\x8b":
        yield f"{name}!", gzip.decompress(content)
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for part in packed.namelist():
                yield f"{name}!{part}", packed.read(part)


def found_in(folder: Path) -> list[str]:
    """Files below a folder in which something planted stands."""
    forms, bad = _forms(), []
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        for name, content in _opened(str(file.relative_to(folder)), file.read_bytes()):
            bad += [f"{name}: {form!r}" for form in forms if form in content]
    return bad


def run(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[bytes]:
    """A process of its own, as the office's."""
    done = subprocess.run([sys.executable, *words], env=env, cwd=REPO, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    return done


_BACKUP_AND_RATE = """
import sys
from tantam.cli.door import tantam
for words in (["office", "backup", sys.argv[1]], ["promises", "rate", "--json"]):
    if left_with := tantam.main([*words, "--home", sys.argv[2]], prog_name="tantam", standalone_mode=False):
        sys.exit(left_with)
"""


@pytest.fixture(scope="module")
def planted_home(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A home on the disk, everything that was made of it, and all that was logged."""
    folder = tmp_path_factory.mktemp("wall")
    home, out, logs = migrated.home(folder / "home"), folder / "out", folder / "logs"
    out.mkdir(), logs.mkdir()
    env = {name: value for name, value in os.environ.items() if not name.startswith(("TANTAM_", "DJANGO_"))}
    env |= {
        "TANTAM_HOME": str(home), "TANTAM_SECOND_FACTOR": "no", "TANTAM_LOG": "debug", "PYTHONPATH": str(REPO),
        "TANTAM_HOSTS": "testserver,127.0.0.1",
    }  # fmt: skip
    for nth, words in enumerate(
        (
            ("-m", "tests.office.camps.a_planted_home", str(home), str(out)),
            ("-c", _BACKUP_AND_RATE, str(folder / "backup"), str(home)),
        )
    ):
        done = run(env, *words)
        (logs / f"{nth}.out").write_bytes(done.stdout)
        (logs / f"{nth}.err").write_bytes(done.stderr)
    camp = json.loads((logs / "0.out").read_text().splitlines()[-1])["camp"]
    return {"folder": folder, "home": home, "env": env, "camp": camp}


def test_the_search_finds_what_is_planted(tmp_path: Path) -> None:
    for nth, text in enumerate((SECRET, PERSON.upper(), fold(VILLAGE), NUMBER.replace(" ", ""))):
        (tmp_path / f"{nth}").write_text(f"… {text} …")
    (tmp_path / "packed").write_bytes(gzip.compress(f"có {PERSON} đây".encode()))
    (tmp_path / "b64").write_bytes(base64.b64encode(f"người ấy: {SECRET}, hết".encode()))
    (tmp_path / "json").write_text(json.dumps({"x": PERSON}))
    assert {line.split(":")[0].rstrip("!") for line in found_in(tmp_path)} == {
        "0", "1", "2", "3", "packed", "b64", "json",
    }  # fmt: skip


def test_no_byte_outside_the_room_holds_the_planted_person(planted_home: dict[str, Any]) -> None:
    """Also none inside: the health database and the kit's file are noise without their keys."""
    names = {path.name for path in planted_home["folder"].rglob("*") if path.is_file()}
    assert {
        "office.sqlite3",
        "health.sqlite3",
        "office.copy",
        "health.copy",
        "kit-1.camp",
        "held.json",
    } <= names
    assert found_in(planted_home["folder"]) == []


def test_what_did_leave_is_only_what_was_agreed(planted_home: dict[str, Any]) -> None:
    folder = planted_home["folder"]
    held = json.loads((folder / "out" / "held.json").read_text())
    assert "attended" in json.dumps(held)
    public = (folder / "out" / "public-camp.html").read_text()
    assert "Trong bản ai cũng vui." in public and "Bản Đông" not in public.replace("Bản Đông</span>", "")


def _sqlite(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{file}?mode=ro", uri=True)


def test_every_text_of_the_office_is_read_once_more_as_text(planted_home: dict[str, Any]) -> None:
    """Rows read through SQL, as a curious colleague would."""
    forms = {form.decode("latin-1") for form in _forms()}
    with _sqlite(planted_home["home"] / "office.sqlite3") as office:
        tables = [row[0] for row in office.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        assert not any(name.startswith(("camps_", "hotline_")) for name in tables)
        said = [repr(row) for name in tables for row in office.execute(f'SELECT * FROM "{name}"')]
    assert not [row for row in said if any(form in row for form in forms)]
    journal = [row for row in said if "camp." in row]
    assert len(journal) > 5 and any("camp.merged" in row for row in journal)


def test_the_offices_connection_cannot_attach_the_health_file(planted_home: dict[str, Any]) -> None:
    health = planted_home["home"] / "health.sqlite3"
    office = sqlite3.connect(planted_home["home"] / "office.sqlite3")
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        office.execute("ATTACH DATABASE ? AS health", [str(health)])
    office.close()


def test_a_backup_of_health_opens_nowhere_without_its_key(
    planted_home: dict[str, Any], tmp_path: Path
) -> None:
    copy = planted_home["folder"] / "backup" / "health.copy"
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        _sqlite(copy).execute("SELECT * FROM camps_storedfact").fetchall()
    other = migrated.home(tmp_path / "other")
    env = {**planted_home["env"], "TANTAM_HOME": str(other)}
    (other / "secret" / "health-key").write_text(os.urandom(32).hex() + "\n")
    (other / "health.sqlite3").write_bytes(copy.read_bytes())
    ask = (
        "from tantam.cli.office_home import open_office; import pathlib, sys; open_office(pathlib.Path(sys.argv[1]))\n"
        "from tantam.office.camps.models import StoredFact\nprint(StoredFact.objects.count())"
    )
    done = subprocess.run(
        [sys.executable, "-c", ask, str(other)], env=env, cwd=REPO, capture_output=True, check=False
    )
    assert done.returncode != 0 and b"health_key_wrong" in done.stderr


def test_health_with_its_database_key_and_no_camp_key_is_noise(planted_home: dict[str, Any]) -> None:
    """Whoever has the database's key but not the camp's reads ids, kinds and times, and nothing that was said."""
    ask = (
        "from tantam.cli.office_home import open_office; import pathlib, sys; open_office(pathlib.Path(sys.argv[1]))\n"
        "from django.apps import apps\n"
        "rows = [repr(r) for m in apps.get_app_config('camps').get_models() for r in m.objects.values_list()]\n"
        "sys.stdout.write('\\n'.join(rows))"
    )
    said = run(planted_home["env"], "-c", ask, str(planted_home["home"])).stdout
    assert b"registered" in said
    assert not [form for form in _forms() if form in said]


_DELETE = """
import pathlib, sys
from tantam.cli.office_home import open_office
open_office(pathlib.Path(sys.argv[1]))
from django.db import connections
from tantam import clock
from tantam.office.camps import deleting, ledger
from tantam.office.camps.models import Camp
from tantam.office.people.models import Staff
camp, at = Camp.objects.get(), clock.now()
count, digest = ledger.digest(camp)
deleting.ask(camp, actor=Staff.objects.get(username="thao"), at=at, reason="hết hạn")
count, digest = ledger.digest(camp)
deleting.confirm(camp, actor=Staff.objects.get(username="bao"), at=at, digest=digest)
with connections["health"].cursor() as cursor:
    cursor.execute("PRAGMA freelist_count")
    print(count, digest, cursor.fetchone()[0])
"""


def test_a_deletion_leaves_its_proof_and_nothing_to_open(
    planted_home: dict[str, Any], tmp_path: Path
) -> None:
    """In a home on the disk: the rows' pages are written over, the WAL is empty, the key is in no file."""
    home = tmp_path / "home"
    shutil.copytree(planted_home["home"], home)
    env = {**planted_home["env"], "TANTAM_HOME": str(home)}
    key = (home / "secret" / "camps" / f"{planted_home['camp']}.key").read_bytes()
    before = (home / "health.sqlite3").stat().st_size
    count, digest, free = run(env, "-c", _DELETE, str(home)).stdout.decode().split()[-3:]
    wal = home / "health.sqlite3-wal"
    assert free == "0" and (not wal.exists() or wal.stat().st_size == 0)
    assert (home / "health.sqlite3").stat().st_size < before or int(count) < 100
    assert not [path for path in home.rglob("*") if path.is_file() and key in path.read_bytes()]
    assert found_in(home) == []
    with _sqlite(home / "office.sqlite3") as office:
        lines = office.execute(
            "SELECT count, digest FROM journal_entry WHERE act = 'camp.deleted'"
        ).fetchall()
    assert lines == [(int(count), digest)]
    # A backup from before the deletion, put back with every key that is left: still noise.
    shutil.copy(planted_home["folder"] / "backup" / "health.copy", home / "health.sqlite3")
    ask = (
        "from tantam.cli.office_home import open_office; import pathlib, sys; open_office(pathlib.Path(sys.argv[1]))\n"
        "from tantam.office.camps import ledger; from tantam.office.camps.models import Camp\n"
        "ledger.facts_of(Camp.objects.get())"
    )
    done = subprocess.run(
        [sys.executable, "-c", ask, str(home)], env=env, cwd=REPO, capture_output=True, check=False
    )
    assert done.returncode != 0 and b"camp_key_gone" in done.stderr
