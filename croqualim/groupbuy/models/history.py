from django.db import models
from django.utils.translation import gettext_lazy as _

from croqualim.accounts.models import Person
from croqualim.groupbuy.models.cycles import Cycle, Popup
from croqualim.groupbuy.models.orders import Order


class EventKind(models.TextChoices):
    CYCLE_MADE = "cycle_made", _("Cycle préparé")
    CYCLE_CHANGED = "cycle_changed", _("Cycle modifié")
    CYCLE_PUBLISHED = "cycle_published", _("Commandes annoncées")
    OFFER_WITHDRAWN = "offer_withdrawn", _("Produit retiré")
    ORDER_PLACED = "order_placed", _("Commande confirmée")
    ORDER_CHANGED = "order_changed", _("Commande modifiée")
    ORDER_CANCELLED = "order_cancelled", _("Commande annulée")
    ORDER_REPRICED = "order_repriced", _("Commande ajustée")
    ROUNDING_CHOSEN = "rounding_chosen", _("Arrondi choisi à la clôture")
    CYCLE_BOUGHT = "cycle_bought", _("Commandes closes, bons de commande établis")
    PURCHASE_SENT = "purchase_sent", _("Bon de commande envoyé")
    DELIVERY_RECEIVED = "delivery_received", _("Livraison reçue")
    DELIVERY_UNDONE = "delivery_undone", _("Réception annulée")
    WEIGHED = "weighed", _("Pesé")
    POPUP_PREPARED = "popup_prepared", _("Marchandises parties du dépôt")
    PREPARATION_UNDONE = "preparation_undone", _("Préparation annulée")
    CHECKED_IN = "checked_in", _("Arrivée à l’épicerie")
    CHECK_IN_UNDONE = "check_in_undone", _("Arrivée annulée")
    COLLECTED = "collected", _("Commande retirée et payée")
    COLLECTION_UNDONE = "collection_undone", _("Retrait annulé")
    ABSENT = "absent", _("N’est pas venu·e")
    ABSENCE_UNDONE = "absence_undone", _("Absence annulée")
    FREE_SALE = "free_sale", _("Vente libre")
    FREE_SALE_UNDONE = "free_sale_undone", _("Vente libre annulée")
    TOPPED_UP = "topped_up", _("Compte prépayé rechargé")
    TOP_UP_UNDONE = "top_up_undone", _("Recharge annulée")
    PAID_BACK = "paid_back", _("Compte prépayé rendu")
    PAY_BACK_UNDONE = "pay_back_undone", _("Remboursement annulé")
    REFUNDED = "refunded", _("Produit repris et remboursé")
    REFUND_UNDONE = "refund_undone", _("Reprise annulée")
    CASH_MOVED = "cash_moved", _("Espèces déplacées")
    CASH_MOVE_UNDONE = "cash_move_undone", _("Déplacement d’espèces annulé")
    CONTAINERS_BACK = "containers_back", _("Contenants rendus")
    CONTAINERS_BACK_UNDONE = "containers_back_undone", _("Retour de contenants annulé")
    TILL_COUNTED = "till_counted", _("Caisse comptée")
    POPUP_CLOSED = "popup_closed", _("Épicerie fermée, restes au dépôt")
    GOODS_LOST = "goods_lost", _("Pertes notées")
    CYCLE_SETTLED = "cycle_settled", _("Cycle réglé")
    SETTLEMENT_UNDONE = "settlement_undone", _("Règlement annulé")
    PRODUCERS_PAID = "producers_paid", _("Producteurs payés")
    PAYMENT_RETURNED = "payment_returned", _("Paiement revenu, de nouveau dû")
    INVOICE_RECEIVED = "invoice_received", _("Facture reçue")
    INVOICE_APPROVED = "invoice_approved", _("Facture approuvée")
    INVOICE_QUERIED = "invoice_queried", _("Question posée sur la facture")
    INVOICE_WITHDRAWN = "invoice_withdrawn", _("Facture retirée")


class Event(models.Model):
    """Who did what, when and why. Added, never changed: people ask about it later."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="events")
    popup = models.ForeignKey(Popup, models.PROTECT, null=True, blank=True, related_name="events")
    order = models.ForeignKey(Order, models.PROTECT, null=True, blank=True, related_name="events")
    kind = models.CharField(max_length=30, choices=EventKind)
    details = models.JSONField(default=dict)  # {"lines": [[what, before, after], …]} as text
    reason = models.TextField(blank=True)
    actor = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.at:%d/%m/%Y %H:%M}"
