"""Chi sono le persone scritte: il codice con accanto il nome o la nascita di un'altra, e perché si chiede."""

import datetime

import pytest

from enti.permessi import Ruolo
from prestazioni.azioni.importazioni import importa_subito
from prestazioni.importo.tipi import Scelte
from prestazioni.models import Partecipazione
from tests.comune.fogli.archivi import foglio
from tests.fabbriche import attore
from tests.fabbriche_persone import IdentificativoFactory, come
from tests.fabbriche_prestazioni import ServizioFactory
from tests.prestazioni.importazioni import importa, motivi, seguita


pytestmark = pytest.mark.django_db

DI_BAKARY, DI_BIANCA = "TTRBRY83H10Z313Z", "TTRBNC65L62Z313J"
BAKARY, BIANCA = datetime.date(1983, 6, 10), datetime.date(1965, 7, 22)
FEBBRAIO = datetime.date(2026, 2, 3)
NOMI = ["Cognome", "Nome", "Data di nascita", "Codice fiscale", "Data", "Servizio", "Durata"]


@pytest.fixture
def referente():
    return attore(Ruolo.REFERENTE)


@pytest.fixture(autouse=True)
def sportello(referente):
    return ServizioFactory(ente=referente.ente, nome="Sportello")


@pytest.fixture
def bakary(referente):
    persona = seguita(referente.ente, "Ouattara", "Bakary", BAKARY)
    IdentificativoFactory(beneficiario=persona, codice=DI_BAKARY)
    return persona


@pytest.fixture
def bianca(referente):
    persona = seguita(referente.ente, "Ouattara", "Bianca", BIANCA)
    IdentificativoFactory(beneficiario=persona, codice=DI_BIANCA)
    return persona


def _foglio(cognome, nome, nascita, codice) -> bytes:
    return foglio([NOMI, [cognome, nome, nascita, codice, FEBBRAIO, "Sportello", "1h"]])


def _dubbio(contenuto, referente, tipo="prestazioni", **scelte):
    """Il dubbio, uno solo, su chi è scritto nel foglio."""
    with come(referente):
        esame, _ = importa_subito(
            tipo=tipo, contenuto=contenuto, scelte=Scelte(**scelte), da=referente, prova=True
        )
    (dubbio,) = esame.dubbi
    return dubbio


def test_il_codice_di_un_parente_si_chiede_e_fra_i_candidati_ci_sono_tutti_e_due(
    tmp_path, referente, bakary, bianca
):
    scambiato = _foglio("Ouattara", "Bianca", BIANCA, DI_BAKARY)

    codice, esito = importa(tmp_path, scambiato, referente)

    assert codice == 1
    assert motivi(esito)[2].startswith("Cognome: Non si sa chi è")
    perche = {c.chiave: c.perche for c in _dubbio(scambiato, referente).candidati}
    assert set(perche) == {bakary.pk, bianca.pk}
    assert "il codice è il suo, ma il nome e la data di nascita" in perche[bakary.pk]
    assert "stessa data di nascita" in perche[bianca.pk]


def test_chi_importa_dice_chi_e_e_non_si_chiede_piu(referente, bakary, bianca):
    scambiato = _foglio("Ouattara", "Bianca", BIANCA, DI_BAKARY)
    dubbio = _dubbio(scambiato, referente)

    with come(referente):
        esame, _ = importa_subito(
            tipo="prestazioni",
            contenuto=scambiato,
            scelte=Scelte(persone={dubbio.chiave: str(bianca.uuid)}),
            da=referente,
            prova=False,
        )
        assert (esame.dubbi, esame.rifiuti) == ((), ())
        assert Partecipazione.objects.get().beneficiario == bianca


@pytest.mark.parametrize(
    ("cognome", "nome", "nascita", "perche"),
    [
        ("Ouattara", "Bakary", datetime.date(1999, 1, 1), "la data di nascita scritta è un'altra"),
        ("Ouattara", "Fatou", None, "il nome scritto è un altro"),
        ("Ouattara", "Fatou", BAKARY, "il nome scritto è un altro"),
        ("Diop", "Bakary", None, "il nome scritto è un altro"),
        ("Ouattara", "Bakaria", None, "il nome scritto è un altro"),
        ("", "Bakary", BIANCA, "la data di nascita scritta è un'altra"),
    ],
)
def test_un_codice_contraddetto_si_chiede(referente, bakary, cognome, nome, nascita, perche):
    dubbio = _dubbio(_foglio(cognome, nome, nascita, DI_BAKARY), referente)

    (candidato,) = dubbio.candidati
    assert candidato.chiave == bakary.pk
    assert perche in candidato.perche


@pytest.mark.parametrize(
    ("cognome", "nome", "nascita"),
    [
        ("Ouattara", "Bakary", None),
        ("OUATTARÀ", "bakary", BAKARY),
        ("Bakary", "Ouattara", BAKARY),
        ("Ouattara", "", None),
        ("Ouattara", "B.", None),
        ("Diop Ouattara", "Bakary", None),
        ("Ouattara", "Bakary Moussa", BAKARY),
        ("Ouatara", "Bakari", BAKARY),
        ("Ouattara", "Bakary", 1983),
        ("", "", None),
        ("", "", BAKARY),
    ],
)
def test_una_grafia_o_una_parte_che_manca_non_contraddicono_il_codice(
    tmp_path, referente, bakary, bianca, cognome, nome, nascita
):
    codice, esito = importa(tmp_path, _foglio(cognome, nome, nascita, DI_BAKARY), referente)

    assert (codice, esito["rifiutate"]) == (0, [])
    with come(referente):
        assert Partecipazione.objects.get().beneficiario == bakary


def test_una_nascita_stimata_nel_registro_non_contraddice(tmp_path, referente, bakary):
    with come(referente):
        type(bakary).objects.filter(pk=bakary.pk).update(nascita_stimata=True)

    codice, _ = importa(
        tmp_path, _foglio("Ouattara", "Bakary", datetime.date(1985, 1, 1), DI_BAKARY), referente
    )

    assert codice == 0


def test_il_nome_intero_di_un_altra_persona_si_chiede_anche_se_il_suo_lo_contiene(
    referente, bakary
):
    """«Ouattara Bakary» ha il codice; nel Registro «Ouattara Bakary Moussa» è un altro."""
    altro = seguita(referente.ente, "Ouattara", "Bakary Moussa", datetime.date(1990, 1, 1))

    dubbio = _dubbio(_foglio("Ouattara", "Bakary Moussa", None, DI_BAKARY), referente)

    assert {c.chiave for c in dubbio.candidati} == {bakary.pk, altro.pk}


def test_nell_elenco_delle_persone_il_codice_di_un_altra_si_chiede(
    tmp_path, referente, bakary, bianca
):
    """E chi risponde che è nuova sa subito che il codice è preso, invece che scrivendo."""
    contenuto = foglio([NOMI[:4], ["Ouattara", "Bianca", BIANCA, DI_BAKARY]])

    dubbio = _dubbio(contenuto, referente, tipo="persone")
    with come(referente):
        esame, _ = importa_subito(
            tipo="persone",
            contenuto=contenuto,
            scelte=Scelte(persone={dubbio.chiave: "nuova"}),
            da=referente,
            prova=True,
        )

    assert {c.chiave for c in dubbio.candidati} == {bakary.pk, bianca.pk}
    assert [r.motivo for r in esame.rifiuti] == [
        "Il codice è già di una persona dell'ente: correggilo, o scegli che è lei."
    ]


@pytest.mark.parametrize(
    ("chi", "detto"),
    [
        (
            ("Ouattara", "Bianca", None, None),
            "«Ouattara Bianca» somiglia a una persona dell'ente (stesso nome, ma nel foglio manca la"
            " data di nascita). Scrivi il codice",
        ),
        (
            ("Ouattara", "Bianca", datetime.date(1965, 7, 2), None),
            "somiglia a una persona dell'ente (stesso nome, ma un'altra data di nascita). Controlla"
            " nome e data di nascita",
        ),
        (
            ("Ouattara", "Bianca", BIANCA, "BTALNI80C52A182C"),
            "(stesso nome e stessa data di nascita, ma un altro codice). Controlla codice",
        ),
        (
            ("Rusu", "Ionela", None, DI_BIANCA),
            "(il codice è il suo, ma il nome scritto è un altro). Controlla codice, nome",
        ),
        (("Ouattara", "", None, None), "a più d'una persona dell'ente (una parte del nome)."),
    ],
)
def test_il_motivo_dice_perche_non_si_sa_chi_e(tmp_path, referente, bakary, bianca, chi, detto):
    codice, esito = importa(tmp_path, _foglio(*chi), referente)

    assert codice == 1
    assert motivi(esito)[2].startswith("Cognome: Non si sa chi è: ")
    assert detto in motivi(esito)[2]


def test_nelle_persone_il_motivo_dice_che_il_codice_e_di_un_altra(tmp_path, referente, bakary):
    contenuto = foglio([NOMI[:4], ["Prova", "Bice", datetime.date(1990, 1, 1), DI_BAKARY]])

    _, esito = importa(tmp_path, contenuto, referente, tipo="persone")

    assert (
        "il codice è il suo, ma il nome e la data di nascita scritti sono altri"
        in motivi(esito)[2]
    )
