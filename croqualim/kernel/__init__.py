"""Small types that every domain shares. Plain Python: imports nothing from Django.

money        whole cents, one rounding rule
quantity     whole grams, millilitres or pieces, and how people write them
period       dates as they are said in French
identifiers  references to say aloud, telephone numbers, secrets
text         folding for search
tables       columns and rows written as CSV and XLSX
"""
