"""How many whole packagings to buy when what is needed does not fill the last one."""

from enum import StrEnum


class Rounding(StrEnum):
    """What becomes of the packaging that is not full."""

    UP = "up"  # bought; the warehouse keeps what nobody asked for
    DOWN = "down"  # not bought; those who asked share what comes
    NEAREST = "nearest"  # bought when at least half full
    VOLUNTEERS = "volunteers"  # bought; those who said so take more of it, if that completes it


def whole(needed: int, packaging: int, rounding: Rounding) -> int:
    """How many packagings of so much are bought for what is needed, in one unit.

    Raises ValueError for a packaging that holds nothing or for less than nothing needed.
    """
    if packaging <= 0 or needed < 0:
        raise ValueError("quantities are not negative and a packaging holds something")
    full, begun = divmod(needed, packaging)
    if rounding is Rounding.DOWN or not begun:
        return full
    if rounding is Rounding.NEAREST and 2 * begun < packaging:
        return full
    return full + 1
