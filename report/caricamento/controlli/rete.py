"""I riferimenti fra enti, nodi, assi e azioni."""

from report.caricamento.controlli.comune import Indici, Raccolta, anello
from report.caricamento.formato import FormaAsse, FormaAzione, FormaEnte, FormaNodo
from report.caricamento.formato.comune import primo_giorno, ultimo_giorno
from report.caricamento.lettura import Cartella


ENTI, NODI, ASSI, AZIONI = "enti.yaml", "nodi.yaml", "assi.yaml", "azioni.yaml"
# Fra gli esiti di un asse: quelli che valgono in tutti i nodi.
COMUNI = "comuni"


def controlla_rete(cartella: Cartella, indici: Indici, raccolta: Raccolta) -> None:
    """Segna in `raccolta` ciò che non torna fra enti, nodi, assi e azioni."""
    _sigle_doppie(cartella, raccolta)
    for ente in cartella.enti.enti:
        _ente(ente, indici, raccolta)
    if not indici.rete:
        raccolta.segna(ENTI, "", "nessun ente è capofila o partner: la rete è vuota")
    for nodo in cartella.nodi.nodi:
        _nodo(nodo, indici, raccolta)
    _azioni_trasversali(cartella, indici, raccolta)
    for asse in cartella.assi.assi:
        _asse(asse, indici, raccolta)
    for azione in cartella.azioni.azioni:
        _azione(azione, indici, raccolta)


def _sigle_doppie(cartella: Cartella, raccolta: Raccolta) -> None:
    for file, lista, voci in (
        (ENTI, "enti", cartella.enti.enti),
        (ENTI, "programmi", cartella.enti.programmi),
        (NODI, "nodi", cartella.nodi.nodi),
        (NODI, "azioni_trasversali", cartella.nodi.azioni_trasversali),
        (ASSI, "assi", cartella.assi.assi),
        (AZIONI, "azioni", cartella.azioni.azioni),
    ):
        raccolta.doppi(file, lista, (voce.id for voce in voci), "l'id")


def _ente(ente: FormaEnte, indici: Indici, raccolta: Raccolta) -> None:
    dove = (ENTI, f"ente {ente.id}")
    raccolta.ignoti(*dove, [ente.nodo, ente.capofila_di], indici.nodi, "nodo")
    raccolta.ignoti(*dove, ente.assi, indici.assi, "asse")
    raccolta.ignoti(*dove, [ente.parte_di], indici.enti, "ente")
    raccolta.doppi(*dove, ente.assi, "l'asse")
    raccolta.doppi(*dove, (f"{c.nome} ({c.tipo})" for c in ente.comuni), "il comune")
    if ente.consorzio is not None:
        raccolta.ignoti(*dove, [ente.consorzio.id], indici.enti, "consorzio")
        if ente.consorzio.id == ente.id:
            raccolta.segna(*dove, "non può essere il consorzio di se stesso")
    madri = {sigla: altro.parte_di for sigla, altro in indici.enti.items()}
    if anello(ente.id, madri):
        raccolta.segna(*dove, "risalendo «parte_di» si torna all'ente stesso")
    if (ente.ruolo == "capofila") != (ente.capofila_di is not None):
        raccolta.segna(*dove, "«capofila_di» va scritto per chi ha ruolo capofila, e solo per lui")


def _nodo(nodo: FormaNodo, indici: Indici, raccolta: Raccolta) -> None:
    dove = (NODI, f"nodo {nodo.id}")
    raccolta.ignoti(*dove, [nodo.capofila], indici.enti, "ente")
    capofila = indici.enti.get(nodo.capofila)
    if capofila is not None and capofila.capofila_di != nodo.id:
        raccolta.segna(*dove, f"enti.yaml non dice «{nodo.capofila}» capofila di questo nodo")
    raccolta.ignoti(*dove, nodo.enti_per_asse, indici.assi, "asse")
    for sigla, enti in nodo.enti_per_asse.items():
        raccolta.ignoti(*dove, enti, indici.enti, "ente")
        raccolta.doppi(*dove, enti, f"sull'asse «{sigla}» l'ente")
        asse = indici.assi.get(sigla)
        if asse is not None and asse.enti_per_nodo.get(nodo.id, []) != enti:
            raccolta.segna(*dove, f"assi.yaml elenca altri enti per l'asse «{sigla}»")
        for ente in (indici.enti[e] for e in enti if e in indici.enti):
            if ente.nodo != nodo.id or sigla not in ente.assi:
                raccolta.segna(
                    *dove, f"enti.yaml non dice «{ente.id}» di questo nodo e dell'asse «{sigla}»"
                )


def _azioni_trasversali(cartella: Cartella, indici: Indici, raccolta: Raccolta) -> None:
    for azione in cartella.nodi.azioni_trasversali:
        raccolta.ignoti(
            NODI, f"azione trasversale {azione.id}", [azione.ente], indici.enti, "ente"
        )


def _asse(asse: FormaAsse, indici: Indici, raccolta: Raccolta) -> None:
    dove = (ASSI, f"asse {asse.id}")
    raccolta.ignoti(*dove, asse.enti_per_nodo, indici.nodi, "nodo")
    raccolta.ignoti(*dove, asse.esiti, {*indici.nodi, COMUNI}, "nodo")
    for sigla, enti in asse.enti_per_nodo.items():
        raccolta.ignoti(*dove, enti, indici.enti, "ente")
        nodo = indici.nodi.get(sigla)
        if nodo is not None and asse.id not in nodo.enti_per_asse:
            raccolta.segna(*dove, f"nodi.yaml non elenca enti di quest'asse nel nodo «{sigla}»")
    raccolta.ignoti(*dove, asse.enti, indici.enti, "ente")
    raccolta.doppi(*dove, asse.enti, "l'ente")


def _azione(azione: FormaAzione, indici: Indici, raccolta: Raccolta) -> None:
    dove = (AZIONI, f"azione {azione.id}")
    partecipanti = [*azione.enti, *azione.enti_collaboratori]
    raccolta.ignoti(*dove, partecipanti, indici.enti, "ente")
    raccolta.doppi(*dove, partecipanti, "l'ente")
    raccolta.ignoti(*dove, [azione.asse], indici.assi, "asse")
    raccolta.ignoti(*dove, [azione.nodo], indici.nodi, "nodo")
    raccolta.ignoti(*dove, [azione.scheda], indici.schede, "scheda")
    raccolta.doppi(*dove, (f"{p.inizio}/{p.fine}" for p in azione.periodi), "il periodo")
    for periodo in (azione, *azione.periodi):
        if _al_contrario(periodo.inizio, periodo.fine):
            raccolta.segna(*dove, f"finisce ({periodo.fine}) prima di cominciare")
    scheda = indici.schede.get(azione.scheda) if azione.scheda else None
    if scheda is None:
        return
    if azione.id not in scheda.azioni:
        raccolta.segna(*dove, f"schede.yaml non la elenca fra le azioni di «{scheda.id}»")
    fuori = sorted(set(azione.enti) - set(scheda.enti))
    if fuori:
        raccolta.segna(
            *dove, f"l'ente «{', '.join(fuori)}» non è nell'intestazione di «{scheda.id}»"
        )


def _al_contrario(inizio: str | None, fine: str | None) -> bool:
    return bool(inizio and fine and ultimo_giorno(fine) < primo_giorno(inizio))
