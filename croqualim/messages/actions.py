"""Write to the outbox; send from it.

Sending is *at least once*. A message is claimed before it is sent, so that two workers never send
it at the same time; a worker killed between the network's "yes" and ours lets it leave a second
time, with the same Message-ID. That is the one case, and the row says so (`queries.uncertain`).
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from croqualim.messages import queries, rules
from croqualim.messages.models import Attachment, Channel, Message
from croqualim.messages.rules import Problem
from croqualim.messages.sending import send
from croqualim.storage.prepared import Prepared

logger = logging.getLogger(__name__)

# By name, as the queue itself keeps it: tasks call actions, not the other way round.
SENDING_TASK = "croqualim.messages.tasks.send_waiting"

SENTENCES = {
    Problem.ADDRESS: _("Cette adresse ne peut rien recevoir : vérifiez-la."),
    Problem.SUBJECT: _("L’objet tient sur une seule ligne, en 200 caractères au plus."),
    Problem.EMPTY: _("Le message est vide."),
    Problem.TOO_LONG: _("Ce texte est trop long pour un SMS : raccourcissez-le."),
    Problem.NO_ATTACHMENT: _("Un SMS n’emporte pas de pièce jointe."),
    Problem.ATTACHMENT_NAME: _("Le nom de la pièce jointe ne convient pas."),
    Problem.TOO_HEAVY: _("Les pièces jointes sont trop lourdes : 5 Mo au plus."),
}


class MessageRefused(Exception):
    """This could never be sent. `str()` of it is a sentence for people."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(SENTENCES[problem]))
        self.problem = problem


@dataclass(frozen=True)
class Letter:
    """One of many that `write_many` writes, without attachments."""

    key: str
    channel: Channel
    address: str
    body: str
    subject: str = ""
    due_at: datetime | None = None
    useful_until: datetime | None = None


@transaction.atomic
def write(
    *,
    key: str,
    channel: Channel,
    address: str,
    body: str,
    now: datetime,
    subject: str = "",
    due_at: datetime | None = None,
    useful_until: datetime | None = None,
    attachments: Sequence[tuple[str, str, bytes]] = (),
) -> Message:
    """Leave a message in the outbox; it goes once this transaction has committed.

    A second call with the same key returns the first message and writes nothing.
    `useful_until`: later it is not sent. `attachments`: (name, media type, content).
    Raises MessageRefused.
    """
    if problem := rules.problem_with(
        channel=channel, address=address, subject=subject, body=body, attachments=attachments
    ):
        raise MessageRefused(problem)
    content = {"channel": channel, "address": address, "subject": subject, "body": body}
    message, is_new = Message.objects.get_or_create(
        key=key,
        defaults={
            **content,
            "written_at": now,
            "due_at": due_at or now,
            "useful_until": useful_until,
        },
    )
    if is_new:
        _attach(message, attachments)
        if message.due_at <= now:  # what is due later waits for the worker's round
            transaction.on_commit(_ask_for_sending, robust=True)
    return message


USED_KEYS = Prepared(
    lambda *keys: Message.objects.filter(key__in=keys).order_by().values_list("key")
)


@transaction.atomic(savepoint=False)
def write_many(*, letters: Sequence[Letter], now: datetime) -> int:
    """`write` to many people in a fixed number of queries; say how many letters are new.

    Keys already used are passed over, and so is a letter that could never be sent: one wrong
    address keeps nobody else from being told. The worker's next round sends them: one task for
    each would be as many queries again.
    """
    keys = {key for (key,) in USED_KEYS(*(letter.key for letter in letters))} if letters else set()
    new = [
        Message(
            key=letter.key,
            **_sendable(letter),
            written_at=now,
            due_at=letter.due_at or now,
            useful_until=letter.useful_until,
        )
        for letter in letters
        if letter.key not in keys and _is_sendable(letter)
    ]
    Message.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _is_sendable(letter: Letter) -> bool:
    problem = rules.problem_with(**_sendable(letter), attachments=())
    if problem:
        logger.error("Letter %s cannot be sent: %s", letter.key, problem)
    return problem is None


def _sendable(letter: Letter) -> dict[str, str]:
    return {
        "channel": letter.channel,
        "address": letter.address,
        "subject": letter.subject,
        "body": letter.body,
    }


@transaction.atomic
def withdraw_unsent(*, key_prefix: str) -> None:
    """Take back what nobody has tried to send; what may be on its way stays.

    The keys are free again: the caller may write under them what is true now.
    """
    queries.waiting().filter(key__startswith=key_prefix, attempts=0).order_by().delete()


@transaction.atomic
def forget_old(*, now: datetime) -> int:
    """Blank addresses, texts and attachments that are of no use any more; say of how many messages.

    Keys stay: what was written once is not written again. See `rules.KEPT`.
    """
    forgotten = list(queries.to_forget(now=now).values_list("pk", flat=True))
    Attachment.objects.filter(message__in=forgotten).delete()
    return Message.objects.filter(pk__in=forgotten).update(
        address="", subject="", body="", last_error=""
    )


def _attach(message: Message, attachments: Sequence[tuple[str, str, bytes]]) -> None:
    if attachments:
        Attachment.objects.bulk_create(
            Attachment(message=message, name=name, media_type=media_type, content=content)
            for name, media_type, content in attachments
        )


def _ask_for_sending() -> None:
    import_string(SENDING_TASK).enqueue()


def send_next(*, now: datetime) -> bool:
    """Send the message that has been due the longest. False: there was none to take.

    Not one transaction: the claim must be seen by others before the network is spoken to.
    """
    message = queries.due(now=now).first()
    if message is None:
        return False
    if _claim(message, now=now):
        _deliver(message, now=now)
    return True


@transaction.atomic  # on SQLite, waits for its turn
def _claim(message: Message, *, now: datetime) -> bool:
    """Take the message for a while. One UPDATE: of two workers, the second changes no row.

    What is said of it meanwhile is what is true if nobody ever comes back.
    """
    still_ours = queries.due(now=now).filter(pk=message.pk)
    message.attempts += 1
    claim = {"due_at": now + rules.CLAIM, "last_error": rules.INTERRUPTED}
    return bool(still_ours.update(attempts=F("attempts") + 1, **claim))


def _deliver(message: Message, *, now: datetime) -> None:
    if message.useful_until and message.useful_until <= now:
        Message.objects.filter(pk=message.pk).update(given_up_at=now, last_error="too late")
        return
    if message.attempts > len(rules.DELAYS) + 1:  # each worker that took it died of it
        _note_failure(message, error=message.last_error, now=now)
        return
    try:
        send(message)
    except Exception as error:  # whatever the network, a gateway or an encoder may raise
        _note_failure(message, error=f"{type(error).__name__}: {error}"[:1000], now=now)
    else:
        with transaction.atomic():
            Message.objects.filter(pk=message.pk).update(
                sent_at=now, last_error=rules.doubt_after(message.last_error)
            )


def _note_failure(message: Message, *, error: str, now: datetime) -> None:
    """Later, or never. A claim that ran out and that another worker holds is left alone."""
    row = Message.objects.filter(pk=message.pk, attempts=message.attempts)
    if again_at := rules.next_try_at(attempts=message.attempts, now=now):
        logger.warning("Message %s not sent, again at %s: %s", message.pk, again_at, error)
        row.update(due_at=again_at, last_error=error)
    else:
        logger.error("Message %s given up: %s", message.pk, error)
        row.update(given_up_at=now, last_error=error)


@transaction.atomic
def try_again(*, message: Message, now: datetime) -> None:
    """Somebody has mended what was wrong: a message given up starts over."""
    given_up = queries.given_up().filter(pk=message.pk)
    if given_up.update(given_up_at=None, attempts=0, due_at=now):
        transaction.on_commit(_ask_for_sending, robust=True)
