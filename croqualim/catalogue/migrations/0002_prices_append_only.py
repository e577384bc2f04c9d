"""A price that was asked stays in the history: the database refuses to change or erase it.

An operation that rebuilds the table on SQLite (AlterField…) drops its triggers: set them again after.
"""

from django.db import migrations

SQLITE = [
    f"""
    CREATE TRIGGER catalogue_pricechange_no_{verb} BEFORE {verb} ON catalogue_pricechange
    BEGIN SELECT RAISE(ABORT, 'catalogue_pricechange is append-only'); END
    """
    for verb in ("update", "delete")
]
SQLITE_BACK = [f"DROP TRIGGER catalogue_pricechange_no_{verb}" for verb in ("update", "delete")]
POSTGRESQL = [
    """
    CREATE FUNCTION catalogue_pricechange_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'catalogue_pricechange is append-only' USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE TRIGGER catalogue_pricechange_no_change BEFORE UPDATE OR DELETE ON catalogue_pricechange
    FOR EACH ROW EXECUTE FUNCTION catalogue_pricechange_refuse()
    """,
]
POSTGRESQL_BACK = [
    "DROP TRIGGER catalogue_pricechange_no_change ON catalogue_pricechange",
    "DROP FUNCTION catalogue_pricechange_refuse()",
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

    dependencies = [("catalogue", "0001_initial")]

    operations = [migrations.RunPython(set_triggers, drop_triggers)]
