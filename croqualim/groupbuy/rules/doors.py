"""Who may join a group by herself: by an address of a school, or by a code she was given."""

import re
from dataclasses import dataclass
from hmac import compare_digest

from croqualim.kernel.text import fold

DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}")
LEAST_CODE = 6  # letters and figures: with few tries an hour, nobody finds it


@dataclass(frozen=True)
class Asked:
    """What a group's door asks for; nothing of both: it is open."""

    email_domain: str = ""
    invitation_code: str = ""

    @property
    def is_open(self) -> bool:
        return not (self.email_domain or self.invitation_code)


def knows_address(asked: Asked, email: str) -> bool:
    """'amina@etu.univ-amu.fr' is let in by 'univ-amu.fr'; 'amina@faux-univ-amu.fr' is not."""
    domain = email.lower().rpartition("@")[2]
    wanted = asked.email_domain
    return bool(wanted) and (domain == wanted or domain.endswith(f".{wanted}"))


def knows_code(asked: Asked, code: str) -> bool:
    """Without minding capitals, accents or spaces."""
    wanted = bare_code(asked.invitation_code)
    return bool(wanted) and compare_digest(wanted, bare_code(code))


def bare_code(code: str) -> str:
    folded = "".join(fold(code).split())
    return "".join(character for character in folded if character.isascii())


def clean_domain(text: str) -> str:
    """'@Univ-AMU.fr' -> 'univ-amu.fr'. Raises ValueError on what is no domain."""
    domain = text.strip().lower().removeprefix("@")
    if not DOMAIN.fullmatch(domain) or len(domain) > 100:
        raise ValueError(text)
    return domain
