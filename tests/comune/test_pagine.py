"""Le pagine per chiave: si vede ogni riga una volta, e nell'indirizzo non c'è di chi è."""

import datetime
import re

import pytest
from django.db.models import F, Sum
from django.urls import reverse

from beneficiari.models import Beneficiario
from enti.permessi import Ruolo
from privacy.models import RegistroAccessi
from registro.comune.pagine import (
    TETTO_DEL_CONTO,
    TETTO_DELLE_SOMME,
    Conto,
    conta_fino_a,
    pagina_per_chiave,
)
from tests.fabbriche import attore
from tests.fabbriche_persone import BeneficiarioFactory, come
from tests.interrogazioni import al_massimo


pytestmark = pytest.mark.django_db

ORDINI = {
    "stesso verso": ("anonimo", "nome_cercato", "pk"),
    "al contrario": ("-anonimo", "-nome_cercato", "-pk"),
    "versi mescolati": ("-nome_cercato", "pk"),
    "vuoti in fondo": (F("data_nascita").asc(nulls_last=True), "nome_cercato", "pk"),
    "vuoti in fondo, in giù": (F("data_nascita").desc(nulls_last=True), "pk"),
    "vuoti in testa": (F("data_nascita").desc(nulls_first=True), "-nome_cercato", "pk"),
    "come fa PostgreSQL": ("-data_nascita", "pk"),
}


@pytest.fixture
def chi(db):
    return attore(Ruolo.REFERENTE)


@pytest.fixture
def persone(chi):
    """Undici persone: nomi che si ripetono, date che mancano."""
    giorni = (None, datetime.date(1980, 1, 1), datetime.date(1990, 5, 5))
    return [
        BeneficiarioFactory(
            ente=chi.ente, cognome=("Rossi", "Bianchi")[n % 2], data_nascita=giorni[n % 3]
        )
        for n in range(11)
    ]


def _pagina(chi, ordine, chiesta, quante=3):
    proprie = Beneficiario.objects.di(chi.ente)
    return pagina_per_chiave(
        proprie.order_by(*ordine), fra=proprie.per_calcolo(), chiesta=chiesta, quante=quante
    )


def _percorse(chi, ordine, da="", verso="successiva"):
    """Le pagine da `da` in poi, seguendo i collegamenti."""
    pagine, chiesta = [], da
    while True:
        pagina = _pagina(chi, ordine, chiesta)
        pagine.append(pagina)
        chiesta = getattr(pagina, verso)
        if not chiesta:
            return pagine


@pytest.mark.parametrize("ordine", ORDINI.values(), ids=ORDINI)
def test_avanti_e_indietro_si_vede_ogni_riga_una_volta_nell_ordine(chi, persone, ordine):
    with come(chi):
        attese = list(Beneficiario.objects.di(chi.ente).order_by(*ordine))
        avanti = _percorse(chi, ordine)
        indietro = _percorse(chi, ordine, avanti[-1].precedente, "precedente")

    assert [riga for pagina in avanti for riga in pagina] == attese
    assert [len(pagina) for pagina in avanti] == [3, 3, 3, 2]
    assert (avanti[0].precedente, avanti[0].prima) == ("", True)
    assert [list(pagina) for pagina in indietro] == [list(pagina) for pagina in avanti[2::-1]]


def test_chi_si_inserisce_intanto_non_sposta_la_pagina_dopo(chi, persone):
    ordine = ORDINI["stesso verso"]
    with come(chi):
        prima = _pagina(chi, ordine, "")
        attesa = list(_pagina(chi, ordine, prima.successiva))
    BeneficiarioFactory(ente=chi.ente, cognome="Aaron")

    with come(chi):
        assert list(_pagina(chi, ordine, prima.successiva)) == attesa


def test_si_riparte_anche_da_una_riga_uscita_dai_filtri(chi, persone):
    ordine = ORDINI["stesso verso"]
    with come(chi):
        proprie = Beneficiario.objects.di(chi.ente)
        prima = _pagina(chi, ordine, "")
        attese = list(_pagina(chi, ordine, prima.successiva))
        ultima = prima.righe[-1]
        senza = pagina_per_chiave(
            proprie.exclude(pk=ultima.pk).order_by(*ordine),
            fra=proprie.per_calcolo(),
            chiesta=prima.successiva,
            quante=3,
        )

    assert list(senza) == attese


def test_se_da_li_in_poi_non_c_e_piu_niente_si_torna_in_testa(chi, persone):
    ordine = ORDINI["stesso verso"]
    with come(chi):
        proprie = Beneficiario.objects.di(chi.ente)
        ultima = proprie.order_by(*ordine).last()
        pagina = _pagina(chi, ordine, f"dopo-{ultima.uuid}")

    assert pagina.prima


@pytest.mark.parametrize("chiesta", ["2", "dopo-rossi", "dopo-", "prima-", f"dopo-{'0' * 32}"])
def test_un_indirizzo_che_non_torna_mostra_la_prima_pagina(chi, persone, chiesta):
    with come(chi):
        assert list(_pagina(chi, ORDINI["stesso verso"], chiesta)) == list(
            _pagina(chi, ORDINI["stesso verso"], "")
        )


def test_la_riga_di_un_altro_ente_non_dice_dove_starebbe(chi, persone):
    altrui = BeneficiarioFactory(cognome="Mario")

    with come(chi):
        pagina = _pagina(chi, ORDINI["stesso verso"], f"dopo-{altrui.uuid}")

    assert pagina.prima


def test_si_annota_solo_chi_si_mostra(client, chi):
    for numero in range(30):
        BeneficiarioFactory(ente=chi.ente, cognome=f"Persona{numero:02}")
    client.entra(chi)

    with al_massimo(15):
        prima = client.get(reverse("beneficiari:elenco"))
    seconda = client.get(
        reverse("beneficiari:elenco"), {"pagina": prima.context["pagina"].successiva}
    )

    assert len(seconda.context["righe"]) == 5
    assert len(prima.context["righe"]) == 25
    with come(chi):
        lette = RegistroAccessi.objects.filter(pagina="beneficiari:elenco")
        assert lette.count() == 30


def test_nell_indirizzo_non_c_e_per_che_cosa_si_ordina(client, chi):
    for numero in range(30):
        BeneficiarioFactory(ente=chi.ente, cognome=f"Persona{numero:02}")

    testo = client.entra(chi).get(reverse("beneficiari:elenco"), {"ordine": "nome"}).text

    collegamenti = re.findall(r'href="([^"]*pagina=[^"]*)"', testo)
    assert collegamenti
    assert all(re.search(r"pagina=dopo-[0-9a-f-]{36}$", voce) for voce in collegamenti)
    assert "30\xa0persone" in testo


def test_un_ordine_senza_chiave_si_rifiuta(chi):
    with come(chi), pytest.raises(ValueError, match="finisce con «pk»"):
        _pagina(chi, ("nome_cercato",), "")


def test_di_un_elenco_enorme_si_dice_che_sono_di_piu(chi, persone):
    with come(chi):
        proprie = Beneficiario.objects.di(chi.ente)

        assert conta_fino_a(proprie, 10) == Conto(10, oltre=True)
        assert conta_fino_a(proprie, 11) == Conto(11)
        # Oltre il tetto una somma direbbe meno del vero: non c'è.
        versioni = {"versioni": Sum("versione")}
        assert conta_fino_a(proprie.per_calcolo(), 10, versioni) == Conto(10, oltre=True)
        assert conta_fino_a(proprie.per_calcolo(), 11, versioni) == Conto(
            11, False, {"versioni": 11}
        )
    assert (TETTO_DEL_CONTO, TETTO_DELLE_SOMME) == (10_000, 2_000)


def test_il_confronto_di_righe_usa_l_indice_e_non_salta_niente(chi, persone):
    with come(chi):
        prima = _pagina(chi, ORDINI["stesso verso"], "")
        with al_massimo(4) as fatte:
            _pagina(chi, ORDINI["stesso verso"], prima.successiva)

    assert any("ROW(" in testo for testo in fatte)
    assert not any(re.search(r"OFFSET [1-9]\d{2,}", testo) for testo in fatte)
