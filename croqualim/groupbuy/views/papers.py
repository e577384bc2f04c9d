"""The papers of a cycle: what each is for, which version was printed, and the next one."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.actions import printing as actions
from croqualim.groupbuy.forms.printing import LabelsForm
from croqualim.groupbuy.models import Cycle, Popup
from croqualim.groupbuy.papers.price_list import PRICE_LIST
from croqualim.groupbuy.papers.register import OF_A_CYCLE, OF_A_SHOP, Paper
from croqualim.groupbuy.queries import printing as queries
from croqualim.groupbuy.queries.preparation import shops_of
from croqualim.ui.labels import LABELS, USUAL


@dataclass(frozen=True)
class Offered:
    """A paper on the page, where to have it printed, and how the last print stands."""

    paper: Paper
    address: str
    printed: queries.Printed | None


@require_GET
def papers(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = access.get_cycle_to_prepare(request.user, cycle_id)
    return _show(request, cycle, LabelsForm(initial={"labels": cycle.collective.label_format}))


def _show(request: MemberRequest, cycle: Cycle, form: LabelsForm) -> HttpResponse:
    versions, printed = queries.versions_of(cycle), queries.last_printed(cycle)
    prices = queries.edition_of_offers(cycle, PRICE_LIST).version

    def offered(paper: Paper, popup: Popup | None) -> Offered:
        shop = popup.pk if popup else None
        address = _address(cycle, popup, paper.name)
        version = prices if paper.name == PRICE_LIST else versions.get(shop, 0)
        last = printed.get((shop, paper.name))
        stands = queries.Printed(last.version, last.at, last.version < version) if last else None
        return Offered(paper, address, stands)

    context = {
        "cycle": cycle,
        "form": form,
        "papers": [offered(paper, None) for paper in OF_A_CYCLE.values()],
        "shops": [
            (popup, [offered(paper, popup) for paper in OF_A_SHOP.values()])
            for popup in shops_of(cycle)
        ],
        "may_coordinate": access.may_coordinate(request.user, cycle),
    }
    return render(request, "groupbuy/papers.html", context)


@require_POST
def print_paper(request: MemberRequest, cycle_id: int, name: str) -> HttpResponse:
    """Note which version goes to the printer, then show it."""
    cycle = access.get_cycle_to_prepare(request.user, cycle_id)
    if name not in OF_A_CYCLE:
        raise Http404
    edition = queries.edition_of_offers if name == PRICE_LIST else queries.edition_of_orders
    _note(request, cycle, None, name, edition(cycle, name))
    return redirect("groupbuy:cycle_paper", cycle.pk, name)


@require_POST
def print_shop_paper(request: MemberRequest, popup_id: int, name: str) -> HttpResponse:
    popup = access.get_popup_to_prepare(request.user, popup_id)
    if name not in OF_A_SHOP:
        raise Http404
    query = ""
    if OF_A_SHOP[name].takes_labels:
        form = LabelsForm(request.POST)
        if not form.is_valid():
            return _show(request, popup.cycle, form)
        actions.remember_labels(
            collective=popup.cycle.collective, label_format=form.cleaned_data["labels"]
        )
        query = f"?{urlencode(form.cleaned_data)}"
    _note(request, popup.cycle, popup, name, queries.edition_of_shop(popup, name))
    return redirect(reverse("groupbuy:preparation_paper", args=[popup.pk, name]) + query)


@require_GET
def cycle_paper(request: MemberRequest, cycle_id: int, name: str) -> HttpResponse:
    cycle = access.get_cycle_to_prepare(request.user, cycle_id)
    if name not in OF_A_CYCLE:
        raise Http404
    return as_pdf(OF_A_CYCLE[name].printed(cycle, now=now()), f"{name}-{cycle.pk}")


@require_GET
def shop_paper(request: MemberRequest, popup_id: int, name: str) -> HttpResponse:
    """Labels on what the address says, on what the collective used last otherwise."""
    popup = access.get_popup_to_prepare(request.user, popup_id)
    if name not in OF_A_SHOP:
        raise Http404
    paper, options = OF_A_SHOP[name], {}
    if paper.takes_labels:
        usual = LABELS.get(popup.cycle.collective.label_format, LABELS[USUAL])
        form = LabelsForm(request.GET)
        start = form.cleaned_data["start"] if form.is_valid() else 1
        options = {"labels": LABELS.get(request.GET.get("labels", ""), usual), "start": start}
    return as_pdf(paper.printed(popup, now=now(), **options), f"{name}-{popup.pk}")


def as_pdf(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}.pdf"'},
    )


def _note(
    request: MemberRequest, cycle: Cycle, popup: Popup | None, name: str, edition: queries.Edition
) -> None:
    actions.note_printing(
        cycle=cycle,
        popup=popup,
        paper=name,
        version=edition.version,
        actor=request.user,
        now=now(),
    )


def _address(cycle: Cycle, popup: Popup | None, name: str) -> str:
    if popup:
        return reverse("groupbuy:print_shop_paper", args=[popup.pk, name])
    return reverse("groupbuy:print_paper", args=[cycle.pk, name])
