import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("groupbuy", "0013_doors"), ("ledger", "0003_till_money")]
    operations = [
        migrations.AddField(
            model_name="order",
            name="envelope",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.envelope",
            ),
        ),
        migrations.AddField(
            model_name="orderline",
            name="cost_price_cents",
            field=models.PositiveIntegerField(default=0),
            preserve_default=False,
        ),
    ]
