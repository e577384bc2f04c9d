"""Tables and labels of a month of 10,000 orders of twelve lines, and what bare SQL takes for them.

    python -m bench.exports                                       on SQLite
    python -m tools.with_postgres python -m bench.exports         on PostgreSQL

A table is written whole, as the browser gets it; its peak of memory is what Python holds besides.
Beside each, in the same run: the same rows read by one SQL statement and thrown away, and the same
workbook written by openpyxl, row by row.
"""

import os
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bench.closing import add_orders, open_month

if TYPE_CHECKING:
    from croqualim.groupbuy.models import Popup
    from croqualim.kernel.tables import Table

ORDERS = 10_000
LABELS = 1_000
LINES_SQL = """
    SELECT g.name, o.reference, m.number, l.offer_id, l.asked_quantity, l.quantity
    FROM groupbuy_orderline l JOIN groupbuy_order o ON o.id = l.order_id
    JOIN groupbuy_popup p ON p.id = o.popup_id JOIN groupbuy_group g ON g.id = p.group_id
    JOIN groupbuy_membership m ON m.id = o.membership_id
    WHERE o.cycle_id = %s AND o.cancelled_at IS NULL ORDER BY g.name, o.reference, l.id
"""


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    with tempfile.TemporaryDirectory(prefix="croqualim-bench-") as folder:
        os.environ["DATA_DIR"] = folder
        import django  # noqa: PLC0415 (settings read the environment made above)

        django.setup()
        measure()


def measure() -> None:
    from django.db import connection  # noqa: PLC0415 (needs a set-up Django)

    print(connection.vendor)
    popup = open_month()
    add_orders(popup, 0, LABELS)
    _measure_labels(popup)
    add_orders(popup, LABELS, ORDERS)
    _measure_tables(popup)


def _measure_labels(popup: "Popup") -> None:
    from django.utils.timezone import now  # noqa: PLC0415

    from croqualim.groupbuy.papers.labels import bag_labels_pdf  # noqa: PLC0415
    from croqualim.ui.labels import LABELS as FORMATS  # noqa: PLC0415
    from croqualim.ui.qr import qr_svg  # noqa: PLC0415

    for code in ("L7160", "R62"):
        qr_svg.cache_clear()
        _say(
            f"{LABELS:,} bag labels on {code}, codes drawn",
            lambda code=code: bag_labels_pdf(popup, now=now(), labels=FORMATS[code]),
        )
    _say(f"{LABELS:,} bag labels again", lambda: bag_labels_pdf(popup, now=now()))


def _measure_tables(popup: "Popup") -> None:
    from croqualim.groupbuy.queries.exports.orders import order_lines, orders  # noqa: PLC0415
    from croqualim.kernel.tables import csv_chunks, xlsx_chunks  # noqa: PLC0415

    cycle = popup.cycle
    _say("120,000 lines, bare SQL", lambda: _bare(cycle.pk))
    for table, said in ((orders, f"{ORDERS:,} orders"), (order_lines, "120,000 lines")):
        for write, suffix in ((csv_chunks, "CSV"), (xlsx_chunks, "XLSX")):
            _say(
                f"{said}, {suffix}",
                lambda write=write, table=table: _whole(write, table(cycle)),
            )
    _say(f"{ORDERS:,} orders, XLSX by openpyxl", lambda: _by_openpyxl(orders(cycle)))


def _whole(write: Callable[..., Any], table: "Table[Any]") -> int:
    from django.utils.timezone import get_current_timezone  # noqa: PLC0415

    return sum(len(piece) for piece in write(table, get_current_timezone()))


def _bare(cycle_id: int) -> int:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(LINES_SQL, [cycle_id])
        return sum(1 for _row in cursor)


def _by_openpyxl(table: "Table[Any]") -> int:
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in table.rows:
        cells = [column.read(row) for column in table.columns]
        sheet.append([c.replace(tzinfo=None) if hasattr(c, "tzinfo") else c for c in cells])
    with tempfile.TemporaryFile() as file:
        book.save(file)
        return file.tell()


def _say(what: str, action: Callable[[], Any]) -> None:
    """Seconds on the clock and of the processor, once; then once more for the peak of memory."""
    wall, cpu = time.perf_counter(), time.process_time()
    action()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    tracemalloc.start()
    action()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"{what:40} {wall:6.2f} s ({cpu:6.2f} s of CPU)  {peak / 2**20:6.1f} MiB")


if __name__ == "__main__":
    main()
