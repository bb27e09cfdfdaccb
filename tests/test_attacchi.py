"""Chi è curioso o malizioso: ogni via per sapere, cambiare o diventare ciò che non gli spetta."""

import logging
import os
import subprocess
import sys
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.db import Error, ProgrammingError, transaction
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from enti.middleware import EnteCorrenteMiddleware
from enti.models import Utente
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from registro.comune import esportazioni
from registro.comune.registrazioni import SenzaDatiFormatter
from report.copie import congela_cornice, cornice_corrente
from report.fascicolo import chiave
from report.models import (
    Conteggio,
    DocumentoRapporto,
    Rapporto,
    RigaTolta,
    Scheda,
)
from tests.conftest import RegistroClient
from tests.fabbriche import (
    AppartenenzaFactory,
    AsseFactory,
    ConteggioFactory,
    EnteFactory,
    ProgettoFactory,
    SchedaFactory,
    UtenteFactory,
    attore,
    ente_del_coordinamento,
)
from tests.report.schede_da_compilare import come, riletta, scheda_da_compilare
from tests.test_attacchi_database import PAROLA, scheda_piena
from tests.test_coerenza import viste


pytestmark = pytest.mark.django_db

# Le pagine, con i campi riscritti --------------------------------------------------------------


def _sezione(scheda: Scheda, codice: str = "beneficiari") -> str:
    return reverse("report:scheda_sezione", args=[scheda.uuid, codice])


@pytest.fixture
def mia(client) -> Scheda:
    """Una scheda di chi è già entrato col client, da referente."""
    scheda = scheda_da_compilare()
    client.entra(attore(Ruolo.REFERENTE, ente=scheda.ente))
    return scheda


@pytest.mark.parametrize("gesto", ["salva", "conferma", "togli", "lascia", "unisci"])
def test_con_la_sigla_di_una_riga_altrui_non_si_tocca_nulla(client, mia, htmx, gesto):
    altrui = ConteggioFactory(cosa=PAROLA, valore=10)
    nome = chiave(altrui)
    dati = {"gesto": gesto, "riga": nome, "versione": 1, f"{nome}-cosa": "x", f"{nome}-valore": 1}

    risposta = client.post(_sezione(mia), dati, **htmx)

    assert risposta.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert PAROLA not in risposta.content.decode()
    with come_sistema(altrui.ente):
        assert Conteggio.objects.get().valore == 10


def test_i_campi_in_piu_di_un_modulo_non_si_scrivono(client, mia):
    conteggio = ConteggioFactory(scheda=mia, valore=10)
    altra = SchedaFactory()
    nome = chiave(conteggio)
    riscritti = {
        **{"scheda": altra.pk, "ente": altra.ente_id, "id": 1, "slug": "mio", "ordine": 99},
        **{"sezione": "output", "valore_calcolato": 1, "fonte": "finta", "versione": 77},
    }
    dati = {"gesto": "salva", "riga": nome, "versione": conteggio.versione}
    dati |= {f"{nome}-{campo}": valore for campo, valore in riscritti.items()} | riscritti
    dati |= {"versione": conteggio.versione, "stato": "accettata", "nodo": altra.nodo_id}
    dati |= {f"{nome}-cosa": "persone", f"{nome}-valore": "11", f"{nome}-unita": conteggio.unita}

    client.post(_sezione(mia), dati)

    with come_sistema(mia.ente):
        dopo = Conteggio.objects.get(pk=conteggio.pk)
    assert (dopo.valore, dopo.scheda_id, dopo.ente_id) == (11, mia.pk, mia.ente_id)
    assert (dopo.slug, dopo.sezione, dopo.fonte) == (conteggio.slug, "beneficiari", "")
    assert (dopo.ordine, dopo.valore_calcolato, dopo.versione) == (0, None, 2)
    assert riletta(mia).stato == "in_compilazione"


@pytest.mark.parametrize("campo", ["parte_di", "composizione_di", "asse"])
def test_un_conteggio_non_si_aggancia_a_cose_di_un_altra_scheda(client, mia, campo):
    conteggio = ConteggioFactory(scheda=mia)
    nome = chiave(conteggio)
    altrui = AsseFactory() if campo == "asse" else ConteggioFactory(unita="nuclei")
    dati = {"riga": nome, "versione": 1, f"{nome}-cosa": "persone", f"{nome}-valore": "3"}
    dati |= {f"{nome}-unita": conteggio.unita, f"{nome}-{campo}": altrui.pk}

    client.post(_sezione(mia), dati)

    with come_sistema(mia.ente):
        assert getattr(Conteggio.objects.get(pk=conteggio.pk), f"{campo}_id") is None


@pytest.mark.parametrize("tolta", ["altrui", "", "abc", "-1", "9" * 5000, "1 OR 1=1", "²"])
def test_si_rimettono_solo_le_righe_tolte_dalla_propria_scheda(client, mia, tolta):
    altra = scheda_piena()
    with come_sistema(altra.ente):
        vera = RigaTolta.objects.get(scheda=altra).pk

    risposta = client.post(
        _sezione(mia), {"gesto": "rimetti", "tolta": vera if tolta == "altrui" else tolta}
    )

    assert risposta.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    "dati",
    [
        {"gesto": "lascia", "riga": "x\r\nSet-Cookie: a=b"},
        {"gesto": "lascia", "riga": "\0"},
        {"gesto": "salva", "riga": "conteggio-999999999999999999999999"},
        {"gesto": "togli", "riga": "__class__"},
        {"gesto": "salva", "riga": "{riga}", "versione": "9" * 5000},
        {"gesto": "salva", "riga": "{riga}", "sopra": "²"},
        {"gesto": "__init__"},
        {"gesto": "mostra"},
    ],
)
def test_un_modulo_rimaneggiato_non_rompe_e_non_scrive(client, mia, dati):
    conteggio = ConteggioFactory(scheda=mia, valore=10)
    scritti = {nome: testo.replace("{riga}", chiave(conteggio)) for nome, testo in dati.items()}

    risposta = client.post(_sezione(mia), scritti)

    assert risposta.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
    assert "Set-Cookie: a=b" not in str(risposta.headers)
    with come_sistema(mia.ente):
        assert Conteggio.objects.get(pk=conteggio.pk).valore == 10


@pytest.mark.parametrize(
    "indirizzo",
    [
        "/enti/?nodo=%00&asse=%00&testo=%00&ordine=%00&pagina=%00",
        "/enti/elenco.csv?nodo=%00",
        "/schede/?campagna=%00",
        "/schede/?asse=%00&nodo=%00&stato=%00",
        "/schede/?ordine=-ente__appartenenze__utente__password&pagina=" + "9" * 5000,
        "/schede/elenco.xlsx?ordine=ente__note&stato=da_aprire'--",
        "/rapporto/quadrante-alat/99999999999999999999/",
    ],
)
def test_un_indirizzo_rimaneggiato_non_rompe_le_pagine(client, indirizzo):
    client.entra(attore(Ruolo.AMMINISTRATORE))

    assert client.get(indirizzo).status_code in (HTTPStatus.OK, HTTPStatus.NOT_FOUND)


def test_nessun_elenco_filtro_o_file_nomina_la_scheda_di_un_altro(client):
    scheda_piena()
    client.entra(attore(Ruolo.REFERENTE))

    for nome in ("report:casa", "report:schede", "report:schede_csv", "enti:elenco"):
        assert PAROLA not in client.get(reverse(nome)).content.decode(), nome


# Chi agisce per conto di chi --------------------------------------------------------------------


def test_non_si_sceglie_un_ente_di_altri(client):
    chi, altro = attore(), EnteFactory()
    client.entra(chi)

    risposta = client.post(reverse("enti:scegli"), {"ente": str(altro.uuid)})

    assert risposta.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert client.session["ente"] == chi.ente.pk


@pytest.mark.parametrize(("giorni_fa", "stato"), [(0, HTTPStatus.OK), (1, HTTPStatus.FOUND)])
def test_la_sessione_rimasta_aperta_segue_l_appartenenza(client, giorni_fa, stato):
    scheda = SchedaFactory()
    chi = attore(ente=scheda.ente)
    client.entra(chi)
    fine = timezone.localdate() - timedelta(days=giorni_fa)
    with come_sistema():
        chi.utente.appartenenze.update(fine=fine)

    assert client.get(reverse("report:scheda", args=[scheda.uuid])).status_code == stato


def test_nessuno_agisce_come_l_attore_di_sistema(client):
    sistema = Utente.objects.sistema()
    for password in ("", "!", sistema.password):
        dati = {"username": sistema.email, "password": password}
        assert client.post(reverse("enti:accedi"), dati).status_code == 422

    # Anche con una sessione sua non è nessuno: le pagine chiedono un'appartenenza.
    client.force_login(sistema)
    assert client.get(reverse("report:schede")).url == reverse("enti:scegli")
    richiesta = RequestFactory().get("/")
    richiesta.user, richiesta.session = sistema, {}
    EnteCorrenteMiddleware(lambda _: None)(richiesta)
    assert richiesta.attore is None


@pytest.mark.parametrize(
    "altrove",
    [
        "//male.example",
        "https://male.example",
        "/\\male.example",
        "javascript:alert(1)",
        "\t//male",
    ],
)
def test_dopo_l_accesso_non_si_finisce_altrove(client, altrove):
    chi = AppartenenzaFactory(utente=UtenteFactory(password="una-lunga-parola")).utente
    dati = {"username": chi.email, "password": "una-lunga-parola", "next": altrove}

    assert client.post(reverse("enti:accedi"), dati).url == reverse("prestazioni:registra")


def test_entrando_la_sessione_e_nuova_e_uscendo_finisce(client):
    chi = AppartenenzaFactory(utente=UtenteFactory(password="una-lunga-parola")).utente
    client.get(reverse("enti:accedi"))
    prima = client.session.session_key

    client.post(reverse("enti:accedi"), {"username": chi.email, "password": "una-lunga-parola"})
    dentro = client.session.session_key
    uscita = client.post(reverse("enti:esci"))

    assert dentro != prima
    assert '"cache"' in uscita["Clear-Site-Data"]
    client.cookies[settings.SESSION_COOKIE_NAME] = dentro
    assert client.get(reverse("report:casa")).status_code == HTTPStatus.FOUND


def test_ogni_richiesta_che_scrive_vuole_il_sigillo():
    client = RegistroClient(enforce_csrf_checks=True)
    client.entra(attore(Ruolo.AMMINISTRATORE))
    fittizi = {"uuid": uuid4(), "documento": uuid4(), "eccezione": uuid4(), "edizione": 1}
    fittizi |= {"numero": 1, "anno": 2026, "mese": 3}

    for nome, voce in viste():
        parti = voce.pattern.regex.groupindex
        indirizzo = reverse(nome, kwargs={parte: fittizi.get(parte, "x") for parte in parti})
        risposta = client.post(indirizzo)
        assert risposta.status_code == HTTPStatus.FORBIDDEN, nome
        assert "X-Modulo-Scaduto" in risposta, nome


# Le edizioni e i loro documenti -----------------------------------------------------------------


def _bozza(richiesto_da) -> DocumentoRapporto:
    ente = ente_del_coordinamento()
    progetto = ProgettoFactory(slug="quadrante-alat")
    with come(richiesto_da):
        bozza = Rapporto.objects.create(
            ente=ente,
            progetto=progetto,
            edizione=1,
            titolo=PAROLA,
            cornice=congela_cornice(cornice_corrente(progetto, legami=[])),
        )
        return DocumentoRapporto.objects.create(
            ente=ente, rapporto=bozza, richiesto_da=richiesto_da.utente
        )


@pytest.mark.parametrize(
    "ruolo", [Ruolo.OPERATORE, Ruolo.REFERENTE, Ruolo.INVIANTE, Ruolo.GARANTE]
)
def test_di_una_bozza_gli_altri_non_vedono_pagine_conti_ne_pdf(client, ruolo):
    capo = attore(Ruolo.AMMINISTRATORE)
    documento = _bozza(capo)
    edizione = reverse("report:rapporto", args=["quadrante-alat", 1])
    # Chi può la apre per primo: ciò che resta in memoria non deve servire ad altri.
    client.entra(capo).get(edizione)
    client.entra(attore(ruolo))

    chiusi = [edizione, f"{edizione}cifre.csv", f"{edizione}schede/"]
    chiusi += [reverse(f"report:pdf_{n}", args=[documento.uuid]) for n in ("stato", "scarica")]
    assert {client.get(indirizzo).status_code for indirizzo in chiusi} == {HTTPStatus.NOT_FOUND}
    for nome in ("report:rapporti", "report:casa"):
        assert PAROLA not in client.get(reverse(nome)).content.decode()


def test_chi_non_coordina_piu_non_segue_il_pdf_della_bozza_che_aveva_chiesto(client):
    capo = attore(Ruolo.AMMINISTRATORE)
    documento = _bozza(capo)
    ieri = timezone.localdate() - timedelta(days=1)
    with come_sistema():
        capo.utente.appartenenze.update(fine=ieri)
    AppartenenzaFactory(utente=capo.utente, ruolo=Ruolo.OPERATORE)
    client.force_login(capo.utente)

    for nome in ("stato", "scarica"):
        indirizzo = reverse(f"report:pdf_{nome}", args=[documento.uuid])
        assert client.get(indirizzo).status_code == HTTPStatus.NOT_FOUND


def test_in_un_edizione_pubblicata_non_si_aggiunge_una_riga(quadrante):
    with come(attore(Ruolo.AMMINISTRATORE, ente=quadrante.ente)):
        for nome in ("cifra", "addendo", "copiascheda", "bloccoditesto", "totalediregola"):
            modello = apps.get_model("report", nome)
            assert modello.objects.update(ordine=0) == 0, nome
            riga = modello.objects.first()
            riga.pk = None
            with pytest.raises(ProgrammingError, match="row-level"), transaction.atomic():
                riga.save(force_insert=True)


# Le risposte e le registrazioni ----------------------------------------------------------------


def test_ogni_genere_di_risposta_porta_le_difese(client, mia):
    client.raise_request_exception = False
    risposte = [
        client.get("/"),
        client.get("/non-esiste/"),
        client.get(reverse("report:scheda_valuta", args=[mia.uuid])),
        client.get(reverse("report:scheda_apri", args=[mia.uuid])),
        client.get(reverse("report:schede_csv")),
        client.get(reverse("report:schede_xlsx")),
        client.post(_sezione(mia), {"riga": "x"}),
        client.get("/salute/"),
        RegistroClient().get(reverse("report:casa")),
        RegistroClient(enforce_csrf_checks=True).post(reverse("enti:accedi")),
    ]

    assert {r.status_code for r in risposte} >= {200, 302, 403, 404, 405}
    for risposta in risposte:
        politica = risposta["Content-Security-Policy"]
        assert "script-src 'self'" in politica
        assert "'unsafe-inline'" not in politica.replace("style-src-attr 'unsafe-inline'", "")
        assert risposta["X-Frame-Options"] == "DENY"
        assert risposta["X-Content-Type-Options"] == "nosniff"
        assert risposta["Permissions-Policy"]


def test_un_nome_di_macchina_inventato_e_rifiutato(client):
    assert client.get("/accedi/", headers={"host": "male.example"}).status_code == 400
    risposta = client.get("/schede/", headers={"x-forwarded-host": "male.example"})
    assert "male.example" not in risposta.url


def test_un_cookie_con_un_nullo_non_rompe_la_pagina(client):
    client.cookies[settings.SESSION_COOKIE_NAME] = "\0" * 32

    assert client.get(reverse("enti:accedi")).status_code == HTTPStatus.OK


@pytest.mark.parametrize("prima", [" ", "\u00a0", "\u200b", "\ufeff", "\0", " \t ", "\u3000"])
def test_una_formula_dietro_segni_invisibili_resta_testo(prima):
    assert esportazioni.testo_sicuro(f"{prima}=HYPERLINK(1)").startswith("'")
    assert esportazioni.testo_sicuro(f"{prima}Anna") == f"{prima}Anna" or prima.startswith("\t")


def test_un_errore_del_database_si_registra_senza_i_dati_della_riga():
    posta = UtenteFactory().email
    with pytest.raises(Error) as colto, transaction.atomic():
        UtenteFactory(email=posta)
    assert posta in str(colto.value)
    errore = (colto.type, colto.value, colto.tb)

    scritto = SenzaDatiFormatter("{message}", style="{").formatException(errore)

    assert posta not in scritto
    assert "23505 enti_utente_email_key" in scritto
    assert "test_attacchi.py" in scritto


def test_le_registrazioni_usano_la_forma_senza_dati():
    forme = {type(g.formatter) for g in logging.getLogger().handlers if g.formatter}
    voluta = settings.LOGGING["formatters"]["riga"]["()"]

    assert voluta == f"{SenzaDatiFormatter.__module__}.{SenzaDatiFormatter.__name__}"
    assert SenzaDatiFormatter in forme


IN_ESERCIZIO = """
import django
django.setup()
from django.core.management import call_command
from django.test import Client
call_command("check", deploy=True, fail_level="WARNING")
cliente = Client(headers={"host": "registro.example"})
assert cliente.get("/accedi/").url == "https://registro.example/accedi/"
assert cliente.get("/galleria/", secure=True).status_code == 404
assert cliente.get("/accedi/", secure=True, headers={"host": "altro.example"}).status_code == 400
risposta = cliente.get("/non-esiste/", secure=True)
assert "max-age=31536000" in risposta["Strict-Transport-Security"]
from django.conf import settings
assert settings.SESSION_COOKIE_NAME.startswith("__Host-") and settings.SESSION_COOKIE_SECURE
assert not settings.DEBUG
"""


def test_in_esercizio_le_impostazioni_sono_chiuse(tmp_path: Path):
    (tmp_path / "static").mkdir()
    ambiente = {n: v for n, v in os.environ.items() if n != "REGISTRO_DIMOSTRAZIONE"} | {
        "DJANGO_SETTINGS_MODULE": "registro.settings",
        "REGISTRO_SECRET_KEY": uuid4().hex + uuid4().hex,
        "REGISTRO_DEBUG": "no",
        "REGISTRO_HOST": "registro.example",
        "REGISTRO_CONTATTO_DPO": "dpo@registro.example",
        "REGISTRO_DATI": str(tmp_path),
    }
    esito = subprocess.run(
        [sys.executable, "-c", IN_ESERCIZIO],
        cwd=settings.CARTELLA_BASE,
        env=ambiente,
        capture_output=True,
        text=True,
        check=False,
    )

    assert esito.returncode == 0, esito.stderr[-2000:]
