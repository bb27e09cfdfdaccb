"""Schede a caso contro un conto ingenuo, scritto sui dizionari e senza nulla del motore.

L'oracolo rilegge le regole di `docs/decisioni/0005-regole-di-conteggio.md`: prende gli interi, scarta
ciò che è compreso in altro, somma ciò che è detto. Non importa niente da `report.calcolo` che conti.
"""

from dataclasses import replace

from hypothesis import assume, given, settings, strategies as st

from report.calcolo import calcola, piano_della_cartella
from tests.report.schede_di_prova import NODI, PROGETTO, cifra, conteggio, piano, scheda


METODI = ("solo-individui", "individui-o-nuclei", "nucleo-sempre-unita")
POSTI = ("nord", "sud", None)
in_fretta = settings(max_examples=80, deadline=None, database=None)

numeri = st.one_of(
    st.just((None, None)),
    st.tuples(st.integers(0, 300), st.sampled_from([None, None, None, "circa", "oltre"])),
)
etichette = st.sampled_from([None, "eta", "sede"])


class Foglio:
    """Le righe di una scheda mentre si scrivono, coi valori tirati a caso."""

    def __init__(self, draw):
        self.draw = draw
        self.righe: list[dict] = []

    def aggiungi(self, unita, parte_di=None, composizione_di=None, ripartizione=None) -> str:
        valore, approssimazione = self.draw(numeri)
        riga = {
            "id": f"c{len(self.righe)}",
            "unita": unita,
            "valore": valore,
            "appr": approssimazione,
            "parte_di": parte_di,
            "composizione_di": composizione_di,
            "ripartizione": ripartizione,
        }
        self.righe.append(riga)
        return riga["id"]

    def aggiungi_parti(self, intero, unita):
        for _ in range(self.draw(st.integers(0, 2))):
            parte = self.aggiungi(unita, parte_di=intero, ripartizione=self.draw(etichette))
            if self.draw(st.booleans()):
                self.aggiungi(unita, parte_di=parte, ripartizione=self.draw(etichette))

    def aggiungi_persone(self, nuclei):
        for _ in range(self.draw(st.integers(0, 3))):
            vista = self.draw(etichette)
            persone = self.aggiungi("individui", composizione_di=nuclei, ripartizione=vista)
            self.aggiungi_parti(persone, "individui")


@st.composite
def righe_di_scheda(draw) -> list[dict]:
    """Interi con parti, parti di parti, nuclei con le loro persone, enti e aziende."""
    foglio = Foglio(draw)
    unita_degli_interi = st.sampled_from(["individui", "nuclei", "enti", "aziende"])
    for unita in draw(st.lists(unita_degli_interi, max_size=4)):
        intero = foglio.aggiungi(unita)
        foglio.aggiungi_parti(intero, unita)
        if unita == "nuclei":
            foglio.aggiungi_persone(intero)
    return foglio.righe


@st.composite
def reti(draw) -> list[dict]:
    """Da una a quattro schede, ciascuna col suo nodo e con al più una parte scelta per intero."""
    schede = []
    for posto in range(draw(st.integers(1, 4))):
        righe = draw(righe_di_scheda())
        scelte = {}
        for riga in righe:
            if riga["parte_di"] and draw(st.integers(0, 3)) == 0:
                scelte.setdefault(capostipite(righe, riga)["id"], riga["id"])
        nodo = draw(st.sampled_from(POSTI))
        schede.append({"id": f"s{posto}", "nodo": nodo, "righe": righe, "scelte": scelte})
    return schede


# --- Il conto ingenuo ------------------------------------------------------------------------


def capostipite(righe, riga):
    while riga["parte_di"]:
        riga = next(r for r in righe if r["id"] == riga["parte_di"])
    return riga


def al_posto(scheda_ingenua, riga):
    """La riga scelta al posto di un intero, o l'intero."""
    scelta = scheda_ingenua["scelte"].get(riga["id"])
    return next((r for r in scheda_ingenua["righe"] if r["id"] == scelta), riga)


def persone_dei(scheda_ingenua, nuclei):
    """Le persone di quei nuclei: la prima vista tutta detta, o la più ricca."""
    viste = {}
    for riga in scheda_ingenua["righe"]:
        if riga["composizione_di"] == nuclei["id"]:
            viste.setdefault(riga["ripartizione"], []).append(al_posto(scheda_ingenua, riga))
    complete = [v for v in viste.values() if all(r["valore"] is not None for r in v)]
    if complete:
        return complete[0]
    return max(viste.values(), key=lambda v: sum(r["valore"] or 0 for r in v), default=[])


def contano(scheda_ingenua, metodo):
    """Le righe di una scheda che un metodo conta."""
    prese = []
    for riga in scheda_ingenua["righe"]:
        if riga["parte_di"] or riga["composizione_di"]:
            continue
        vale = al_posto(scheda_ingenua, riga)
        if metodo == "enti-e-aziende":
            prese += [vale] if riga["unita"] in ("enti", "aziende") else []
        elif riga["unita"] == "individui":
            prese.append(vale)
        elif riga["unita"] == "nuclei":
            persone = persone_dei(scheda_ingenua, vale)
            if metodo == "nucleo-sempre-unita":
                prese.append(vale)
            elif metodo == "solo-individui" or any(p["valore"] is not None for p in persone):
                prese += persone
            else:
                prese.append(vale)
    return prese


def quanto(righe):
    """Valore e approssimazione di una somma ingenua."""
    dette = [r for r in righe if r["valore"] is not None]
    if not dette:
        return None, None
    totale = 0
    for riga in dette:
        totale += riga["valore"]
    if len(dette) < len(righe) or "oltre" in {r["appr"] for r in dette}:
        return totale, "almeno"
    return totale, "circa" if "circa" in {r["appr"] for r in dette} else None


def tutte(rete, metodi, nodi=POSTI):
    """Le righe contate in quei nodi, ciascuno col suo metodo, con la scheda da cui vengono."""
    return [
        {**riga, "scheda": s["id"]}
        for s in rete
        if s["nodo"] in nodi
        for riga in contano(s, metodi[s["nodo"]])
    ]


# --- Il motore sugli stessi dati --------------------------------------------------------------


def schede_vere(rete):
    return tuple(
        scheda(
            s["id"],
            s["nodo"],
            [
                conteggio(
                    r["id"],
                    r["unita"],
                    r["valore"],
                    approssimazione=r["appr"],
                    parte_di=r["parte_di"],
                    composizione_di=r["composizione_di"],
                    ripartizione=r["ripartizione"],
                )
                for r in s["righe"]
            ],
        )
        for s in rete
    )


def piano_a_regole(rete, metodi):
    per_nodo = {"*": metodi[None], "nord": metodi["nord"], "sud": metodi["sud"]}
    enti = {"regola": "enti-e-aziende"}
    return piano(
        cifra("gente", {"regola": "mista"}),
        cifra("gente-nord", {"regola": "mista"}, nodo="nord"),
        cifra("gente-sud", {"regola": "mista"}, nodo="sud"),
        cifra("somma", {"somma_di": ["gente-nord", "gente-sud"]}),
        cifra("enti", enti, unita="enti"),
        cifra("enti-nord", enti, unita="enti", nodo="nord"),
        cifra(
            "enti-resto",
            {"differenza": {"da": "enti", "meno": ["enti-nord"]}},
            unita="enti",
        ),
        regole=[{"id": "mista", "descrizione": "Mista.", "per_nodo": per_nodo}],
        scelte=[
            {"scheda": s["id"], "conteggio": parte, "al_posto_di": intero}
            for s in rete
            for intero, parte in s["scelte"].items()
        ],
    )


def righe_attese(rete, metodi):
    enti = dict.fromkeys(POSTI, "enti-e-aziende")
    return {
        "gente": tutte(rete, metodi),
        "gente-nord": tutte(rete, metodi, ("nord",)),
        "gente-sud": tutte(rete, metodi, ("sud",)),
        "somma": tutte(rete, metodi, ("nord", "sud")),
        "enti": tutte(rete, enti),
        "enti-nord": tutte(rete, enti, ("nord",)),
        "enti-resto": tutte(rete, enti, ("sud", None)),
    }


metodi_per_nodo = st.fixed_dictionaries({posto: st.sampled_from(METODI) for posto in POSTI})


@in_fretta
@given(rete=reti(), metodi=metodi_per_nodo)
def test_le_cifre_a_regola_sono_quelle_del_conto_ingenuo(rete, metodi):
    calcolo = calcola(schede_vere(rete), piano_a_regole(rete, metodi), NODI)
    trovate = {c.slug: c for c in calcolo.cifre}
    attese = righe_attese(rete, metodi)
    for slug, righe in attese.items():
        valore, approssimazione = quanto(righe)
        if slug == "enti-resto" and not righe and trovate["enti"].valore is not None:
            valore = 0
        if slug == "enti-resto" and trovate["enti"].valore is None:
            valore = approssimazione = None
        assert (trovate[slug].valore, trovate[slug].approssimazione) == (valore, approssimazione)
        assert {(a.scheda, a.conteggio) for a in trovate[slug].addendi} == {
            (r["scheda"], r["id"]) for r in righe
        }
    (mista,) = calcolo.regole
    assert (mista.totale, mista.approssimazione) == quanto(attese["gente"])
    for valore in mista.valori:
        atteso = quanto(tutte(rete, metodi, (valore.nodo,)))
        assert (valore.valore, valore.approssimazione) == atteso


@st.composite
def rapporti(draw, rete):
    """Un rapporto stampato: per nodo, una parte o l'intero di alcuni conteggi a caso."""
    cifre = []
    for nodo in ("nord", "sud"):
        addendi = [
            {"scheda": s["id"], "conteggio": al_posto(s, r)["id"]}
            for s in rete
            if s["nodo"] == nodo
            for r in s["righe"]
            if r["unita"] == "individui" and not (r["parte_di"] or r["composizione_di"])
            if draw(st.booleans())
        ]
        esito = "esatto" if addendi else "non-ricalcolabile"
        cifre.append(stampata(f"gente-{nodo}", nodo, {"esito": esito, "addendi": addendi}))
    parti = [c["id"] for c in cifre]
    return {"cifre": [*cifre, stampata("gente", None, {"esito": "esatto", "da_cifre": parti})]}


def stampata(sigla, nodo, ricalcolo):
    testata = {"id": sigla, "etichetta": sigla, "unita": "beneficiari", "nodo": nodo}
    return testata | {"valore": None, "stampato": False, "ricalcolo": ricalcolo}


def dal_rapporto(rete, rapporto):
    schede = schede_vere(rete)
    un_piano = piano_della_cartella(
        regole=None, pubblicato=rapporto, schede=schede, nodi=NODI, progetto=PROGETTO
    )
    return {c.slug: c for c in calcola(schede, un_piano, NODI).cifre}


def riga_di(rete, addendo):
    righe = next(s["righe"] for s in rete if s["id"] == addendo["scheda"])
    return next(r for r in righe if r["id"] == addendo["conteggio"])


@in_fretta
@given(dati=st.data(), rete=reti())
def test_le_cifre_ad_addendi_sono_quelle_del_conto_ingenuo(dati, rete):
    rapporto = dati.draw(rapporti(rete))
    trovate = dal_rapporto(rete, rapporto)
    sommate = []
    for stampa in rapporto["cifre"][:2]:
        righe = [riga_di(rete, a) for a in stampa["ricalcolo"]["addendi"]]
        # Una cifra senza addendi e senza numero stampato è un termine non detto del totale.
        sommate += righe or [{"valore": None, "appr": None}]
        cifra_trovata = trovate[stampa["id"]]
        assert (cifra_trovata.valore, cifra_trovata.approssimazione) == quanto(righe)
    assert (trovate["gente"].valore, trovate["gente"].approssimazione) == quanto(sommate)


def impronta(trovata):
    """Ciò che di una cifra non deve muoversi se nessun suo conteggio si muove."""
    return trovata.valore, trovata.approssimazione, trovata.addendi


@in_fretta
@given(dati=st.data(), rete=reti(), metodi=metodi_per_nodo)
def test_cambiare_un_conteggio_cambia_le_cifre_che_lo_contano_e_nessun_altra(dati, rete, metodi):
    candidate = [(s, r) for s in rete for r in s["righe"]]
    assume(candidate)
    scelta, riga = dati.draw(st.sampled_from(candidate))
    un_piano = piano_a_regole(rete, metodi)
    prima = calcola(schede_vere(rete), un_piano, NODI)
    nuovo = dati.draw(st.one_of(st.none(), st.integers(0, 300)))
    assume(nuovo != riga["valore"])
    riga["valore"] = nuovo
    if nuovo is None:
        riga["appr"] = None
    dopo = calcola(schede_vere(rete), un_piano, NODI)
    for vecchia, nuova in zip(prima.cifre, dopo.cifre, strict=True):
        chiavi = {(a.scheda, a.conteggio) for a in (*vecchia.addendi, *nuova.addendi)}
        if (scelta["id"], riga["id"]) in chiavi:
            assert impronta(vecchia) != impronta(nuova)
        elif vecchia.addendi or nuova.addendi or vecchia.slug != "enti-resto":
            assert impronta(vecchia) == impronta(nuova)
        else:
            # Il resto vuoto di un totale che nessuno dichiara non è zero: non è detto.
            assert {vecchia.valore, nuova.valore} <= {0, None}


@in_fretta
@given(dati=st.data(), rete=reti(), metodi=metodi_per_nodo)
def test_aggiungere_un_conteggio_alza_solo_le_cifre_del_suo_nodo_e_della_sua_unita(
    dati, rete, metodi
):
    scelta = dati.draw(st.sampled_from(rete))
    un_piano = piano_a_regole(rete, metodi)
    schede = schede_vere(rete)
    prima = {c.slug: c for c in calcola(schede, un_piano, NODI).cifre}
    nuovo = conteggio("aggiunto", dati.draw(st.sampled_from(["individui", "aziende"])), 17)
    dopo = {
        c.slug: c
        for c in calcola(
            [
                replace(s, conteggi=(*s.conteggi, nuovo)) if s.slug == scelta["id"] else s
                for s in schede
            ],
            un_piano,
            NODI,
        ).cifre
    }
    persone = {"gente", f"gente-{scelta['nodo']}"} | ({"somma"} if scelta["nodo"] else set())
    enti = {"enti", "enti-nord" if scelta["nodo"] == "nord" else "enti-resto"}
    toccate = persone if nuovo.unita == "individui" else enti
    for slug, vecchia in prima.items():
        if slug in toccate:
            assert dopo[slug].valore == (vecchia.valore or 0) + 17
        elif slug == "enti-resto":
            # Il resto di un totale che prima taceva del tutto ora è zero o ciò che si sa.
            assert dopo[slug].valore == vecchia.valore or vecchia.valore is None
        else:
            assert impronta(dopo[slug]) == impronta(vecchia)


@in_fretta
@given(rete=reti(), metodi=metodi_per_nodo)
def test_un_piano_a_regole_non_conta_mai_due_volte(rete, metodi):
    for trovata in calcola(schede_vere(rete), piano_a_regole(rete, metodi), NODI).cifre:
        presi = [(a.scheda, a.conteggio) for a in trovata.addendi]
        assert len(presi) == len(set(presi))
        for nome, sigla in presi:
            righe = {r["id"]: r for s in rete if s["id"] == nome for r in s["righe"]}
            comprese = compresi_in(righe, righe[sigla])
            assert not {(nome, altra) for altra in comprese} & set(presi)


def compresi_in(righe, riga):
    """Gli interi e i nuclei che già comprendono una riga."""
    sopra = riga["parte_di"] or riga["composizione_di"]
    return {sopra} | compresi_in(righe, righe[sopra]) if sopra else set()
