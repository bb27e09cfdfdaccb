"""Righe che ci sono già, tutte o in parte, e persone scritte in due modi nello stesso foglio."""

import datetime

import pytest

from beneficiari.models import Beneficiario, Identificativo
from enti.permessi import Ruolo
from prestazioni.azioni.importazioni import importa_subito
from prestazioni.importo.prestazioni import CaricoPrestazioni
from prestazioni.importo.tipi import Scelte
from prestazioni.models import NotaDiPrestazione, Partecipazione, Prestazione
from tests.comune.fogli.archivi import foglio
from tests.fabbriche import attore
from tests.fabbriche_persone import AzioneFactory, come
from tests.fabbriche_prestazioni import FoglioOreFactory, ServizioFactory
from tests.prestazioni.importazioni import importa, motivi, seguita


pytestmark = pytest.mark.django_db

NASCITA = datetime.date(1980, 3, 12)
GENNAIO = datetime.date(2026, 1, 13)
FEBBRAIO = datetime.date(2026, 2, 3)
CF = "BTALNI80C52A182C"
DI_GRUPPO = ["Presenti", "Data", "Servizio", "Ore", "Ora"]
NOMI = ["Cognome", "Nome", "Data di nascita", "Data", "Servizio", "Ore"]


@pytest.fixture
def referente():
    return attore(Ruolo.REFERENTE)


@pytest.fixture
def lina(referente):
    return seguita(referente.ente, "Abate", "Lina", NASCITA)


@pytest.fixture
def sportello(referente):
    return ServizioFactory(ente=referente.ente, nome="Sportello casa")


def _riga(giorno=FEBBRAIO, servizio="Sportello casa", ore=1.5):
    return ["Abate", "Lina", NASCITA, giorno, servizio, ore]


def _firma_gennaio(referente):
    FoglioOreFactory(ente=referente.ente, operatore=referente.utente, mese=GENNAIO.replace(day=1))


def test_saltando_i_doppioni_un_mese_gia_firmato_non_ferma_le_righe_nuove(
    tmp_path, referente, lina, sportello
):
    importa(tmp_path, foglio([NOMI, _riga(GENNAIO)]), referente)
    _firma_gennaio(referente)
    anno = foglio([NOMI, _riga(GENNAIO), _riga(FEBBRAIO)])

    _, fermo = importa(tmp_path, anno, referente)
    codice, esito = importa(tmp_path, anno, referente, "--doppioni", "salta")

    assert list(motivi(fermo)) == [2]
    assert motivi(fermo)[2].startswith("È già nel Registro")
    assert (codice, esito["lette"], esito["valide"], esito["rifiutate"]) == (0, 2, 1, [])
    with come(referente):
        assert Prestazione.objects.count() == 2


def test_saltando_i_doppioni_una_riga_nuova_di_un_mese_firmato_si_rifiuta(
    tmp_path, referente, lina, sportello
):
    importa(tmp_path, foglio([NOMI, _riga(GENNAIO)]), referente)
    _firma_gennaio(referente)
    righe = [NOMI, _riga(GENNAIO), _riga(GENNAIO, ore=3)]

    codice, esito = importa(tmp_path, foglio(righe), referente, "--doppioni", "salta")

    assert (codice, list(motivi(esito))) == (1, [3])
    assert "già firmato" in motivi(esito)[3]


def test_un_doppione_con_una_cella_sbagliata_e_da_correggere_e_non_saltato(
    tmp_path, referente, lina, sportello
):
    """Altrimenti il foglio resterebbe fermo per una riga che non si vede fra quelle da correggere."""
    importa(tmp_path, foglio([NOMI, _riga()]), referente)
    contenuto = foglio([[*NOMI, "Modalità"], [*_riga(), "boh"], [*_riga(ore=3), None]])

    with come(referente):
        esame, _ = importa_subito(
            tipo="prestazioni",
            contenuto=contenuto,
            scelte=Scelte(doppioni="salta"),
            da=referente,
            prova=True,
        )

    assert (esame.righe_rifiutate, esame.saltate, esame.valide) == ({2}, (), 1)


def test_saltando_i_doppioni_un_servizio_chiuso_da_allora_non_ferma_il_foglio(
    tmp_path, referente, lina, sportello
):
    righe = [NOMI, _riga(GENNAIO, "Sportello casa")]
    importa(tmp_path, foglio(righe), referente)
    with come(referente):
        type(sportello).objects.filter(pk=sportello.pk).update(dal=FEBBRAIO)
    ServizioFactory(ente=referente.ente, nome="Ascolto")
    righe.append(_riga(FEBBRAIO, "Ascolto"))

    codice, esito = importa(tmp_path, foglio(righe), referente, "--doppioni", "salta")

    assert (codice, esito["valide"], esito["rifiutate"]) == (0, 1, [])


@pytest.mark.parametrize("codici", [(CF, None), (None, CF)])
def test_chi_ha_il_codice_in_una_riga_sola_nasce_una_volta(tmp_path, referente, sportello, codici):
    azione = AzioneFactory()
    prima, poi = codici
    righe = [
        [*NOMI, "CF"],
        [*_riga(GENNAIO), prima],
        [*_riga(FEBBRAIO), poi],
    ]
    scelte = ["--nuove-persone", "--azione", azione.slug, "--canale", "passaparola"]

    codice, esito = importa(tmp_path, foglio(righe), referente, *scelte)

    assert (codice, esito["rifiutate"]) == (0, [])
    with come(referente):
        (lina,) = Beneficiario.objects.per_nome()
        assert Identificativo.objects.get().beneficiario == lina
        assert Partecipazione.objects.filter(beneficiario=lina).count() == 2


def test_nell_elenco_delle_persone_la_riga_senza_codice_saltata_non_nasce(tmp_path, referente):
    nomi = ["Cognome", "Nome", "Data di nascita", "Codice fiscale"]
    righe = [nomi, ["Abate", "Lina", NASCITA, None], ["ABATE", "Lina", NASCITA, CF]]

    codice, esito = importa(
        tmp_path, foglio(righe), referente, "--doppioni", "salta", tipo="persone"
    )

    assert (codice, esito["valide"]) == (0, 1)
    with come(referente):
        assert Beneficiario.objects.count() == 1
        assert Identificativo.objects.count() == 1


def test_un_gruppo_di_cui_solo_qualcuno_e_gia_registrato_non_e_un_doppione(
    tmp_path, referente, sportello
):
    azione = AzioneFactory()
    for cognome in ("Rossi", "Bianchi", "Verdi"):
        seguita(referente.ente, cognome, "Ada", azione=azione)
    una = [DI_GRUPPO, ["Rossi Ada", FEBBRAIO, "Sportello casa", 2, None]]
    tre = [DI_GRUPPO, ["Rossi Ada, Bianchi Ada e Verdi Ada", FEBBRAIO, "Sportello casa", 2, None]]
    importa(tmp_path, foglio(una), referente, "--nomi-unici")

    codice, esito = importa(
        tmp_path, foglio(tre), referente, "--nomi-unici", "--doppioni", "salta"
    )
    lo_stesso, _ = importa(
        tmp_path, foglio(tre), referente, "--nomi-unici", "--in-parte", "carica"
    )
    _, ripetuto = importa(tmp_path, foglio(tre), referente, "--nomi-unici")

    assert codice == 1
    assert motivi(esito)[2].startswith("Rossi Ada è già nel Registro")
    assert "Bianchi" not in motivi(esito)[2]
    assert lo_stesso == 0
    assert motivi(ripetuto)[2].startswith("È già nel Registro")


def test_la_stessa_cosa_a_un_altra_ora_non_e_un_doppione(tmp_path, referente, lina, sportello):
    def _alle(ora):
        return foglio([DI_GRUPPO, ["Abate Lina", FEBBRAIO, "Sportello casa", 1, ora]])

    importa(tmp_path, _alle("9:00"), referente, "--nomi-unici")

    codice, _ = importa(tmp_path, _alle("15:00"), referente, "--nomi-unici")
    _, ripetuto = importa(tmp_path, _alle("15:00"), referente, "--nomi-unici")

    assert codice == 0
    assert "È già nel Registro" in motivi(ripetuto)[2]


def test_la_stessa_persona_scritta_in_due_modi_nella_riga_e_presente_una_volta(
    tmp_path, referente, lina, sportello
):
    righe = [
        ["Presenti", "Data", "Servizio", "Ore", "Note"],
        ["Abate Lina (12.3.1980); ABATE LINA", FEBBRAIO, "Sportello casa", 1, "Torna a marzo."],
    ]

    codice, esito = importa(tmp_path, foglio(righe), referente, "--nomi-unici")

    assert (codice, esito["rifiutate"]) == (0, [])
    with come(referente):
        assert Partecipazione.objects.get().beneficiario == lina
        assert NotaDiPrestazione.objects.count() == 1


def test_una_regola_del_database_violata_scrivendo_si_dice_con_la_sua_frase(
    tmp_path, referente, lina, sportello, monkeypatch
):
    intera = CaricoPrestazioni.scrivi

    def con(minuti):
        def scrivi(self, banco, importazione):
            banco.esegui("UPDATE importo_riga SET minuti = %(minuti)s::int", minuti=minuti)
            return intera(self, banco, importazione)

        return scrivi

    monkeypatch.setattr(CaricoPrestazioni, "scrivi", con(-1))
    codice, esito = importa(tmp_path, foglio([NOMI, _riga()]), referente)
    monkeypatch.setattr(CaricoPrestazioni, "scrivi", con(99_999))
    guasto, altro = importa(tmp_path, foglio([NOMI, _riga()]), referente)

    assert (codice, esito["importazione"]) == (1, None)
    assert "La durata va da" in motivi(esito)[None]
    assert (guasto, altro["importazione"]) == (1, None)
    assert "non accetta una delle righe" in motivi(altro)[None]
    with come(referente):
        assert not Prestazione.objects.exists()


def _alle(*ore, quanto=1):
    righe = [["Abate Lina", FEBBRAIO, "Sportello casa", quanto, ora] for ora in ore]
    return foglio([DI_GRUPPO, *righe])


@pytest.mark.parametrize(("prima", "poi"), [("9:00", None), (None, "9:00")])
def test_l_ora_che_manca_da_una_parte_non_fa_due_prestazioni(
    tmp_path, referente, lina, sportello, prima, poi
):
    importa(tmp_path, _alle(prima), referente, "--nomi-unici")

    codice, esito = importa(tmp_path, _alle(poi), referente, "--nomi-unici")

    assert codice == 1
    assert "È già nel Registro" in motivi(esito)[2]


@pytest.mark.parametrize(("prima", "poi"), [("9:00", None), (None, "9:00")])
def test_persone_senza_nome_l_ora_che_manca_non_fa_due_prestazioni(
    tmp_path, referente, prima, poi
):
    ServizioFactory(ente=referente.ente, nome="Docce", bassa_soglia=True)
    nomi = ["Persone senza nome", "Data", "Servizio", "Ora", "Azione"]
    azione = AzioneFactory().slug

    def _docce(ora):
        return foglio([nomi, [12, FEBBRAIO, "Docce", ora, azione]])

    caricato, _ = importa(tmp_path, _docce(prima), referente)
    codice, esito = importa(tmp_path, _docce(poi), referente)

    assert (caricato, codice) == (0, 1)
    assert "È già nel Registro" in motivi(esito)[2]


@pytest.mark.parametrize(
    ("ore", "ripetute"),
    [
        (("9:00", None), {3: 2}),
        ((None, "9:00"), {3: 2}),
        (("9:00", "15:00", None), {4: 2}),
        ((None, "9:00", "15:00"), {3: 2, 4: 2}),
        (("9:00", "15:00", "9:00"), {4: 2}),
    ],
)
def test_nello_stesso_foglio_l_ora_che_manca_non_fa_due_prestazioni(
    tmp_path, referente, lina, sportello, ore, ripetute
):
    _, esito = importa(tmp_path, _alle(*ore), referente, "--nomi-unici", "--prova")

    perche = motivi(esito)
    assert set(perche) == set(ripetute)
    for riga, prima in ripetute.items():
        assert f"uguale alla riga {prima}:" in perche[riga]


@pytest.mark.parametrize(
    ("prima", "poi", "detto"),
    [
        ("Rossi Ada, Bianchi Ada", "Rossi Ada", "Rossi Ada è già nella riga 2"),
        ("Rossi Ada", "Rossi Ada, Bianchi Ada", "Rossi Ada è già nella riga 2"),
        ("Rossi Ada, Verdi Ada", "Bianchi Ada; Verdi Ada", "Verdi Ada è già nella riga 2"),
        (
            "Rossi Ada, Bianchi Ada",
            "Rossi Ada, Bianchi Ada e Verdi Ada",
            "Rossi Ada, Bianchi Ada sono già nella riga 2",
        ),
        ("Rossi Ada, Bianchi Ada", "Bianchi Ada, Rossi Ada", "La riga è uguale alla riga 2"),
    ],
)
def test_chi_e_gia_in_un_altra_riga_del_foglio_si_dice(
    tmp_path, referente, sportello, prima, poi, detto
):
    azione = AzioneFactory()
    for cognome in ("Rossi", "Bianchi", "Verdi"):
        seguita(referente.ente, cognome, "Ada", azione=azione)
    due = foglio(
        [DI_GRUPPO, *([chi, FEBBRAIO, "Sportello casa", 2, None] for chi in (prima, poi))]
    )

    _, esito = importa(tmp_path, due, referente, "--nomi-unici", "--prova")
    scelta = "--doppioni" if "uguale alla riga" in detto else "--in-parte"
    codice, saltata = importa(tmp_path, due, referente, "--nomi-unici", scelta, "salta")

    assert list(motivi(esito)) == [3]
    assert motivi(esito)[3].startswith(detto)
    assert (codice, saltata["valide"]) == (0, 1)


def test_in_parte_con_due_righe_diverse_si_dicono_tutte_e_due(tmp_path, referente, sportello):
    azione = AzioneFactory()
    for cognome in ("Rossi", "Bianchi"):
        seguita(referente.ente, cognome, "Ada", azione=azione)
    tre = [["Rossi Ada"], ["Bianchi Ada"], ["Rossi Ada, Bianchi Ada"]]
    righe = [DI_GRUPPO, *([*chi, FEBBRAIO, "Sportello casa", 2, None] for chi in tre)]

    codice, esito = importa(tmp_path, foglio(righe), referente, "--nomi-unici")
    lo_stesso, _ = importa(
        tmp_path, foglio(righe), referente, "--nomi-unici", "--in-parte", "carica"
    )

    assert (codice, list(motivi(esito))) == (1, [4])
    assert "Rossi Ada è già nella riga 2" in motivi(esito)[4]
    assert "Bianchi Ada è già nella riga 3" in motivi(esito)[4]
    assert lo_stesso == 0


def test_persone_diverse_o_un_altra_durata_non_sono_doppie_in_parte(
    tmp_path, referente, sportello
):
    azione = AzioneFactory()
    for cognome in ("Rossi", "Bianchi", "Verdi"):
        seguita(referente.ente, cognome, "Ada", azione=azione)
    righe = [
        DI_GRUPPO,
        ["Rossi Ada, Bianchi Ada", FEBBRAIO, "Sportello casa", 2, None],
        ["Rossi Ada", FEBBRAIO, "Sportello casa", 1, None],
        ["Verdi Ada", FEBBRAIO, "Sportello casa", 2, None],
        ["Bianchi Ada", GENNAIO, "Sportello casa", 2, None],
    ]

    codice, esito = importa(tmp_path, foglio(righe), referente, "--nomi-unici")

    assert (codice, esito["rifiutate"]) == (0, [])


def test_due_righe_rifiutate_per_valori_diversi_non_si_dicono_uguali(
    tmp_path, referente, lina, sportello
):
    righe = [NOMI, _riga(ore="0 h"), _riga(ore="25h"), _riga(ore=None), _riga(ore=None)]

    _, esito = importa(tmp_path, foglio(righe), referente)

    perche = motivi(esito)
    assert list(perche) == [2, 3, 5]
    assert "uguale" not in perche[2] + perche[3]
    assert "uguale alla riga 4:" in perche[5]


@pytest.mark.parametrize(
    ("note", "scritte"),
    [(("Chiama il CAF.", "Ha richiamato."), 2), (("Chiama il CAF.", "Chiama il CAF."), 1)],
)
def test_due_righe_con_note_diverse_non_sono_la_stessa(
    tmp_path, referente, lina, sportello, note, scritte
):
    righe = [[*NOMI, "Note"], *([*_riga(), nota] for nota in note)]

    codice, _ = importa(tmp_path, foglio(righe), referente, "--doppioni", "salta")

    assert codice == 0
    with come(referente):
        assert NotaDiPrestazione.objects.count() == scritte
