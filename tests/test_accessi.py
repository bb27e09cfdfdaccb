"""Ogni pagina contro ogni persona sbagliata: 404 ciò che non è tuo, 403 ciò che il ruolo non può."""

from uuid import uuid4

import pytest
from django.conf import settings
from django.urls import reverse

from enti.permessi import Ruolo
from enti.sistema import come_sistema
from report.models import DocumentoRapporto
from tests.fabbriche import (
    NodoFactory,
    SchedaFactory,
    UtenteFactory,
    attore,
    quadrante_caricato,
)
from tests.fughe.tabella import PAGINE
from tests.test_coerenza import VISTE_APERTE, viste


pytestmark = pytest.mark.django_db

# Pagine di una scheda: (metodo, nome, argomenti oltre all'uuid, ruoli dell'ente che possono).
CHI_COMPILA = {Ruolo.OPERATORE, Ruolo.REFERENTE}
PAGINE_DI_SCHEDA = [
    ("get", "report:scheda", (), CHI_COMPILA),
    ("post", "report:scheda_apri", (), CHI_COMPILA),
    ("post", "report:scheda_ritira", (), {Ruolo.REFERENTE}),
    ("get", "report:scheda_compila", (), CHI_COMPILA),
    ("get", "report:scheda_sezione", ("beneficiari",), CHI_COMPILA),
    ("post", "report:scheda_sezione", ("beneficiari",), CHI_COMPILA),
    ("get", "report:scheda_margine", ("beneficiari",), CHI_COMPILA),
    ("get", "report:scheda_invia", (), {Ruolo.REFERENTE}),
    ("post", "report:scheda_invia", (), {Ruolo.REFERENTE}),
    ("get", "report:scheda_valuta", (), set()),
    ("post", "report:scheda_valuta", (), set()),
]
# Pagine di un'edizione pubblicata: le legge ogni ente.
EDIZIONE = ("quadrante-alat", 1)
PAGINE_PUBBLICATE = {
    "report:rapporto": EDIZIONE,
    "report:rapporto_beneficiari": EDIZIONE,
    "report:rapporto_asse": (*EDIZIONE, "lavoro"),
    "report:rapporto_nodo": (*EDIZIONE, "asti"),
    "report:rapporto_impatto": EDIZIONE,
    "report:rapporto_rete": EDIZIONE,
    "report:rapporto_conclusioni": EDIZIONE,
    "report:rapporto_schede": EDIZIONE,
    "report:rapporto_scheda": (*EDIZIONE, "jokko"),
    "report:rapporto_cifre": EDIZIONE,
    "report:rapporto_cifre_csv": EDIZIONE,
    "report:rapporto_cifre_xlsx": EDIZIONE,
    "report:rapporto_cifra": (*EDIZIONE, "individui-aree-interne"),
    "report:ente": ("jokko",),
}
# Pagine senza un oggetto: nome → ruoli che le aprono (None: tutti).
COL_PERMESSO_SCHEDE = {
    Ruolo.OPERATORE,
    Ruolo.REFERENTE,
    Ruolo.COORDINATORE,
    Ruolo.AMMINISTRATORE,
}
PAGINE_SENZA_OGGETTO = {
    "report:casa": None,
    "report:rapporti": None,
    "report:schede": COL_PERMESSO_SCHEDE,
    "report:schede_csv": COL_PERMESSO_SCHEDE,
    "report:schede_xlsx": COL_PERMESSO_SCHEDE,
    "enti:elenco": None,
    "enti:elenco_csv": None,
    "enti:elenco_xlsx": None,
    "enti:ruoli": None,
    "privacy:registri": {Ruolo.REFERENTE, Ruolo.GARANTE},
    "privacy:eventi": {Ruolo.REFERENTE, Ruolo.GARANTE},
    "privacy:eventi_csv": {Ruolo.REFERENTE, Ruolo.GARANTE},
    "privacy:sigilli": {Ruolo.GARANTE},
    "privacy:segnalazioni": {Ruolo.GARANTE},
    "enti:copie": {Ruolo.AMMINISTRATORE, Ruolo.GARANTE},
    "enti:utenti": {Ruolo.REFERENTE, Ruolo.AMMINISTRATORE},
    "enti:utenti_csv": {Ruolo.REFERENTE, Ruolo.AMMINISTRATORE},
    "enti:utenti_xlsx": {Ruolo.REFERENTE, Ruolo.AMMINISTRATORE},
    "enti:invita": {Ruolo.REFERENTE, Ruolo.AMMINISTRATORE},
}
# Pagine di un utente o di un invito: (metodo, nome, ruoli che le aprono). Le attacca una per una
# tests/enti/test_utenti_accessi.py.
CHI_CURA_GLI_UTENTI = {Ruolo.REFERENTE, Ruolo.AMMINISTRATORE}
PAGINE_DI_UTENTE = [
    ("get", "enti:utente_ruolo", CHI_CURA_GLI_UTENTI),
    ("get", "enti:utente_chiudi", CHI_CURA_GLI_UTENTI),
    ("post", "enti:utente_riapri", CHI_CURA_GLI_UTENTI),
    ("get", "enti:utente_fattore", CHI_CURA_GLI_UTENTI),
    ("get", "enti:utente_account", {Ruolo.AMMINISTRATORE}),
    ("get", "enti:eccezioni", {Ruolo.AMMINISTRATORE}),
    ("post", "enti:eccezione_ritira", {Ruolo.AMMINISTRATORE}),
    ("post", "enti:invito_rimanda", CHI_CURA_GLI_UTENTI),
    ("post", "enti:invito_annulla", CHI_CURA_GLI_UTENTI),
]
# I filtri salvati: ognuno i suoi. Le attacca tests/enti/test_filtri.py.
DEI_FILTRI = {
    "enti:filtro_salva": (),
    "enti:filtro_togli": (uuid4(),),
    "enti:filtro_rimetti": (uuid4(),),
}
# Una segnalazione e una testata: le attacca tests/privacy/test_registri_pagine.py.
DEI_REGISTRI = {"privacy:segnalazione": (uuid4(),), "privacy:testata": ("2026-11-23",)}
DEI_DOCUMENTI = {"report:pdf_prepara", "report:pdf_stato", "report:pdf_scarica"}


def _chiedi(client, metodo, nome, uuid, altri):
    return getattr(client, metodo)(reverse(nome, args=[uuid, *altri]))


def test_non_c_e_un_amministrazione_generica():
    """Quella di Django mostrerebbe ogni tabella a chi ha un permesso solo, senza dire per quale fine."""
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    assert not [nome for nome, _ in viste() if nome.startswith("admin:")]


def test_ogni_pagina_e_in_una_tabella():
    conosciute = (
        {nome for _, nome, _, _ in PAGINE_DI_SCHEDA}
        | set(PAGINE_PUBBLICATE)
        | set(PAGINE_SENZA_OGGETTO)
        | DEI_DOCUMENTI
        | set(DEI_REGISTRI)
        | set(DEI_FILTRI)
        | {nome for _, nome, _ in PAGINE_DI_UTENTE}
        | set(VISTE_APERTE)
        # Le pagine delle persone e dei registri le percorrono le prove di tests/fughe.
        | set(PAGINE)
    )

    assert {nome for nome, _ in viste()} == conosciute


@pytest.mark.parametrize(("metodo", "nome", "altri", "ruoli"), PAGINE_DI_SCHEDA)
def test_per_un_altro_ente_la_scheda_non_esiste(client, metodo, nome, altri, ruoli):
    scheda = SchedaFactory()
    # Chi, per ruolo, potrebbe: gli manca solo che la scheda sia sua.
    chi = attore(Ruolo.REFERENTE) if ruoli else attore(Ruolo.COORDINATORE, nodo=NodoFactory())

    risposta = _chiedi(client.entra(chi), metodo, nome, scheda.uuid, altri)

    assert risposta.status_code == 404


@pytest.mark.parametrize(("metodo", "nome", "altri", "ruoli"), PAGINE_DI_SCHEDA)
def test_una_scheda_altrui_risponde_come_una_inventata(client, metodo, nome, altri, ruoli):
    vera = SchedaFactory()
    client.entra(attore(Ruolo.REFERENTE))

    altrui = _chiedi(client, metodo, nome, vera.uuid, altri)
    mai_vista = _chiedi(client, metodo, nome, uuid4(), altri)

    assert altrui.status_code == mai_vista.status_code
    assert _senza_numero(altrui) == _senza_numero(mai_vista)


def _senza_numero(risposta) -> str:
    """Il testo della pagina senza il numero della richiesta, che è diverso ogni volta."""
    richiesta = risposta.headers.get("X-Request-Id", "-")
    return risposta.content.decode().replace(richiesta, "")


@pytest.mark.parametrize("ruolo", [Ruolo.INVIANTE, Ruolo.GARANTE])
@pytest.mark.parametrize(("metodo", "nome", "altri", "ruoli"), PAGINE_DI_SCHEDA)
def test_inviante_e_garante_non_aprono_le_schede(client, metodo, nome, altri, ruoli, ruolo):
    scheda = SchedaFactory()

    risposta = _chiedi(
        client.entra(attore(ruolo, ente=scheda.ente)), metodo, nome, scheda.uuid, altri
    )

    assert risposta.status_code == 403


@pytest.mark.parametrize("ruolo", [Ruolo.OPERATORE, Ruolo.REFERENTE])
@pytest.mark.parametrize(("metodo", "nome", "altri", "ruoli"), PAGINE_DI_SCHEDA)
def test_nell_ente_decide_il_ruolo(client, metodo, nome, altri, ruoli, ruolo):
    scheda = SchedaFactory()

    risposta = _chiedi(
        client.entra(attore(ruolo, ente=scheda.ente)), metodo, nome, scheda.uuid, altri
    )

    assert (risposta.status_code == 403) == (ruolo not in ruoli)


@pytest.mark.parametrize(("metodo", "nome", "altri", "ruoli"), PAGINE_DI_SCHEDA)
def test_chi_coordina_il_nodo_legge_ma_non_compila(client, metodo, nome, altri, ruoli):
    scheda = SchedaFactory(stato="inviata")
    chi = attore(Ruolo.COORDINATORE, nodo=scheda.nodo)

    risposta = _chiedi(client.entra(chi), metodo, nome, scheda.uuid, altri)

    sua = nome in {"report:scheda", "report:scheda_valuta"}
    assert (risposta.status_code == 403) != sua


@pytest.mark.parametrize("ruolo", list(Ruolo))
def test_le_pagine_senza_oggetto_seguono_il_ruolo(client, ruolo):
    client.entra(attore(ruolo))

    esiti = {nome: client.get(reverse(nome)).status_code for nome in PAGINE_SENZA_OGGETTO}

    assert esiti == {
        nome: 200 if ruoli is None or ruolo in ruoli else 403
        for nome, ruoli in PAGINE_SENZA_OGGETTO.items()
    }


def test_il_pubblicato_lo_legge_ogni_ente_e_nessun_altro(client):
    quadrante_caricato()
    indirizzi = [reverse(nome, args=argomenti) for nome, argomenti in PAGINE_PUBBLICATE.items()]

    senza_accesso = {client.get(indirizzo).status_code for indirizzo in indirizzi}
    client.force_login(UtenteFactory())
    risposte = [client.get(indirizzo) for indirizzo in indirizzi]
    client.entra(attore(Ruolo.INVIANTE))
    con_un_ente = {client.get(indirizzo).status_code for indirizzo in indirizzi}

    assert (senza_accesso, con_un_ente) == ({302}, {200})
    assert {risposta.url for risposta in risposte} == {reverse("enti:scegli")}


def test_un_edizione_che_non_c_e_e_404(client):
    quadrante_caricato()
    client.entra(attore(Ruolo.AMMINISTRATORE))

    for nome, argomenti in PAGINE_PUBBLICATE.items():
        altrove = [argomenti[0], 99, *argomenti[2:]] if len(argomenti) > 1 else ["nessuno"]
        assert client.get(reverse(nome, args=altrove)).status_code == 404, nome


@pytest.mark.parametrize("nome", [n for n, _ in viste() if n not in VISTE_APERTE])
def test_chi_non_e_entrato_va_all_accesso(client, nome):
    argomenti = {
        **{n: (uuid4(), *altri) for _, n, altri, _ in PAGINE_DI_SCHEDA},
        **PAGINE_PUBBLICATE,
        "report:pdf_prepara": EDIZIONE,
        "report:pdf_stato": (uuid4(),),
        "report:pdf_scarica": (uuid4(),),
        **{n: (uuid4(),) for _, n, _ in PAGINE_DI_UTENTE},
        "enti:eccezione_ritira": (uuid4(), uuid4()),
        **DEI_FILTRI,
        **DEI_REGISTRI,
        **{n: ((uuid4(),) if p.oggetto else ()) + tuple(p.altri) for n, p in PAGINE.items()},
    }

    risposta = client.get(reverse(nome, args=argomenti.get(nome, ())))

    assert risposta.status_code == 302
    assert risposta.url.startswith(reverse("enti:accedi"))


def test_il_pdf_lo_prepara_chi_coordina_e_lo_segue_chi_l_ha_chiesto(client):
    rapporto = quadrante_caricato()
    prepara = reverse("report:pdf_prepara", args=EDIZIONE)

    assert client.entra(attore(Ruolo.REFERENTE)).post(prepara).status_code == 403
    risposta = client.entra(attore(Ruolo.AMMINISTRATORE)).post(prepara)
    with come_sistema(rapporto.ente):
        documento = DocumentoRapporto.objects.get(rapporto=rapporto)

    assert risposta.status_code == 302
    for nome in ("report:pdf_stato", "report:pdf_scarica"):
        indirizzo = reverse(nome, args=[documento.uuid])
        assert client.entra(attore(Ruolo.REFERENTE)).get(indirizzo).status_code == 404


def test_nessun_indirizzo_porta_nomi_o_posta(client):
    """Un indirizzo resta nei registri e nella cronologia: porta sigle pubbliche o UUID."""
    parti = {parte for _, voce in viste() for parte in voce.pattern.regex.groupindex}

    assert parti <= {
        *("uuid", "codice", "progetto", "edizione", "asse", "nodo", "scheda", "cifra"),
        *("slug", "documento", "eccezione", "gettone", "finalita", "gruppo", "gesto"),
        *("anno", "mese", "giorno", "numero", "passo"),
    }
