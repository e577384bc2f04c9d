"""The accountant's pages: the journal of a month, the accounts, the file she asks for."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from croqualim.accounting import access, actions, queries
from croqualim.accounting.forms import ChartForm, MonthForm, PeriodForm, ValidationForm
from croqualim.accounting.rules.fec import ENCODING, fec_file, file_name
from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy.models import Collective


@require_GET
def books(request: MemberRequest) -> HttpResponse:
    """Whose books she keeps."""
    collectives = list(access.kept_collectives(request.user))
    if len(collectives) == 1:
        return redirect("accounting:journal", collectives[0].pk)
    return render(request, "accounting/books.html", {"collectives": collectives})


@require_GET
def journal(request: MemberRequest, collective_id: int) -> HttpResponse:
    collective = access.get_books(request.user, collective_id)
    return _journal(request, collective)


@require_POST
def validate(request: MemberRequest, collective_id: int) -> HttpResponse:
    collective = access.get_books(request.user, collective_id)
    form = ValidationForm(request.POST)
    if form.is_valid():
        try:
            actions.validate_entries(
                collective=collective,
                until=form.cleaned_data["until"],
                actor=request.user,
                now=now(),
            )
        except actions.ValidationRefused as refused:
            form.show(refused.reason)
        else:
            messages.success(request, _("Ces écritures sont numérotées pour de bon."))
            return redirect("accounting:journal", collective.pk)
    return _journal(request, collective, form=form, validation=form)


@require_GET
def fec(request: MemberRequest, collective_id: int) -> HttpResponseBase:
    collective = access.get_books(request.user, collective_id)
    form = PeriodForm(request.GET)
    if form.is_valid():
        first, last = form.cleaned_data["du"], form.cleaned_data["au"]
        if not collective.structure.siret:
            form.add_error(
                None,
                _("Le fichier porte le SIREN de l’association : écrivez d’abord son SIRET."),
            )
        elif not queries.has_entries(collective, first, last):
            form.add_error("au", _("Aucune écriture validée entre ces deux jours."))
        else:
            return _file(collective, first, last)
    return _journal(request, collective, form=form, period=form)


def _file(collective: Collective, first: date, last: date) -> StreamingHttpResponse:
    name = file_name(collective.structure.siret[:9], last)
    return StreamingHttpResponse(
        fec_file(queries.fec_lines(collective, first, last)),
        content_type=f"text/plain; charset={ENCODING}",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_http_methods(["GET", "POST"])
def chart(request: MemberRequest, collective_id: int) -> HttpResponse:
    collective = access.get_books(request.user, collective_id)
    sent = request.POST if request.method == "POST" else None
    form = ChartForm(sent, chart=queries.chart_of(collective))
    if form.is_valid():
        actions.choose_accounts(collective=collective, accounts=form.accounts())
        messages.success(request, _("Ces numéros valent pour ce qui n’est pas encore validé."))
        return redirect("accounting:journal", collective.pk)
    return render(request, "accounting/chart.html", {"collective": collective, "form": form})


def _journal(request: MemberRequest, collective: Collective, **forms: Any) -> HttpResponse:
    today = localdate()
    first = MonthForm(request.GET).first_day(today)
    last = _month_after(first) - timedelta(days=1)
    still_open = queries.open_entries(collective, last)
    entries = queries.journal_of(collective, first, last, still_open)
    # an accountant sees nothing of the month but its books
    may_open = access.may_open_origins(request.user, collective)
    origins = queries.origins_of(collective, entries) if may_open else {}
    begun, closed = queries.first_day(collective), queries.validated_until(collective)
    context = {
        "collective": collective,
        "month": first,
        "before": _month_before(first) if begun and begun < first else None,
        "after": _month_after(first) if _month_after(first) <= today else None,
        "entries": [(entry, origins.get(entry.piece, "")) for entry in entries],
        "balances": queries.balances_of(collective, last, still_open),
        "last_day": last,
        "closed": closed,
        "validation": ValidationForm(initial={"until": _usual_closing(today)}),
        "period": PeriodForm(initial={"du": date(today.year, 1, 1), "au": closed or today}),
        **forms,
    }
    return render(request, "accounting/journal.html", context)


def _usual_closing(today: date) -> date:
    """The end of last month."""
    return today.replace(day=1) - timedelta(days=1)


def _month_after(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def _month_before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)
