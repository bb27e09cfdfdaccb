"""«Registra»: la pagina con cui comincia chi lavora con le persone."""

import datetime
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiari.models import Beneficiario, Consenso, PresaInCarico
from enti.permessi import Ruolo
from prestazioni.models import NotaDiPrestazione, Partecipazione, Prestazione
from tests.fabbriche import attore
from tests.fabbriche_persone import (
    AzioneFactory,
    BeneficiarioFactory,
    ComponenteFactory,
    InformativaFactory,
    NucleoFactory,
    PresaInCaricoFactory,
    TipoDiChiusuraFactory,
    come,
)
from tests.fabbriche_prestazioni import (
    PartecipazioneFactory,
    PrestazioneFactory,
    ServizioFactory,
    UnitaDiMisuraFactory,
    VoceNomenclaturaFactory,
)
from tests.interrogazioni import al_massimo
from tests.prestazioni.registrare import REGISTRA, UN_ANNO_FA, righe, scritto, zuppa


pytestmark = pytest.mark.django_db

PERSONE = reverse("prestazioni:registra_persone")


def _errori(risposta) -> str:
    assert risposta.status_code == 422
    return zuppa(risposta).select_one(".riepilogo-errori").get_text(" ", strip=True)


def test_con_una_persona_e_un_servizio_si_salva(entrato, chi, presa, servizio, htmx):
    risposta = entrato.post(REGISTRA, scritto(presa, servizio, nota="Ha trovato casa."), **htmx)

    riga = righe(chi)[0]
    assert risposta.status_code == 200
    assert (riga.minuti, riga.giorno, riga.azione_id) == (
        30,
        timezone.localdate(),
        presa.azione_id,
    )
    with come(chi):
        assert Partecipazione.objects.get().presa_id == presa.pk
        assert NotaDiPrestazione.objects.get().testo == "Ha trovato casa."
    assert "registrata" in risposta.headers["HX-Trigger-After-Settle"]
    assert presa.beneficiario.cognome not in str(risposta.headers)
    assert presa.beneficiario.cognome in zuppa(risposta).select_one("#registrate-oggi").text


def test_senza_javascript_si_salva_e_si_torna_alla_pagina(entrato, chi, presa, servizio):
    risposta = entrato.post(REGISTRA, scritto(presa, servizio))

    assert risposta.url == REGISTRA
    assert "Registrata: Sportello" in entrato.get(REGISTRA).content.decode()


def test_lo_stesso_modulo_mandato_due_volte_e_una_riga_sola(entrato, chi, presa, servizio):
    dati = scritto(presa, servizio)

    for _ in range(2):
        assert entrato.post(REGISTRA, dati).status_code == 302

    assert len(righe(chi)) == 1


def test_la_stessa_riga_si_registra_di_nuovo_solo_se_si_vuole(entrato, chi, presa, servizio):
    entrato.post(REGISTRA, scritto(presa, servizio))

    rifiutata = entrato.post(REGISTRA, scritto(presa, servizio))
    assert "già registrata" in _errori(rifiutata)
    assert "Registra lo stesso" in rifiutata.content.decode()
    entrato.post(REGISTRA, scritto(presa, servizio, gesto="lo-stesso"))

    assert len(righe(chi)) == 2


@pytest.mark.parametrize(
    ("altro", "campo", "frase"),
    [
        ({"servizio": ""}, "servizio", "Scegli che cosa hai fatto"),
        ({"servizio": str(uuid4())}, "servizio", "non è fra quelli"),
        ({"persona": ""}, "persona", "Scegli almeno una persona"),
        ({"persona": str(uuid4())}, "persona", "non c'è più"),
        ({"quando": "altro", "giorno": "2096-01-01"}, "giorno", "futuro"),
        ({"quando": "altro", "giorno": "1926-01-01"}, "giorno", "troppo lontana"),
        ({"quando": "altro", "giorno": ""}, "giorno", "Scrivi il giorno"),
        ({"quando": "altro", "giorno": "2001-01-01"}, "quando", "non era ancora aperta"),
        ({"durata": "altro", "durata_scritta": "25h"}, "durata_scritta", "24 ore"),
        ({"durata": "altro", "durata_scritta": "0"}, "durata_scritta", "1 minuto"),
        ({"durata": "altro", "durata_scritta": "2"}, "durata_scritta", "ore o minuti"),
        ({"durata": "altro", "durata_scritta": ""}, "durata_scritta", "Scrivi quanto"),
        ({"quantita": "2 pasti"}, "quantita", "si conta in colloqui, non in «pasti»"),
        ({"quantita": "1,5"}, "quantita", "si contano interi"),
        ({"quantita": "0"}, "quantita", "maggiore di zero"),
        ({"senza_nome": "3"}, "senza_nome", "si registra con i nomi"),
        ({"valore": "-3"}, "valore", "negativo"),
    ],
)
def test_ogni_errore_sta_al_suo_campo_e_cio_che_e_scritto_resta(
    entrato, chi, presa, servizio, altro, campo, frase
):
    dati = scritto(presa, servizio, nota="Resta qui.") | altro

    risposta = entrato.post(REGISTRA, dati)

    assert frase in _errori(risposta)
    pagina = zuppa(risposta)
    assert frase in pagina.select_one(f"#id_{campo}_error").text
    assert "Resta qui." in pagina.select_one("#id_nota").text
    assert pagina.select_one(f"[name=uuid][value='{dati['uuid']}']")
    assert righe(chi) == []


@pytest.mark.parametrize(
    ("scritta", "minuti"),
    [("1h30", 90), ("90'", 90), ("1,5", 90), ("75", 75), ("2 ore", 120), ("mezz'ora", 30)],
)
def test_la_durata_si_scrive_come_viene(entrato, chi, presa, servizio, scritta, minuti):
    altro = {"durata": "altro", "durata_scritta": scritta}

    entrato.post(REGISTRA, scritto(presa, servizio, **altro))

    assert righe(chi)[0].minuti == minuti


def test_la_durata_puo_non_dirsi_e_non_diventa_zero(entrato, chi, presa, servizio):
    entrato.post(REGISTRA, scritto(presa, servizio, durata=""))

    assert righe(chi)[0].minuti is None


def test_la_quantita_e_nell_unita_del_servizio(entrato, chi, presa):
    pasti = UnitaDiMisuraFactory(codice="pasto", nome="Pasti")
    ore = UnitaDiMisuraFactory(codice="ora", nome="Ore", decimali=True)
    mensa, corso = (
        ServizioFactory(ente=chi.ente, voce=VoceNomenclaturaFactory(unita=unita))
        for unita in (pasti, ore)
    )

    assert entrato.post(REGISTRA, scritto(presa, mensa, quantita="12 pasti")).status_code == 302
    assert "di' quanto è durato" in _errori(
        entrato.post(REGISTRA, scritto(presa, corso, quantita="2"))
    )
    assert righe(chi)[0].quantita == 12


def test_a_bassa_soglia_bastano_le_persone_senza_nome(entrato, chi, presa):
    mensa = ServizioFactory(ente=chi.ente, bassa_soglia=True)

    muta = entrato.post(REGISTRA, scritto(servizio=mensa, senza_nome="8"))
    assert "per quale azione" in _errori(muta)
    entrato.post(REGISTRA, scritto(presa, mensa, senza_nome="8"))
    entrato.post(REGISTRA, scritto(servizio=mensa, senza_nome="9"))

    assert [riga.senza_nome for riga in righe(chi)] == [8, 9]
    assert righe(chi)[1].azione_id == presa.azione_id


def test_con_due_prese_aperte_si_propone_l_azione_dell_ultima_riga(entrato, chi, presa, servizio):
    altra = PresaInCaricoFactory(
        beneficiario=presa.beneficiario, operatore=chi.utente, aperta_il=UN_ANNO_FA
    )
    nome = f"presa-{presa.beneficiario.uuid}"

    entrato.post(REGISTRA, scritto(presa, servizio, **{nome: str(presa.uuid)}))
    scelta = zuppa(entrato.get(REGISTRA)).select_one(f"select[name='{nome}'] [selected]")
    entrato.post(REGISTRA, scritto(presa, servizio, durata="45", **{nome: str(altra.uuid)}))

    assert scelta["value"] == str(presa.uuid)
    assert [riga.azione_id for riga in righe(chi)] == [presa.azione_id, altra.azione_id]


def _azione_dell_ente(chi):
    azione = AzioneFactory()
    azione.enti.add(chi.ente)
    return azione


def test_chi_non_e_seguito_si_prende_in_carico_nello_stesso_salvataggio(entrato, chi, servizio):
    azione, persona = _azione_dell_ente(chi), BeneficiarioFactory(ente=chi.ente)
    dati = scritto(servizio=servizio, persona=str(persona.uuid))

    assert "Scegli per quale azione" in _errori(entrato.post(REGISTRA, dati))
    entrato.post(REGISTRA, dati | {"azione_nuova": azione.slug, "canale": "passaparola"})

    with come(chi):
        presa = PresaInCarico.objects.get()
        assert (presa.beneficiario_id, presa.azione, presa.operatore) == (
            persona.pk,
            azione,
            chi.utente,
        )
        assert Partecipazione.objects.get().presa_id == presa.pk


def test_chi_e_stato_chiuso_da_poco_si_registra_fino_a_quel_giorno(entrato, chi, servizio):
    ieri = timezone.localdate() - datetime.timedelta(1)
    chiusa = PresaInCaricoFactory(
        beneficiario=BeneficiarioFactory(ente=chi.ente),
        aperta_il=UN_ANNO_FA,
        chiusa_il=ieri,
        esito=TipoDiChiusuraFactory(),
    )
    indicata = {f"presa-{chiusa.beneficiario.uuid}": str(chiusa.uuid)}

    dopo = entrato.post(REGISTRA, scritto(chiusa, servizio, **indicata))
    prima = entrato.post(REGISTRA, scritto(chiusa, servizio, quando=ieri.isoformat(), **indicata))

    assert "già chiusa: riaprila" in _errori(dopo)
    assert prima.status_code == 302


def test_la_persona_nuova_col_consenso_nasce_una_volta_sola(entrato, chi, servizio):
    azione = _azione_dell_ente(chi)
    informativa = InformativaFactory(ente=chi.ente)
    dati = scritto(servizio=servizio, azione_nuova=azione.slug, canale="scouting") | {
        "nuova-cognome": "Zafferani",
        "nuova-nome": "Livia",
        "nuova-nascita": "1991",
        "nuova-esito": "prestato",
        "consenso-finalita": informativa.finalita[:1],
        "consenso-gruppi": ["anagrafica"],
        "consenso-a_chi": "rete",
        "consenso-canale": "carta",
        "consenso-firmatario": "persona",
        "consenso-dato_il": timezone.localdate().isoformat(),
    }

    for _ in range(2):
        assert entrato.post(REGISTRA, dati).status_code == 302

    altro_nome = entrato.post(REGISTRA, dati | {"nuova-nome": "Olivia"})
    altro_consenso = entrato.post(REGISTRA, dati | {"nuova-esito": "rifiutato"})

    assert (altro_nome.status_code, altro_consenso.status_code) == (422, 422)
    with come(chi):
        persona = Beneficiario.objects.get(cognome="Zafferani")
        assert persona.nascita_stimata
        assert Consenso.objects.get().beneficiario_id == persona.pk
        assert Partecipazione.objects.get().beneficiario_id == persona.pk


def test_se_qualcosa_non_va_la_persona_nuova_non_resta_scritta(entrato, chi, servizio):
    azione = _azione_dell_ente(chi)
    dati = scritto(servizio=servizio, azione_nuova=azione.slug, canale="scouting")
    dati |= {"nuova-cognome": "Zafferani", "quando": "altro", "giorno": "2096-01-01"}

    _errori(entrato.post(REGISTRA, dati))

    with come(chi):
        assert not Beneficiario.objects.filter(cognome="Zafferani").exists()


def test_di_una_persona_nuova_si_guarda_prima_se_c_e_gia(entrato, chi, presa, servizio):
    azione = _azione_dell_ente(chi)
    nome = {"nuova-cognome": presa.beneficiario.cognome, "nuova-nome": presa.beneficiario.nome}
    dati = scritto(servizio=servizio, azione_nuova=azione.slug, canale="scouting") | nome

    prima = entrato.post(REGISTRA, dati)
    viste = zuppa(prima).select_one("[name='nuova-viste']")["value"]
    scelta = {"nuova-viste": viste, "persona": str(presa.beneficiario.uuid)}
    entrato.post(REGISTRA, dati | scelta)
    entrato.post(REGISTRA, dati | {"uuid": str(uuid4()), "nuova-viste": viste})

    assert "Forse c'è già" in _errori(prima)
    with come(chi):
        omonime = Beneficiario.objects.filter(cognome=presa.beneficiario.cognome)
        assert omonime.count() == 2
        assert Partecipazione.objects.filter(beneficiario=presa.beneficiario).count() == 1


def test_la_ricerca_distingue_gli_omonimi_e_sta_nel_proprio_ente(entrato, chi):
    for _ in range(2):
        BeneficiarioFactory(ente=chi.ente, cognome="Omonimi", nome="Ada", comune="Asti")
    BeneficiarioFactory(cognome="Omonimi", nome="Altrove")

    trovate = zuppa(entrato.post(PERSONE, {"testo": "omon"})).select(".pastiglia label")
    testi = {" ".join(voce.text.split()) for voce in trovate}

    assert len(testi) == 2
    assert all(testo.startswith("Omonimi Ada 1985, Asti · ") for testo in testi)
    assert entrato.get(PERSONE).status_code == 405


def test_tutto_il_nucleo_con_un_tocco(entrato, chi, presa):
    nucleo = NucleoFactory(ente=chi.ente)
    altra = BeneficiarioFactory(ente=chi.ente)
    for persona in (presa.beneficiario, altra):
        ComponenteFactory(beneficiario=persona, nucleo=nucleo)

    gesto = {"gesto": f"nucleo:{presa.beneficiario.uuid}"}
    segnate = zuppa(entrato.post(PERSONE, gesto)).select("input[name=persona][checked]")

    assert {voce["value"] for voce in segnate} == {
        str(presa.beneficiario.uuid),
        str(altra.uuid),
    }


def test_senza_javascript_cercando_non_si_perde_niente(entrato, presa, servizio):
    trovata = BeneficiarioFactory(ente=presa.ente, cognome="Cercata")
    dati = scritto(presa, servizio, nota="Resta qui.", gesto="cerca", testo="cercat")

    pagina = zuppa(entrato.post(REGISTRA, dati))

    assert pagina.select_one(f"#t-{trovata.uuid}")
    assert pagina.select_one(f"#p-{presa.beneficiario.uuid}").has_attr("checked")
    assert pagina.select_one("#id_nota").text.strip() == "Resta qui."
    assert not pagina.select(".riepilogo-errori")


def test_la_pagina_ricorda_giorno_modo_e_durata_dell_ultima_riga(entrato, presa, servizio):
    ieri = (timezone.localdate() - datetime.timedelta(1)).isoformat()
    entrato.post(REGISTRA, scritto(presa, servizio, quando=ieri, durata="90", modo="telefono"))

    pagina = zuppa(entrato.get(REGISTRA))

    scelti = {
        nome: pagina.select_one(f"input[name={nome}][checked]")["value"]
        for nome in ("quando", "durata", "modo")
    }
    assert scelti == {"quando": ieri, "durata": "90", "modo": "telefono"}
    assert not pagina.select("input[name=servizio][checked], input[name=persona][checked]")


def test_ripeti_riporta_chi_e_che_cosa_con_un_modulo_nuovo(entrato, chi, presa, servizio):
    entrato.post(REGISTRA, scritto(presa, servizio))
    riga = righe(chi)[0]

    pagina = zuppa(entrato.get(REGISTRA, {"ripeti": riga.uuid}))

    assert pagina.select_one("input[name=persona][checked]")["value"] == str(
        presa.beneficiario.uuid
    )
    assert pagina.select_one("input[name=servizio][checked]")["value"] == str(servizio.uuid)
    assert pagina.select_one("[name=uuid]")["value"] != str(riga.uuid)
    assert entrato.get(REGISTRA, {"ripeti": "x"}).status_code == 404


def test_i_servizi_che_uso_di_piu_vengono_prima(entrato, chi, presa, servizio):
    for n in range(6):
        ServizioFactory(ente=chi.ente, nome=f"A{n}")
    PrestazioneFactory(ente=chi.ente, servizio=servizio, operatore=chi.utente)

    in_vista = [
        voce.text.strip() for voce in zuppa(entrato.get(REGISTRA)).select("#servizi label")
    ]

    assert in_vista == ["Sportello", "A0", "A1", "A2", "A3"]


def test_correggere_cambia_anche_chi_c_era(entrato, chi, presa, servizio):
    entrato.post(REGISTRA, scritto(presa, servizio))
    riga = righe(chi)[0]
    indirizzo = reverse("prestazioni:correggi", args=[riga.uuid])
    altra = PresaInCaricoFactory(
        beneficiario=BeneficiarioFactory(ente=chi.ente), azione=presa.azione, aperta_il=UN_ANNO_FA
    )

    assert entrato.get(indirizzo).status_code == 200
    dati = scritto(altra, servizio, durata="60", uuid=str(riga.uuid), versione="1")
    assert entrato.post(indirizzo, dati).status_code == 302
    conflitto = entrato.post(indirizzo, dati | {"durata": "15"})
    nuova = zuppa(conflitto).select_one("[name=versione]")["value"]

    assert "Qualcuno ha cambiato" in _errori(conflitto)
    assert nuova == "2"
    assert entrato.post(indirizzo, dati | {"durata": "15", "versione": nuova}).status_code == 302
    with come(chi):
        assert Prestazione.objects.get().minuti == 15
        assert Partecipazione.objects.get().beneficiario_id == altra.beneficiario_id


def test_annullare_toglie_la_riga_e_solo_a_chi_la_puo_cambiare(
    entrato, client, chi, presa, servizio, htmx
):
    entrato.post(REGISTRA, scritto(presa, servizio))
    riga = righe(chi)[0]
    annulla = reverse("prestazioni:annulla", args=[riga.uuid])
    collega = type(client)().entra(attore(ente=chi.ente))

    assert collega.post(annulla).status_code == 403
    risposta = entrato.post(annulla, **htmx)

    assert zuppa(risposta).select_one("#registrate-oggi")
    assert not zuppa(risposta).select("form[data-registra]")
    assert righe(chi) == []


def test_la_pagina_di_una_riga_dice_tutto_e_l_appunto_a_chi_puo(
    entrato, client, chi, presa, servizio
):
    entrato.post(REGISTRA, scritto(presa, servizio, nota="Solo per chi la segue."))
    riga = righe(chi)[0]
    indirizzo = reverse("prestazioni:prestazione", args=[riga.uuid])
    collega = type(client)().entra(attore(ente=chi.ente))
    estraneo = type(client)().entra(attore())

    assert "Solo per chi la segue." in entrato.get(indirizzo).content.decode()
    assert "Solo per chi la segue." not in collega.get(indirizzo).content.decode()
    assert estraneo.get(indirizzo).status_code == 404


def test_dalla_persona_si_vedono_le_sue_e_si_registra(entrato, chi, presa, servizio):
    PartecipazioneFactory(
        presa=presa, prestazione=PrestazioneFactory(ente=chi.ente, servizio=servizio)
    )
    uuid = presa.beneficiario.uuid

    pagina = entrato.get(reverse("prestazioni:della_persona", args=[uuid])).content.decode()
    registra = zuppa(entrato.get(REGISTRA, {"persona": uuid}))

    assert "Sportello" in pagina
    assert f"{REGISTRA}?persona={uuid}" in pagina
    assert registra.select_one(f"#p-{uuid}").has_attr("checked")


def test_la_pagina_si_apre_con_poche_interrogazioni(entrato, chi, presa, servizio):
    for _ in range(8):
        altra = PresaInCaricoFactory(
            beneficiario=BeneficiarioFactory(ente=chi.ente), operatore=chi.utente
        )
        PartecipazioneFactory(
            presa=altra,
            prestazione=PrestazioneFactory(
                ente=chi.ente, servizio=servizio, operatore=chi.utente, azione=altra.azione
            ),
        )
    entrato.get(REGISTRA)

    with al_massimo(16):
        entrato.get(REGISTRA)


def test_chi_non_lavora_con_le_persone_non_registra(client):
    client.entra(attore(Ruolo.COORDINATORE))

    assert client.get(REGISTRA).status_code == 403


def test_l_operatore_comincia_da_registra_e_il_referente_da_oggi(client):
    accedi = reverse("enti:accedi")

    assert client.entra(attore()).get(accedi).url == REGISTRA
    assert client.entra(attore(Ruolo.REFERENTE)).get(accedi).url == reverse("report:casa")
