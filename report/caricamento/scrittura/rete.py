"""Scrive ciò che è di tutti: nodi, enti, programmi, assi, progetto, azioni, indicatori."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from assi.models import (
    Asse,
    Azione,
    EnteDiAsse,
    EnteDiAzione,
    Indicatore,
    PeriodoDiAzione,
    Progetto,
    Programma,
)
from enti.models import Ente, Nodo, PresenzaTerritoriale
from registro.comune.allineamento import allinea, cancella, sostituisci
from report.calcolo import ProgettoDelPiano
from report.caricamento.errori import CartellaRifiutata, Problema
from report.caricamento.formato import FormaAzione, FormaEnte
from report.caricamento.formato.comune import al_mese, primo_giorno, ultimo_giorno
from report.caricamento.lettura import Cartella


DI_ALTRI = "la sigla è già di un altro progetto"


@dataclass(frozen=True, slots=True)
class Rete:
    """Le righe scritte, per sigla: ciò che serve a scrivere le schede."""

    progetto: Progetto
    nodi: Mapping[str, Nodo]
    enti: Mapping[str, Ente]
    assi: Mapping[str, Asse]
    azioni: Mapping[str, Azione]
    indicatori: Mapping[str, Indicatore]
    coordinatore: Ente


def _sigla(riga) -> str:
    return riga.slug


def scrivi_rete(cartella: Cartella, progetto: ProgettoDelPiano) -> Rete:
    """Allinea le tabelle comuni alla cartella, nel contesto dell'attore di sistema senza ente.

    Enti, programmi e indicatori che la cartella non nomina più restano: altri li possono usare.
    Solleva `CartellaRifiutata` se una sigla è già di un'altra rete.
    """
    _non_di_altre_reti(cartella, progetto)
    nodi = _nodi(cartella)
    enti = _enti(cartella, nodi)
    _capifila(cartella, nodi, enti)
    _programmi(cartella)
    assi = _assi(cartella)
    _enti_degli_assi(cartella, nodi, enti, assi)
    riga_del_progetto = _progetto(cartella, progetto, enti)
    return Rete(
        progetto=riga_del_progetto,
        nodi=nodi,
        enti=enti,
        assi=assi,
        azioni=_azioni(cartella, riga_del_progetto, nodi, enti, assi),
        indicatori=_indicatori(cartella, assi),
        coordinatore=_coordinatore(cartella, enti),
    )


def _non_di_altre_reti(cartella: Cartella, progetto: ProgettoDelPiano) -> None:
    """Ferma chi userebbe la sigla di un nodo o di un'azione di un altro progetto."""
    nodi = Nodo.objects.filter(
        slug__in=[nodo.id for nodo in cartella.nodi.nodi], capofila__progetti__isnull=False
    ).exclude(capofila__progetti__slug=progetto.slug)
    azioni = Azione.objects.filter(
        slug__in=[azione.id for azione in cartella.azioni.azioni]
    ).exclude(progetto__slug=progetto.slug)
    problemi = [
        *(Problema("nodi.yaml", f"nodo {n.slug}", DI_ALTRI) for n in nodi.distinct()),
        *(Problema("azioni.yaml", f"azione {a.slug}", DI_ALTRI) for a in azioni),
    ]
    if problemi:
        raise CartellaRifiutata(problemi)


def _nodi(cartella: Cartella) -> dict[str, Nodo]:
    voluti = [
        Nodo(slug=n.id, denominazione=n.denominazione, parte=n.parte, comuni=list(n.comuni))
        for n in cartella.nodi.nodi
    ]
    esistenti = Nodo.objects.filter(slug__in=[nodo.slug for nodo in voluti])
    campi = ("denominazione", "parte", "comuni")
    return allinea(esistenti, voluti, chiave=_sigla, campi=campi).righe


def _capifila(cartella: Cartella, nodi: Mapping[str, Nodo], enti: Mapping[str, Ente]) -> None:
    """Il capofila si scrive dopo gli enti, che a loro volta vogliono il nodo."""
    nuovi = [Nodo(slug=nodo.id, capofila_id=enti[nodo.capofila].pk) for nodo in cartella.nodi.nodi]
    allinea(nodi.values(), nuovi, chiave=_sigla, campi=("capofila_id",))


def _ente(ente: FormaEnte, nodi: Mapping[str, Nodo]) -> Ente:
    return Ente(
        slug=ente.id,
        denominazione=ente.denominazione,
        sigla=ente.sigla or "",
        altre_grafie=list(ente.altre_grafie),
        natura=ente.natura or "",
        forma_giuridica=ente.forma_giuridica or "",
        nodo_id=nodi[ente.nodo].pk if ente.nodo else None,
        ruolo=ente.ruolo,
        altri_ruoli=list(ente.altri_ruoli),
        generico=ente.generico,
        nome_omesso=ente.nome_omesso,
        note=ente.note or "",
    )


_CAMPI_DI_ENTE = (
    "denominazione",
    "sigla",
    "altre_grafie",
    "natura",
    "forma_giuridica",
    "nodo_id",
    "ruolo",
    "altri_ruoli",
    "generico",
    "nome_omesso",
    "note",
)


def _enti(cartella: Cartella, nodi: Mapping[str, Nodo]) -> dict[str, Ente]:
    letti = cartella.enti.enti
    esistenti = Ente.objects.filter(slug__in=[ente.id for ente in letti])
    voluti = [_ente(ente, nodi) for ente in letti]
    enti = allinea(esistenti, voluti, chiave=_sigla, campi=_CAMPI_DI_ENTE).righe
    # I legami fra enti si scrivono quando ci sono tutti.
    legati = [
        Ente(
            slug=ente.id,
            consorzio_id=enti[ente.consorzio.id].pk if ente.consorzio else None,
            parte_di_id=enti[ente.parte_di].pk if ente.parte_di else None,
        )
        for ente in letti
    ]
    allinea(enti.values(), legati, chiave=_sigla, campi=("consorzio_id", "parte_di_id"))
    sostituisci(
        PresenzaTerritoriale.objects.filter(ente__in=enti.values()),
        [
            PresenzaTerritoriale(ente=enti[ente.id], comune=comune.nome, tipo=comune.tipo)
            for ente in letti
            for comune in ente.comuni
        ],
        chiave=lambda presenza: (presenza.ente_id, presenza.comune, presenza.tipo),
    )
    return enti


def _programmi(cartella: Cartella) -> None:
    voluti = [
        Programma(
            slug=programma.id,
            denominazione=programma.denominazione,
            altre_grafie=list(programma.altre_grafie),
            tipo=programma.tipo,
            note=programma.note or "",
        )
        for programma in cartella.enti.programmi
    ]
    esistenti = Programma.objects.filter(slug__in=[programma.slug for programma in voluti])
    campi = ("denominazione", "altre_grafie", "tipo", "note")
    allinea(esistenti, voluti, chiave=_sigla, campi=campi)


def _assi(cartella: Cartella) -> dict[str, Asse]:
    voluti = [
        Asse(
            slug=asse.id,
            denominazione=asse.denominazione,
            altre_denominazioni=list(asse.altre_denominazioni),
            tipo=asse.tipo,
            obiettivo=asse.obiettivo,
            ordine=ordine,
        )
        for ordine, asse in enumerate(cartella.assi.assi)
    ]
    esistenti = Asse.objects.filter(slug__in=[asse.slug for asse in voluti])
    campi = ("denominazione", "altre_denominazioni", "tipo", "obiettivo", "ordine")
    return allinea(esistenti, voluti, chiave=_sigla, campi=campi).righe


def _enti_degli_assi(
    cartella: Cartella,
    nodi: Mapping[str, Nodo],
    enti: Mapping[str, Ente],
    assi: Mapping[str, Asse],
) -> None:
    """Chi lavora su ogni asse: come dicono i nodi e gli assi, poi come dice ciascun ente."""
    posti: dict[tuple[str, str], str | None] = {}
    for nodo in cartella.nodi.nodi:
        for asse, chi in nodo.enti_per_asse.items():
            posti |= {(asse, ente): nodo.id for ente in chi}
    senza_nodo = ((asse.id, ente, None) for asse in cartella.assi.assi for ente in asse.enti)
    di_ciascuno = ((asse, e.id, e.nodo) for e in cartella.enti.enti for asse in e.assi)
    for asse, ente, nodo in (*senza_nodo, *di_ciascuno):
        posti.setdefault((asse, ente), nodo)
    sostituisci(
        EnteDiAsse.objects.filter(ente__in=enti.values()),
        [
            EnteDiAsse(asse=assi[asse], ente=enti[ente], nodo=nodi[nodo] if nodo else None)
            for (asse, ente), nodo in posti.items()
        ],
        chiave=lambda posto: (posto.asse_id, posto.ente_id, posto.nodo_id),
    )


def _progetto(
    cartella: Cartella, progetto: ProgettoDelPiano, enti: Mapping[str, Ente]
) -> Progetto:
    voluto = Progetto(
        slug=progetto.slug,
        titolo=progetto.titolo,
        sottotitolo=progetto.sottotitolo,
        descrizione=progetto.descrizione,
        dal=progetto.dal,
        al=progetto.al,
    )
    campi = ("titolo", "sottotitolo", "descrizione", "dal", "al")
    esistenti = Progetto.objects.filter(slug=voluto.slug)
    riga = allinea(esistenti, [voluto], chiave=_sigla, campi=campi).righe[voluto.slug]
    riga.enti.set(enti[ente.id] for ente in cartella.enti.enti if ente.della_rete)
    return riga


def _azione(
    azione: FormaAzione, progetto: Progetto, nodi: Mapping[str, Nodo], assi: Mapping[str, Asse]
) -> Azione:
    return Azione(
        slug=azione.id,
        progetto_id=progetto.pk,
        asse_id=assi[azione.asse].pk,
        nodo_id=nodi[azione.nodo].pk if azione.nodo else None,
        titolo=azione.titolo,
        luoghi=list(azione.luoghi),
        sedi=list(azione.sedi),
        servizi=list(azione.servizi),
        inizio=primo_giorno(azione.inizio) if azione.inizio else None,
        inizio_al_mese=al_mese(azione.inizio),
        fine=ultimo_giorno(azione.fine) if azione.fine else None,
        fine_al_mese=al_mese(azione.fine),
        integrativa=azione.integrativa,
        note=azione.note or "",
    )


_CAMPI_DI_AZIONE = (
    "asse_id",
    "nodo_id",
    "titolo",
    "luoghi",
    "sedi",
    "servizi",
    "inizio",
    "inizio_al_mese",
    "fine",
    "fine_al_mese",
    "integrativa",
    "note",
)


def _azioni(
    cartella: Cartella,
    progetto: Progetto,
    nodi: Mapping[str, Nodo],
    enti: Mapping[str, Ente],
    assi: Mapping[str, Asse],
) -> dict[str, Azione]:
    lette = cartella.azioni.azioni
    voluti = [_azione(azione, progetto, nodi, assi) for azione in lette]
    esistenti = Azione.objects.filter(slug__in=[azione.id for azione in lette])
    azioni = allinea(esistenti, voluti, chiave=_sigla, campi=_CAMPI_DI_AZIONE).righe
    _partecipanti(lette, azioni, enti)
    _periodi(lette, azioni)
    return azioni


def _partecipanti(
    lette: Sequence[FormaAzione], azioni: Mapping[str, Azione], enti: Mapping[str, Ente]
) -> None:
    """Chi realizza ogni azione e chi vi collabora."""
    voluti = [
        EnteDiAzione(
            azione=azioni[letta.id],
            ente=enti[sigla],
            collaboratore=sigla in letta.enti_collaboratori,
            ordine=ordine,
        )
        for letta in lette
        for ordine, sigla in enumerate([*letta.enti, *letta.enti_collaboratori])
    ]
    allineati = allinea(
        EnteDiAzione.objects.filter(azione__in=azioni.values()),
        voluti,
        chiave=lambda riga: (riga.azione_id, riga.ente_id),
        campi=("collaboratore", "ordine"),
    )
    cancella(allineati.tolte)


def _periodi(lette: Sequence[FormaAzione], azioni: Mapping[str, Azione]) -> None:
    """Le tappe dichiarate di ogni azione."""
    sostituisci(
        PeriodoDiAzione.objects.filter(azione__in=azioni.values()),
        [
            PeriodoDiAzione(
                azione=azioni[letta.id],
                inizio=primo_giorno(periodo.inizio),
                fine=ultimo_giorno(periodo.fine),
                descrizione=periodo.descrizione or "",
            )
            for letta in lette
            for periodo in letta.periodi
        ],
        chiave=lambda p: (p.azione_id, p.inizio, p.fine, p.descrizione),
    )


def togli_azioni_sparite(rete: Rete) -> None:
    """Cancella le azioni del progetto che la cartella non ha più; va fatto dopo le schede.

    Solleva `CartellaRifiutata` se qualcosa fuori dalla cartella le usa ancora.
    """
    problemi = []
    for azione in rete.progetto.azioni.exclude(slug__in=rete.azioni):
        try:
            with transaction.atomic():
                azione.delete()
                # Le chiavi esterne si controllano alla fine: qui la si anticipa per dire quale.
                connection.check_constraints()
        except (ProtectedError, IntegrityError):
            problemi.append(
                Problema(
                    "azioni.yaml",
                    f"azione {azione.slug}",
                    "la cartella non la nomina più, ma altrove è ancora usata",
                )
            )
    if problemi:
        raise CartellaRifiutata(problemi)


def _indicatori(cartella: Cartella, assi: Mapping[str, Asse]) -> dict[str, Indicatore]:
    voluti = [
        Indicatore(
            slug=indicatore.id,
            testo=indicatore.testo,
            asse_id=assi[indicatore.asse].pk,
            ordine=ordine,
        )
        for ordine, indicatore in enumerate(cartella.schede.indicatori)
    ]
    esistenti = Indicatore.objects.filter(slug__in=[indicatore.slug for indicatore in voluti])
    campi = ("testo", "asse_id", "ordine")
    return allinea(esistenti, voluti, chiave=_sigla, campi=campi).righe


# L'azione trasversale il cui ente ospita il coordinamento della rete.
HUB = "hub"


def _coordinatore(cartella: Cartella, enti: Mapping[str, Ente]) -> Ente:
    """L'ente che ospita il coordinamento: quello che c'è già; altrimenti l'ente dell'hub, o il
    capofila del primo nodo."""
    scelto = Ente.objects.filter(ospita_coordinamento=True).first()
    if scelto is not None:
        return scelto
    hub = (a.ente for a in cartella.nodi.azioni_trasversali if a.id == HUB)
    primo = min(cartella.nodi.nodi, key=lambda nodo: nodo.parte)
    scelto = enti[next(hub, primo.capofila)]
    Ente.objects.filter(pk=scelto.pk).update(ospita_coordinamento=True)
    scelto.ospita_coordinamento = True
    return scelto
