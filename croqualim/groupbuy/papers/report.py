"""The report of a month, to put in somebody's hands."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from croqualim.groupbuy.queries.balance import Balance
from croqualim.groupbuy.queries.envelopes import EnvelopeRow
from croqualim.groupbuy.queries.report import Report
from croqualim.kernel.money import in_euros
from croqualim.kernel.period import day_in_words
from croqualim.ui.charts import Bar, lay_out
from croqualim.ui.pdf import render_pdf


def report_pdf(report: Report, *, now: datetime) -> bytes:
    """A4; figures, pictures and words, no household."""
    settled = report.cycle.settled_at
    data = {
        "title": report.cycle.name,
        "lead": report.cycle.collective.structure.name,
        "settled": day_in_words(localtime(settled).date()) if settled else "",
        "words": report.cycle.words,
        "served": report.served_in_words,
        "taken": report.taken,
        "paid": in_euros(report.paid_to_farms_cents),
        "weights": _bars(report.weights),
        "money": _bars(report.money),
        "qualities": _bars(report.qualities),
        "envelopes": [
            [f"{row.name}, {row.funder}", in_euros(row.drawn_cents), _given(row)]
            for row in report.envelopes
        ],
        "farms": [[row.farm.name, row.delivered, in_euros(row.cents)] for row in report.farms],
        "groups": [[row.name, str(row.households)] for row in report.named_groups],
        "groups_total": f"{report.groups_in_words} {report.absent_in_words}",
        **_balance(report.balance),
    }
    return render_pdf("groupbuy/papers/report.typ", data, printed_at=now)


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
