"""The database refuses to change or delete an entry or a seal, whoever asks, on SQLite and on PostgreSQL."""

from typing import Any

from django.db import migrations

COLUMNS = ("id", "at", "actor", "act", "on_kind", "on_id", "office", "because", "count", "digest", "facts")
SQLITE = [
    f"""CREATE TRIGGER journal_entry_stays BEFORE UPDATE ON journal_entry
    WHEN OLD.seal IS NOT NULL OR {" OR ".join(f'OLD."{c}" IS NOT NEW."{c}"' for c in COLUMNS)}
    BEGIN SELECT RAISE(ABORT, 'an entry of the journal is never changed'); END""",
    """CREATE TRIGGER journal_entry_is_kept BEFORE DELETE ON journal_entry
    BEGIN SELECT RAISE(ABORT, 'an entry of the journal is never deleted'); END""",
    """CREATE TRIGGER journal_seal_stays BEFORE UPDATE ON journal_seal
    BEGIN SELECT RAISE(ABORT, 'a seal of the journal is never changed'); END""",
    """CREATE TRIGGER journal_seal_is_kept BEFORE DELETE ON journal_seal
    BEGIN SELECT RAISE(ABORT, 'a seal of the journal is never deleted'); END""",
]
POSTGRESQL = [
    """CREATE FUNCTION journal_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the journal is never changed'; END $$""",
    f"""CREATE TRIGGER journal_entry_stays BEFORE UPDATE ON journal_entry FOR EACH ROW
    WHEN (OLD.seal IS NOT NULL OR {" OR ".join(f'OLD."{c}" IS DISTINCT FROM NEW."{c}"' for c in COLUMNS)})
    EXECUTE FUNCTION journal_refuses()""",
    """CREATE TRIGGER journal_entry_is_kept BEFORE DELETE ON journal_entry FOR EACH ROW
    EXECUTE FUNCTION journal_refuses()""",
    """CREATE TRIGGER journal_seal_stays BEFORE UPDATE OR DELETE ON journal_seal FOR EACH ROW
    EXECUTE FUNCTION journal_refuses()""",
]


def guard(apps: Any, editor: Any) -> None:
    if editor.connection.alias != "default":
        return
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
