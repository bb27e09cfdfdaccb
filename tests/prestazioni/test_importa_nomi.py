"""Che cosa è il nome di una persona in un foglio, e che cosa non lo è."""

import datetime

import pytest
from stdnum.it.codicefiscale import calc_check_digit

from beneficiari.models import Beneficiario, Identificativo
from enti.permessi import Ruolo
from prestazioni.models import Partecipazione
from tests.comune.fogli.archivi import foglio
from tests.fabbriche import attore
from tests.fabbriche_persone import AzioneFactory, BeneficiarioFactory, come
from tests.fabbriche_prestazioni import ServizioFactory
from tests.prestazioni.importazioni import importa, motivi, seguita


pytestmark = pytest.mark.django_db

IN_DUE = ["Cognome", "Nome", "Data di nascita", "Comune"]
IN_UNA = ["Nominativo", "Comune"]
NATA = datetime.date(1990, 3, 12)
CODICE = "BRNNNI90C12A479" + calc_check_digit("BRNNNI90C12A479")
FUTURA = "La data di nascita è nel futuro: ricontrollala."


@pytest.fixture
def referente():
    return attore(Ruolo.REFERENTE)


def _persone(referente) -> list[tuple]:
    with come(referente):
        return [
            (p.cognome, p.nome, p.data_nascita, p.nascita_stimata)
            for p in Beneficiario.objects.order_by("pk")
        ]


@pytest.mark.parametrize(
    ("cognome", "nome", "frase"),
    [
        ("Utenti totali", 1, "ha delle cifre"),
        ("Complessivo", 1, "ha delle cifre"),
        ("Compilato da", "Paolo Rosso", "un totale o una nota"),
        ("Aggiornato al", "31/10/2026", "ha delle cifre"),
        ("Asti", 12, "ha delle cifre"),
        ("N. iscritti", None, "un totale o una nota"),
        ("Media età", 43.5, "ha delle cifre"),
        ("12345", None, "non è un nome"),
        ("???", "-", "non è un nome"),
        ("\u2060", "\u200b", "Manca il nome"),
        ("Rossi", "Ada (12/3/1990)", "ha delle cifre"),
        ("=HYPERLINK(A)", "Ada", "ha il segno «=»"),
        ("Rossi", "Ada e Pia", "più persone"),
        ("Rossi e Bianchi", None, "più persone"),
    ],
)
def test_cio_che_non_e_una_persona_si_rifiuta(tmp_path, referente, cognome, nome, frase):
    righe = [
        IN_DUE,
        ["Provenzale", "Ada", NATA, "Asti"],
        [cognome, nome, NATA, "Asti"],
        ["Conti", "Ugo", NATA, "Asti"],
    ]

    codice, esito = importa(tmp_path, foglio(righe), referente, tipo="persone")

    assert (codice, list(motivi(esito))) == (1, [3])
    assert frase in motivi(esito)[3]
    assert _persone(referente) == []


def test_i_nomi_veri_entrano_come_sono_scritti(tmp_path, referente):
    nomi = [
        *(("D'Angelo", "Maria G."), ("De la Cruz-Ndiaye", "José"), ("Costa e Silva", "Ana")),
        *(("Di Nota", "Maria, Anna"), ("D’Amè", "Şükrü"), ("Media", "Ada"), ("محمد", "علي")),
    ]
    righe = [IN_DUE, *([*nome, NATA, "Asti"] for nome in nomi)]

    codice, esito = importa(tmp_path, foglio(righe), referente, tipo="persone")

    assert (codice, esito["rifiutate"]) == (0, [])
    assert [persona[:2] for persona in _persone(referente)] == nomi


def test_i_segni_che_non_si_vedono_non_fanno_un_altro_nome(tmp_path, referente):
    righe = [
        IN_DUE,
        ["Kola\u200b", "\u202eIlir", NATA, "Asti"],
        ["Ko\xadla", "Ilir", NATA, "Ovada"],
    ]

    _, esito = importa(tmp_path, foglio(righe), referente, tipo="persone")
    codice, _ = importa(tmp_path, foglio(righe[:2]), referente, tipo="persone")

    assert "uguale alla riga 2" in motivi(esito)[3]
    assert codice == 0
    assert _persone(referente) == [("Kola", "Ilir", NATA, False)]


@pytest.mark.parametrize(
    "accanto",
    [
        *("{} (12/03/1990)", "{} nato il 12/03/1990", "{} - 12/03/1990", "{}, n. 12/03/1990"),
        *("{} n. il 12/3/90", "{} 12 marzo 1990", "{}, nato ad Asti il 12/3/1990"),
        *(
            "{} (dn 12/3/90)",
            "{} 12.3.90",
            "{} nata/o il 12/3/1990",
            "{} (nato il 12/3/90 ad Asti)",
        ),
        *("{} nato a Reggio nell'Emilia (RE) il 12 mar. 1990", "{} (d.n. 1990-03-12)"),
        *("{}, data di nascita: 12/3/1990", "{} n. a Ovada, 12-3-1990", "{} 1° marzo 1990"),
    ],
)
@pytest.mark.parametrize("nome", ["Bruni Gino", "De la Cruz-Ndiaye Ana"])
def test_la_nascita_accanto_al_nome_si_legge(tmp_path, referente, accanto, nome):
    giorno = NATA.replace(day=1) if "1°" in accanto else NATA
    cognome, _, suo = nome.rpartition(" ")

    codice, esito = importa(
        tmp_path, foglio([IN_UNA, [accanto.format(nome), "Asti"]]), referente, tipo="persone"
    )

    assert (codice, esito["rifiutate"]) == (0, [])
    assert _persone(referente) == [(cognome, suo, giorno, False)]


@pytest.mark.parametrize("accanto", ["nato nel 1990", "(classe 1990)", "n. 1990"])
def test_l_anno_di_nascita_detto_accanto_al_nome_e_una_stima(tmp_path, referente, accanto):
    righe = [IN_UNA, [f"Bruni Lino {accanto}", "Asti"]]

    codice, esito = importa(tmp_path, foglio(righe), referente, tipo="persone")

    assert (codice, esito["rifiutate"]) == (0, [])
    assert _persone(referente) == [("Bruni", "Lino", datetime.date(1990, 12, 31), True)]


@pytest.mark.parametrize(
    "scritta",
    ["Bruni Nino {}", "Nino Bruni, c.f. {}", "{} Bruni Nino", "Bruni Nino (CF: {}) 12/3/90"],
)
def test_il_codice_accanto_al_nome_va_nel_codice(tmp_path, referente, scritta):
    righe = [IN_UNA, [scritta.format(CODICE), "Asti"]]

    codice, esito = importa(tmp_path, foglio(righe), referente, tipo="persone")

    assert (codice, esito["rifiutate"]) == (0, [])
    assert [persona[:2] for persona in _persone(referente)] == [("Bruni", "Nino")]
    with come(referente):
        assert Identificativo.objects.get().valore == CODICE


@pytest.mark.parametrize(
    ("scritta", "frase"),
    [
        ("Bruni Nino BRNNNI90C12A479" + ("A" if CODICE[-1] != "A" else "B"), "L'ultima lettera"),
        (CODICE, "Manca il nome"),
        ("Bruni Osvaldo e Bruni Pia", "più persone"),
        ("BRUNI OSVALDO E BRUNI PIA", "più persone"),
        ("Bruni Quinto; Bruni Rita", "più persone"),
        ("Bruni Sara / Bruni Tito", "più persone"),
        ("Bruni Sara, Bruni Tito, Conti Ada", "più persone"),
        ("Bruni Ada nata a Asti e Bruni Ugo 3/4/80", "più persone"),
        ("Bruni Ada ?", "ha il segno «?»"),
        ("12345", "non è un nome"),
        ("Bruni Lino (1990)", "ha delle cifre"),
        ("Bruni Mino 1990", "ha delle cifre"),
        ("Bruni Eva (anni 43)", "ha delle cifre"),
        ("Bruni Lia tel. 333 1234567", "ha delle cifre"),
        ("Bruni Zeno, nato ad Asti", "un totale o una nota"),
        ("Bruni Ugo (01/01/2090)", FUTURA),
        ("Bruni Ugo nato nel 2090", "nel futuro"),
        ("Bruni Ugo 31/2/1990", "un giorno che non esiste"),
        ("B" * 101, "101 caratteri"),
    ],
)
def test_cio_che_non_e_una_persona_sola_si_rifiuta(tmp_path, referente, scritta, frase):
    righe = [IN_UNA, [scritta, "Asti"], ["Conti Ada", "Asti"]]

    codice, esito = importa(tmp_path, foglio(righe), referente, tipo="persone")

    assert (codice, list(motivi(esito))) == (1, [2])
    assert frase in motivi(esito)[2]
    assert _persone(referente) == []


@pytest.mark.parametrize("nascita", [datetime.date(2090, 1, 1), 2090])
def test_la_nascita_futura_si_rifiuta_anche_nella_sua_colonna(tmp_path, referente, nascita):
    righe = [IN_DUE, ["Bruni", "Ugo", nascita, "Asti"]]

    codice, esito = importa(tmp_path, foglio(righe), referente, tipo="persone")

    assert codice == 1
    assert FUTURA in motivi(esito)[2]


@pytest.mark.parametrize(
    ("colonna", "nascita", "codice", "frase"),
    [
        ("12/3/1990", (NATA, False), 0, ""),
        ("1990", (NATA, False), 0, ""),
        ("13/3/1990", None, 1, "La data di nascita accanto al nome non è quella della colonna"),
    ],
)
def test_la_nascita_accanto_e_quella_della_colonna_sono_una(
    tmp_path, referente, colonna, nascita, codice, frase
):
    righe = [["Nominativo", "Data di nascita"], ["Bruni Ugo 12/3/1990", colonna]]

    uscita, esito = importa(tmp_path, foglio(righe), referente, tipo="persone")

    assert uscita == codice
    assert frase in motivi(esito).get(2, "")
    assert _persone(referente) == ([("Bruni", "Ugo", *nascita)] if nascita else [])


def test_due_codici_diversi_nella_stessa_riga_si_rifiutano(tmp_path, referente):
    altro = "BTALNI80C52A182C"
    righe = [["Nominativo", "CF"], [f"Bruni Nino {CODICE}", altro]]

    codice, esito = importa(tmp_path, foglio(righe), referente, tipo="persone")

    assert codice == 1
    assert "non è quello della colonna" in motivi(esito)[2]


def test_chi_l_ente_ha_gia_si_riconosce_comunque_si_chiami(tmp_path, referente):
    ServizioFactory(ente=referente.ente, nome="Ascolto")
    seguita(referente.ente, "Costa e Silva", "Ana (Anita)", NATA)
    righe = [["Persona", "Data"], ["Costa e Silva Ana (Anita) 12/3/1990", "3/2/2026"]]

    codice, esito = importa(tmp_path, foglio(righe), referente, "--servizio", "Ascolto")

    assert (codice, esito["rifiutate"]) == (0, [])


@pytest.mark.parametrize(
    ("presenti", "quanti"),
    [
        ("Bruni Ada (12/3/1990)", 1),
        ("Bruni Ada, nata/o a Asti il 12/3/1990", 1),
        ("Bruni Ada 12/3/1990, Bruni Ugo nato il 12/3/1990", 2),
        ("Bruni Ada (12/3/1990) e Bruni Ugo (12 marzo 1990)", 2),
    ],
)
def test_le_barre_della_nascita_non_dividono_persone(tmp_path, referente, presenti, quanti):
    ServizioFactory(ente=referente.ente, nome="Ascolto")
    azione = AzioneFactory()
    for nome in ("Ada", "Ugo"):
        seguita(referente.ente, "Bruni", nome, NATA, azione=azione)
    righe = [["Presenti", "Data"], [presenti, "3/2/2026"]]

    codice, esito = importa(tmp_path, foglio(righe), referente, "--servizio", "Ascolto")

    assert (codice, esito["rifiutate"]) == (0, [])
    with come(referente):
        assert Partecipazione.objects.count() == quanti


def test_una_cella_piena_di_segni_si_rifiuta_subito(tmp_path, referente):
    BeneficiarioFactory(ente=referente.ente)
    righe = [IN_UNA, ["(" * 30_000 + " 1", "Asti"], ["nato a " * 4_000 + "x", "Asti"]]

    codice, esito = importa(tmp_path, foglio(righe), referente, tipo="persone")

    assert (codice, list(motivi(esito))) == (1, [2, 3])
