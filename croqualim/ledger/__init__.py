"""Money: accounts, and transfers between them. A transfer is added, never changed.

account      one claim or one place that holds money; its balance is what came in less what went out
transfer     an amount that leaves one account for another, with its reason and a key of its own
reservation  an amount held on an account before it moves
envelope     a funder's money for a purpose: an account that cannot go below zero
reversal     a transfer back, with its reason: nothing is ever erased

Balances add up to zero. What people can claim (envelopes, prepaid accounts, what farmers are
owed) is positive and never falls below its floor; what holds it (the cash box, the bank, goods)
is negative and never rises above its ceiling: nobody takes more out of a box than is in it.
"""
