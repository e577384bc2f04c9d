"""A table as a file to download: `download(table, "xlsx", on=…)` streams it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from django.http import Http404, StreamingHttpResponse
from django.utils.text import slugify
from django.utils.timezone import get_current_timezone

from croqualim.kernel.tables import Table, csv_chunks, xlsx_chunks

WRITERS: Mapping[str, tuple[Callable[..., Iterator[bytes]], str]] = {
    "csv": (csv_chunks, "text/csv; charset=utf-8"),
    "xlsx": (
        xlsx_chunks,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


def download(table: Table[Any], suffix: str, *, on: date) -> StreamingHttpResponse:
    """'commandes-mars-2026-2026-03-02.csv'. Nothing is kept by browsers on the way.

    Raises Http404 on another suffix than csv and xlsx.
    """
    if suffix not in WRITERS:
        raise Http404
    write, media_type = WRITERS[suffix]
    name = f"{slugify(table.title)}-{on.isoformat()}.{suffix}"
    return StreamingHttpResponse(
        write(table, get_current_timezone()),
        content_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )
