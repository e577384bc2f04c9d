"""What every page that undoes something does with the reason it was given."""

from collections.abc import Callable

from django.contrib import messages
from django.utils.timezone import now

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy.actions.till import ShopRefused
from croqualim.groupbuy.forms.till.parts import UndoForm


def undone(request: MemberRequest, form: UndoForm, undo: Callable[..., object], words: str) -> bool:
    """Call `undo(reason=, actor=, now=)` when the form is sent and says why; then say `words`.

    False: there is a page to show, and the form says what stands in the way.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        undo(reason=form.cleaned_data["reason"], actor=request.user, now=now())
    except ShopRefused as refused:
        form.show(refused.problem)
        return False
    messages.success(request, words)
    return True
