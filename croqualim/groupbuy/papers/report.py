"""The report of a month, to put in somebody's hands."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from croqualim.catalogue.models import Unit
from croqualim.groupbuy.models import Cycle
from croqualim.groupbuy.papers.editions import report_as_of
from croqualim.groupbuy.queries.balance import Balance
from croqualim.groupbuy.queries.envelopes import EnvelopeRow
from croqualim.groupbuy.queries.months import months_up_to
from croqualim.groupbuy.queries.printing import edition_of_report
from croqualim.groupbuy.queries.report import Report
from croqualim.kernel.money import in_euros, round_half_up
from croqualim.kernel.period import day_in_words
from croqualim.kernel.quantity import in_words
from croqualim.ui.charts import Bar, lay_out
from croqualim.ui.pdf import render_pdf


def report_pdf(report: Report, *, now: datetime) -> bytes:
    """A4; figures, pictures and words, no household."""
    edition = edition_of_report(report.cycle)
    settled = report.cycle.settled_at
    data = {
        "title": report.cycle.name,
        "lead": report.cycle.collective.structure.name,
        "settled": day_in_words(localtime(settled).date()) if settled else "",
        "words": report.cycle.words,
        "served": report.served_in_words,
        "taken": report.taken,
        "owed": in_euros(report.owed_to_farms_cents),
        "weights": _bars(report.weights),
        "money": _bars(report.money),
        "qualities": _bars(report.qualities),
        "euro_from": _parts(_sources(report.balance)),
        "euro_to": _parts(_uses(report.balance)),
        "months": _bars(_months(report.cycle)),
        "envelopes": [
            [f"{row.name}, {row.funder}", in_euros(row.drawn_cents), _given(row)]
            for row in report.envelopes
        ],
        "farms": [[row.farm.name, row.delivered, in_euros(row.cents)] for row in report.farms],
        "groups": [[row.name, str(row.households)] for row in report.named_groups],
        "groups_total": f"{report.groups_in_words} {report.absent_in_words}",
        **_balance(report.balance),
    }
    state = report_as_of(edition)
    return render_pdf("groupbuy/papers/report.typ", data, printed_at=now, state=state)


def _sources(balance: Balance) -> list[tuple[str, int]]:
    return [
        (_("les adhérent·es"), balance.members_cents),
        (_("les enveloppes solidaires"), balance.envelopes_cents),
        (_("la vente libre"), balance.free_sales_cents),
        (_("le collectif, qui comble"), -balance.margin_cents),
    ]


def _uses(balance: Balance) -> list[tuple[str, int]]:
    return [
        (_("les producteurs, à leur prix"), balance.taken_cents),
        (_("le collectif : frais et arrondis"), balance.margin_cents),
    ]


def _parts(amounts: Sequence[tuple[str, int]]) -> list[dict[str, object]]:
    """Of one euro: each part's width in thousandths, and its cents. What is below zero is not a
    part: it stands on the other side."""
    kept = [(label, cents) for label, cents in amounts if cents > 0]
    total = sum(cents for _label, cents in kept)
    return [
        {
            "label": label,
            "words": in_euros(cents),
            "of_a_euro": in_euros(round_half_up(100 * cents, total)),
            "width": max(4, cents * 1000 // total),
        }
        for label, cents in kept
    ]


def _months(cycle: Cycle) -> list[Bar]:
    return [
        Bar(month.cycle.name, month.grams, in_words(month.grams, Unit.GRAM))
        for month in months_up_to(cycle)
    ]


def _balance(balance: Balance) -> dict[str, object]:
    return {
        "balance_money": [[what, in_euros(cents)] for what, cents in balance.money_rows],
        "margin": [balance.margin_label, in_euros(balance.margin_cents)],
        "balance_goods": [[what, in_euros(cents)] for what, cents in balance.goods_rows],
        "stocked": [balance.stocked_label, in_euros(balance.stocked_cents)],
        "tills": balance.till_in_words,
    }


def _given(row: EnvelopeRow) -> str:
    return _("non écrit") if row.given_cents is None else in_euros(row.given_cents)


def _bars(bars: Sequence[Bar]) -> list[dict[str, object]]:
    return [{"label": bar.label, "words": bar.words, "width": bar.width} for bar in lay_out(bars)]
