"""A numbered entry is added, never changed: the database itself refuses, on both engines.

As in ledger/migrations/0002_append_only.py, which says why each trigger is there.
"""

from django.db import migrations

# table -> what makes two rows the same
TABLES = {
    "accounting_journalentry": "id = NEW.id OR "
    "(collective_id = NEW.collective_id AND number = NEW.number)",
    "accounting_entryline": "id = NEW.id",
    "accounting_entrysource": "id = NEW.id OR transfer_id = NEW.transfer_id",
}
SQLITE = [
    """
    CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
    """,
    """
    CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
    """,
    """
    CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
    WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})
    BEGIN SELECT RAISE(ABORT, '{table} has this row already'); END
    """,
]
SQLITE_BACK = [
    "DROP TRIGGER {table}_no_update",
    "DROP TRIGGER {table}_no_delete",
    "DROP TRIGGER {table}_no_replace",
]
POSTGRESQL = [
    """
    CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_refuse()
    """,
    """
    CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()
    """,
    "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change",
    "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate",
]
POSTGRESQL_BACK = [
    "DROP TRIGGER {table}_no_change ON {table}",
    "DROP TRIGGER {table}_no_truncate ON {table}",
    "DROP FUNCTION {table}_refuse()",
]


def execute(schema_editor, sqlite, postgresql):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for table, same in TABLES.items():
        for statement in sqlite if is_sqlite else postgresql:
            schema_editor.execute(statement.format(table=table, same=same))


def set_triggers(apps, schema_editor):
    execute(schema_editor, SQLITE, POSTGRESQL)


def drop_triggers(apps, schema_editor):
    execute(schema_editor, SQLITE_BACK, POSTGRESQL_BACK)


class Migration(migrations.Migration):

    dependencies = [("accounting", "0001_initial")]

    operations = [migrations.RunPython(set_triggers, drop_triggers)]
