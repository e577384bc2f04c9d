"""What a view hands to the components that show a list."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Event:
    """What happened, as a sentence; when; who did it and why, where there is something to say."""

    sentence: str
    at: datetime
    by: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Tab:
    """One page of a section, and whether it is the one shown."""

    label: str
    href: str
    is_current: bool = False
