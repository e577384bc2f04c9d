"""Price lists that came by e-mail, as farmers write them: one was taken, and can be taken back; one
waits to be looked at."""

from datetime import datetime, timedelta

from croqualim.catalogue.actions.importing import apply_import, draft_import
from croqualim.catalogue.models import CatalogueImport
from croqualim.demo.region import Region

TAKEN = """Tarif d’hiver;;;
Producteur;Désignation;Conditionnement;Prix au kilo
Vergers de l’Exemple, en Durance;Noix de pays;sac de 5 kg;6,80
Vergers de l’Exemple, en Durance;Amandes en coque;sac de 5 kg;7,20
"""
WAITING = """Producteur;Désignation;Conditionnement;Prix
Moulin de l’Exemple;Farine de petit épeautre 5KG;;19,50
Moulin de l’Exemple;Semoule de maïs 10 kg;;24,00
Moulin de l’Exemple;Flocons d’avoine;sac de 5 kg;3,10 €/kg
Moulin de l’Exemple;Son de blé;vrac;1,20 €/kg
"""


def import_price_lists(region: Region, now: datetime) -> None:
    taken = _draft(region, "tarif-hiver-verger.csv", TAKEN, now - timedelta(days=2))
    apply_import(
        draft=taken,
        take_doubtful=True,
        actor=region.coordinator,
        now=now - timedelta(days=2) + timedelta(minutes=5),
    )
    _draft(region, "tarif-moulin.csv", WAITING, now - timedelta(hours=3))


def _draft(region: Region, file_name: str, content: str, now: datetime) -> CatalogueImport:
    return draft_import(
        buyer=region.collective.structure,
        file_name=file_name,
        content=content.encode(),
        actor=region.coordinator,
        now=now,
    )
