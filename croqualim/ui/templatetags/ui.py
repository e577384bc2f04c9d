"""Components. Each is a function: its parameters are all that a template may pass.

A builtin of the template engine: no {% load %}. All are shown, in each state, on /composants/.

Filters   |euros (cents) · |day |month (date) · |moment |hour (datetime, said in Paris time)
          |phone (E.164)
Blocks    {% card heading= level= href= tone= drawing= %}…{% endcard %}      tone: a colour
          {% notice tone= heading= %}…{% endnotice %}         tone: info, success, warning, danger
          {% table caption= cards= %}<thead>…{% endtable %}   cards=True: one card a row on a phone,
                                                              each <td data-label="…">
          {% summary %}{% row label= change= change_label= %}…{% endrow %}{% endsummary %}
          {% nothing drawing= heading= %}…{% endnothing %}    the empty state: say what to do next
Inline    {% button "Commander" href tone= key= %}            a link that looks like a button; key:
                                                              the one that opens it (Alt + it)
          {% tag "bio" tone= %}            tone: leaf, tomato, saffron, aubergine, sea
          {% price cents per unit %} {% quantity n unit %}
          {% drawing "pulses" size= label= %}      names: drawings.py; no label: decoration
          {% category structure.category word %}   shape, colour and word of the network's nine
          {% meter value maximum label %} {% bars rows label= %} (rows: charts.Bar)
          {% timeline events %} {% tabs items label= %}  (parts.Event, parts.Tab)
          {% pagination page query= label= %} {% qr text label= %}
          {% downloads "groupbuy:cycle_table" cycle.pk "lignes" label= %}   a table as XLSX and CSV
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlencode

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from croqualim.kernel import identifiers, money, period
from croqualim.kernel import quantity as quantities
from croqualim.ui import charts, drawings
from croqualim.ui.parts import Event, Tab
from croqualim.ui.qr import qr_svg

register = template.Library()
register.filter("euros", money.in_euros)
register.filter("day", period.day_in_words)
register.filter("month", period.month_in_words)
register.filter("phone", identifiers.phone_in_words)

Tone = Literal["info", "success", "warning", "danger"]
Colour = Literal["neutral", "leaf", "tomato", "saffron", "aubergine", "sea"]


@register.filter
def moment(at: datetime) -> str:
    return period.moment_in_words(localtime(at))


@register.filter
def hour(at: datetime) -> str:
    return period.hour_in_words(localtime(at))


@register.filter
def is_optional(field: BoundField) -> bool:
    """Whether to say that a field may stay empty: not where everything may, as in a search."""
    return not field.field.required and any(f.required for f in field.form.fields.values())


@register.simple_block_tag
def card(
    content: SafeString,
    *,
    heading: str = "",
    level: int = 2,
    href: str = "",
    tone: str = "",
    drawing: str = "",
) -> SafeString:
    """With `href`, the whole card leads there."""
    values = {
        "content": content,
        "heading": heading,
        "level": level,
        "href": href,
        "tone": tone,
        "picture": draw(drawing, size=56) if drawing else "",
    }
    return render_to_string("ui/card.html", values)


@register.simple_block_tag
def notice(content: SafeString, *, tone: Tone = "info", heading: str = "") -> SafeString:
    return render_to_string(
        "ui/notice.html", {"content": content, "tone": tone, "heading": heading}
    )


@register.simple_block_tag
def table(content: SafeString, *, caption: str, cards: bool = False) -> SafeString:
    return render_to_string(
        "ui/table.html", {"content": content, "caption": caption, "cards": cards}
    )


@register.simple_block_tag
def summary(content: SafeString) -> SafeString:
    return format_html('<dl class="summary">{}</dl>', content)


@register.simple_block_tag
def row(content: SafeString, *, label: str, change: str = "", change_label: str = "") -> SafeString:
    values = {
        "content": content,
        "label": label,
        "change": change,
        "change_label": change_label or _("Modifier"),
    }
    return render_to_string("ui/row.html", values)


@register.simple_block_tag
def nothing(content: SafeString, *, drawing: str, heading: str) -> SafeString:
    picture = draw(drawing, size=96)
    return render_to_string(
        "ui/nothing.html", {"content": content, "picture": picture, "heading": heading}
    )


@register.simple_tag
def button(label: str, href: str, *, tone: str = "", key: str = "") -> SafeString:
    """A link that looks like what it does. `tone`: secondary or danger. Alt and `key` open it."""
    access = format_html(' accesskey="{}"', key) if key else ""
    looks = f"button {tone}".strip()
    return format_html('<a class="{}" href="{}"{}>{}</a>', looks, href, access, label)


@register.simple_tag
def tag(word: str, *, tone: Colour = "neutral") -> SafeString:
    return format_html('<span class="tag {}">{}</span>', tone, word)


@register.simple_tag
def price(price_cents: int, per_quantity: int, unit: str) -> SafeString:
    words = quantities.price_in_words(price_cents, per_quantity, unit)
    amount, _separator, per = words.partition(" ")
    return format_html('<span class="price"><b>{}</b> {}</span>', amount, per)


@register.simple_tag
def quantity(number: int, unit: str) -> str:
    return quantities.in_words(number, unit)


@register.simple_tag(name="drawing")
def draw(name: str, *, size: int = 48, label: str = "") -> SafeString:
    """A drawing `size` pixels wide. Raises KeyError on a name that drawings.DRAWINGS lacks."""
    return _from_sprite(name, accent=drawings.DRAWINGS[name], size=size, label=label)


@register.simple_tag
def category(name: str, word: str) -> SafeString:
    """Shape, colour and word. Raises ValueError on a name that drawings.CATEGORIES lacks."""
    if name not in drawings.CATEGORIES:
        raise ValueError(name)
    shape = _from_sprite(f"category-{name}", accent=name, size=20, label="")
    return format_html('<span class="category">{} {}</span>', shape, word)


def _from_sprite(symbol: str, *, accent: str, size: int, label: str) -> SafeString:
    spoken = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true"')
    )
    return format_html(
        '<svg class="drawing {}" width="{}" height="{}" {}><use href="{}#{}"/></svg>',
        accent,
        size,
        size,
        spoken,
        static("ui/sprite.svg"),
        symbol,
    )


@register.simple_tag
def meter(value: int, maximum: int, label: str) -> SafeString:
    """How far along. The label says it in words: a bar alone says nothing."""
    values = {"value": value, "maximum": max(maximum, 1), "label": label}
    return render_to_string("ui/meter.html", values)


@register.simple_tag
def bars(rows: Sequence[charts.Bar], *, label: str) -> SafeString:
    values = {"bars": charts.lay_out(rows), "label": label, "full_width": charts.FULL_WIDTH}
    return render_to_string("ui/bars.html", values)


@register.simple_tag
def timeline(events: Iterable[Event]) -> SafeString:
    return render_to_string("ui/timeline.html", {"events": events})


@register.simple_tag
def tabs(items: Sequence[Tab], *, label: str) -> SafeString:
    return render_to_string("ui/tabs.html", {"items": items, "label": label})


@register.simple_tag
def pagination(
    page: Page[Any], *, query: dict[str, str] | None = None, label: str = ""
) -> SafeString:
    """Nothing when one page holds all. `query` is kept; `label` tells two of them apart."""

    def address(number: int) -> str:
        return "?" + urlencode({**(query or {}), "page": number})

    values = {
        "page": page,
        "label": label or _("Pages"),
        "previous": address(page.number - 1),
        "next": address(page.number + 1),
    }
    return render_to_string("ui/pagination.html", values)


@register.simple_tag
def downloads(page: str, *about: object, label: str = "") -> SafeString:
    """Links to a table as files: `page` takes `about` and then the suffix."""
    values = {
        "label": label or _("Télécharger"),
        "xlsx": reverse(page, args=[*about, "xlsx"]),
        "csv": reverse(page, args=[*about, "csv"]),
    }
    return render_to_string("ui/downloads.html", values)


@register.simple_tag
def qr(text: str, *, label: str) -> SafeString:
    code = mark_safe(qr_svg(text))  # noqa: S308 (a path of numbers: the text is not in it)
    return format_html('<span role="img" aria-label="{}">{}</span>', label, code)
