"""What a page says, as somebody reads it."""

import html
import re

from django.http import HttpResponse


def plain(answer: HttpResponse) -> str:
    """Its words without markup, with ordinary spaces."""
    text = re.sub(r"<[^>]*>", "", answer.content.decode())
    text = re.sub(r"\s+", " ", html.unescape(text))
    return text.replace(" ,", ",")
