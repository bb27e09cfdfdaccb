"""Le pagine delle schede: elenco, lettura, compilazione riga per riga, invio, risposta."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from enti.permessi import Ruolo
from enti.sistema import come_sistema
from report.azioni.righe import salva_voce
from report.fascicolo import chiave
from report.models import Conteggio, Giudizio, Legame, RigaTolta, Scheda, VoceTestuale
from tests.fabbriche import (
    ConteggioFactory,
    EnteFactory,
    NodoFactory,
    SchedaFactory,
    VoceTestualeFactory,
    attore,
)
from tests.interrogazioni import al_massimo
from tests.report.schede_da_compilare import come, indicatore, riletta, scheda_da_compilare


pytestmark = pytest.mark.django_db


@pytest.fixture
def scheda() -> Scheda:
    return scheda_da_compilare()


@pytest.fixture
def operatore(client, scheda):
    """Chi compila, già entrato."""
    chi = attore(ente=scheda.ente)
    client.entra(chi)
    return chi


def indirizzo(nome: str, scheda: Scheda, *altri) -> str:
    return reverse(f"report:{nome}", args=[scheda.uuid, *altri])


def zuppa(risposta) -> BeautifulSoup:
    return BeautifulSoup(risposta.content.decode(), "html.parser")


def letto(scheda: Scheda, modello, **filtri):
    with come_sistema(scheda.ente):
        return modello.objects.get(scheda=scheda, **filtri)


def dati_di(riga, **campi) -> dict:
    """Il modulo di una riga come lo manda il navigatore."""
    nome = chiave(riga)
    modulo = {"riga": nome, "versione": riga.versione}
    return modulo | {f"{nome}-{campo}": valore for campo, valore in campi.items()}


# Elenco ---------------------------------------------------------------------------------
def test_l_ente_vede_le_sue_schede_col_gesto_che_viene(client, scheda):
    SchedaFactory(titolo="Di un altro")
    chi = attore(Ruolo.REFERENTE, ente=scheda.ente)

    pagina = zuppa(client.entra(chi).get(reverse("report:schede")))

    assert [titolo.text for titolo in pagina.select("main h3")] == [scheda.titolo]
    assert pagina.find("a", string="Continua a compilare")


def test_chi_coordina_un_nodo_vede_le_sue_e_non_le_altre(client, scheda):
    altra = SchedaFactory()
    client.entra(attore(Ruolo.COORDINATORE, nodo=scheda.nodo))

    risposta = client.get(reverse("report:schede"))

    assert list(risposta.context["pagina"]) == [scheda]
    assert altra.titolo not in risposta.content.decode()


@pytest.mark.parametrize(
    ("query", "attese"),
    [
        ("", {"A", "B", "C"}),
        ("stato=inviata", {"B"}),
        ("stato=da-sollecitare", {"A"}),
        ("stato=da-valutare", {"B", "C"}),
        ("asse=lavoro", {"A"}),
        ("nodo=asti", {"C"}),
        ("stato=inventato&nodo=nessuno", {"A", "B", "C"}),
    ],
)
def test_i_filtri_stanno_nell_indirizzo(client, query, attese):
    scheda_da_compilare(titolo="A")
    SchedaFactory(titolo="B", stato="inviata")
    SchedaFactory(titolo="C", stato="accettata_dal_nodo", nodo=NodoFactory(slug="asti"))
    client.entra(attore(Ruolo.COORDINATORE))

    risposta = client.get(f"{reverse('report:schede')}?{query}")

    assert {scheda.titolo for scheda in risposta.context["pagina"]} == attese


def test_un_filtro_senza_risultati_dice_che_fare(client, scheda):
    client.entra(attore(Ruolo.COORDINATORE))

    risposta = client.get(reverse("report:schede"), {"stato": "accettata"})

    assert "Nessuna scheda con questi filtri" in risposta.content.decode()
    assert "Togli i filtri" in risposta.content.decode()


def test_un_elenco_vuoto_dice_che_fare(client):
    risposta = client.entra(attore()).get(reverse("report:schede"))

    assert "Nessuna scheda da compilare" in risposta.content.decode()


def test_l_elenco_si_ordina_e_si_scarica(client):
    for titolo in ("Beta", "Alfa"):
        SchedaFactory(titolo=titolo)
    client.entra(attore(Ruolo.AMMINISTRATORE))

    ordinate = client.get(reverse("report:schede"), {"ordine": "scheda"}).context["pagina"]
    foglio = client.get(reverse("report:schede_csv"), {"ordine": "-scheda"}).content.decode()

    assert [scheda.titolo for scheda in ordinate] == ["Alfa", "Beta"]
    assert foglio.index("Beta") < foglio.index("Alfa")
    assert client.get(reverse("report:schede_xlsx")).status_code == 200


def test_htmx_riceve_solo_la_tabella(client, scheda, htmx):
    client.entra(attore(Ruolo.COORDINATORE))

    risposta = client.get(reverse("report:schede"), **htmx)

    assert risposta.templates[0].name == "report/schede/_tabella.html"
    assert "HX-Request" in risposta.headers["Vary"]


def test_le_interrogazioni_dell_elenco_non_crescono_con_le_schede(client):
    for _ in range(5):
        SchedaFactory()
    client.entra(attore(Ruolo.COORDINATORE)).get(reverse("report:schede"))

    with al_massimo(14):
        client.get(reverse("report:schede"))


# Leggere --------------------------------------------------------------------------------
def test_si_legge_ogni_sezione_con_unita_e_precisione(client, scheda, operatore):
    intero = ConteggioFactory(scheda=scheda, valore=270, approssimazione="circa")
    ConteggioFactory(scheda=scheda, cosa="di Ovada", valore=1, parte_di=intero)
    ConteggioFactory(scheda=scheda, cosa="mai contati", valore=None)

    testo = zuppa(client.get(indirizzo("scheda", scheda))).get_text(" ").replace("\xa0", " ")

    assert "circa 270 individui" in testo
    assert "1 individuo" in testo
    assert "non detto" in testo
    assert "Non ancora compilata." in testo


def test_una_sezione_manca_del_tutto_solo_in_una_scheda_chiusa(client):
    inviata = scheda_da_compilare(stato=Scheda.Stato.INVIATA)
    client.entra(attore(ente=inviata.ente))

    testo = zuppa(client.get(indirizzo("scheda", inviata))).get_text(" ")

    assert "Non detto: la scheda non ha questa sezione." in testo
    assert "Non ancora compilata." not in testo


def test_accanto_al_dichiarato_si_legge_il_registro_e_il_perche(client, scheda, operatore):
    ConteggioFactory(
        scheda=scheda, valore=21, valore_calcolato=19, motivo_differenza="Due in più."
    )

    testo = zuppa(client.get(indirizzo("scheda", scheda))).get_text(" ").replace("\xa0", " ")

    assert "Il registro dà 19 individui (+2)" in testo
    assert "Due in più." in testo


def test_chi_rilegge_una_rimandata_vede_le_parole_di_chi_l_ha_rimandata(client, scheda):
    referente = attore(Ruolo.REFERENTE, ente=scheda.ente)
    client.entra(referente).post(
        indirizzo("scheda_invia", scheda), motivi_da_scrivere(client, scheda)
    )
    client.entra(attore(Ruolo.COORDINATORE, nodo=scheda.nodo)).post(
        indirizzo("scheda_valuta", scheda), {"gesto": "rimanda", "testo": "Manca Ovada."}
    )

    testo = client.entra(referente).get(indirizzo("scheda", scheda)).content.decode()

    assert "Rimandata: c'è qualcosa da rivedere" in testo
    assert "Manca Ovada." in testo


def test_le_interrogazioni_della_lettura_non_crescono_con_le_righe(client, scheda, operatore):
    intero = ConteggioFactory(scheda=scheda)
    for _ in range(6):
        ConteggioFactory(scheda=scheda, parte_di=intero)
        VoceTestualeFactory(scheda=scheda)
    client.get(indirizzo("scheda", scheda))

    with al_massimo(28):
        client.get(indirizzo("scheda", scheda))


# Aprire e compilare ---------------------------------------------------------------------
def test_comincia_porta_alla_prima_sezione(client):
    scheda = scheda_da_compilare(stato="da_aprire")
    client.entra(attore(ente=scheda.ente))

    risposta = client.post(indirizzo("scheda_apri", scheda), follow=True)

    assert risposta.redirect_chain[-1][0] == indirizzo("scheda_sezione", scheda, "azioni")
    assert riletta(scheda).stato == "in_compilazione"


def test_una_scheda_chiusa_non_si_compila_ma_si_legge(client):
    scheda = scheda_da_compilare(stato="inviata")
    client.entra(attore(ente=scheda.ente))

    risposta = client.get(indirizzo("scheda_sezione", scheda, "criticita"), follow=True)

    assert risposta.redirect_chain[-1][0] == indirizzo("scheda", scheda)
    assert "qui la si può solo leggere" in risposta.content.decode()


def test_ogni_sezione_del_modello_si_apre(client, scheda, operatore):
    indicatore()
    sezioni = [sezione["codice"] for sezione in scheda.campagna.modello.sezioni]

    esiti = {
        codice: client.get(indirizzo("scheda_sezione", scheda, codice)).status_code
        for codice in sezioni
    }

    assert set(esiti.values()) == {200}
    assert client.get(indirizzo("scheda_sezione", scheda, "inventata")).status_code == 404


def test_una_riga_si_salva_senza_javascript(client, scheda, operatore):
    voce = VoceTestualeFactory(scheda=scheda)

    risposta = client.post(
        indirizzo("scheda_sezione", scheda, "criticita"), dati_di(voce, testo="Corretto.")
    )

    pagina = indirizzo("scheda_sezione", scheda, "criticita")
    assert risposta.url == f"{pagina}#vocetestuale-{voce.pk}"
    assert letto(scheda, VoceTestuale).testo == "Corretto."


def test_con_htmx_torna_solo_l_esito_con_la_versione_nuova(client, scheda, operatore, htmx):
    voce = VoceTestualeFactory(scheda=scheda)

    risposta = client.post(
        indirizzo("scheda_sezione", scheda, "criticita"), dati_di(voce, testo="Corretto."), **htmx
    )

    assert risposta.headers["HX-Trigger"] == "scheda-salvata"
    assert zuppa(risposta).select_one("[name=versione]")["value"] == "2"
    assert "<html" not in risposta.content.decode()


@pytest.mark.parametrize("con_htmx", [True, False])
def test_un_errore_si_dice_e_non_si_perde_cio_che_si_e_scritto(
    client, scheda, operatore, htmx, con_htmx
):
    riga = ConteggioFactory(scheda=scheda)
    modulo = dati_di(riga, cosa="Le persone dello sportello", unita="individui", valore="circa 50")

    risposta = client.post(
        indirizzo("scheda_sezione", scheda, "beneficiari"), modulo, **(htmx if con_htmx else {})
    )

    testo = risposta.content.decode()
    assert risposta.status_code == 422
    assert "Scrivi solo il numero" in testo
    assert ("Le persone dello sportello" in testo) != con_htmx
    assert letto(scheda, Conteggio).valore == 10


def test_il_conflitto_mostra_i_due_testi_e_tre_scelte(client, scheda, operatore, htmx):
    voce = VoceTestualeFactory(scheda=scheda)
    with come(attore(ente=scheda.ente)) as altra:
        salva_voce(voce=voce, versione=1, testo="Il suo testo.", da=altra)

    risposta = client.post(
        indirizzo("scheda_sezione", scheda, "criticita"),
        dati_di(voce, testo="Il mio testo."),
        **htmx,
    )

    pagina = zuppa(risposta)
    assert risposta.status_code == 422
    assert [voce.text for voce in pagina.select(".conflitto-testo")] == [
        "Il suo testo.",
        "Il mio testo.",
    ]
    assert [voce.text for voce in pagina.select(".conflitto button")] == [
        "Tieni il mio",
        "Tieni quello salvato",
        "Tienili tutti e due",
    ]
    assert pagina.select_one("[name=versione]")["value"] == "1"


@pytest.mark.parametrize(
    ("scelta", "atteso"),
    [
        ({"sopra": "2"}, "Il mio testo."),
        ({"gesto": "lascia"}, "Il suo testo."),
        ({"gesto": "unisci"}, "Il mio testo.\n\nIl suo testo."),
    ],
)
def test_dopo_un_conflitto_si_sceglie(client, scheda, operatore, htmx, scelta, atteso):
    voce = VoceTestualeFactory(scheda=scheda)
    with come(attore(ente=scheda.ente)) as altra:
        salva_voce(voce=voce, versione=1, testo="Il suo testo.", da=altra)

    client.post(
        indirizzo("scheda_sezione", scheda, "criticita"),
        dati_di(voce, testo="Il mio testo.") | scelta,
        **htmx,
    )

    assert letto(scheda, VoceTestuale).testo == atteso


def test_due_numeri_non_si_uniscono(client, scheda, operatore, htmx):
    riga = ConteggioFactory(scheda=scheda, cosa="utenti")
    with come_sistema(scheda.ente):
        Conteggio.objects.update(valore=33, versione=2)

    risposta = client.post(
        indirizzo("scheda_sezione", scheda, "beneficiari"),
        dati_di(riga, cosa="utenti", unita="individui", valore="44") | {"gesto": "unisci"},
        **htmx,
    )

    assert risposta.status_code == 422
    assert zuppa(risposta).select_one(".conflitto")
    assert letto(scheda, Conteggio).valore == 33


def test_il_conflitto_senza_javascript_torna_nella_pagina(client, scheda, operatore):
    riga = ConteggioFactory(scheda=scheda, cosa="utenti")
    with come_sistema(scheda.ente):
        Conteggio.objects.update(valore=33, versione=2)

    risposta = client.post(
        indirizzo("scheda_sezione", scheda, "beneficiari"),
        dati_di(riga, cosa="utenti", unita="individui", valore="44"),
    )

    pagina = zuppa(risposta)
    assert risposta.status_code == 422
    assert [voce.text for voce in pagina.select(".conflitto-testo")] == ["33", "44"]
    assert pagina.select_one(f"[name='{chiave(riga)}-valore']")["value"] == "44"


def test_confermare_e_un_gesto_solo(client, scheda, operatore, htmx):
    riga = ConteggioFactory(scheda=scheda, cosa="utenti", valore=None, valore_calcolato=37)
    modulo = dati_di(riga, cosa="utenti", unita="individui", valore="", note="Visto col registro.")

    risposta = client.post(
        indirizzo("scheda_sezione", scheda, "beneficiari"), modulo | {"gesto": "conferma"}, **htmx
    )

    assert risposta.headers["HX-Retarget"] == f"#{chiave(riga)}"
    scritto = letto(scheda, Conteggio)
    assert (scritto.valore, scritto.note) == (37, "Visto col registro.")


def test_si_aggiunge_si_toglie_e_si_rimette(client, scheda, operatore):
    pagina = indirizzo("scheda_sezione", scheda, "criticita")
    nome = "nuova-voci-criticita"

    client.post(pagina, {"riga": nome, "gesto": "aggiungi", f"{nome}-testo": "Nuova."})
    voce = letto(scheda, VoceTestuale)
    client.post(pagina, dati_di(voce, testo="Nuova.") | {"gesto": "togli"})
    tolta = letto(scheda, RigaTolta)
    assert "Nuova." in client.get(pagina).content.decode()
    client.post(pagina, {"gesto": "rimetti", "tolta": tolta.pk})

    assert letto(scheda, VoceTestuale).testo == "Nuova."


def test_la_riga_aggiunta_con_htmx_torna_sola_e_il_modulo_si_svuota(
    client, scheda, operatore, htmx
):
    nome = "nuova-voci-criticita"
    risposta = client.post(
        indirizzo("scheda_sezione", scheda, "criticita"),
        {"riga": nome, "gesto": "aggiungi", f"{nome}-testo": "Nuova."},
        **htmx,
    )

    pagina = zuppa(risposta)
    assert len(pagina.select("li.riga:not(.riga-nuova)")) == 1
    assert pagina.select_one(f"[name={nome}-testo]").text.strip() == ""


def test_scrivere_su_una_riga_tolta_da_altri_si_spiega(client, scheda, operatore, htmx):
    voce = VoceTestualeFactory(scheda=scheda)
    modulo = dati_di(voce, testo="Le mie parole.")
    with come_sistema(scheda.ente):
        voce.delete()

    risposta = client.post(indirizzo("scheda_sezione", scheda, "criticita"), modulo, **htmx)

    assert risposta.status_code == 422
    assert "l&#x27;ha tolta un&#x27;altra persona" in risposta.content.decode()


def test_inviata_da_un_collega_mentre_si_scrive(client, scheda, operatore, htmx):
    voce = VoceTestualeFactory(scheda=scheda)
    with come_sistema(scheda.ente):
        Scheda.objects.update(stato="inviata")

    risposta = client.post(
        indirizzo("scheda_sezione", scheda, "criticita"), dati_di(voce, testo="Tardi."), **htmx
    )

    assert risposta.status_code == 422
    assert "per cambiarla va ritirata o rimandata" in risposta.content.decode()


def test_un_giudizio_e_una_scelta_sola(client, scheda, operatore):
    voce = indicatore()
    nome = f"giudizio-{voce.pk}-{voce.asse_id}"
    pagina = indirizzo("scheda_sezione", scheda, "impatto_beneficiari")

    client.post(pagina, {"riga": nome, "versione": 0, f"{nome}-risposta": "parola buono"})
    assert letto(scheda, Giudizio).in_parole == "buono"
    client.post(pagina, {"riga": nome, "versione": 1, f"{nome}-risposta": "stato non-esprimibile"})
    assert letto(scheda, Giudizio).in_parole == "non esprimibile"


def test_un_ente_si_nomina_come_lo_si_conosce(client, scheda, operatore):
    noto = EnteFactory(denominazione="Cooperativa Èlica", sigla="L'Elica")
    nome = "nuova-legami-nuovo"
    pagina = indirizzo("scheda_sezione", scheda, "reti")

    client.post(pagina, {"riga": nome, "gesto": "aggiungi", f"{nome}-verso": "l'elica"})
    ignoto = client.post(pagina, {"riga": nome, "gesto": "aggiungi", f"{nome}-verso": "Mai visto"})

    assert letto(scheda, Legame).verso == noto
    assert ignoto.status_code == 422
    assert "non è fra quelli noti alla rete" in ignoto.content.decode()


def test_gli_enti_di_una_frase_si_aggiungono_e_si_levano(client, scheda, operatore):
    noto = EnteFactory(denominazione="CISSACA")
    voce = VoceTestualeFactory(scheda=scheda)
    pagina = indirizzo("scheda_sezione", scheda, "criticita")

    client.post(pagina, dati_di(voce, testo=voce.testo, altro_ente="cissaca"))
    voce = letto(scheda, VoceTestuale)
    assert voce.enti_nominati == [noto.slug]
    client.post(pagina, dati_di(voce, testo=voce.testo))
    assert letto(scheda, VoceTestuale).enti_nominati == []


@pytest.mark.parametrize(("scritto", "stato"), [("12,5", 422), ("12", 302), ("1.200", 302)])
def test_le_persone_si_contano_intere(client, scheda, operatore, scritto, stato):
    nome = "nuova-conteggi-beneficiari"
    campi = {"cosa": "utenti", "unita": "individui", "valore": scritto}

    risposta = client.post(
        indirizzo("scheda_sezione", scheda, "beneficiari"),
        {"riga": nome, "gesto": "aggiungi"}
        | {f"{nome}-{campo}": testo for campo, testo in campi.items()},
    )

    assert risposta.status_code == stato


def test_niente_da_segnalare_e_una_risposta(client, scheda, operatore):
    pagina = indirizzo("scheda_sezione", scheda, "drop_out")

    client.post(pagina, {"gesto": "dichiara-vuota"})

    assert "drop_out" in riletta(scheda).sezioni_presenti
    assert "Sezione dichiarata vuota" in client.get(pagina).content.decode()


def test_il_margine_dice_i_controlli_di_questa_sezione_e_delle_altre(client, scheda, operatore):
    ConteggioFactory(scheda=scheda, valore=12, valore_calcolato=14)

    risposta = client.get(indirizzo("scheda_margine", scheda, "beneficiari"))

    assert [avviso.gravita for avviso in risposta.context["avvisi_qui"]] == ["blocca"]
    assert {avviso.sezione for avviso in risposta.context["avvisi_altrove"]} == {
        "azioni",
        "indicatori_finali",
        "prosecuzione",
    }
    fuori_banda = zuppa(risposta).select("[hx-swap-oob]")
    assert {pezzo["id"] for pezzo in fuori_banda} == {
        "sezioni",
        "sezioni-telefono",
        "quanto-manca",
    }


# Inviare e rispondere -------------------------------------------------------------------
def motivi_da_scrivere(client, scheda: Scheda) -> dict[str, str]:
    """Un motivo per ogni campo che la pagina dell'invio chiede."""
    form = client.get(indirizzo("scheda_invia", scheda)).context["form"]
    return dict.fromkeys(form.fields, "Lo sappiamo.")


def test_si_invia_con_un_motivo_per_ogni_avviso(client, scheda):
    client.entra(attore(Ruolo.REFERENTE, ente=scheda.ente))
    motivi = motivi_da_scrivere(client, scheda)

    senza = client.post(indirizzo("scheda_invia", scheda), {})
    con = client.post(indirizzo("scheda_invia", scheda), motivi, follow=True)

    assert senza.status_code == 422
    assert "Ci sono 4 cose da correggere" in senza.content.decode()
    assert "Scheda inviata." in con.content.decode()
    assert riletta(scheda).stato == "inviata"


def test_cio_che_blocca_porta_al_campo(client, scheda):
    riga = ConteggioFactory(scheda=scheda, valore=12, valore_calcolato=14)
    client.entra(attore(Ruolo.REFERENTE, ente=scheda.ente))

    pagina = client.get(indirizzo("scheda_invia", scheda))
    motivi = motivi_da_scrivere(client, scheda)
    risposta = client.post(indirizzo("scheda_invia", scheda), motivi)

    punto = f"{indirizzo('scheda_sezione', scheda, 'beneficiari')}#{chiave(riga)}"
    assert punto in pagina.content.decode()
    assert "Invia la scheda" not in pagina.content.decode()
    assert not zuppa(pagina).select("main textarea"), "scritti qui, i motivi andrebbero perduti"
    assert risposta.status_code == 422
    assert riletta(scheda).stato == "in_compilazione"


def test_chi_invia_di_nuovo_ritrova_i_motivi(client, scheda):
    referente = attore(Ruolo.REFERENTE, ente=scheda.ente)
    client.entra(referente)
    client.post(indirizzo("scheda_invia", scheda), motivi_da_scrivere(client, scheda))
    client.post(indirizzo("scheda_ritira", scheda))

    pagina = client.get(indirizzo("scheda_invia", scheda))

    assert pagina.content.decode().count("Lo sappiamo.") == 4


def test_chi_accetta_legge_i_motivi_e_dice_si(client, scheda):
    client.entra(attore(Ruolo.REFERENTE, ente=scheda.ente))
    client.post(indirizzo("scheda_invia", scheda), motivi_da_scrivere(client, scheda))
    client.entra(attore(Ruolo.COORDINATORE, nodo=scheda.nodo))

    pagina = client.get(indirizzo("scheda_valuta", scheda)).content.decode()
    risposta = client.post(indirizzo("scheda_valuta", scheda), {"gesto": "accetta"}, follow=True)

    assert pagina.count("Lo sappiamo.") == 4
    assert "Ora tocca alla rete" in risposta.content.decode()
    assert riletta(scheda).stato == "accettata_dal_nodo"


def test_rimandare_senza_parole_e_un_errore(client):
    scheda = scheda_da_compilare(stato="inviata")
    client.entra(attore(Ruolo.COORDINATORE, nodo=scheda.nodo))

    risposta = client.post(indirizzo("scheda_valuta", scheda), {"gesto": "rimanda", "testo": ""})

    assert risposta.status_code == 422
    assert "Scrivi che cosa va rivisto" in risposta.content.decode()


def test_quando_non_tocca_a_te_lo_si_dice(client):
    scheda = scheda_da_compilare(stato="accettata_dal_nodo")
    client.entra(attore(Ruolo.COORDINATORE, nodo=scheda.nodo))

    risposta = client.post(indirizzo("scheda_valuta", scheda), {"gesto": "accetta"}, follow=True)

    assert "adesso non tocca a te risponderle" in risposta.content.decode()
    assert riletta(scheda).stato == "accettata_dal_nodo"
