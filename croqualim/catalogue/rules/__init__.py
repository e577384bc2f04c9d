"""What makes a product line acceptable, and what a spreadsheet says. No database, no Django.

words      the French and English words of a spreadsheet -> our codes
cells      one cell -> a value, or the problem with it
reading    bytes of a CSV or XLSX file -> tables of text
columns    which line holds the headers, and which column is which
entries    one line -> what it says of a product (our own columns, Open Food Network's)
deciding   lines against a catalogue -> created, changed, same, refused
writing    a catalogue -> CSV or XLSX, in our own columns
products   when a product may be added or changed
"""
