from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("groupbuy", "0017_invoices")]
    operations = [
        migrations.AddField(
            model_name="paymentbatch",
            name="paid_on",
            field=models.DateField(blank=True, null=True),
        ),
    ]
