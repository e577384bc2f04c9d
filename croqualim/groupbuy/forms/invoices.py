"""An invoice's file, and what it says or does not say of itself."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.groupbuy.forms.fields import DayField, EurosField
from croqualim.groupbuy.models import Invoice
from croqualim.groupbuy.queries.invoices import Waiting
from croqualim.groupbuy.rules.facturx import LONGEST_NUMBER, MAX_BYTES, FileReason
from croqualim.groupbuy.rules.invoices import Problem, Reason, suggest
from croqualim.kernel.money import in_euros
from croqualim.kernel.text import clean_name

FILE_SENTENCES = {
    FileReason.TOO_BIG: gettext_lazy(
        "Ce fichier est trop lourd : 5 Mo au plus. Enregistrez la facture en PDF, sans photo."
    ),
    FileReason.NOT_AN_INVOICE: gettext_lazy(
        "Ce fichier n’est ni un PDF ni une facture électronique XML. Envoyez la facture en PDF."
    ),
    FileReason.UNREADABLE: gettext_lazy(
        "Ce PDF ne s’ouvre pas : il est abîmé, ou fermé par un mot de passe. Enregistrez-le à "
        "nouveau, puis renvoyez-le."
    ),
    FileReason.HOSTILE: gettext_lazy(
        "Ce fichier contient des déclarations qu’une facture n’a pas : par prudence, nous ne "
        "l’ouvrons pas. Envoyez la facture en PDF simple."
    ),
    FileReason.NOT_FACTURX: gettext_lazy(
        "Ce XML n’est pas une facture au format Factur-X. Envoyez la facture en PDF."
    ),
    FileReason.CREDIT_NOTE: gettext_lazy(
        "C’est un avoir, pas une facture. Retirez la facture, puis envoyez celle qui la remplace."
    ),
    FileReason.NOT_EUROS: gettext_lazy("Cette facture n’est pas en euros."),
}
SENTENCES = {
    Reason.NO_ORDER: gettext_lazy("Cochez le bon de commande que cette facture demande de payer."),
    Reason.ALREADY_INVOICED: gettext_lazy(
        "%(about)s est déjà dans une autre facture. Retirez d’abord l’autre, ou décochez ce bon."
    ),
    Reason.NUMBER_TAKEN: gettext_lazy("Une facture %(about)s est déjà reçue : vérifiez le numéro."),
    Reason.NO_WORDS: gettext_lazy("Dites en quelques mots pourquoi."),
    Reason.CHANGED: gettext_lazy(
        "Ce qui est reçu a changé depuis que vous l’avez lu. Regardez à nouveau, puis approuvez."
    ),
    Reason.NOT_WAITING: gettext_lazy("Cette facture n’attend plus de réponse."),
    Reason.APPROVED: gettext_lazy(
        "Cette facture vient d’être approuvée. Pour la changer, appelez le groupement."
    ),
}
FIELDS = {
    Reason.NO_ORDER: "orders",
    Reason.ALREADY_INVOICED: "orders",
    Reason.NUMBER_TAKEN: "number",
}


def sentence(problem: Problem) -> str:
    return str(SENTENCES[problem.reason]) % {"about": problem.about}


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("La facture"),
        help_text=gettext_lazy(
            "En PDF, ou en XML Factur-X ; 5 Mo au plus. Un PDF Factur-X se remplit tout seul."
        ),
        error_messages={
            "required": gettext_lazy("Choisissez un fichier."),
            "empty": gettext_lazy("Ce fichier est vide."),
            "max_length": gettext_lazy("Le nom de ce fichier est trop long. Raccourcissez-le."),
        },
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.xml"}),
    )

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:  # before it is read
            raise forms.ValidationError(FILE_SENTENCES[FileReason.TOO_BIG])
        return file

    def show_file(self, reason: FileReason) -> None:
        self.add_error("file", str(FILE_SENTENCES[reason]))


class _RefusableForm(forms.Form):
    def show(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            field = FIELDS.get(problem.reason)
            self.add_error(field if field in self.fields else None, sentence(problem))


class FillForm(_RefusableForm):
    """What the file says stands as it is; the rest is typed."""

    number = forms.CharField(
        label=gettext_lazy("Numéro de la facture"),
        max_length=LONGEST_NUMBER,
        error_messages={
            "required": gettext_lazy("Écrivez le numéro de la facture."),
            "max_length": gettext_lazy("Ce numéro est trop long."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    issued_on = DayField(label=gettext_lazy("Date de la facture"))
    amount_cents = EurosField(
        label=gettext_lazy("Total à payer, taxes comprises"),
        least_cents=1,
        error_messages={"required": gettext_lazy("Écrivez le total de la facture.")},
    )
    tax_cents = EurosField(label=gettext_lazy("Dont TVA"), required=False)
    orders = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Pour quels bons de commande ?"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": SENTENCES[Reason.NO_ORDER],
            "invalid_choice": gettext_lazy(
                "Ce bon de commande est déjà dans une autre facture. Choisissez à nouveau."
            ),
        },
    )

    def __init__(
        self, sent: QueryDict | None, *, invoice: Invoice, waiting: Sequence[Waiting]
    ) -> None:
        names = ("number", "issued_on", "amount_cents", "tax_cents")
        read: dict[str, Any] = {name: getattr(invoice, name) for name in names}
        candidates = [each.candidate for each in waiting]
        chosen = suggest(invoice.order_references, invoice.amount_cents, candidates)
        super().__init__(sent, initial={**read, "orders": chosen})
        for name in names:
            self.fields[name].disabled = read[name] not in ("", None)
        self.fields["orders"].choices = [  # type: ignore[attr-defined]
            (each.order.pk, _choice(each)) for each in waiting
        ]

    def clean_number(self) -> str:
        number = clean_name(self.cleaned_data["number"])
        if not number:
            raise forms.ValidationError(_("Écrivez le numéro de la facture."))
        return number

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if (said.get("tax_cents") or 0) > said.get("amount_cents", said.get("tax_cents") or 0):
            self.add_error("tax_cents", _("La TVA dépasse le total : vérifiez ces montants."))
        return said


def _choice(waiting: Waiting) -> str:
    words = {
        "number": waiting.order.number,
        "month": waiting.order.cycle.name,
        "amount": in_euros(waiting.owed_cents),
    }
    if waiting.owed_cents:
        return _("%(number)s, %(month)s : %(amount)s reçus") % words
    return _("%(number)s, %(month)s : rien n’est encore reçu") % words


class ApproveForm(_RefusableForm):
    """What she read, so that she approves nothing else."""

    seen_cents = forms.IntegerField(min_value=-(2**62), max_value=2**62)


class QueryForm(_RefusableForm):
    words = forms.CharField(
        label=gettext_lazy("Votre question"),
        help_text=gettext_lazy("Elle part par e-mail à la ferme, avec votre nom de groupement."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        error_messages={
            "required": gettext_lazy("Écrivez votre question."),
            "max_length": gettext_lazy("C’est trop long : 1 000 lettres au plus."),
        },
    )


class WithdrawForm(_RefusableForm):
    reason = forms.CharField(
        label=gettext_lazy("Pourquoi ?"),
        help_text=gettext_lazy("La raison reste dans l’histoire du bon de commande."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        error_messages={"required": SENTENCES[Reason.NO_WORDS]},
    )
