"""What a collective was delivered by a farm, has paid and owes, on paper."""

from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from croqualim.groupbuy.models import Collective
from croqualim.groupbuy.papers.editions import movements_as_of
from croqualim.groupbuy.queries.printing import Edition
from croqualim.groupbuy.queries.statements import statement_of
from croqualim.kernel.money import in_euros
from croqualim.kernel.period import day_in_words
from croqualim.network.models import Structure
from croqualim.ui.pdf import render_pdf


def farmer_statement_pdf(
    collective: Collective, producer: Structure, *, printed_at: datetime
) -> bytes:
    said = statement_of(collective, producer)
    data = {
        "title": _("Relevé de %(farm)s") % {"farm": producer.name},
        "lead": _("avec %(collective)s") % {"collective": collective},
        "delivered": in_euros(said.delivered_cents),
        "paid": in_euros(said.paid_cents),
        "owed": in_euros(said.owed_cents),
        "rows": [
            [
                day_in_words(localtime(row.at).date()),
                row.what,
                in_euros(row.change_cents),
                in_euros(row.owed_cents),
            ]
            for row in said.rows
        ],
    }
    last = said.rows[-1].at if said.rows else None
    state = movements_as_of(Edition(len(said.rows), last))
    return render_pdf(
        "groupbuy/papers/farmer_statement.typ", data, printed_at=printed_at, state=state
    )
