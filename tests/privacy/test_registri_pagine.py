"""Le pagine di chi vigila: registri, eventi, sigilli, segnalazioni."""

import re
import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from beneficiari.azioni.aperture import apri_con_motivo
from enti.eventi import annota_evento
from enti.models import CodiceEvento, EventoDiSicurezza
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy.gruppi import Uscita
from privacy.letture import annota_molte, registra_letture
from privacy.models import RegistroAccessi, Segnalazione
from privacy.templatetags.pagine import NON_SI_SA, frasi
from registro.db.contesto import contesto
from tests.fabbriche import EnteFactory, attore
from tests.fabbriche_persone import BeneficiarioFactory, come
from tests.fughe.tabella import PAGINE


pytestmark = pytest.mark.django_db


def _segnalazione(**campi) -> Segnalazione:
    chi = attore(Ruolo.OPERATORE)
    with come_sistema(chi.ente):
        return Segnalazione.objects.create(
            regola="notte",
            ente=chi.ente,
            utente=chi.utente,
            giorno=timezone.localdate(),
            quando=timezone.now() - timedelta(hours=3),
            quante=4,
            **campi,
        )


def test_il_garante_parte_da_una_pagina_che_dice_come_stanno_i_registri(client):
    _segnalazione()
    testo = client.entra(attore(Ruolo.GARANTE)).get(reverse("privacy:registri")).content.decode()

    for parola in ("Chi ha letto", "Eventi", "Segnalazioni", "Ultimo sigillo", "Ultima copia"):
        assert parola in testo
    assert "1 nuova" in testo.replace("\xa0", " ")


def test_chi_risponde_di_un_ente_vede_i_suoi_eventi_e_non_i_sigilli(client):
    chi, altro = attore(Ruolo.REFERENTE), attore(Ruolo.REFERENTE)
    for uno in (chi, altro):
        with contesto(utente=uno.utente.pk, ente=uno.ente.pk):
            annota_evento(CodiceEvento.ESPORTAZIONE, da=uno, quante=7)
    client.entra(chi)

    casa = client.get(reverse("privacy:registri")).content.decode()
    pagina = client.get(reverse("privacy:eventi")).content.decode()
    foglio = client.get(reverse("privacy:eventi_csv"))

    assert "Sigilli" not in casa
    assert chi.utente.nome_completo in pagina
    assert altro.ente.nome_breve not in pagina
    assert "quante: 7" in pagina
    assert foglio["Content-Type"].startswith("text/csv")
    for nome in ("sigilli", "segnalazioni"):
        assert client.get(reverse(f"privacy:{nome}")).status_code == 403


def test_gli_eventi_si_filtrano_per_che_cosa(client):
    garante = attore(Ruolo.GARANTE)
    annota_evento(CodiceEvento.INVITO, utente=garante.utente, ente=EnteFactory(), invito=5)
    client.entra(garante)

    tutti = client.get(reverse("privacy:eventi"), {"codice": "invito"}).content.decode()
    nessuno = client.get(reverse("privacy:eventi"), {"codice": "codice-usato"}).content.decode()

    assert "invito: 5" in tutti
    assert "Nessun evento" in nessuno


def test_una_segnalazione_si_apre_diventa_vista_e_si_chiude_con_una_nota(client):
    voce = _segnalazione()
    garante = attore(Ruolo.GARANTE)
    client.entra(garante)
    indirizzo = reverse("privacy:segnalazione", args=[voce.uuid])

    assert client.get(indirizzo).status_code == 200
    with come_sistema():
        assert Segnalazione.objects.get().stato == "vista"
    assert client.post(indirizzo, {"nota": "  "}).status_code == 422
    assert client.post(indirizzo, {"nota": "Turno scambiato."}).status_code == 302
    # Chiusa una volta, la nota non si cambia più.
    assert client.post(indirizzo, {"nota": "Altro."}).status_code == 422

    with come_sistema():
        chiusa = Segnalazione.objects.get()
        assert (chiusa.stato, chiusa.nota, chiusa.chiusa_da) == (
            "chiusa",
            "Turno scambiato.",
            garante.utente,
        )
        assert EventoDiSicurezza.objects.filter(codice="anomalia-chiusa").count() == 1


def test_che_cosa_ha_aperto_si_legge_in_parole(client):
    """Il garante legge che cosa si faceva, non il nome che la pagina ha nel programma."""
    voce = _segnalazione()
    with contesto(utente=voce.utente.pk, ente=voce.ente.pk):
        for nome in ("beneficiari:casi_csv", "beneficiari:pagina_di_anni_fa"):
            RegistroAccessi.objects.create(
                utente=voce.utente,
                ente=voce.ente,
                ente_titolare=voce.ente,
                beneficiario=1,
                finalita="assistenza",
                gruppi=["anagrafica"],
                uscita="foglio",
                pagina=nome,
            )
    client.entra(attore(Ruolo.GARANTE))

    testo = client.get(reverse("privacy:segnalazione", args=[voce.uuid])).content.decode()

    assert "Prese in carico in un foglio" in testo
    assert NON_SI_SA in testo
    assert "beneficiari:" not in testo


def test_ogni_pagina_e_ogni_lavoro_che_legge_persone_ha_la_sua_frase():
    lavori = set()
    for app in ("beneficiari", "prestazioni", "conservazione", "privacy"):
        for file in (settings.CARTELLA_BASE / app).rglob("*.py"):
            testo = file.read_text(encoding="utf-8")
            lavori |= set(re.findall(r'registra_letture\(\s*"([^"]+)"', testo))
            if "registra_letture(_LAVORO" in testo:
                lavori |= set(re.findall(r'^_LAVORO = "([^"]+)"', testo, re.MULTILINE))

    assert lavori != set()
    # Di una pagina tolta la frase resta: il registro ne parla ancora.
    assert (set(PAGINE) | lavori) - set(frasi()) == set(), "manca in dati/privacy/pagine.yaml"
    assert all(not frase.endswith(".") and len(frase) > 2 for frase in set(frasi().values()))


@pytest.mark.parametrize("ruolo", [r for r in Ruolo if r != Ruolo.GARANTE])
def test_una_segnalazione_e_del_solo_garante(client, ruolo):
    voce = _segnalazione()
    client.entra(attore(ruolo))
    for indirizzo in (
        reverse("privacy:segnalazione", args=[voce.uuid]),
        reverse("privacy:testata", args=["2026-11-23"]),
    ):
        assert client.get(indirizzo).status_code == 403


def test_cio_che_non_c_e_non_c_e(client):
    client.entra(attore(Ruolo.GARANTE))
    for indirizzo in (
        reverse("privacy:segnalazione", args=[uuid.uuid4()]),
        reverse("privacy:testata", args=["2020-01-01"]),
        reverse("privacy:testata", args=["mai"]),
    ):
        assert client.get(indirizzo).status_code == 404


def test_ogni_file_che_esce_e_ogni_apertura_con_motivo_sono_un_evento(client):
    """Chi porta fuori dati, e chi apre ciò che non gli è affidato, resta scritto: quante e di chi."""
    chi = attore(Ruolo.OPERATORE)
    persona = BeneficiarioFactory(ente=chi.ente)
    with come(chi):
        with registra_letture("beneficiari:accessi_csv", uscita=Uscita.FOGLIO):
            annota_molte([(persona.pk, chi.ente.pk), (persona.pk + 1, chi.ente.pk)], "anagrafica")
        with registra_letture("beneficiari:persona"):
            annota_molte([(persona.pk, chi.ente.pk)], "anagrafica")
        apri_con_motivo(persona=persona, motivo="Sostituisco oggi la collega malata.", da=chi)

    with come_sistema():
        fatti = EventoDiSicurezza.objects.filter(utente=chi.utente).order_by("pk")
        assert [(e.codice, e.dati.get("persone"), e.persona) for e in fatti] == [
            ("esportazione", 2, None),
            ("apertura-sensibili", None, persona.pk),
        ]
        assert fatti[0].dati["pagina"] == "beneficiari:accessi_csv"
