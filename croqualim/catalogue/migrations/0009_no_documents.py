from django.db import migrations


class Migration(migrations.Migration):
    """The lines have taken their place."""

    dependencies = [("catalogue", "0008_import_lines")]

    operations = [
        migrations.RemoveField(model_name="catalogueimport", name="decisions"),
        migrations.RemoveField(model_name="catalogueimport", name="rows"),
    ]
