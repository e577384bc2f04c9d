"""Paying producers: what is owed, the file for the bank, what became of it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.actions import paying as actions
from croqualim.groupbuy.forms.paying import ByHandForm, ExecutedForm, PayForm, ReasonForm
from croqualim.groupbuy.models import Collective, PaymentBatch
from croqualim.groupbuy.queries import paying as queries
from croqualim.groupbuy.rules.credit_transfer import FileVersion
from croqualim.groupbuy.rules.paying import PayingRefused
from croqualim.kernel.money import in_euros
from croqualim.ledger.actions import NotEnough


@require_http_methods(["GET", "POST"])
def payments(request: MemberRequest, collective_id: int) -> HttpResponse:
    """What is owed, ticked; what was paid before, underneath."""
    collective = access.get_collective(request.user, collective_id)
    owed = queries.owed_by(collective)
    dues = [pk for of_her in owed for pk in of_her.transfers_before(localdate())]
    by_hand = request.POST.get("how") == "hand"
    sent = request.POST if request.method == "POST" else None
    file_form = PayForm(None if by_hand else sent, dues=dues, today=localdate())
    hand_form = ByHandForm(sent if by_hand else None, dues=dues, today=localdate())
    form = hand_form if by_hand else file_form
    if form.is_valid() and (batch := _made(request, collective, form)):
        return redirect("groupbuy:payment_batch", batch.pk)
    context = {
        "collective": collective,
        "owed": owed,
        "total_cents": sum(of_her.amount_cents for of_her in owed),
        "own": queries.own_bank_details(collective.structure),
        "bank_cents": queries.bank_cents_of(collective),
        "batches": queries.batches_of(collective)[:24],
        "form": form,
        "file_form": file_form,
        "hand_form": hand_form,
    }
    return render(request, "groupbuy/payments.html", context)


def _made(request: MemberRequest, collective: Collective, form: PayForm) -> PaymentBatch | None:
    said = form.cleaned_data
    try:
        if isinstance(form, ByHandForm):
            batch = actions.pay_by_hand(
                collective=collective,
                chosen=said["due"],
                words=said["words"],
                actor=request.user,
                now=now(),
            )
            messages.success(request, _("C’est noté : ces livraisons sont payées."))
            return batch
        return actions.prepare_transfers(
            collective=collective,
            chosen=said["due"],
            pay_on=said["pay_on"],
            version=FileVersion(said["version"]),
            actor=request.user,
            now=now(),
        )
    except PayingRefused as refused:
        form.show(refused.problems)
    except NotEnough as short:
        form.add_error(None, _not_enough(short))
    return None


def _not_enough(short: NotEnough) -> str:
    return _(
        "Il manque %(cents)s sur « %(account)s ». Rien n’est noté payé : notez d’abord l’argent "
        "arrivé, ou payez moins de livraisons."
    ) % {"cents": in_euros(short.missing_cents), "account": short.account.name}


@require_GET
def payment_batch(request: MemberRequest, batch_id: int) -> HttpResponse:
    batch = access.get_payment_batch(request.user, batch_id)
    return _page(request, batch)


@require_GET
def payment_file(request: MemberRequest, batch_id: int) -> HttpResponse:
    """The file as it was made. Once cancelled, nobody takes it to the bank by mistake."""
    batch = access.get_payment_batch(request.user, batch_id)
    if not batch.content or batch.cancelled_at:
        raise Http404
    name = f"virements-{batch.number}.xml"
    return HttpResponse(
        batch.content.encode(),
        content_type="application/xml",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
def execute_batch(request: MemberRequest, batch_id: int) -> HttpResponse:
    batch = access.get_payment_batch(request.user, batch_id)
    form = ExecutedForm(request.POST)
    if not form.is_valid():
        return _page(request, batch, form=form)
    try:
        actions.mark_executed(
            batch=batch, paid_on=form.cleaned_data["paid_on"], actor=request.user, now=now()
        )
    except NotEnough as short:
        return _page(request, batch, form=form, refusal=_not_enough(short))
    except PayingRefused as refused:
        form.show(refused.problems)
        return _page(request, batch, form=form)
    messages.success(request, _("C’est noté : les producteurs sont payés."))
    return redirect("groupbuy:payment_batch", batch.pk)


@require_http_methods(["GET", "POST"])
def cancel_batch(request: MemberRequest, batch_id: int) -> HttpResponse:
    batch = access.get_payment_batch(request.user, batch_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.cancel_batch(
                batch=batch, reason=form.cleaned_data["reason"], actor=request.user, now=now()
            )
        except PayingRefused as refused:
            form.show(refused.problems)
        else:
            messages.success(request, _("Ces virements sont annulés. Détruisez leur fichier."))
            return redirect("groupbuy:payments", batch.collective_id)
    return render(request, "groupbuy/cancel_batch.html", {"batch": batch, "form": form})


@require_http_methods(["GET", "POST"])
def return_payment(request: MemberRequest, batch_id: int, payment_id: int) -> HttpResponse:
    batch = access.get_payment_batch(request.user, batch_id)
    payment = access.get_producer_payment(batch, payment_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.return_payment(
                payment=payment, reason=form.cleaned_data["reason"], actor=request.user, now=now()
            )
        except PayingRefused as refused:
            form.show(refused.problems)
        else:
            messages.success(request, _("C’est noté : cette somme est de nouveau due."))
            return redirect("groupbuy:payment_batch", batch.pk)
    context = {"batch": batch, "payment": payment, "form": form}
    return render(request, "groupbuy/return_payment.html", context)


def _page(request: MemberRequest, batch: PaymentBatch, **more: Any) -> HttpResponse:
    payments = queries.payments_of(batch)
    context = {
        "batch": batch,
        "payments": payments,
        "form": ExecutedForm(initial={"paid_on": localdate()}),
        "is_late": batch.pay_on < localdate(),
        "total_cents": sum(payment.amount_cents for payment, _references in payments),
        **more,
    }
    return render(request, "groupbuy/payment_batch.html", context)
