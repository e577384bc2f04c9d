"""Tables, by subject: groups, cycles, orders, buying, paying, the evening's shop, history."""

from croqualim.groupbuy.models.automation import Automation
from croqualim.groupbuy.models.buying import (
    Delivery,
    DeliveryLine,
    PurchaseOrder,
    PurchaseOrderLine,
)
from croqualim.groupbuy.models.cash import CashMove, CashMoveKind
from croqualim.groupbuy.models.containers import Container, ContainerMove, ProductContainer
from croqualim.groupbuy.models.cycles import Cycle, Offer, Popup
from croqualim.groupbuy.models.doors import Door
from croqualim.groupbuy.models.favourites import Favourite
from croqualim.groupbuy.models.groups import (
    Collective,
    Group,
    Membership,
    MembershipYear,
    ShareChoice,
    ShareOption,
)
from croqualim.groupbuy.models.history import Event, EventKind
from croqualim.groupbuy.models.invoices import Invoice, InvoiceMatch
from croqualim.groupbuy.models.money_back import (
    Fate,
    Payout,
    PayoutMethod,
    PayoutPurpose,
    Refund,
)
from croqualim.groupbuy.models.orders import Basket, Order, OrderLine
from croqualim.groupbuy.models.paying import BankDetails, PaidDue, PaymentBatch, ProducerPayment
from croqualim.groupbuy.models.printing import Printing
from croqualim.groupbuy.models.stops import Stop
from croqualim.groupbuy.models.till import (
    FreeSale,
    FreeSaleLine,
    Payment,
    PaymentMethod,
    PaymentPurpose,
    TillCount,
)
from croqualim.groupbuy.models.weighing import Weighing

__all__ = [
    "Automation",
    "BankDetails",
    "Basket",
    "CashMove",
    "CashMoveKind",
    "Collective",
    "Container",
    "ContainerMove",
    "Cycle",
    "Delivery",
    "DeliveryLine",
    "Door",
    "Event",
    "EventKind",
    "Fate",
    "Favourite",
    "FreeSale",
    "FreeSaleLine",
    "Group",
    "Invoice",
    "InvoiceMatch",
    "Membership",
    "MembershipYear",
    "Offer",
    "Order",
    "OrderLine",
    "PaidDue",
    "Payment",
    "PaymentBatch",
    "PaymentMethod",
    "PaymentPurpose",
    "Payout",
    "PayoutMethod",
    "PayoutPurpose",
    "Popup",
    "Printing",
    "ProducerPayment",
    "ProductContainer",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "Refund",
    "ShareChoice",
    "ShareOption",
    "Stop",
    "TillCount",
    "Weighing",
]
