"""A transfer is added, never changed: the database itself refuses, on both engines.

PostgreSQL: ALWAYS, so that not even `session_replication_role` turns the triggers off, and TRUNCATE
too. SQLite: REPLACE deletes the row in its way without a DELETE trigger, so it is refused as well.
An operation that rebuilds the table on SQLite (AlterField…) drops its triggers: set them again after.
"""

from django.db import migrations

SQLITE = [
    """
    CREATE TRIGGER ledger_transfer_no_update BEFORE UPDATE ON ledger_transfer
    BEGIN SELECT RAISE(ABORT, 'ledger_transfer is append-only'); END
    """,
    """
    CREATE TRIGGER ledger_transfer_no_delete BEFORE DELETE ON ledger_transfer
    BEGIN SELECT RAISE(ABORT, 'ledger_transfer is append-only'); END
    """,
    """
    CREATE TRIGGER ledger_transfer_no_replace BEFORE INSERT ON ledger_transfer
    WHEN EXISTS (
        SELECT 1 FROM ledger_transfer
        WHERE id = NEW.id OR key = NEW.key OR reverses_id = NEW.reverses_id
    )
    BEGIN SELECT RAISE(ABORT, 'ledger_transfer has this row already'); END
    """,
]
SQLITE_BACK = [
    "DROP TRIGGER ledger_transfer_no_update",
    "DROP TRIGGER ledger_transfer_no_delete",
    "DROP TRIGGER ledger_transfer_no_replace",
]
POSTGRESQL = [
    """
    CREATE FUNCTION ledger_transfer_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'ledger_transfer is append-only' USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE TRIGGER ledger_transfer_no_change BEFORE UPDATE OR DELETE ON ledger_transfer
    FOR EACH ROW EXECUTE FUNCTION ledger_transfer_refuse()
    """,
    """
    CREATE TRIGGER ledger_transfer_no_truncate BEFORE TRUNCATE ON ledger_transfer
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_transfer_refuse()
    """,
    "ALTER TABLE ledger_transfer ENABLE ALWAYS TRIGGER ledger_transfer_no_change",
    "ALTER TABLE ledger_transfer ENABLE ALWAYS TRIGGER ledger_transfer_no_truncate",
]
POSTGRESQL_BACK = [
    "DROP TRIGGER ledger_transfer_no_change ON ledger_transfer",
    "DROP TRIGGER ledger_transfer_no_truncate ON ledger_transfer",
    "DROP FUNCTION ledger_transfer_refuse()",
]


def set_triggers(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE if is_sqlite else POSTGRESQL:
        schema_editor.execute(statement)


def drop_triggers(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE_BACK if is_sqlite else POSTGRESQL_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [("ledger", "0001_initial")]

    operations = [migrations.RunPython(set_triggers, drop_triggers)]
