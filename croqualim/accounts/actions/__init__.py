"""Writes about people and the ways they sign in."""

from croqualim.accounts.actions.cards import issue_card, revoke_card
from croqualim.accounts.actions.codes import Ticket, request_change_code, request_code, use_code
from croqualim.accounts.actions.passwords import (
    authenticate_staff,
    change_password,
    invite_staff,
    send_password_link,
)
from croqualim.accounts.actions.people import (
    add_to_household,
    change_address,
    change_names,
    close_sessions,
    register_person,
    register_staff,
)
from croqualim.accounts.actions.refusal import AccountRefused
from croqualim.accounts.actions.second_factor import (
    begin_second_factor,
    confirm_second_factor,
    prove_second_factor,
    renew_recovery_codes,
    reset_second_factor,
)

__all__ = [
    "AccountRefused",
    "Ticket",
    "add_to_household",
    "authenticate_staff",
    "begin_second_factor",
    "change_address",
    "change_names",
    "change_password",
    "close_sessions",
    "confirm_second_factor",
    "invite_staff",
    "issue_card",
    "prove_second_factor",
    "register_person",
    "register_staff",
    "renew_recovery_codes",
    "request_change_code",
    "request_code",
    "reset_second_factor",
    "revoke_card",
    "send_password_link",
    "use_code",
]
