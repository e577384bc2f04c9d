"""Parsing input and wording what is wrong with it, by subject."""
