"""I gruppi, dalle pagine: crearli, il loro calendario, chi ne fa parte, quanto viene."""

import datetime
import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiari.models import Componente, PresaInCarico
from enti.permessi import Ruolo
from prestazioni.calendario import frequenze, incontri
from prestazioni.models import GruppoPresenze, MembroDiGruppo
from privacy.gruppi import Uscita
from privacy.letture import registra_letture
from privacy.models import RegistroAccessi
from tests.fabbriche import attore
from tests.fabbriche_persone import (
    AzioneFactory,
    BeneficiarioFactory,
    ComponenteFactory,
    PresaInCaricoFactory,
    come,
)
from tests.fabbriche_prestazioni import (
    GruppoPresenzeFactory,
    MembroDiGruppoFactory,
    PartecipazioneFactory,
    PrestazioneFactory,
    ServizioFactory,
)
from tests.interrogazioni import al_massimo


pytestmark = pytest.mark.django_db

LUNEDI = datetime.date(2026, 3, 2)


@pytest.fixture
def chi():
    return attore(Ruolo.REFERENTE)


@pytest.fixture
def dentro(client, chi):
    return client.entra(chi)


@pytest.fixture
def gruppo(chi):
    return GruppoPresenzeFactory(
        ente=chi.ente,
        operatore=chi.utente,
        nome="Centro estivo",
        dal=LUNEDI,
        al=datetime.date(2026, 3, 31),
        giorni=[0, 2],
    )


def _pagina(nome, gruppo=None) -> str:
    return reverse(f"prestazioni:{nome}", args=[gruppo.uuid] if gruppo else [])


def _persona(chi, cognome="Rossi", **campi):
    return BeneficiarioFactory(ente=chi.ente, cognome=cognome, **campi)


def _membro(gruppo, **campi) -> MembroDiGruppo:
    presa = PresaInCaricoFactory(
        beneficiario=BeneficiarioFactory(ente=gruppo.ente, **campi.pop("persona", {})),
        azione=gruppo.azione,
    )
    return MembroDiGruppoFactory(gruppo_presenze=gruppo, presa=presa, **{"dal": LUNEDI} | campi)


def _tenuto(gruppo, giorno, membri=(), **campi):
    foglio = PrestazioneFactory(
        ente=gruppo.ente,
        gruppo=gruppo,
        servizio=gruppo.servizio,
        azione=gruppo.azione,
        giorno=giorno,
        **campi,
    )
    for membro in membri:
        PartecipazioneFactory(presa=membro.presa, prestazione=foglio)
    return foglio


def _parti(chi) -> dict[str, str]:
    with come(chi), registra_letture("prova"):
        membri = MembroDiGruppo.objects.select_related("beneficiario")
        return {membro.beneficiario.cognome: membro.parte for membro in membri}


def _modulo(chi, **campi) -> dict:
    with come(chi):
        operatore = str(chi.utente.appartenenze.get(ente=chi.ente).uuid)
    return {
        "nome": "Laboratorio",
        "servizio": str(ServizioFactory(ente=chi.ente).uuid),
        "azione": AzioneFactory().slug,
        "operatore": operatore,
        "modo": "presenza",
        "dal": "2026-03-02",
        "giorni": ["0", "2"],
    } | campi


def test_si_crea_un_gruppo_e_poi_si_sceglie_chi_ne_fa_parte(dentro, chi):
    modulo = _modulo(
        chi, ora="15:30", minuti="90", salta="9/3/2026, 16-03-26", in_piu="2026-03-05"
    )

    risposta = dentro.post(_pagina("gruppo_nuovo"), modulo)

    with come(chi):
        creato = GruppoPresenze.objects.get()
    assert risposta.url == _pagina("gruppo_persone", creato)
    assert creato.giorni == [0, 2]
    assert creato.salta == [datetime.date(2026, 3, 9), datetime.date(2026, 3, 16)]
    assert creato.incontri_previsti(LUNEDI, datetime.date(2026, 3, 11)) == [
        datetime.date(2026, 3, giorno) for giorno in (2, 4, 5, 11)
    ]


@pytest.mark.parametrize(
    ("campi", "campo", "frase"),
    [
        ({"nome": ""}, "nome", "Scrivi come si chiama"),
        ({"servizio": ""}, "servizio", "Scegli il servizio"),
        ({"azione": "inventata"}, "azione", "Scegli"),
        ({"al": "2026-03-01"}, "al", "non può finire prima"),
        ({"minuti": "0"}, "minuti", "da 1 minuto a 24 ore"),
        ({"ora": "venti"}, "ora", "come 15:30"),
        ({"salta": "30/02/2026"}, "salta", "«30/02/2026» non è una data"),
        ({"giorni": ["7"]}, "giorni", "Scegli"),
    ],
)
def test_cio_che_non_va_si_dice_accanto_al_campo(dentro, chi, campi, campo, frase):
    risposta = dentro.post(_pagina("gruppo_nuovo"), _modulo(chi) | campi)

    assert risposta.status_code == 422
    assert frase in " ".join(risposta.context["form"].errors[campo])


def test_due_gruppi_uguali_lo_stesso_giorno_non_si_fanno(dentro, chi, gruppo):
    risposta = dentro.post(_pagina("gruppo_nuovo"), _modulo(chi, nome="Centro estivo"))

    assert risposta.status_code == 422
    assert "C&#x27;è già un gruppo con questo nome" in risposta.content.decode()


def test_l_azione_non_cambia_a_chi_ha_gia_dei_membri(dentro, chi, gruppo):
    modulo = _modulo(chi, servizio=str(gruppo.servizio.uuid), nome="Nuovo nome")
    _membro(gruppo)

    risposta = dentro.post(_pagina("gruppo_modifica", gruppo), modulo)
    salvato = dentro.post(
        _pagina("gruppo_modifica", gruppo), modulo | {"azione": gruppo.azione.slug}
    )

    assert "Nel gruppo ci sono già persone" in str(risposta.context["form"].errors["azione"])
    assert salvato.url == _pagina("gruppo", gruppo)
    with come(chi):
        assert GruppoPresenze.objects.get().nome == "Nuovo nome"


def test_nell_elenco_i_miei_vengono_prima_e_i_finiti_stanno_a_parte(dentro, chi, gruppo):
    altro = GruppoPresenzeFactory(ente=chi.ente, nome="Aaa di un collega")
    mio = GruppoPresenzeFactory(ente=chi.ente, nome="Mio", operatore=chi.utente)

    attivi = dentro.get(_pagina("gruppi")).context["voci"]
    finiti = dentro.get(_pagina("gruppi") + "?stato=finiti").context["voci"]

    assert [voce.gruppo for voce in attivi] == [mio, altro]
    assert [voce.gruppo for voce in finiti] == [gruppo]
    assert len(finiti[0].mancanti) == 9


def test_l_elenco_costa_lo_stesso_con_uno_o_con_venti_gruppi(dentro, chi):
    for _ in range(20):
        GruppoPresenzeFactory(ente=chi.ente, giorni=[0])

    with al_massimo(15):
        assert len(dentro.get(_pagina("gruppi")).context["voci"]) == 20


def test_il_calendario_dice_chi_c_era_e_quali_fogli_mancano(dentro, chi, gruppo):
    uno, due = _membro(gruppo), _membro(gruppo)
    _tenuto(gruppo, LUNEDI, [uno], senza_nome=3)
    _tenuto(gruppo, datetime.date(2026, 3, 4), senza_nome=5)

    pagina = dentro.get(_pagina("gruppo", gruppo) + "?mese=2026-03")

    primo, secondo, terzo, *_ = pagina.context["incontri"]
    assert (primo.presenti, primo.assenti, primo.in_tutto) == (1, 1, 4)
    assert (secondo.presenti, secondo.assenti, secondo.in_tutto) == (0, None, 5)
    assert (terzo.giorno, terzo.stato) == (datetime.date(2026, 3, 9), "manca")
    assert pagina.context["mancanti_in_tutto"] == 7
    assert "Manca il foglio del 30 marzo 2026" in pagina.content.decode()
    assert due.al is None


def test_un_incontro_non_tenuto_smette_di_mancare(dentro, chi, gruppo):
    dentro.post(_pagina("gruppo_salta", gruppo), {"giorno": "2026-03-09"})
    dentro.post(_pagina("gruppo_salta", gruppo), {"giorno": "2026-03-09"})
    sbagliato = dentro.post(_pagina("gruppo_salta", gruppo), {"giorno": "mai"}, follow=True)

    with come(chi):
        gruppo.refresh_from_db()
        giorni = [
            voce.giorno for voce in incontri(gruppo, LUNEDI, gruppo.al, timezone.localdate())
        ]
    assert gruppo.salta == [datetime.date(2026, 3, 9)]
    assert datetime.date(2026, 3, 9) not in giorni
    assert "non esiste" in sbagliato.content.decode()


def test_entrano_in_molti_insieme_e_si_apre_la_presa_a_chi_manca(dentro, chi, gruppo):
    seguita = PresaInCaricoFactory(beneficiario=_persona(chi, "Seguita"), azione=gruppo.azione)
    nuova = _persona(chi, "Nuova")
    persone = [str(seguita.beneficiario.uuid), str(nuova.uuid)]
    modulo = {"gesto": "aggiungi", "persone": persone, "dal": "2026-03-02", "parte": "Rossi"}

    senza = dentro.post(_pagina("gruppo_aggiungi", gruppo), modulo)
    entrati = dentro.post(_pagina("gruppo_aggiungi", gruppo), modulo | {"canale": "passaparola"})

    assert senza.status_code == 422
    assert "scegli come è arrivato" in senza.content.decode()
    assert {persona.cognome for persona in senza.context["segnate"]} == {"Seguita", "Nuova"}
    assert entrati.url == _pagina("gruppo_persone", gruppo)
    assert _parti(chi) == {"Seguita": "Rossi", "Nuova": "Rossi"}
    with come(chi), registra_letture("prova"):
        aperta = PresaInCarico.objects.get(beneficiario=nuova)
    assert (aperta.azione_id, aperta.aperta_il) == (gruppo.azione_id, LUNEDI)


def test_chi_e_seguito_col_nucleo_entra_con_la_presa_del_nucleo(dentro, chi, gruppo):
    figlio = _persona(chi, "Figlio")
    dentro_al_nucleo = ComponenteFactory(beneficiario=figlio, dal=datetime.date(2026, 1, 1))
    presa = PresaInCaricoFactory(
        beneficiario=None, nucleo=dentro_al_nucleo.nucleo, ente=chi.ente, azione=gruppo.azione
    )

    dentro.post(
        _pagina("gruppo_aggiungi", gruppo),
        {"gesto": "aggiungi", "persone": [str(figlio.uuid)], "dal": "2026-03-02"},
    )

    with come(chi), registra_letture("prova"):
        membro = MembroDiGruppo.objects.get()
        assert Componente.objects.count() == 1
    assert (membro.presa_id, membro.beneficiario_id) == (presa.pk, figlio.pk)


def test_si_cerca_fra_i_minori_gia_seguiti_o_fra_tutti(dentro, chi, gruppo):
    bambina = _persona(chi, "Bambina", data_nascita=datetime.date(2017, 5, 1))
    for persona in (bambina, _persona(chi, "Adulta")):
        PresaInCaricoFactory(beneficiario=persona, azione=gruppo.azione)
    _persona(chi, "Bambino", data_nascita=datetime.date(2016, 5, 1))
    gia = _membro(gruppo, persona={"cognome": "Bambinona"})

    def trovate(**campi) -> list[str]:
        pagina = dentro.post(_pagina("gruppo_aggiungi", gruppo), {"gesto": "cerca"} | campi)
        return [persona.cognome for persona in pagina.context["trovate"] or ()]

    assert trovate(fra="seguiti") == ["Adulta", "Bambina"]
    assert trovate(fra="seguiti", minori="on") == ["Bambina"]
    assert trovate(fra="tutti", testo="bam") == ["Bambina", "Bambino"]
    assert trovate(fra="tutti", nati_dal="2016", nati_al="2016") == ["Bambino"]
    assert trovate(fra="tutti") == []
    assert trovate(fra="seguiti", persone=[str(bambina.uuid)]) == ["Adulta"]
    assert gia.al is None


def test_una_persona_di_un_altro_ente_non_entra(dentro, chi, gruppo):
    estranea = BeneficiarioFactory()

    risposta = dentro.post(
        _pagina("gruppo_aggiungi", gruppo),
        {"gesto": "aggiungi", "persone": [str(estranea.uuid), "mai"], "dal": "2026-03-02"},
    )

    assert risposta.status_code == 422
    assert "Segna almeno una persona" in risposta.content.decode()


def test_il_gruppo_si_divide_per_eta_il_giorno_in_cui_comincia(dentro, chi, gruppo):
    for cognome, nascita in (
        ("Sei", datetime.date(2020, 3, 2)),
        ("Ancora cinque", datetime.date(2020, 3, 3)),
        ("Undici", datetime.date(2015, 1, 1)),
        ("Senza data", None),
    ):
        _membro(gruppo, persona={"cognome": cognome, "data_nascita": nascita})

    risposta = dentro.post(
        _pagina("gruppo_persone", gruppo), {"gesto": "eta", "fasce": "6-8, 9-11"}, follow=True
    )

    assert _parti(chi) == {
        "Sei": "6-8 anni",
        "Ancora cinque": "",
        "Undici": "9-11 anni",
        "Senza data": "",
    }
    assert "restano dov&#x27;era" in risposta.content.decode()


@pytest.mark.parametrize("fasce", ["", "sei", "8-6", "6-8, 8-10", "6-200"])
def test_fasce_impossibili_si_dicono(dentro, gruppo, fasce):
    _membro(gruppo)

    risposta = dentro.post(_pagina("gruppo_persone", gruppo), {"gesto": "eta", "fasce": fasce})

    assert risposta.status_code == 422
    assert risposta.context["eta"].errors["fasce"]


def test_si_sposta_e_si_fa_uscire_senza_perdere_la_storia(dentro, chi, gruppo):
    uno = _membro(gruppo, persona={"cognome": "Uno"})
    _membro(gruppo, persona={"cognome": "Due"})
    segnata = {"persone": [str(uno.beneficiario.uuid)]}
    pagina = _pagina("gruppo_persone", gruppo)

    nessuna = dentro.post(pagina, {"gesto": "sposta", "parte": "Blu"})
    dentro.post(pagina, {"gesto": "sposta", "parte": "Blu"} | segnata)
    presto = dentro.post(pagina, {"gesto": "togli", "al": "2026-02-01"} | segnata)
    dentro.post(pagina, {"gesto": "togli", "al": "2026-03-15"} | segnata)

    assert nessuna.status_code == presto.status_code == 422
    assert "prima di esserci entrati" in presto.content.decode()
    assert _parti(chi) == {"Uno": "Blu", "Due": ""}
    with come(chi):
        usciti = MembroDiGruppo.objects.exclude(al=None).per_calcolo()
        assert list(usciti.values_list("beneficiario", "al")) == [
            (uno.beneficiario_id, datetime.date(2026, 3, 15))
        ]


def test_la_frequenza_conta_solo_gli_incontri_coi_nomi_mentre_si_era_nel_gruppo(chi, gruppo):
    sempre = _membro(gruppo, persona={"cognome": "A"})
    tre_su_quattro = _membro(gruppo, persona={"cognome": "B"})
    dopo = _membro(gruppo, persona={"cognome": "C"}, dal=datetime.date(2026, 3, 10))
    giorni = [datetime.date(2026, 3, giorno) for giorno in (2, 4, 9, 11)]
    for numero, giorno in enumerate(giorni):
        presenti = [sempre, tre_su_quattro] if numero else [sempre]
        _tenuto(gruppo, giorno, presenti)
    _tenuto(gruppo, datetime.date(2026, 3, 16), senza_nome=9)

    with come(chi), registra_letture("prova"):
        righe = frequenze(gruppo, LUNEDI, gruppo.al)

    assert [(r.presenze, r.su, r.percento, r.regolare) for r in righe] == [
        (4, 4, 100, True),
        (3, 4, 75, True),
        (0, 1, 0, False),
    ]
    assert dopo.al is None


def test_la_frequenza_esce_in_csv_ed_excel_con_celle_sicure(dentro, chi, gruppo):
    membro = _membro(gruppo, persona={"cognome": "=1+1", "nome": "Lia"})
    _tenuto(gruppo, LUNEDI, [membro])

    csv = dentro.get(_pagina("frequenza_csv", gruppo)).content.decode("utf-8-sig")
    xlsx = dentro.get(_pagina("frequenza_xlsx", gruppo)).content
    foglio = openpyxl.load_workbook(io.BytesIO(xlsx)).active

    assert ";'=1+1;Lia;1985;02/03/2026;;1;1;100;sì" in csv
    assert foglio["B2"].value == "'=1+1"
    with come(chi):
        uscite = RegistroAccessi.objects.filter(utente=chi.utente, uscita=Uscita.FOGLIO)
        assert uscite.count() == 2


def test_la_frequenza_non_la_esporta_chi_non_risponde_dei_dati(client, chi, gruppo):
    operatore = client.entra(attore(Ruolo.OPERATORE, ente=chi.ente))

    assert operatore.get(_pagina("frequenza", gruppo)).status_code == 200
    assert operatore.get(_pagina("frequenza_csv", gruppo)).status_code == 403


def test_il_foglio_da_stampare_ha_nomi_date_e_lascia_traccia(dentro, chi, gruppo):
    membro = _membro(gruppo, persona={"cognome": "Stampata"}, parte="Blu")
    _membro(gruppo, persona={"cognome": "Altra"}, parte="Verdi")
    indirizzo = f"{_pagina('foglio_presenze', gruppo)}?dal=2026-03-23&quante=4&parte=Blu"

    pagina = dentro.get(indirizzo)

    testo = pagina.content.decode()
    assert "Stampata" in testo
    assert "Altra" not in testo
    assert pagina.context["date"] == [
        *(datetime.date(2026, 3, giorno) for giorno in (23, 25, 30)),
        None,
    ]
    with come(chi):
        lette = RegistroAccessi.objects.filter(utente=chi.utente, uscita=Uscita.PDF)
        assert membro.beneficiario_id in {riga.beneficiario for riga in lette}


def test_di_un_gruppo_finito_si_ritrova_chi_ne_faceva_parte(dentro, chi, gruppo):
    _membro(gruppo, persona={"cognome": "Estiva"}, al=gruppo.al)

    foglio = dentro.get(_pagina("foglio_presenze", gruppo))
    dopo = dentro.get(f"{_pagina('foglio_presenze', gruppo)}?dal=2026-05-04")
    calendario = dentro.get(_pagina("gruppo", gruppo)).text
    elenco = dentro.get(f"{reverse('prestazioni:gruppi')}?stato=finiti").text

    assert (foglio.context["date"][0], "Estiva" in foglio.text) == (LUNEDI, True)
    assert "Estiva" not in dopo.text
    for testo in (calendario, elenco):
        assert "Ne ha fatto parte" in testo
        assert "si contano soltanto" not in testo


def test_un_foglio_dopo_la_fine_dice_che_il_gruppo_e_finito(dentro, gruppo):
    pagina = dentro.get(reverse("prestazioni:presenze", args=[gruppo.uuid, "2026-04-01"]))

    assert "Il gruppo è finito il 31 marzo 2026" in pagina.text


def test_un_gruppo_si_chiude_con_una_data_possibile(dentro, chi, gruppo):
    prima = dentro.post(_pagina("gruppo_chiudi", gruppo), {"al": "2026-02-01"})
    chiuso = dentro.post(_pagina("gruppo_chiudi", gruppo), {"al": "2026-03-20"})

    assert prima.status_code == 422
    assert "non può finire prima" in prima.content.decode()
    assert chiuso.url == _pagina("gruppo", gruppo)
    with come(chi):
        assert GruppoPresenze.objects.get().al == datetime.date(2026, 3, 20)
