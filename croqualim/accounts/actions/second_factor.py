"""What a staff person has besides her password: a telephone that makes codes, ten on paper."""

import re
from base64 import b32encode
from datetime import datetime
from secrets import token_bytes

from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from croqualim.accounts import letters, queries, rules
from croqualim.accounts.actions.refusal import AccountRefused
from croqualim.accounts.models import Person
from croqualim.accounts.rules import Reason
from croqualim.messages.actions import write
from croqualim.messages.models import Channel


@transaction.atomic
def begin_second_factor(*, person: Person) -> TOTPDevice:
    """A new key to show to her telephone. It counts for nothing until a code proves it."""
    TOTPDevice.objects.filter(user=person, confirmed=False).delete()
    return TOTPDevice.objects.create(user=person, name="totp", confirmed=False)


def confirm_second_factor(*, person: Person, figures: str) -> tuple[TOTPDevice, list[str]]:
    """Her telephone gives the right code: it replaces the one before; and ten recovery codes.

    Raises AccountRefused (WRONG); too late or too many tries are the same to django-otp, which
    reads the clock itself. Raised outside the transaction, so that the try stays counted.
    """
    with transaction.atomic():
        waiting = queries.second_factor_waiting(person)
        device = waiting and TOTPDevice.objects.select_for_update().get(pk=waiting.pk)
        codes = _install(device, person) if _accepts(device, rules.figures_of(figures)) else []
    if not codes:
        raise AccountRefused.because(Reason.WRONG)
    return device, codes


def prove_second_factor(*, person: Person, text: str) -> Device:
    """The device that this code comes from: her telephone's six figures, or a recovery code.

    Each works once. Raises AccountRefused (WRONG); failures make django-otp wait longer and longer.
    """
    bare = re.sub(r"[\s-]", "", text).lower()
    if rules.RECOVERY_CODE.fullmatch(bare):
        model, token = StaticDevice, _recovery_digest(person, bare)
    else:
        model, token = TOTPDevice, rules.figures_of(bare)
    with transaction.atomic():
        devices = model.objects.select_for_update().filter(user=person, confirmed=True)
        device = devices.first()
        is_proved = _accepts(device, token)
    if not is_proved:
        raise AccountRefused.because(Reason.WRONG)
    return device


@transaction.atomic
def renew_recovery_codes(*, person: Person) -> list[str]:
    """Ten new ones, told this once; those before no longer work."""
    device, _is_new = StaticDevice.objects.get_or_create(user=person, name="recovery")
    device.token_set.all().delete()
    codes = [_new_recovery_code() for _ in range(rules.RECOVERY_CODES)]
    StaticToken.objects.bulk_create(
        StaticToken(device=device, token=_recovery_digest(person, code)) for code in codes
    )
    return codes


@transaction.atomic
def reset_second_factor(*, person: Person, actor: Person | None, now: datetime) -> None:
    """Telephone and paper are lost: she starts over, and is told. For the caller to say who may.

    No actor: the command, on the server itself.
    """
    TOTPDevice.objects.filter(user=person).delete()
    StaticDevice.objects.filter(user=person).delete()
    letter = letters.second_factor_reset(person, actor=actor)
    write(
        key=f"second-factor-reset:{person.pk}:{now.isoformat()}",
        channel=Channel.EMAIL,
        address=person.get_username(),
        subject=letter.subject,
        body=letter.body,
        now=now,
    )


def _accepts(device: Device | None, token: str) -> bool:
    return device is not None and bool(device.verify_token(token))


def _install(device: TOTPDevice, person: Person) -> list[str]:
    TOTPDevice.objects.filter(user=person).exclude(pk=device.pk).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    return renew_recovery_codes(person=person)


def _new_recovery_code() -> str:
    return b32encode(token_bytes(7)).decode().lower()[:10]


def _recovery_digest(person: Person, code: str) -> str:
    """What is stored instead of the code: as much of a keyed digest as the column holds."""
    mac = salted_hmac("croqualim.accounts.recovery", f"{person.pk}:{code}", algorithm="sha256")
    return mac.hexdigest()[:16]
