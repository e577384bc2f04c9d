"""The file a bank takes: ISO 20022 pain.001, SEPA credit transfers.

Written by `sepaxml`, checked against the standard's schema before it leaves. Two versions: 2019
(.09), which French banks must take since March 2024, and 2009 (.03), which some still ask for.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sepaxml import SepaTransfer
from text_unidecode import unidecode

from croqualim.groupbuy.rules.paying import BankAccount, sepa_text


class FileVersion(StrEnum):
    OF_2019 = "pain.001.001.09"
    OF_2009 = "pain.001.001.03"


@dataclass(frozen=True)
class CreditTransfer:
    """One payment. `identifier` comes back on the bank's statement (EndToEndId)."""

    identifier: str
    to: BankAccount
    amount_cents: int
    remittance: str


def credit_transfer_file(
    *,
    identifier: str,
    payer: BankAccount,
    payments: Iterable[CreditTransfer],
    pay_on: date,
    made_at: datetime,
    version: FileVersion = FileVersion.OF_2019,
) -> str:
    """The whole file. `made_at` is in local time. Raises sepaxml's ValidationError when the
    schema refuses it, which would be a fault of ours."""
    config = {
        "name": _plain(payer.holder, 70),
        "IBAN": payer.iban,
        "batch": True,
        "currency": "EUR",
    }
    sepa = SepaTransfer(config, schema=version.value, clean=False)
    sepa.msg_id = identifier
    for payment in payments:
        sepa.add_payment(_said(payment, pay_on))
    return _finished(sepa.export(validate=False), identifier, made_at, version)


def _said(payment: CreditTransfer, pay_on: date) -> dict[str, object]:
    return {
        "name": _plain(payment.to.holder, 70),
        "IBAN": payment.to.iban,
        "amount": payment.amount_cents,
        "execution_date": pay_on,
        "description": _plain(payment.remittance, 140),
        "endtoend_id": _plain(payment.identifier, 35),
    }


def _plain(text: str, longest: int) -> str:
    return sepa_text(unidecode(text), longest)


def _finished(content: bytes, identifier: str, made_at: datetime, version: FileVersion) -> str:
    """sepaxml draws identifiers at random and reads the clock: the file says ours. And without a
    BIC the debtor's bank is 'NOTPROVIDED' (EPC132-08, AT-D002)."""
    space = f"{{urn:iso:std:iso:20022:tech:xsd:{version.value}}}"
    root = ET.fromstring(content)  # noqa: S314 (written by us just now)
    said = {
        "MsgId": identifier,
        "CreDtTm": made_at.strftime("%Y-%m-%dT%H:%M:%S"),
        "PmtInfId": identifier,
    }
    for name, text in said.items():
        for element in root.iter(f"{space}{name}"):
            element.text = text
    for bank in root.findall(f".//{space}DbtrAgt/{space}FinInstnId"):
        other = ET.SubElement(bank, f"{space}Othr")
        ET.SubElement(other, f"{space}Id").text = "NOTPROVIDED"
    written = ET.tostring(root, encoding="unicode", xml_declaration=False)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{written}\n'
