from django.utils.timezone import now
from django_tasks import task

from croqualim.messages import actions


@task()
def send_waiting() -> bool:
    """Send one message that is due. Each message written asks for one; the worker's round takes the
    rest. One at a time, so that a worker told to stop stops after the message in hand."""
    return actions.send_next(now=now())
