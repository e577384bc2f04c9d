import statistics
import time
from collections.abc import Callable


def milliseconds(times: int, action: Callable[[int], object]) -> float:
    """Median over `times` calls, after three that do not count."""
    for n in range(3):
        action(-n - 1)
    taken = []
    for n in range(times):
        started = time.perf_counter()
        action(n)
        taken.append(1000 * (time.perf_counter() - started))
    return statistics.median(taken)
