"""Tables to take away: columns that read rows, written as CSV or as XLSX while the rows come.

    ORDERS = (
        Column("Commande", attrgetter("reference")),
        Column("Passée le", attrgetter("placed_at"), Kind.MOMENT),
        Column("Quantité", lambda row: Amount(row.quantity, row.unit), Kind.QUANTITY),
    )
    Table("Commandes", ORDERS, rows)

columns.py  what a table is        formulas.py  text that a spreadsheet must not run
delimited.py  CSV, for French spreadsheets        xlsx.py  Office Open XML
"""

from croqualim.kernel.tables.columns import Amount, Column, Columns, Kind, Table, unit_in_word
from croqualim.kernel.tables.delimited import csv_chunks
from croqualim.kernel.tables.formulas import disarm, rearm
from croqualim.kernel.tables.xlsx import xlsx_chunks

__all__ = [
    "Amount",
    "Column",
    "Columns",
    "Kind",
    "Table",
    "csv_chunks",
    "disarm",
    "rearm",
    "unit_in_word",
    "xlsx_chunks",
]
