"""How the database is spoken to, where Django's own way is not enough. Knows no table.

prepared   query sets whose SQL is written once
bulk       many rows of one table, by one statement
sqlite     Django's SQLite, whose writers wait in a queue
"""
