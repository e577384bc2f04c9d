from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("groupbuy", "0015_say_what_was_agreed")]
    operations = [
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("share_percent", 100), ("envelope__isnull", False), _connector="OR"),
                name="order_s_envelope_is_known",
            ),
        ),
    ]
