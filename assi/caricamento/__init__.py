"""Porta i vocabolari di una cartella nelle loro tabelle: bisogni, condizioni, servizi, esiti.

Una voce che il file non ha più si chiude con la data di oggi; se torna, si riapre. Nessuna si
cancella: lo vieta anche il database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from assi.caricamento.lettore import Lettore
from assi.caricamento.persone import leggi_bisogni, leggi_chiusure, leggi_condizioni
from assi.caricamento.servizi import leggi_esiti, leggi_nomenclatura, leggi_unita
from assi.models import (
    Asse,
    Bisogno,
    Condizione,
    TipoDiChiusura,
    TipoDiEsito,
    UnitaDiMisura,
    Voce,
    VoceNomenclatura,
)
from enti.sistema import come_sistema
from registro.comune.allineamento import Allineate, allinea, cancella
from registro.comune.tassonomie import CARTELLA, TassonomiaErrata
from registro.db.lucchetto import uno_alla_volta


# Un caricamento alla volta su tutta la base di dati.
_LUCCHETTO = 20_190_702
_CAMPI = {
    Bisogno: ("asse_id", "famiglia", "servizi_tipici"),
    Condizione: ("famiglia", "particolare", "riferimento", "valori"),
    TipoDiChiusura: ("uscita_fse", "abbandono"),
    UnitaDiMisura: ("decimali",),
    VoceNomenclatura: (
        *("asse_id", "macroarea", "siuss", "l328", "leps", "welfare"),
        *("a_chi", "unita_id", "durata", "isee_rilevante"),
    ),
    TipoDiEsito: ("asse_id", "famiglia", "segno", "verifica", "indicatori"),
}


@dataclass(frozen=True, slots=True)
class Esito:
    """Com'è andata: quante voci sono nate, corrette (o riaperte) e chiuse, e le sigle degli assi
    nominati che non ci sono: le loro voci restano senza asse."""

    nuove: int
    corrette: int
    chiuse: int
    assi_assenti: tuple[str, ...]


def carica_tassonomie(cartella: Path = CARTELLA) -> Esito:
    """Allinea i vocabolari ai file di `cartella`; ciò che è già uguale non si riscrive.

    Solleva `TassonomiaErrata` con tutti i problemi, e la base di dati resta com'era.
    """
    with transaction.atomic(), come_sistema():
        uno_alla_volta(_LUCCHETTO)
        lettore = Lettore(cartella, {asse.slug: asse for asse in Asse.objects.all()})
        unita = leggi_unita(lettore)
        servizi, secondari = leggi_nomenclatura(lettore, {voce.codice: voce for voce in unita})
        altre = [
            leggi_bisogni(lettore, [voce.codice for voce in servizi]),
            leggi_condizioni(lettore),
            leggi_chiusure(lettore),
            leggi_esiti(lettore),
        ]
        if lettore.problemi:
            raise TassonomiaErrata(lettore.problemi)
        conto = _Conto()
        salvate = conto.scrivi(unita)
        for voce in servizi:
            voce.unita = salvate.righe[voce.unita.codice]
        conto.lega(conto.scrivi(servizi), secondari)
        for voci in altre:
            conto.scrivi(voci)
    return Esito(conto.nuove, conto.corrette, conto.chiuse, tuple(sorted(lettore.assi_assenti)))


@dataclass
class _Conto:
    """Scrive i vocabolari e conta che cosa cambia."""

    nuove: int = 0
    corrette: int = 0
    chiuse: int = 0

    def scrivi(self, voci: Sequence[Voce]) -> Allineate:
        """Allinea un vocabolario intero; ciò che non ha più posto si chiude oggi."""
        modello = type(voci[0])
        allineate = allinea(
            modello.objects.all(),
            voci,
            chiave=lambda voce: voce.codice,
            campi=("nome", "ordine", "dal", "al", *_CAMPI[modello]),
        )
        aperte = [voce.pk for voce in allineate.tolte if voce.al is None]
        self.chiuse += modello.objects.filter(pk__in=aperte).update(al=timezone.localdate())
        self.nuove += len(allineate.nuove)
        self.corrette += len(allineate.corrette)
        return allineate

    def lega(self, servizi: Allineate, secondari: Mapping[str, Sequence[Asse]]) -> None:
        """Scrive gli assi secondari; una voce già contata non si conta due volte."""
        legame = VoceNomenclatura.assi_secondari.through
        voluti = [
            legame(vocenomenclatura_id=servizi.righe[codice].pk, asse_id=asse.pk)
            for codice, assi in secondari.items()
            for asse in assi
        ]
        scritte = legame.objects.filter(
            vocenomenclatura_id__in=[voce.pk for voce in servizi.righe.values()]
        )
        allineati = allinea(
            scritte, voluti, chiave=lambda riga: (riga.vocenomenclatura_id, riga.asse_id), campi=()
        )
        cancella(allineati.tolte)
        gia_contate = {voce.pk for voce in (*servizi.nuove, *servizi.corrette)}
        cambiate = {riga.vocenomenclatura_id for riga in allineati.cambiate}
        self.corrette += len(cambiate - gia_contate)
