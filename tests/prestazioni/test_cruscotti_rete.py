"""I numeri della rete: chi li vede, quanto sono arrotondati, come si tengono aggiornati.

Che siano giusti, in mondi a caso, lo prova tests/fughe/test_cruscotti.py.
"""

import datetime

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.urls import reverse
from django.utils import timezone
from stdnum.it.codicefiscale import calc_check_digit

from assi.models import Azione
from beneficiari import collegamenti
from beneficiari.models import PresaInCarico
from enti.models import Ente
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from prestazioni.azioni.importazioni import annulla
from prestazioni.forms.cruscotti import PERIODI, FiltriDiReteForm
from prestazioni.models import Importazione
from prestazioni.sguardi.definizioni import DELLA_RETE
from prestazioni.sguardi.rete import (
    Ambito,
    bisogni_di_rete,
    casi_di_rete,
    freschezza,
    periodi_soliti,
    prepara,
    ricalcola,
    righe_di_rete,
)
from prestazioni.views.cruscotto_rete import TAVOLE
from privacy.letture import registra_letture
from registro.celery import applicazione
from tests.comune.fogli.archivi import foglio
from tests.fabbriche import EnteFactory, NodoFactory, attore
from tests.fabbriche_persone import (
    AsseFactory,
    AzioneFactory,
    BisognoRilevatoFactory,
    PresaInCaricoFactory,
    come,
)
from tests.fabbriche_prestazioni import (
    PartecipazioneFactory,
    PrestazioneFactory,
    ServizioFactory,
)
from tests.interrogazioni import al_massimo
from tests.prestazioni.importazioni import importa


pytestmark = pytest.mark.django_db

ANNO = Ambito(datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))
MARZO = datetime.date(2026, 3, 10)
TABELLE = ("cambio", "stato", "cella", "chiave", "presenza", "risposta", "conto", "da_rifare")
UN_MESE = Ambito(MARZO, MARZO)


@pytest.fixture
def asti(db):
    return EnteFactory(denominazione="Cooperativa di Asti", nodo=NodoFactory(slug="asti"))


@pytest.fixture
def coordina(asti):
    return attore(Ruolo.COORDINATORE, nodo=asti.nodo)


def _presenze(ente, quante: int, giorno=MARZO, **prestazione):
    azione = AzioneFactory()
    for _ in range(quante):
        presa = PresaInCaricoFactory(beneficiario__ente=ente, azione=azione)
        dati = {"giorno": giorno, **prestazione}
        PartecipazioneFactory(
            presa=presa, **{f"prestazione__{nome}": valore for nome, valore in dati.items()}
        )
    return azione


def _pagina(client, chi, nome="cruscotto_rete", *argomenti, **filtri):
    filtri = {"periodo": "tutto", **filtri}
    return client.entra(chi).get(reverse(f"prestazioni:{nome}", args=argomenti), filtri)


def test_le_persone_si_arrotondano_e_le_prestazioni_no(asti, coordina):
    _presenze(asti, 4)

    assert ricalcola() == 1

    with come(coordina):
        (riga,) = righe_di_rete("totale", ANNO)
        assert (riga.prestazioni, riga.persone, riga.minuti) == (4, 5, 120)
        assert (riga.senza_codice, casi_di_rete("totale", ANNO)) == (5, {0: 5})
        assert [voce.mese for voce in righe_di_rete("mese", ANNO)] == [MARZO.replace(day=1)]


def test_il_nodo_segue_l_ente_e_chi_ne_coordina_un_altro_non_vede_niente(asti):
    _presenze(asti, 4)
    BisognoRilevatoFactory(beneficiario__ente=asti, rilevato_il=MARZO)
    ricalcola()

    with come(attore(Ruolo.COORDINATORE, nodo=NodoFactory())):
        risposte = (
            righe_di_rete("ente", ANNO),
            casi_di_rete("ente", ANNO),
            bisogni_di_rete(ANNO),
            righe_di_rete("totale", Ambito(ANNO.dal, ANNO.al, ente=asti)),
            righe_di_rete("totale", Ambito(ANNO.dal, ANNO.al, nodo=asti.nodo)),
        )

    assert risposte == ([], {}, {}, [], [])


@pytest.mark.parametrize(
    "ruolo", [Ruolo.OPERATORE, Ruolo.REFERENTE, Ruolo.INVIANTE, Ruolo.GARANTE]
)
def test_chi_non_coordina_non_ha_risposta_nemmeno_per_il_proprio_ente(asti, ruolo):
    _presenze(asti, 4)
    ricalcola()

    with come(attore(ruolo, ente=asti)):
        assert righe_di_rete("ente", ANNO) == []
        assert (casi_di_rete("ente", ANNO), bisogni_di_rete(ANNO)) == ({}, {})
        assert freschezza() is None
        with connection.cursor() as cursore:
            cursore.execute("SELECT registro_ricalcola_cruscotti(true)")
            assert cursore.fetchone() == (0,)


def test_chi_non_dice_chi_e_non_ha_risposta(connessione_nuda):
    chieste = (
        "SELECT * FROM registro_cruscotto_rete('totale', '2020-01-01', '2026-01-01', NULL, NULL, NULL, NULL)",
        "SELECT * FROM registro_cruscotto_casi('totale', '2026-01-01', NULL, NULL, NULL, NULL)",
        "SELECT * FROM registro_cruscotto_bisogni('2020-01-01', '2026-01-01', NULL, NULL, NULL, NULL)",
        "SELECT * FROM registro_cruscotto_stato()",
    )

    risposte = [connessione_nuda.execute(domanda).fetchall() for domanda in chieste]

    assert risposte == [[]] * 4


@pytest.mark.parametrize("tabella", TABELLE)
@pytest.mark.parametrize("gesto", ["SELECT * FROM", "DELETE FROM"])
def test_le_tabelle_non_si_leggono_e_non_si_scrivono(tabella, gesto):
    with (
        come_sistema(),
        connection.cursor() as cursore,
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        cursore.execute(" ".join((gesto, f"cruscotti_{tabella}")))


def _pronte(chi, per="totale") -> list:
    """Ciò che la rete risponde del mese dopo averlo preparato, e non prima di averlo preparato."""
    mese = [(MARZO.replace(day=1), MARZO.replace(day=1))]
    ricalcola()
    prepara(mese)
    assert prepara(mese) == 0
    with come(chi):
        return righe_di_rete(per, UN_MESE)


def test_una_risposta_pronta_e_quella_che_si_conterebbe_adesso(asti, coordina):
    _presenze(asti, 4)
    _presenze(EnteFactory(nodo=NodoFactory()), 8)
    ricalcola()
    amministra = attore(Ruolo.AMMINISTRATORE)
    attese = {}
    for chi in (coordina, amministra):
        with come(chi):
            attese[chi] = {per: righe_di_rete(per, UN_MESE) for per in ("totale", "nodo", "ente")}

    for chi in (coordina, amministra):
        assert {per: _pronte(chi, per) for per in attese[chi]} == attese[chi]
    assert [riga.persone for riga in attese[coordina]["totale"]] == [5]
    assert [riga.persone for riga in attese[amministra]["totale"]] == [10]


def test_una_risposta_pronta_cade_quando_cambia_il_mese(asti, coordina):
    _presenze(asti, 4)
    assert [riga.prestazioni for riga in _pronte(coordina)] == [4]

    _presenze(asti, 1)
    ricalcola()

    with come(coordina):
        assert [riga.prestazioni for riga in righe_di_rete("totale", UN_MESE)] == [5]


def test_una_risposta_pronta_cade_quando_due_righe_diventano_una_persona(asti, coordina):
    """Nessun mese è cambiato: è cambiato chi è chi."""
    _presenze(asti, 3)
    assert [riga.persone for riga in _pronte(coordina)] == [5]

    with come_sistema(asti):
        for presa in PresaInCarico.objects.filter(ente=asti).select_related("beneficiario")[:2]:
            collegamenti.etichetta(presa.beneficiario, codice="RSSMRA80A01A182X")
    ricalcola()

    with come(coordina):
        assert [riga.persone for riga in righe_di_rete("totale", UN_MESE)] == [0]


def test_una_risposta_pronta_cade_quando_un_ente_cambia_nodo(asti, coordina):
    _presenze(asti, 4)
    assert [riga.prestazioni for riga in _pronte(coordina)] == [4]

    with come_sistema():
        Ente.objects.filter(pk=asti.pk).update(nodo=NodoFactory())

    with come(coordina):
        assert righe_di_rete("totale", UN_MESE) == []


@pytest.mark.parametrize(
    "gesto",
    [
        "UPDATE enti_ente SET nodo_id = nodo_id WHERE false",
        "UPDATE enti_ente SET nodo_id = nodo_id",
        "UPDATE assi_azione SET asse_id = asse_id",
        "UPDATE enti_ente SET sigla = sigla",
    ],
)
def test_un_istruzione_che_non_cambia_niente_non_butta_le_risposte(asti, coordina, gesto):
    """O chiunque scriva, ripetendola, farebbe ricontare tutto senza fine."""
    _presenze(asti, 4)
    _pronte(coordina)

    with come_sistema(), connection.cursor() as cursore:
        cursore.execute(gesto)

    assert prepara([(MARZO.replace(day=1), MARZO.replace(day=1))]) == 0


def test_una_risposta_pronta_cade_quando_un_azione_cambia_asse(asti, coordina):
    azione, altro = _presenze(asti, 4), AsseFactory()
    assert [riga.voce for riga in _pronte(coordina, "asse")] == [azione.asse_id]

    with come_sistema():
        Azione.objects.filter(pk=azione.pk).update(asse=altro)

    with come(coordina):
        assert [riga.voce for riga in righe_di_rete("asse", UN_MESE)] == [altro.pk]


def test_ogni_periodo_del_menu_ha_una_risposta_pronta(db):
    oggi = datetime.date(2026, 5, 20)
    for nome, _ in PERIODI:
        filtri = FiltriDiReteForm({"periodo": nome}, attore=attore(Ruolo.AMMINISTRATORE))
        ambito = filtri.ambito(oggi)
        chiesto = (ambito.dal.replace(day=1), ambito.al.replace(day=1))
        assert chiesto in periodi_soliti(oggi), nome


def test_prepararle_ha_un_tempo_e_riprende_da_dove_era(asti):
    _presenze(asti, 1)
    ricalcola()

    assert prepara(periodi_soliti(MARZO), entro=0) == 0
    assert prepara([(MARZO.replace(day=1), MARZO.replace(day=1))]) > 0


def test_prima_del_ricalcolo_la_pagina_dice_quanto_aspetta(client, asti, coordina):
    _presenze(asti, 4)
    ricalcola()
    _presenze(asti, 1, giorno=datetime.date(2026, 4, 2))

    testo = _pagina(client, coordina).content.decode()

    assert "Numeri aggiornati il" in testo
    assert "1\N{NO-BREAK SPACE}mese di un ente è cambiato e aspetta" in testo
    with come(coordina):
        assert righe_di_rete("totale", ANNO)[0].prestazioni == 4
    assert ricalcola() == 1
    with come(coordina):
        assert righe_di_rete("totale", ANNO)[0].prestazioni == 5
        assert freschezza().in_attesa == 0


def test_la_prima_volta_si_calcola_tutto_poi_solo_cio_che_cambia(asti):
    _presenze(asti, 1)
    _presenze(asti, 1, giorno=datetime.date(2026, 2, 2))

    volte = [ricalcola(), ricalcola(), ricalcola(tutto=True)]

    assert volte == [2, 0, 2]


@pytest.mark.parametrize("per", ["totale", "nodo", "ente", "azione", "mese"])
def test_chi_era_nato_da_un_importazione_annullata_non_resta_nei_numeri(
    tmp_path, asti, coordina, per
):
    """Aveva un codice: l'annullo le toglie anche l'etichetta, e con essa la chiave."""
    azione = _presenze(asti, 5)
    prima = _dopo_il_ricalcolo(coordina, per)
    referente = attore(Ruolo.REFERENTE, ente=asti)
    _importa_dieci(tmp_path, referente, azione)
    assert [riga.persone for riga in _dopo_il_ricalcolo(coordina, per)] == [15]

    with come(referente), registra_letture("prova"):
        annulla(importazione=Importazione.objects.get(), da=referente)

    assert _dopo_il_ricalcolo(coordina, per) == prima
    assert [riga.persone for riga in prima] == [5]


def _dopo_il_ricalcolo(chi, per):
    ricalcola()
    with come(chi):
        return righe_di_rete(per, ANNO)


def _importa_dieci(tmp_path, referente, azione) -> None:
    """Dieci persone nuove, ognuna col suo codice, presenti in marzo per quell'azione."""
    ServizioFactory(ente=referente.ente, nome="Sportello casa")
    righe = [["Cognome", "Nome", "Nato il", "Codice fiscale", "Data", "Servizio"]]
    for numero in range(10):
        codice = f"RSSMRA8{numero}A01A182"
        chi = [f"Rossi{'abcdefghij'[numero]}", "Mara", datetime.date(1980 + numero, 1, 1)]
        righe.append([*chi, codice + calc_check_digit(codice), MARZO, "Sportello casa"])
    scelte = ["--nuove-persone", "--azione", azione.slug, "--canale", "passaparola"]
    codice, esito = importa(tmp_path, foglio(righe), referente, *scelte)
    assert (codice, esito["rifiutate"]) == (0, [])


def test_il_comando_dice_quanti_mesi_ha_ricalcolato(asti, capsys):
    _presenze(asti, 1)

    call_command("ricalcola_cruscotti", "--tutto")

    assert "1\N{NO-BREAK SPACE}mese di un ente ricalcolato." in capsys.readouterr().out


def test_il_lavoro_e_a_orario():
    applicazione.loader.import_default_modules()
    voce = applicazione.conf.beat_schedule["ricalcola-cruscotti"]

    assert voce["task"] in applicazione.tasks


def test_la_pagina_non_scrive_mai_un_conto_esatto_di_persone(client, asti, coordina):
    azione = _presenze(asti, 7)
    ricalcola()

    pagina = _pagina(client, coordina)

    tavole = {tavola.slug: tavola for tavola in pagina.context["tavole"]}
    assert set(tavole) == {"mese", "nodo", "asse", "azione", "ente"}
    (riga,) = tavole["azione"].mostrate
    assert riga == (azione.titolo, 7, riga[2], 0, 5, 5, "0–2", 5)
    assert pagina.context["numeri"].persone == 5


def test_un_conto_piccolo_si_legge_meno_di_tre(client, asti, coordina):
    _presenze(asti, 2)
    ricalcola()

    testo = _pagina(client, coordina).content.decode()

    assert "meno di 3" in testo
    assert "circa</span>" not in testo


def test_nessun_nome_di_persona_nella_pagina_e_nei_fogli(client, asti, coordina):
    presa = PresaInCaricoFactory(beneficiario__ente=asti, beneficiario__cognome="Zqwxname")
    PartecipazioneFactory(presa=presa, prestazione__giorno=MARZO)
    ricalcola()

    usciti = [
        _pagina(client, coordina),
        _pagina(client, coordina, "cruscotto_rete_csv", "ente"),
        _pagina(client, coordina, "cruscotto_rete_disegno", "mese"),
    ]

    assert all(b"Zqwxname" not in risposta.content for risposta in usciti)


def test_il_foglio_ha_le_stesse_righe_della_pagina(client, asti, coordina):
    _presenze(asti, 3, minuti=None)
    ricalcola()

    righe = _pagina(client, coordina, "cruscotto_rete_csv", "ente").content.decode("utf-8-sig")

    testa, riga, *_ = righe.strip().split("\r\n")
    assert testa.startswith("Ente;Prestazioni;Ore;Senza durata;Persone (arrotondate a 5);Persone")
    assert riga == "Cooperativa di Asti;3;;3;5;5;0–2;5"


def test_ogni_numero_della_pagina_apre_la_sua_definizione(client, asti, coordina):
    _presenze(asti, 3, minuti=None)
    for _ in range(3):
        BisognoRilevatoFactory(beneficiario__ente=asti)
    ricalcola()

    risposta = _pagina(client, coordina)

    pagina = BeautifulSoup(risposta.content, "html.parser")
    definite = {voce.get_text(" ", strip=True) for voce in pagina.select("dl.definizione dd")}
    assert {tavola.slug for tavola in risposta.context["tavole"]} == set(TAVOLE)
    for tavola in risposta.context["tavole"]:
        assert [nome for nome, _ in tavola.come_si_conta] == list(tavola.intestazioni[1:])
    assert {voce.che_cosa for voce in DELLA_RETE.values()} <= definite
    cifre = pagina.select(".cifre > *")
    assert len(cifre) == 5
    assert all(cifra.select("dl.definizione") for cifra in cifre)
    titoli = {voce.get_text(strip=True) for voce in pagina.select(".cifre summary")}
    attesi = {"Come si contano quelle senza codice", "Come si contano quelle senza durata"}
    assert attesi <= titoli


def test_nel_foglio_resta_scritto_che_cosa_e_arrotondato_e_che_cosa_si_e_guardato(
    client, asti, coordina
):
    azione = _presenze(asti, 3)
    ricalcola()
    client.entra(coordina)
    indirizzo = reverse("prestazioni:cruscotto_rete_csv", args=["nodo"])

    tutto = client.get(indirizzo, {"dal": "2026-03-01", "al": "2026-03-31"})
    stretto = client.get(indirizzo, {"periodo": "tutto", "asse": azione.asse.slug})

    testa, *_, periodo, filtri = tutto.content.decode("utf-8-sig").strip().split("\r\n")
    assert testa.count("(arrotondat") == 4
    assert (periodo, filtri) == ("Periodo;marzo 2026", "Filtri;nessuno")
    *_, periodo, filtri = stretto.content.decode("utf-8-sig").strip().split("\r\n")
    assert periodo.startswith("Periodo;da sempre, fino a ")
    assert filtri == f"Filtri;Asse: {azione.asse.denominazione}"


def test_il_disegno_ha_accanto_la_tavola_e_il_csv(client, asti, coordina):
    _presenze(asti, 3)
    ricalcola()

    testo = _pagina(client, coordina, "cruscotto_rete_disegno", "nodo").content.decode()

    assert "<svg" in testo
    assert "Gli stessi dati in tabella" in testo
    assert reverse("prestazioni:cruscotto_rete_csv", args=["nodo"]) in testo


@pytest.mark.parametrize(
    "filtri",
    [
        {"nodo": "asti' OR 1=1 --"},
        {"ente": "1; DROP TABLE cruscotti_cella"},
        {"dal": "' UNION SELECT 1"},
        {"azione": "x') OR ('1'='1"},
        {"periodo": "tutto'; SELECT 1"},
        {"misura": "persone; --"},
    ],
)
def test_un_filtro_che_e_sql_si_ignora(client, asti, coordina, filtri):
    _presenze(asti, 3)
    ricalcola()

    pagina = _pagina(client, coordina, **filtri)

    assert pagina.status_code == 200
    assert pagina.context["numeri"].prestazioni == 3


def test_un_ente_di_un_altro_nodo_non_e_fra_i_filtri(client, asti, coordina):
    altro = EnteFactory()
    _presenze(altro, 3)
    ricalcola()

    pagina = _pagina(client, coordina, ente=altro.slug)

    assert altro.denominazione not in pagina.content.decode()
    assert pagina.context["numeri"].prestazioni == 0


def _enti_offerti(risposta) -> list[str]:
    scelte = BeautifulSoup(risposta.content, "html.parser").select("#id_ente option[value]")
    return [scelta["value"] for scelta in scelte if scelta["value"]]


@pytest.mark.parametrize("ruolo", [Ruolo.COORDINATORE, Ruolo.AMMINISTRATORE])
def test_fra_i_filtri_ci_sono_solo_gli_enti_che_possono_registrare(client, asti, ruolo):
    suo = {"nodo": asti.nodo}
    for indice, altro in enumerate(Ente.RuoloNellaRete):
        EnteFactory(slug=f"{indice}-{altro.value}", ruolo=altro, **suo)
    EnteFactory(slug="spento", attivo=False, **suo)
    chi = attore(ruolo, nodo=asti.nodo) if ruolo == Ruolo.COORDINATORE else attore(ruolo)

    offerti = _enti_offerti(_pagina(client, chi))

    assert {"0-capofila", "1-partner", asti.slug} <= set(offerti)
    ruoli = Ente.objects.filter(slug__in=offerti).values_list("ruolo", flat=True)
    assert set(ruoli) == set(Ente.RUOLI_DELLA_RETE)
    assert "spento" not in offerti


def test_un_azienda_nell_indirizzo_non_restringe(client, asti, coordina):
    azienda = EnteFactory(nodo=asti.nodo, ruolo=Ente.RuoloNellaRete.AZIENDA_OSPITANTE)
    _presenze(asti, 3)
    ricalcola()

    assert _pagina(client, coordina, ente=azienda.slug).context["numeri"].prestazioni == 3


def test_la_rete_non_annota_letture_e_resta_in_poche_interrogazioni(client, asti, coordina):
    _presenze(asti, 3)
    ricalcola()
    client.entra(coordina)

    with al_massimo(35) as fatte:
        client.get(reverse("prestazioni:cruscotto_rete"), {"periodo": "tutto"})

    assert not [sql for sql in fatte if "privacy_registroaccessi" in sql]


def test_senza_niente_la_pagina_dice_che_cosa_fare(client, coordina):
    testo = client.entra(coordina).get(reverse("prestazioni:cruscotto_rete")).content.decode()

    assert "non c'è ancora niente da contare" in testo.replace("&#x27;", "'")
    assert "non sono ancora stati calcolati" in testo


def test_il_mese_di_oggi_e_compreso(asti, coordina):
    oggi = timezone.localdate()
    _presenze(asti, 3, giorno=oggi)
    PrestazioneFactory(ente=asti, giorno=oggi, senza_nome=9)
    ricalcola()

    with come(coordina):
        (riga,) = righe_di_rete("totale", Ambito(oggi, oggi))

    assert (riga.prestazioni, riga.persone, riga.senza_nome) == (4, 5, 10)
