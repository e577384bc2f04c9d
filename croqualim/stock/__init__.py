"""Goods: lots, the places they are in, and movements between places. Never changed, only added.

location   a real place (warehouse, shop of an evening) or a virtual one (a producer, households,
           losses, compost): goods always come from somewhere and go somewhere
lot        goods of one product that arrived together: code, best-before date, price paid
movement   a quantity of a lot that leaves one location for another
level      how much of a lot is in a location; in a real place it never falls below zero
reservation  a quantity held in a place before it moves
"""
