"""The accountant's side: the ledger's transfers as entries of the French general chart of accounts.

heading   what an amount is, for an accountant; each collective gives it its account number
entry     two lines or four that balance; one per transfer, or one per day for what is households'
validate  number the entries of past days for good; from then on nothing is written before
FEC       fichier des écritures comptables, the file that the tax administration asks for
"""
