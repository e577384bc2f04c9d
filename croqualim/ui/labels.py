"""Label sheets and rolls: where each label lies, in hundredths of a millimetre.

Sheets are A4 (ISO 216). Sizes and numbers across and down are those printed on Avery's packs
(L7159: 63,5 × 33,9 mm, 24 a sheet; L7160: 63,5 × 38,1, 21; L7161: 63,5 × 46,6, 18; L7163:
99,1 × 38,1, 14; L7173: 99,1 × 57, 10; L7651: 38,1 × 21,2, 65). Labels touch from top to bottom,
2,5 mm apart from side to side, the whole centred on the sheet: 15,15 mm above and 7,25 mm beside
the first L7160. Rolls have one label a page: Brother's DK-22205 (62 mm, endless: we cut at 40) and
the common die-cut sizes of small thermal printers.
"""

from collections.abc import Mapping
from dataclasses import dataclass

PAGE_WIDTH, PAGE_HEIGHT = 210_00, 297_00
GAP = 2_50


@dataclass(frozen=True)
class Labels:
    """`columns` and `rows` of one sheet; a roll has one of each, and its page is the label."""

    code: str
    said: str
    width: int
    height: int
    columns: int = 1
    rows: int = 1

    @property
    def is_roll(self) -> bool:
        return self.columns * self.rows == 1

    @property
    def on_a_page(self) -> int:
        return self.columns * self.rows

    @property
    def left(self) -> int:
        used = self.columns * self.width + (self.columns - 1) * GAP
        return 0 if self.is_roll else (PAGE_WIDTH - used) // 2

    @property
    def top(self) -> int:
        return 0 if self.is_roll else (PAGE_HEIGHT - self.rows * self.height) // 2

    def first(self, start: int) -> int:
        """How many labels of a used sheet to leave: `start` is the place of the first one that
        is still there, from 1 on; beyond the sheet it is the first of the next."""
        return 0 if self.is_roll else max(start - 1, 0) % self.on_a_page

    def measures(self, start: int = 1) -> dict[str, int | bool]:
        """What `sheet-of-labels` in lib.typ is given."""
        return {
            "columns": self.columns,
            "rows": self.rows,
            "width": self.width,
            "height": self.height,
            "left": self.left,
            "top": self.top,
            "across": self.width + GAP,
            "is_roll": self.is_roll,
            "skipped": self.first(start),
        }


LABELS: Mapping[str, Labels] = {
    labels.code: labels
    for labels in (
        Labels("L7160", "Planche de 21, 63,5 × 38,1 mm (Avery L7160)", 63_50, 38_10, 3, 7),
        Labels("L7159", "Planche de 24, 63,5 × 33,9 mm (Avery L7159)", 63_50, 33_90, 3, 8),
        Labels("L7161", "Planche de 18, 63,5 × 46,6 mm (Avery L7161)", 63_50, 46_60, 3, 6),
        Labels("L7163", "Planche de 14, 99,1 × 38,1 mm (Avery L7163)", 99_10, 38_10, 2, 7),
        Labels("L7173", "Planche de 10, 99,1 × 57 mm (Avery L7173)", 99_10, 57_00, 2, 5),
        Labels("L7651", "Planche de 65, 38,1 × 21,2 mm (Avery L7651)", 38_10, 21_20, 5, 13),
        Labels("R62", "Rouleau de 62 mm sans fin, coupé à 40 mm", 62_00, 40_00),
        Labels("R57x32", "Rouleau 57 × 32 mm", 57_00, 32_00),
        Labels("R100x50", "Rouleau 100 × 50 mm", 100_00, 50_00),
    )
}
USUAL = "L7160"
