"""I fogli di persone, casi ed esiti dal comando."""

import datetime

import pytest

from beneficiari.models import Beneficiario, Identificativo, PresaInCarico, Recapito
from enti.permessi import Ruolo
from prestazioni.models import Esito, RigaImportata
from tests.comune.fogli.archivi import foglio
from tests.fabbriche import attore
from tests.fabbriche_persone import (
    AzioneFactory,
    BeneficiarioFactory,
    IdentificativoFactory,
    PresaInCaricoFactory,
    TipoDiChiusuraFactory,
    come,
)
from tests.fabbriche_prestazioni import TipoDiEsitoFactory
from tests.prestazioni.importazioni import APERTA, importa, motivi, seguita


pytestmark = pytest.mark.django_db

CF = "BTALNI80C52A182C"
NASCITA = datetime.date(1980, 3, 12)
PERSONE = ["Cognome", "Nome", "Nato il", "CF", "Sesso", "Cittadinanza", "Comune", "Cell.", "Mail"]
CASI = ["Cognome e nome", "Data di nascita", "Azione", "Canale", "Data apertura"]


@pytest.fixture
def referente():
    return attore(Ruolo.REFERENTE)


def test_una_persona_entra_con_codice_cifrato_e_recapiti(tmp_path, referente):
    righe = [
        ["ELENCO UTENTI 2026"],
        PERSONE,
        [
            *("Abate", "Lina", "12/03/1980", CF, "F", "Marocchina", "Ovada"),
            *(3331234567, "lina@posta.example"),
        ],
        ["D'Amè", "Omar", 1975, None, "maschio", "Italia / Marocco", None, None, None],
    ]

    codice, esito = importa(tmp_path, foglio(righe), referente, tipo="persone")

    assert (codice, esito["lette"], esito["rifiutate"]) == (0, 2, [])
    with come(referente):
        lina, omar = Beneficiario.objects.per_nome()
        assert (lina.come_si_chiama, lina.data_nascita, lina.genere) == (
            "Abate Lina",
            NASCITA,
            "F",
        )
        assert (lina.cittadinanze, lina.comune, lina.inserito_da) == (
            ["MA"],
            "Ovada",
            referente.utente,
        )
        assert (omar.data_nascita, omar.nascita_stimata) == (datetime.date(1975, 12, 31), True)
        assert (omar.cittadinanze, omar.nome_cercato) == (["IT", "MA"], "d'ame omar")
        identificativo = Identificativo.objects.get()
        assert identificativo.valore == CF
        assert CF.encode() not in bytes(identificativo.valore_cifrato)
        assert {r.valore for r in Recapito.objects.all()} == {"3331234567", "lina@posta.example"}
        assert RigaImportata.objects.count() == 5


def test_chi_c_e_gia_si_dice_e_si_puo_saltare(tmp_path, referente):
    IdentificativoFactory(
        beneficiario=BeneficiarioFactory(ente=referente.ente, cognome="Abate", nome="Lina"),
        codice=CF,
    )
    righe = [["Cognome", "Nome", "CF"], ["Abate", "Lina", CF], ["Brusa", "Omar", None]]

    codice, esito = importa(tmp_path, foglio(righe), referente, tipo="persone")
    saltando, altro = importa(
        tmp_path, foglio(righe), referente, "--doppioni", "salta", tipo="persone"
    )

    assert (codice, list(motivi(esito))) == (1, [2])
    assert "già fra le persone dell'ente" in motivi(esito)[2]
    assert (saltando, altro["valide"]) == (0, 1)


def test_la_persona_di_un_altro_ente_si_inserisce_e_non_se_ne_sa_niente(tmp_path, referente):
    IdentificativoFactory(
        beneficiario=BeneficiarioFactory(cognome="Abate", nome="Lina", data_nascita=NASCITA),
        codice=CF,
    )
    righe = [["Cognome", "Nome", "Data di nascita", "CF"], ["Abate", "Lina", NASCITA, CF]]

    codice, esito = importa(tmp_path, foglio(righe), referente, tipo="persone")

    assert (codice, esito["rifiutate"]) == (0, [])


@pytest.mark.parametrize(
    ("riga", "frase"),
    [
        (["Abate", "Lina", NASCITA, None], "È già fra le persone"),
        (["Abate", "Lina", None, None], "Non si sa chi è"),
        (["Abbate", "Lina", NASCITA, None], "Non si sa chi è"),
        (["Abate", "Lina", datetime.date(2090, 1, 1), None], "nel futuro"),
        (["Brusa", "Omar", None, "ABC"], "Il codice fiscale ha 16 caratteri"),
        ([None, None, NASCITA, CF], "Manca il nome"),
    ],
)
def test_una_persona_in_dubbio_o_sbagliata_si_rifiuta(tmp_path, referente, riga, frase):
    BeneficiarioFactory(ente=referente.ente, cognome="Abate", nome="Lina", data_nascita=NASCITA)
    nomi = ["Cognome", "Nome", "Data di nascita", "Codice fiscale"]

    codice, esito = importa(tmp_path, foglio([nomi, riga]), referente, tipo="persone")

    assert codice == 1
    assert frase in motivi(esito)[2]
    with come(referente):
        assert Beneficiario.objects.count() == 1


def test_la_stessa_persona_due_volte_e_lo_stesso_codice_con_due_nomi(tmp_path, referente):
    nomi = ["Cognome", "Nome", "Data di nascita", "Codice fiscale"]
    righe = [
        nomi,
        ["Abate", "Lina", NASCITA, CF],
        ["ABATE", "Lina", NASCITA, None],
        ["Conti", "Ada", None, CF],
    ]

    _, esito = importa(tmp_path, foglio(righe), referente, tipo="persone")

    assert "uguale alla riga 2" in motivi(esito)[3]
    assert "Lo stesso codice è alla riga 2" in motivi(esito)[4]


def test_cognome_e_nome_in_una_colonna_li_divide_il_codice(tmp_path, referente):
    righe = [["Nominativo", "C.F."], ["Lina Abate", CF], ["De Luca Anna Maria", None]]

    codice, esito = importa(tmp_path, foglio(righe), referente, tipo="persone")

    assert (codice, esito["rifiutate"]) == (0, [])
    with come(referente):
        assert [(p.cognome, p.nome) for p in Beneficiario.objects.per_nome()] == [
            ("Abate", "Lina"),
            ("De Luca", "Anna Maria"),
        ]


def test_i_casi_aperti_e_chiusi_entrano_e_affidano_la_persona(tmp_path, referente):
    azione = AzioneFactory(titolo="Casa subito")
    lina = BeneficiarioFactory(
        ente=referente.ente, cognome="Abate", nome="Lina", data_nascita=NASCITA
    )
    TipoDiChiusuraFactory()
    righe = [
        [*CASI, "Data chiusura", "Esito"],
        ["Abate Lina", NASCITA, "casa subito", "Caritas", "3/2/2025", "3/4/2025", "OBI"],
        ["Lina Abate", NASCITA, "casa subito", "passaparola", "3/2/2026", None, None],
    ]

    codice, esito = importa(tmp_path, foglio(righe), referente, tipo="casi")

    assert (codice, esito["rifiutate"]) == (0, [])
    with come(referente):
        aperta, chiusa = PresaInCarico.objects.per_apertura()
        assert (chiusa.canale, chiusa.chiusa_il) == ("altri-ets", datetime.date(2025, 4, 3))
        assert (aperta.beneficiario, aperta.azione, aperta.operatore) == (
            lina,
            azione,
            referente.utente,
        )
        assert aperta.beneficiario.affidamenti.count() == 1


@pytest.mark.parametrize(
    ("altre", "frase"),
    [
        ({"Azione": "Casa subito"}, "già una presa in carico aperta"),
        ({"Azione": "Che non c'è"}, "non è un'azione che si riconosce"),
        ({"Azione": None}, "Non si sa per quale azione"),
        ({"Canale": None}, "Manca come è arrivata"),
        ({"Data apertura": "3/2/2090"}, "nel futuro"),
        ({"Data apertura": None}, "Manca la data di apertura"),
        ({"Data chiusura": "1/1/2020"}, "La chiusura non può precedere"),
        ({"Data chiusura": "1/3/2026"}, "si chiude con una data e un esito"),
        ({"Cognome e nome": "Conti Ada"}, "non è fra le persone dell'ente"),
    ],
)
def test_ogni_caso_sbagliato_ha_la_sua_frase(tmp_path, referente, altre, frase):
    seguita(referente.ente, "Abate", "Lina", azione=AzioneFactory(titolo="Casa subito"))
    AzioneFactory(titolo="Lavoro")
    giusta = ["Abate Lina", NASCITA, "Lavoro", "passaparola", "3/2/2026", None]
    nomi = [*CASI, "Data chiusura"]
    riga = list((dict(zip(nomi, giusta, strict=True)) | altre).values())

    codice, esito = importa(tmp_path, foglio([nomi, riga]), referente, tipo="casi")

    assert codice == 1
    assert frase in motivi(esito)[2]


def test_gli_esiti_entrano_anche_dopo_la_chiusura(tmp_path, referente):
    lina = BeneficiarioFactory(
        ente=referente.ente, cognome="Abate", nome="Lina", data_nascita=NASCITA
    )
    presa = PresaInCaricoFactory(
        beneficiario=lina,
        aperta_il=APERTA,
        chiusa_il=datetime.date(2025, 1, 1),
        esito=TipoDiChiusuraFactory(),
    )
    TipoDiEsitoFactory(codice="L_OCC6", nome="Ha ancora un lavoro")
    nomi = ["Nominativo", "Data di nascita", "Esito", "Data", "Presso", "Importo"]
    righe = [
        nomi,
        ["Abate Lina", NASCITA, "l_occ6", "1/7/2025", "Panificio inventato", "1.200,50"],
        ["Abate Lina", NASCITA, "Boh", "1/7/2025", None, None],
    ]

    _, rifiutato = importa(tmp_path, foglio(righe), referente, tipo="esiti")
    codice, esito = importa(tmp_path, foglio(righe[:2]), referente, tipo="esiti")
    _, ripetuto = importa(tmp_path, foglio(righe[:2]), referente, tipo="esiti")

    assert "non è un esito che si riconosce" in motivi(rifiutato)[3]
    assert (codice, esito["rifiutate"]) == (0, [])
    assert "già registrato" in motivi(ripetuto)[2]
    with come(referente):
        scritto = Esito.objects.get()
        assert (scritto.presa, scritto.nome_ospitante, str(scritto.importo)) == (
            presa,
            "Panificio inventato",
            "1200.50",
        )
