"""La campagna dimostrativa: una scheda per ogni ente della rete, in stati diversi.

Il contenuto è inventato e sta in un file; qui lo si scrive con gli stessi gesti delle pagine, così
che storia, completezza e avvisi siano veri.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from assi.models import Asse, Azione, Indicatore, Progetto
from enti.models import Appartenenza, Ente, Nodo
from enti.permessi import Attore, Ruolo
from enti.sistema import come_sistema
from registro.db.contesto import contesto
from report.azioni import righe, schede
from report.controlli import avvisi_di
from report.fascicolo import Fascicolo
from report.modello_scheda import sezioni_del_modello
from report.models import (
    AsseDiScheda,
    AttivitaDiScheda,
    Campagna,
    CollaborazionePubblica,
    DichiaranteDiScheda,
    Giudizio,
    Misuratore,
    ModelloScheda,
    Prosecuzione,
    Scheda,
)


CAMPAGNA = Path(settings.CARTELLA_BASE) / "dati" / "dimostrazione" / "campagna.yaml"
Stato = Scheda.Stato
_DOPO_L_INVIO = (Stato.INVIATA, Stato.RIMANDATA, Stato.ACCETTATA_DAL_NODO, Stato.ACCETTATA)


@transaction.atomic
def prepara_campagna(progetto: Progetto, file: Path = CAMPAGNA) -> Campagna:
    """Apre la campagna del file e scrive le schede che mancano; chi ne ha già una non si tocca.

    Ripetibile. Gli enti che il progetto non conosce si saltano. Agisce come il referente
    dell'ente, o chi ne coordina il nodo, se hanno un account; altrimenti come l'attore di
    sistema. Solleva ModelloScheda.DoesNotExist se nessun modello è caricato.
    """
    dati = yaml.safe_load(file.read_text(encoding="utf-8"))
    campagna, _ = Campagna.objects.get_or_create(
        slug=dati["slug"],
        defaults={
            "titolo": dati["titolo"],
            "progetto": progetto,
            "modello": ModelloScheda.objects.order_by("slug", "-versione")[:1].get(),
            **{nome: dati[nome] for nome in ("apre_il", "scade_il", "ritardo_fino_al")},
        },
    )
    della_rete = {ente.slug: ente for ente in progetto.enti.select_related("nodo")}
    for numero, voce in enumerate(dati["schede"], start=1):
        ente = della_rete.get(voce["ente"])
        if ente is not None:
            _prepara(campagna, ente, numero, voce)
    return campagna


def _prepara(campagna: Campagna, ente: Ente, numero: int, voce: dict[str, Any]) -> None:
    with come_sistema(ente):
        if Scheda.objects.filter(campagna=campagna, ente=ente).exists():
            return
        scheda = _nuova(campagna, ente, numero, voce["titolo"])
    chiusa = campagna.apre_il and campagna.apre_il > timezone.localdate()
    if voce["arriva_a"] == Stato.DA_APRIRE or chiusa:
        return
    with _come(ente, Ruolo.REFERENTE) as referente:
        schede.apri_scheda(scheda=scheda, da=referente)
        _compila(scheda, voce, referente)
        if voce["arriva_a"] in _DOPO_L_INVIO:
            _invia(scheda, voce.get("perche", ""), referente)
    _rispondi(scheda, voce)


def _nuova(campagna: Campagna, ente: Ente, numero: int, titolo: str) -> Scheda:
    scheda = Scheda.objects.create(
        ente=ente,
        campagna=campagna,
        slug=f"{ente.slug}-{campagna.slug}"[:80],
        numero=numero,
        titolo=titolo,
        nodo=ente.nodo,
    )
    DichiaranteDiScheda.objects.create(ente=ente, scheda=scheda, dichiarante=ente)
    for ordine, asse in enumerate(ente.assi.in_ordine().distinct()):
        AsseDiScheda.objects.create(ente=ente, scheda=scheda, asse=asse, ordine=ordine)
    return scheda


@contextmanager
def _come(
    ente: Ente, ruolo: str, nodo: Nodo | None = None, *, altrimenti: Ente | None = None
) -> Iterator[Attore]:
    """Il contesto di chi nell'ente ha quel ruolo; se non c'è nessuno, dell'attore di sistema (per
    l'ente `altrimenti`, se è un altro)."""
    with come_sistema(ente):
        trovata = (
            Appartenenza.objects.filter(ente=ente, ruolo=ruolo, nodo=nodo)
            .in_corso()
            .select_related("utente", "nodo")
            .first()
        )
    if trovata is None:
        with come_sistema(altrimenti or ente) as sistema:
            yield sistema
        return
    with contesto(utente=trovata.utente_id, ente=ente.pk):
        yield Attore(trovata.utente, ente, ruolo, trovata.nodo)


def _compila(scheda: Scheda, voce: dict[str, Any], da: Attore) -> None:
    righe.salva_azioni(scheda=scheda, azioni=Azione.objects.di(scheda.ente), da=da)
    _scrivi_numeri(scheda, voce, da)
    for sezione, testi in voce.get("voci", {}).items():
        for testo in testi:
            righe.aggiungi_voce(scheda=scheda, sezione=sezione, testo=testo, da=da)
    for canale in voce.get("canali", []):
        righe.aggiungi_voce(
            scheda=scheda,
            sezione="individuazione",
            canale=canale["canale"],
            testo=canale["testo"],
            enti_nominati=canale.get("enti", []),
            da=da,
        )
    _scrivi_legami(scheda, voce.get("legami", {}), da)
    _scrivi_risposte(scheda, voce, da)
    for sezione in voce.get("vuote", []):
        righe.segna_sezione(scheda=scheda, sezione=sezione, presente=True, da=da)


def _scrivi_numeri(scheda: Scheda, voce: dict[str, Any], da: Attore) -> None:
    etichette = {
        tipo.codice: tipo.etichetta
        for sezione in sezioni_del_modello(scheda.campagna.modello)
        for domanda in sezione.domande
        for tipo in domanda.tipi
    }
    scritti = {}
    for dati in voce.get("conteggi", []):
        presso = Ente.objects.filter(slug=dati.get("presso", "")).first()
        cosa = dati.get("cosa") or etichette[dati["tipo"]]
        conteggio = righe.aggiungi_conteggio(
            scheda=scheda,
            sezione=dati["sezione"],
            da=da,
            cosa=f"{cosa}, {presso}" if presso else cosa,
            unita=dati["unita"],
            valore=dati.get("valore"),
            valore_calcolato=dati.get("calcolato"),
            motivo_differenza=dati.get("motivo", ""),
            approssimazione=dati.get("approssimazione", ""),
            asse=Asse.objects.filter(slug=dati.get("asse", "")).first(),
            parte_di=scritti.get(dati.get("parte_di")),
            composizione_di=scritti.get(dati.get("composizione_di")),
            ripartizione=dati.get("ripartizione", ""),
            tipo=dati.get("tipo", ""),
            gruppo=dati.get("gruppo", ""),
            presso=presso,
        )
        scritti[cosa] = conteggio
    for uscita in voce.get("uscite", []):
        righe.aggiungi_uscita(scheda=scheda, da=da, **uscita)


def _scrivi_legami(scheda: Scheda, legami: dict[str, Any], da: Attore) -> None:
    for momento, con_chi in legami.items():
        if con_chi == "tutta-la-rete":
            righe.aggiungi_legame(scheda=scheda, momento=momento, tutta_la_rete=True, da=da)
            continue
        for ente in Ente.objects.filter(slug__in=con_chi).per_denominazione():
            righe.aggiungi_legame(scheda=scheda, momento=momento, verso=ente, da=da)


def _scrivi_risposte(scheda: Scheda, voce: dict[str, Any], da: Attore) -> None:
    nuova = {"scheda": scheda, "ente": scheda.ente}
    giudizi = voce.get("giudizi", {})
    for indicatore in Indicatore.objects.filter(slug__in=giudizi).select_related("asse"):
        detto = giudizi[indicatore.slug]
        risposta = {"valore": detto} if isinstance(detto, int) else {"parola": detto}
        righe.salva_giudizio(
            giudizio=Giudizio(**nuova, indicatore=indicatore, asse=indicatore.asse),
            versione=0,
            da=da,
            stato=Giudizio.Stato.ESPRESSO,
            **risposta,
        )
    for tipo, valore in voce.get("misuratori", {}).items():
        misuratore = Misuratore(**nuova, tipo=tipo)
        righe.salva_misuratore(misuratore=misuratore, versione=0, da=da, valore=valore)
    if "collaborazione" in voce:
        risposta = CollaborazionePubblica(**nuova)
        attivata = voce["collaborazione"]
        righe.salva_risposta(risposta=risposta, versione=0, da=da, attivata=attivata)
    for riga in scheda.assi.select_related("asse") if "attivita" in voce else []:
        risposta = AttivitaDiScheda(**nuova, asse=riga.asse)
        righe.salva_risposta(risposta=risposta, versione=0, da=da, tipo=voce["attivita"])
    if "prosecuzione" in voce:
        risposta = Prosecuzione(**nuova)
        necessaria = voce["prosecuzione"]
        righe.salva_risposta(risposta=risposta, versione=0, da=da, necessaria=necessaria)


def _invia(scheda: Scheda, perche: str, da: Attore) -> None:
    scheda.refresh_from_db()
    motivi = {avviso.codice: perche for avviso in avvisi_di(Fascicolo.di(scheda))}
    schede.invia_scheda(scheda=scheda, motivi=motivi, da=da)


def _rispondi(scheda: Scheda, voce: dict[str, Any]) -> None:
    """Ciò che il nodo e la rete hanno risposto a una scheda inviata."""
    ospite = Ente.objects.che_ospita_il_coordinamento()
    arrivo = voce["arriva_a"]
    if arrivo not in (Stato.RIMANDATA, Stato.ACCETTATA_DAL_NODO, Stato.ACCETTATA):
        return
    with _come(ospite, Ruolo.COORDINATORE, scheda.nodo, altrimenti=scheda.ente) as nodo:
        if arrivo == Stato.RIMANDATA:
            schede.rimanda_scheda(scheda=scheda, testo=voce["rimando"], da=nodo)
            return
        schede.accetta_dal_nodo(scheda=scheda, da=nodo)
    if arrivo == Stato.ACCETTATA:
        with _come(ospite, Ruolo.COORDINATORE, altrimenti=scheda.ente) as rete:
            schede.accetta_dalla_rete(scheda=scheda, da=rete)
