"""Several deliveries for one purchase order, several lots for one line, damage, the day's price.

What was received before becomes the first, second… delivery of its order, at the price of its offer.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


def carry_over(apps, schema_editor):
    """The n-th row of each line belonged to the n-th reception of its purchase order."""
    Delivery = apps.get_model("groupbuy", "Delivery")
    DeliveryLine = apps.get_model("groupbuy", "DeliveryLine")
    deliveries, rank = {}, {}
    rows = DeliveryLine.objects.select_related("purchase_line__offer").order_by("pk")
    for row in rows.iterator():
        line = row.purchase_line
        number = rank[line.pk] = rank.get(line.pk, 0) + 1
        key = line.purchase_order_id, number
        if key not in deliveries:
            deliveries[key] = Delivery.objects.create(
                purchase_order_id=line.purchase_order_id,
                number=number,
                is_last=True,
                rule="pro rata",
                actor_id=row.actor_id,
                at=row.at,
                undone_at=row.undone_at,
            )
        DeliveryLine.objects.filter(pk=row.pk).update(
            delivery=deliveries[key],
            price_cents=line.offer.farmer_price_cents,
            priced_quantity=line.offer.priced_quantity,
        )
    if schema_editor.connection.vendor == "postgresql":
        # it refuses to alter a table whose rows still have foreign keys to check
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ("groupbuy", "0006_clockwork"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "offer",
            "announced_price_cents",
            models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("is_last", models.BooleanField()),
                ("rule", models.CharField(
                    choices=[
                        ("pro rata", "pro rata"),
                        ("equal ceiling", "equal ceiling"),
                        ("first come", "first come"),
                        ("smallest first", "smallest first"),
                    ],
                    default="pro rata",
                    max_length=20,
                )),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("actor", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("purchase_order", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="groupbuy.purchaseorder")),
            ],
            options={"ordering": ["number"]},
        ),
        migrations.AddConstraint(
            "delivery",
            models.UniqueConstraint(
                fields=("purchase_order", "number"), name="one_delivery_per_number"
            ),
        ),
        migrations.AddField(
            "deliveryline",
            "delivery",
            models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="groupbuy.delivery"),
        ),
        migrations.AddField("deliveryline", "lost_quantity", models.PositiveIntegerField(default=0)),
        migrations.AddField("deliveryline", "refused_quantity", models.PositiveIntegerField(default=0)),
        migrations.AddField("deliveryline", "damage", models.CharField(blank=True, max_length=200)),
        migrations.AddField("deliveryline", "price_cents", models.PositiveIntegerField(default=0), preserve_default=False),
        migrations.AddField("deliveryline", "priced_quantity", models.PositiveIntegerField(default=1), preserve_default=False),
        migrations.RemoveConstraint("deliveryline", "one_live_delivery"),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.AlterField(
            "deliveryline",
            "delivery",
            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="groupbuy.delivery"),
        ),
        migrations.RemoveField("deliveryline", "actor"),
        migrations.RemoveField("deliveryline", "at"),
        migrations.RemoveField("deliveryline", "undone_at"),
        migrations.AlterModelOptions("deliveryline", options={"ordering": ["pk"]}),
        migrations.AddConstraint(
            "deliveryline",
            models.CheckConstraint(
                condition=Q(lost_quantity__lte=F("quantity")), name="lost_of_what_came"
            ),
        ),
        migrations.AddConstraint(
            "deliveryline",
            models.CheckConstraint(
                condition=Q(lost_quantity=0, refused_quantity=0) | ~Q(damage=""),
                name="damage_says_why",
            ),
        ),
        migrations.AddConstraint(
            "deliveryline",
            models.CheckConstraint(
                condition=Q(priced_quantity__gt=0), name="delivery_priced_quantity_positive"
            ),
        ),
    ]
