from croqualim.accounts.models import Household
from croqualim.ledger.models import CLAIMS, HOLDINGS, Account, AccountKind
from croqualim.network.models import Structure


def open_account(
    *,
    keeper: Structure,
    kind: AccountKind,
    name: str,
    structure: Structure | None = None,
    household: Household | None = None,
    subject: str = "",
) -> Account:
    """The account of this kind in the keeper's book, opened when there is none yet.

    A claim cannot fall below zero, nor a holding rise above it: nobody pays a farmer with money
    that is not in the bank. An account that is there keeps its name.
    """
    account, _ = Account.objects.get_or_create(
        keeper=keeper,
        kind=kind,
        structure=structure,
        household=household,
        subject=subject,
        defaults={
            "name": name,
            "floor_cents": 0 if kind in CLAIMS else None,
            "ceiling_cents": 0 if kind in HOLDINGS else None,
        },
    )
    return account
