"""Problems, fields and values, as people read them."""

from collections.abc import Callable, Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.catalogue.models import Allergen, CatalogueImport, Family, Label, Unit
from croqualim.catalogue.rules.cells import Problem, Reason
from croqualim.catalogue.rules.entries import Value
from croqualim.catalogue.rules.reading import FileReason
from croqualim.catalogue.rules.season import months_of, season_in_words
from croqualim.catalogue.rules.undoing import Kept
from croqualim.kernel.quantity import in_words, price_in_words

SENTENCES = {
    Reason.NO_LETTERS: gettext_lazy(
        "« %(given)s » ne se cherche pas : mettez des lettres ou des chiffres dans ce nom."
    ),
    Reason.TOO_LONG: gettext_lazy("« %(given)s » est trop long pour tenir dans cette case."),
    Reason.NOT_A_PRICE: gettext_lazy(
        "« %(given)s » ne se lit pas comme un prix. Écrivez-le en euros, avec deux chiffres au "
        "plus après la virgule : 3,20."
    ),
    Reason.NEGATIVE_PRICE: gettext_lazy(
        "« %(given)s » est négatif : un prix s’écrit sans signe moins."
    ),
    Reason.NOT_A_QUANTITY: gettext_lazy(
        "« %(given)s » ne se lit pas comme une quantité. Écrivez par exemple 500 g, 1,5 kg, "
        "75 cl ou 12 pièces."
    ),
    Reason.NOT_METRIC: gettext_lazy(
        "« %(given)s » ne tombe pas juste en grammes. Convertissez cette quantité en grammes."
    ),
    Reason.NOT_PACKAGING: gettext_lazy(
        "« %(given)s » ne se lit pas comme un conditionnement. Écrivez par exemple "
        "sac de 25 kg ou carton de 12 pièces."
    ),
    Reason.UNITS_DIFFER: gettext_lazy(
        "Ces quantités ne se comptent pas de la même façon : %(given)s. Mettez partout des poids, "
        "ou partout des volumes, ou partout des pièces, et écrivez l’unité."
    ),
    Reason.UNKNOWN_FAMILY: gettext_lazy(
        "La famille « %(given)s » n’existe pas ici. Choisissez parmi : %(known)s."
    ),
    Reason.UNKNOWN_LABEL: gettext_lazy(
        "Le label « %(given)s » n’existe pas ici. Choisissez parmi : %(known)s."
    ),
    Reason.UNKNOWN_ALLERGEN: gettext_lazy(
        "« %(given)s » n’est pas l’un des quatorze allergènes. Choisissez parmi : %(known)s."
    ),
    Reason.NOT_YES_OR_NO: gettext_lazy("« %(given)s » : écrivez oui ou non."),
    Reason.NOT_MONTHS: gettext_lazy(
        "« %(given)s » ne se lit pas comme une saison. Écrivez les mois : juin à octobre, ou "
        "toute l’année."
    ),
    Reason.TOO_MANY_CELLS: gettext_lazy(
        "Cette ligne a plus de cases qu’il n’y a de titres. Une virgule ou un point-virgule "
        "coupe peut-être un texte en deux : mettez ce texte entre guillemets."
    ),
    Reason.REPEATED: gettext_lazy(
        "C’est le même produit que celui de la ligne %(line)s. Gardez une seule des deux lignes, "
        "ou donnez-leur des codes différents."
    ),
    Reason.SEVERAL_PRODUCERS: gettext_lazy(
        "Plusieurs structures s’appellent « %(given)s ». Ajoutez d’abord un de ses produits à la "
        "main : nous saurons alors laquelle choisir."
    ),
    Reason.SEVERAL_PRODUCTS: gettext_lazy(
        "Plusieurs produits de cette structure s’appellent « %(given)s ». Écrivez le code de "
        "celui dont vous parlez."
    ),
    Reason.UNIT_FIXED: gettext_lazy(
        "Ce produit se compte en %(unit)s, et cela ne change plus. Pour le compter autrement, "
        "retirez-le et ajoutez un autre produit."
    ),
    Reason.SKU_TAKEN: gettext_lazy(
        "Un autre produit de cette structure porte déjà le code « %(given)s »."
    ),
    Reason.NAME_TAKEN: gettext_lazy(
        "Un autre produit de cette structure s’appelle déjà « %(given)s ». Changez le nom, ou "
        "donnez un code à celui-ci."
    ),
    Reason.SIZE_FROM_NAME: gettext_lazy("Conditionnement lu dans le nom : %(given)s."),
    Reason.PRICE_GUESSED: gettext_lazy(
        "Le tableau ne dit pas ce que l’on a pour ce prix : nous avons compris %(given)s."
    ),
    Reason.SAME_PRODUCT: gettext_lazy(
        "Votre tableau écrit « %(given)s » : vérifiez que c’est bien ce produit du catalogue."
    ),
    Reason.PRICE_ODD: gettext_lazy(
        "« %(given)s » fait un prix surprenant au kilo ou au litre. Regardez si c’est bien celui "
        "du conditionnement entier."
    ),
}
MISSING = {
    "producer": gettext_lazy("Il manque le nom du producteur."),
    "name": gettext_lazy("Il manque le nom du produit."),
    "price_cents": gettext_lazy("Il manque le prix."),
}
MISSING_QUANTITY = gettext_lazy(
    "Il manque la quantité que vaut ce prix, par exemple 1 kg ou 1 pièce."
)
KNOWN: Mapping[Reason, type[Family | Label | Allergen]] = {
    Reason.UNKNOWN_FAMILY: Family,
    Reason.UNKNOWN_LABEL: Label,
    Reason.UNKNOWN_ALLERGEN: Allergen,
}
FILE_SENTENCES = {
    FileReason.EMPTY: gettext_lazy("Ce fichier est vide."),
    FileReason.TOO_BIG: gettext_lazy(
        "Ce fichier est trop lourd : 12 Mo au plus. Enlevez les images et les feuilles inutiles."
    ),
    FileReason.TOO_MANY_LINES: gettext_lazy(
        "Ce fichier a plus de 50 000 lignes. Coupez-le en plusieurs fichiers."
    ),
    FileReason.NOT_A_SPREADSHEET: gettext_lazy(
        "Ce fichier n’est pas un tableau que nous savons lire. Enregistrez-le au format "
        ".xlsx ou .csv, puis envoyez-le de nouveau."
    ),
    FileReason.OLD_EXCEL: gettext_lazy(
        "C’est un ancien classeur Excel (.xls). Ouvrez-le, choisissez « Enregistrer sous », "
        "puis le format .xlsx."
    ),
    FileReason.OPEN_DOCUMENT: gettext_lazy(
        "C’est un classeur LibreOffice (.ods). Ouvrez-le, choisissez « Enregistrer sous », "
        "puis le format .xlsx ou .csv."
    ),
    FileReason.OPEN_QUOTE: gettext_lazy(
        'Un guillemet droit (") s’ouvre dans ce fichier et ne se referme jamais : la suite du '
        "tableau s’y perd. Refermez-le ou enlevez-le."
    ),
    FileReason.NO_HEADERS: gettext_lazy(
        "Nous ne trouvons pas les titres des colonnes. Il faut au moins « Nom » et « Prix », "
        "parmi les vingt premières lignes. Le modèle à télécharger montre tous les titres."
    ),
}


def sentence(problem: Problem) -> str:
    """What is wrong, and what to write instead."""
    if problem.reason is Reason.MISSING:
        return str(MISSING.get(problem.field, MISSING_QUANTITY))
    known = KNOWN.get(problem.reason)
    return str(SENTENCES[problem.reason]) % {
        "given": problem.given,
        "line": problem.line,
        "known": ", ".join(str(label) for label in known.labels) if known else "",
        "unit": Unit(problem.given).label if problem.reason is Reason.UNIT_FIXED else "",
    }


def sentences(problems: Sequence[Problem]) -> list[str]:
    """Each once: three missing quantities are one thing to write."""
    return list(dict.fromkeys(sentence(problem) for problem in problems))


KEPT_SENTENCES = {
    Kept.USED: gettext_lazy("%(name)s : un mois s’en sert déjà, il reste proposé."),
    Kept.CHANGED: gettext_lazy("%(name)s : changé depuis, il reste comme il est aujourd’hui."),
    Kept.TAKEN: gettext_lazy("%(name)s : un autre produit porte son ancien nom, il garde le sien."),
}


def kept_in_words(draft: CatalogueImport) -> list[str]:
    """What an undone import left as it was, and why."""
    kept: list[tuple[str, str]] = draft.undone.get("kept", [])
    return [str(KEPT_SENTENCES[Kept(why)]) % {"name": name} for name, why in kept]


def packaging_in_words(values: Mapping[str, Value]) -> str:
    """'sac de 25 kg', or '25 kg' when it has no name."""
    amount = in_words(int(str(values["packaging_quantity"])), str(values["unit"]))
    name = values["packaging_name"]
    return _("%(name)s de %(amount)s") % {"name": name, "amount": amount} if name else amount


def price_of(values: Mapping[str, Value]) -> str:
    cents, quantity = int(str(values["price_cents"])), int(str(values["priced_quantity"]))
    return price_in_words(cents, quantity, str(values["unit"]))


def step_of(values: Mapping[str, Value]) -> str:
    return in_words(int(str(values["step_quantity"])), str(values["unit"]))


def labels_of(choices: type[Label | Allergen], codes: Value) -> str:
    """The words of stored codes; says so when there are none."""
    words = [str(choices(str(code)).label) for code in codes] if isinstance(codes, list) else []
    return ", ".join(words) or _("aucun noté")


Values = Mapping[str, Value]
# what may change -> its word, and how its value is said
SAID: Mapping[str, tuple[Promise, Callable[[Values], str]]] = {
    "sku": (gettext_lazy("Code"), lambda v: str(v["sku"])),
    "name": (gettext_lazy("Nom"), lambda v: str(v["name"])),
    "family": (gettext_lazy("Famille"), lambda v: str(Family(str(v["family"])).label)),
    "description": (gettext_lazy("Description"), lambda v: str(v["description"])),
    "step_quantity": (gettext_lazy("Se commande par"), step_of),
    "packaging_quantity": (gettext_lazy("Conditionnement"), packaging_in_words),
    "packaging_name": (gettext_lazy("Conditionnement"), packaging_in_words),
    "price_cents": (gettext_lazy("Prix"), price_of),
    "priced_quantity": (gettext_lazy("Prix"), price_of),
    "origin": (gettext_lazy("Origine"), lambda v: str(v["origin"])),
    "labels": (gettext_lazy("Labels"), lambda v: labels_of(Label, v["labels"])),
    "allergens": (gettext_lazy("Allergènes"), lambda v: labels_of(Allergen, v["allergens"])),
    "season_months": (
        gettext_lazy("Saison"),
        lambda v: season_in_words(months_of(v["season_months"])),
    ),
    "is_active": (gettext_lazy("Proposé"), lambda v: _("oui") if v["is_active"] else _("non")),
}
