"""What a farmer sees of the month: what was bought of her, what arrived, what she is owed."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.papers.farmer_statement import farmer_statement_pdf as paper
from croqualim.groupbuy.queries import purchasing as queries
from croqualim.groupbuy.queries.statements import owed_to, statement_of


@require_GET
def farmer_orders(request: MemberRequest) -> HttpResponse:
    orders = queries.orders_to_farmer(request.user)
    owed = owed_to(contents.purchase_order for contents in orders)
    context = {
        "orders": orders,
        "owed": owed,
        "farms": access.own_farms(request.user),
        "total_cents": sum(contents.total_cents for contents in orders),
        "received_cents": sum(contents.received_cents for contents in orders),
    }
    return render(request, "groupbuy/farmer_orders.html", context)


@require_GET
def farmer_statement(request: MemberRequest, collective_id: int, structure_id: int) -> HttpResponse:
    collective, farm = access.get_statement_parties(request.user, collective_id, structure_id)
    context = {
        "collective": collective,
        "farm": farm,
        "is_hers": access.speaks_for_farm(request.user, farm),
        "statement": statement_of(collective, farm),
    }
    return render(request, "groupbuy/farmer_statement.html", context)


@require_GET
def farmer_statement_pdf(
    request: MemberRequest, collective_id: int, structure_id: int
) -> HttpResponse:
    collective, farm = access.get_statement_parties(request.user, collective_id, structure_id)
    return HttpResponse(
        paper(collective, farm, printed_at=now()),
        content_type="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="releve.pdf"'},
    )
