"""How to share out, match, plan. Plain Python over plain values: knows no table.

sharing   a short delivery among those who ordered, by four rules
"""
