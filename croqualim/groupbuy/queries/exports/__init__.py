"""Tables to download: one function a table, by what it is about. None tells a share.

Rows come from the database while they are written: a table costs a fixed number of queries and
no memory for its length. A new one: a function here, a line in its register, a link on its page.
"""

from collections.abc import Callable, Mapping
from typing import Any

from croqualim.groupbuy.models import Collective, Cycle
from croqualim.groupbuy.queries.exports import books, buying, collectives, money, orders
from croqualim.kernel.tables import Table

# what its coordinator may take away, by the word in the address
OF_A_CYCLE: Mapping[str, Callable[[Cycle], Table[Any]]] = {
    "commandes": orders.orders,
    "lignes": orders.order_lines,
    "produits": buying.offers,
    "bons": buying.purchase_orders,
    "livraisons": buying.deliveries,
    "caisses": money.takings,
    "reglement": money.settlement,
}
OF_A_COLLECTIVE: Mapping[str, Callable[[Collective], Table[Any]]] = {
    "adherents": collectives.members,
    "prix": collectives.prices,
    "stock": collectives.levels,
    "mouvements": collectives.movements,
    "journal": books.journal,
}
