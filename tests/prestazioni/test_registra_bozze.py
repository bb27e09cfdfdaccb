"""«Registra» quando qualcosa va storto: il modulo rimandato, la bozza ripresa."""

import pytest
from django.urls import reverse

from prestazioni.models import Bozza, Partecipazione
from tests.fabbriche import attore
from tests.fabbriche_persone import (
    BeneficiarioFactory,
    InformativaFactory,
    PresaInCaricoFactory,
    come,
)
from tests.prestazioni.registrare import REGISTRA, righe, scritto, zuppa


pytestmark = pytest.mark.django_db

BOZZA = reverse("prestazioni:registra_bozza")


@pytest.mark.parametrize(
    "cambiato",
    [
        {"durata": "90"},
        {"nota": "Un'altra cosa."},
        {"oggetto": "Colloquio"},
        {"luogo": "Sede"},
        {"modo": "telefono"},
    ],
)
def test_un_modulo_gia_arrivato_e_poi_cambiato_non_dice_registrata(
    entrato, chi, presa, servizio, cambiato
):
    dati = scritto(presa, servizio, nota="Prima.")
    entrato.post(REGISTRA, dati)
    entrato.post(BOZZA, dati | cambiato)

    risposta = entrato.post(REGISTRA, dati | cambiato)

    pagina = zuppa(risposta)
    riga = righe(chi)[0]
    assert risposta.status_code == 422
    assert (
        "Ciò che hai cambiato dopo non è stato scritto"
        in pagina.select_one("#registra .alert").text
    )
    assert pagina.select_one(f"a[href='{reverse('prestazioni:correggi', args=[riga.uuid])}']")
    assert cambiato.get("nota", "Prima.") in pagina.select_one("#id_nota").text
    assert (len(righe(chi)), riga.minuti, riga.versione) == (1, 30, 1)
    with come(chi):
        assert Bozza.objects.exists()


def test_un_modulo_gia_arrivato_con_altre_persone_non_dice_registrata(
    entrato, chi, presa, servizio
):
    altra = PresaInCaricoFactory(
        beneficiario=BeneficiarioFactory(ente=chi.ente), operatore=chi.utente
    )
    dati = scritto(presa, servizio)
    entrato.post(REGISTRA, dati)
    insieme = [str(voce.beneficiario.uuid) for voce in (presa, altra)]

    risposta = entrato.post(REGISTRA, dati | {"persona": insieme})

    assert risposta.status_code == 422
    assert zuppa(risposta).select_one(f"#p-{altra.beneficiario.uuid}").has_attr("checked")
    with come(chi):
        assert Partecipazione.objects.per_calcolo().count() == 1


def test_la_bozza_si_riprende_e_salvando_se_ne_va(entrato, chi, presa, servizio):
    dati = scritto(presa, servizio, nota="A metà")

    assert entrato.post(BOZZA, dati).status_code == 204
    offerta = entrato.get(REGISTRA).content.decode()
    ripresa = zuppa(entrato.get(REGISTRA, {"bozza": dati["uuid"]}))
    entrato.post(REGISTRA, dati)

    assert "Stavi registrando" in offerta
    assert "A metà" not in offerta
    assert ripresa.select_one("#id_nota").text.strip() == "A metà"
    assert ripresa.select_one("[name=uuid]")["value"] == dati["uuid"]
    assert ripresa.select_one(f"#p-{presa.beneficiario.uuid}").has_attr("checked")
    with come(chi):
        assert not Bozza.objects.exists()


def test_la_bozza_dice_che_cosa_e_con_chi(entrato, presa, servizio):
    con_una = scritto(presa, servizio)
    nuova = scritto(servizio=servizio, nota="A metà") | {"nuova-cognome": "Zafferani"}
    entrato.post(BOZZA, con_una)
    entrato.post(BOZZA, nuova)

    prima, dopo = zuppa(entrato.get(REGISTRA)).select(".bozza-offerta")

    assert servizio.nome in prima.text
    assert "con una persona nuova" in prima.text
    assert "Zafferani" not in prima.text
    assert f"con {presa.beneficiario.come_si_chiama}" in dopo.text
    assert dopo.select_one("[name=uuid]")["value"] == con_una["uuid"]
    assert dopo.find_parent("details").select_one("summary").text == "Altre bozze"


def test_le_bozze_in_piu_si_contano_e_si_lasciano_una_per_una(entrato, chi, servizio):
    prese = [
        PresaInCaricoFactory(beneficiario=BeneficiarioFactory(ente=chi.ente), operatore=chi.utente)
        for _ in range(5)
    ]
    molte = scritto(prese[0], servizio) | {"persona": [str(p.beneficiario.uuid) for p in prese]}
    sola = scritto(prese[0], servizio)
    entrato.post(BOZZA, sola)
    entrato.post(BOZZA, molte)

    offerta = zuppa(entrato.get(REGISTRA)).select_one("#bozza-offerta")
    lasciata = entrato.post(
        BOZZA, {"gesto": "lascia", "uuid": molte["uuid"]}, headers={"HX-Request": "true"}
    )

    assert "e altre 2" in offerta.text
    assert lasciata.content == b""
    resta = zuppa(entrato.get(REGISTRA)).select(".bozza-offerta")
    assert [voce.select_one("[name=uuid]")["value"] for voce in resta] == [sola["uuid"]]


def test_una_bozza_arrivata_dopo_il_salvataggio_non_si_offre(entrato, presa, servizio):
    dati = scritto(presa, servizio)
    entrato.post(REGISTRA, dati)
    entrato.post(BOZZA, dati)

    assert "Stavi registrando" not in entrato.get(REGISTRA).content.decode()


def test_la_bozza_e_di_chi_la_scrive_e_si_lascia(entrato, client, chi, presa, servizio):
    entrato.post(BOZZA, scritto(presa, servizio))
    collega = type(client)().entra(attore(ente=chi.ente))

    assert "Stavi registrando" not in collega.get(REGISTRA).content.decode()
    offerta = zuppa(entrato.get(REGISTRA)).select_one("#bozza-offerta")
    uuid = offerta.select_one("[name=uuid]")["value"]
    collega.post(BOZZA, {"gesto": "lascia", "uuid": uuid})
    assert "Stavi registrando" in entrato.get(REGISTRA).content.decode()
    entrato.post(BOZZA, {"gesto": "lascia", "uuid": uuid})
    assert "Stavi registrando" not in entrato.get(REGISTRA).content.decode()


def test_ripetere_una_riga_non_butta_la_bozza_di_un_altro_modulo(entrato, presa, servizio):
    fatta = scritto(presa, servizio)
    entrato.post(REGISTRA, fatta)
    a_meta = scritto(presa, servizio, nota="A metà")
    entrato.post(BOZZA, a_meta)

    # «Ripeti» apre un modulo suo: mentre lo si scrive, e quando lo si salva, l'altro resta.
    pagina = zuppa(entrato.get(REGISTRA, {"ripeti": fatta["uuid"]}))
    ripetuta = scritto(presa, servizio, durata="60")
    ripetuta["uuid"] = pagina.select_one("[name=uuid]")["value"]
    entrato.post(BOZZA, ripetuta)
    assert entrato.post(REGISTRA, ripetuta).status_code == 302

    offerta = zuppa(entrato.get(REGISTRA)).select_one("#bozza-offerta")
    assert offerta.select_one("[name=uuid]")["value"] == a_meta["uuid"]
    ripresa = zuppa(entrato.get(REGISTRA, {"bozza": a_meta["uuid"]}))
    assert ripresa.select_one("#id_nota").text.strip() == "A metà"


def test_una_bozza_soltanto_offerta_non_si_copre(entrato, presa, servizio):
    prima = scritto(presa, servizio, nota="La prima")
    entrato.post(BOZZA, prima)
    dopo = scritto(presa, servizio, nota="La seconda")
    entrato.post(BOZZA, dopo)

    riprese = [
        zuppa(entrato.get(REGISTRA, {"bozza": dati["uuid"]})).select_one("#id_nota").text.strip()
        for dati in (prima, dopo)
    ]

    assert riprese == ["La prima", "La seconda"]
    assert entrato.post(BOZZA, dopo | {"uuid": "x"}).status_code == 404


@pytest.mark.parametrize("come_si_riprende", ["bozza", "cerca"])
def test_il_consenso_della_persona_nuova_si_ritrova(entrato, chi, servizio, come_si_riprende):
    informativa = InformativaFactory(ente=chi.ente)
    dati = scritto(servizio=servizio) | {
        "nuova-cognome": "Zafferani",
        "nuova-esito": "prestato",
        "consenso-finalita": informativa.finalita[:2],
        "consenso-gruppi": ["anagrafica"],
        "consenso-a_chi": "rete",
        "consenso-canale": "voce",
        "consenso-testimone": "Un testimone",
        "consenso-firmatario": "tutore",
        "consenso-dato_il": "2026-01-31",
    }
    if come_si_riprende == "bozza":
        entrato.post(BOZZA, dati)
        pagina = zuppa(entrato.get(REGISTRA, {"bozza": dati["uuid"]}))
    else:
        pagina = zuppa(entrato.post(REGISTRA, dati | {"gesto": "cerca", "testo": "qualcuno"}))

    segnati = {
        nome: [v["value"] for v in pagina.select(f"[name='consenso-{nome}'][checked]")]
        for nome in ("finalita", "gruppi", "a_chi", "canale", "firmatario")
    }
    assert segnati == {
        "finalita": informativa.finalita[:2],
        "gruppi": ["anagrafica"],
        "a_chi": ["rete"],
        "canale": ["voce"],
        "firmatario": ["tutore"],
    }
    assert pagina.select_one("[name='consenso-testimone']")["value"] == "Un testimone"
    assert pagina.select_one("[name='consenso-dato_il']")["value"] == "2026-01-31"
    assert pagina.select_one("[name='nuova-esito'][checked]")["value"] == "prestato"
    assert not pagina.select(".riepilogo-errori")
