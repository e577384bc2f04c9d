"""Buying together: the month of a buying group, from catalogue to settlement.

collective   an association that runs groups, with a warehouse
group        a buying group ("groupement d'achat") in a neighbourhood
membership   a household's place in a group, for 1 € a year; it carries the share she chose
share        what part of the cost price a member pays; an envelope pays the rest
cycle        one month: opens, closes, is bought, delivered, handed out, settled
offer        a product in a cycle: farmer's price → cost price, and perhaps a limit
basket       what a member is choosing; not yet an order
order        a basket that was confirmed, with a reference to say aloud
purchase order   what is bought from one producer to serve a cycle, in whole packagings
popup        the evening's shop ("épicerie éphémère") where a group collects and pays
"""
