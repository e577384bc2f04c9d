"""QR codes (ISO/IEC 18004), level M: a seventh of one may be smudged and it still reads."""

import re
from functools import lru_cache

import zxingcpp

BORDER = 2  # modules of white that belong to the drawing; paper and page give the other two
ZINT_BORDER = 4


@lru_cache(maxsize=4096)
def qr_svg(text: str) -> str:
    """One path in a square, drawn once for each text."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    drawn = zxingcpp.write_barcode_to_svg(code)
    found = re.search(r' width="(\d+)".*<path d="([^"]+)"', drawn, re.DOTALL)
    if found is None:
        raise ValueError(text)
    start, side = ZINT_BORDER - BORDER, int(found[1]) - 2 * (ZINT_BORDER - BORDER)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="qr"'
        f' viewBox="{start} {start} {side} {side}"><path d="{found[2]}"/></svg>'
    )
