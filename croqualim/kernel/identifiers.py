"""References to say aloud, telephone numbers, secrets."""

import hashlib
import secrets

import phonenumbers


def normal_phone(text: str) -> str:
    """'06 12 34 56 78' -> '+33612345678' (E.164). Raises ValueError when it cannot be one."""
    try:
        number = phonenumbers.parse(text, "FR")
    except phonenumbers.NumberParseException as error:
        raise ValueError(text) from error
    if not phonenumbers.is_possible_number(number):
        raise ValueError(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def new_secret() -> str:
    """128 random bits, as text that fits in an address."""
    return secrets.token_urlsafe(16)


def digest(secret: str) -> str:
    """What is stored of a long random secret: its SHA-256, in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def phone_in_words(phone: str) -> str:
    """'+33612345678' -> '06 12 34 56 78'; another country's keeps its prefix."""
    number = phonenumbers.parse(phone)
    is_french = number.country_code == 33
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, style.NATIONAL if is_french else style.INTERNATIONAL)
