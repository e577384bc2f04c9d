"""From transfers to entries and to the file, before any database.

headings  what each transfer debits and credits
entries   transfers -> entries that balance, households grouped by day
fec       entries -> the 18 columns of article A47 A-1
"""
