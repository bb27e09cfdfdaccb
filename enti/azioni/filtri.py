"""Mettere da parte i filtri di un elenco, toglierli, rimetterli."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from enti.models import FiltroSalvato
from enti.permessi import Attore
from registro.comune.vincoli import frasi_del_database


# Di più non si leggono in una riga.
QUANTI_PER_PAGINA = 20


@transaction.atomic
def salva_filtri(*, pagina: str, nome: str, query: str, da: Attore) -> FiltroSalvato:
    """Mette da parte `query` col suo `nome`; butta i tolti che nessuno ha rimesso.

    Solleva ValidationError se il nome è vuoto o già usato, se non ci sono filtri o sono troppi.
    """
    suoi = FiltroSalvato.objects.di(da)
    suoi.da_buttare().delete()
    if suoi.della_pagina(pagina).tenuti().count() >= QUANTI_PER_PAGINA:
        raise ValidationError(f"Ne hai già salvati {QUANTI_PER_PAGINA}: togline uno.")
    filtro = FiltroSalvato(
        utente=da.utente, ente=da.ente, pagina=pagina, nome=nome.strip(), query=query
    )
    filtro.full_clean(exclude=["utente", "ente"])
    with frasi_del_database():
        filtro.save()
    return filtro


@transaction.atomic
def togli_filtro(*, filtro: FiltroSalvato, da: Attore) -> None:
    """Lo toglie dall'elenco; per qualche minuto si può rimettere."""
    suoi = FiltroSalvato.objects.di(da)
    suoi.da_buttare().delete()
    suoi.tenuti().filter(pk=filtro.pk).update(tolto_il=timezone.now())


@transaction.atomic
def rimetti_filtro(*, filtro: FiltroSalvato, da: Attore) -> None:
    """Rimette un filtro tolto da poco. Solleva ValidationError se intanto il nome è stato ripreso."""
    with frasi_del_database():
        FiltroSalvato.objects.di(da).rimettibili().filter(pk=filtro.pk).update(tolto_il=None)
