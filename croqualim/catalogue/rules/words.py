"""The words that spreadsheets use, folded, and the codes they stand for.

The first word of each code is the one that we write ourselves.
"""

from collections.abc import Mapping

from croqualim.kernel.text import fold

FAMILY_WORDS: Mapping[str, tuple[str, ...]] = {
    "cereals": ("Céréales et farines", "céréales", "farines", "farine", "grains", "flour"),
    "pasta": ("Pâtes, riz, semoules", "pâtes", "riz", "semoules", "pasta", "rice"),
    "pulses": ("Légumes secs", "légumineuses", "pulses", "beans", "lentilles"),
    "fruit": ("Fruits", "fruit", "agrumes"),
    "vegetables": ("Légumes", "vegetables", "vegetable", "fungi", "champignons", "herbs", "herbes"),
    "dried": ("Fruits secs et graines", "fruits secs", "graines", "nuts", "seeds", "dried fruit"),
    "oil": ("Huiles, olives, condiments", "huiles", "huile", "olives", "condiments", "oil", "oils"),
    "sweet": (
        "Miel, sucre, confitures",
        "miel",
        "sucre",
        "confitures",
        "honey",
        "preserves",
        "jam",
    ),
    "dairy": (
        "Œufs et produits laitiers",
        "œufs",
        "produits laitiers",
        "crèmerie",
        "fromages",
        "fromage",
        "dairy",
        "eggs",
        "cheese",
        "dairy eggs",
        "dairy and eggs",
    ),
    "drinks": ("Boissons", "jus", "drinks", "beverages", "juice"),
    "grocery": ("Épicerie", "divers", "autres", "grocery", "other", "pantry"),
    "hygiene": ("Hygiène et entretien", "hygiène", "entretien", "savons", "hygiene", "household"),
}
LABEL_WORDS: Mapping[str, tuple[str, ...]] = {
    "ab": ("Agriculture biologique", "AB", "bio", "biologique", "organic"),
    "conversion": ("En conversion vers le bio", "conversion", "en conversion"),
    "aop": ("AOP", "AOC", "appellation d'origine protégée"),
    "igp": ("IGP", "indication géographique protégée"),
    "label_rouge": ("Label rouge",),
    "fair": ("Commerce équitable", "équitable", "fair trade"),
    "farm": ("Produit fermier", "fermier"),
}
ALLERGEN_WORDS: Mapping[str, tuple[str, ...]] = {
    "gluten": ("gluten", "blé", "céréales contenant du gluten"),
    "crustaceans": ("crustacés", "crustacé"),
    "eggs": ("œufs", "œuf"),
    "fish": ("poissons", "poisson"),
    "peanuts": ("arachides", "arachide", "cacahuètes", "cacahuète"),
    "soybeans": ("soja",),
    "milk": ("lait", "lactose"),
    "nuts": ("fruits à coque", "fruit à coque", "noix", "noisettes", "amandes"),
    "celery": ("céleri",),
    "mustard": ("moutarde",),
    "sesame": ("sésame",),
    "sulphites": ("sulfites", "sulfite", "anhydride sulfureux"),
    "lupin": ("lupin",),
    "molluscs": ("mollusques", "mollusque"),
}
NOTHING = {"aucun", "aucune", "sans", "neant", "non", "rien"}
YES = {"oui", "o", "yes", "vrai", "true", "1", "x"}
NO = {"non", "n", "no", "faux", "false", "0"}


def folded(words: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Each word, as it is compared, and its code."""
    return {fold(word): code for code, several in words.items() for word in several}


FAMILIES = folded(FAMILY_WORDS)
LABELS = folded(LABEL_WORDS)
ALLERGENS = folded(ALLERGEN_WORDS)


def written(words: Mapping[str, tuple[str, ...]], code: str) -> str:
    """The word that stands for a code in our own files."""
    return words[code][0]
