"""Croqualim: the open platform of a regional food-solidarity network."""
