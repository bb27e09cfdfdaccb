"""I filtri salvati: ognuno i suoi, mai un testo libero, e ciò che si toglie si rimette."""

import datetime
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.db import ProgrammingError
from django.urls import reverse
from django.utils import timezone

from enti.azioni import filtri as azioni
from enti.models import FiltroSalvato
from enti.permessi import Ruolo
from registro.db.contesto import contesto
from tests.fabbriche import AppartenenzaFactory, EnteFactory, attore


pytestmark = pytest.mark.django_db

PAGINA = "beneficiari:casi_elenco"
ELENCO = reverse(PAGINA)
SALVA = reverse("enti:filtro_salva")


def _come(chi):
    return contesto(utente=chi.utente.pk, ente=chi.ente.pk)


def _salvato(chi, nome="I miei", query="segue=ente") -> FiltroSalvato:
    with _come(chi):
        return azioni.salva_filtri(pagina=PAGINA, nome=nome, query=query, da=chi)


def _tenuti(chi) -> list[str]:
    with _come(chi):
        return [f.nome for f in FiltroSalvato.objects.di(chi).della_pagina(PAGINA).tenuti()]


def _riga(risposta) -> BeautifulSoup:
    return BeautifulSoup(risposta.text, "html.parser").select_one("#filtri-salvati")


@pytest.fixture
def chi(db):
    return attore(Ruolo.OPERATORE)


def test_i_filtri_in_uso_si_salvano_e_si_ritrovano_con_un_tocco(client, chi):
    dati = {"pagina": PAGINA, "nome": "Chiuse dell'ente", "query": "stato=chiuse&segue=ente"}

    risposta = client.entra(chi).post(SALVA, dati)
    fuori, dentro = _riga(client.get(ELENCO)), _riga(client.get(risposta.url))

    assert risposta.url == f"{ELENCO}?segue=ente&stato=chiuse"
    (collegamento,) = fuori.select("li a")
    assert (collegamento["href"], collegamento.text) == (risposta.url, "Chiuse dell'ente")
    assert "aria-current" not in collegamento.attrs
    assert dentro.select_one("li a")["aria-current"] == "page"
    assert "Salva questi filtri" not in dentro.text


def test_un_testo_libero_e_una_pagina_non_si_salvano(client, chi):
    query = "segue=ente&testo=Rossi&nome=Rossi&pagina=dopo-x&ordine=-chi"

    client.entra(chi).post(SALVA, {"pagina": PAGINA, "nome": "Miei", "query": query})

    with _come(chi):
        assert FiltroSalvato.objects.get().query == "ordine=-chi&segue=ente"


@pytest.mark.parametrize("query", ["", "ordine=-chi", "testo=Rossi"])
def test_senza_filtri_non_c_e_niente_da_salvare(client, chi, htmx, query):
    risposta = client.entra(chi).post(
        SALVA, {"pagina": PAGINA, "nome": "Vuoto", "query": query}, **htmx
    )

    assert risposta.status_code == 422
    assert _tenuti(chi) == []
    assert "Salva questi filtri" not in client.get(f"{ELENCO}?{query}").text


def test_lo_stesso_nome_due_volte_lo_dice_e_tiene_cio_che_si_era_scritto(client, chi, htmx):
    _salvato(chi)
    dati = {"pagina": PAGINA, "nome": "I miei", "query": "stato=chiuse"}

    risposta = client.entra(chi).post(SALVA, dati, **htmx)

    assert risposta.status_code == 422
    assert "Hai già salvato dei filtri con questo nome." in risposta.text
    assert 'value="I miei"' in risposta.text
    senza_htmx = client.post(SALVA, dati, follow=True).text
    assert "Hai già salvato dei filtri con questo nome." in senza_htmx


def test_cio_che_si_toglie_si_rimette(client, chi, htmx):
    filtro = _salvato(chi)
    client.entra(chi)

    tolto = client.post(reverse("enti:filtro_togli", args=[filtro.uuid]), **htmx)
    assert _tenuti(chi) == []
    assert reverse("enti:filtro_rimetti", args=[filtro.uuid]) in tolto.text

    rimesso = client.post(reverse("enti:filtro_rimetti", args=[filtro.uuid]), {"query": "stato=x"})
    assert rimesso.url == f"{ELENCO}?stato=x"
    assert _tenuti(chi) == ["I miei"]


def test_passato_il_ripensamento_non_torna_e_la_riga_se_ne_va(client, chi):
    filtro = _salvato(chi)
    with _come(chi):
        azioni.togli_filtro(filtro=filtro, da=chi)
        prima = timezone.now() - datetime.timedelta(minutes=11)
        FiltroSalvato.objects.update(tolto_il=prima)

    client.entra(chi).post(reverse("enti:filtro_rimetti", args=[filtro.uuid]))
    assert _tenuti(chi) == []
    _salvato(chi, "Altri")

    with _come(chi):
        assert [filtro.nome for filtro in FiltroSalvato.objects.all()] == ["Altri"]


def test_nessun_altro_li_vede_ne_li_tocca(client, chi):
    filtro = _salvato(chi)
    collega = attore(Ruolo.REFERENTE, ente=chi.ente)
    client.entra(collega)

    assert "I miei" not in client.get(ELENCO).text
    for gesto in ("enti:filtro_togli", "enti:filtro_rimetti"):
        altrui = client.post(reverse(gesto, args=[filtro.uuid]))
        inventato = client.post(reverse(gesto, args=[uuid4()]))
        assert (altrui.status_code, inventato.status_code) == (404, 404)
    assert _tenuti(chi) == ["I miei"]


def test_per_un_altro_ente_la_stessa_persona_ne_ha_altri(chi):
    _salvato(chi)
    altrove = EnteFactory()
    AppartenenzaFactory(utente=chi.utente, ente=altrove, ruolo=Ruolo.OPERATORE)

    with contesto(utente=chi.utente.pk, ente=altrove.pk):
        assert not FiltroSalvato.objects.exists()


def test_il_database_non_li_mostra_e_non_li_scrive_per_altri(chi):
    _salvato(chi)
    collega = attore(Ruolo.OPERATORE, ente=chi.ente)

    with _come(collega):
        assert not FiltroSalvato.objects.exists()
    finto = FiltroSalvato(
        utente=chi.utente, ente=chi.ente, pagina=PAGINA, nome="Finto", query="segue=ente"
    )
    with pytest.raises(ProgrammingError, match="row-level security"), _come(collega):
        finto.save()


def test_una_pagina_che_non_ha_filtri_non_esiste(client, chi):
    dati = {"pagina": "report:casa", "nome": "x", "query": "segue=ente"}

    assert client.entra(chi).post(SALVA, dati).status_code == 404


def test_di_troppi_si_dice_di_toglierne(client, chi, htmx):
    for numero in range(azioni.QUANTI_PER_PAGINA):
        _salvato(chi, f"Filtri {numero}")

    risposta = client.entra(chi).post(
        SALVA, {"pagina": PAGINA, "nome": "Uno in più", "query": "stato=chiuse"}, **htmx
    )

    assert "togline uno" in risposta.text
