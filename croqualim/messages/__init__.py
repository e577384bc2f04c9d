"""What leaves for people: e-mail and SMS, written once to an outbox, sent by a task, tried again.

message   one text to one address by one channel; its key makes writing it twice harmless
channel   e-mail or SMS; letters are printed by whoever has something to say on paper

Addresses are plain text: this floor knows no person (see docs/decisions).
"""
