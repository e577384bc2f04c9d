"""Parsing what people type, and wording what is wrong with it.

wording     problems, fields and values in French
products    a product, its price
importing   a spreadsheet, and its preview line by line
"""
