"""Le ore: dalle stesse righe, mai inventate; firmate non cambiano; rettificate si vede."""

import datetime
import io
from uuid import uuid4

import openpyxl
import outloud
import pdfua
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from assi.models import EnteDiAzione
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from prestazioni.azioni.ore import (
    MeseScelto,
    correggi_indiretta,
    firma_mesi,
    registra_indiretta,
    rettifica,
    togli_indiretta,
)
from prestazioni.models import Affiancamento, AttivitaIndiretta, FoglioOre, Prestazione, Rettifica
from prestazioni.sguardi.ore import (
    Ore,
    da_ricordare,
    fogli_del_mese,
    mesi_da_firmare,
    senza_durata,
    somma,
)
from prestazioni.templatetags.ore import ore_decimali, ore_e_minuti
from registro.comune.mesi import fra_mesi
from tests.fabbriche import attore
from tests.fabbriche_persone import AzioneFactory, come
from tests.fabbriche_prestazioni import (
    AttivitaIndirettaFactory,
    FoglioOreFactory,
    PrestazioneFactory,
    ServizioFactory,
)
from tests.interrogazioni import al_massimo


pytestmark = pytest.mark.django_db

QUESTO_MESE = timezone.localdate().replace(day=1)
MESE = fra_mesi(QUESTO_MESE, -1)
PRIMO_GIORNO, SECONDO_GIORNO = MESE, MESE + datetime.timedelta(1)
ANNO_E_MESE = [MESE.year, MESE.month]


@pytest.fixture
def referente():
    return attore(Ruolo.REFERENTE)


@pytest.fixture
def operatore(referente):
    chi = attore(ente=referente.ente)
    _da_sempre(chi)
    return chi


@pytest.fixture
def azione(referente):
    sua = AzioneFactory(titolo="Sportello lavoro")
    EnteDiAzione.objects.create(azione=sua, ente=referente.ente)
    return sua


@pytest.fixture
def servizio(referente):
    return ServizioFactory(ente=referente.ente)


def _da_sempre(chi):
    with come_sistema(chi.ente):
        chi.utente.appartenenze.update(inizio=datetime.date(2020, 1, 1))


def _appartenenza(chi):
    with come_sistema(chi.ente):
        return chi.utente.appartenenze.get().uuid


def _fatta(chi, servizio, azione, **altro):
    return PrestazioneFactory(
        ente=chi.ente,
        servizio=servizio,
        azione=azione,
        operatore=chi.utente,
        **{"giorno": PRIMO_GIORNO, "minuti": 60} | altro,
    )


def _indiretta(chi, **altro):
    return AttivitaIndirettaFactory(
        ente=chi.ente, operatore=chi.utente, **{"giorno": PRIMO_GIORNO, "minuti": 30} | altro
    )


def _foglio(chi):
    with come(chi):
        (foglio,) = fogli_del_mese(chi.ente, MESE, operatore=chi.utente)
    return foglio


def _firmato(referente, operatore) -> FoglioOre:
    with come(referente):
        firma_mesi(scelti=[MeseScelto(MESE, operatore.utente)], da=referente)
        return FoglioOre.objects.get(operatore=operatore.utente)


def _dati(**altro) -> dict:
    return {
        "uuid": uuid4(),
        "tipo": "riunione",
        "azione": "",
        "giorno": timezone.localdate().isoformat(),
        "durata": "1h30",
        "descrizione": "Équipe",
    } | altro


def test_una_riga_di_un_mese_firmato_lo_dice_e_non_offre_di_cambiarla(
    client, referente, operatore, servizio, azione
):
    riga = _fatta(operatore, servizio, azione)
    indirizzo = reverse("prestazioni:prestazione", args=[riga.uuid])
    correggi = reverse("prestazioni:correggi", args=[riga.uuid])
    client.entra(referente)

    prima = client.get(indirizzo).text
    _firmato(referente, operatore)
    dopo = client.get(indirizzo).text

    assert correggi in prima
    assert "Mese firmato" not in prima
    assert correggi not in dopo
    assert "Mese firmato" in dopo


def test_le_ore_con_le_persone_sono_di_chi_l_ha_fatta_e_di_chi_affiancava(
    referente, operatore, servizio, azione
):
    riga = _fatta(operatore, servizio, azione, minuti=90)
    with come(operatore):
        Affiancamento.objects.create(
            ente=operatore.ente, prestazione=riga, utente=referente.utente, minuti=30
        )
    altra = _fatta(operatore, servizio, azione, minuti=20, giorno=SECONDO_GIORNO)
    with come(operatore):
        Affiancamento.objects.create(
            ente=operatore.ente, prestazione=altra, utente=referente.utente
        )

    assert _foglio(operatore).ore == Ore(diretti=110)
    suo = _foglio(referente)
    assert [(g.giorno, g.ore.diretti) for g in suo.giorni] == [
        (PRIMO_GIORNO, 30),
        (SECONDO_GIORNO, 20),
    ]


def test_una_durata_non_detta_non_vale_zero(operatore, servizio, azione):
    muta = _fatta(operatore, servizio, azione, minuti=None)

    foglio = _foglio(operatore)
    with come(operatore):
        elencate = senza_durata(operatore.ente, MESE, operatore.utente)

    assert foglio.ore == Ore(diretti=None, senza_durata=1)
    assert foglio.ore.totale is None
    assert elencate == [muta]
    assert ore_e_minuti(foglio.ore.totale) == "–"


def test_per_azione_il_totale_e_la_somma_delle_parti(operatore, servizio, azione):
    altra = AzioneFactory(titolo="Accoglienza")
    _fatta(operatore, servizio, azione, minuti=45)
    _fatta(operatore, servizio, altra, minuti=15)
    _indiretta(operatore, azione=azione, minuti=60)
    _indiretta(operatore, azione=None, minuti=20)

    foglio = _foglio(operatore)

    assert [(parte.azione, parte.ore.totale) for parte in foglio.per_azione] == [
        (altra, 15),
        (azione, 105),
        (None, 20),
    ]
    assert foglio.ore == Ore(diretti=60, indiretti=80)
    assert foglio.ore.totale == somma(*(ore.totale for _, ore in foglio.azioni_in_breve)) == 140


def test_un_giorno_oltre_ventiquattr_ore_si_dice_e_non_si_ferma(
    client, operatore, servizio, azione
):
    for _ in range(2):
        _fatta(operatore, servizio, azione, minuti=800)

    pagina = client.entra(operatore).get(reverse("prestazioni:ore"), {"mese": f"{MESE:%Y-%m}"})

    assert "più delle ventiquattr" in pagina.content.decode()
    assert [giorno.giorno for giorno in _foglio(operatore).oltre] == [PRIMO_GIORNO]


def test_una_attivita_mandata_due_volte_e_una_riga(client, operatore):
    dati = _dati()
    client.entra(operatore)

    for _ in range(2):
        risposta = client.post(reverse("prestazioni:ore"), dati)

    assert risposta.status_code == 302
    with come(operatore):
        (riga,) = AttivitaIndiretta.objects.di(operatore.ente)
    assert (riga.minuti, riga.operatore, riga.descrizione) == (90, operatore.utente, "Équipe")


def test_una_attivita_rimandata_con_altro_lo_dice_e_non_perde_niente(client, operatore):
    dati = _dati()
    client.entra(operatore).post(reverse("prestazioni:ore"), dati)

    risposta = client.post(reverse("prestazioni:ore"), dati | {"durata": "2h"})

    assert risposta.status_code == 422
    assert "la risposta si era persa" in risposta.content.decode()
    with come(operatore):
        assert [riga.minuti for riga in AttivitaIndiretta.objects.di(operatore.ente)] == [90]


def test_due_tocchi_su_una_rettifica_ne_scrivono_una(client, referente, operatore):
    firmato = _firmato(referente, operatore)
    indirizzo = reverse("prestazioni:ore_rettifica", args=[firmato.uuid])
    dati = {"verso": "meno", "durata": "1h30", "azione": "", "motivo": "Un incontro saltato."}
    client.entra(referente).post(indirizzo, dati)

    risposta = client.post(indirizzo, dati)

    assert risposta.status_code == 422
    assert "già scritta" in risposta.content.decode()
    with come(referente):
        assert [voce.minuti for voce in firmato.rettifiche.all()] == [-90]


def test_anche_un_mese_di_due_anni_fa_si_firma_ma_in_oggi_non_si_ricorda(
    client, referente, operatore, servizio, azione
):
    lontano = fra_mesi(MESE, -24)
    _fatta(operatore, servizio, azione, giorno=lontano)

    pagina = client.entra(referente).get(reverse("prestazioni:ore_firma"))

    assert [foglio.mese for _, foglio in pagina.context["fogli"]] == [lontano]
    with come(referente):
        assert da_ricordare(referente.ente, timezone.localdate()) == []


@pytest.mark.parametrize(
    ("scritto", "frase"),
    [
        ({"durata": "0"}, "1 minuto a 24 ore"),
        ({"durata": "25h"}, "1 minuto a 24 ore"),
        ({"durata": "2"}, "ore o minuti"),
        ({"durata": "boh"}, "non è una durata"),
        ({"giorno": "2999-01-01"}, "nel futuro"),
        ({"tipo": ""}, "Scegli che cosa hai fatto"),
    ],
)
def test_cio_che_non_va_si_dice_accanto_e_cio_che_era_scritto_resta(
    client, operatore, scritto, frase
):
    risposta = client.entra(operatore).post(reverse("prestazioni:ore"), _dati(**scritto))

    pagina = risposta.content.decode()
    assert risposta.status_code == 422
    assert frase in pagina
    assert 'value="Équipe"' in pagina
    with come(operatore):
        assert not AttivitaIndiretta.objects.exists()


def test_ripetere_parte_da_com_era_con_la_data_di_oggi(client, operatore):
    vecchia = _indiretta(operatore, tipo="viaggio", minuti=45)

    pagina = client.entra(operatore).get(reverse("prestazioni:ore"), {"ripeti": vecchia.uuid})

    form = pagina.context["form"]
    assert form["tipo"].value() == "viaggio"
    assert form["durata"].value() == "45'"
    assert form["giorno"].value() == timezone.localdate()
    assert form["uuid"].value() != vecchia.uuid


def test_correggere_e_togliere_un_attivita(client, operatore):
    riga = _indiretta(operatore)
    client.entra(operatore)
    dati = _dati(uuid=riga.uuid, durata="2h", giorno=PRIMO_GIORNO.isoformat())

    client.post(reverse("prestazioni:ore_indiretta", args=[riga.uuid]), dati)
    dopo = _foglio(operatore).ore.indiretti
    client.post(reverse("prestazioni:ore_indiretta_togli", args=[riga.uuid]))

    assert dopo == 120
    assert _foglio(operatore).vuoto


def test_un_collega_non_cambia_la_mia_attivita_il_referente_si(referente, operatore):
    riga = _indiretta(operatore)
    collega = attore(ente=operatore.ente)

    with come(collega), pytest.raises(PermissionDenied):
        togli_indiretta(attivita=riga, da=collega)
    with come(referente):
        correggi_indiretta(attivita=riga, da=referente, minuti=10)

    assert _foglio(operatore).ore.indiretti == 10


def test_un_altro_ente_non_vede_ne_tocca_le_ore(client, operatore):
    riga = _indiretta(operatore)
    altrove = attore(Ruolo.REFERENTE)
    client.entra(altrove)

    assert client.get(reverse("prestazioni:ore_indiretta", args=[riga.uuid])).status_code == 404
    appartenenza = _appartenenza(operatore)
    indirizzo = reverse("prestazioni:ore_operatore", args=[appartenenza, *ANNO_E_MESE])
    assert client.get(indirizzo).status_code == 404


def test_il_referente_vede_le_ore_di_tutti_e_chi_manca(
    client, referente, operatore, servizio, azione
):
    _fatta(operatore, servizio, azione)
    assente = attore(ente=referente.ente)
    _da_sempre(assente)

    pagina = client.entra(referente).get(reverse("prestazioni:ore_mese", args=ANNO_E_MESE))

    assert pagina.status_code == 200
    assert pagina.context["totale"].diretti == 60
    assert assente.utente in [foglio.operatore for foglio in pagina.context["mancano"]]
    assert [foglio.operatore for foglio in pagina.context["da_firmare"]] == [operatore.utente]


def test_la_pagina_di_tutti_chiede_quindici_cose_al_database_anche_con_tanti(
    client, referente, servizio, azione
):
    for _ in range(8):
        chi = attore(ente=referente.ente)
        _fatta(chi, servizio, azione)
        _indiretta(chi)
    client.entra(referente)

    with al_massimo(15):
        client.get(reverse("prestazioni:ore_mese", args=ANNO_E_MESE))


def test_prima_di_firmare_si_vede_che_cosa_si_ferma(
    client, referente, operatore, servizio, azione
):
    _fatta(operatore, servizio, azione, minuti=75)
    _fatta(operatore, servizio, azione, minuti=None)
    client.entra(referente)
    chiave = f"{MESE:%Y-%m}:{_appartenenza(operatore)}"

    scelta = client.get(reverse("prestazioni:ore_firma"))
    conferma = client.post(reverse("prestazioni:ore_firma"), {"mesi": [chiave]})
    with come(referente):
        prima = FoglioOre.objects.count()
    fatto = client.post(reverse("prestazioni:ore_firma"), {"mesi": [chiave], "gesto": "firma"})

    assert chiave in scelta.content.decode()
    testo = conferma.content.decode().replace("\xa0", " ")
    assert "1 h 15 min" in testo
    assert "1 prestazione senza durata" in testo
    assert prima == 0
    assert fatto.status_code == 302
    with come(referente):
        assert FoglioOre.objects.get().firmato_da == referente.utente
        assert mesi_da_firmare(referente.ente, timezone.localdate()) == []


def test_si_firmano_piu_mesi_insieme_e_quelli_gia_firmati_restano(referente, operatore):
    mesi = [fra_mesi(MESE, -n) for n in range(3)]
    scelti = [MeseScelto(mese, operatore.utente) for mese in mesi]
    _firmato(referente, operatore)

    with come(referente):
        assert firma_mesi(scelti=scelti, da=referente) == 2
        assert FoglioOre.objects.count() == 3


def test_un_mese_in_corso_non_si_firma_e_non_se_ne_firma_nessun_altro(referente, operatore):
    scelti = [MeseScelto(MESE, operatore.utente), MeseScelto(QUESTO_MESE, operatore.utente)]

    with come(referente), pytest.raises(ValidationError, match="quando è finito"):
        firma_mesi(scelti=scelti, da=referente)
    with come(referente):
        assert not FoglioOre.objects.exists()


def test_un_operatore_non_firma(referente, operatore):
    with come(operatore), pytest.raises(PermissionDenied):
        firma_mesi(scelti=[MeseScelto(MESE, operatore.utente)], da=operatore)


def test_dopo_la_firma_le_righe_sono_ferme(client, referente, operatore, servizio, azione):
    riga, attivita = _fatta(operatore, servizio, azione), _indiretta(operatore)
    _firmato(referente, operatore)
    frase = "già firmato"

    with come(operatore), pytest.raises(ValidationError, match=frase):
        togli_indiretta(attivita=attivita, da=operatore)
    with come(operatore), pytest.raises(ValidationError, match=frase):
        correggi_indiretta(attivita=attivita, da=operatore, minuti=1)
    with come(operatore), pytest.raises(ValidationError, match=frase):
        registra_indiretta(
            uuid=uuid4(),
            tipo="viaggio",
            azione=None,
            giorno=SECONDO_GIORNO,
            minuti=5,
            descrizione="",
            da=operatore,
        )
    client.entra(operatore).post(reverse("prestazioni:annulla", args=[riga.uuid]))
    with come(operatore):
        assert Prestazione.objects.filter(pk=riga.pk).exists()
    assert _foglio(operatore).ore == Ore(diretti=60, indiretti=30)


def test_una_rettifica_si_vede_a_parte_e_conta_nel_totale(
    client, referente, operatore, servizio, azione
):
    _fatta(operatore, servizio, azione, minuti=120)
    firmato = _firmato(referente, operatore)
    dati = {
        "verso": "meno",
        "durata": "1h30",
        "azione": azione.slug,
        "motivo": "Contata due volte la riunione.",
    }

    risposta = client.entra(referente).post(
        reverse("prestazioni:ore_rettifica", args=[firmato.uuid]), dati
    )

    ore = _foglio(operatore).ore
    assert risposta.status_code == 302
    assert ore == Ore(diretti=120, rettifiche=-90)
    assert (ore.lavorati, ore.totale) == (120, 30)
    assert _foglio(operatore).per_azione[0].ore.totale == 30


@pytest.mark.parametrize(
    ("scritto", "frase"),
    [
        ({"motivo": "boh"}, "almeno 10 caratteri"),
        ({"durata": "0h"}, "aggiunge o toglie minuti"),
        ({"durata": "90"}, "ore o minuti"),
        ({"verso": ""}, "aggiungere o togliere"),
    ],
)
def test_una_rettifica_che_non_dice_quanto_o_perche_si_ferma(
    client, referente, operatore, scritto, frase
):
    firmato = _firmato(referente, operatore)
    dati = {"verso": "piu", "durata": "1h", "motivo": "Una riunione dimenticata."} | scritto

    risposta = client.entra(referente).post(
        reverse("prestazioni:ore_rettifica", args=[firmato.uuid]), dati
    )

    assert risposta.status_code == 422
    assert frase in risposta.content.decode()
    with come(referente):
        assert not Rettifica.objects.exists()


def test_non_si_rettifica_il_foglio_di_un_altro_ente(operatore):
    altrui = FoglioOreFactory(mese=MESE)
    referente = attore(Ruolo.REFERENTE, ente=operatore.ente)

    with come(referente), pytest.raises(PermissionDenied):
        rettifica(foglio=altrui, azione=None, minuti=5, motivo="Una svista.", da=referente)


def test_il_foglio_di_calcolo_porta_minuti_e_ore_e_nessuna_persona_aiutata(
    client, referente, operatore, servizio, azione
):
    _fatta(operatore, servizio, azione, minuti=90)
    _indiretta(operatore, azione=None)

    risposta = client.entra(referente).get(
        reverse("prestazioni:ore_xlsx", args=ANNO_E_MESE), {"azione": azione.slug}
    )

    libro = openpyxl.load_workbook(io.BytesIO(risposta.content))
    intestazioni, riga = libro["Totali"].iter_rows(values_only=True)
    totale = dict(zip(intestazioni, riga, strict=True))
    assert totale["Azione"] == "Sportello lavoro"
    assert totale["Operatore"] == operatore.utente.nome_completo
    assert (totale["Totale, minuti"], totale["Totale, ore"]) == (90, 1.5)
    assert totale["Senza persone, minuti"] is None
    assert totale["Firmato"] == "non ancora"
    assert libro.sheetnames == ["Totali", "Giorni", "Rettifiche"]
    assert "attachment" in risposta["Content-Disposition"]


def test_il_pdf_si_legge_con_un_lettore_di_schermo_e_ha_le_righe_da_firmare(
    client, referente, operatore, servizio, azione, tmp_path
):
    _fatta(operatore, servizio, azione, minuti=90)
    _indiretta(operatore, azione=azione, giorno=SECONDO_GIORNO)
    firmato = _firmato(referente, operatore)
    with come(referente):
        rettifica(
            foglio=firmato, azione=azione, minuti=-30, motivo="Contata due volte.", da=referente
        )

    risposta = client.entra(referente).get(reverse("prestazioni:ore_pdf", args=ANNO_E_MESE))

    percorso = tmp_path / "ore.pdf"
    percorso.write_bytes(risposta.content)
    esito = outloud.check(str(percorso))
    assert [voce for voce in esito.findings if voce.severity == "error"] == []
    assert not pdfua.validate(str(percorso)).findings
    testo = " ".join(" ".join(p.extract_text() for p in PdfReader(percorso).pages).split())
    testo = testo.replace("\xa0", " ")
    for atteso in (
        "Sportello lavoro",
        operatore.utente.nome_completo,
        "1 h 30 min",
        "Contata due volte",
        "Firma dell'operatore",
        "Firma del referente",
    ):
        assert atteso in testo
    assert risposta["Content-Disposition"] == f'attachment; filename="ore-{MESE:%Y-%m}.pdf"'


def test_troppi_fogli_non_si_compongono_e_si_dice_che_cosa_fare(
    client, referente, operatore, servizio, azione, monkeypatch
):
    monkeypatch.setattr("prestazioni.documenti.ore.FOGLI_AL_MASSIMO", 0)
    _fatta(operatore, servizio, azione)

    risposta = client.entra(referente).get(
        reverse("prestazioni:ore_pdf", args=ANNO_E_MESE), follow=True
    )

    assert "Scegli un'azione alla volta" in risposta.content.decode().replace("&#x27;", "'")


def test_un_mese_che_non_esiste_o_non_e_cominciato_non_c_e(client, referente):
    client.entra(referente)
    dopo = fra_mesi(QUESTO_MESE, 1)

    for anno, mese in ((2026, 13), (1999, 12), (dopo.year, dopo.month)):
        assert client.get(f"/ore/{anno}/{mese}/").status_code == 404


def test_oggi_dice_al_referente_quali_mesi_firmare_e_all_operatore_no(
    client, referente, operatore, servizio, azione
):
    _fatta(operatore, servizio, azione)

    del_referente = client.entra(referente).get(reverse("report:casa")).content.decode()
    dell_operatore = client.entra(operatore).get(reverse("report:casa")).content.decode()

    assert reverse("prestazioni:ore_firma") in del_referente
    assert reverse("prestazioni:ore_firma") not in dell_operatore
    assert reverse("prestazioni:agenda") in dell_operatore


def test_le_ore_si_scrivono_in_ore_e_minuti_e_in_decimali():
    minuti = [None, 0, 45, 60, 90, -20, 60_030]

    parole = [ore_e_minuti(m).replace("\xa0", " ") for m in minuti]

    assert parole == ["–", "0 min", "45 min", "1 h", "1 h 30 min", "−20 min", "1.000 h 30 min"]
    assert [ore_decimali(m) for m in (None, 90, 20)] == ["–", "1,50", "0,33"]
