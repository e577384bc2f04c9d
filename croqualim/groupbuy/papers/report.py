"""The report of a month, to put in somebody's hands."""

from collections.abc import Sequence
from datetime import datetime

from croqualim.catalogue.models import Unit
from croqualim.groupbuy.queries.report import Report
from croqualim.kernel.money import in_euros
from croqualim.kernel.period import day_in_words
from croqualim.kernel.quantity import in_words
from croqualim.ui.charts import Bar, lay_out
from croqualim.ui.pdf import render_pdf


def report_pdf(report: Report, *, now: datetime) -> bytes:
    """A4; figures, pictures and words, no household."""
    settled = report.cycle.settled_at
    data = {
        "title": report.cycle.name,
        "lead": report.cycle.collective.structure.name,
        "settled": day_in_words(settled.date()) if settled else "",
        "words": report.cycle.words,
        "served": str(report.served),
        "weight": in_words(report.grams, Unit.GRAM),
        "paid": in_euros(report.paid_to_farms_cents),
        "weights": _bars(report.weights),
        "money": _bars(report.money),
        "qualities": _bars(report.qualities),
        "envelopes": [
            [f"{row.name}, {row.funder}", in_euros(row.drawn_cents), in_euros(row.given_cents)]
            for row in report.envelopes
        ],
        "farms": [
            [
                row.farm.name,
                in_words(row.grams, Unit.GRAM) if row.grams else "–",
                in_euros(row.cents),
            ]
            for row in report.farms
        ],
        "groups": [[row.name, row.households, str(row.absent)] for row in report.groups],
    }
    return render_pdf("groupbuy/papers/report.typ", data, printed_at=now)


def _bars(bars: Sequence[Bar]) -> list[dict[str, object]]:
    return [{"label": bar.label, "words": bar.words, "width": bar.width} for bar in lay_out(bars)]
