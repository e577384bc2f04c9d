"""Every page, for everybody: who is let in, that the others see what they would see if it were not
there, and that reading writes nothing. A page that the table does not know fails."""

import re
from collections.abc import Callable, Iterator
from operator import attrgetter

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse
from django_otp import DEVICE_ID_SESSION_KEY, devices_for_user

from croqualim.accounts.models import Person
from tests.test_architecture import PUBLIC_PAGES, named_pages
from tests.world import World, build_world

pytestmark = pytest.mark.django_db

# ------------------------------------------------------------------------------- the people

PEOPLE = {
    "anonymous": None,
    "unproved coordinator": "ours.coordinator",  # her password alone, no second factor
    "stranger": "stranger",  # signed in, in no group and with no role
    "member": "ours.member",
    "neighbour": "ours.neighbour",  # of the same group
    "member elsewhere": "theirs.member",
    "till": "ours.till",
    "volunteer": "ours.volunteer",
    "coordinator": "ours.coordinator",
    "till elsewhere": "theirs.till",
    "coordinator elsewhere": "theirs.coordinator",
    "farmer": "ours.farmer",
    "farmer elsewhere": "theirs.farmer",
    "funder": "ours.funder",
    "funder elsewhere": "theirs.funder",
    "accountant": "ours.accountant",
    "accountant elsewhere": "theirs.accountant",
    "animator": "animator",
}
EVERYBODY = set(PEOPLE) - {"unproved coordinator"}
SIGNED_IN = EVERYBODY - {"anonymous"}
TEAMS = SIGNED_IN - {"stranger", "member", "neighbour", "member elsewhere"}  # hold some role
STAFF = {
    *("coordinator", "coordinator elsewhere"),
    *("funder", "funder elsewhere", "animator"),
    *("accountant", "accountant elsewhere"),
}
COORDINATORS = {"coordinator", "coordinator elsewhere"}
COORDINATOR, MEMBER, ANIMATOR = {"coordinator"}, {"member"}, {"animator"}
TILL = {"till", "coordinator"}
PREPARING = TILL | {"volunteer"}
OUR_TEAM = PREPARING | ANIMATOR | {"accountant"}
KEEPS_OUR_BOOKS = COORDINATOR | {"accountant"}
SETS_UP_OUR_TEAM = COORDINATOR | ANIMATOR
FARMERS = {"farmer", "farmer elsewhere"}
SELLER_AND_BUYER = {"farmer", "coordinator"}
PAYS_AND_HOLDS = {"funder", "coordinator"}

# ------------------------------------------------------------------------------ the addresses

OUR_COLLECTIVE = "ours.month.collective.pk"
OUR_STRUCTURE = "ours.month.collective.structure.pk"
PRODUCT = "open.offer.product.pk"
SERVED = "evening.popup.pk evening.order.pk"

# page -> who is let in, and about what: paths in the world; '=csv' is the word itself
TABLE: dict[str, tuple[set[str], str]] = {
    "pages:home": (EVERYBODY, ""),
    "ui:components": (EVERYBODY, ""),
    "territory:suggestions": (EVERYBODY, ""),
    # one's own account
    "accounts:account": (SIGNED_IN, ""),
    "accounts:sign_in": (EVERYBODY, ""),
    "accounts:enter_code": (EVERYBODY, ""),
    "accounts:choose_person": (EVERYBODY, ""),
    "accounts:enter_by_card": (EVERYBODY, "card_secret"),
    "accounts:sign_out": (SIGNED_IN, ""),
    "accounts:sign_out_everywhere": (SIGNED_IN, ""),
    "accounts:change_names": (SIGNED_IN, ""),
    "accounts:change_phone": (SIGNED_IN, ""),
    "accounts:change_email": (SIGNED_IN, ""),
    "accounts:confirm_address": (SIGNED_IN, ""),
    "accounts:add_to_household": (SIGNED_IN, ""),
    "accounts:lose_card": (SIGNED_IN, ""),
    "accounts:staff_sign_in": (EVERYBODY, ""),
    "accounts:forgotten_password": (EVERYBODY, ""),
    "accounts:choose_password": (EVERYBODY, "newcomer.pk token"),
    "accounts:change_password": (STAFF, ""),
    "accounts:second_factor": (STAFF, ""),
    "accounts:install_second_factor": (STAFF, ""),
    "accounts:begin_second_factor": (STAFF, ""),
    "accounts:recovery_codes": (STAFF, ""),
    # structures and their teams
    "network:structures": (TEAMS, ""),
    "network:structure": (TEAMS, OUR_STRUCTURE),
    "network:add_structure": (ANIMATOR, ""),
    "network:change_structure": (SETS_UP_OUR_TEAM, OUR_STRUCTURE),
    "network:team": (OUR_TEAM, OUR_STRUCTURE),
    "network:invite": (SETS_UP_OUR_TEAM, OUR_STRUCTURE),
    "network:end_role": (SETS_UP_OUR_TEAM, "till_role.pk"),
    # products and prices
    "catalogue:catalogues": (SIGNED_IN, ""),
    "catalogue:template": (SIGNED_IN, "=csv"),
    "catalogue:own_prices": (FARMERS, ""),
    "catalogue:products": (COORDINATOR, OUR_STRUCTURE),
    "catalogue:add_product": (COORDINATOR, OUR_STRUCTURE),
    "catalogue:export": (COORDINATOR, f"{OUR_STRUCTURE} =csv"),
    "catalogue:upload": (COORDINATOR, OUR_STRUCTURE),
    "catalogue:preview": (COORDINATOR, "imported.pk"),
    "catalogue:apply_import": (COORDINATOR, "imported.pk"),
    # the network's list, and what is drawn from it
    "catalogue:references": (COORDINATORS | ANIMATOR, ""),
    "catalogue:reference": (COORDINATORS | ANIMATOR, "reference.pk"),
    "catalogue:add_reference": (ANIMATOR, ""),
    "catalogue:change_reference": (ANIMATOR, "reference.pk"),
    "catalogue:archive_reference": (ANIMATOR, "reference.pk"),
    "catalogue:restore_reference": (ANIMATOR, "reference.pk"),
    "catalogue:choose_reference": (COORDINATOR, OUR_STRUCTURE),
    "catalogue:draw_product": (COORDINATOR, f"{OUR_STRUCTURE} reference.pk"),
    "catalogue:follow_reference": (COORDINATOR, "drawn.pk"),
    "catalogue:read_otherwise": (COORDINATOR, "imported.pk"),
    "catalogue:undo_import": (COORDINATOR, "applied.pk"),
    "catalogue:product": (SELLER_AND_BUYER, PRODUCT),
    "catalogue:set_price": (SELLER_AND_BUYER, PRODUCT),
    "catalogue:change_product": (COORDINATOR, PRODUCT),
    "catalogue:retire_product": (COORDINATOR, PRODUCT),
    "catalogue:bring_back": (COORDINATOR, PRODUCT),
    # a collective, for who coordinates it
    "groupbuy:found_collective": (COORDINATORS | ANIMATOR, ""),
    "groupbuy:collective": (COORDINATOR, OUR_COLLECTIVE),
    "groupbuy:collective_settings": (COORDINATOR, OUR_COLLECTIVE),
    "groupbuy:add_group": (COORDINATOR, OUR_COLLECTIVE),
    "groupbuy:edit_group": (COORDINATOR, "ours.month.group.pk"),
    "groupbuy:shares": (COORDINATOR, OUR_COLLECTIVE),
    "groupbuy:close_share": (COORDINATOR, f"{OUR_COLLECTIVE} =50"),
    "groupbuy:new_envelope": (COORDINATOR, OUR_COLLECTIVE),
    "groupbuy:top_up_envelope": (COORDINATOR, f"{OUR_COLLECTIVE} ours.month.envelope.pk"),
    "groupbuy:members": (COORDINATOR, OUR_COLLECTIVE),
    "groupbuy:collective_table": (COORDINATOR, f"{OUR_COLLECTIVE} =adherents =csv"),
    "groupbuy:add_member": (COORDINATOR, OUR_COLLECTIVE),
    "groupbuy:member": (COORDINATOR, "ours.membership.pk"),
    "groupbuy:telephone": (COORDINATOR, "open.cycle.pk"),
    "groupbuy:take_order": (COORDINATOR, "ours.membership.pk open.popup.pk"),
    "groupbuy:say_order": (COORDINATOR, "open.order.pk"),
    "groupbuy:add_person": (COORDINATOR, "ours.membership.pk"),
    "groupbuy:print_card": (COORDINATOR, "ours.neighbours.pk ours.neighbour.pk"),
    "groupbuy:revoke_card": (COORDINATOR, "ours.membership.pk ours.member.pk"),
    "groupbuy:renew_year": (COORDINATOR, "ours.membership.pk"),
    "groupbuy:end_membership": (COORDINATOR, "ours.membership.pk"),
    # a cycle, for who coordinates it
    "groupbuy:new_cycle": (COORDINATOR, OUR_COLLECTIVE),
    "groupbuy:cycle": (COORDINATOR, "open.cycle.pk"),
    "groupbuy:calendar": (COORDINATOR, OUR_COLLECTIVE),
    "groupbuy:plan_season": (COORDINATOR, OUR_COLLECTIVE),
    "groupbuy:door": (COORDINATOR, "ours.month.group.pk"),
    "groupbuy:automation": (COORDINATOR, OUR_COLLECTIVE),
    "groupbuy:repeat_cycle": (COORDINATOR, "settled.cycle.pk"),
    "groupbuy:cycle_offers": (COORDINATOR, "draft.cycle.pk"),
    "groupbuy:withdraw_offer": (COORDINATOR, "open.cycle.pk open.offer.pk"),
    "groupbuy:publish_cycle": (COORDINATOR, "draft.cycle.pk"),
    "groupbuy:unpublish_cycle": (COORDINATOR, "draft.cycle.pk"),
    "groupbuy:change_dates": (COORDINATOR, "open.cycle.pk"),
    "groupbuy:stops": (COORDINATOR, "open.popup.pk"),
    "groupbuy:cycle_orders": (COORDINATOR, "open.cycle.pk"),
    "groupbuy:cycle_table": (COORDINATOR, "open.cycle.pk =commandes =csv"),
    "groupbuy:order_history": (COORDINATOR, "open.order.pk"),
    "groupbuy:fill_sacks": (COORDINATOR, "open.cycle.pk"),
    "groupbuy:close_cycle": (COORDINATOR, "over.cycle.pk"),
    "groupbuy:purchase_orders": (COORDINATOR, "bought.cycle.pk"),
    "groupbuy:settle_cycle": (COORDINATOR, "evening.cycle.pk"),
    "groupbuy:undo_settlement": (COORDINATOR, "settled.cycle.pk"),
    # what is bought
    "groupbuy:purchase_order": (SELLER_AND_BUYER, "bought.purchase_order.pk"),
    "groupbuy:purchase_order_pdf": (SELLER_AND_BUYER, "bought.purchase_order.pk"),
    "groupbuy:purchase_order_table": (SELLER_AND_BUYER, "bought.purchase_order.pk =csv"),
    "groupbuy:send_purchase_order": (COORDINATOR, "bought.purchase_order.pk"),
    "groupbuy:hand_over_purchase_order": (COORDINATOR, "bought.purchase_order.pk"),
    "groupbuy:receive": (COORDINATOR, "bought.purchase_order.pk"),
    "groupbuy:undo_reception": (COORDINATOR, "evening.purchase_order.pk"),
    "groupbuy:farmer_orders": (SIGNED_IN, ""),  # hers: for most people, none
    "groupbuy:farmer_statement": (SELLER_AND_BUYER, f"{OUR_COLLECTIVE} ours.farm.pk"),
    "groupbuy:farmer_statement_pdf": (SELLER_AND_BUYER, f"{OUR_COLLECTIVE} ours.farm.pk"),
    "groupbuy:farmer_statement_table": (SELLER_AND_BUYER, f"{OUR_COLLECTIVE} ours.farm.pk =csv"),
    # paying for it
    "groupbuy:payments": (COORDINATOR, OUR_COLLECTIVE),
    "groupbuy:invoices": (SELLER_AND_BUYER, f"{OUR_COLLECTIVE} ours.farm.pk"),
    "groupbuy:invoice": (SELLER_AND_BUYER, "invoice.pk"),
    "groupbuy:fill_invoice": (SELLER_AND_BUYER, "invoice.pk"),
    "groupbuy:invoice_file": (SELLER_AND_BUYER, "invoice.pk"),
    "groupbuy:approve_invoice": (COORDINATOR, "invoice.pk"),
    "groupbuy:query_invoice": (COORDINATOR, "invoice.pk"),
    "groupbuy:withdraw_invoice": (SELLER_AND_BUYER, "invoice.pk"),
    "groupbuy:collective_bank": (COORDINATOR, OUR_COLLECTIVE),
    "groupbuy:supplier_bank": (COORDINATOR, f"{OUR_COLLECTIVE} ours.farm.pk"),
    "groupbuy:own_bank": ({"farmer"}, "ours.farm.pk"),
    "groupbuy:payment_batch": (COORDINATOR, "paid.pk"),
    "groupbuy:payment_file": (COORDINATOR, "paid.pk"),
    "groupbuy:execute_batch": (COORDINATOR, "paid.pk"),
    "groupbuy:cancel_batch": (COORDINATOR, "paid.pk"),
    "groupbuy:return_payment": (COORDINATOR, "paid.pk payment.pk"),
    # the books
    "accounting:books": (SIGNED_IN, ""),  # hers: for most people, none
    "accounting:journal": (KEEPS_OUR_BOOKS, OUR_COLLECTIVE),
    "accounting:validate": (KEEPS_OUR_BOOKS, OUR_COLLECTIVE),
    "accounting:fec": (KEEPS_OUR_BOOKS, OUR_COLLECTIVE),
    "accounting:chart": (KEEPS_OUR_BOOKS, OUR_COLLECTIVE),
    # what a member does
    "groupbuy:groups": (EVERYBODY, ""),
    "groupbuy:group": (EVERYBODY, "ours.month.group.slug"),
    "groupbuy:join": (EVERYBODY, "ours.month.group.slug"),
    "groupbuy:confirm_join": (SIGNED_IN, "ours.month.group.slug"),
    "groupbuy:membership": (MEMBER, "ours.membership.pk"),
    "groupbuy:welcome": (MEMBER, "ours.membership.pk"),
    "groupbuy:share": (MEMBER, "ours.membership.pk"),
    "groupbuy:leave": (MEMBER, "ours.membership.pk"),
    "groupbuy:own_orders": (SIGNED_IN, ""),
    "groupbuy:choose": ({"member", "neighbour"}, "open.popup.pk"),
    "groupbuy:fill_basket": ({"member", "neighbour"}, "open.popup.pk"),
    "groupbuy:choose_one": ({"member", "neighbour"}, "open.popup.pk open.offer.pk"),
    "groupbuy:fill_as_usual": ({"member", "neighbour"}, "open.popup.pk"),
    "groupbuy:favourite": ({"member", "neighbour"}, "open.popup.pk open.offer.pk"),
    "groupbuy:take_out": ({"member", "neighbour"}, "open.popup.pk open.offer.pk"),
    "groupbuy:check_answers": ({"member", "neighbour"}, "open.popup.pk"),
    "groupbuy:order": (MEMBER, "open.order.pk"),
    "groupbuy:cancel_order": (MEMBER, "open.order.pk"),
    "groupbuy:show_order": (MEMBER, "open.order.pk"),
    "groupbuy:reprice_order": (MEMBER, "open.order.pk"),
    # preparing and the till
    "groupbuy:cycle_preparation": (PREPARING, "bought.cycle.pk"),
    "groupbuy:preparation": (PREPARING, "evening.popup.pk"),
    "groupbuy:send_to_shop": (PREPARING, "bought.popup.pk"),
    "groupbuy:weighing": (PREPARING, "evening.popup.pk"),
    "groupbuy:weigh_product": (PREPARING, "evening.popup.pk evening.offer.product_id"),
    "groupbuy:undo_sending": (PREPARING, "evening.popup.pk"),
    "groupbuy:preparation_paper": (PREPARING, "evening.popup.pk paper"),
    "groupbuy:print_shop_paper": (PREPARING, "evening.popup.pk paper"),
    "groupbuy:papers": (PREPARING, "evening.cycle.pk"),
    "groupbuy:print_paper": (PREPARING, "evening.cycle.pk =prix"),
    "groupbuy:cycle_paper": (PREPARING, "evening.cycle.pk =prix"),
    "groupbuy:scan": (TILL | MEMBER, "order_code"),
    "groupbuy:scan_membership": (TILL | MEMBER, "ours.membership.pk"),
    "groupbuy:till": (TILL, "evening.popup.pk"),
    "groupbuy:till_order": (TILL, SERVED),
    "groupbuy:weigh_order": (TILL, SERVED),
    "groupbuy:till_presence": (TILL, "evening.popup.pk evening.waiting.pk"),
    "groupbuy:undo_hand_over": (TILL, SERVED),
    "groupbuy:mark_all_absent": (TILL, "evening.popup.pk"),
    "groupbuy:free_sale": (TILL, "evening.popup.pk"),
    "groupbuy:undo_free_sale": (TILL, "evening.popup.pk evening.sale.pk"),
    "groupbuy:find_to_top_up": (TILL, "evening.popup.pk"),
    "groupbuy:top_up": (TILL, "evening.popup.pk ours.membership.pk"),
    "groupbuy:undo_top_up": (TILL, "evening.popup.pk evening.top_up.pk"),
    "groupbuy:refund": (TILL, SERVED),
    "groupbuy:undo_refund": (TILL, "evening.popup.pk evening.refund.pk"),
    "groupbuy:pay_back": (TILL, "evening.popup.pk ours.membership.pk"),
    "groupbuy:undo_pay_back": (TILL, "evening.popup.pk evening.paid_back.pk"),
    "groupbuy:undo_transfer_back": (COORDINATOR, "evening.paid_by_transfer.pk"),
    "groupbuy:refund_order": (COORDINATOR, "evening.order.pk"),
    "groupbuy:undo_refund_of_order": (COORDINATOR, "evening.refund_by_coordinator.pk"),
    "groupbuy:own_account": (MEMBER, "ours.membership.pk"),
    "groupbuy:member_account": (COORDINATOR, "ours.membership.pk"),
    "groupbuy:prepaid_accounts": (COORDINATOR, OUR_COLLECTIVE),
    "groupbuy:containers_back": (TILL, "evening.popup.pk"),
    "groupbuy:undo_containers_back": (TILL, "evening.popup.pk evening.containers_back.pk"),
    "groupbuy:containers": (COORDINATOR, OUR_COLLECTIVE),
    "groupbuy:put_in_container": (COORDINATOR, OUR_COLLECTIVE),
    "groupbuy:take_out_of_container": (COORDINATOR, f"{OUR_COLLECTIVE} evening.offer.product.pk"),
    "groupbuy:bring_change": (TILL, "evening.popup.pk"),
    "groupbuy:deposit_cash": (TILL, "evening.popup.pk"),
    "groupbuy:undo_cash_move": (TILL, "evening.popup.pk evening.change.pk"),
    "groupbuy:count_till": (TILL, "evening.popup.pk"),
    "groupbuy:close_shop": (TILL, "evening.popup.pk"),
    # what the month says afterwards
    "groupbuy:cycle_report": (MEMBER | {"neighbour"} | PAYS_AND_HOLDS, "settled.cycle.pk"),
    "groupbuy:cycle_report_pdf": (MEMBER | {"neighbour"} | PAYS_AND_HOLDS, "settled.cycle.pk"),
    "groupbuy:envelope_statement": (PAYS_AND_HOLDS, "ours.month.envelope.pk"),
    "groupbuy:envelope": (PAYS_AND_HOLDS, "ours.month.envelope.pk"),
    "groupbuy:envelope_table": (PAYS_AND_HOLDS, "ours.month.envelope.pk =csv"),
}
BEFORE_THE_SECOND_FACTOR = {
    "accounts:second_factor",
    "accounts:begin_second_factor",  # which begins nothing where there is one already
    "accounts:sign_out",
}
PRESSED = {"groupbuy:fill_basket": {"plus": "open.offer.pk"}}  # an empty form names no product
# Two things in one address, the second of which is somebody else's: nobody's page at all.
MIXED = {
    "groupbuy:top_up_envelope": f"{OUR_COLLECTIVE} theirs.month.envelope.pk",
    "groupbuy:print_card": "ours.membership.pk theirs.neighbour.pk",
    "groupbuy:revoke_card": "ours.membership.pk theirs.member.pk",
    "groupbuy:take_order": "ours.membership.pk elsewhere.popup.pk",
    "groupbuy:withdraw_offer": "open.cycle.pk elsewhere.offer.pk",
    "groupbuy:choose_one": "open.popup.pk elsewhere.offer.pk",
    "groupbuy:favourite": "open.popup.pk elsewhere.offer.pk",
    "groupbuy:take_out": "open.popup.pk elsewhere.offer.pk",
    "groupbuy:till_order": "evening.popup.pk elsewhere.order.pk",
    "groupbuy:weigh_order": "evening.popup.pk elsewhere.order.pk",
    "groupbuy:till_presence": "evening.popup.pk elsewhere.waiting.pk",
    "groupbuy:undo_hand_over": "evening.popup.pk elsewhere.order.pk",
    "groupbuy:undo_free_sale": "evening.popup.pk elsewhere.sale.pk",
    "groupbuy:undo_top_up": "evening.popup.pk elsewhere.top_up.pk",
    "groupbuy:undo_containers_back": "evening.popup.pk elsewhere.containers_back.pk",
    "groupbuy:take_out_of_container": f"{OUR_COLLECTIVE} elsewhere.offer.product.pk",
    "groupbuy:undo_cash_move": "evening.popup.pk elsewhere.change.pk",
    "groupbuy:refund": "evening.popup.pk elsewhere.order.pk",
    "groupbuy:undo_refund": "evening.popup.pk elsewhere.refund.pk",
    "groupbuy:pay_back": "evening.popup.pk theirs.membership.pk",
    "groupbuy:undo_pay_back": "evening.popup.pk elsewhere.paid_back.pk",
    "groupbuy:top_up": "evening.popup.pk theirs.membership.pk",
    "groupbuy:farmer_statement": f"{OUR_COLLECTIVE} theirs.farm.pk",
    "groupbuy:invoices": f"{OUR_COLLECTIVE} theirs.farm.pk",
    "groupbuy:supplier_bank": f"{OUR_COLLECTIVE} theirs.farm.pk",
    "groupbuy:return_payment": "paid.pk elsewhere_payment.pk",
    "groupbuy:farmer_statement_pdf": f"{OUR_COLLECTIVE} theirs.farm.pk",
    "groupbuy:farmer_statement_table": f"{OUR_COLLECTIVE} theirs.farm.pk =csv",
}
# What will be theirs one day is not yet.
TOO_EARLY = {
    "groupbuy:choose": "draft.popup.pk",  # announced to nobody
    "groupbuy:preparation": "draft.popup.pk",
    "groupbuy:till": "draft.popup.pk",
    "groupbuy:cycle_preparation": "draft.cycle.pk",
    "groupbuy:cycle_report": "evening.cycle.pk",  # not settled
    "groupbuy:cycle_report_pdf": "evening.cycle.pk",
}

# ----------------------------------------------------------------------------- the machinery


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Built once for the module; whatever a request writes is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def browser(world: World) -> Callable[[str], Client]:
    """A browser as one of PEOPLE left it, signed in."""
    sessions = {role: _session_of(role, world) for role, path in PEOPLE.items() if path}

    def browser_of(role: str) -> Client:
        client = Client()
        if role in sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = sessions[role]
        return client

    return browser_of


def _session_of(role: str, world: World) -> str:
    person: Person = attrgetter(PEOPLE[role])(world)
    client = Client()
    client.force_login(person)
    if role in STAFF:
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = next(devices_for_user(person)).persistent_id
        session.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def address(name: str, about: str, world: World) -> str:
    arguments = [
        part[1:] if part.startswith("=") else attrgetter(part)(world) for part in about.split()
    ]
    return reverse(name, args=arguments)


WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|MERGE|TRUNCATE)\b", re.IGNORECASE)


def refuse_writes(execute, sql, params, many, context):
    """A page that a telephone previews, a browser fetches ahead or a robot follows changes
    nothing."""
    assert not WRITES.match(sql), f"Reading this page writes: {sql}"
    return execute(sql, params, many, context)


def read(client: Client, url: str) -> HttpResponse:
    with connection.execute_wrapper(refuse_writes):
        return client.get(url)


def send(client: Client, url: str, form: dict[str, int]) -> HttpResponse:
    """As if nobody had: what it writes is undone."""
    with transaction.atomic():
        answer = client.post(url, form)
        transaction.set_rollback(True)
    return answer


def leads_to(answer: HttpResponse, name: str) -> bool:
    return answer.url.partition("?")[0] == reverse(name)


def verdict(answer: HttpResponse, url: str) -> str:
    """What became of somebody who asked for this address."""
    if answer.status_code == 404:
        return "sees nothing"
    if answer.status_code == 405:
        return ""  # no such method, whoever asks
    if answer.status_code == 302 and leads_to(answer, "accounts:second_factor"):
        return "has to prove her second factor"
    if answer.status_code == 302 and answer.url.startswith(f"{reverse('accounts:sign_in')}?next="):
        return "has to sign in"
    assert answer.status_code in {200, 302}, f"{url}: {answer.status_code}"
    return "is let in"


def verdicts(
    role: str, url: str, browser: Callable[[str], Client], form: dict[str, int] | None = None
) -> set[str]:
    """Read, then sent: nearly always an empty form, which is let in or not all the same."""
    answers = (read(browser(role), url), send(browser(role), url, form or {}))
    return {verdict(answer, url) for answer in answers} - {""}


def expected(role: str, name: str, allowed: set[str]) -> str:
    if role == "unproved coordinator":
        is_open = name in BEFORE_THE_SECOND_FACTOR
        return "is let in" if is_open else "has to prove her second factor"
    if role in allowed:
        return "is let in"
    return "has to sign in" if role == "anonymous" else "sees nothing"


# ------------------------------------------------------------------------------- the promises


def test_the_table_knows_every_page():
    assert set(TABLE) == {name for name, _page in named_pages(get_resolver())}


def test_the_table_and_the_list_of_public_pages_agree():
    assert {name for name, (who, _) in TABLE.items() if "anonymous" in who} == PUBLIC_PAGES


@pytest.mark.parametrize("name", TABLE)
def test_who_is_let_in_and_that_reading_writes_nothing(name, world, browser):
    allowed, about = TABLE[name]
    url = address(name, about, world)
    form = {field: attrgetter(path)(world) for field, path in PRESSED.get(name, {}).items()}

    became = {role: verdicts(role, url, browser, form) for role in PEOPLE}

    assert became == {role: {expected(role, name, allowed)} for role in PEOPLE}


@pytest.mark.parametrize("name", MIXED)
def test_an_address_that_mixes_two_owners_is_nobody_s(name, world, browser):
    url = address(name, MIXED[name], world)
    insiders = ("coordinator", "till", "member", "farmer")

    became = {role: verdicts(role, url, browser) for role in insiders}

    assert became == {role: {"sees nothing"} for role in insiders}


@pytest.mark.parametrize("name", TOO_EARLY)
def test_what_is_not_there_yet_is_nobody_s(name, world, browser):
    url = address(name, TOO_EARLY[name], world)
    insiders = ("coordinator", "till", "member", "funder")

    became = {role: verdicts(role, url, browser) for role in insiders}

    assert became == {role: {"sees nothing"} for role in insiders}


def test_a_farmer_sees_no_purchase_order_before_it_is_sent(world, browser):
    url = address("groupbuy:purchase_order", "evening.purchase_order.pk", world)  # told aloud

    assert verdicts("coordinator", url, browser) == {"is let in"}
    assert verdicts("farmer", url, browser) == {"sees nothing"}


def test_what_is_nobody_s_looks_like_what_is_not_there(world, browser):
    """The answer does not tell whether it exists."""

    def shown(pk: int) -> str:
        answer = browser("stranger").get(reverse("groupbuy:order", args=[pk]))
        return re.sub(r'"\w{64}"', "", answer.text).replace(f"/{pk}/", "")  # csrf tokens differ

    assert shown(world.open.order.pk) == shown(999_999)
