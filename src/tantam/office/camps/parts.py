"""The parts of a camp's plan as its pages show them: what stands there, and the small forms that add to it.

A field of a form is called ``<form>-<field>`` on its page, so that several forms stand on one page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from tantam.errors import BadInput
from tantam.office.camps import expecting, kinds, need, planning, rules
from tantam.office.camps.models import Camp
from tantam.office.people.models import Staff
from tantam.office.words import number, say


class Field(NamedTuple):
    """A field: its name, what it is called, its type (as HTML has them, ``ticks`` or ``lines``) and its choices."""

    name: str
    vi: str
    en: str
    type: str = "text"
    options: tuple[tuple[str, str, str], ...] = ()
    hint_vi: str = ""
    hint_en: str = ""
    optional: bool = False


@dataclass
class Typed:
    """What somebody typed into one form, and the file he chose."""

    values: Mapping[str, str]
    many: Callable[[str], list[str]]
    file: bytes = b""
    by: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return " ".join(self.values.get(name, "").split())

    def needed_file(self) -> bytes:
        """The file; refuses ``no_file``."""
        if not self.file:
            raise BadInput(
                "no_file", "No file was chosen.", "Choose one and send it again.",
                vi="Chưa chọn tệp. Chọn tệp rồi gửi lại.",
            )  # fmt: skip
        return self.file


@dataclass(frozen=True)
class Form:
    """A small form: its title, its button, its fields, and what it does; gives a sentence of what was done."""

    code: str
    vi: str
    en: str
    do_vi: str
    do_en: str
    fields: tuple[Field, ...]
    act: Callable[[Camp, Typed], str]
    duty: str = "camp.plan"
    main: bool = True

    @property
    def has_file(self) -> bool:
        """Whether it sends a file."""
        return any(one.type == "file" for one in self.fields)


def body(
    kind: type[kinds.Body], *names: str, over: bool = False, **also: Any
) -> Callable[[Camp, Typed], str]:
    """An act that says one thing of a kind, made of the form's own fields."""

    def act(camp: Camp, typed: Typed) -> str:
        said = rules.made(kind, **{name: typed[name] for name in names}, **also)
        planning.put(camp, said, over=over, **typed.by)
        return say("Đã ghi.", "Written down.")

    return act


def permit(camp: Camp, typed: Typed) -> str:
    """The health authority's yes."""
    names = ("authority", "number", "issued_on", "valid_to", "dossier")
    said = rules.made(kinds.Permit, **{name: typed[name] for name in names}, real=typed["real"] == "yes")
    planning.put(camp, said, **typed.by)
    return say("Đã ghi giấy phép.", "The permit is written down.")


def member(camp: Camp, typed: Typed) -> str:
    """Somebody of the team."""
    planning.member(
        camp, id=typed["id"], name=typed["name"], title=typed["title"], roles=typed.many("roles"),
        licence=typed["licence"], pin=typed["pin"], **typed.by,
    )  # fmt: skip
    return say("Đã ghi {name}.", "{name} is written down.", name=typed["name"])


def coded(kind: type[kinds.Body], prefix: str, known: str, *names: str) -> Callable[[Camp, Typed], str]:
    """An act that says one thing with a new code of its own."""

    def act(camp: Camp, typed: Typed) -> str:
        there = getattr(planning.plan_of(camp), known)
        said = {name: typed[name] for name in names}
        same = next(
            (one for one in there.values() if all(getattr(one, n) == v for n, v in said.items())), None
        )
        made = same or rules.made(kind, id=rules.next_code(prefix, there), **said)
        planning.put(camp, made, **typed.by)
        return say("Đã ghi {name}.", "{name} is written down.", name=typed["name"])

    return act


def device(camp: Camp, typed: Typed) -> str:
    """A phone or tablet, with the next free letter."""
    there = planning.plan_of(camp).devices
    if not any(one.name == typed["name"] for one in there.values()):
        letter = rules.next_letter([one.letter for one in there.values()])
        made = rules.made(kinds.Device, id=f"D{letter}", name=typed["name"], letter=letter)
        planning.put(camp, made, **typed.by)
    return say("Đã ghi {name}.", "{name} is written down.", name=typed["name"])


def weigh(camp: Camp, typed: Typed) -> str:
    """The communes of a file."""
    places, rejects = planning.weigh(camp, typed.needed_file(), because=typed["because"], **typed.by)
    return say(
        "Đã xét {n} xã; {r} dòng không nhận được{why}.",
        "{n} communes weighed; {r} rows could not be taken{why}.",
        n=len(places), r=len(rejects),
        why=_lines([(one.line, one.code) for one in rejects], need.REJECTS),
    )  # fmt: skip


def choose(camp: Camp, typed: Typed) -> str:
    """Another of them."""
    planning.choose(camp, typed["code"], because=typed["because"], **typed.by)
    return say("Đã chọn. Lý do đứng cạnh từng xã.", "Chosen. Each commune has its reason.")


def formulary_file(camp: Camp, typed: Typed) -> str:
    """The formulary, unsigned."""
    draft = planning.bring_formulary(camp, typed.needed_file(), **typed.by)
    return say(
        "Đã nạp {n} thuốc, chờ dược sĩ trưởng ký.",
        "{n} medicines brought; the chief pharmacist has to sign.",
        n=len(draft.medicines),
    )


def sign(camp: Camp, typed: Typed) -> str:
    """The chief pharmacist's signature."""
    planning.sign_formulary(camp, typed["digest"], **typed.by)
    return say("Đã ký danh mục thuốc.", "The formulary is signed.")


def stock(camp: Camp, typed: Typed) -> str:
    """A lot that came in; the same lot and number again is the lot already there."""
    code = re.sub(r"[^A-Za-z0-9._:-]", "-", f"{typed['medicine']}.{typed['number']}")[:40]
    names = ("medicine", "number", "expires_on", "units", "giver")
    planning.put(
        camp, rules.made(kinds.Stocked, lot=code, **{name: typed[name] for name in names}), **typed.by
    )
    return say("Đã ghi lô {n}.", "Lot {n} is written down.", n=typed["number"])


def expected(camp: Camp, typed: Typed) -> str:
    """The commune's list."""
    new, rejects = planning.bring_expected(camp, typed.needed_file(), **typed.by)
    return say(
        "Đã ghi {n} người; {r} dòng không nhận được{why}. Số căn cước không được giữ lại.",
        "{n} people written down; {r} rows could not be taken{why}. No card number was kept.",
        n=new, r=len(rejects), why=_lines([(one.line, one.code) for one in rejects], expecting.REJECTS),
    )  # fmt: skip


def findings(camp: Camp, typed: Typed) -> str:
    """A list of findings of the camp's own, or ours."""
    content = typed.needed_file() if typed["which"] == "file" else b""
    n = planning.bring_findings(camp, content, typed["system"], **typed.by)
    return say("Đã nạp {n} dòng.", "{n} rows brought.", n=number(n))


def money(kind: type[kinds.Body], word: str) -> Callable[[Camp, Typed], str]:
    """Money set aside or spent; a bill may come after the camp."""

    def act(camp: Camp, typed: Typed) -> str:
        dong = re.sub(r"[.,\s]", "", typed["dong"])
        planning.put(camp, rules.made(kind, dong=dong, **{word: typed[word]}), over=True, **typed.by)
        return say("Đã ghi.", "Written down.")

    return act


def lesson(camp: Camp, typed: Typed) -> str:
    """What came off, what did not yet."""
    said = rules.made(kinds.Lesson, came_off=typed["came_off"] == "yes", words=typed["words"])
    planning.put(camp, said, over=True, **typed.by)
    return say("Đã ghi bài học.", "The lesson is kept.")


def _lines(rejects: list[tuple[int, str]], words: Mapping[str, tuple[str, str]]) -> str:
    """Which lines were not taken, and why; the first three."""
    if not rejects:
        return ""
    shown = [say("dòng {n} {why}", "line {n} {why}", n=n, why=say(*words[code])) for n, code in rejects[:3]]
    return " (" + "; ".join(shown) + (" …" if len(rejects) > 3 else "") + ")"


def typed_of(values: Mapping[str, Any], form: str, file: bytes, actor: Staff, at: datetime) -> Typed:
    """One form's own fields out of a page's."""
    mine = {name[len(form) + 1 :]: str(values[name]) for name in values if name.startswith(f"{form}-")}

    def many(name: str) -> list[str]:
        getlist = getattr(values, "getlist", None)
        return list(getlist(f"{form}-{name}")) if getlist else []

    return Typed(mine, many, file, {"actor": actor, "at": at})
