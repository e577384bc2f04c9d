"""Orders and lines made before they remembered: which envelope answered, at which price."""

from collections import defaultdict

from django.db import migrations

BATCH = 500


def say_which_envelope(apps, schema_editor):
    """From what it holds for the order, else what the month's settlement drew on, else today's."""
    Order = apps.get_model("groupbuy", "Order")
    envelope_of = dict(apps.get_model("ledger", "Envelope").objects.values_list("account", "pk"))
    holding = {
        key: envelope_of.get(account)
        for key, account in apps.get_model("ledger", "Reservation")
        .objects.filter(key__startswith="order:")
        .values_list("key", "account")
    }
    settled = _settled(apps, envelope_of)
    options = {
        (collective, share): envelope
        for collective, share, envelope in apps.get_model(
            "groupbuy", "ShareOption"
        ).objects.values_list("collective", "share_percent", "envelope")
    }
    orders = list(Order.objects.exclude(share_percent=100).select_related("cycle"))
    for order in orders:
        today = options[order.cycle.collective_id, order.share_percent]
        drawn = settled[order.cycle_id, order.share_percent < 100]
        order.envelope_id = holding.get(f"order:{order.pk}:subsidy") or (
            min(drawn) if drawn and today not in drawn else today
        )
    Order.objects.bulk_update(orders, ["envelope"], batch_size=BATCH)


def _settled(apps, envelope_of):
    """(cycle, whether it was drawn on) -> envelopes of its settlement."""
    found = defaultdict(set)
    moved = apps.get_model("ledger", "Transfer").objects.filter(
        kind__in=("subsidy", "solidarity"),
        reference__startswith="cycle:",
        reverses=None,
        reversed_by=None,
    )
    rows = moved.values_list("kind", "reference", "from_account", "to_account")
    for kind, reference, from_account, to_account in rows:
        is_drawn = kind == "subsidy"
        envelope = envelope_of.get(from_account if is_drawn else to_account)
        if envelope:
            found[int(reference.split(":")[1]), is_drawn].add(envelope)
    return found


def say_which_price(apps, schema_editor):
    """The offer's, unless the line was counted at another one before that changed."""
    OrderLine = apps.get_model("groupbuy", "OrderLine")
    lines = list(OrderLine.objects.select_related("offer"))
    for line in lines:
        line.cost_price_cents = _price(line, line.offer)
    OrderLine.objects.bulk_update(lines, ["cost_price_cents"], batch_size=BATCH)


def _price(line, offer):
    cost = _rounded(offer.cost_price_cents * line.quantity, offer.priced_quantity)
    if not line.quantity or cost == line.cost_cents:
        return offer.cost_price_cents
    return _rounded(line.cost_cents * offer.priced_quantity, line.quantity)


def _rounded(number, by):
    return (2 * number + by) // (2 * by)


class Migration(migrations.Migration):
    dependencies = [("groupbuy", "0014_what_was_agreed")]
    operations = [
        migrations.RunPython(say_which_envelope, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(say_which_price, migrations.RunPython.noop, elidable=True),
    ]
