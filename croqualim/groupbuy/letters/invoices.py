"""What a collective writes to a farm about her invoice."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from croqualim.groupbuy.letters import Letter
from croqualim.groupbuy.models import Invoice


def invoice_queried(invoice: Invoice, words: str) -> Letter:
    """With the words of who asks, and the page where both see the same figures."""
    buyer = invoice.collective.structure
    said = {
        "number": invoice.number,
        "buyer": buyer,
        "reach": ", ".join(filter(None, [buyer.email, buyer.phone and buyer.phone_in_words])),
        "page": settings.SITE_URL + reverse("groupbuy:invoice", args=[invoice.pk]),
    }
    paragraphs = [
        _("Bonjour,"),
        _("%(buyer)s a une question sur votre facture %(number)s :") % said,
        words,
        _("La facture et ce qui a été reçu, côte à côte : %(page)s") % said,
        _("Pour la corriger, retirez-la sur cette page et envoyez la nouvelle."),
        _("Pour en parler : %(reach)s") % said if said["reach"] else "",
    ]
    return Letter(
        subject=(_("Votre facture %(number)s : une question") % said)[:200],
        body="\n\n".join(filter(None, paragraphs)),
        short="",
    )
