"""``tantam camp``: a medical camp from its pack to its merge."""

from __future__ import annotations

import click

from tantam.cli import camp_after, camp_export, camp_facts, camp_kit


@click.group()
def camp() -> None:
    """A medical camp: pack a laptop for it, open it there without network, sign the day, bring it home."""


for _command in (
    *(camp_kit.pack, camp_kit.open_, camp_kit.device, camp_kit.close),
    *(camp_facts.digest, camp_facts.rehearse),
    camp_after.merge,
    *(camp_export.export, camp_export.formulary),
):
    camp.add_command(_command)
