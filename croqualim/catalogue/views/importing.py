"""A spreadsheet: send it, look at what will become of each line, apply it."""

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from croqualim.accounts.http import MemberRequest
from croqualim.catalogue import access
from croqualim.catalogue.actions import asking as actions
from croqualim.catalogue.forms.columns import ColumnsForm
from croqualim.catalogue.forms.importing import Lines, UploadForm, lines_in, outline, preview_lines
from croqualim.catalogue.forms.wording import FILE_SENTENCES, kept_in_words
from croqualim.catalogue.models import CatalogueImport
from croqualim.catalogue.queries.importing import lines_of
from croqualim.catalogue.rules.reading import FileReason, FileRefused
from croqualim.catalogue.rules.stored import plan_from
from croqualim.catalogue.rules.writing import EXAMPLES
from croqualim.catalogue.views.files import spreadsheet


@require_http_methods(["GET", "POST"])
def upload(request: MemberRequest, buyer_id: int) -> HttpResponse:
    buyer = access.get_buyer(request.user, buyer_id)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            draft = actions.send(
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
    context = {
        "buyer": buyer,
        "form": form,
        "waiting": access.waiting_imports(buyer)[:5],
        "past": access.applied_imports(buyer)[:12],
    }
    return render(request, "catalogue/upload.html", context)


@require_GET
def preview(request: MemberRequest, import_id: int) -> HttpResponse:
    """What will become of each line, or what became of it."""
    draft = access.get_import(request.user, import_id)
    if draft.asked:
        context = {"draft": draft, "total": lines_in(draft)}
        return render(request, "catalogue/working.html", context)
    if draft.refused:
        why = FILE_SENTENCES[FileReason(draft.refused)]
        return render(request, "catalogue/unread.html", {"draft": draft, "why": why})
    return _preview(request, draft)


@require_POST
def read_otherwise(request: MemberRequest, import_id: int) -> HttpResponse:
    """The same file, with the columns that she chose."""
    draft = access.get_import(request.user, import_id)
    form = _columns(draft, request.POST)
    if form is None:
        return redirect("catalogue:preview", draft.pk)
    if form.is_valid():
        try:
            actions.read_otherwise(
                draft=draft, plan=form.chosen_plan(), actor=request.user, now=now()
            )
        except FileRefused as refused:
            form.add_error(None, str(FILE_SENTENCES[refused.reason]))
        else:
            return redirect("catalogue:preview", draft.pk)
    return _preview(request, draft, form)


def _columns(draft: CatalogueImport, sent: QueryDict | None = None) -> ColumnsForm | None:
    """Nothing to correct once applied, nor in Open Food Network's own columns."""
    if draft.applied_at or not draft.plan:
        return None
    return ColumnsForm(sent, headers=draft.headers, plan=plan_from(draft.plan))


def _preview(
    request: MemberRequest, draft: CatalogueImport, columns: ColumnsForm | None = None
) -> HttpResponse:
    chosen = request.GET.get("voir", "")
    shown = outline(draft, chosen)
    page = Lines(lines_of(draft, chosen), shown.total).get_page(request.GET.get("page"))
    context = {
        "draft": draft,
        "outline": shown,
        "page": page,
        "lines": preview_lines(page.object_list),
        "query": {"voir": chosen} if chosen else {},
        "columns": columns or _columns(draft),
        "form": columns,
        "kept": kept_in_words(draft),
    }
    return render(request, "catalogue/preview.html", context)


@require_POST
def apply(request: MemberRequest, import_id: int) -> HttpResponse:
    draft = access.get_import(request.user, import_id)
    take_doubtful = request.POST.get("doubtful") == "yes"
    actions.apply(draft=draft, take_doubtful=take_doubtful, actor=request.user, now=now())
    return redirect("catalogue:preview", draft.pk)


@require_http_methods(["GET", "POST"])
def undo(request: MemberRequest, import_id: int) -> HttpResponse:
    draft = access.get_import(request.user, import_id)
    if not draft.applied_at:
        raise Http404
    if request.method == "POST":
        actions.undo(draft=draft, actor=request.user, now=now())
        return redirect("catalogue:preview", draft.pk)
    return render(request, "catalogue/undo_import.html", {"draft": draft})


@require_GET
def template(request: MemberRequest, extension: str) -> HttpResponse:
    """Our columns, with two lines as an example."""
    return spreadsheet("modele-catalogue", extension, EXAMPLES)
