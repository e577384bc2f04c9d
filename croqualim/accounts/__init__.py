"""People, households, and how they sign in.

person      somebody; may have neither telephone nor e-mail and still exists fully
household   the people who eat together; nothing of its means is stored, ever
code        six figures sent to a telephone or an address, good for a few minutes, once
card        a personal QR to sign in with, printed, revocable
staff       a person who signs in by password and second factor, never by code or card
"""
