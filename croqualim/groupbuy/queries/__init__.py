"""Reads of the month, by subject."""
