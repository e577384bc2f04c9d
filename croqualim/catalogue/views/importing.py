"""A spreadsheet: send it, look at what will become of each line, apply it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from croqualim.accounts.http import MemberRequest
from croqualim.catalogue import access
from croqualim.catalogue.actions import importing as actions
from croqualim.catalogue.forms.importing import Outline, UploadForm, outline, preview_lines
from croqualim.catalogue.rules.reading import FileRefused
from croqualim.catalogue.rules.writing import EXAMPLES
from croqualim.catalogue.views.files import spreadsheet

LINES_A_PAGE = 100


@require_http_methods(["GET", "POST"])
def upload(request: MemberRequest, buyer_id: int) -> HttpResponse:
    buyer = access.get_buyer(request.user, buyer_id)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            draft = actions.draft_import(
                buyer=buyer,
                file_name=file.name,
                content=file.read(),
                actor=request.user,
                now=now(),
            )
        except FileRefused as refused:
            form.show(refused.reason)
        else:
            return redirect("catalogue:preview", draft.pk)
    return render(request, "catalogue/upload.html", {"buyer": buyer, "form": form})


@require_GET
def preview(request: MemberRequest, import_id: int) -> HttpResponse:
    """What will become of each line, or what became of it."""
    draft = access.get_import(request.user, import_id)
    chosen = request.GET.get("voir", "")
    shown: Outline = outline(draft, chosen)
    page = Paginator(shown.decisions, LINES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "draft": draft,
        "outline": shown,
        "page": page,
        "lines": preview_lines(page.object_list),
        "query": {"voir": chosen} if chosen else {},
    }
    return render(request, "catalogue/preview.html", context)


@require_POST
def apply(request: MemberRequest, import_id: int) -> HttpResponse:
    draft = access.get_import(request.user, import_id)
    try:
        actions.apply_import(draft=draft, actor=request.user, now=now())
    except actions.CatalogueMoved:
        actions.look_again(draft=draft)
        messages.warning(
            request,
            _(
                "Le catalogue a changé depuis que vous avez envoyé ce tableau. Rien n’a été "
                "enregistré. Voici ce qui arriverait maintenant : regardez, puis confirmez."
            ),
        )
    return redirect("catalogue:preview", draft.pk)


@require_GET
def template(request: MemberRequest, extension: str) -> HttpResponse:
    """Our columns, with two lines as an example."""
    return spreadsheet("modele-catalogue", extension, EXAMPLES)
