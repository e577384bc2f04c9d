"""Tables to download, each with the access of the page that shows it."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.http import Http404, StreamingHttpResponse
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.queries import exports
from croqualim.kernel.tables import Table
from croqualim.ui.downloads import download

Subject = TypeVar("Subject")


@require_GET
def cycle_table(
    request: MemberRequest, cycle_id: int, name: str, suffix: str
) -> StreamingHttpResponse:
    cycle = access.get_cycle(request.user, cycle_id)
    return _sent(exports.OF_A_CYCLE, name, cycle, suffix)


def _sent(
    tables: Mapping[str, Callable[[Subject], Table[Any]]],
    name: str,
    subject: Subject,
    suffix: str,
) -> StreamingHttpResponse:
    """Raises Http404 on a table that is not there."""
    if name not in tables:
        raise Http404
    return download(tables[name](subject), suffix, on=localdate())
