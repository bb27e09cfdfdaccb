"""Richiudere con la chiave corrente ciò che è cifrato con una di prima, a pezzi, mentre si lavora.

Le colonne le dicono i modelli di ogni app, anche di quelle sopra questa: chi ha `colonna_cifrata`
sa richiudere una riga con `ricifra()`.

La storia non si riscrive: è solo in aggiunta, anche per chi cambia le chiavi. Quante sue righe
tengono una chiave lo si conta; `docs/esercizio.md` dice che cosa vuol dire.
"""

from dataclasses import dataclass
from typing import NamedTuple

from django.apps import apps
from django.db import models, transaction

from enti.models import Ente
from enti.permessi import Attore, Permesso
from registro.comune.cifratura import (
    DatoCifratoAlterato,
    Intestazione,
    chiave_dell_intestazione,
    intestazione_corrente,
)


class Colonna(NamedTuple):
    """Una colonna di buste di un modello."""

    modello: type[models.Model]
    campo: str

    @property
    def nome(self) -> str:
        """Come si chiama a chi legge («identificativi»)."""
        return str(self.modello._meta.verbose_name_plural)

    @property
    def storia(self) -> type[models.Model] | None:
        """La tabella che ne tiene la storia; None se non ne ha."""
        app, nome = self.modello._meta.app_label, f"storia{self.modello._meta.model_name}"
        return apps.all_models[app].get(nome)


def colonne() -> list[Colonna]:
    """Tutte le colonne cifrate delle app, nell'ordine in cui stanno una sull'altra."""
    return [
        Colonna(modello, modello.colonna_cifrata)
        for modello in apps.get_models()
        if hasattr(modello, "colonna_cifrata")
    ]


@dataclass(frozen=True, slots=True)
class Pezzo:
    """Com'è andato un pezzo: righe richiuse, righe che non si aprono, chiave dell'ultima vista
    (None: non ce n'erano più)."""

    richiuse: int
    chiuse_male: int
    ultima: int | None


@transaction.atomic
def ricifra_un_pezzo(*, colonna: Colonna, dopo: int, quante: int, da: Attore) -> Pezzo:
    """Richiude fino a `quante` righe dell'ente di `da` con chiave maggiore di `dopo`.

    Le blocca, quindi chi le sta scrivendo finisce prima, o scrive dopo. Una riga che non si apre
    (manca la sua chiave, o è alterata) si conta e si lascia com'è: le altre non aspettano.
    """
    da.esigi(Permesso.PERSONE_SCRIVERE)
    vecchie = _con_un_altra_chiave(colonna.modello.objects.filter(ente=da.ente), colonna.campo)
    righe = list(
        vecchie.filter(pk__gt=dopo).order_by("pk").select_for_update(of=("self",))[:quante]
    )
    male = 0
    for riga in righe:
        try:
            riga.ricifra()
        except DatoCifratoAlterato:
            male += 1
            continue
        riga.save(update_fields=[colonna.campo])
    return Pezzo(len(righe) - male, male, righe[-1].pk if righe else None)


def ne_restano(*, colonna: Colonna, ente: Ente) -> int:
    """Quante righe dell'ente sono ancora chiuse con un'altra chiave."""
    return _con_un_altra_chiave(colonna.modello.objects.filter(ente=ente), colonna.campo).count()


def nella_storia(*, colonna: Colonna, ente: Ente) -> dict[int, int]:
    """Per numero di chiave, quante righe di storia dell'ente ne tengono una che non è la corrente.

    Vuoto se la colonna non ha storia.
    """
    if colonna.storia is None:
        return {}
    righe = _con_un_altra_chiave(colonna.storia.objects.filter(ente=ente), colonna.campo)
    teste = righe.order_by().values_list("testa").annotate(quante=models.Count("pk"))
    return {chiave_dell_intestazione(testa): quante for testa, quante in teste}


def _con_un_altra_chiave(righe: models.QuerySet, campo: str) -> models.QuerySet:
    piene = righe.exclude(**{campo: None})
    return piene.annotate(testa=Intestazione(campo)).exclude(testa=intestazione_corrente())
