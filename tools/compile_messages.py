"""Write and compile the French catalogue, without GNU gettext.

    python -m tools.compile_messages

Sentences are French in the code already; only those that count need an entry. For a sentence that
no catalogue holds, gettext counts as in English and says "0 paniers". Run this when such a sentence
is new, and commit both files; tests/test_locale.py tells when it was forgotten.
"""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "locale" / "fr" / "LC_MESSAGES"
FUNCTIONS = {"ngettext", "ngettext_lazy"}
STRING = r"""('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
# What Django's templatize makes of {% blocktranslate count %}…{% plural %}…{% endblocktranslate %}.
IN_TEMPLATE = re.compile(rf"ngettext\(u?{STRING}, u?{STRING}, count\)")
ALWAYS = datetime(2026, 1, 1, tzinfo=UTC)  # the same sentences make the same files

Plural = tuple[str, str]  # singular, plural


def main() -> None:
    settings.configure(USE_I18N=True)
    catalogue = Catalog(
        locale="fr",
        project="Croqualim",
        header_comment="# The sentences that count. Made by tools/compile_messages.py.",
        charset="utf-8",
        creation_date=ALWAYS,
        revision_date=ALWAYS,
        fuzzy=False,
    )
    for plural in sorted(plurals()):
        catalogue.add(plural, plural)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "django.po").open("wb") as po, (FOLDER / "django.mo").open("wb") as mo:
        write_po(po, catalogue, width=100)
        write_mo(mo, catalogue)


def plurals() -> set[Plural]:
    """Each sentence of the project that has a singular and a plural."""
    package = ROOT / "croqualim"
    in_code = (found for path in package.rglob("*.py") for found in in_python(path.read_text()))
    in_pages = (
        found
        for path in package.rglob("templates/**/*.html")
        for found in in_template(path.read_text())
    )
    return {*in_code, *in_pages}


def in_python(source: str) -> Iterator[Plural]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in FUNCTIONS:
            singular, plural = (ast.literal_eval(argument) for argument in node.args[:2])
            yield singular, plural


def in_template(source: str) -> Iterator[Plural]:
    for singular, plural in IN_TEMPLATE.findall(templatize(source)):
        yield ast.literal_eval(singular), ast.literal_eval(plural)


if __name__ == "__main__":
    main()
