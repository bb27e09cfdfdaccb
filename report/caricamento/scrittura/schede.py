"""Scrive le schede e le loro righe, un ente alla volta, ciascuno nel suo contesto."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Model
from django.utils import timezone

from enti.models import Ente
from enti.permessi import Attore
from enti.sistema import come_sistema
from registro.comune.allineamento import Allineate, allinea, cancella
from report.caricamento.formato import FormaScheda
from report.caricamento.lettura import Cartella
from report.caricamento.scrittura.rete import Rete
from report.caricamento.scrittura.righe import Righe, sezioni_presenti
from report.copie import SchedaCopiata, copie_delle_schede, rete_del_progetto
from report.models import (
    AsseDiScheda,
    AttivitaDiScheda,
    AzioneDiScheda,
    Campagna,
    CollaborazionePubblica,
    Conteggio,
    CopiaScheda,
    DichiaranteDiScheda,
    Giudizio,
    Legame,
    Misuratore,
    PassaggioDiScheda,
    Prosecuzione,
    Scheda,
    Uscita,
    VoceTestuale,
)


CARICATA = "Caricata dalla cartella dei dati."
RICARICATA = "Ricaricata: nella cartella dei dati qualcosa è cambiato."
_COMUNI = ("ordine", "fonte", "note")


@dataclass(frozen=True, slots=True)
class _Genere:
    """Un modello di riga: chi le fa, che cosa le distingue dentro la scheda, che cosa si aggiorna."""

    modello: type[Model]
    fa: Callable[[Righe], Iterable[Model]]
    chiave: tuple[str, ...]
    campi: tuple[str, ...]


_GENERI = (
    _Genere(
        DichiaranteDiScheda,
        Righe.dichiaranti,
        ("dichiarante_id",),
        ("compila", "intestatario", "ordine"),
    ),
    _Genere(AsseDiScheda, Righe.assi, ("asse_id",), ("ordine",)),
    _Genere(AzioneDiScheda, Righe.azioni, ("azione_id",), ("ordine",)),
    _Genere(
        Conteggio,
        Righe.conteggi,
        ("sezione", "slug"),
        (
            *_COMUNI,
            *("cosa", "unita", "valore", "minimo", "massimo", "approssimazione", "asse_id"),
            *("ripartizione", "tipo", "gruppo", "presso_id", "canali"),
        ),
    ),
    _Genere(Uscita, Righe.uscite, ("slug",), (*_COMUNI, "cosa", "unita", "valore")),
    _Genere(
        Giudizio,
        Righe.giudizi,
        ("indicatore_id", "asse_id"),
        (*_COMUNI, "valore", "scala", "parola", "in_alcuni_casi", "stato"),
    ),
    _Genere(
        VoceTestuale,
        Righe.voci,
        ("sezione", "testo"),
        (*_COMUNI, "canale", "asse_id", "gruppo", "enti_nominati"),
    ),
    _Genere(
        Misuratore,
        Righe.misuratori,
        ("tipo", "asse_id"),
        (*_COMUNI, "valore", "scala", "testo", "motivo", "incerto", "etichetta"),
    ),
    _Genere(
        Legame,
        Righe.legami,
        ("momento", "verso_id"),
        (*_COMUNI, "tutta_la_rete", "eccetto", "formalizzato"),
    ),
    _Genere(CollaborazionePubblica, Righe.collaborazione, (), (*_COMUNI, "attivata")),
    _Genere(
        AttivitaDiScheda,
        Righe.attivita,
        ("asse_id",),
        (*_COMUNI, "tipo", "elementi_innovativi"),
    ),
    _Genere(
        Prosecuzione,
        Righe.prosecuzione,
        ("asse_id",),
        (*_COMUNI, "necessaria", "etichetta", "secondo_asse"),
    ),
)


def scrivi_schede(
    cartella: Cartella, rete: Rete, campagna: Campagna, etichette: Mapping[str, str]
) -> list[SchedaCopiata]:
    """Allinea le schede della campagna alla cartella e le rende copiate, nell'ordine del numero.

    `etichette`: come si legge ogni tipo di risultato. Le schede finiscono congelate; quelle che
    la cartella non ha più si cancellano.
    """
    per_ente: dict[str, list[FormaScheda]] = defaultdict(list)
    for letta in cartella.schede.schede:
        per_ente[letta.dichiaranti[0]].append(letta)
    tutta = rete_del_progetto(rete.progetto)
    copie: list[SchedaCopiata] = []
    enti = {rete.enti[sigla].pk: rete.enti[sigla] for sigla in per_ente}
    for ente in (*enti.values(), *_enti_di_prima(rete, enti)):
        lette = per_ente.get(ente.slug, [])
        with come_sistema(ente) as attore:
            schede = _schede_dell_ente(lette, rete, campagna, attore)
            fabbriche = [Righe(schede.righe[x.id], x, rete, etichette) for x in lette]
            _righe_dell_ente(schede, fabbriche, attore)
            copie += copie_delle_schede(schede.righe.values(), rete=tutta)
    return sorted(copie, key=lambda copia: copia.contenuto.numero)


def _enti_di_prima(rete: Rete, adesso: Mapping[int, Ente]) -> list[Ente]:
    """Chi dichiarava schede nelle edizioni già uscite e ora non ne ha: le sue vanno tolte."""
    with come_sistema(rete.coordinatore):
        di_prima = CopiaScheda.objects.filter(rapporto__progetto=rete.progetto)
        chiavi = set(di_prima.values_list("dichiarante_id", flat=True)) - set(adesso)
    return list(Ente.objects.filter(pk__in=chiavi))


def _schede_dell_ente(
    lette: Sequence[FormaScheda], rete: Rete, campagna: Campagna, attore: Attore
) -> Allineate[Scheda]:
    """Le schede dell'ente nella campagna, salvate; toglie quelle caricate che la cartella non ha
    più, e lascia stare quelle nate qui."""
    voluti = [
        Scheda(
            ente=attore.ente,
            campagna=campagna,
            slug=letta.id,
            numero=letta.numero,
            titolo=letta.titolo,
            nodo_id=rete.nodi[letta.nodo].pk if letta.nodo else None,
            stato=Scheda.Stato.CONGELATA,
            sezioni_presenti=sezioni_presenti(letta),
        )
        for letta in lette
    ]
    allineate = allinea(
        Scheda.objects.filter(ente=attore.ente, campagna=campagna),
        voluti,
        chiave=lambda scheda: scheda.slug,
        campi=("numero", "titolo", "nodo_id", "stato", "sezioni_presenti"),
    )
    caricate = PassaggioDiScheda.objects.filter(scheda__in=allineate.tolte, chi=attore.utente)
    chiavi = set(caricate.values_list("scheda_id", flat=True))
    cancella([scheda for scheda in allineate.tolte if scheda.pk in chiavi])
    return allineate


def _righe_dell_ente(
    schede: Allineate[Scheda], fabbriche: Sequence[Righe], attore: Attore
) -> None:
    nuove = {scheda.pk for scheda in schede.nuove}
    # Una scheda appena nata non ha righe da cercare.
    gia_note = [s.pk for s in schede.righe.values() if s.pk not in nuove]
    toccate = nuove | {scheda.pk for scheda in schede.corrette}
    for genere in _GENERI:
        toccate |= _allinea_genere(genere, fabbriche, _esistenti(genere, gia_note))
    _annota(schede, toccate, attore)


def _esistenti(genere: _Genere, schede: Sequence[int]) -> list[Model]:
    if not schede:
        return []
    return list(genere.modello.objects.filter(scheda__in=schede).order_by("ordine", "pk"))


def _allinea_genere(
    genere: _Genere, fabbriche: Sequence[Righe], esistenti: Sequence[Model]
) -> set[int]:
    """Allinea le righe di un modello per tutte le schede dell'ente; rende le schede toccate."""
    voluti = [riga for fabbrica in fabbriche for riga in genere.fa(fabbrica)]
    chiavi = _chiavi(genere, esistenti) | _chiavi(genere, voluti)
    allineate = allinea(
        esistenti, voluti, chiave=lambda riga: chiavi[id(riga)], campi=genere.campi
    )
    toccate = {riga.scheda_id for riga in allineate.cambiate}
    if genere.modello is Conteggio:
        toccate |= _lega_i_conteggi(allineate.righe.values(), fabbriche)
    cancella(allineate.tolte)
    return toccate


def _chiavi(genere: _Genere, righe: Iterable[Model]) -> dict[int, Hashable]:
    """La chiave di ogni riga, per identità. Due frasi uguali nella stessa sezione sono due righe:
    le distingue quante volte la frase è già comparsa."""
    volte: Counter[Hashable] = Counter()
    chiavi: dict[int, Hashable] = {}
    for riga in righe:
        chiave = (riga.scheda_id, *(getattr(riga, nome) for nome in genere.chiave))
        volte[chiave] += 1
        chiavi[id(riga)] = (*chiave, volte[chiave])
    return chiavi


def _lega_i_conteggi(conteggi: Iterable[Conteggio], fabbriche: Sequence[Righe]) -> set[int]:
    """Scrive di quale conteggio ciascuno è parte o composizione, ora che tutti hanno una chiave."""
    per_sigla = {
        (c.scheda_id, c.slug): c for c in conteggi if c.sezione == Conteggio.Sezione.BENEFICIARI
    }
    cambiati = []
    for fabbrica in fabbriche:
        scheda = fabbrica.scheda.pk
        for letto in fabbrica.letta.beneficiari.conteggi:
            conteggio = per_sigla[scheda, letto.id]
            intero = per_sigla[scheda, letto.parte_di].pk if letto.parte_di else None
            nuclei = per_sigla[scheda, letto.composizione_di].pk if letto.composizione_di else None
            if (conteggio.parte_di_id, conteggio.composizione_di_id) != (intero, nuclei):
                conteggio.parte_di_id, conteggio.composizione_di_id = intero, nuclei
                cambiati.append(conteggio)
    if cambiati:
        Conteggio.objects.bulk_update(cambiati, ["parte_di_id", "composizione_di_id"])
    return {conteggio.scheda_id for conteggio in cambiati}


def _annota(schede: Allineate[Scheda], toccate: set[int], attore: Attore) -> None:
    """Lascia scritto nella storia di ogni scheda toccata che l'ha caricata il sistema."""
    nuove = {scheda.pk for scheda in schede.nuove}
    passaggi = [
        PassaggioDiScheda(
            ente=attore.ente,
            scheda_id=scheda,
            da_stato=Scheda.Stato.DA_APRIRE if scheda in nuove else Scheda.Stato.CONGELATA,
            a_stato=Scheda.Stato.CONGELATA,
            chi=attore.utente,
            testo=CARICATA if scheda in nuove else RICARICATA,
        )
        for scheda in sorted(toccate)
    ]
    PassaggioDiScheda.objects.bulk_create(passaggi)
    corrette = toccate - nuove
    if corrette:
        Scheda.objects.filter(pk__in=corrette).update(modificata_il=timezone.now())
