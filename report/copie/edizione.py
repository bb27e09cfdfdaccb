"""L'edizione intera, dalle sole righe congelate: nulla di ciò che è cambiato dopo vi entra."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256

from pydantic import TypeAdapter

from report.calcolo import drop_out_delle_schede
from report.calcolo.parole import differenza
from report.contenuto import (
    AddendoContenuto,
    AsseContenuto,
    BlocchiContenuto,
    CifraContenuto,
    Contenuto,
    EsitiDiNodo,
    NodoContenuto,
    RapportoContenuto,
    RegolaContenuto,
    SchedaContenuto,
    ValoreDiNodo,
    VoceContenuto,
)
from report.copie.comune import numero
from report.copie.cornice import rileggi_cornice
from report.models import Addendo, BloccoDiTesto, Cifra, Rapporto, TotaleDiRegola


_SCHEDA = TypeAdapter(SchedaContenuto)
_CONTENUTO = TypeAdapter(Contenuto)
Sezione = BloccoDiTesto.Sezione
SEZIONI_DEGLI_ASSI = (
    Sezione.ASSE_INDIVIDUAZIONE,
    Sezione.ASSE_ESITI,
    Sezione.ASSE_CRITICITA,
    Sezione.ASSE_PROPOSTE,
)
# La regola delle cifre che le schede non rifanno: un numero non si confronta con se stesso.
RIPORTATA = "come-pubblicato"
COMUNI_A_TUTTI = "Comuni a tutti i nodi"


def congela_scheda(contenuto: SchedaContenuto) -> dict:
    """La scheda come JSON, per `CopiaScheda.contenuto`."""
    return _SCHEDA.dump_python(contenuto, mode="json")


def rileggi_scheda(dati: dict) -> SchedaContenuto:
    """La scheda conservata in un'edizione."""
    return _SCHEDA.validate_python(dati)


def impronta_del_contenuto(contenuto: Contenuto) -> str:
    """SHA-256 esadecimale di ciò che l'edizione dice; data e impronta stessa non contano."""
    testata = replace(contenuto.rapporto, impronta="", pubblicato_il=None)
    dati = _CONTENUTO.dump_python(replace(contenuto, rapporto=testata), mode="json")
    testo = json.dumps(dati, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(testo.encode()).hexdigest()


def contenuto_dell_edizione(rapporto: Rapporto) -> Contenuto:
    """Il contenuto di un'edizione, pubblicata o no, da mostrare o da stampare.

    Legge le righe congelate con interrogazioni fisse; chi chiama è nel contesto di chi legge.
    """
    cornice = rileggi_cornice(rapporto.cornice)
    schede = [
        rileggi_scheda(copia.contenuto) for copia in rapporto.copiascheda_righe.order_by("ordine")
    ]
    blocchi = list(rapporto.bloccoditesto_righe.order_by("ordine", "pk"))
    return Contenuto(
        rapporto=_testata(rapporto, cornice.progetto),
        nodi=cornice.nodi,
        enti=cornice.enti,
        assi=tuple(_con_i_testi(asse, blocchi, cornice.nodi) for asse in cornice.assi),
        cifre=_cifre(rapporto),
        regole=_regole(rapporto, cornice.nodi),
        drop_out=drop_out_delle_schede(schede),
        legami=cornice.legami,
        blocchi=_blocchi(blocchi),
        schede=tuple(schede),
    )


def _testata(rapporto: Rapporto, progetto: str) -> RapportoContenuto:
    return RapportoContenuto(
        titolo=rapporto.titolo,
        sottotitolo=rapporto.sottotitolo,
        progetto=progetto,
        progetto_slug=rapporto.progetto.slug,
        edizione=rapporto.edizione,
        pubblicato_il=rapporto.pubblicato_il,
        periodo=rapporto.periodo,
        impronta=rapporto.impronta,
        novita=rapporto.novita,
    )


def _voci(blocchi: Iterable[BloccoDiTesto]) -> tuple[VoceContenuto, ...]:
    return tuple(
        VoceContenuto(
            testo=blocco.testo,
            # Nella pagina di un asse l'ambito è già detto.
            asse=None if blocco.sezione in SEZIONI_DEGLI_ASSI else blocco.ambito or None,
            nota=blocco.note or None,
        )
        for blocco in blocchi
    )


def _blocchi(blocchi: Sequence[BloccoDiTesto]) -> BlocchiContenuto:
    return BlocchiContenuto(
        **{
            nome: _voci(b for b in blocchi if b.sezione == nome)
            for nome in BlocchiContenuto.__dataclass_fields__
        }
    )


def _con_i_testi(
    asse: AsseContenuto, blocchi: Sequence[BloccoDiTesto], nodi: Sequence[NodoContenuto]
) -> AsseContenuto:
    """L'asse con le frasi che l'hub ne ha scritto."""
    per_sezione: dict[str, list[BloccoDiTesto]] = defaultdict(list)
    for blocco in blocchi:
        if blocco.ambito == asse.slug:
            per_sezione[blocco.sezione].append(blocco)
    esiti = per_sezione[Sezione.ASSE_ESITI]
    posti = [*((nodo.slug, nodo.denominazione) for nodo in nodi), ("", COMUNI_A_TUTTI)]
    return replace(
        asse,
        individuazione=_voci(per_sezione[Sezione.ASSE_INDIVIDUAZIONE]),
        esiti=tuple(
            EsitiDiNodo(slug or None, nome, _voci(b for b in esiti if b.nodo == slug))
            for slug, nome in posti
            if any(b.nodo == slug for b in esiti)
        ),
        criticita=_voci(per_sezione[Sezione.ASSE_CRITICITA]),
        proposte=_voci(per_sezione[Sezione.ASSE_PROPOSTE]),
    )


def _cifre(rapporto: Rapporto) -> tuple[CifraContenuto, ...]:
    addendi: dict[int, list[Addendo]] = defaultdict(list)
    for addendo in rapporto.addendo_righe.select_related("copia").order_by("ordine", "pk"):
        addendi[addendo.cifra_id].append(addendo)
    return tuple(
        _cifra(cifra, addendi[cifra.pk]) for cifra in rapporto.cifra_righe.order_by("ordine")
    )


def _cifra(cifra: Cifra, addendi: Iterable[Addendo]) -> CifraContenuto:
    valore, pubblicato = numero(cifra.valore), numero(cifra.pubblicato)
    return CifraContenuto(
        slug=cifra.slug,
        etichetta=cifra.etichetta,
        definizione=cifra.definizione,
        valore=valore,
        unita=cifra.unita or None,
        nodo=cifra.nodo or None,
        approssimazione=cifra.approssimazione or None,
        regola=cifra.regola,
        regola_in_parole=cifra.regola_in_parole,
        addendi=tuple(_addendo(addendo) for addendo in addendi),
        pubblicato=pubblicato,
        scarto=None if cifra.regola == RIPORTATA else _scarto(valore, pubblicato),
        derivato=numero(cifra.derivato),
        esito=cifra.esito,
        nota=cifra.nota,
        rispondenti=cifra.rispondenti,
        interrogate=cifra.interrogate,
        aritmetica=cifra.aritmetica,
    )


def _addendo(addendo: Addendo) -> AddendoContenuto:
    return AddendoContenuto(
        scheda=addendo.copia.slug,
        scheda_titolo=addendo.copia.titolo,
        conteggio=addendo.conteggio,
        cosa=addendo.cosa,
        unita=addendo.unita,
        valore=numero(addendo.valore),
        approssimazione=addendo.approssimazione or None,
    )


def _scarto(valore: int | float | None, pubblicato: int | float | None) -> int | float | None:
    if valore is None or pubblicato is None:
        return None
    return differenza(valore, pubblicato)


def _regole(rapporto: Rapporto, nodi: Sequence[NodoContenuto]) -> tuple[RegolaContenuto, ...]:
    per_regola: dict[str, list[TotaleDiRegola]] = defaultdict(list)
    for riga in rapporto.totalediregola_righe.order_by("ordine", "pk"):
        per_regola[riga.regola].append(riga)
    return tuple(_regola(righe, nodi) for righe in per_regola.values())


def _regola(righe: Sequence[TotaleDiRegola], nodi: Sequence[NodoContenuto]) -> RegolaContenuto:
    nomi = {nodo.slug: nodo.denominazione for nodo in nodi}
    totale = next(riga for riga in righe if not riga.nodo)
    return RegolaContenuto(
        slug=totale.regola,
        descrizione=totale.descrizione,
        valori=tuple(
            ValoreDiNodo(
                riga.nodo,
                nomi.get(riga.nodo, riga.nodo),
                numero(riga.valore),
                riga.approssimazione or None,
            )
            for riga in righe
            if riga.nodo
        ),
        totale=numero(totale.valore),
        approssimazione=totale.approssimazione or None,
        pubblicato=numero(totale.pubblicato),
        scarto=_scarto(numero(totale.valore), numero(totale.pubblicato)),
        scelta=totale.scelta,
        nota=totale.nota,
    )
