"""From a row of the outbox to the network. Raises whatever the network says."""

import hashlib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage

from croqualim.messages import sms
from croqualim.messages.models import Channel, Message
from croqualim.messages.rules import as_sms


def send(message: Message) -> None:
    if message.channel == Channel.SMS:
        sms.backend().send(
            address=message.address, body=as_sms(message.body), reference=fingerprint(message)
        )
    else:
        as_mail(message).send()


def as_mail(message: Message) -> EmailMessage:
    mail = EmailMessage(
        subject=message.subject,
        body=message.body,
        to=[message.address],
        headers={
            "Message-ID": message_id(message),
            "Auto-Submitted": "auto-generated",  # RFC 3834: no "I am on holiday" in return
        },
    )
    for attachment in message.attachments.all():
        mail.attach(attachment.name, bytes(attachment.content), attachment.media_type)
    return mail


def message_id(message: Message) -> str:
    """The same at each attempt: a mail client folds the doubles that a killed worker causes."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2]
    return f"<{fingerprint(message)}@{domain or 'localhost'}>"


def fingerprint(message: Message) -> str:
    return hashlib.sha256(message.key.encode()).hexdigest()[:32]
