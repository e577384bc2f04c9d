"""What an invoice's file says of itself: a PDF, with or without Factur-X inside, or its XML alone.

Factur-X 1.0 (FNFE-MPE): the XML is a Cross Industry Invoice (UN/CEFACT D16B), attached to the PDF
under a known name. Nothing in either is executed, and no declaration (DTD, entity) is read.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from pypdf import PdfReader

from croqualim.kernel.text import clean_name

MAX_BYTES = 5_000_000
MAX_XML_BYTES = 1_000_000
MAX_LINES = 500
MOST_CENTS = 100_000_000
LONGEST_NUMBER = 60
NAMES = {"factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml"}  # those that are standardised
ROOT = "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice"
CREDIT_NOTES = {"381", "261", "262", "296", "308", "396", "420", "458", "532"}
XML_BEGINS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe", b"\xfe\xff")
DEAL = "{*}SupplyChainTradeTransaction"
AGREEMENT = f"{DEAL}/{{*}}ApplicableHeaderTradeAgreement"
SETTLEMENT = f"{DEAL}/{{*}}ApplicableHeaderTradeSettlement"
TOTALS = f"{SETTLEMENT}/{{*}}SpecifiedTradeSettlementHeaderMonetarySummation"
SELLER = f"{AGREEMENT}/{{*}}SellerTradeParty"


class FileReason(StrEnum):
    TOO_BIG = "too big"
    NOT_AN_INVOICE = "not an invoice"
    UNREADABLE = "unreadable"
    HOSTILE = "hostile"
    NOT_FACTURX = "not factur-x"
    CREDIT_NOTE = "credit note"
    NOT_EUROS = "not euros"


class FileRefused(Exception):
    """Nothing of this file is kept."""

    def __init__(self, reason: FileReason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Line:
    name: str
    quantity: str  # as it is written, with its unit of UN/ECE Recommendation 20
    net_cents: int | None  # without tax


@dataclass(frozen=True)
class Read:
    """What could be read; the rest is typed. `media`: pdf or xml."""

    media: str
    number: str = ""
    issued_on: date | None = None
    amount_cents: int | None = None  # including tax
    tax_cents: int | None = None
    seller_ids: tuple[str, ...] = ()  # SIREN or SIRET
    order_references: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()


def read_invoice(content: bytes) -> Read:
    """Raises FileRefused."""
    if len(content) > MAX_BYTES:
        raise FileRefused(FileReason.TOO_BIG)
    if content.startswith(b"%PDF-"):
        attached = _attached(content)
        return Read("pdf") if attached is None else _read_xml(attached, "pdf")
    start = content[:2000].lower()
    if not content.lstrip().startswith(XML_BEGINS) or b"<html" in start or b"doctype html" in start:
        raise FileRefused(FileReason.NOT_AN_INVOICE)
    return _read_xml(content, "xml")


def _attached(content: bytes) -> bytes | None:
    """The invoice's XML in a PDF, if it has one."""
    try:
        reader = PdfReader(io.BytesIO(content))
        if not len(reader.pages):
            raise FileRefused(FileReason.UNREADABLE)
        for attachment in reader.attachment_list:
            if attachment.name.lower() in NAMES:
                return bytes(attachment.content)
    except FileRefused:
        raise
    except Exception as error:  # on a broken file the reader raises whatever it stumbles on
        raise FileRefused(FileReason.UNREADABLE) from error
    return None


def _read_xml(content: bytes, media: str) -> Read:
    if len(content) > MAX_XML_BYTES:
        raise FileRefused(FileReason.TOO_BIG)
    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise FileRefused(FileReason.HOSTILE) from error
    except (ParseError, ValueError, LookupError) as error:  # an encoding that does not exist, too
        raise FileRefused(FileReason.NOT_FACTURX) from error
    if root.tag != ROOT:
        raise FileRefused(FileReason.NOT_FACTURX)
    if _text(root, "{*}ExchangedDocument/{*}TypeCode") in CREDIT_NOTES:
        raise FileRefused(FileReason.CREDIT_NOTE)
    if _text(root, f"{SETTLEMENT}/{{*}}InvoiceCurrencyCode") not in {"EUR", ""}:
        raise FileRefused(FileReason.NOT_EUROS)
    return _read(root, media)


def _read(root: Element, media: str) -> Read:
    amount = _cents(_text(root, f"{TOTALS}/{{*}}GrandTotalAmount"))
    tax = _cents(_text(root, f"{TOTALS}/{{*}}TaxTotalAmount"))
    number = clean_name(_text(root, "{*}ExchangedDocument/{*}ID"))
    return Read(
        media,
        number=number if len(number) <= LONGEST_NUMBER else "",
        issued_on=_day(_text(root, "{*}ExchangedDocument/{*}IssueDateTime/{*}DateTimeString")),
        amount_cents=amount if amount and 0 < amount <= MOST_CENTS else None,
        tax_cents=tax if tax is not None and 0 <= tax <= MOST_CENTS else None,
        seller_ids=tuple(_seller_ids(root)),
        order_references=tuple(_order_references(root)),
        lines=tuple(_lines(root)),
    )


def _seller_ids(root: Element) -> Iterator[str]:
    for path in ("{*}SpecifiedLegalOrganization/{*}ID", "{*}GlobalID", "{*}ID"):
        for element in root.findall(f"{SELLER}/{path}"):
            digits = re.sub(r"\s", "", element.text or "")
            if re.fullmatch(r"[0-9]{9}|[0-9]{14}", digits):
                yield digits


def _order_references(root: Element) -> Iterator[str]:
    for element in root.findall(".//{*}BuyerOrderReferencedDocument"):
        if said := clean_name(_text(element, "{*}IssuerAssignedID"))[:LONGEST_NUMBER]:
            yield said


def _lines(root: Element) -> Iterator[Line]:
    for line in root.findall(f"{DEAL}/{{*}}IncludedSupplyChainTradeLineItem")[:MAX_LINES]:
        quantity = line.find("{*}SpecifiedLineTradeDelivery/{*}BilledQuantity")
        total = "{*}SpecifiedLineTradeSettlement/{*}SpecifiedTradeSettlementLineMonetarySummation"
        yield Line(
            clean_name(_text(line, "{*}SpecifiedTradeProduct/{*}Name"))[:200],
            _quantity(quantity),
            _cents(_text(line, f"{total}/{{*}}LineTotalAmount")),
        )


# UN/ECE Recommendation 20, for what is grown and eaten
UNITS = {"KGM": "kg", "GRM": "g", "LTR": "l", "MLT": "ml", "H87": "", "C62": "", "EA": ""}


def _quantity(element: Element | None) -> str:
    """'12.500' KGM -> '12,5 kg'."""
    if element is None or not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,6})?", element.text or ""):
        return ""
    number = f"{Decimal(element.text or ''):f}"
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    code = element.get("unitCode", "")[:3]
    return f"{number.replace('.', ',')} {UNITS.get(code, code)}".strip()


def _text(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _cents(text: str) -> int | None:
    """'1234.50' -> 123450, to the nearest cent; None when it is no amount."""
    if not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,6})?", text):
        return None
    return int((Decimal(text) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def _day(text: str) -> date | None:
    """Format 102 of UN/EDIFACT 2379: '20260312'."""
    if not re.fullmatch(r"20[2-9][0-9]{5}", text):
        return None
    try:
        return date.fromisoformat(f"{text[:4]}-{text[4:6]}-{text[6:]}")
    except ValueError:
        return None
