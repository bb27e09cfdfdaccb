"""LEAK-03 e LEAK-02: ogni pagina, ogni persona, ogni metodo, ogni oggetto; e che cosa ne esce.

Le pagine si prendono dalla tabella e da `get_resolver()`: una che non è nella tabella ferma
tests/test_accessi.py, una che non ha l'oggetto da aprire ferma queste.
"""

import re
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import NoReverseMatch, reverse

from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy.models import RegistroAccessi
from tests.fughe.conftest import LUNGA
from tests.fughe.scena import CONTRASSEGNO
from tests.fughe.tabella import LAVORANO, PAGINE
from tests.fughe.uscite import cio_che_esce


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
# Ciò che è di un ente e chi tiene i registri deve leggere: che cosa si promette alle persone.
LEGGE_DI_TUTTI = {
    ("garante", "privacy:informativa"),
    *(
        (ruolo, f"beneficiari:{pagina}")
        for ruolo in ("garante", "amministratore")
        for pagina in ("violazione", "violazione_notifica")
    ),
}
_VARIABILI = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|"X-CSRFToken": *"[^"]*"'
)


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
    if (ruolo, nome) in LEGGE_DI_TUTTI:
        assert (
            chiedi(ruolo, "get", _indirizzo(nome, scena.loro[pagina.oggetto])).status_code == 200
        )
        return
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
        ("beneficiari:persona", {"E0P0F1"}),
        ("beneficiari:rilevazioni", {"E0P0F1", "E0P0F7", "E0P0F9"}),
        ("beneficiari:nota", {"E0P0F9"}),
        ("beneficiari:valutazione", {"E0P0F7"}),
        ("beneficiari:caso", {"E0P0F5"}),
        ("prestazioni:prestazione", {"E0P0F1", "E0P0F9"}),
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
    testo = cio_che_esce(chiedi("referente", "get", indirizzo), caplog)

    assert attesi <= set(CONTRASSEGNO.findall(testo))


# Mostrano il foglio che chi guarda ha appena portato: non si legge niente del Registro.
DEL_FOGLIO_PORTATO = {"prestazioni:importa_colonne"}


@pytest.mark.parametrize("nome", [nome for nome, p in PAGINE.items() if "get" in p.metodi])
def test_chi_legge_lascia_una_riga_nel_registro(scena, caplog, nome):
    """Se nella risposta c'è il contrassegno di una persona, nel registro c'è chi l'ha letta."""
    ruolo = "referente"
    indirizzo = _indirizzo(nome, _del_proprio(scena, nome, ruolo) or uuid4())
    with transaction.atomic():
        risposta = scena.prove[ruolo].get(indirizzo)
        with come_sistema(scena.proprio):
            righe = RegistroAccessi.objects.filter(utente=scena.utenti[ruolo].utente).count()
        transaction.set_rollback(True)

    mostra = bool(CONTRASSEGNO.search(cio_che_esce(risposta, caplog)))
    assert righe or not mostra or nome in DEL_FOGLIO_PORTATO
