from datetime import datetime

from croqualim.accounts.rules import Problem, Reason


class AccountRefused(Exception):
    """Nothing was done, and this is why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.reason)
        self.problem = problem

    @classmethod
    def because(cls, reason: Reason, *, until: datetime | None = None) -> "AccountRefused":
        return cls(Problem(reason, until))
