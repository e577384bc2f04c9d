from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.accounts.forms.account import NamesForm
from croqualim.accounts.forms.fields import ReachField, worded
from croqualim.accounts.rules import Problem
from croqualim.groupbuy.models import ShareOption
from croqualim.groupbuy.rules.joining import WorkedExample, worked_example
from croqualim.kernel.money import in_euros


class JoinForm(NamesForm):
    reach = ReachField(
        label=gettext_lazy("Téléphone ou adresse e-mail"),
        help_text=gettext_lazy("Un code va y arriver, pour être sûr que c’est bien vous."),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Écrivez votre téléphone ou votre adresse e-mail.")
        },
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    # a trap: people do not see it, robots fill it in
    site = forms.CharField(
        label=gettext_lazy("Laissez ce champ vide"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("given_name", "family_name"):
            self.fields[name].widget.attrs["autocomplete"] = name.replace("_", "-")

    def clean_site(self) -> str:
        if self.cleaned_data["site"]:
            raise forms.ValidationError(_("Laissez ce champ vide."))
        return ""

    def show(self, problem: Problem) -> None:
        self.add_error("reach", worded(problem))


class ShareForm(forms.Form):
    """Which part of the price to pay; each choice says what it does to a basket."""

    share_percent = forms.TypedChoiceField(
        label=gettext_lazy("Votre part"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choisissez une part."),
            "invalid_choice": gettext_lazy(
                "Cette part n’est plus proposée : choisissez-en une autre."
            ),
        },
    )

    def __init__(self, *args: Any, options: list[ShareOption], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["share_percent"]
        field.choices = [(option.share_percent, _choice(option)) for option in options]  # type: ignore[attr-defined]


def _choice(option: ShareOption) -> SafeString:
    example = worked_example(option.share_percent)
    return format_html(
        '<span><b>{}</b><br><span class="hint">{}</span></span>',
        _heading(example),
        _what_it_does(example, str(option.envelope or "")),
    )


def _heading(example: WorkedExample) -> str:
    return _("%(due)s pour un panier qui coûte %(cost)s") % {
        "due": in_euros(example.due_cents),
        "cost": in_euros(example.cost_cents),
    }


def _what_it_does(example: WorkedExample, envelope: str) -> str:
    percent = f"{example.share_percent}\u00a0%"
    if example.rest_cents:
        sentence = _("%(percent)s du prix. Les autres %(rest)s viennent du fonds « %(envelope)s ».")
    elif example.gift_cents:
        sentence = _("%(percent)s du prix. Vos %(gift)s de plus aident un voisin à payer moins.")
    else:
        sentence = _("%(percent)s : le prix coûtant, en entier.")
    return sentence % {
        "percent": percent,
        "rest": in_euros(example.rest_cents),
        "gift": in_euros(example.gift_cents),
        "envelope": envelope,
    }
