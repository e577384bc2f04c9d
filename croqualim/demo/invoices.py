"""Two invoices for this evening's food: one that agrees, one that asks for a crate too many."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from string import Template
from xml.sax.saxutils import escape

from django.utils.timezone import localdate

from croqualim.accounts.models import Person
from croqualim.demo.region import FIRST_FARM, Region
from croqualim.groupbuy.actions import invoices
from croqualim.groupbuy.models import Cycle, Invoice
from croqualim.groupbuy.queries.purchasing import Contents, purchase_orders_of
from croqualim.kernel.money import in_euros
from croqualim.kernel.period import day_in_words
from croqualim.network.models import RoleKind
from croqualim.network.queries import people_who
from croqualim.ui.pdf import render_pdf

DATA = Path(__file__).parent / "data"
TOO_MANY_CENTS = 1_200
CODES = {"g": ("KGM", 1_000), "ml": ("LTR", 1_000), "piece": ("H87", 1)}
QUESTION = (
    "Bonjour, votre facture compte une ligne douze euros plus cher que ce que nous avons reçu. "
    "Nous nous sommes peut-être trompés en déchargeant : que dit votre bon de livraison ?"
)


def send(region: Region, cycle: Cycle, now: datetime) -> None:
    """The farm whose place one takes sends Factur-X, questioned; another one a plain PDF."""
    orders = purchase_orders_of(cycle)
    hers = [each for each in orders if each.purchase_order.producer.name == FIRST_FARM]
    others = [each for each in orders if each not in hers and each.received_cents]
    for each in hers[:1]:
        farmer = people_who(RoleKind.FARMER, each.purchase_order.producer).first()
        asked = _send(each, "2026-031", TOO_MANY_CENTS, farmer or region.coordinator, now)
        invoices.query_invoice(invoice=asked, words=QUESTION, actor=region.coordinator, now=now)
    for each in others[:1]:
        agreed = _send(each, "F-118", 0, region.coordinator, now)
        invoices.approve_invoice(
            invoice=agreed, seen_cents=each.received_cents, actor=region.coordinator, now=now
        )


def _send(contents: Contents, number: str, more: int, actor: Person, now: datetime) -> Invoice:
    order = contents.purchase_order
    invoice = invoices.receive_invoice(
        collective=order.cycle.collective,
        producer=order.producer,
        file_name=f"facture-{number}.pdf",
        content=_paper(contents, number, more, now),
        actor=actor,
        now=now,
    )
    return invoices.fill_invoice(
        invoice=invoice,
        number=number,
        issued_on=localdate(now),
        amount_cents=contents.received_cents + more,
        tax_cents=0,
        orders=[order.pk],
        actor=actor,
        now=now,
    )


def _paper(contents: Contents, number: str, more: int, now: datetime) -> bytes:
    """With Factur-X inside where it asks for more: so its lines can be compared."""
    order = contents.purchase_order
    rows = [
        (wanted.line.offer.product, wanted.received_quantity, wanted.received_cents)
        for wanted in contents.wanted
    ]
    product, quantity, cents = rows[0]
    rows[0] = (product, quantity, cents + more)
    total = sum(cents for _product, _quantity, cents in rows)
    words = {
        "farm": order.producer.name,
        "buyer": order.cycle.collective.structure.name,
        "order": order.number,
    }
    lines = [(product.name, product.unit, quantity, cents) for product, quantity, cents in rows]
    xml = _xml(lines, {**words, "number": number, "day": f"{localdate(now):%Y%m%d}"}, total)
    said = [
        (wanted.line.offer.product.name, wanted.received_in_words, in_euros(cents))
        for wanted, (_product, _quantity, cents) in zip(contents.wanted, rows, strict=True)
    ]
    paper = {
        **words,
        "title": f"Facture {number}",
        "lead": order.producer.name,
        "day": day_in_words(localdate(now)),
        "rows": said,
        "total": in_euros(total),
        "xml": xml if more else "",
    }
    return render_pdf("demo/papers/invoice.typ", paper, printed_at=now.astimezone(UTC))


def _xml(
    lines: Sequence[tuple[str, str, int, int]], words: dict[str, str], total_cents: int
) -> str:
    """Factur-X, profile BASIC."""
    whole = Template((DATA / "invoice.xml").read_text(encoding="utf-8"))
    one = Template((DATA / "invoice_line.xml").read_text(encoding="utf-8"))
    said = [
        one.substitute(
            line=number,
            name=escape(name),
            code=CODES[unit][0],
            quantity=f"{quantity / CODES[unit][1]:.3f}",
            total=_amount(cents),
        )
        for number, (name, unit, quantity, cents) in enumerate(lines, 1)
    ]
    escaped = {name: escape(text) for name, text in words.items()}
    return whole.substitute(escaped, lines="".join(said), total=_amount(total_cents))


def _amount(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
