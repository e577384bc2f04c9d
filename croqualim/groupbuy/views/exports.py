"""Tables to download, each with the access of the page that shows it."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.http import Http404, StreamingHttpResponse
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.queries import exports
from croqualim.groupbuy.queries.exports import buying, money
from croqualim.kernel.tables import Table
from croqualim.ui.downloads import download

Subject = TypeVar("Subject")


@require_GET
def cycle_table(
    request: MemberRequest, cycle_id: int, name: str, suffix: str
) -> StreamingHttpResponse:
    cycle = access.get_cycle(request.user, cycle_id)
    return _sent(exports.OF_A_CYCLE, name, cycle, suffix)


@require_GET
def collective_table(
    request: MemberRequest, collective_id: int, name: str, suffix: str
) -> StreamingHttpResponse:
    collective = access.get_collective(request.user, collective_id)
    return _sent(exports.OF_A_COLLECTIVE, name, collective, suffix)


@require_GET
def purchase_order_table(
    request: MemberRequest, purchase_order_id: int, suffix: str
) -> StreamingHttpResponse:
    order = access.get_purchase_order(request.user, purchase_order_id)
    return download(buying.purchase_order(order), suffix, on=localdate())


@require_GET
def farmer_statement_table(
    request: MemberRequest, collective_id: int, structure_id: int, suffix: str
) -> StreamingHttpResponse:
    parties = access.get_statement_parties(request.user, collective_id, structure_id)
    return download(buying.farmer_statement(parties), suffix, on=localdate())


@require_GET
def envelope_table(request: MemberRequest, envelope_id: int, suffix: str) -> StreamingHttpResponse:
    envelope = access.get_envelope(request.user, envelope_id)
    return download(money.envelope(envelope), suffix, on=localdate())


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
