"""Components. Each is a function: its parameters are all that a template may pass.

A builtin of the template engine: no {% load %}. All are shown, in each state, on /composants/.

Filters   |euros (cents) · |day |month (date) · |moment |hour (datetime, said in Paris time)
Blocks    {% card heading= level= href= tone= %}…{% endcard %}
          {% notice tone= heading= %}…{% endnotice %}         tone: info, success, warning, danger
          {% table caption= cards= %}<thead>…{% endtable %}   cards=True: one card a row on a phone,
                                                              each <td data-label="…">
          {% summary %}{% row label= change= change_label= %}…{% endrow %}{% endsummary %}
          {% nothing drawing= heading= %}…{% endnothing %}    the empty state: say what to do next
Inline    {% button "Commander" href tone= %}                 a link that looks like a button
          {% tag "bio" tone= %}            tone: leaf, tomato, saffron, aubergine, sea
          {% price cents per unit %} {% quantity n unit %}
          {% drawing "pulses" size= label= %}                 without label: decoration
          {% meter value maximum label %} {% bars rows label= %} {% timeline events %}
          {% tabs items label= %} {% pagination page query= %} {% qr text label= %}
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlencode

import segno
from django import template
from django.core.paginator import Page
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from croqualim.kernel import money, period
from croqualim.kernel import quantity as quantities

register = template.Library()
register.filter("euros", money.in_euros)
register.filter("day", period.day_in_words)
register.filter("month", period.month_in_words)

Tone = Literal["info", "success", "warning", "danger"]
Colour = Literal["neutral", "leaf", "tomato", "saffron", "aubergine", "sea"]


@register.filter
def moment(at: datetime) -> str:
    return period.moment_in_words(localtime(at))


@register.filter
def hour(at: datetime) -> str:
    return period.hour_in_words(localtime(at))


@register.simple_block_tag
def card(
    content: SafeString, *, heading: str = "", level: int = 2, href: str = "", tone: str = ""
) -> SafeString:
    values = {"content": content, "heading": heading, "level": level, "href": href, "tone": tone}
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
def button(label: str, href: str, *, tone: str = "") -> SafeString:
    return format_html('<a class="button {}" href="{}">{}</a>', tone, href, label)


@register.simple_tag
def tag(word: str, tone: Colour = "neutral") -> SafeString:
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
    spoken = format_html(' role="img" aria-label="{}"', label) if label else ' aria-hidden="true"'
    return format_html(
        '<svg class="drawing" width="{}" height="{}"{}><use href="{}#{}"/></svg>',
        size,
        size,
        mark_safe(spoken),  # noqa: S308 (made two lines above)
        static("ui/sprite.svg"),
        name,
    )


@register.simple_tag
def meter(value: int, maximum: int, label: str) -> SafeString:
    return format_html(
        '<span class="meter"><meter min="0" max="{}" value="{}">{}</meter> {}</span>',
        max(maximum, 1),
        value,
        label,
        label,
    )


@register.simple_tag
def bars(rows: Sequence[Any], *, label: str) -> SafeString:
    return render_to_string("ui/bars.html", {"rows": rows, "label": label})


@register.simple_tag
def timeline(events: Iterable[Any]) -> SafeString:
    """Events have `sentence`, `at`, `by` and `reason` (the last two may be empty)."""
    return render_to_string("ui/timeline.html", {"events": events})


@dataclass(frozen=True)
class Tab:
    label: str
    href: str
    is_current: bool = False


@register.simple_tag
def tabs(items: Sequence[Tab], *, label: str) -> SafeString:
    return render_to_string("ui/tabs.html", {"items": items, "label": label})


@register.simple_tag
def pagination(page: Page[Any], *, query: dict[str, str] | None = None) -> SafeString:
    def address(number: int) -> str:
        return "?" + urlencode({**(query or {}), "page": number})

    values = {
        "page": page,
        "previous": address(page.number - 1),
        "next": address(page.number + 1),
    }
    return render_to_string("ui/pagination.html", values)


@register.simple_tag
def qr(text: str, *, label: str) -> SafeString:
    code = segno.make(text, micro=False).svg_inline(omitsize=True, svgclass="qr", border=2)
    return format_html('<span role="img" aria-label="{}">{}</span>', label, mark_safe(code))  # noqa: S308
