"""LEAK-03 e LEAK-02: ogni pagina, ogni persona, ogni metodo, ogni oggetto; e che cosa ne esce.

Le pagine si prendono dalla tabella e da `get_resolver()`: una che non è nella tabella ferma
tests/test_accessi.py, una che non ha l'oggetto da aprire ferma queste.
"""

import io
import logging
import re
import zipfile
from uuid import uuid4

import pytest
from django.core import mail
from django.db import transaction
from django.urls import NoReverseMatch, reverse

from enti.permessi import Ruolo
from tests.fughe.a_parte import righe_senza_contesto
from tests.fughe.conftest import LUNGA
from tests.fughe.mondo import PUBBLICHE_NELLA_RETE, tabelle_isolate
from tests.fughe.scena import CONDIVISI, CONTRASSEGNO, allestisci
from tests.fughe.tabella import LAVORANO, PAGINE


METODI = ("get", "head", "post", "put", "patch", "delete", "options")
RIUSCITE = {200, 204, 302, 303, 400, 409, 422}
# Oggetti della rete, uguali per ogni ente, o che nessuna pagina può nominare prima della guardia.
DELLA_RETE = {"accordo", "base", "legame"}
# La pagina mostra l'oggetto solo se è di un genere particolare.
OGGETTI_PARTICOLARI = {"beneficiari:codice_anonimo": "anonima"}
# Il proprio oggetto c'è, ma la richiesta com'è fatta qui ne chiede un altro che manca.
MANCA_QUALCOSA = {
    ("beneficiari:documento_scarica", "get"): "il documento è ancora in coda",
    ("beneficiari:consenso_nuovo", "post"): "la richiesta non dice quale informativa",
}
_VARIABILI = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|"X-CSRFToken": *"[^"]*"'
)


@pytest.fixture(scope="module")
def scena(a_parte):
    return allestisci()


@pytest.fixture(scope="module")
def protette(a_parte) -> list[str]:
    return sorted(set(tabelle_isolate()) - PUBBLICHE_NELLA_RETE)


@pytest.fixture
def chiedi(scena, protette, caplog):
    """Fa una richiesta, controlla ciò che vale sempre, e disfa ciò che ha scritto."""
    caplog.set_level(logging.DEBUG)

    def _chiedi(chi: str, metodo: str, indirizzo: str):
        mail.outbox.clear()
        caplog.clear()
        with transaction.atomic():
            risposta = getattr(scena.prove[chi], metodo)(indirizzo)
            transaction.set_rollback(True)
        assert risposta.status_code < 500, (chi, metodo, indirizzo, risposta.status_code)
        _niente_di_estraneo(chi, indirizzo, _cio_che_esce(risposta, caplog))
        assert not any(righe_senza_contesto(protette).values())
        return risposta

    return _chiedi


def _cio_che_esce(risposta, caplog) -> str:
    """Tutto ciò che lascia il Registro con questa risposta, in un testo solo."""
    corpo = b"".join(risposta.streaming_content) if risposta.streaming else risposta.content
    if corpo[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(corpo)) as cartella:
            corpo = b"\n".join(cartella.read(nome) for nome in cartella.namelist())
    posta = "\n".join(
        f"{lettera.subject}\n{lettera.body}\n{lettera.to}" for lettera in mail.outbox
    )
    intestazioni = "\n".join(f"{nome}: {valore}" for nome, valore in risposta.headers.items())
    registrazioni = "\n".join(
        record.getMessage() for record in caplog.records if record.name != "django.db.backends"
    )
    fuori = "\n".join([intestazioni, posta, registrazioni])
    assert not CONTRASSEGNO.search(fuori), f"un nome fuori dalla pagina: {fuori}"
    return corpo.decode(errors="replace")


def _niente_di_estraneo(chi: str, indirizzo: str, testo: str) -> None:
    visti = set(CONTRASSEGNO.findall(testo))
    ammessi = CONDIVISI if chi in {"operatore", "referente"} else set()
    di_altri = {segno for segno in visti if segno.startswith("E1")} - ammessi
    assert not di_altri, (chi, indirizzo, di_altri)
    if chi not in {"operatore", "referente"}:
        assert not visti, (chi, indirizzo, visti)
    if chi == "operatore":
        sensibili = {segno for segno in visti if segno[-1] in "79"}
        assert not sensibili, (indirizzo, sensibili)


def _indirizzo(nome: str, uuid) -> str:
    pagina = PAGINE[nome]
    return reverse(nome, args=[*([uuid] if pagina.oggetto else []), *pagina.altri])


def _del_proprio(scena, nome: str, chi: str):
    oggetto = OGGETTI_PARTICOLARI.get(nome, PAGINE[nome].oggetto)
    return scena.nostro(oggetto, chi) if oggetto else None


def _senza_variabili(risposta, uuid) -> str:
    testo = risposta.content.decode().replace(risposta.headers.get("X-Request-Id", "-"), "")
    return _VARIABILI.sub("", testo).replace(str(uuid), "UUID")


COL_PROPRIO = [nome for nome, p in PAGINE.items() if p.oggetto not in DELLA_RETE - {"accordo"}]
COI_DEGLI_ALTRI = [nome for nome, p in PAGINE.items() if p.oggetto and p.oggetto not in DELLA_RETE]


@pytest.mark.parametrize("nome", COL_PROPRIO)
@pytest.mark.parametrize("ruolo", [ruolo.value for ruolo in Ruolo])
def test_nel_proprio_ente_decide_il_ruolo(scena, chiedi, nome, ruolo):
    pagina = PAGINE[nome]
    # Di un documento non proprio, come di una riga che non si vede, non si dice che c'è.
    uuid = _del_proprio(scena, nome, ruolo) or scena.documenti["referente"]

    for metodo in pagina.metodi:
        stato = chiedi(ruolo, metodo, _indirizzo(nome, uuid)).status_code
        if ruolo not in pagina.ruoli:
            # 404 dove il ruolo aprirebbe la pagina ma la riga, per lui, non c'è.
            assert stato in {403, 404}, (metodo, stato)
        elif (nome, metodo) in MANCA_QUALCOSA:
            assert stato == 404, (metodo, stato)
        else:
            assert stato in RIUSCITE, (metodo, stato)


@pytest.mark.parametrize("nome", COI_DEGLI_ALTRI)
@pytest.mark.parametrize("ruolo", [r.value for r in (Ruolo if LUNGA else sorted(LAVORANO))])
def test_cio_che_e_di_un_altro_risponde_come_cio_che_non_c_e(scena, chiedi, nome, ruolo):
    pagina = PAGINE[nome]
    for metodo in pagina.metodi:
        altrui, inventato = scena.loro[pagina.oggetto], uuid4()
        prima = chiedi(ruolo, metodo, _indirizzo(nome, altrui))
        dopo = chiedi(ruolo, metodo, _indirizzo(nome, inventato))

        assert prima.status_code == dopo.status_code, metodo
        assert _senza_variabili(prima, altrui) == _senza_variabili(dopo, inventato), metodo
        assert dict(prima.headers) | _DIVERSE == dict(dopo.headers) | _DIVERSE
        if ruolo in pagina.ruoli:
            assert prima.status_code == 404, metodo


_DIVERSE = {"X-Request-Id": "", "Content-Length": "", "Content-Security-Policy": ""}


@pytest.mark.parametrize("nome", PAGINE)
def test_gli_altri_metodi_non_aprono_niente(scena, chiedi, nome):
    pagina = PAGINE[nome]
    ruolo = sorted(pagina.ruoli)[0].value
    uuid = _del_proprio(scena, nome, ruolo) or uuid4()
    letti = {"get", "head"} if "get" in pagina.metodi else set()
    for metodo in set(METODI) - set(pagina.metodi) - letti:
        assert chiedi(ruolo, metodo, _indirizzo(nome, uuid)).status_code in {403, 405}, metodo


@pytest.mark.parametrize("nome", PAGINE)
@pytest.mark.parametrize("chi", ["anonimo", "senza ente", "finito"])
def test_chi_non_agisce_per_un_ente_va_altrove(scena, chiedi, nome, chi):
    for metodo in METODI if LUNGA else PAGINE[nome].metodi:
        risposta = chiedi(
            chi, metodo, _indirizzo(nome, _del_proprio(scena, nome, "referente") or uuid4())
        )

        assert risposta.status_code in {302, 405}, metodo
        if risposta.status_code == 302:
            assert risposta.url.startswith((reverse("enti:accedi"), reverse("enti:scegli")))


@pytest.mark.parametrize("nome", COI_DEGLI_ALTRI)
def test_un_indirizzo_scritto_male_non_si_apre(scena, chiedi, nome):
    vero = uuid4()
    giusto = _indirizzo(nome, vero)
    for sbagliato in ("nessuno", "1", str(vero)[:-1], f"{vero}0", "..", "%00"):
        assert chiedi("referente", "get", giusto.replace(str(vero), sbagliato)).status_code == 404


def test_ogni_oggetto_della_tabella_e_sulla_scena(scena):
    mancano = {
        pagina.oggetto
        for pagina in PAGINE.values()
        if pagina.oggetto
        and pagina.oggetto not in DELLA_RETE
        and not (scena.nostro(pagina.oggetto, "referente") and scena.loro.get(pagina.oggetto))
    }

    assert mancano == set()


@pytest.mark.parametrize(
    ("nome", "attesi"),
    [
        ("beneficiari:elenco", {"E0P0F1"}),
        ("beneficiari:elenco_csv", {"E0P0F1"}),
        ("beneficiari:elenco_xlsx", {"E0P0F1"}),
        ("beneficiari:persona", {"E0P0F1"}),
        ("beneficiari:rilevazioni", {"E0P0F1", "E0P0F7", "E0P0F9"}),
        ("beneficiari:nota", {"E0P0F9"}),
        ("beneficiari:valutazione", {"E0P0F7"}),
        ("beneficiari:caso", {"E0P0F5"}),
        ("beneficiari:condivisa", {"E1P9F1", "E1P9F2"}),
        ("beneficiari:condivise", {"E1P9F1"}),
        ("beneficiari:passaggio", {"E1P9F1"}),
    ],
)
def test_chi_risponde_dei_dati_vede_i_suoi(scena, chiedi, caplog, nome, attesi):
    """Chiudere a torto è un guasto come aprire a torto."""
    try:
        indirizzo = _indirizzo(nome, _del_proprio(scena, nome, "referente"))
    except NoReverseMatch:
        pytest.fail(f"{nome} non ha un indirizzo")
    testo = _cio_che_esce(chiedi("referente", "get", indirizzo), caplog)

    assert attesi <= set(CONTRASSEGNO.findall(testo))
