"""Producers' invoices, for the coordinator and for the farm: send, complete, compare, answer."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.access import invoices as invoice_access
from croqualim.groupbuy.actions import invoices as actions
from croqualim.groupbuy.forms.invoices import (
    ApproveForm,
    FillForm,
    QueryForm,
    UploadForm,
    WithdrawForm,
    sentence,
)
from croqualim.groupbuy.models import Collective, Invoice
from croqualim.groupbuy.queries import invoices as queries
from croqualim.groupbuy.rules.facturx import FileRefused
from croqualim.groupbuy.rules.invoices import InvoiceRefused, State
from croqualim.network.models import Structure

MEDIA = {"pdf": "application/pdf", "xml": "application/xml"}


@require_http_methods(["GET", "POST"])
def invoices(request: MemberRequest, collective_id: int, structure_id: int) -> HttpResponse:
    """Those between a collective and a farm; another one can be sent."""
    collective, farm = access.get_statement_parties(request.user, collective_id, structure_id)
    is_sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
    if form.is_valid() and (made := _received(request, collective, farm, form)):
        return redirect("groupbuy:invoice", made.pk)
    orders = invoice_access.purchase_orders_between(request.user, collective.pk, farm)
    context = {
        "collective": collective,
        "farm": farm,
        "is_hers": access.speaks_for_farm(request.user, farm),
        "invoices": queries.invoices_between(collective, farm)[:100],
        "waiting": queries.waiting_among(orders),
        "form": form,
    }
    return render(request, "groupbuy/invoices.html", context)


def _received(
    request: MemberRequest, collective: Collective, farm: Structure, form: UploadForm
) -> Invoice | None:
    file: UploadedFile[Any] = form.cleaned_data["file"]
    try:
        return actions.receive_invoice(
            collective=collective,
            producer=farm,
            file_name=file.name or "",
            content=file.read(),
            actor=request.user,
            now=now(),
        )
    except FileRefused as refused:
        form.show_file(refused.reason)
    return None


@require_GET
def invoice(request: MemberRequest, invoice_id: int) -> HttpResponse:
    """What it asks beside what is owed."""
    found = invoice_access.get_invoice(request.user, invoice_id)
    if found.state == State.DRAFT:
        return redirect("groupbuy:fill_invoice", found.pk)
    return _page(request, found)


@require_http_methods(["GET", "POST"])
def fill_invoice(request: MemberRequest, invoice_id: int) -> HttpResponse:
    found = invoice_access.get_invoice(request.user, invoice_id)
    if found.state != State.DRAFT:
        return redirect("groupbuy:invoice", found.pk)
    orders = invoice_access.purchase_orders_between(
        request.user, found.collective_id, found.producer
    )
    waiting = queries.waiting_among(orders)
    sent = request.POST if request.method == "POST" else None
    form = FillForm(sent, invoice=found, waiting=waiting)
    if form.is_valid():
        try:
            actions.fill_invoice(invoice=found, **form.cleaned_data, actor=request.user, now=now())
        except InvoiceRefused as refused:
            form.show(refused.problems)
        else:
            messages.success(request, _("La facture est reçue : elle est à vérifier."))
            return redirect("groupbuy:invoice", found.pk)
    context = {"invoice": found, "form": form, "waiting": waiting}
    return render(request, "groupbuy/fill_invoice.html", context)


@require_GET
def invoice_file(request: MemberRequest, invoice_id: int) -> HttpResponse:
    """To keep, never to show: nothing in it runs on our pages."""
    found = invoice_access.get_invoice(request.user, invoice_id)
    name = f"facture-{slugify(found.number) or found.pk}.{found.media}"
    return HttpResponse(
        queries.content_of(found),
        content_type=MEDIA[found.media],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


@require_POST
def approve_invoice(request: MemberRequest, invoice_id: int) -> HttpResponse:
    found = invoice_access.get_invoice_to_check(request.user, invoice_id)
    form = ApproveForm(request.POST)
    if not form.is_valid():
        return _page(request, found)
    try:
        actions.approve_invoice(
            invoice=found,
            seen_cents=form.cleaned_data["seen_cents"],
            actor=request.user,
            now=now(),
        )
    except InvoiceRefused as refused:
        found = invoice_access.get_invoice_to_check(request.user, invoice_id)
        return _page(request, found, refusal=" ".join(map(sentence, refused.problems)))
    messages.success(request, _("La facture est approuvée. Il reste à la payer."))
    return redirect("groupbuy:invoice", found.pk)


@require_http_methods(["GET", "POST"])
def query_invoice(request: MemberRequest, invoice_id: int) -> HttpResponse:
    found = invoice_access.get_invoice_to_check(request.user, invoice_id)
    form = QueryForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        words = form.cleaned_data["words"]
        try:
            is_told = actions.query_invoice(
                invoice=found, words=words, actor=request.user, now=now()
            )
        except InvoiceRefused as refused:
            form.show(refused.problems)
        else:
            _say_queried(request, is_told)
            return redirect("groupbuy:invoice", found.pk)
    context = {"invoice": found, "form": form, "comparison": queries.comparison_of(found)}
    return render(request, "groupbuy/query_invoice.html", context)


def _say_queried(request: MemberRequest, is_told: bool) -> None:
    if is_told:
        messages.success(request, _("Votre question part par e-mail à la ferme."))
    else:
        messages.warning(
            request,
            _("C’est noté. La ferme n’a pas d’adresse e-mail ici : appelez-la aussi."),
        )


@require_http_methods(["GET", "POST"])
def withdraw_invoice(request: MemberRequest, invoice_id: int) -> HttpResponse:
    found = invoice_access.get_invoice_to_withdraw(request.user, invoice_id)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.withdraw_invoice(
                invoice=found,
                reason=form.cleaned_data["reason"],
                even_approved=invoice_access.may_check_invoice(request.user, found),
                actor=request.user,
                now=now(),
            )
        except InvoiceRefused as refused:
            form.show(refused.problems)
        else:
            messages.success(
                request, _("La facture est retirée. Vous pouvez en envoyer une autre.")
            )
            return redirect("groupbuy:invoices", found.collective_id, found.producer_id)
    return render(request, "groupbuy/withdraw_invoice.html", {"invoice": found, "form": form})


def _page(request: MemberRequest, found: Invoice, *, refusal: str = "") -> HttpResponse:
    may_check = invoice_access.may_check_invoice(request.user, found)
    context = {
        "invoice": found,
        "comparison": queries.comparison_of(found),
        "may_check": may_check,
        "may_withdraw": found.is_live and (may_check or found.state != State.APPROVED),
        "refusal": refusal,
    }
    return render(request, "groupbuy/invoice.html", context)
