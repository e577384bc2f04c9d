"""Settlements used to pay the farmers themselves. Each such payment becomes a batch paid by hand,
so that what it paid is not owed to anybody a second time."""

from collections import defaultdict

from django.db import migrations


def gather(apps, schema_editor):
    Transfer = apps.get_model("ledger", "Transfer")
    Collective = apps.get_model("groupbuy", "Collective")
    payments = Transfer.objects.filter(
        kind="payment", reference__startswith="cycle:", reverses=None, reversed_by=None
    )
    by_cycle = defaultdict(list)
    for payment in payments.select_related("from_account").order_by("at", "pk"):
        by_cycle[int(payment.reference.split(":")[1])].append(payment)
    collectives = {c.structure_id: c for c in Collective.objects.all()}
    for n, (cycle_id, of_cycle) in enumerate(by_cycle.items(), start=1):
        collective = collectives[of_cycle[0].from_account.keeper_id]
        batch = write_batch(apps, collective, f"VIR-{of_cycle[0].at.year}-{n:03}", of_cycle)
        write_payments(apps, batch, cycle_id, of_cycle)


def write_batch(apps, collective, number, payments):
    first = payments[0]
    return apps.get_model("groupbuy", "PaymentBatch").objects.create(
        collective=collective,
        number=number,
        words="Au règlement du mois",
        pay_on=first.at.date(),
        made_by_id=first.actor_id,
        made_at=first.at,
        executed_by_id=first.actor_id,
        executed_at=first.at,
    )


def write_payments(apps, batch, cycle_id, payments):
    Transfer = apps.get_model("ledger", "Transfer")
    orders = apps.get_model("groupbuy", "PurchaseOrder").objects.filter(cycle_id=cycle_id)
    for payment in payments:
        row = apps.get_model("groupbuy", "ProducerPayment").objects.create(
            batch=batch,
            producer_id=payment.from_account.structure_id,
            amount_cents=payment.amount_cents,
            transfer=payment,
        )
        numbers = orders.filter(producer_id=row.producer_id).values_list("number", flat=True)
        paid = Transfer.objects.filter(
            to_account=payment.from_account,
            reference__in=list(numbers),
            reverses=None,
            reversed_by=None,
        )
        apps.get_model("groupbuy", "PaidDue").objects.bulk_create(
            apps.get_model("groupbuy", "PaidDue")(
                payment=row, transfer=due, amount_cents=due.amount_cents
            )
            for due in paid
        )


class Migration(migrations.Migration):
    dependencies = [("groupbuy", "0003_paying")]
    operations = [migrations.RunPython(gather, migrations.RunPython.noop, elidable=True)]
