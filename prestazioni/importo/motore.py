"""Esaminare un foglio e, se niente è rifiutato, scriverlo: gli stessi passi, la stessa transazione."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from enti.permessi import Attore
from prestazioni.importo import apertura, riconosci
from prestazioni.importo.anagrafe import CaricoPersone
from prestazioni.importo.banco import Banco
from prestazioni.importo.campi import CREA_CHI_MANCA
from prestazioni.importo.casi import CaricoCasi
from prestazioni.importo.celle import Lettore
from prestazioni.importo.esiti import CaricoEsiti
from prestazioni.importo.lavoro import Carico, Lavoro
from prestazioni.importo.persone import Persone
from prestazioni.importo.prestazioni import CaricoPrestazioni
from prestazioni.importo.stati import stati
from prestazioni.importo.tipi import Esame, Scelte
from prestazioni.importo.vocabolari import azioni_di, operatori_di
from prestazioni.models import Importazione
from registro.comune.fogli.celle import Libro
from registro.comune.fogli.colonne import chiave
from registro.comune.fogli.guardia import FoglioRifiutato
from registro.comune.fogli.struttura import Tabella
from registro.comune.vincoli import frasi_del_database
from registro.db.contesto import contesto
from registro.db.lucchetto import prendi_se_libero


registro = logging.getLogger(__name__)

Avanza = Callable[[int], None]
CARICHI: dict[str, type[Carico]] = {
    Importazione.Tipo.PERSONE: CaricoPersone,
    Importazione.Tipo.CASI: CaricoCasi,
    Importazione.Tipo.PRESTAZIONI: CaricoPrestazioni,
    Importazione.Tipo.ESITI: CaricoEsiti,
}
UNA_CELLA_SOLA = (
    "C'è scritta una cella sola: se è una riga lasciata a metà completala, se è un titolo o una nota"
    " cancellala."
)
RIFIUTATO = (
    "Il Registro non accetta una delle righe e non sa dire quale. Riprova con meno righe per volta;"
    " se succede ancora avvisa chi gestisce il Registro."
)
SCRITTURA = "scrittura di un foglio"
# Quanto il comando aspetta che un altro foglio dell'ente finisca, in secondi.
ATTESA = 600
OCCUPATA = (
    "Un altro foglio dell'ente si sta caricando in questo momento: non è stato scritto niente."
    " Riprova quando ha finito."
)
_OGNI = 2_000
_COMINCIA, _FINISCE = 10, 60


class NonCaricabile(Exception):
    """Al momento di scrivere qualcosa è rifiutato: non si è scritto niente. `esame`, con le righe,
    dice che cosa."""

    def __init__(self, esame: Esame) -> None:
        super().__init__("Qualche riga è rifiutata.")
        self.esame = esame


class Occupata(ValidationError):
    """Un altro foglio dell'ente si sta scrivendo in questo momento."""

    def __init__(self) -> None:
        super().__init__(OCCUPATA, code="occupata")


class Foglio:
    """Un foglio letto e capito, pronto per il banco: niente di ciò che fa scrive nel Registro.

    `completa`: le colonne che `scelte` non nomina si propongono, invece di non usarle.
    """

    def __init__(
        self,
        libro: Libro,
        *,
        tipo: str,
        scelte: Scelte,
        da: Attore,
        avanza: Avanza,
        completa: bool = False,
    ) -> None:
        self.tipo, self.scelte, self.da = tipo, scelte, da
        foglio, self.tabella = apertura.apri(libro, tipo=tipo, scelte=scelte)
        self.avvisi = apertura.avvisi_di(libro, foglio, self.tabella, tipo)
        scelte = scelte.con(colonne=_per_posto(scelte.colonne, self.tabella))
        with _nel_contesto(da):
            if completa:
                colonne = apertura.completa(self.tabella, tipo=tipo, scelte=scelte, ente=da.ente)
                scelte = scelte.con(colonne=colonne)
            self.colonne, _ = apertura.abbina(self.tabella, tipo=tipo, scelte=scelte, ente=da.ente)
            apertura.esigi(tipo, self.colonne)
            self.carico = CARICHI[tipo](self._lavoro(scelte))
        lasciate = frozenset(scelte.righe_saltate)
        for conto, riga in enumerate(self.tabella.righe):
            if conto % _OGNI == 0:
                avanza(_COMINCIA + (_FINISCE - _COMINCIA) * conto // len(self.tabella.righe))
            if riga.numero in lasciate:
                continue
            if riga.numero in self.tabella.sole:
                self.carico.lavoro.lettore.rifiuta(riga, "", UNA_CELLA_SOLA)
            else:
                self.carico.leggi(riga)
        self.carico.avvisi += self.carico.avvisi_alla_fine()
        avanza(_FINISCE)

    def _lavoro(self, scelte: Scelte) -> Lavoro:
        oggi = timezone.localdate()
        lettore = Lettore(self.tabella, self.colonne, oggi)
        nuove = CARICHI[self.tipo].nuove_persone
        interi = frozenset() if nuove else riconosci.nomi_interi(self.da.ente)
        return Lavoro(
            da=self.da,
            scelte=scelte,
            lettore=lettore,
            persone=Persone(lettore, interi=interi, molte=CARICHI[self.tipo].molte_persone),
            azioni=azioni_di(self.da.ente),
            operatori=operatori_di(self.da.ente),
            oggi=oggi,
        )

    def esamina(self, banco: Banco) -> Esame:
        """Mette tutto sul banco, riconosce le persone, controlla; rende l'esame."""
        lavoro, carico = self.carico.lavoro, self.carico
        nuove = carico.nuove_persone
        riconosci.stendi(banco, lavoro.persone, lavoro.di_chi, lavoro.scelte)
        carico.stendi(banco)
        riconosci.riconosci(banco, self.da.ente, lavoro.scelte, nuove=nuove)
        carico.controlla(banco)
        rifiuti = banco.rifiuti()
        doppioni = carico.doppioni(banco)
        rifiutate = {rifiuto.riga for rifiuto in rifiuti}
        # Un doppione che ha anche uno sbaglio si mostra fra le righe da correggere.
        saltate = self._saltate(tuple({*carico.saltate(doppioni)} - rifiutate))
        fuori = rifiutate | set(saltate)
        return Esame(
            foglio=self.tabella.foglio,
            intestazioni=self.tabella.intestazioni,
            lette=len(self.tabella.righe),
            valide=len(self.tabella.righe) - len(fuori),
            rifiuti=rifiuti,
            dubbi=riconosci.dubbi(banco, nuove=nuove or lavoro.scelte.nuove_persone),
            servizi_ignoti=carico.servizi_ignoti(),
            chi_manca=riconosci.chi_manca(banco) if self.tipo in CREA_CHI_MANCA else (),
            doppioni=doppioni,
            saltate=saltate,
            non_lette=tuple((riga.numero, riga.motivo) for riga in self.tabella.saltate),
            avvisi=(*self.avvisi, *carico.avvisi),
        )

    def _saltate(self, doppie: tuple[int, ...]) -> tuple[int, ...]:
        """Le righe lasciate fuori: quelle ripetute e quelle che chi importa ha scelto."""
        scelte = set(self.scelte.righe_saltate)
        return tuple(
            sorted({*doppie, *(r.numero for r in self.tabella.righe if r.numero in scelte)})
        )

    def con_le_righe(self, esame: Esame) -> Esame:
        """L'esame con le righe come si vedono e il loro stato, per chi le deve guardare."""
        righe = tuple(
            (riga.numero, tuple(map(apertura.mostra, riga.celle))) for riga in self.tabella.righe
        )
        con_righe = replace(esame, righe=righe)
        return replace(con_righe, stati=stati(con_righe))

    def banco(self) -> Banco:
        return Banco(self.carico.valori(), self.carico.lavoro.lettore.rifiuti)


def in_un_passo(
    libro: Libro, *, tipo: str, impronta: str, scelte: Scelte, da: Attore, prova: bool
) -> tuple[Esame, Importazione | None]:
    """Esamina e, se si può e non è una prova, scrive, in una transazione sola."""
    with _nel_contesto(da), transaction.atomic():
        if not prova:
            solo_questa(da, secondi=ATTESA)
        foglio = Foglio(
            libro, tipo=tipo, scelte=scelte, da=da, avanza=lambda _: None, completa=True
        )
        banco = foglio.banco()
        esame = replace(foglio.esamina(banco), gia_importato=gia_importato(impronta, da))
        if prova or not esame.caricabile:
            return esame, None
        importazione = Importazione.objects.create(
            ente=da.ente,
            utente=da.utente,
            tipo=tipo,
            estensione=libro.formato.value,
            impronta=impronta,
            scelte=scelte.in_json(),
        )
        with rifiuti_in_parole():
            scritte = foglio.carico.scrivi(banco, importazione.pk)
        concludi(importazione, esame, scritte)
        apertura.ricorda(foglio.tabella, foglio.colonne, tipo=tipo, ente=da.ente)
    return esame, importazione


def solo_questa(da: Attore, *, secondi: float = 0) -> None:
    """Da qui alla fine della transazione nessun altro scrive un foglio dell'ente.

    Chi viene dopo vede ciò che è già scritto: due fogli con le stesse righe non le scrivono due
    volte. Aspetta al più `secondi`, poi solleva `Occupata`.
    """
    fine = time.monotonic() + secondi
    while not prendi_se_libero(SCRITTURA, da.ente.pk):
        if time.monotonic() >= fine:
            raise Occupata
        time.sleep(1)


@contextmanager
def rifiuti_in_parole() -> Iterator[None]:
    """Scrivendo, ciò che il database rifiuta è ValidationError: con la sua frase, se ne ha una."""
    try:
        with frasi_del_database():
            yield
    except (IntegrityError, DataError) as errore:
        # Nei registri il nome e non il testo, che cita le righe.
        registro.error("Il database rifiuta ciò che si importa: %s.", type(errore).__name__)
        raise ValidationError(RIFIUTATO, code="database") from None


def gia_importato(impronta: str, da: Attore) -> date | None:
    """Quando l'ente ha già caricato questo stesso file, e non l'ha annullato; None se mai."""
    uguali = Importazione.objects.di(da.ente).filter(
        impronta=impronta, stato=Importazione.Stato.CARICATA
    )
    prima = uguali.first()
    return timezone.localdate(prima.finita_il) if prima else None


def segna(importazione: Importazione, esame: Esame) -> None:
    """Scrive sulla riga i conti dell'esame, senza salvarla."""
    importazione.lette, importazione.valide = esame.lette, esame.valide
    importazione.rifiutate = len(esame.righe_rifiutate)


def concludi(importazione: Importazione, esame: Esame, scritte: int) -> None:
    """Segna caricata l'importazione, coi suoi conti."""
    segna(importazione, esame)
    importazione.scritte, importazione.avanzamento = scritte, 100
    importazione.stato, importazione.finita_il = Importazione.Stato.CARICATA, timezone.now()
    importazione.save()


def _nel_contesto(da: Attore):
    return contesto(utente=da.utente.pk, ente=da.ente.pk)


def _per_posto(colonne: dict[str, str], tabella: Tabella) -> dict[str, str]:
    """Le colonne scelte, per lettera: si possono nominare anche con la loro intestazione.

    Solleva FoglioRifiutato se una non c'è, se il nome è di due, o se due nomi dicono la stessa.
    """
    scelte: dict[str, str] = {}
    chi: dict[str, str] = {}
    for scritta, campo in colonne.items():
        posto = scritta if scritta in tabella.posti else _il_posto(scritta, tabella)
        if posto in scelte:
            raise FoglioRifiutato(
                f"«{chi[posto]}» e «{scritta}» sono la stessa colonna: nominala una volta sola."
            )
        scelte[posto], chi[posto] = campo, scritta
    return scelte


def _il_posto(scritta: str, tabella: Tabella) -> str:
    """La lettera della sola colonna con quell'intestazione."""
    intestate = zip(tabella.posti, tabella.intestazioni, strict=True)
    posti = [posto for posto, nome in intestate if chiave(nome) == chiave(scritta)]
    if not posti:
        raise FoglioRifiutato(f"Nel foglio non c'è una colonna «{scritta}».")
    if len(posti) > 1:
        raise FoglioRifiutato(
            f"«{scritta}» è l'intestazione di più colonne ({', '.join(posti)}):"
            " nomina quella giusta con la sua lettera."
        )
    return posti[0]
