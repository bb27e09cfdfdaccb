"""AUTH-03: chi sbaglia troppo si ferma; gli altri, anche dietro lo stesso indirizzo, no."""

import datetime

import pytest
import time_machine
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from enti import tasks
from enti.azioni import fattori
from enti.permessi import Ruolo
from registro.comune.provenienza import rete_di_provenienza, rete_in_parole
from tests.conftest import RegistroClient
from tests.enti.accessi_di_prova import PASSWORD, con_l_app, persona


pytestmark = pytest.mark.django_db

ACCEDI = reverse("enti:accedi")
CODICE = reverse("enti:secondo_passo")
CONFERMA = reverse("enti:conferma")
DIMENTICATA = reverse("enti:password_dimenticata")
UFFICIO, CASA = "93.44.1.9", "2.32.7.7"
SBAGLIATA = "sbagliata"


@pytest.fixture(autouse=True)
def freno(settings, monkeypatch):
    """Il freno acceso, e la posta che partirebbe dalla coda: (lavoro, chiavi)."""
    settings.AXES_ENABLED = True
    mandati = []
    monkeypatch.setattr(
        tasks, "sveglia", lambda lavoro, **chiavi: mandati.append((lavoro.name, chiavi))
    )
    return mandati


def _da(rete: str) -> RegistroClient:
    return RegistroClient(REMOTE_ADDR=rete)


def _prova(rete: str, utente, scritta: str = SBAGLIATA, **altro):
    return _da(rete).post(ACCEDI, {"username": utente.email, "password": scritta}, **altro)


def _sbaglia(volte: int, rete: str, utente) -> list[int]:
    return [_prova(rete, utente).status_code for _ in range(volte)]


def test_al_quinto_errore_ci_si_ferma_per_un_quarto_d_ora():
    chi = persona().utente
    assert _sbaglia(5, UFFICIO, chi) == [422, 422, 422, 422, 429]

    risposta = _prova(UFFICIO, chi, PASSWORD)

    assert risposta.status_code == 429
    assert risposta["Retry-After"] == "900"
    assert "Troppe prove: aspetta 15 minuti" in risposta.content.decode()
    assert chi.email not in risposta.content.decode()
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=16)):
        assert _prova(UFFICIO, chi, PASSWORD).status_code == 302


def test_provare_mentre_si_e_fermi_non_allunga_l_attesa():
    chi = persona().utente
    _sbaglia(5, UFFICIO, chi)
    adesso = timezone.now()
    with time_machine.travel(adesso + datetime.timedelta(minutes=10)):
        _sbaglia(3, UFFICIO, chi)

    with time_machine.travel(adesso + datetime.timedelta(minutes=16)):
        assert _prova(UFFICIO, chi, PASSWORD).status_code == 302


def test_un_altro_dietro_lo_stesso_indirizzo_entra():
    chi, collega = persona().utente, persona().utente
    _sbaglia(6, UFFICIO, chi)

    assert _prova(UFFICIO, collega, PASSWORD).status_code == 302


def test_la_stessa_persona_da_un_altra_rete_entra():
    chi = persona().utente
    _sbaglia(6, UFFICIO, chi)

    assert _prova(CASA, chi, PASSWORD).status_code == 302


def test_entrare_azzera_gli_errori_di_quella_rete():
    chi = persona().utente
    _sbaglia(4, UFFICIO, chi)
    _prova(UFFICIO, chi, PASSWORD)

    assert _sbaglia(4, UFFICIO, chi) == [422] * 4


def test_chi_non_esiste_si_ferma_allo_stesso_modo():
    """AUTH-05: nemmeno il freno dice se un indirizzo ha un account."""
    vero = persona().utente
    finto = type(vero)(email="nessuno@rete.example")

    risposte = [_prova(UFFICIO, chi) for chi in (vero, finto) for _ in range(6)]

    stati = [risposta.status_code for risposta in risposte]
    assert stati[:6] == stati[6:]
    assert risposte[5].content.count(b"<h1>") == risposte[11].content.count(b"<h1>")


def _molti_errori(chi) -> None:
    for numero in range(5):
        _sbaglia(4, f"198.51.100.{numero}", chi)


def test_venti_errori_da_dovunque_lasciano_una_prova_al_minuto_e_avvisano(freno):
    chi = persona().utente
    _molti_errori(chi)

    risposta = _prova("198.51.100.77", chi, PASSWORD)

    assert risposta.status_code == 429
    assert risposta["Retry-After"] == "60"
    assert freno == [("enti.tasks.avvisa_dei_tentativi", {"utente_id": chi.pk})]
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=61)):
        assert _prova("198.51.100.77", chi, PASSWORD).status_code == 302


def test_sotto_attacco_da_una_rete_gia_usata_si_entra_come_sempre():
    """ASVS 6.1.1: nessuno può chiudere fuori un altro."""
    chi = persona().utente
    _prova(UFFICIO, chi, PASSWORD)
    _molti_errori(chi)

    assert _prova(UFFICIO, chi, PASSWORD).status_code == 302
    assert _prova(CASA, chi, PASSWORD).status_code == 429


def test_anche_i_codici_sbagliati_si_contano():
    chi = persona().utente
    segreto = con_l_app(chi)
    cliente = _da(UFFICIO)
    cliente.post(ACCEDI, {"username": chi.email, "password": PASSWORD})

    stati = [cliente.post(CODICE, {"codice": "1234567890"}).status_code for _ in range(5)]
    ultimo = cliente.post(CODICE, {"codice": fattori.codice_di_adesso(segreto)})

    assert [*stati, ultimo.status_code] == [422] * 4 + [429] * 2
    assert _prova(UFFICIO, chi, PASSWORD).status_code == 429


def test_la_password_giusta_non_azzera_i_codici_sbagliati():
    """Chi conosce la password non ricomincia a contare rifacendo il primo passo."""
    chi = persona().utente
    con_l_app(chi)
    cliente = _da(UFFICIO)
    stati = []
    for _ in range(5):
        cliente.post(ACCEDI, {"username": chi.email, "password": PASSWORD})
        stati.append(cliente.post(CODICE, {"codice": "1234567890"}).status_code)

    assert stati == [422] * 4 + [429]


def test_anche_la_conferma_della_password_si_conta():
    chi = persona(Ruolo.REFERENTE)
    cliente = _da(UFFICIO)
    cliente.entra(chi)

    stati = [cliente.post(CONFERMA, {"password": "sbagliata"}).status_code for _ in range(5)]

    assert stati == [422] * 4 + [429]
    assert cliente.post(CONFERMA, {"password": PASSWORD}).status_code == 429


def test_chi_chiede_password_nuove_si_ferma_e_non_ferma_gli_altri(freno):
    chi, collega = persona().utente, persona().utente
    stati = [_da(UFFICIO).post(DIMENTICATA, {"email": chi.email}).status_code for _ in range(6)]

    assert stati == [200] * 5 + [429]
    assert len(freno) == 5
    assert _da(UFFICIO).post(DIMENTICATA, {"email": collega.email}).status_code == 200
    # E chi la password la ricorda entra.
    assert _prova(UFFICIO, chi, PASSWORD).status_code == 302


def test_le_richieste_per_uno_stesso_indirizzo_da_molte_reti_si_fermano_in_silenzio(freno):
    """Cinque messaggi l'ora: oltre, la risposta è la stessa ma non parte niente."""
    chi = persona().utente
    stati = {
        _da(f"198.51.100.{n}").post(DIMENTICATA, {"email": chi.email}).status_code
        for n in range(8)
    }

    assert stati == {200}
    assert len(freno) == 5


def test_dalla_stessa_rete_non_si_chiede_per_tutti(freno):
    stati = [
        _da(UFFICIO).post(DIMENTICATA, {"email": f"p{n}@rete.example"}).status_code
        for n in range(32)
    ]

    assert stati == [200] * 30 + [429] * 2


# Da dove si arriva -----------------------------------------------------------------------------


def _rete(fidati: int, settings, visto: str, dichiarato: str | None = None) -> str | None:
    settings.PASSAGGI_FIDATI = fidati
    intestazioni = {"HTTP_X_FORWARDED_FOR": dichiarato} if dichiarato else {}
    return rete_di_provenienza(RequestFactory().get("/", REMOTE_ADDR=visto, **intestazioni))


@pytest.mark.parametrize(
    ("fidati", "visto", "dichiarato", "attesa"),
    [
        (0, "93.44.1.9", "1.2.3.4", "93.44.1.9"),
        (1, "10.0.0.1", "93.44.1.9", "93.44.1.9"),
        (1, "10.0.0.1", "1.2.3.4, 93.44.1.9", "93.44.1.9"),
        (2, "10.0.0.1", "1.2.3.4, 93.44.1.9, 10.0.0.2", "93.44.1.9"),
        (2, "10.0.0.1", "93.44.1.9", "10.0.0.1"),
        (1, "10.0.0.1", None, "10.0.0.1"),
        (1, "10.0.0.1", "non un indirizzo", None),
        (0, "2001:b07:6474:1:aaaa::9", None, "2001:b07:6474:1::"),
        (0, "::ffff:93.44.1.9", None, "93.44.1.9"),
        (0, "", None, None),
    ],
)
def test_conta_solo_cio_che_dicono_i_passaggi_fidati(settings, fidati, visto, dichiarato, attesa):
    assert _rete(fidati, settings, visto, dichiarato) == attesa


def test_cambiare_x_forwarded_for_non_fa_ricominciare_il_conto(settings):
    settings.PASSAGGI_FIDATI = 1
    chi = persona().utente
    stati = [
        _prova("10.0.0.1", chi, headers={"x-forwarded-for": f"1.2.3.{n}, {UFFICIO}"}).status_code
        for n in range(5)
    ]

    assert stati[-1] == 429


def test_chi_ha_una_rete_ipv6_intera_conta_per_uno():
    chi = persona().utente
    stati = [_prova(f"2001:b07:6474:1::{n}", chi).status_code for n in range(1, 6)]

    assert stati[-1] == 429


def test_la_rete_si_dice_all_ingrosso():
    assert rete_in_parole("93.44.1.9") == "93.44.x.x"
    assert rete_in_parole("2001:b07:6474:1::") == "2001:0b07:6474:…"
    assert rete_in_parole("127.0.0.1") == "questa macchina"


def test_dei_tentativi_non_restano_password_ne_codici():
    chi = persona().utente
    con_l_app(chi)
    _sbaglia(2, UFFICIO, chi)
    cliente = _da(UFFICIO)
    cliente.post(ACCEDI, {"username": chi.email, "password": PASSWORD, "next": "/persone/x/"})
    cliente.post(CODICE, {"codice": "9876543210"})
    scritto = " ".join(
        str(valori)
        for modello in (AccessAttempt, AccessFailureLog, AccessLog)
        for valori in modello.objects.values_list()
    )

    assert "sbagliata" not in scritto
    assert PASSWORD not in scritto
    assert "9876543210" not in scritto
