"""Addresses of the month, by subject."""

from django.urls import URLPattern

from croqualim.groupbuy.urls import (
    closing,
    cycles,
    invoices,
    joining,
    money,
    ordering,
    paying,
    popups,
    repeating,
    settlement,
    taking,
)

app_name = "groupbuy"
urlpatterns: list[URLPattern] = [
    *cycles.urlpatterns,
    *repeating.urlpatterns,
    *ordering.urlpatterns,
    *taking.urlpatterns,
    *closing.urlpatterns,
    *popups.urlpatterns,
    *settlement.urlpatterns,
    *paying.urlpatterns,
    *invoices.urlpatterns,
    *money.urlpatterns,
    *joining.urlpatterns,  # last: it holds the groups' own names
]
