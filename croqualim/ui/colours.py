"""Every pair of colours that touch on a page, and how much they must differ (WCAG 2.2, RGAA 4.1).

Text: 4.5 (1.4.3). Large or bold figures, edges of fields, shapes, focus: 3 (1.4.3, 1.4.11).
The names are those of static/ui/tokens.css; tests/ui/test_colours.py measures both schemes.
"""

from dataclasses import dataclass

from croqualim.ui.drawings import CATEGORIES

TEXT, SHAPE = 4.5, 3.0
SURFACES = ("paper", "sheet")


@dataclass(frozen=True)
class Pair:
    front: str
    back: str
    needs: float
    role: str


def _on(surfaces: tuple[str, ...], front: str, needs: float, role: str) -> list[Pair]:
    return [Pair(front, back, needs, role) for back in surfaces]


PAIRS = (
    *_on((*SURFACES, "field", "shade"), "ink", TEXT, "text"),
    *_on((*SURFACES, "shade"), "quiet", TEXT, "hints; a button that cannot be pressed"),
    *_on(SURFACES, "leaf", TEXT, "links"),
    *_on((*SURFACES, "leaf-soft"), "leaf-deep", TEXT, "links under the pointer"),
    *_on((*SURFACES, "tomato-soft"), "tomato-deep", TEXT, "errors"),
    *_on(("leaf", "leaf-deep"), "on-leaf", TEXT, "main button"),
    *_on(("tomato", "tomato-deep"), "on-tomato", TEXT, "dangerous button"),
    *(
        Pair("ink", f"{tone}-soft", TEXT, "notices, tags")
        for tone in ("leaf", "tomato", "saffron", "sea")
    ),
    *(Pair(tone, f"{tone}-soft", TEXT, "tags") for tone in ("leaf", "aubergine", "sea")),
    *_on((*SURFACES, "field"), "line", SHAPE, "edges of fields and tags"),
    *_on(SURFACES, "tomato", SHAPE, "edges of a refused field"),
    *_on(SURFACES, "leaf", SHAPE, "bars, progress, edges"),
    *_on(SURFACES, "ink", SHAPE, "focus, lines of drawings"),
    *(
        Pair(f"category-{name}", back, SHAPE, "a category's shape")
        for name in CATEGORIES
        for back in SURFACES
    ),
)
