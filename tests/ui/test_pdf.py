"""Papers hold what they were given, as text, whatever it is."""

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.template import TemplateDoesNotExist
from django.utils.translation import gettext_lazy
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from croqualim.ui.pdf import render_pdf
from croqualim.ui.qr import qr_svg

SAMPLE = "ui/papers/sample.typ"
EVENING = datetime(2026, 12, 4, 23, 30, tzinfo=UTC)


def sample(**changes: Any) -> dict[str, Any]:
    return {
        "title": "Bon de commande RADIS-42",
        "lead": "À livrer avant vendredi.",
        "from": "VRAC d’Arles",
        "to": "Ferme du Vallon",
        "rows": [["Lentilles", "25 kg", "3,20 € le kilo", "80,00 €"]],
        "total": "80,00 €",
        "place": "La Viste",
        "day": "samedi 12 décembre",
        "reference": "RADIS-42",
        "code": qr_svg("https://croqualim.example/c/RADIS-42"),
        **changes,
    }


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def flat(text: str) -> str:
    """Where lines break is the layout's business."""
    return "".join(text.replace("\u200b", "").split())


@pytest.mark.parametrize(
    "hostile",
    [
        '#import "/ui/pdf.py": * #panic()',
        "*gras* _penché_ $x^2$ `code` \\ = titre",
        "<script>alert(1)</script> @label // commentaire /* et */",
        '"); #read("/etc/passwd")',
        "{{ data }} {% now %}",
        "[" * 40,
    ],
)
def test_hostile_text_is_printed_as_it_was_typed(hostile: str) -> None:
    printed = flat(text_of(render_pdf(SAMPLE, sample(to=hostile))))
    assert flat(hostile) in printed


def test_a_name_in_arabic_is_printed() -> None:
    assert "سلام" in text_of(render_pdf(SAMPLE, sample(to="سلام")))


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300))
def test_no_text_stops_the_press(text: str) -> None:
    reader = PdfReader(io.BytesIO(render_pdf(SAMPLE, sample(to=text, title=text, day=text))))
    assert len(reader.pages) >= 1


@pytest.mark.parametrize("name", ["a" * 300, "Association " * 25])
def test_a_very_long_name_stays_in_its_column(name: str) -> None:
    """Three hundred letters take several lines: the column is some 65 letters wide."""
    printed = text_of(render_pdf(SAMPLE, sample(rows=[[name, "1", "2", "3"]])))
    lines = [line.replace("\u200b", "") for line in printed.splitlines()]
    assert max(len(line) for line in lines) < 90
    assert flat(name) in flat(printed)


def test_it_says_when_it_was_printed_in_paris_and_how_many_pages() -> None:
    rows = [[f"Produit {number}", "1 kg", "1,00 €", "1,00 €"] for number in range(100)]
    pages = PdfReader(io.BytesIO(render_pdf(SAMPLE, sample(rows=rows), printed_at=EVENING))).pages
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        text = " ".join(page.extract_text().split())
        assert "imprimé le samedi 5 décembre 2026, 0 h 30" in text
        assert f"page {number} sur {len(pages)}" in text
        assert number == len(pages) or "Produit Quantité" in text  # the header comes back


def test_the_same_values_give_the_same_bytes() -> None:
    assert render_pdf(SAMPLE, sample(), printed_at=EVENING) == render_pdf(
        SAMPLE, sample(), printed_at=EVENING
    )
    assert render_pdf(SAMPLE, sample()) == render_pdf(SAMPLE, sample())


def test_a_screen_reader_finds_its_way() -> None:
    catalog = PdfReader(io.BytesIO(render_pdf(SAMPLE, sample()))).trailer["/Root"]
    assert catalog["/Lang"] == "fr"
    assert catalog["/MarkInfo"]["/Marked"]


def test_a_lazy_translation_is_words() -> None:
    assert "Bonjour" in text_of(render_pdf(SAMPLE, sample(to=gettext_lazy("Bonjour"))))


@pytest.mark.parametrize("value", [date(2026, 12, 4), b"octets", {1, 2}, object()])
def test_what_was_not_put_into_words_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="words"):
        render_pdf(SAMPLE, sample(to=value))


@pytest.mark.parametrize("name", ["ui/papers/none.typ", "../../../etc/passwd"])
def test_a_template_that_is_not_there_is_said(name: str) -> None:
    with pytest.raises(TemplateDoesNotExist):
        render_pdf(name, {})
