from django.urls import path

from croqualim.catalogue.views import importing, prices, products, references

app_name = "catalogue"
urlpatterns = [
    path("", products.catalogues, name="catalogues"),
    path("mes-prix/", prices.own_prices, name="own_prices"),
    path("acheteur/<int:buyer_id>/", products.products, name="products"),
    path("acheteur/<int:buyer_id>/ajouter/", products.add_product, name="add_product"),
    path("acheteur/<int:buyer_id>/export.<str:extension>", products.export, name="export"),
    path("acheteur/<int:buyer_id>/importer/", importing.upload, name="upload"),
    path("acheteur/<int:buyer_id>/choisir/", references.choose_reference, name="choose_reference"),
    path(
        "acheteur/<int:buyer_id>/choisir/<int:reference_id>/",
        references.draw_product,
        name="draw_product",
    ),
    path("reseau/", references.references, name="references"),
    path("reseau/ajouter/", references.add_reference, name="add_reference"),
    path("reseau/<int:reference_id>/", references.reference, name="reference"),
    path(
        "reseau/<int:reference_id>/modifier/", references.change_reference, name="change_reference"
    ),
    path(
        "reseau/<int:reference_id>/archiver/",
        references.archive_reference,
        name="archive_reference",
    ),
    path(
        "reseau/<int:reference_id>/remettre/",
        references.restore_reference,
        name="restore_reference",
    ),
    path("<int:product_id>/liste/", references.follow_reference, name="follow_reference"),
    path("modele.<str:extension>", importing.template, name="template"),
    path("tableau/<int:import_id>/", importing.preview, name="preview"),
    path("tableau/<int:import_id>/appliquer/", importing.apply, name="apply_import"),
    path("tableau/<int:import_id>/colonnes/", importing.read_otherwise, name="read_otherwise"),
    path("tableau/<int:import_id>/annuler/", importing.undo, name="undo_import"),
    path("<int:product_id>/", products.product, name="product"),
    path("<int:product_id>/modifier/", products.change_product, name="change_product"),
    path("<int:product_id>/prix/", prices.set_price, name="set_price"),
    path("<int:product_id>/retirer/", products.retire_product, name="retire_product"),
    path("<int:product_id>/remettre/", products.bring_back, name="bring_back"),
]
