"""AUTH-01, AUTH-05, AUTH-06: quali password vanno bene, come se ne ottiene una nuova."""

import datetime
import re
import statistics
import time

import pytest
import time_machine
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from enti import tasks
from enti.models import Utente
from enti.permessi import Ruolo
from registro.comune import password_comuni
from registro.comune.password import Argon2Registro
from tests.conftest import RegistroClient
from tests.enti.accessi_di_prova import PASSWORD, con_l_app, persona
from tests.fabbriche import EnteFactory, UtenteFactory


pytestmark = pytest.mark.django_db

ACCEDI = reverse("enti:accedi")
DIMENTICATA = reverse("enti:password_dimenticata")
NUOVA = reverse("enti:password_nuova")
BUONA = "tre gatti sul tetto rosso"


@pytest.fixture(autouse=True)
def subito(monkeypatch):
    """Ciò che andrebbe alla coda si fa adesso."""
    monkeypatch.setattr(tasks, "sveglia", lambda lavoro, **chiavi: lavoro(**chiavi))


def _con_il_fattore() -> Utente:
    """Qualcuno che ha già il secondo fattore: della lunghezza gli bastano dodici segni."""
    utente = UtenteFactory.build(nome="Zoe", cognome="Xu", email="zx@prova.example")
    utente.con_secondo_fattore = True
    return utente


@pytest.mark.parametrize(
    "comune",
    [
        *("password2024!", "Passw0rd2024", "ciaociaociao", "qwertyuiop123", "123456789012"),
        *("amoremio2023", "Giuseppe1990!", "ForzaJuventus!", "abcdefghijkl", "Alessandria1985"),
        *("juventus juventus", "zxcvbnmasdfgh", "Casale Monferrato 2020", "p4$$w0rdp4$$w0rd"),
    ],
)
def test_le_password_che_si_provano_per_prime_non_passano(comune):
    with pytest.raises(ValidationError):
        validate_password(comune, _con_il_fattore())


@pytest.mark.parametrize(
    "buona",
    [
        *(
            BUONA,
            "il mare di notte è blu",
            "cavallo-pila-graffetta",
            "Xk7pQ2mVt9Lz4",
            "🐈🐈‍⬛ e un tetto rosso",
        ),
        "il volontariato riempie le giornate di maggio",
        "a" * 3 + "bicchiere azzurro" * 12,
    ],
)
def test_una_frase_lunga_va_bene_senza_regole_di_composizione(buona):
    assert len(buona) <= 256
    validate_password(buona, _con_il_fattore())


@pytest.mark.parametrize(
    ("lunga", "fattore", "va_bene"),
    [
        *((11, True, False), (12, True, True), (128, True, True), (257, True, False)),
        *((14, False, False), (15, False, True), (128, False, True), (257, False, False)),
    ],
)
def test_la_lunghezza_dipende_dal_secondo_fattore(lunga, fattore, va_bene):
    """AUTH-01: da 12 segni con un secondo fattore accanto, da 15 senza; fino a oltre 128."""
    parola = ("kvzqwj mrtpxl " * 30)[:lunga]
    chi = _con_il_fattore() if fattore else None
    if va_bene:
        return validate_password(parola, chi)
    with pytest.raises(ValidationError):
        validate_password(parola, chi)


def test_la_pagina_chiede_i_segni_di_chi_la_apre(client):
    """Chi ha già il secondo fattore ne scrive 12, chi non l'ha ancora 15; il collegamento non cambia niente."""
    breve = "kvzqwjmrtpxls"
    senza, col_fattore = persona().utente, persona().utente
    con_l_app(col_fattore)

    no = _cambia(client, _collegamento(client, senza.email), breve)
    si = _cambia(client, _collegamento(client, col_fattore.email), breve)

    assert (no.status_code, "almeno 15 segni" in no.content.decode()) == (422, True)
    assert "Almeno 15 segni" in no.content.decode()
    assert (si.status_code, si.url) == (302, ACCEDI)


@pytest.mark.parametrize(
    "scritta", ["Volontariato-2024", "Girasole Asti 1", "Anna.Bianchetti!", "cooperativa girasole"]
)
def test_le_parole_di_chi_ci_conosce_non_bastano(scritta):
    utente = UtenteFactory.build(nome="Anna", cognome="Bianchetti", email="anna@girasole.example")
    utente.parole_del_contesto = ("Cooperativa Girasole", "Asti")
    utente.con_secondo_fattore = True

    with pytest.raises(ValidationError):
        validate_password(scritta, utente)


def test_il_filtro_del_progetto_e_in_pari_con_le_sue_fonti(tmp_path, monkeypatch):
    rifatto = tmp_path / "comuni.bloom"
    vero = password_comuni.percorso_del_filtro()
    monkeypatch.setattr(
        "registro.comune.management.commands.prepara_password_comuni.percorso_del_filtro",
        lambda: rifatto,
    )

    call_command("prepara_password_comuni", verbosity=0)

    assert rifatto.read_bytes() == vero.read_bytes()


def test_il_filtro_sbaglia_di_rado():
    a_caso = (f"tavolo{n}lampada{n * 7}" for n in range(20_000))

    assert sum(map(password_comuni.e_comune, a_caso)) < 20


def test_un_filtro_tronco_non_si_legge():
    for rotto in (b"", b"RTSPW1", password_comuni.percorso_del_filtro().read_bytes()[:-1]):
        with pytest.raises(ValueError, match="filtro"):
            password_comuni.FiltroDiBloom.da_byte(rotto)


def test_argon2_ha_i_parametri_misurati():
    """AUTH-06."""
    assert (Argon2Registro.memory_cost, Argon2Registro.time_cost) == (47104, 1)
    assert Argon2Registro.parallelism == 1
    assert (
        Argon2Registro()
        .encode("una parola", "sale-di-prova")
        .startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")
    )


# La password nuova per posta -------------------------------------------------------------------


def _collegamento(cliente, email: str) -> str:
    cliente.post(DIMENTICATA, {"email": email})
    return re.search(r"https?://[^/]+(/\S+)", mail.outbox[-1].body).group(1)


def _cambia(cliente, collegamento: str, password: str = BUONA):
    cliente.get(collegamento)
    return cliente.post(NUOVA, {"password1": password, "password2": password})


def test_col_collegamento_si_sceglie_una_password_nuova(client):
    chi = persona(email="anna@rete.example").utente

    risposta = _cambia(client, _collegamento(client, " Anna@rete.example "))

    assert risposta.url == ACCEDI
    vecchia = client.post(ACCEDI, {"username": chi.email, "password": PASSWORD})
    assert vecchia.status_code == 422
    assert client.post(ACCEDI, {"username": chi.email, "password": BUONA}).status_code == 302
    assert [messaggio.to for messaggio in mail.outbox] == [[chi.email]] * 2


def test_la_password_nuova_non_scavalca_il_secondo_fattore(client):
    """AUTH-05."""
    chi = persona().utente
    con_l_app(chi)
    _cambia(client, _collegamento(client, chi.email))

    risposta = client.post(ACCEDI, {"username": chi.email, "password": BUONA})

    assert risposta.url == reverse("enti:secondo_passo")
    assert "_auth_user_id" not in client.session


def test_la_password_nuova_chiude_tutte_le_sessioni(client):
    """AUTH-04."""
    chi = persona().utente
    dentro = RegistroClient()
    dentro.post(ACCEDI, {"username": chi.email, "password": PASSWORD})
    assert dentro.get(reverse("report:casa")).status_code == 200

    _cambia(client, _collegamento(client, chi.email))

    assert dentro.get(reverse("report:casa")).url.startswith(ACCEDI)


def test_il_collegamento_vale_un_ora_e_una_volta(client):
    chi = persona().utente
    collegamento = _collegamento(client, chi.email)
    for minuti, atteso in ((59, 302), (61, 404)):
        with time_machine.travel(timezone.localtime() + datetime.timedelta(minutes=minuti)):
            assert RegistroClient().get(collegamento).status_code == atteso
    _cambia(client, collegamento)

    assert RegistroClient().get(collegamento).status_code == 404


@pytest.mark.parametrize("inventato", ["a", "x" * 60, "MQ-abc-" + "0" * 32, "%00" * 20, "-" * 50])
def test_un_collegamento_inventato_non_apre(client, inventato):
    persona()
    risposta = client.get(reverse("enti:password_gettone", args=[inventato]))

    assert risposta.status_code == 404
    assert client.get(NUOVA).status_code == 404


def test_il_gettone_non_resta_nell_indirizzo_ne_nelle_registrazioni(client, caplog):
    from registro.comune.registrazioni import _GETTONE

    chi = persona().utente
    collegamento = _collegamento(client, chi.email)

    assert client.get(collegamento).url == NUOVA
    assert _GETTONE.search(collegamento)


def test_per_chi_non_c_e_la_risposta_e_la_stessa_e_non_parte_niente(client):
    """AUTH-05."""
    persona(email="anna@rete.example")
    UtenteFactory(email="chiusa@rete.example", is_active=False)
    pagine = []
    for email in ("anna@rete.example", "nessuno@rete.example", "chiusa@rete.example"):
        risposta = RegistroClient().post(DIMENTICATA, {"email": email})
        pagine.append((risposta.status_code, re.sub(r"\s+", " ", risposta.content.decode())))

    assert len(set(pagine)) == 1
    assert [messaggio.to for messaggio in mail.outbox] == [["anna@rete.example"]]


def test_il_tempo_non_dice_se_l_indirizzo_ha_un_account(monkeypatch):
    """AUTH-05: la differenza fra le mediane è sotto i venti millesimi di secondo."""
    monkeypatch.setattr(tasks, "sveglia", lambda lavoro, **chiavi: None)
    persona(email="anna@rete.example")
    tempi = {"anna@rete.example": [], "nessuno@rete.example": []}
    for _ in range(15):
        for email, suoi in tempi.items():
            inizio = time.perf_counter()
            RegistroClient().post(DIMENTICATA, {"email": email})
            suoi.append(time.perf_counter() - inizio)
    vero, finto = (statistics.median(suoi) for suoi in tempi.values())

    assert abs(vero - finto) < 0.02


def test_l_attore_di_sistema_non_riceve_collegamenti(client):
    client.post(DIMENTICATA, {"email": "sistema@registro.invalid"})

    assert mail.outbox == []


def test_una_password_che_non_va_si_rifiuta_con_una_frase(client):
    chi = persona(nome="Fernanda", ente=EnteFactory(denominazione="Cooperativa Girasole")).utente

    risposta = _cambia(client, _collegamento(client, chi.email), "Girasole Fernanda 1")

    assert risposta.status_code == 422
    assert "chi conosce te o il tuo ente" in risposta.content.decode()


def test_da_dentro_si_cambia_e_si_resta_dentro(client):
    chi = persona(Ruolo.REFERENTE)
    client.entra(chi)
    altro = RegistroClient().entra(chi)

    risposta = client.post(
        reverse("enti:password_cambia"), {"password1": BUONA, "password2": BUONA}
    )

    assert risposta.url == reverse("enti:sicurezza")
    assert client.get(reverse("report:casa")).status_code == 200
    assert altro.get(reverse("report:casa")).url.startswith(ACCEDI)
    assert mail.outbox[-1].subject == "La tua password del Registro è cambiata"
