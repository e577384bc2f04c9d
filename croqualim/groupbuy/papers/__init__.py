"""Printed things of the month: each is designed, and says when it was printed."""
