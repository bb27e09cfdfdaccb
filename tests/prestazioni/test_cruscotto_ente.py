"""Il cruscotto di un ente: gli stessi numeri che darebbe chi conta le righe una per una."""

import datetime
import random
from collections import defaultdict

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assi.models import EnteDiAzione
from beneficiari.azioni.unioni import annulla_unione, unisci
from enti.permessi import Ruolo
from prestazioni.models import PRIMO_GIORNO, Partecipazione, Prestazione
from prestazioni.sguardi.cruscotto import (
    PER,
    AmbitoDiEnte,
    casi_aperti,
    nuclei_presenti,
    numeri_di,
)
from prestazioni.sguardi.definizioni import DELL_ENTE
from prestazioni.sguardi.tavole import Tavola
from prestazioni.views.cruscotto import TAVOLE
from privacy.models import RegistroAccessi
from registro.comune.mesi import fra_mesi
from tests.fabbriche import EnteFactory, attore
from tests.fabbriche_persone import (
    AsseFactory,
    AzioneFactory,
    BeneficiarioFactory,
    BisognoRilevatoFactory,
    NucleoFactory,
    PresaInCaricoFactory,
    come,
)
from tests.fabbriche_prestazioni import (
    EsitoFactory,
    PartecipazioneFactory,
    PrestazioneFactory,
    ServizioFactory,
)
from tests.interrogazioni import al_massimo


pytestmark = pytest.mark.django_db

SEMPRE = (datetime.date(2000, 1, 1), datetime.date(2026, 12, 31))
MARZO = datetime.date(2026, 3, 10)


@pytest.fixture
def referente(db):
    return attore(Ruolo.REFERENTE)


def _pagina(client, chi, **filtri):
    return client.entra(chi).get(reverse("prestazioni:cruscotto"), {"periodo": "tutto", **filtri})


def _presenza(ente, giorno=MARZO, **campi):
    presa = PresaInCaricoFactory(beneficiario__ente=ente)
    dati = {f"prestazione__{nome}": valore for nome, valore in campi.items()}
    return PartecipazioneFactory(presa=presa, prestazione__giorno=giorno, **dati)


def _nell_azione(presenza):
    """Una presenza in un'azione che l'ente realizza: le altre non stanno fra i filtri."""
    azione = presenza.prestazione.azione
    EnteDiAzione.objects.create(azione=azione, ente=presenza.ente)
    return azione


def _mondo_a_caso(ente, seme: int) -> None:
    """Prestazioni, persone e unioni a caso in un ente; accanto, un altro ente con le sue."""
    caso = random.Random(seme)
    assi = [AsseFactory(), AsseFactory()]
    azioni = [AzioneFactory(asse=assi[n % 2]) for n in range(4)]
    for casa in (ente, EnteFactory()):
        servizi = [ServizioFactory(ente=casa) for _ in range(3)]
        persone = [BeneficiarioFactory(ente=casa) for _ in range(8)]
        prese = [
            PresaInCaricoFactory(
                beneficiario=persona, azione=azione, aperta_il=datetime.date(2024, 1, 1)
            )
            for persona in persone
            for azione in caso.sample(azioni, 2)
        ]
        for _ in range(25):
            prestazione = PrestazioneFactory(
                ente=casa,
                servizio=caso.choice(servizi),
                azione=caso.choice(azioni),
                giorno=fra_mesi(datetime.date(2024, 11, 15), caso.randrange(14)),
                minuti=caso.choice((None, 20, 45)),
                senza_nome=caso.choice((None, None, 4)),
            )
            for presa in caso.sample(prese, caso.randint(0, 4)):
                PartecipazioneFactory(presa=presa, prestazione=prestazione)
        chi = attore(Ruolo.REFERENTE, ente=casa)
        with come(chi):
            unisci(tenuta=persone[0], assorbita=persone[1], da=chi)
            disfatta = unisci(tenuta=persone[2], assorbita=persone[3], da=chi)
            annulla_unione(unione=disfatta, da=chi)


def _contati_uno_per_uno(ambito: AmbitoDiEnte) -> dict:
    """(per, chiave) → (prestazioni, minuti, senza durata, persone, senza nome), in solo Python."""
    conti = defaultdict(lambda: [0, None, 0, set(), 0])
    chi_c_era = defaultdict(list)
    presenze = Partecipazione.objects.filter(ente=ambito.ente).select_related("beneficiario")
    for presenza in presenze:
        persona = presenza.beneficiario
        chi_c_era[presenza.prestazione_id].append(persona.unito_a_id or persona.pk)
    for riga in Prestazione.objects.filter(ente=ambito.ente).select_related("azione"):
        fuori = not ambito.dal <= riga.giorno <= ambito.al
        if fuori or (ambito.asse and riga.azione.asse_id != ambito.asse.pk):
            continue
        if ambito.azione and riga.azione_id != ambito.azione.pk:
            continue
        if ambito.servizio and riga.servizio_id != ambito.servizio.pk:
            continue
        for chiave in (
            ("totale", 0),
            ("asse", riga.azione.asse_id),
            ("azione", riga.azione_id),
            ("servizio", riga.servizio_id),
            ("mese", riga.giorno.replace(day=1)),
        ):
            voce = conti[chiave]
            voce[0] += 1
            if riga.minuti is None:
                voce[2] += 1
            else:
                voce[1] = (voce[1] or 0) + riga.minuti
            voce[3].update(chi_c_era[riga.pk])
            voce[4] += riga.senza_nome or 0
    return {chiave: (*v[:3], len(v[3]), v[4]) for chiave, v in conti.items()}


def _risposti(ambito: AmbitoDiEnte, solo: str = "") -> dict:
    numeri = numeri_di(ambito, solo)
    per = {
        "totale": {0: numeri.totale},
        "asse": numeri.per_asse,
        "azione": numeri.per_azione,
        "servizio": numeri.per_servizio,
        "mese": numeri.per_mese,
    }
    return {
        (nome, chiave): (n.prestazioni, n.minuti, n.senza_durata, n.persone, n.senza_nome)
        for nome, voci in per.items()
        for chiave, n in voci.items()
        if n.prestazioni
    }


@pytest.mark.parametrize("seme", range(3))
def test_in_ogni_mondo_i_numeri_sono_quelli_di_chi_conta_le_righe(referente, seme):
    ente = referente.ente
    _mondo_a_caso(ente, seme)
    with come(referente):
        uno = Prestazione.objects.filter(ente=ente).select_related("azione__asse", "servizio")[0]
        for dal, al in (SEMPRE, (datetime.date(2025, 1, 1), datetime.date(2025, 4, 15))):
            for filtri in (
                {},
                {"asse": uno.azione.asse},
                {"azione": uno.azione},
                {"servizio": uno.servizio},
                {"asse": uno.azione.asse, "servizio": uno.servizio},
            ):
                ambito = AmbitoDiEnte(ente, dal, al, **filtri)
                attesi = _contati_uno_per_uno(ambito)
                assert _risposti(ambito) == attesi, filtri
                for solo in PER:
                    suoi = {chiave: conti for chiave, conti in attesi.items() if chiave[0] == solo}
                    assert _risposti(ambito, solo) == suoi, (filtri, solo)


def test_un_altro_ente_non_entra_nei_numeri(client, referente):
    _presenza(EnteFactory())

    assert _pagina(client, referente).context["numeri"].prestazioni == 0


def test_chi_guarda_i_numeri_non_legge_nessuno(client, referente):
    _presenza(referente.ente)

    _pagina(client, referente)

    with come(referente):
        assert not RegistroAccessi.objects.exists()


def test_una_durata_non_detta_non_vale_zero(client, referente):
    _presenza(referente.ente, minuti=None)

    pagina = _pagina(client, referente)

    assert pagina.context["numeri"].ore is None
    assert "non indicato" in pagina.content.decode()
    assert "1 senza durata" in pagina.content.decode()


def test_le_persone_senza_nome_stanno_a_parte(client, referente):
    _presenza(referente.ente)
    PrestazioneFactory(ente=referente.ente, senza_nome=12, giorno=MARZO)

    numeri = _pagina(client, referente).context["numeri"]

    assert (numeri.prestazioni, numeri.persone, numeri.senza_nome) == (2, 1, 12)


def test_un_nucleo_senza_dire_chi_si_dice_e_non_si_conta(client, referente):
    ente = referente.ente
    presa = PresaInCaricoFactory(ente=ente, beneficiario=None, nucleo=NucleoFactory(ente=ente))
    PartecipazioneFactory(presa=presa, beneficiario=None, prestazione__giorno=MARZO)

    with come(referente):
        ambito = AmbitoDiEnte(ente, *SEMPRE)
        assert nuclei_presenti(ambito) == 1
        assert numeri_di(ambito).totale.persone == 0
    assert (
        "1\N{NO-BREAK SPACE}presenza è di un nucleo" in _pagina(client, referente).content.decode()
    )


def test_i_casi_sono_quelli_aperti_alla_fine_del_periodo(referente):
    persona = BeneficiarioFactory(ente=referente.ente)
    PresaInCaricoFactory(beneficiario=persona, aperta_il=datetime.date(2026, 2, 1))
    with come(referente):
        quanti = [
            sum(casi_aperti(AmbitoDiEnte(referente.ente, SEMPRE[0], al)).values())
            for al in (datetime.date(2026, 1, 31), datetime.date(2026, 2, 1))
        ]

    assert quanti == [0, 1]


def test_il_periodo_e_i_filtri_stanno_nell_indirizzo(client, referente):
    azione = _nell_azione(_presenza(referente.ente))
    _presenza(referente.ente, giorno=datetime.date(2026, 1, 20))

    chieste = {
        "tutto": _pagina(client, referente),
        "date": _pagina(client, referente, dal="2026-03-01", al="2026-03-31"),
        "azione": _pagina(client, referente, azione=azione.slug),
        "asse": _pagina(client, referente, asse=azione.asse.slug),
    }

    contate = {nome: p.context["numeri"].prestazioni for nome, p in chieste.items()}
    assert contate == {"tutto": 2, "date": 1, "azione": 1, "asse": 1}


def _con_le_date(client, chi, nome="cruscotto", **date):
    """La pagina con quelle date, e le frasi che si leggono ai due campi e nella pagina."""
    risposta = client.entra(chi).get(reverse(f"prestazioni:{nome}"), date)
    pagina = BeautifulSoup(risposta.content, "html.parser")
    return risposta, {
        campo: " ".join(voce.get_text(" ", strip=True) for voce in pagina.select(dove))
        for campo, dove in (
            ("dal", "#id_dal_error"),
            ("al", "#id_al_error"),
            ("pagina", "#cruscotto [role=alert]"),
        )
    }


NON_VALGONO = {
    "rovesciate": ({"dal": "2026-03-31", "al": "2026-03-01"}, "al", "La fine viene prima"),
    "troppo-presto": ({"dal": "1990-01-01", "al": "1990-02-01"}, "al", "Prima del 2000 non ci"),
    "solo-la-fine": ({"al": "1999-12-31"}, "al", "Prima del 2000 non ci sono dati"),
    "non-ancora": ({"dal": "2126-01-01", "al": "2126-02-01"}, "dal", "deve ancora venire"),
    "una-non-esiste": ({"dal": "2026-02-31", "al": "2026-03-31"}, "dal", "non esiste"),
}


@pytest.mark.parametrize("nome", ["cruscotto", "cruscotto_rete"])
@pytest.mark.parametrize(("date", "campo", "frase"), NON_VALGONO.values(), ids=NON_VALGONO)
def test_date_che_non_vanno_hanno_la_loro_frase_e_non_contano(client, nome, date, campo, frase):
    ruolo = Ruolo.REFERENTE if nome == "cruscotto" else Ruolo.AMMINISTRATORE
    chi = attore(ruolo)
    senza_date, _ = _con_le_date(client, chi, nome)

    risposta, frasi = _con_le_date(client, chi, nome, **date)

    assert frase in frasi.pop(campo)
    detto = frasi.pop("pagina")
    assert frase in detto
    assert risposta.context["periodo"] == senza_date.context["periodo"]
    periodo = risposta.context["periodo"]
    assert (periodo.in_parole if nome == "cruscotto" else periodo.mesi_in_parole) in detto
    assert list(frasi.values()) == [""]


def test_la_frase_sulle_date_arriva_anche_nel_frammento(client, referente, htmx):
    date = {"dal": "2026-03-31", "al": "2026-03-01", "periodo": "anno-scorso"}

    testo = client.entra(referente).get(reverse("prestazioni:cruscotto"), date, **htmx).content

    scorso = timezone.localdate().year - 1
    assert "La fine viene prima" in testo.decode()
    assert f"il periodo è questo: dal 1º gennaio {scorso}" in testo.decode()


def test_un_periodo_in_parte_fuori_dai_giorni_possibili_si_accorcia(client, referente):
    risposta, frasi = _con_le_date(client, referente, dal="1990-01-01", al="2126-01-01")

    periodo = risposta.context["periodo"]
    assert (periodo.dal, periodo.al) == (PRIMO_GIORNO, timezone.localdate())
    assert set(frasi.values()) == {""}


@pytest.mark.parametrize(
    "periodo", ["", "mese", "trimestre", "anno-scorso", "tutto", "inventato", "' OR 1=1"]
)
def test_ogni_periodo_si_apre_e_non_va_oltre_oggi(client, referente, periodo):
    pagina = _pagina(client, referente, periodo=periodo, misura="ore")

    assert pagina.status_code == 200
    assert pagina.context["periodo"].al <= timezone.localdate()


def test_le_righe_contate_si_aprono_con_gli_stessi_filtri(client, referente):
    azione = _nell_azione(_presenza(referente.ente))
    _presenza(referente.ente)

    pagina = _pagina(client, referente, azione=azione.slug)
    elenco = client.get(pagina.context["righe"])

    assert elenco.status_code == 200
    assert elenco.context["pagina"].conto.quante == pagina.context["numeri"].prestazioni == 1


def test_bisogni_ed_esiti_hanno_la_loro_tavola(client, referente):
    presa = PresaInCaricoFactory(beneficiario__ente=referente.ente)
    BisognoRilevatoFactory(beneficiario=presa.beneficiario, stato="senza-risposta")
    EsitoFactory(presa=presa)

    tavole = {t.slug: t for t in _pagina(client, referente).context["tavole"]}

    assert tavole["bisogni"].righe == (("Senza risposta nella rete", 1, 1),)
    assert tavole["esiti"].righe[0][1:3] == (1, 1)


def test_l_operatore_conta_i_bisogni_di_chi_segue_e_la_pagina_lo_dice(client, referente):
    BisognoRilevatoFactory(beneficiario__ente=referente.ente)
    _presenza(referente.ente)

    pagina = _pagina(client, attore(Ruolo.OPERATORE, ente=referente.ente))

    assert "bisogni" not in {tavola.slug for tavola in pagina.context["tavole"]}
    assert "delle persone che segui" in pagina.content.decode()


@pytest.mark.parametrize("tavola", ["mese", "asse", "azione", "servizio", "bisogni", "esiti"])
def test_ogni_tavola_si_disegna_e_si_scarica(client, referente, tavola):
    presenza = _presenza(referente.ente)
    BisognoRilevatoFactory(beneficiario=presenza.beneficiario)
    EsitoFactory(presa=presenza.presa)
    client.entra(referente)

    disegno = client.get(
        reverse("prestazioni:cruscotto_disegno", args=[tavola]), {"periodo": "tutto"}
    )
    foglio = client.get(reverse("prestazioni:cruscotto_csv", args=[tavola]), {"periodo": "tutto"})

    assert "<svg" in disegno.content.decode()
    _, _, vuota, periodo, filtri = foglio.content.decode().strip().splitlines()
    assert vuota == ""
    assert periodo.startswith("Periodo;da sempre")
    assert filtri == "Filtri;nessuno"
    assert foglio["Content-Disposition"] == f'attachment; filename="cruscotto-{tavola}.csv"'


def test_ogni_numero_della_pagina_apre_la_sua_definizione(client, referente):
    presenza = _presenza(referente.ente, minuti=None)
    BisognoRilevatoFactory(beneficiario=presenza.beneficiario)
    EsitoFactory(presa=presenza.presa)
    nucleo = NucleoFactory(ente=referente.ente)
    presa = PresaInCaricoFactory(ente=referente.ente, beneficiario=None, nucleo=nucleo)
    PartecipazioneFactory(presa=presa, beneficiario=None, prestazione__giorno=MARZO)

    risposta = _pagina(client, referente)

    pagina = BeautifulSoup(risposta.content, "html.parser")
    definite = {voce.get_text(" ", strip=True) for voce in pagina.select("dl.definizione dd")}
    assert {tavola.slug for tavola in risposta.context["tavole"]} == set(TAVOLE)
    for tavola in risposta.context["tavole"]:
        assert [nome for nome, _ in tavola.come_si_conta] == list(tavola.intestazioni[1:])
    # Anche le cifre dette in una frase: senza durata, nuclei.
    assert {voce.che_cosa for voce in DELL_ENTE.values()} <= definite
    cifre = pagina.select(".cifre > *")
    assert len(cifre) == 5
    assert all(cifra.select("dl.definizione") for cifra in cifre)
    titoli = {voce.get_text(strip=True) for voce in pagina.select(".cifre summary")}
    assert {"Come si contano i nuclei", "Come si contano quelle senza durata"} <= titoli


def _disegna(client, tavola: str) -> tuple:
    """La tavola disegnata, e le interrogazioni che è costata."""
    indirizzo = reverse("prestazioni:cruscotto_disegno", args=[tavola])
    with CaptureQueriesContext(connection) as fatte:
        disegno = client.get(indirizzo, {"periodo": "tutto"})
    return disegno.context["tavola"], [voce["sql"] for voce in fatte]


@pytest.mark.parametrize("tavola", PER)
def test_un_disegno_conta_solo_la_sua_tavola_e_dice_gli_stessi_numeri(client, referente, tavola):
    for _ in range(3):
        _presenza(referente.ente)
    della_pagina = {t.slug: t for t in _pagina(client, referente).context["tavole"]}
    # Un'altra sessione: la pagina che ha contato non è la sua.
    client.logout()
    client.entra(referente)

    disegnata, fatte = _disegna(client, tavola)

    assert disegnata == della_pagina[tavola]
    conti = [sql for sql in fatte if "WITH fatte" in sql]
    assert len(conti) == 1
    assert f"'{tavola}' = ''" in conti[0]
    casi = [sql for sql in fatte if "beneficiari_presaincarico" in sql]
    assert bool(casi) == (tavola in {"asse", "azione"})


@pytest.mark.parametrize("tavola", PER)
def test_i_disegni_di_una_pagina_sono_quelli_dei_suoi_numeri_e_non_li_ricontano(
    client, referente, tavola
):
    _presenza(referente.ente)
    della_pagina = {t.slug: t for t in _pagina(client, referente).context["tavole"]}
    _presenza(referente.ente)

    disegnata, fatte = _disegna(client, tavola)

    assert disegnata == della_pagina[tavola]
    assert not [sql for sql in fatte if "prestazioni_pa" in sql or "presaincarico" in sql]
    ridetta = {t.slug: t for t in _pagina(client, referente).context["tavole"]}
    assert _disegna(client, tavola)[0] == ridetta[tavola] != della_pagina[tavola]


def test_un_raggruppamento_che_non_c_e_non_si_conta(referente):
    with come(referente), pytest.raises(ValueError, match="sconosciuto"):
        numeri_di(AmbitoDiEnte(referente.ente, *SEMPRE), "nodo")


def test_una_tavola_inventata_non_c_e(client, referente):
    client.entra(referente)
    for nome in ("cruscotto_disegno", "cruscotto_csv"):
        assert client.get(reverse(f"prestazioni:{nome}", args=["altro"])).status_code == 404


def test_senza_niente_la_pagina_dice_che_cosa_fare(client, referente):
    testo = _pagina(client, referente).content.decode()

    assert "niente da contare" in testo
    assert reverse("prestazioni:registra") in testo


def test_con_htmx_arriva_solo_il_frammento(client, referente, htmx):
    testo = client.entra(referente).get(reverse("prestazioni:cruscotto"), **htmx).content.decode()

    assert testo.strip().startswith('<div id="cruscotto"')


def test_il_cruscotto_costa_sempre_le_stesse_interrogazioni(client, referente):
    for _ in range(4):
        _presenza(referente.ente)
    client.entra(referente)

    with al_massimo(25):
        client.get(reverse("prestazioni:cruscotto"), {"periodo": "tutto"})


def test_di_tante_voci_se_ne_disegnano_venti_e_la_tavola_le_ha_tutte():
    tavola = Tavola(
        "x", "Per azione", ("Azione", "Prestazioni"), tuple((f"A{n}", n) for n in range(30))
    )

    grafico = tavola.disegna()

    assert len(grafico.righe) == 30
    assert "(le prime 20)" in grafico.titolo
