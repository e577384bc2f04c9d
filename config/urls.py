from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include("croqualim.pages.urls")),
    path("compte/", include("croqualim.accounts.urls")),
    path("composants/", include("croqualim.ui.urls")),
    path("communes/", include("croqualim.territory.urls")),
    path("structures/", include("croqualim.network.urls")),
    path("produits/", include("croqualim.catalogue.urls")),
    path("groupements/", include("croqualim.groupbuy.urls")),
    path("comptabilite/", include("croqualim.accounting.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("demonstration/", include("croqualim.demo.urls")))
