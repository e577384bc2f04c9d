"""An envelope's statement for its funder: one page, no household in it."""

from datetime import datetime

from django.utils.translation import gettext as _

from croqualim.groupbuy.queries.envelope_made import MadePossible
from croqualim.groupbuy.queries.envelopes import EnvelopeStory
from croqualim.kernel.money import in_euros
from croqualim.kernel.period import day_in_words
from croqualim.ledger.models import Envelope
from croqualim.ui.charts import lay_out
from croqualim.ui.pdf import render_pdf


def envelope_pdf(
    envelope: Envelope, story: EnvelopeStory, made: MadePossible, *, now: datetime
) -> bytes:
    data = {
        "title": envelope.name,
        "lead": _("Confiée par %(funder)s à %(holder)s, du %(starts)s au %(ends)s")
        % {
            "funder": envelope.funder.name,
            "holder": envelope.holder.name,
            "starts": day_in_words(envelope.starts_on),
            "ends": day_in_words(envelope.ends_on),
        },
        "purpose": envelope.purpose,
        "received": in_euros(story.received_cents),
        "drawn": in_euros(story.drawn_cents),
        "left": in_euros(story.left_cents),
        "rows": _rows(story, made),
        "months": [
            [month.cycle.name, in_euros(month.drawn_cents), month.served] for month in story.months
        ],
        "households": made.households,
        "weights": [
            {"label": bar.label, "words": bar.words, "width": bar.width}
            for bar in lay_out(made.weights)
        ],
        "others": made.poured_and_counted,
    }
    return render_pdf("groupbuy/papers/envelope.typ", data, printed_at=now)


def _rows(story: EnvelopeStory, made: MadePossible) -> list[list[str]]:
    top_ups = [
        [_("Reçu le %(day)s") % {"day": day_in_words(top_up.on)}, in_euros(top_up.cents)]
        for top_up in story.top_ups
    ]
    rows = [
        *top_ups,
        [_("Versé pour les prix réduits"), in_euros(-story.drawn_cents)],
        [_("Reçu des parts solidaires"), in_euros(story.given_cents)],
    ]
    if story.returned_cents:
        rows.append([_("Rendu depuis, pour des produits repris"), in_euros(story.returned_cents)])
    rows.append([_("Il y reste"), in_euros(story.left_cents)])
    if made.held_cents is not None:
        rows.append([_("dont promis à des commandes en cours, environ"), in_euros(made.held_cents)])
    return rows
