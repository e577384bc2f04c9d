"""The end of the month: settle, report, show a funder where the money went."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.actions import settlement as actions
from croqualim.groupbuy.forms.settlement import ReasonForm, SettlementForm
from croqualim.groupbuy.papers.envelope import envelope_pdf
from croqualim.groupbuy.papers.report import report_pdf
from croqualim.groupbuy.queries.envelope_made import made_possible_by
from croqualim.groupbuy.queries.envelopes import envelopes_of, story_of
from croqualim.groupbuy.queries.report import report_of
from croqualim.groupbuy.queries.settlement import deposits_of, obstacles_to_settling, settlement_of
from croqualim.kernel.money import in_euros
from croqualim.ledger.actions import NotEnough


@require_http_methods(["GET", "POST"])
def settle_cycle(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = access.get_cycle(request.user, cycle_id)
    form = SettlementForm(request.POST or None, initial={"words": cycle.words})
    if request.method == "POST" and form.is_valid():
        try:
            actions.settle_cycle(
                cycle=cycle, words=form.cleaned_data["words"], actor=request.user, now=now()
            )
        except actions.SettlementRefused as refused:
            for obstacle in refused.obstacles:
                form.add_error(None, obstacle)
        except NotEnough as short:
            form.add_error(None, _not_enough(short))
        else:
            messages.success(request, _("Le cycle est réglé. Voici son rapport."))
            return redirect("groupbuy:cycle_report", cycle.pk)
    context = {
        "cycle": cycle,
        "form": form,
        "plan": settlement_of(cycle),
        "envelopes": envelopes_of(cycle),
        "deposits": deposits_of(cycle),
        "obstacles": obstacles_to_settling(cycle),
    }
    return render(request, "groupbuy/settle_cycle.html", context)


def _not_enough(short: NotEnough) -> str:
    return _(
        "Il manque %(cents)s sur « %(account)s » : notez d’abord l’argent arrivé, puis réglez."
    ) % {"cents": in_euros(short.missing_cents), "account": short.account.name}


@require_http_methods(["GET", "POST"])
def undo_settlement(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = access.get_cycle(request.user, cycle_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.undo_settlement(
                cycle=cycle, reason=form.cleaned_data["reason"], actor=request.user, now=now()
            )
        except NotEnough as short:
            form.add_error(None, _not_enough(short))
        else:
            messages.success(
                request, _("Le règlement est annulé : chaque virement a son contraire.")
            )
            return redirect("groupbuy:settle_cycle", cycle.pk)
    return render(request, "groupbuy/undo_settlement.html", {"cycle": cycle, "form": form})


@require_GET
def cycle_report(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = access.get_readable_cycle(request.user, cycle_id)
    context = {
        "report": report_of(cycle),
        "may_coordinate": access.may_coordinate(request.user, cycle),
    }
    return render(request, "groupbuy/cycle_report.html", context)


@require_GET
def cycle_report_pdf(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = access.get_readable_cycle(request.user, cycle_id)
    return HttpResponse(
        report_pdf(report_of(cycle), now=now()),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="rapport-cycle-{cycle.pk}.pdf"'},
    )


@require_GET
def envelope(request: MemberRequest, envelope_id: int) -> HttpResponse:
    envelope = access.get_envelope(request.user, envelope_id)
    context = {
        "envelope": envelope,
        "story": story_of(envelope),
        "made": made_possible_by(envelope),
    }
    return render(request, "groupbuy/envelope.html", context)


@require_GET
def envelope_statement(request: MemberRequest, envelope_id: int) -> HttpResponse:
    """The same on one page, to put in a file."""
    envelope = access.get_envelope(request.user, envelope_id)
    paper = envelope_pdf(envelope, story_of(envelope), made_possible_by(envelope), now=now())
    return HttpResponse(
        paper,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="enveloppe-{envelope.pk}.pdf"'},
    )
