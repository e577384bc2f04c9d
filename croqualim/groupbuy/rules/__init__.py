"""Decisions of the month. Plain values in, plain values out."""
