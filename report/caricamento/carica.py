"""Il caricamento intero: leggere, controllare, scrivere, pubblicare. O tutto o niente."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from assi.models import Progetto
from enti.sistema import come_sistema
from registro.comune.allineamento import allinea
from registro.db.lucchetto import uno_alla_volta
from report.azioni.pubblicazione import pubblica_edizione
from report.calcolo import Piano, PianoErrato, ProgettoDelPiano, piano_della_cartella
from report.calcolo.piano import leggi_modello
from report.caricamento.controlli import controlla
from report.caricamento.controlli.rete import COMUNI
from report.caricamento.errori import CartellaRifiutata, Problema
from report.caricamento.formato.comune import FraseDellHub
from report.caricamento.lettura import REGOLE, Cartella, leggi_cartella
from report.caricamento.modelli import etichette_dei_risultati, leggi_modelli, salva_modelli
from report.caricamento.scrittura.rete import Rete, scrivi_rete, togli_azioni_sparite
from report.caricamento.scrittura.schede import scrivi_schede
from report.contenuto import BlocchiContenuto
from report.copie import SchedaCopiata
from report.models import BloccoDiTesto, Campagna, ModelloScheda, Rapporto


# Un caricamento alla volta su tutta la base di dati.
_LUCCHETTO = 20_190_701
Sezione = BloccoDiTesto.Sezione


@dataclass(frozen=True, slots=True)
class Caricamento:
    """Com'è andata: l'edizione che vale ora, e se è nata adesso (`nuova`) o c'era già."""

    cartella: Cartella
    edizione: Rapporto
    nuova: bool


def carica_cartella(percorso: Path, *, progetto: str | None = None) -> Caricamento:
    """Carica la cartella e ne pubblica l'edizione; se dice le stesse cose di prima non scrive.

    `progetto`: la sigla; se taciuta quella di `regole.yaml`, o quella delle impostazioni. Solleva
    `CartellaRifiutata` con tutti i problemi, e la base di dati resta com'era.
    """
    cartella = leggi_cartella(percorso)
    controlla(cartella)
    modelli = leggi_modelli()
    try:
        with transaction.atomic():
            uno_alla_volta(_LUCCHETTO)
            modello = salva_modelli(modelli)
            del_progetto = _progetto(cartella, progetto)
            ultima = _ultima_caricata(del_progetto.slug)
            if ultima is not None and ultima.impronta_fonte == cartella.impronta:
                return Caricamento(cartella, ultima, nuova=False)
            edizione = _scrivi(cartella, del_progetto, modello, etichette_dei_risultati(modelli))
            return Caricamento(cartella, edizione, nuova=True)
    except PianoErrato as errore:
        raise _rifiuto(errore) from errore


def _progetto(cartella: Cartella, slug: str | None) -> ProgettoDelPiano:
    """Il progetto della cartella; ciò che non dice resta com'è già salvato."""
    regole = cartella.regole if isinstance(cartella.regole, dict) else {}
    detto = regole.get("progetto") if isinstance(regole.get("progetto"), dict) else {}
    slug = slug or detto.get("slug") or settings.PROGETTO_PREDEFINITO
    salvato = Progetto.objects.filter(slug=slug).first() or Progetto(
        titolo=str(slug).replace("-", " ").capitalize()
    )
    base = {
        campo: getattr(salvato, campo)
        for campo in ("titolo", "sottotitolo", "descrizione", "dal", "al")
    }
    return leggi_modello(ProgettoDelPiano, {**base, **detto, "slug": slug}, REGOLE)


def _ultima_caricata(slug: str) -> Rapporto | None:
    with come_sistema():
        return Rapporto.objects.ultima_caricata(slug)


def _scrivi(
    cartella: Cartella,
    progetto: ProgettoDelPiano,
    modello: ModelloScheda,
    etichette: dict[str, str],
) -> Rapporto:
    with come_sistema():
        rete = scrivi_rete(cartella, progetto)
        campagna = _campagna(rete.progetto, modello)
    schede = scrivi_schede(cartella, rete, campagna, etichette)
    togli_azioni_sparite(rete)
    piano = _piano(cartella, progetto, rete, schede)
    with come_sistema(rete.coordinatore) as attore:
        return pubblica_edizione(
            progetto=rete.progetto,
            da=attore,
            schede=schede,
            piano=piano,
            blocchi=_blocchi(cartella),
            impronta_fonte=cartella.impronta,
        )


def _campagna(progetto: Progetto, modello: ModelloScheda) -> Campagna:
    voluta = Campagna(
        slug=f"{progetto.slug[:78]}-1",
        titolo=f"Monitoraggio di {progetto.titolo}"[:200],
        progetto_id=progetto.pk,
        modello_id=modello.pk,
    )
    allineata = allinea(
        Campagna.objects.filter(slug=voluta.slug),
        [voluta],
        chiave=lambda campagna: campagna.slug,
        campi=("titolo", "progetto_id", "modello_id"),
    )
    return allineata.righe[voluta.slug]


def _piano(
    cartella: Cartella, progetto: ProgettoDelPiano, rete: Rete, schede: list[SchedaCopiata]
) -> Piano:
    regole = cartella.regole
    if isinstance(regole, dict) and isinstance(regole.get("progetto"), dict):
        regole = {**regole, "progetto": {**regole["progetto"], "slug": progetto.slug}}
    return piano_della_cartella(
        regole=regole,
        pubblicato=cartella.grezzi["report_pubblicato.yaml"],
        schede=[scheda.contenuto for scheda in schede],
        nodi=[
            (nodo.slug, nodo.denominazione)
            for nodo in sorted(rete.nodi.values(), key=lambda nodo: (nodo.parte, nodo.pk))
        ],
        progetto=progetto,
    )


def _blocchi(cartella: Cartella) -> Iterator[BloccoDiTesto]:
    """I testi dell'hub: quelli generali e quelli delle pagine degli assi."""
    pubblicato = cartella.pubblicato
    for sezione in BlocchiContenuto.__dataclass_fields__:
        for frase in getattr(pubblicato, sezione):
            yield _blocco(sezione, frase, getattr(frase, "ambito", ""))
    for asse in cartella.assi.assi:
        for sezione, frasi in (
            (Sezione.ASSE_INDIVIDUAZIONE, asse.individuazione),
            (Sezione.ASSE_CRITICITA, asse.criticita),
            (Sezione.ASSE_PROPOSTE, asse.proposte),
        ):
            for frase in frasi:
                yield _blocco(sezione, frase, asse.id)
        for nodo, frasi in asse.esiti.items():
            for frase in frasi:
                yield _blocco(Sezione.ASSE_ESITI, frase, asse.id, "" if nodo == COMUNI else nodo)


def _blocco(sezione: str, frase: FraseDellHub, ambito: str, nodo: str = "") -> BloccoDiTesto:
    return BloccoDiTesto(
        sezione=sezione,
        ambito=ambito,
        nodo=nodo,
        testo=frase.testo,
        fonte=frase.righe or "",
        note=frase.note or "",
    )


def _rifiuto(errore: PianoErrato) -> CartellaRifiutata:
    return CartellaRifiutata(
        Problema(errore.file or "", problema.voce, problema.motivo) for problema in errore.problemi
    )
