"""What a QR code says is what a telephone reads of its drawing."""

import re

import pytest
import zxingcpp

from croqualim.ui.qr import qr_svg

SCALE = 4


def read(svg: str) -> str:
    """Draw its path dot by dot, and photograph it."""
    start, _y, side, _h = map(int, re.search(r'viewBox="([^"]+)"', svg)[1].split())
    dots = [[255] * side * SCALE for _ in range(side * SCALE)]
    for x, y, wide in re.findall(r"M(\d+) (\d+)h(\d+)v1", re.sub("Z|z", "", svg)):
        for row in range((int(y) - start) * SCALE, (int(y) - start + 1) * SCALE):
            for column in range((int(x) - start) * SCALE, (int(x) + int(wide) - start) * SCALE):
                dots[row][column] = 0
    tall = [[*row] for row in dots]
    for x, y, wide, high in re.findall(r"M(\d+) (\d+)h(\d+)v([2-9]\d*)", svg):
        for row in range((int(y) - start) * SCALE, (int(y) + int(high) - start) * SCALE):
            for column in range((int(x) - start) * SCALE, (int(x) + int(wide) - start) * SCALE):
                tall[row][column] = 0
    picture = bytes(dot for row in tall for dot in row)
    view = zxingcpp.ImageView(picture, side * SCALE, side * SCALE, zxingcpp.ImageFormat.Lum)
    return zxingcpp.read_barcode(view).text


@pytest.mark.parametrize(
    "text",
    [
        "https://croqualim.example/groupements/q/RADIS-42-7/",
        "https://croqualim.example/compte/carte/" + "aZ09-_" * 8,
        "Épicerie éphémère",
    ],
)
def test_it_reads_back(text: str) -> None:
    assert read(qr_svg(text)) == text


def test_the_text_itself_is_not_in_the_drawing() -> None:
    """It is put on pages as it stands."""
    assert "script" not in qr_svg("<script>alert(1)</script>")
