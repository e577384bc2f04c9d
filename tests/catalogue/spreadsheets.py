"""Spreadsheets as people's programs write them."""

import csv
import io

from openpyxl import Workbook

HEADERS = ["Producteur", "Code", "Nom", "Se commande par", "Conditionnement", "Prix", "Pour"]
LENTILS = ["Ferme du Soleil", "LEN", "Lentilles vertes", "500 g", "sac de 25 kg", "3,20", "1 kg"]
HONEY = ["Rucher d’Apt", "MIEL", "Miel de lavande", "1 pièce", "carton de 12", "7,5", "1 pièce"]


def as_csv(*rows, encoding="utf-8", delimiter=";", ends="\r\n"):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=ends).writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(*rows, title_rows=0):
    book = Workbook()
    sheet = book.active
    for _ in range(title_rows):
        sheet.append(["Les produits de la saison"])
        sheet.merge_cells(
            start_row=sheet.max_row, end_row=sheet.max_row, end_column=7, start_column=1
        )
    for row in rows:
        sheet.append(list(row))
    return saved(book)


def saved(book):
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
