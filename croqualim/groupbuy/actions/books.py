"""The accounts of a collective's month. Each is opened the first time it is needed."""

from django.db.models import QuerySet

from croqualim.accounts.models import Household
from croqualim.groupbuy.models import Collective, Cycle, Order, PaymentMethod
from croqualim.ledger.actions import open_account
from croqualim.ledger.models import Account, AccountKind
from croqualim.network.models import Structure


def hold_collective(collective_id: int) -> None:
    """Take the collective's books in hand, before anything else is locked.

    What moves several amounts or goods in one transaction (an evening, a delivery, a settlement)
    locks accounts and levels one movement after the other; one such transaction at a time in a
    collective, so that two never wait for each other. Orders do not need it.
    """
    _hold(Collective.objects.filter(pk=collective_id))


def hold_books_of_cycle(cycle_id: int) -> None:
    """`hold_collective`, for who has a cycle at hand."""
    _hold(Collective.objects.filter(cycles=cycle_id))


def hold_books_of_popup(popup_id: int) -> None:
    """`hold_collective`, for who has a shop at hand."""
    _hold(Collective.objects.filter(cycles__popups=popup_id))


def _hold(books: QuerySet[Collective]) -> None:
    list(books.select_for_update(no_key=True, of=("self",)).values_list("pk"))


def cash(collective: Collective) -> Account:
    return _own(collective, AccountKind.CASH)


def bank(collective: Collective) -> Account:
    return _own(collective, AccountKind.BANK)


def cheques(collective: Collective) -> Account:
    return _own(collective, AccountKind.CHEQUES)


def goods(collective: Collective) -> Account:
    return _own(collective, AccountKind.GOODS)


def income(collective: Collective) -> Account:
    return _own(collective, AccountKind.INCOME)


def loss(collective: Collective) -> Account:
    return _own(collective, AccountKind.LOSS)


def deposits(collective: Collective) -> Account:
    """What members paid for the containers that are out, and get back with them."""
    return _own(collective, AccountKind.DEPOSITS)


def differences(collective: Collective) -> Account:
    """What boxes held too much or too little when their shop closed."""
    return _own(collective, AccountKind.DIFFERENCES)


def sales(cycle: Cycle) -> Account:
    """What the cycle has taken less what its goods cost; empty once it is settled."""
    return open_account(
        keeper=cycle.collective.structure,
        kind=AccountKind.SALES,
        name=f"Ventes · {cycle.name}",
        subject=f"cycle:{cycle.pk}",
    )


def producer(collective: Collective, farm: Structure) -> Account:
    """What is owed to a producer."""
    return open_account(
        keeper=collective.structure,
        kind=AccountKind.PRODUCER,
        name=f"Dû à {farm.name}",
        structure=farm,
    )


def prepaid(collective: Collective, household: Household) -> Account:
    return open_account(
        keeper=collective.structure,
        kind=AccountKind.PREPAID,
        name=f"Compte prépayé · {household}",
        household=household,
    )


def envelope_behind(order: Order) -> Account | None:
    """The envelope that pays what this order's share leaves, or receives what it adds."""
    return order.envelope.account if order.envelope else None


def paid_from(
    collective: Collective, method: PaymentMethod, household: Household | None = None
) -> Account:
    """Where the money of a payment comes from in the books: the box it lies in, or her account.

    Raises ValueError for a prepaid account of nobody.
    """
    if method == PaymentMethod.CASH:
        return cash(collective)
    if method == PaymentMethod.CHEQUE:
        return cheques(collective)
    if method == PaymentMethod.CARD:
        return bank(collective)
    if household is None:
        raise ValueError("A prepaid account is somebody's.")
    return prepaid(collective, household)


def _own(collective: Collective, kind: AccountKind) -> Account:
    return open_account(keeper=collective.structure, kind=kind, name=str(kind.label))
