"""Papers: a Typst template plus values gives a PDF.

A domain keeps its templates in `templates/<domain>/papers/*.typ`. They begin with

    #import "/ui/templates/ui/papers/lib.typ": *
    #show: paper.with(title: data.title)

and find in `data` the values that `render_pdf` was given. The values travel as JSON, never as
Typst source: whatever somebody typed stays text. docs/decisions/0004 says why Typst.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import cast

import typst
from django.template import Engine, TemplateDoesNotExist
from django.utils.functional import Promise
from django.utils.timezone import localtime

import croqualim
from croqualim.kernel.period import moment_in_words

ROOT = Path(croqualim.__file__).parent
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def render_pdf(
    template_name: str,
    data: Mapping[str, object],
    *,
    printed_at: datetime | None = None,
    state: str = "",
) -> bytes:
    """The PDF of `<domain>/papers/<name>.typ`. Same template, values and moment: same bytes.

    `data` holds text, whole numbers, booleans, lists and mappings: money and dates are already in
    words. `printed_at` stands in the footer, and `state`: which version of what. Raises
    TemplateDoesNotExist; TypeError on a value that JSON cannot hold; typst.TypstError on a
    template that does not compile.
    """
    frame = {
        "printed": moment_in_words(localtime(printed_at)) if printed_at else "",
        "state": state,
    }
    inputs = {
        "data": json.dumps(data, default=_translated, allow_nan=False),
        "frame": json.dumps(frame),
    }
    compiler = typst.Compiler(_path(template_name), root=ROOT, font_paths=_fonts())
    stamp = (printed_at or LONG_AGO).replace(microsecond=0)  # Typst takes no finer moment
    printed = compiler.compile(format="pdf", sys_inputs=inputs, timestamp=stamp)
    return cast(bytes, printed)  # one file: only pictures come as a list, one for each page


@cache
def _fonts() -> typst.Fonts:
    """Those in the wheel come first; the machine's draw the letters that these lack."""
    return typst.Fonts()


@cache
def _path(template_name: str) -> Path:
    """Where Django's loaders see the template. Not read by Django: Typst has its own signs."""
    for loader in Engine.get_default().template_loaders:
        for origin in loader.get_template_sources(template_name):
            path = Path(origin.name)
            if path.is_file():
                return path
    raise TemplateDoesNotExist(template_name)


def _translated(value: object) -> str:
    """A lazy translation becomes text; anything else was not put into words."""
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(f"Put {value!r} into words before printing it.")
