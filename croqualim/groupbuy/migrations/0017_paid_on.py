from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("groupbuy", "0016_order_s_envelope_is_known")]
    operations = [
        migrations.AddField(
            model_name="paymentbatch",
            name="paid_on",
            field=models.DateField(blank=True, null=True),
        ),
    ]
