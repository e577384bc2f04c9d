"""What a home page lists."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Todo:
    """One thing to do, and the button that does it."""

    sentence: str
    detail: str
    action: str
    href: str
    drawing: str
    is_quiet: bool = False  # good to know, nothing to do
    key: str = ""  # that opens it, with Alt


@dataclass(frozen=True)
class Part:
    """What one role has to do."""

    heading: str
    todos: list[Todo]
