"""What accounts writes to people. Plain text; an SMS says everything in one piece."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from croqualim.accounts.models import Person, Purpose
from croqualim.accounts.rules import Address


@dataclass(frozen=True)
class Letter:
    subject: str
    body: str


def code_letter(figures: str, *, purpose: str, address: Address) -> Letter:
    return _code_sms(figures) if address.is_phone else _code_email(figures, purpose=purpose)


def _code_sms(figures: str) -> Letter:
    """The last line lets a telephone fill the code in, on our site and on no other.

    Format: WICG, "Origin-bound one-time codes delivered via SMS".
    """
    sentence = _(
        "Croqualim : votre code est %(code)s. Il vaut 10 minutes. Ne le donnez à personne."
    )
    host = urlsplit(settings.SITE_URL).hostname
    return Letter("", f"{sentence % {'code': figures}}\n\n@{host} #{figures}")


def _code_email(figures: str, *, purpose: str) -> Letter:
    why = (
        _("Pour entrer dans Croqualim, recopiez ce code :")
        if purpose == Purpose.SIGN_IN
        else _("Pour que Croqualim vous écrive ici, recopiez ce code :")
    )
    paragraphs = [
        _("Bonjour,"),
        f"{why} {figures}",
        _("Il vaut dix minutes et ne sert qu’une fois. Ne le donnez à personne."),
        _("Vous n’avez rien demandé ? Vous n’avez rien à faire."),
    ]
    return Letter(_("Votre code : %(code)s") % {"code": figures}, "\n\n".join(paragraphs))


def invitation(person: Person, *, actor: Person | None, link: str) -> Letter:
    paragraphs = [
        _("Bonjour %(name)s,") % {"name": person.given_name},
        _("%(actor)s vous ouvre Croqualim.") % {"actor": _who(actor)},
        _("Choisissez votre mot de passe ici : %(link)s") % {"link": link},
        _("Ce lien vaut trois jours. Gardez votre téléphone près de vous : la suite s’y passe."),
    ]
    return Letter(_("Bienvenue dans Croqualim"), "\n\n".join(paragraphs))


def password_link(person: Person, *, link: str) -> Letter:
    paragraphs = [
        _("Bonjour %(name)s,") % {"name": person.given_name},
        _("Choisissez un nouveau mot de passe ici : %(link)s") % {"link": link},
        _("Ce lien vaut trois jours et ne sert qu’une fois."),
        _("Vous n’avez rien demandé ? Vous n’avez rien à faire : rien n’a changé."),
    ]
    return Letter(_("Votre mot de passe"), "\n\n".join(paragraphs))


def second_factor_reset(person: Person, *, actor: Person | None) -> Letter:
    paragraphs = [
        _("Bonjour %(name)s,") % {"name": person.given_name},
        _("%(actor)s a retiré le téléphone qui confirmait vos entrées.") % {"actor": _who(actor)},
        _("À votre prochaine entrée, Croqualim vous en demandera un autre."),
        _("Vous n’avez rien demandé ? Répondez à ce message sans attendre."),
    ]
    return Letter(_("Votre téléphone ne confirme plus vos entrées"), "\n\n".join(paragraphs))


def _who(actor: Person | None) -> str:
    return str(actor) if actor else _("La personne qui tient le serveur")
