"""The directory of structures, and the team of each."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from croqualim.accounts.http import MemberRequest
from croqualim.network import access, actions, queries
from croqualim.network.forms import InviteForm, SearchForm, StructureForm, as_initial, worded

PER_PAGE = 24


@require_GET
def structures(request: MemberRequest) -> HttpResponse:
    person = request.user
    if not access.holds_a_role(person):
        raise Http404
    form = SearchForm(request.GET, departments=queries.departments_present())
    form.is_valid()
    found = queries.searched(access.visible_structures(person), **form.asked())
    context = {
        "form": form,
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "asked": form.asked(),
        "own_structures": access.own_structures(person),
        "may_add": access.may_add_structure(person),
    }
    return render(request, "network/structures.html", context)


@require_GET
def structure(request: MemberRequest, structure_id: int) -> HttpResponse:
    person = request.user
    shown = access.get_structure(person, structure_id)
    context = {
        "structure": shown,
        "sees_team": access.may_see_team(person, shown),
        "team": access.visible_team(person, shown),
        "may_edit": access.may_edit_structure(person, shown),
    }
    return render(request, "network/structure.html", context)


@require_http_methods(["GET", "POST"])
def add_structure(request: MemberRequest) -> HttpResponse:
    if not access.may_add_structure(request.user):
        raise Http404
    form = StructureForm(request.POST or None)
    if form.is_valid():
        try:
            added = actions.add_structure(**form.facts(), actor=request.user, now=now())
        except actions.NetworkRefused as refused:
            form.show(refused.problem)
        else:
            messages.success(request, _("%s est dans l’annuaire.") % added)
            return redirect("network:structure", added.pk)
    return render(request, "network/add_structure.html", {"form": form})


@require_http_methods(["GET", "POST"])
def change_structure(request: MemberRequest, structure_id: int) -> HttpResponse:
    changed = access.get_structure_to_edit(request.user, structure_id)
    name = str(changed)
    form = StructureForm(request.POST or None, initial=as_initial(changed))
    if form.is_valid():
        try:
            actions.change_structure(
                structure=changed, **form.facts(), actor=request.user, now=now()
            )
        except actions.NetworkRefused as refused:
            form.show(refused.problem)
        else:
            messages.success(request, _("La fiche est à jour."))
            return redirect("network:structure", structure_id)
    context = {"form": form, "structure_id": structure_id, "name": name}
    return render(request, "network/change_structure.html", context)


@require_GET
def team(request: MemberRequest, structure_id: int) -> HttpResponse:
    person = request.user
    shown = access.get_structure(person, structure_id)
    if not access.may_see_team(person, shown):
        raise Http404
    context = {
        "structure": shown,
        "team": access.visible_team(person, shown),
        "kinds": access.kinds_to_give(person, shown),
    }
    return render(request, "network/team.html", context)


@require_http_methods(["GET", "POST"])
def invite(request: MemberRequest, structure_id: int) -> HttpResponse:
    person = request.user
    inviting = access.get_structure(person, structure_id)
    kinds = access.kinds_to_give(person, inviting)
    if not kinds:
        raise Http404
    form = InviteForm(request.POST or None, kinds=kinds)
    if form.is_valid():
        try:
            role = actions.invite(structure=inviting, **form.cleaned_data, actor=person, now=now())
        except actions.NetworkRefused as refused:
            form.show(refused.problem)
        else:
            messages.success(request, _("%s fait partie de l’équipe.") % role.person)
            return redirect("network:team", structure_id)
    return render(request, "network/invite.html", {"form": form, "structure": inviting})


@require_http_methods(["GET", "POST"])
def end_role(request: MemberRequest, role_id: int) -> HttpResponse:
    role = access.get_role_to_end(request.user, role_id)
    refusal = ""
    if request.method == "POST":
        try:
            actions.end_role(role=role, actor=request.user, now=now())
        except actions.NetworkRefused as refused:
            refusal = worded(refused.problem)
        else:
            messages.success(request, _("C’est noté : ce rôle est terminé."))
            if access.may_see_team(request.user, role.structure):
                return redirect("network:team", role.structure_id)
            return redirect("pages:home")
    context = {"role": role, "structure": role.structure, "refusal": refusal}
    return render(request, "network/end_role.html", context)
