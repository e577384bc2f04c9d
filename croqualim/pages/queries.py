"""Each role's home answers one question: what do I have to do now?"""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from croqualim.accounting.access import kept_collectives
from croqualim.accounts.models import Person
from croqualim.groupbuy import access as groupbuy
from croqualim.groupbuy.models import (
    Collective,
    Cycle,
    Membership,
    Order,
    Popup,
    PurchaseOrder,
    Stop,
)
from croqualim.groupbuy.queries.cycles import Walk, is_far_ahead, walks_of
from croqualim.groupbuy.rules.stages import Stage
from croqualim.groupbuy.rules.steps import Step
from croqualim.kernel.money import in_euros
from croqualim.kernel.period import hour_in_words, moment_in_words
from croqualim.network.access import has_role, is_animator, structures_where
from croqualim.network.models import RoleKind
from croqualim.pages.todos import Part, Todo

TILL_STAYS_FOR = timedelta(days=2)  # a shop is counted the day after at the latest


def parts_for(person: Person, now: datetime) -> list[Part]:
    """What there is to do, for each role the person has; in a fixed number of queries."""
    parts = [
        Part(_("Mon groupement"), _as_member(person, now)),
        Part(_("Je coordonne"), _as_coordinator(person, now)),
        Part(_("À l’épicerie"), _at_the_shop(person, now)),
        Part(_("Ma ferme"), _as_farmer(person)),
        Part(_("Je finance"), _as_funder(person)),
        Part(_("Je tiens les comptes"), _as_accountant(person)),
        Part(_("J’anime le réseau"), _as_animator(person)),
    ]
    return [part for part in parts if part.todos]


def _at(moment: datetime) -> str:
    return moment_in_words(localtime(moment))


def _as_member(person: Person, now: datetime) -> list[Todo]:
    memberships = list(groupbuy.own_memberships(person))
    if not memberships:
        return []
    groups = [membership.group_id for membership in memberships]
    popups = list(
        Popup.objects.filter(
            group__in=groups,
            cycle__published_at__isnull=False,
            cycle__settled_at=None,
            closed_at=None,
        ).select_related("cycle", "group")
    )
    orders = {
        order.popup_id: order
        for order in Order.objects.filter(
            membership__in=memberships, popup__in=popups, cancelled_at=None
        ).select_related("stop")
    }
    todos = [
        todo
        for popup in sorted(popups, key=lambda popup: popup.starts_at)
        if (todo := _member_todo(popup, orders.get(popup.pk), now))
    ]
    return [*todos, *(_about_membership(membership) for membership in memberships)]


def _member_todo(popup: Popup, order: Order | None, now: datetime) -> Todo | None:
    if order is not None and order.collected_at is None:
        return Todo(
            _("Commande %(reference)s") % {"reference": order.reference},
            _when_to_collect(popup, order.stop or popup, now),
            _("Voir ma commande"),
            reverse("groupbuy:order", args=[order.pk]),
            "basket",
        )
    stage = popup.cycle.stage(now)
    if order is not None or stage not in (Stage.OPEN, Stage.ANNOUNCED):
        return None
    if stage is Stage.ANNOUNCED:
        return Todo(
            _("Les commandes ouvrent bientôt"),
            _("%(group)s : à partir du %(at)s.")
            % {"group": popup.group.name, "at": _at(popup.cycle.opens_at)},
            _("Regarder les produits"),
            reverse("groupbuy:choose", args=[popup.pk]),
            "calendar",
            is_quiet=True,
        )
    return Todo(
        _("Les commandes sont ouvertes"),
        _("%(group)s : jusqu’au %(at)s. Rien n’oblige à commander.")
        % {"group": popup.group.name, "at": _at(popup.cycle.closes_at)},
        _("Commander"),
        reverse("groupbuy:choose", args=[popup.pk]),
        "basket",
    )


def _when_to_collect(popup: Popup, pick_up: Popup | Stop, now: datetime) -> str:
    if pick_up.ends_at < now:
        return _("L’épicerie est passée : appelez votre groupement, %(name)s %(phone)s.") % {
            "name": popup.group.contact_name,
            "phone": popup.group.contact_phone,
        }
    return _("À retirer %(at)s, jusqu’à %(until)s, %(place)s.") % {
        "at": _at(pick_up.starts_at),
        "until": hour_in_words(localtime(pick_up.ends_at)),
        "place": pick_up.place,
    }


def _about_membership(membership: Membership) -> Todo:
    return Todo(
        _("%(group)s, adhésion n° %(number)s")
        % {"group": membership.group.name, "number": membership.number},
        _("La part que vous payez, votre carte, vos commandes passées."),
        _("Mon adhésion"),
        reverse("groupbuy:membership", args=[membership.pk]),
        "people",
        is_quiet=True,
    )


# step -> what it is called, the button, the page, the drawing
STEPS = {
    Step.OFFERS: (
        lazy("Composez les offres"),
        lazy("Choisir les produits"),
        "cycle_offers",
        "basket",
    ),
    Step.PUBLISH: (lazy("Annoncez le cycle"), lazy("Relire et annoncer"), "cycle", "letter"),
    Step.CLOSE: (
        lazy("Les commandes sont closes"),
        lazy("Préparer les achats"),
        "close_cycle",
        "till",
    ),
    Step.SEND: (
        lazy("Des bons de commande attendent"),
        lazy("Les envoyer"),
        "purchase_orders",
        "letter",
    ),
    Step.RECEIVE: (
        lazy("Des livraisons sont attendues"),
        lazy("Noter ce qui arrive"),
        "purchase_orders",
        "truck",
    ),
    Step.PREPARE: (
        lazy("Tout est arrivé, à préparer"),
        lazy("Préparer"),
        "cycle_preparation",
        "warehouse",
    ),
    Step.SETTLE: (
        lazy("Les épiceries sont fermées"),
        lazy("Régler le cycle"),
        "settle_cycle",
        "till",
    ),
}


def _as_coordinator(person: Person, now: datetime) -> list[Todo]:
    collectives = list(groupbuy.coordinated_collectives(person))
    if not collectives:
        return _to_found(person)
    cycles = Cycle.objects.filter(collective__in=collectives, settled_at=None)
    walks = walks_of(cycles.order_by("closes_at"), now)
    running = {walk.cycle.collective_id for walk in walks}
    return [
        *(_coordinator_todo(walk) for walk in walks if not is_far_ahead(walk.cycle, now)),
        *(_on_the_telephone(walk) for walk in walks if walk.step is Step.WAIT_FOR_CLOSING),
        *(_first_step(collective) for collective in collectives if collective.pk not in running),
        *(_about_collective(collective) for collective in collectives),
    ]


def _on_the_telephone(walk: Walk) -> Todo:
    return Todo(
        _("Quelqu’un appelle ?"),
        _("%(cycle)s : sa commande au clavier, ligne après ligne. Alt + T ouvre cette page.")
        % {"cycle": walk.cycle.name},
        _("Commande au téléphone"),
        reverse("groupbuy:telephone", args=[walk.cycle.pk]),
        "people",
        is_quiet=True,
        key="t",
    )


def _first_step(collective: Collective) -> Todo:
    """Of the next month, where none is running."""
    return Todo(
        _("Aucun cycle en cours"),
        _("%(collective)s : choisissez les dates et les produits du prochain.")
        % {"collective": collective.structure.name},
        _("Préparer un cycle"),
        reverse("groupbuy:new_cycle", args=[collective.pk]),
        "calendar",
    )


def _about_collective(collective: Collective) -> Todo:
    return Todo(
        collective.structure.name,
        _("Groupes, adhérent·es, parts et enveloppes, cycles passés, produits."),
        _("Ouvrir"),
        reverse("groupbuy:collective", args=[collective.pk]),
        "people",
        is_quiet=True,
    )


def _to_found(person: Person) -> list[Todo]:
    if not has_role(person, RoleKind.COORDINATOR):
        return []
    return [
        Todo(
            _("Commencer petit"),
            _("Un dépôt, un premier groupe, dix foyers : le mois peut commencer."),
            _("Fonder un collectif"),
            reverse("groupbuy:found_collective"),
            "people",
        )
    ]


def _coordinator_todo(walk: Walk) -> Todo:
    cycle = walk.cycle
    if walk.step is Step.SHOP and walk.next_shop_id:
        address = reverse("groupbuy:till", args=[walk.next_shop_id])
        return Todo(
            cycle.name, _("Des épiceries sont à tenir."), _("Ouvrir la caisse"), address, "till"
        )
    if walk.step not in STEPS:
        opening = walk.step is Step.WAIT_FOR_OPENING
        detail = (
            _("Ouvre %(at)s.") % {"at": _at(cycle.opens_at)}
            if opening
            else _("Commandes ouvertes jusqu’au %(at)s.") % {"at": _at(cycle.closes_at)}
        )
        address = reverse("groupbuy:cycle", args=[cycle.pk])
        return Todo(cycle.name, detail, _("Suivre"), address, "calendar", is_quiet=opening)
    sentence, action, page, drawing = STEPS[walk.step]
    return Todo(
        cycle.name,
        f"{sentence}.",
        str(action),
        reverse(f"groupbuy:{page}", args=[cycle.pk]),
        drawing,
    )


def _at_the_shop(person: Person, now: datetime) -> list[Todo]:
    if structures_where(person, RoleKind.COORDINATOR).exists():
        return []  # hers are steps of her cycles
    open_now = {"closed_at": None, "cycle__bought_at__isnull": False}
    tills = groupbuy.popups_where(person, RoleKind.TILL).filter(**open_now)
    shops = groupbuy.popups_where(person, RoleKind.VOLUNTEER).filter(**open_now)
    at_till = [
        Todo(
            _("Épicerie de %(group)s") % {"group": popup.group.name},
            f"{_at(popup.starts_at)}, {popup.place}.",
            _("Ouvrir la caisse"),
            reverse("groupbuy:till", args=[popup.pk]),
            "till",
        )
        for popup in tills.filter(ends_at__gt=now - TILL_STAYS_FOR).order_by("starts_at")
    ]
    preparing = [
        Todo(
            _("Préparer %(group)s") % {"group": popup.group.name},
            _("Pour %(at)s.") % {"at": _at(popup.starts_at)},
            _("Voir la préparation"),
            reverse("groupbuy:preparation", args=[popup.pk]),
            "warehouse",
        )
        for popup in shops.filter(ends_at__gt=now).order_by("starts_at")
    ]
    return [*at_till, *preparing]


def _as_farmer(person: Person) -> list[Todo]:
    farms = structures_where(person, RoleKind.FARMER)
    if not farms.exists():
        return []
    awaited = PurchaseOrder.objects.filter(
        producer__in=farms, sent_at__isnull=False, received_at=None
    ).select_related("cycle__collective__structure")
    todos = [
        Todo(
            _("Bon %(number)s") % {"number": order.number},
            _("%(buyer)s vous attend.") % {"buyer": order.cycle.collective.structure.name},
            _("Voir ce qui est commandé"),
            reverse("groupbuy:purchase_order", args=[order.pk]),
            "truck",
        )
        for order in awaited.order_by("made_at")
    ]
    prices = Todo(
        _("Mes produits et mes prix"),
        _("Vous fixez vos prix : ils sont payés tels quels."),
        _("Ouvrir"),
        reverse("catalogue:own_prices"),
        "vegetables",
        is_quiet=True,
    )
    past = Todo(
        _("Mes bons de commande"),
        _("Ce qui a été livré, ce qui est dû, ce qui est payé."),
        _("Ouvrir"),
        reverse("groupbuy:farmer_orders"),
        "letter",
        is_quiet=True,
    )
    return [*todos, prices, past]


def _as_funder(person: Person) -> list[Todo]:
    envelopes = groupbuy.visible_envelopes(person).filter(
        funder__in=structures_where(person, RoleKind.FUNDER)
    )
    return [
        Todo(
            envelope.name,
            _("%(holder)s : il y reste %(left)s.")
            % {"holder": envelope.holder.name, "left": in_euros(envelope.account.balance_cents)},
            _("Voir où l’argent est allé"),
            reverse("groupbuy:envelope", args=[envelope.pk]),
            "envelope",
        )
        for envelope in envelopes.order_by("name")
    ]


def _as_accountant(person: Person) -> list[Todo]:
    """Coordinators find the books on their collective's page."""
    structures = structures_where(person, RoleKind.ACCOUNTANT)
    detail, action = _("Écritures du mois, comptes, fichier."), _("Ouvrir le journal")
    return [
        Todo(str(kept), detail, action, reverse("accounting:journal", args=[kept.pk]), "till")
        for kept in kept_collectives(person).filter(structure__in=structures)
    ]


def _as_animator(person: Person) -> list[Todo]:
    if not is_animator(person):
        return []
    count = groupbuy.joinable_groups().count()
    return [
        Todo(
            _("L’annuaire du réseau"),
            _("Qui fait quoi, et où."),
            _("Ouvrir l’annuaire"),
            reverse("network:structures"),
            "people",
        ),
        Todo(
            _("La liste du réseau"),
            _("Les produits que tous peuvent proposer, et combien de collectifs les proposent."),
            _("Ouvrir la liste"),
            reverse("catalogue:references"),
            "vegetables",
            is_quiet=True,
        ),
        Todo(
            _("Les groupements d’achat"),
            ngettext("%(n)s groupement accueille.", "%(n)s groupements accueillent.", count)
            % {"n": count},
            _("Les voir"),
            reverse("groupbuy:groups"),
            "basket",
            is_quiet=True,
        ),
    ]
