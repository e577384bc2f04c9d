"""Structures of the network, and what people do in them.

structure  an association, farm, food bank, town hall, shop… in one of the nine categories
role       what a person does in a structure, from a day until another; never erased
"""
