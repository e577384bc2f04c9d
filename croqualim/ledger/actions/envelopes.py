from datetime import date, datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.ledger.actions.accounts import open_account
from croqualim.ledger.actions.transfers import transfer
from croqualim.ledger.models import AccountKind, Envelope, Transfer
from croqualim.network.models import Structure


@transaction.atomic
def open_envelope(
    *,
    name: str,
    funder: Structure,
    holder: Structure,
    purpose: str,
    starts_on: date,
    ends_on: date,
    now: datetime,
) -> Envelope:
    """An empty envelope in the holder's book; the one already there under this name and start.

    Raises ValueError when it ends before it starts.
    """
    if ends_on < starts_on:
        raise ValueError("An envelope ends after it starts.")
    account = open_account(
        keeper=holder,
        kind=AccountKind.ENVELOPE,
        name=name,
        structure=funder,
        subject=f"{name} · {starts_on}",
    )
    envelope, _ = Envelope.objects.get_or_create(
        account=account,
        defaults={
            "name": name,
            "funder": funder,
            "holder": holder,
            "purpose": purpose,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "opened_at": now,
        },
    )
    return envelope


@transaction.atomic
def top_up_envelope(
    *,
    key: str,
    envelope: Envelope,
    amount_cents: int,
    now: datetime,
    actor: Person | None = None,
) -> Transfer:
    """The funder's money has reached the holder's bank: the bank holds it, the envelope claims it.

    Raises what `transfer` does.
    """
    bank = open_account(keeper=envelope.holder, kind=AccountKind.BANK, name="Banque")
    return transfer(
        key=key,
        from_account=bank,
        to_account=envelope.account,
        amount_cents=amount_cents,
        kind="top_up",
        reference=envelope.name[:100],
        now=now,
        actor=actor,
    )
