"""What a listening found is taken in once, with a file of those who may be told, and with nobody else in it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tantam.base.forget import forget
from tantam.base.home import Home
from tantam.errors import TantamError
from tantam.office.channels import actions as channels
from tantam.office.channels.models import Message
from tantam.office.journal.models import Entry
from tantam.office.opinions import answering, taking_in, themes
from tantam.office.opinions.models import Answer, Heap, Theme
from tests.base.a_file import TODAY, load, one, stored, written
from tests.office.channels.a_message import a_no, a_yes
from tests.office.opinions.a_theme import a_theme


def a_row(id: str, count: int, people: int, **changed: Any) -> dict[str, Any]:
    row = {
        "id": id, "label": f"chủ đề {id}", "count": count, "people": people, "share_complaint": 0.5,
        "quotes": [{"text": "mất sóng cả ngày", "people": 2}], "by_province": [["56", count]], "hidden": False,
        "merged_into": None,
    }  # fmt: skip
    return {**row, **changed}


def a_run(
    home: Home,
    spoke: dict[str, list[int | None]],
    *told: dict[str, Any],
    name: str = "sms",
    when: int | None = None,
) -> Path:
    """A listening that has ended: who spoke on which theme and on which day, and what it told."""
    folder = home.listened / name
    (folder / "readings").mkdir(parents=True, exist_ok=True)
    pairs = [(theme, key) for theme, keys in spoke.items() for key in keys]
    for half in (0, 1):
        table = {
            "key": [key for _, key in pairs[half::2]],
            "theme": [theme or None for theme, _ in pairs[half::2]],
            "when": [when] * len(pairs[half::2]),
        }
        schema = pa.schema([("key", pa.int64()), ("theme", pa.string()), ("when", pa.int32())])
        pq.write_table(pa.table(table, schema=schema), folder / "readings" / f"part-{half}.parquet")
    (folder / "themes.json").write_text(json.dumps(told), encoding="utf-8")
    plan = {"files": [["/x/sms.csv", 1, name]], "columns": {"text": "words"}}
    (folder / "run.json").write_text(json.dumps({"plan": plan, "figures": {}}), encoding="utf-8")
    return folder


@pytest.fixture
def home(loaded: Path, tmp_path: Path, settings: Any) -> Home:
    settings.HOME = shutil.copytree(loaded, tmp_path, dirs_exist_ok=True)
    return Home(tmp_path)


@pytest.fixture
def agreed(home: Home) -> list[int]:
    """Keys of the base with a yes to care."""
    return [row["key"] for row in stored(home).to_pylist() if row["consent_care_on"] is not None]


@pytest.fixture
def silent(home: Home) -> list[int]:
    """Keys of the base without one."""
    return [row["key"] for row in stored(home).to_pylist() if row["consent_care_on"] is None]


def taken(world: Any, home: Home, name: str = "sms", **changed: Any) -> taking_in.TakenIn:
    return taking_in.take_in(home, name, **{"actor": world.policy, "at": world.at, **changed})


def told(file: Path) -> list[int]:
    return list(pq.read_table(file)["key"].to_pylist())


def test_each_theme_gets_its_figures_and_those_who_agreed(
    world: Any, home: Home, agreed: list[int], silent: list[int]
) -> None:
    folder = a_run(
        home,
        {"T01": [*agreed[:30], *agreed[:10], *silent[:9], None, 77], "T02": agreed[25:40][::-1], "": agreed[50:60]},
        a_row("T01", 51, 41), a_row("T02", 15, 15, share_complaint=None), a_row("T03", 0, 0),
    )  # fmt: skip
    assert taken(world, home) == taking_in.TakenIn(2, 66, 45)
    assert told(folder / "speakers" / "T01.parquet") == sorted(agreed[:30])
    assert told(folder / "speakers" / "T02.parquet") == sorted(agreed[25:40])
    theme = Theme.objects.get(code="T01")
    assert (theme.name, theme.people_count, theme.opinions_count, theme.weight) == ("chủ đề T01", 41, 51, 61)
    heap = Heap.objects.get(theme=theme)
    assert (heap.run, heap.speakers, heap.speakers_count) == ("sms", "listened/sms/speakers/T01.parquet", 30)
    assert not Theme.objects.filter(code="T03").exists()
    (entry,) = Entry.objects.filter(act="theme.taken_in")
    assert (entry.count, entry.digest) == (2, heap.digest)


def test_the_file_is_sorted_numbers_that_only_we_read(world: Any, home: Home, agreed: list[int]) -> None:
    folder = a_run(home, {"T01": agreed}, a_row("T01", 9, 9))
    taken(world, home)
    file = folder / "speakers" / "T01.parquet"
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert pq.read_schema(file).field("key").type == pa.int64() and pq.read_schema(file).names == [
        "key",
        "first",
    ]
    assert not list(file.parent.glob(".*"))


def test_who_told_the_office_no_is_left_out_until_a_yes(world: Any, home: Home, agreed: list[int]) -> None:
    everything, reply, ads, again, listed = agreed[:5]
    a_no(world, everything, purpose="everything")
    a_no(world, reply, purpose="reply")
    a_no(world, ads, purpose="advertising")
    a_no(world, again, purpose="reply", said_at=world.at - timedelta(days=1))
    a_yes(world, again, purpose="reply")
    channels.record(
        actor=None, at=world.at, id=UUID(int=9), key=listed, purpose="everything",
        granted=False, how="list", said_at=world.at,
    )  # fmt: skip
    folder = a_run(home, {"T01": agreed[:6]}, a_row("T01", 6, 6))
    taken(world, home)
    assert told(folder / "speakers" / "T01.parquet") == sorted({ads, again, listed, agreed[5]})


def test_what_was_merged_or_hidden_there(world: Any, home: Home, agreed: list[int]) -> None:
    folder = a_run(
        home, {"T01": agreed[:3], "T02": agreed[2:5], "T03": agreed[5:9]},
        a_row("T01", 6, 5), a_row("T02", 0, 0, merged_into="T01"), a_row("T03", 4, 4, hidden=True),
    )  # fmt: skip
    assert taken(world, home) == taking_in.TakenIn(1, 6, 5)
    assert told(folder / "speakers" / "T01.parquet") == sorted(agreed[:5])
    assert [file.name for file in (folder / "speakers").iterdir()] == ["T01.parquet"]


def test_twice_is_once_also_stopped_half_way_or_listened_again(
    world: Any, home: Home, agreed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoke = {"T01": agreed[:3], "T02": agreed[2:5]}
    folder = a_run(home, spoke, a_row("T01", 3, 3), a_row("T02", 3, 3))
    real, calls = themes.recount, []

    def killed(theme: Theme) -> None:
        calls.append(theme)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(theme)

    monkeypatch.setattr(themes, "recount", killed)
    with pytest.raises(KeyboardInterrupt):
        taken(world, home)
    assert Heap.objects.count() == 1
    assert taken(world, home).themes == 1
    run = json.loads((folder / "run.json").read_text())
    run["plan"]["forgotten"] = 1  # listened to again, since somebody was forgotten
    (folder / "run.json").write_text(json.dumps(run))
    assert taken(world, home) == taking_in.TakenIn(0, 0, 0)
    assert Heap.objects.count() == 2 and Theme.objects.get(code="T01").people_count == 3


def test_other_files_under_the_same_name_are_refused(world: Any, home: Home, agreed: list[int]) -> None:
    folder = a_run(home, {"T01": agreed[:3]}, a_row("T01", 3, 3))
    taken(world, home)
    run = json.loads((folder / "run.json").read_text())
    run["plan"]["files"] = [["/x/other.csv", 1, 1]]
    (folder / "run.json").write_text(json.dumps(run))
    with pytest.raises(TantamError) as no:
        taken(world, home)
    assert no.value.code == "listened_anew"
    assert told(folder / "speakers" / "T01.parquet") == sorted(agreed[:3])


def test_two_listenings_stand_beside_each_other(world: Any, home: Home, agreed: list[int]) -> None:
    a_run(home, {"T01": agreed[:3]}, a_row("T01", 3, 3))
    a_run(home, {"T01": agreed[:9]}, a_row("T01", 9, 9), name="web")
    assert [taken(world, home, name).themes for name in ("sms", "web")] == [1, 1]
    assert Theme.objects.get().people_count == 12


def broken(home: Home) -> None:
    a_run(home, {}, name="sms")
    (home.listened / "sms" / "run.json").write_text("{}")


def elsewhere(home: Home) -> None:
    (home.root / "out").mkdir()
    (home.listened).mkdir()
    (home.listened / "sms").symlink_to(home.root / "out")


@pytest.mark.parametrize(
    ("given", "code"),
    [(lambda home: None, "not_listened"), (broken, "not_listened"), (elsewhere, "not_in_listened")],
)
def test_refused(world: Any, home: Home, given: Callable[[Home], None], code: str) -> None:
    given(home)
    with pytest.raises(TantamError) as no:
        taken(world, home)
    assert no.value.code == code
    assert not Heap.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "dung", "auditor"])
def test_others_cannot(world: Any, home: Home, agreed: list[int], who: str) -> None:
    folder = a_run(home, {"T01": agreed[:3]}, a_row("T01", 3, 3))
    with pytest.raises(TantamError) as no:
        taken(world, home, actor=getattr(world, who))
    assert no.value.code == "not_your_duty"
    assert not (folder / "speakers").exists()


def test_without_a_base_nobody_is_known(world: Any, tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path
    a_run(Home(tmp_path), {"T01": [5, 6]}, a_row("T01", 2, 2))
    assert taken(world, Home(tmp_path)) == taking_in.TakenIn(1, 2, 0)
    assert Heap.objects.get().speakers == ""


def test_without_readings_or_themes(world: Any, home: Home) -> None:
    a_run(home, {})
    assert taken(world, home) == taking_in.TakenIn(0, 0, 0)


def test_the_forgotten_are_told_nothing_and_leave_the_files_at_the_next_load(
    world: Any, home: Home, agreed: list[int], tmp_path: Path
) -> None:
    before, after, *others = sorted(agreed[:6])
    forget(home, [before], today=TODAY)
    folder = a_run(home, {"T01": agreed[:6]}, a_row("T01", 6, 6))
    taken(world, home)
    file = folder / "speakers" / "T01.parquet"
    assert told(file) == [after, *others]
    traces = {trace.file: trace.before for trace in forget(home, [after], today=TODAY)}
    assert traces["listened/sms/speakers/T01.parquet"] == 1
    answer = Answer.objects.create(
        theme=Theme.objects.get(),
        kind="no",
        words="Chưa làm được.",
        people_count=6,
        by=world.policy,
        at=world.at,
    )
    telling = answering.tell(answer, actor=world.policy, at=world.at)
    answering.go_on(telling, at=world.at)
    assert sorted(Message.objects.values_list("key", flat=True)) == others  # type: ignore[type-var]
    load(home, written(tmp_path / "b.csv", one()))
    assert told(file) == others
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_telling_goes_on_in_a_file_that_got_shorter(
    world: Any, home: Home, agreed: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "BATCH", 3)
    keys = sorted(agreed[:8])
    a_run(home, {"T01": keys}, a_row("T01", 8, 8))
    taken(world, home)
    answer = Answer.objects.create(
        theme=Theme.objects.get(),
        kind="no",
        words="Chưa làm được.",
        people_count=8,
        by=world.policy,
        at=world.at,
    )
    telling = answering.tell(answer, actor=world.policy, at=world.at)
    assert answering.go_on(telling, at=world.at)
    forget(home, keys[:2], today=TODAY)
    load(home, written(tmp_path / "b.csv", one()))
    while answering.go_on(telling, at=world.at):
        pass
    assert sorted(Message.objects.values_list("key", flat=True)) == keys  # type: ignore[type-var]


def test_a_file_that_is_gone_is_said_and_nobody_is_passed_over(
    world: Any, home: Home, agreed: list[int]
) -> None:
    folder = a_run(home, {"T01": agreed[:3]}, a_row("T01", 3, 3))
    taken(world, home)
    (folder / "speakers" / "T01.parquet").unlink()
    answer = Answer.objects.create(
        theme=Theme.objects.get(),
        kind="no",
        words="Chưa làm được.",
        people_count=3,
        by=world.policy,
        at=world.at,
    )
    telling = answering.tell(answer, actor=world.policy, at=world.at)
    with pytest.raises(TantamError) as no:
        answering.go_on(telling, at=world.at)
    assert no.value.code == "speakers_gone"
    telling.refresh_from_db()
    assert telling.done_at is None
    assert taken(world, home) == taking_in.TakenIn(0, 0, 0)  # which puts the file back
    while answering.go_on(telling, at=world.at):
        pass
    assert set(Message.objects.values_list("key", flat=True)) == set(agreed[:3])


def test_a_theme_that_was_joined_counts_there(world: Any, home: Home, agreed: list[int]) -> None:
    one_, other = a_theme(world, "T01"), a_theme(world, "T09")
    themes.join(one_, other, actor=world.policy, at=world.at)
    a_run(home, {"T01": agreed[:3]}, a_row("T01", 3, 3))
    taken(world, home)
    other.refresh_from_db()
    assert other.people_count == 3
