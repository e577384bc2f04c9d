"""Where a structure is paid. A change is a new row; the ones before it stay."""

from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.groupbuy.models import BankDetails
from croqualim.groupbuy.rules.paying import read_iban
from croqualim.network.models import Structure


@transaction.atomic
def tell_bank_details(
    *,
    structure: Structure,
    holder: str,
    iban: str,
    payer: Structure | None = None,
    actor: Person,
    now: datetime,
) -> BankDetails:
    """Note where to pay a structure: for all who pay it, or for one payer alone.

    The same again is the row that is there. Raises ValueError for an IBAN that cannot be one.
    """
    iban = read_iban(iban)
    Structure.objects.select_for_update(no_key=True).get(pk=structure.pk)
    told = BankDetails.objects.filter(structure=structure, payer=payer)
    last = told.order_by("-at", "-pk").first()
    if last is not None and (last.holder, last.iban) == (holder, iban):
        return last
    return BankDetails.objects.create(
        structure=structure, payer=payer, holder=holder, iban=iban, actor=actor, at=now
    )
