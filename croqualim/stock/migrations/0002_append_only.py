"""A movement is added, never changed: the database itself refuses, on both engines.

PostgreSQL: ALWAYS, so that not even `session_replication_role` turns the triggers off, and TRUNCATE
too. SQLite: REPLACE deletes the row in its way without a DELETE trigger, so it is refused as well.
An operation that rebuilds the table on SQLite (AlterField…) drops its triggers: set them again after.
"""

from django.db import migrations

SQLITE = [
    """
    CREATE TRIGGER stock_movement_no_update BEFORE UPDATE ON stock_movement
    BEGIN SELECT RAISE(ABORT, 'stock_movement is append-only'); END
    """,
    """
    CREATE TRIGGER stock_movement_no_delete BEFORE DELETE ON stock_movement
    BEGIN SELECT RAISE(ABORT, 'stock_movement is append-only'); END
    """,
    """
    CREATE TRIGGER stock_movement_no_replace BEFORE INSERT ON stock_movement
    WHEN EXISTS (
        SELECT 1 FROM stock_movement
        WHERE id = NEW.id OR (key = NEW.key AND line = NEW.line) OR reverses_id = NEW.reverses_id
    )
    BEGIN SELECT RAISE(ABORT, 'stock_movement has this row already'); END
    """,
]
SQLITE_BACK = [
    "DROP TRIGGER stock_movement_no_update",
    "DROP TRIGGER stock_movement_no_delete",
    "DROP TRIGGER stock_movement_no_replace",
]
POSTGRESQL = [
    """
    CREATE FUNCTION stock_movement_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'stock_movement is append-only' USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE TRIGGER stock_movement_no_change BEFORE UPDATE OR DELETE ON stock_movement
    FOR EACH ROW EXECUTE FUNCTION stock_movement_refuse()
    """,
    """
    CREATE TRIGGER stock_movement_no_truncate BEFORE TRUNCATE ON stock_movement
    FOR EACH STATEMENT EXECUTE FUNCTION stock_movement_refuse()
    """,
    "ALTER TABLE stock_movement ENABLE ALWAYS TRIGGER stock_movement_no_change",
    "ALTER TABLE stock_movement ENABLE ALWAYS TRIGGER stock_movement_no_truncate",
]
POSTGRESQL_BACK = [
    "DROP TRIGGER stock_movement_no_change ON stock_movement",
    "DROP TRIGGER stock_movement_no_truncate ON stock_movement",
    "DROP FUNCTION stock_movement_refuse()",
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

    dependencies = [("stock", "0001_initial")]

    operations = [migrations.RunPython(set_triggers, drop_triggers)]
