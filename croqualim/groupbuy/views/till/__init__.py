"""The till, on a telephone: serving, selling what is left, accounts, counting and closing."""
