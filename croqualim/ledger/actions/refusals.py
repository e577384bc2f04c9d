from croqualim.ledger.models import Account


class NotEnough(Exception):
    """The account does not hold, free of reservations, what was asked of it."""

    def __init__(self, account: Account, missing_cents: int) -> None:
        super().__init__(f"{account}: {missing_cents} cents missing")
        self.account = account
        self.missing_cents = missing_cents


class KeyReused(Exception):
    """A key names one thing done. It came back for something else: a fault of the caller."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class AlreadyReversed(Exception):
    """It went back already, under another key."""

    def __init__(self, original: object) -> None:
        super().__init__(str(original))
        self.original = original
