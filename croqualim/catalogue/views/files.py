"""Spreadsheets to download."""

from collections.abc import Iterable

from django.http import Http404, HttpResponse

from croqualim.catalogue.rules.writing import Listed, as_csv, as_xlsx

WRITERS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def spreadsheet(name: str, extension: str, lines: Iterable[Listed]) -> HttpResponse:
    if extension not in WRITERS:
        raise Http404
    write, content_type = WRITERS[extension]
    return HttpResponse(
        write(lines),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}.{extension}"'},
    )
