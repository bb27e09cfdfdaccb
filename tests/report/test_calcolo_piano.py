"""Il piano delle cifre: come si legge, da dove viene, che cosa lo ferma."""

import pytest

from report.calcolo import (
    PianoErrato,
    calcola,
    controlla_piano,
    leggi_piano,
    piano_da_pubblicato,
    piano_della_cartella,
)
from tests.report.schede_di_prova import (
    NODI,
    PROGETTO,
    addendi,
    cifra,
    conteggio,
    piano,
    scheda,
)


def due_schede():
    return (
        scheda(
            "a",
            "nord",
            [
                conteggio("utenti", "individui", 12),
                conteggio("formati", "individui", 7, parte_di="utenti"),
                conteggio("aziende", "aziende", 3),
            ],
        ),
        scheda(
            "b",
            "sud",
            [
                conteggio("nuclei", "nuclei", 5),
                conteggio("persone", "individui", 15, composizione_di="nuclei"),
                conteggio("enti", "enti", 2),
            ],
        ),
    )


def stampata(sigla, esito, **campi):
    """Una cifra come in report_pubblicato.yaml."""
    testata = {"etichetta": sigla, "valore": None, "unita": "beneficiari", "nodo": None}
    ricalcolo = {k: campi.pop(k) for k in ("addendi", "da_cifre", "ipotesi") if k in campi}
    return testata | {"id": sigla, "ricalcolo": {"esito": esito, **ricalcolo}} | campi


def voci(*nomi):
    return addendi(*nomi)["addendi"]


def dalla_cartella(regole=None, pubblicato=None, schede=None):
    return piano_della_cartella(
        regole=regole,
        pubblicato=pubblicato,
        schede=schede or due_schede(),
        nodi=NODI,
        progetto=PROGETTO,
    )


ALTRA_RETE = {
    "cifre": [
        stampata("gente", "esatto", valore=12, da_cifre=["gente-nord", "gente-sud"]),
        stampata("gente-nord", "esatto", valore=7, nodo="nord", addendi=voci("a/formati")),
        stampata(
            "gente-sud",
            "compatibile",
            nodo="sud",
            stampato=False,
            derivato=5,
            ipotesi=[
                {"id": "no", "compatibile": False, "addendi": voci("b/persone")},
                {"id": "si", "compatibile": True, "addendi": voci("b/nuclei")},
            ],
        ),
        stampata(
            "soggetti", "esatto", valore=5, unita="enti", addendi=voci("a/aziende", "b/enti")
        ),
        stampata(
            "soggetti-nord",
            "esatto",
            valore=3,
            unita="enti",
            nodo="nord",
            addendi=voci("a/aziende"),
        ),
        stampata("soggetti-sud", "derivato", unita="enti", nodo="sud", stampato=False, derivato=2),
        stampata("voto", "non-ricalcolabile", valore=7.5, unita="su 10"),
    ],
    "regole_di_conteggio": [
        {"id": "solo-individui", "descrizione": "Solo persone."},
        {"id": "a-modo-loro", "descrizione": "Come le cifre."},
    ],
}


def test_senza_file_le_cifre_di_serie_contano_persone_ed_enti_per_nodo_e_in_tutto():
    un_piano = dalla_cartella()
    calcolo = calcola(due_schede(), un_piano, NODI)
    assert {c.slug: c.valore for c in calcolo.cifre} == {
        "individui-totale": 27,
        "enti-totale": 5,
        "individui-nord": 12,
        "enti-nord": 3,
        "individui-sud": 15,
        "enti-sud": 2,
    }
    assert {c.esito for c in calcolo.cifre} == {"derivato"}
    assert {r.slug: r.totale for r in calcolo.regole} == {
        "individui-o-nuclei": 27,
        "solo-individui": 27,
        "nucleo-sempre-unita": 17,
    }
    assert [r.slug for r in calcolo.regole if r.scelta] == ["individui-o-nuclei"]


def test_gli_addendi_stampati_sono_la_regola_con_altri_nodi_e_altre_sigle():
    un_piano = dalla_cartella(pubblicato=ALTRA_RETE)
    calcolo = calcola(due_schede(), un_piano, NODI)
    trovate = {c.slug: (c.valore, c.esito) for c in calcolo.cifre}
    assert trovate == {
        "gente": (12, "esatto"),
        "gente-nord": (7, "esatto"),
        "gente-sud": (5, "derivato"),
        "soggetti": (5, "esatto"),
        "soggetti-nord": (3, "esatto"),
        "soggetti-sud": (2, "derivato"),
        "voto": (7.5, "non-ricalcolabile"),
    }
    regole = {r.slug: (r.totale, r.scarto, r.scelta) for r in calcolo.regole}
    assert regole == {"solo-individui": (22, 10, False), "a-modo-loro": (12, 0, True)}
    assert {r.id: r.per_nodo for r in un_piano.regole}["a-modo-loro"] == {
        "*": "individui-o-nuclei",
        "nord": "individui-o-nuclei",
        "sud": "nucleo-sempre-unita",
    }


def test_una_cifra_derivata_senza_un_totale_resta_come_pubblicata():
    pubblicato = {"cifre": [stampata("sud", "derivato", nodo="sud", derivato=2)]}
    un_piano = piano_da_pubblicato(pubblicato, due_schede(), NODI, PROGETTO)
    (sola,) = calcola(due_schede(), un_piano, NODI).cifre
    assert (sola.regola, sola.valore, sola.esito) == ("come-pubblicato", None, "non-ricalcolabile")


def test_due_incognite_nello_stesso_totale_non_si_ricavano_per_differenza():
    pubblicato = {
        "cifre": [
            stampata("tutti", "non-ricalcolabile", valore=9),
            stampata("nord", "derivato", nodo="nord", derivato=4),
            stampata("sud", "derivato", nodo="sud", derivato=5),
        ]
    }
    un_piano = piano_da_pubblicato(pubblicato, due_schede(), NODI, PROGETTO)
    assert {c.id: c.calcolo.model_dump() for c in un_piano.cifre} == {
        sigla: {"pubblicata": True} for sigla in ("tutti", "nord", "sud")
    }


def test_regole_yaml_corregge_solo_cio_che_dice():
    pubblicato = {
        "cifre": [
            stampata("gente", "esatto", valore=7, addendi=voci("a/formati"), note="Stampata."),
            stampata("altra", "esatto", valore=5, addendi=voci("b/nuclei")),
        ],
        "regole_di_conteggio": [
            {"id": "solo-individui", "descrizione": "Solo persone.", "note": "Nota."}
        ],
    }
    regole = {
        "progetto": {"titolo": "Un altro titolo", "dal": "2024-01-01"},
        "regole": [{"id": "solo-individui", "per_nodo": {"*": "solo-individui"}}],
        "scelte": [],
        "cifre": [{"id": "gente", "definizione": "Chi viene.", "calcolo": addendi("a/utenti")}],
    }
    un_piano = dalla_cartella(regole, pubblicato)
    gente, altra = un_piano.cifre
    assert (gente.definizione, gente.pubblicato, gente.nota) == ("Chi viene.", 7, "Stampata.")
    assert altra.pubblicato == 5
    assert un_piano.scelte == ()
    assert (un_piano.progetto.slug, un_piano.progetto.titolo) == ("prova", "Un altro titolo")
    (regola,) = un_piano.regole
    assert (regola.descrizione, regola.nota, regola.scelta) == ("Solo persone.", "Nota.", False)
    assert calcola(due_schede(), un_piano, NODI).cifre[0].valore == 12


def test_regole_yaml_da_solo_dice_tutte_le_cifre():
    regole = {"cifre": [cifra("sola", {"regola": "solo-individui"})]}
    assert [c.id for c in dalla_cartella(regole).cifre] == ["sola"]
    assert len(dalla_cartella({"scelte": []}).cifre) == 6


@pytest.mark.parametrize(
    ("regole", "voce", "motivo"),
    [
        ([], "tutto il file", "serve un elenco di voci con un nome"),
        ({"cifre": 3}, "cifre", "serve un elenco"),
        ({"cifre": [{"etichetta": "X"}]}, "cifre › 1", "manca id"),
        ({"cifre": [{"id": "x"}, {"id": "x"}]}, "cifre › x", "compare due volte"),
        ({"cifre": [{"id": "x"}]}, "cifre › x › etichetta", "manca"),
        ({"progetto": 3}, "progetto", "valore non ammesso: 3"),
        ({"progetto": {"slug": "A B"}}, "progetto › slug", "non è una sigla"),
        (
            {"progetto": {"dal": "2024-02-01", "al": "2024-01-01"}},
            "progetto",
            "non può finire prima di cominciare",
        ),
        ({"altro": 1}, "altro", "campo che il formato non prevede"),
        (
            {"cifre": [cifra("x", {"regola": "solo-individui", "addendi": []})]},
            "cifre › x › calcolo",
            "serve uno solo fra regola",
        ),
        (
            {"cifre": [cifra("x", {"pubblicata": True}, pubblicato=True)]},
            "cifre › x › pubblicato",
            "serve un numero",
        ),
        ({"cifre": [cifra("x", addendi("z/p"))]}, "cifre › x", "la scheda «z» non esiste"),
        (
            {"cifre": [cifra("x", addendi("a/p"))]},
            "cifre › x",
            "la scheda «a» non ha il conteggio «p»",
        ),
        ({"cifre": [cifra("x", {"regola": "boh"})]}, "cifre › x", "la regola «boh» non esiste"),
        ({"cifre": [cifra("x", {"somma_di": ["y"]})]}, "cifre › x", "la cifra «y» non esiste"),
        ({"cifre": [cifra("x", {"somma_di": ["x"]})]}, "cifre › x", "a partire da se stessa"),
        (
            {"cifre": [cifra("x", {"regola": "solo-individui"}, nodo="est")]},
            "cifre › x",
            "il nodo «est» non esiste",
        ),
        (
            {"cifre": [cifra("x", addendi("a/aziende"))]},
            "cifre › x",
            "«a/aziende» conta aziende, la cifra conta individui e nuclei",
        ),
        (
            {"cifre": [cifra("x", addendi("a/utenti", "a/formati"))]},
            "cifre › x",
            "«formati» è una parte di «utenti»: non si sommano",
        ),
        (
            {"cifre": [cifra("x", addendi("a/utenti"), ipotesi=[{"id": "i", **addendi("a/p")}])]},
            "cifre › x › ipotesi › i",
            "non ha il conteggio «p»",
        ),
        (
            {"scelte": [{"scheda": "a", "conteggio": "utenti", "al_posto_di": "formati"}]},
            "scelte › a/utenti",
            "«utenti» non è una parte di «formati»",
        ),
        (
            {"scelte": [{"scheda": "a", "conteggio": "p", "al_posto_di": "utenti"}]},
            "scelte › a/p",
            "non ha il conteggio «p»",
        ),
        (
            {"regole": [{"id": "r", "descrizione": "R", "per_nodo": {"*": "enti-e-aziende"}}]},
            "regole › r",
            "il metodo «enti-e-aziende» non esiste",
        ),
        (
            {"regole": [{"id": "r", "descrizione": "R", "per_nodo": {"est": "solo-individui"}}]},
            "regole › r",
            "il nodo «est» non esiste",
        ),
        (
            {"regole": [{"id": "r", "descrizione": "R", "per_nodo": {"nord": "solo-individui"}}]},
            "regole › r",
            "non dice come contare la scheda «b»",
        ),
        (
            {
                "regole": [
                    {
                        "id": "r",
                        "descrizione": "R",
                        "per_nodo": {"*": "solo-individui"},
                        "confronto": "boh",
                    }
                ]
            },
            "regole › r",
            "la cifra di confronto «boh» non esiste",
        ),
        (
            {
                "regole": [
                    {
                        "id": nome,
                        "descrizione": "R",
                        "per_nodo": {"*": "solo-individui"},
                        "scelta": True,
                    }
                    for nome in ("r", "s")
                ]
            },
            "regole",
            "una sola può essere la scelta: lo sono r e s",
        ),
    ],
)
def test_un_piano_che_non_regge_dice_file_voce_e_motivo(regole, voce, motivo):
    with pytest.raises(PianoErrato) as colto:
        dalla_cartella(regole)
    assert colto.value.file == "regole.yaml"
    assert any(p.voce == voce and motivo in p.motivo for p in colto.value.problemi)


@pytest.mark.parametrize(
    ("pubblicato", "voce", "motivo"),
    [
        ({}, "cifre", "manca"),
        ({"cifre": [{"id": "x"}]}, "cifre › x › etichetta", "manca"),
        (
            {"cifre": [stampata("x", "quasi")]},
            "cifre › x › ricalcolo › esito",
            "valore non ammesso: 'quasi'",
        ),
        (
            {"cifre": [stampata("x", "esatto", addendi=voci("z/p"))]},
            "cifre › x",
            "la scheda «z» non esiste",
        ),
        (
            {"cifre": [stampata("x", "esatto", da_cifre=["y"])]},
            "cifre › x",
            "la cifra «y» non esiste",
        ),
        (
            {"cifre": [stampata("x", "esatto"), stampata("x", "esatto")]},
            "cifre › x",
            "la sigla compare 2 volte",
        ),
        (
            {"cifre": [stampata("x", "esatto", addendi=voci("b/nuclei", "b/persone"))]},
            "cifre › x",
            "«persone» sono le persone di «nuclei»: non si sommano",
        ),
    ],
)
def test_un_rapporto_stampato_che_non_regge_dice_file_voce_e_motivo(pubblicato, voce, motivo):
    with pytest.raises(PianoErrato) as colto:
        dalla_cartella(pubblicato=pubblicato)
    assert colto.value.file == "report_pubblicato.yaml"
    assert any(p.voce == voce and motivo in p.motivo for p in colto.value.problemi)


def test_i_problemi_si_dicono_tutti_insieme():
    un_piano = piano(cifra("x", addendi("z/p")), cifra("y", {"somma_di": ["w"]}))
    assert [str(problema) for problema in controlla_piano(un_piano, due_schede(), NODI)] == [
        "cifre › x: la scheda «z» non esiste",
        "cifre › y: la cifra «w» non esiste",
    ]


def test_il_piano_riletto_dal_suo_json_e_lo_stesso():
    un_piano = dalla_cartella()
    assert leggi_piano(un_piano.model_dump(mode="json")) == un_piano
