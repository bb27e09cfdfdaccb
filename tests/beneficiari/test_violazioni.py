"""Le violazioni di dati: l'orologio delle 72 ore, chi è colpito, chi lo legge (artt. 33 e 34)."""

import datetime
import io
from collections import defaultdict
from random import Random

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import ProgrammingError
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from enti.models import CodiceEvento, EventoDiSicurezza
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy.azioni.violazioni import aggiorna_violazione, apri_violazione, chiudi_violazione
from privacy.gruppi import Gruppo
from privacy.letture import annota, registra_letture
from privacy.models import RegistroAccessi, Violazione, numero_nel_registro
from privacy.tasks import avvisa_violazioni
from tests.fabbriche import EnteFactory, attore
from tests.fabbriche_persone import BeneficiarioFactory, come


pytestmark = pytest.mark.django_db

ORA = datetime.timedelta(hours=1)


@pytest.fixture
def referente(db):
    return attore(Ruolo.REFERENTE)


def _apri(da, **campi) -> Violazione:
    dati = {
        "scoperta_il": timezone.now(),
        "natura": "riservatezza",
        "descrizione": "Un account usato da chi non doveva.",
    } | campi
    with come(da):
        return apri_violazione(violazione=Violazione(**dati), da=da)


def _leggi(chi, persona, gruppo: str) -> None:
    with come(chi), registra_letture("prova"):
        annota(persona.pk, persona.ente_id, gruppo)


# Chi è colpito ----------------------------------------------------------------------------


def test_le_persone_colpite_sono_quelle_del_registro_e_nessun_altra(referente):
    """GDPR-22: 200 letture a caso di cinque account; l'elenco è quello di un conto a parte."""
    caso = Random(22)
    altrove = EnteFactory()
    account = [attore(Ruolo.OPERATORE, ente=referente.ente) for _ in range(3)]
    account += [attore(Ruolo.OPERATORE, ente=altrove) for _ in range(2)]
    nostre = [BeneficiarioFactory(ente=referente.ente) for _ in range(6)]
    persone = [*nostre, *(BeneficiarioFactory(ente=altrove) for _ in range(2))]
    fatte = []
    for _ in range(200):
        chi, persona = caso.choice(account), caso.choice(persone)
        gruppo = caso.choice(Gruppo.values)
        _leggi(chi, persona, gruppo)
        fatte.append((chi, persona, gruppo))
    with come_sistema(referente.ente):
        quando = {riga.pk: riga.quando for riga in RegistroAccessi.objects.all()}
    momenti = sorted(quando.values())
    adesso = timezone.now()

    for colpevole in account:
        violazione = _apri(
            referente, chi=colpevole.utente, dal=momenti[0] - ORA, al=adesso, scoperta_il=adesso
        )
        atteso = defaultdict(lambda: [0, set()])
        for chi, persona, gruppo in fatte:
            if chi is colpevole and persona.ente_id == referente.ente.pk:
                atteso[persona.pk][0] += 1
                atteso[persona.pk][1].add(gruppo)
        with come(referente):
            trovato = {
                una.beneficiario: [una.letture, set(una.gruppi)] for una in violazione.colpite()
            }
        assert trovato == dict(atteso)


def test_fuori_dal_periodo_o_per_un_altro_ente_non_si_e_colpiti(referente):
    """GDPR-22: conta il periodo, e per conto di chi si leggeva."""
    persona = BeneficiarioFactory(ente=referente.ente)
    operatore = attore(Ruolo.OPERATORE, ente=referente.ente)
    _leggi(operatore, persona, "note")
    adesso = timezone.now()

    prima = _apri(referente, chi=operatore.utente, dal=adesso - 3 * ORA, al=adesso - 2 * ORA)
    per_altri = _apri(
        referente, chi=operatore.utente, per_ente=EnteFactory(), dal=adesso - ORA, al=adesso + ORA
    )
    giusta = _apri(referente, per_ente=referente.ente, dal=adesso - ORA, al=adesso + ORA)

    with come(referente):
        assert prima.colpite() == []
        assert per_altri.colpite() == []
        assert [una.beneficiario for una in giusta.colpite()] == [persona.pk]


def test_se_non_si_sa_chi_leggeva_non_si_inventa_un_elenco(referente):
    violazione = _apri(referente)

    with come(referente):
        assert not violazione.si_calcola
        assert violazione.colpite() == []


# L'orologio e le decisioni ----------------------------------------------------------------


def test_l_orologio_parte_da_quando_si_scopre_e_si_ferma_con_la_decisione(referente):
    violazione = _apri(referente, scoperta_il=timezone.now() - 50 * ORA)
    assert violazione.corre
    assert violazione.ore_che_restano == 21

    with come(referente):
        violazione.garante, violazione.garante_motivo = "no", "Nessun rischio: foglio ritrovato."
        aggiorna_violazione(
            violazione=violazione, campi=["garante", "garante_motivo"], da=referente
        )
        assert not Violazione.objects.da_notificare().exists()
    assert not violazione.corre


@pytest.mark.parametrize(
    ("campi", "frase"),
    [
        ({"garante": "no"}, "perché no"),
        ({"persone": "si"}, "perché si avvisano"),
        (
            {"garante": "si", "garante_motivo": "Rischio.", "garante_il": "adesso"},
            "Oltre le 72 ore si scrive perché",
        ),
        ({"chiusa_il": "adesso"}, "misure prese e le due decisioni"),
    ],
)
def test_ogni_decisione_ha_il_suo_perche(referente, campi, frase):
    violazione = _apri(referente, scoperta_il=timezone.now() - 80 * ORA)
    for nome, valore in campi.items():
        setattr(violazione, nome, timezone.now() if valore == "adesso" else valore)

    with come(referente), pytest.raises(ValidationError, match=frase):
        aggiorna_violazione(violazione=violazione, campi=list(campi), da=referente)


def test_chiusa_non_cambia_piu(referente):
    violazione = _apri(referente)
    with come(referente):
        for nome in ("garante", "persone"):
            setattr(violazione, nome, "no")
            setattr(violazione, f"{nome}_motivo", "Nessun rischio.")
        violazione.misure = "Cambiata la password."
        campi = ["garante", "garante_motivo", "persone", "persone_motivo", "misure"]
        aggiorna_violazione(violazione=violazione, campi=campi, da=referente)
        chiudi_violazione(violazione=violazione, da=referente)

        assert Violazione.objects.filter(pk=violazione.pk).update(misure="Altro.") == 0


def test_ogni_passo_e_un_evento_e_la_notifica_uno_solo(referente):
    violazione = _apri(referente)
    with come(referente):
        violazione.garante, violazione.garante_motivo = "si", "Il rischio c'è."
        violazione.garante_il = timezone.now()
        campi = ["garante", "garante_motivo", "garante_il"]
        for _ in range(2):
            aggiorna_violazione(violazione=violazione, campi=campi, da=referente)
        violazione.persone, violazione.persone_motivo = "no", "Non è alto."
        violazione.misure = "Cambiata la password."
        campi = ["persone", "persone_motivo", "misure"]
        aggiorna_violazione(violazione=violazione, campi=campi, da=referente)
        chiudi_violazione(violazione=violazione, da=referente)

        eventi = EventoDiSicurezza.objects.filter(dati__violazione=violazione.pk).order_by("pk")
        assert list(eventi.values_list("codice", flat=True)) == [
            CodiceEvento.VIOLAZIONE_SEGNATA,
            CodiceEvento.VIOLAZIONE_NOTIFICATA,
            CodiceEvento.VIOLAZIONE_CHIUSA,
        ]


def test_quando_si_e_scoperta_non_si_corregge(referente):
    violazione = _apri(referente)

    with come(referente), pytest.raises(ProgrammingError):
        Violazione.objects.filter(pk=violazione.pk).update(scoperta_il=timezone.now() - ORA)


def test_si_avvisa_a_un_giorno_dalla_fine_e_a_ritardo_una_volta_ciascuno(referente, settings):
    settings.CONTATTO_DPO = "dpo@rete.example"
    garante = attore(Ruolo.GARANTE).utente.email
    attesi = sorted([garante, referente.utente.email, "dpo@rete.example"])
    _apri(referente, scoperta_il=timezone.now() - 2 * ORA)
    _apri(referente, scoperta_il=timezone.now() - 60 * ORA, descrizione="Rossi Maria ha detto.")
    mail.outbox.clear()

    assert avvisa_violazioni() == 1
    assert avvisa_violazioni() == 0
    assert sorted(a for messaggio in mail.outbox for a in messaggio.to) == attesi
    assert all("Rossi" not in messaggio.body for messaggio in mail.outbox)

    mail.outbox.clear()
    _apri(referente, scoperta_il=timezone.now() - 73 * ORA)
    assert avvisa_violazioni() == 1
    assert "Le 72 ore sono finite" in mail.outbox[0].body


# Chi la legge -----------------------------------------------------------------------------


@pytest.fixture
def con_lettura(referente):
    persona = BeneficiarioFactory(ente=referente.ente, cognome="Inventatissima")
    operatore = attore(Ruolo.OPERATORE, ente=referente.ente)
    _leggi(operatore, persona, "salute")
    adesso = timezone.now()
    violazione = _apri(referente, chi=operatore.utente, dal=adesso - ORA, al=adesso + ORA)
    return persona, violazione


def test_i_nomi_li_legge_solo_l_ente_e_la_lettura_resta_scritta(referente, con_lettura, client):
    persona, violazione = con_lettura
    indirizzo = reverse("beneficiari:violazione", args=[violazione.uuid])
    numero = numero_nel_registro(persona.pk, ente=persona.ente_id)

    pagina = client.entra(referente).get(indirizzo).content.decode()
    assert "Inventatissima" in pagina
    with come(referente):
        assert RegistroAccessi.objects.filter(
            beneficiario=persona.pk, utente=referente.utente
        ).exists()

    for ruolo in (Ruolo.GARANTE, Ruolo.AMMINISTRATORE):
        pagina = client.entra(attore(ruolo)).get(indirizzo).content.decode()
        assert "Inventatissima" not in pagina
    pagina = client.entra(attore(Ruolo.GARANTE)).get(indirizzo).content.decode()
    assert numero in pagina

    assert client.entra(attore(Ruolo.REFERENTE)).get(indirizzo).status_code == 404


def test_un_altro_referente_non_la_scrive(referente, con_lettura):
    _, violazione = con_lettura
    altro = attore(Ruolo.REFERENTE)

    with come(altro), pytest.raises(PermissionDenied):
        aggiorna_violazione(violazione=violazione, campi=["misure"], da=altro)


def test_la_lettera_nomina_la_persona_e_la_notifica_no(referente, con_lettura, client):
    persona, violazione = con_lettura
    client.entra(referente)

    lettere = client.post(reverse("beneficiari:violazione_lettere", args=[violazione.uuid]))
    notifica = client.get(reverse("beneficiari:violazione_notifica", args=[violazione.uuid]))

    assert "Inventatissima" in _testo(lettere)
    assert "salute e tutele" in _testo(lettere)
    assert "Inventatissima" not in _testo(notifica)
    assert "dal registro degli accessi: 1." in _testo(notifica)
    with come(referente):
        uscite = set(
            RegistroAccessi.objects.filter(
                beneficiario=persona.pk, utente=referente.utente
            ).values_list("uscita", flat=True)
        )
    assert "pdf" in uscite


def _testo(risposta) -> str:
    assert risposta["Content-Type"] == "application/pdf"
    pagine = PdfReader(io.BytesIO(risposta.content)).pages
    return " ".join(" ".join(pagina.extract_text() for pagina in pagine).split())


def test_si_scrive_e_si_aggiorna_dalle_pagine(referente, client):
    client.entra(referente)
    quando = timezone.localtime(timezone.now() - ORA).strftime("%Y-%m-%dT%H:%M")
    dati = {"scoperta_il": quando, "natura": "disponibilita", "descrizione": "Perso un telefono."}

    risposta = client.post(reverse("beneficiari:violazione_nuova"), dati)
    with come(referente):
        violazione = Violazione.objects.get()
    assert risposta["Location"].endswith(f"{violazione.uuid}/")
    assert "1 violazione aspetta" in client.get(reverse("report:casa")).content.decode()

    dati |= {"garante": "no", "persone": "da-decidere", "misure": "Bloccato."}
    aggiorna = reverse("beneficiari:violazione_aggiorna", args=[violazione.uuid])
    senza_motivo = client.post(aggiorna, dati)
    assert senza_motivo.status_code == 422
    assert "o perché no" in senza_motivo.content.decode()

    assert client.post(aggiorna, dati | {"garante_motivo": "Era cifrato."}).status_code == 302
    chiudi = client.post(
        reverse("beneficiari:violazione_chiudi", args=[violazione.uuid]), follow=True
    )
    assert "scrivi le misure prese e le due decisioni" in chiudi.content.decode()
