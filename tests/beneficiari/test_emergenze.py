"""GDPR-25: l'accesso d'emergenza mostra il minimo, per un'ora, e chi deve saperlo lo sa."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from beneficiari.azioni import diritti
from beneficiari.azioni.codici import CodiceScritto
from beneficiari.azioni.emergenze import apri_emergenza
from beneficiari.models import (
    AccessoDEmergenza,
    AvvisoAlDestinatario,
    AvvisoDEmergenza,
    Identificativo,
    Recapito,
)
from beneficiari.sguardi import in_emergenza
from beneficiari.tasks import avvisa_emergenze
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy.gruppi import GRUPPI_D_EMERGENZA, Finalita
from privacy.letture import registra_letture
from privacy.models import BaseGiuridica, RegistroAccessi
from registro.celery import applicazione
from tests.fabbriche import EnteFactory, attore
from tests.fabbriche_diritti import presenta
from tests.fabbriche_persone import (
    AutorizzazioneFactory,
    BaseGiuridicaFactory,
    BeneficiarioFactory,
    CondizioneFactory,
    CondizioneRilevataFactory,
    IdentificativoFactory,
    NotaFactory,
    RecapitoFactory,
    come,
)


pytestmark = pytest.mark.django_db

CF = "RSSMRA80A01A182N"
DI_NESSUNO = "VRDLGU75B02A479O"
MOTIVO = "È svenuta davanti allo sportello, arriva il 118."


@pytest.fixture
def chi(db):
    for gruppo in GRUPPI_D_EMERGENZA:
        BaseGiuridicaFactory(finalita=Finalita.EMERGENZA, gruppo=gruppo)
    return attore(Ruolo.OPERATORE)


@pytest.fixture
def persona(chi):
    """Seguita da un altro ente, con una riga di ciò che si mostra e di ciò che non si mostra."""
    lei = BeneficiarioFactory(
        cognome="Rossi", nome="Maria", lingue=["wolof"], comune="Alessandria"
    )
    di_lei = {"beneficiario": lei}
    IdentificativoFactory(**di_lei, codice=CF)
    RecapitoFactory(**di_lei, valore="333 1112223", avvertenza="solo di mattina")
    RecapitoFactory(**di_lei, tipo="indirizzo", valore="via Roma 1")
    custode = attore(Ruolo.OPERATORE, ente=lei.ente)
    with come(custode):
        Recapito.objects.create(
            **di_lei,
            ente=lei.ente,
            tipo="telefono",
            valore="333 9990001",
            riservato=True,
            custode=custode.utente,
        )
    for codice, famiglia in (("GRAV", "salute"), ("DIP", "salute"), ("V12", "vulnerabilita")):
        condizione = CondizioneFactory(codice=codice, nome=f"Voce {codice}", famiglia=famiglia)
        CondizioneRilevataFactory(**di_lei, condizione=condizione, valore="si")
    NotaFactory(**di_lei, testo="Ha raccontato tutto.")
    return lei


def _apri(da, codice=CF, **altro) -> AccessoDEmergenza:
    with come(da):
        uuid = apri_emergenza(
            codice=CodiceScritto("cf", codice, codice), motivo=MOTIVO, da=da, **altro
        )
        return AccessoDEmergenza.objects.get(uuid=uuid)


def _leggi(da, accesso) -> list:
    with come(da), registra_letture("prova"):
        return in_emergenza(accesso)


# Che cosa si vede -------------------------------------------------------------------------


def test_si_vede_il_minimo_e_nient_altro(chi, persona):
    (vista,) = _leggi(chi, _apri(chi))

    assert vista.anagrafica["nome"] == "Rossi Maria"
    assert vista.anagrafica["lingue"] == "wolof"
    assert vista.nascita == persona.data_nascita
    assert vista.ente == persona.ente
    assert vista.contatti == [("telefono", "333 1112223", "solo di mattina")]
    assert vista.salute == [("Voce GRAV", "sì")]


def test_mai_un_indirizzo_ne_un_recapito_riservato_ne_dove_vive(chi, persona):
    vista = repr(_leggi(chi, _apri(chi)))

    for segreto in (
        "via Roma",
        "333 9990001",
        "Alessandria",
        "Voce DIP",
        "Voce V12",
        "raccontato",
    ):
        assert segreto not in vista


def test_chi_accede_in_anonimo_non_ha_un_codice_con_cui_trovarlo(chi):
    with pytest.raises(IntegrityError, match="anonimo"):
        IdentificativoFactory(beneficiario=BeneficiarioFactory(anonima=True), codice=CF)


def test_le_persone_del_proprio_ente_non_passano_di_qui(persona):
    collega = attore(Ruolo.OPERATORE, ente=persona.ente)

    assert _leggi(collega, _apri(collega)) == []


def test_con_un_codice_che_somiglia_non_si_trova(chi, persona):
    """Il codice è quello esatto: un omocodo può essere di un'altra persona."""
    assert _leggi(chi, _apri(chi, codice="RSSMRA80A01A1U2N")) == []


def test_chiusa_la_base_dei_contatti_i_contatti_non_si_vedono(chi, persona):
    ieri = timezone.localdate() - timedelta(days=1)
    with come_sistema():
        BaseGiuridica.objects.filter(finalita="emergenza", gruppo="contatti").update(al=ieri)

    (vista,) = _leggi(chi, _apri(chi))

    assert vista.contatti == []
    assert vista.salute


# Quanto dura, chi può ---------------------------------------------------------------------


def test_dura_un_ora_e_un_accesso_finito_non_mostra_niente(chi, persona):
    accesso = _apri(chi)
    finito = _apri(chi, minuti=0)

    assert (accesso.fino_al - accesso.aperto_il).total_seconds() == 3600
    assert _leggi(chi, accesso)
    assert _leggi(chi, finito) == []


def test_piu_di_un_ora_il_database_non_la_da(chi):
    with pytest.raises(ValidationError, match="al più 60 minuti"):
        _apri(chi, minuti=61)


def test_un_motivo_breve_non_basta(chi):
    with come(chi), pytest.raises(ValidationError, match="almeno 20 caratteri"):
        apri_emergenza(codice=CodiceScritto("cf", CF, CF), motivo="Serve.", da=chi)


def test_il_sesto_in_un_giorno_si_rifiuta(chi):
    for _ in range(5):
        _apri(chi, codice=DI_NESSUNO)

    with pytest.raises(ValidationError, match="cinque accessi"):
        _apri(chi)


def test_senza_base_giuridica_non_si_apre(db):
    """GDPR-05: la finalità si spegne chiudendone la base."""
    with pytest.raises(ValidationError, match="base giuridica"):
        _apri(attore(Ruolo.REFERENTE))


def test_un_accesso_cerca_un_codice_solo(chi, persona):
    """Nemmeno chi scrive SQL a mano ne cerca molti in una volta."""
    indici = [
        Identificativo.indice_di("cf", ente=persona.ente_id, normale=codice)
        for codice in (CF, DI_NESSUNO)
    ]
    with (
        come(chi),
        pytest.raises(IntegrityError, match="un codice solo"),
        transaction.atomic(),
        connection.cursor() as cursore,
    ):
        cursore.execute(
            "SELECT registro_apri_emergenza('cf', %s, 60, %s::bigint[], %s::bytea[])",
            [MOTIVO, [persona.ente_id] * 2, indici],
        )


@pytest.mark.parametrize("ruolo", [Ruolo.COORDINATORE, Ruolo.AMMINISTRATORE, Ruolo.GARANTE])
def test_chi_non_lavora_con_le_persone_non_apre(chi, ruolo):
    altro = attore(ruolo)
    with pytest.raises(PermissionDenied):
        _apri(altro)

    with (
        come(altro),
        pytest.raises(IntegrityError, match="di chi lavora con le persone"),
        transaction.atomic(),
        connection.cursor() as cursore,
    ):
        cursore.execute("SELECT registro_apri_emergenza('cf', %s, 60, '{}', '{}')", [MOTIVO])


def test_l_accesso_di_una_collega_non_vale_per_me(chi, persona):
    accesso = _apri(chi)
    collega = attore(Ruolo.OPERATORE, ente=chi.ente)

    assert _leggi(collega, accesso) == []


@pytest.mark.parametrize(
    "istruzione",
    [
        "INSERT INTO beneficiari_accessodemergenza (uuid, ente_id, utente_id, tipo, motivo,"
        " aperto_il, fino_al) SELECT gen_random_uuid(), ente_id, utente_id, tipo, motivo, aperto_il,"
        " fino_al FROM beneficiari_accessodemergenza",
        "UPDATE beneficiari_accessodemergenza SET fino_al = now()",
        "DELETE FROM beneficiari_accessodemergenza",
        "SELECT * FROM beneficiari_emergenzacercata",
    ],
)
def test_l_applicazione_non_ne_scrive_non_ne_cambia_e_non_legge_chi_si_cercava(chi, istruzione):
    _apri(chi)
    with (
        come(chi),
        pytest.raises(ProgrammingError),
        transaction.atomic(),
        connection.cursor() as cursore,
    ):
        cursore.execute(istruzione)


def test_nessuna_policy_sa_delle_emergenze(db):
    """Le interrogazioni di ogni giorno non possono costare di più: nessuna ne sa niente."""
    with connection.cursor() as cursore:
        cursore.execute(
            "SELECT tablename FROM pg_policies"
            " WHERE coalesce(qual, '') || coalesce(with_check, '') ILIKE '%emergenz%'"
        )
        assert cursore.fetchall() == []


# Chi lo sa --------------------------------------------------------------------------------


def test_ogni_lettura_resta_scritta_con_la_finalita(chi, persona):
    _leggi(chi, _apri(chi))

    with come_sistema(persona.ente):
        lettura = RegistroAccessi.objects.get(beneficiario=persona.pk, ente=chi.ente)
    assert lettura.finalita == Finalita.EMERGENZA
    assert set(lettura.gruppi) == {"anagrafica", "contatti", "salute"}


def test_l_ente_lo_trova_nella_pagina_della_persona_e_ne_prende_visione(chi, persona, client):
    _leggi(chi, _apri(chi))
    referente = attore(Ruolo.REFERENTE, ente=persona.ente)
    client.entra(referente)

    pagina = client.get(reverse("beneficiari:accessi", args=[persona.uuid])).content.decode()
    assert chi.ente.denominazione in pagina
    assert "svenuta davanti" in pagina
    assert "persona letta in emergenza" in client.get(reverse("report:casa")).content.decode()

    with come(referente):
        avviso = AvvisoDEmergenza.objects.get()
    client.post(reverse("beneficiari:emergenza_vista", args=[avviso.uuid]))

    with come(referente):
        avviso.refresh_from_db()
    assert avviso.visto_da == referente.utente


def test_garante_ed_ente_hanno_la_posta_una_volta_e_senza_dati(chi, persona, settings):
    settings.CONTATTO_DPO = "dpo@rete.example"
    garante = attore(Ruolo.GARANTE).utente.email
    referente = attore(Ruolo.REFERENTE, ente=persona.ente).utente.email
    attore(Ruolo.REFERENTE)
    _leggi(chi, _apri(chi))
    mail.outbox.clear()

    avvisa_emergenze()
    avvisa_emergenze()

    a_chi = sorted(indirizzo for messaggio in mail.outbox for indirizzo in messaggio.to)
    assert a_chi == sorted(["dpo@rete.example", garante, referente])
    for messaggio in mail.outbox:
        testo = messaggio.subject + messaggio.body
        for dato in ("Rossi", "Maria", CF, chi.utente.cognome, "svenuta"):
            assert dato not in testo


def test_se_la_posta_non_parte_si_riprova_al_giro_dopo(chi, monkeypatch):
    attore(Ruolo.GARANTE)
    accesso = _apri(chi)

    def guasta(*_, **__):
        raise OSError

    monkeypatch.setattr("registro.comune.posta.send_mail", guasta)
    assert avvisa_emergenze() == 0
    monkeypatch.undo()
    mail.outbox.clear()

    assert avvisa_emergenze() == 1
    with come(chi):
        accesso.refresh_from_db()
    assert accesso.avvisato_il is not None
    assert mail.outbox


def test_gli_avvisi_partono_entro_cinque_minuti_anche_se_la_coda_tace():
    orario = applicazione.conf.beat_schedule["avvisa-emergenze"]

    assert orario["task"] == "beneficiari.tasks.avvisa_emergenze"
    assert orario["schedule"] <= 300


# La stessa risposta -----------------------------------------------------------------------


def _dati(codice: str) -> dict:
    return {"tipo": "cf", "codice": codice, "motivo": MOTIVO}


def test_trovata_o_no_la_risposta_e_gli_avvisi_sono_gli_stessi(chi, persona, client):
    """Stesse interrogazioni, stessi byte, stessa posta al garante: aprire non dice niente."""
    attore(Ruolo.GARANTE)
    client.entra(chi)
    esiti = []
    for codice in (CF, DI_NESSUNO):
        mail.outbox.clear()
        with connection.execute_wrapper(contatore := _Contatore()):
            risposta = client.post(reverse("beneficiari:emergenza_nuova"), _dati(codice))
        avvisa_emergenze()
        esiti.append(
            (
                risposta.status_code,
                risposta.content,
                len(risposta["Location"]),
                contatore.viste,
                [re.sub(r"\d\d:\d\d", "", messaggio.body) for messaggio in mail.outbox],
            )
        )

    assert esiti[0] == esiti[1]
    assert esiti[0][0] == 302


class _Contatore:
    """Il testo di ogni interrogazione, senza i valori."""

    def __init__(self) -> None:
        self.viste: list[str] = []

    def __call__(self, esegui, sql, params, many, context):
        self.viste.append(re.sub(r"\"?s\d+_x\d+\"?", "", str(sql)))
        return esegui(sql, params, many, context)


def test_la_pagina_mostra_la_persona_e_poi_piu_niente(chi, persona, client):
    client.entra(chi)
    risposta = client.post(reverse("beneficiari:emergenza_nuova"), _dati(CF), follow=True)
    assert "Rossi Maria" in risposta.content.decode()
    assert "Rossi" not in risposta.content.decode().split("</title>")[0]

    finito = _apri(chi, minuti=0)
    dopo = client.get(reverse("beneficiari:emergenza", args=[finito.uuid]))
    assert "L'accesso è finito" in dopo.content.decode()
    assert "Rossi" not in dopo.content.decode()


def test_un_codice_sbagliato_dice_quale_carattere_e_non_apre(chi, client):
    client.entra(chi)
    risposta = client.post(reverse("beneficiari:emergenza_nuova"), _dati(CF[:-1] + "A"))

    assert risposta.status_code == 422
    assert "ultima lettera" in risposta.content.decode()
    with come(chi):
        assert not AccessoDEmergenza.objects.exists()


def test_il_garante_legge_gli_accessi_di_tutta_la_rete_e_un_referente_i_suoi(chi, client):
    _apri(chi)
    altrove = attore(Ruolo.REFERENTE, ente=EnteFactory())

    del_garante = client.entra(attore(Ruolo.GARANTE)).get(reverse("beneficiari:emergenze"))
    assert "svenuta davanti" in del_garante.content.decode()
    di_un_altro = client.entra(altrove).get(reverse("beneficiari:emergenze"))
    assert "svenuta davanti" not in di_un_altro.content.decode()


def test_chi_ha_letto_in_emergenza_sa_una_volta_sola_che_i_dati_sono_cambiati(
    chi, persona, client
):
    """GDPR-17, art. 19: per chi ha letto in emergenza vale come per chi ha ricevuto una condivisione."""
    _leggi(chi, _apri(chi))
    ancora = _apri(chi)
    _leggi(chi, ancora)
    _apri(chi, DI_NESSUNO)
    risponde = attore(Ruolo.REFERENTE, ente=persona.ente)
    anche_condivisa = attore(Ruolo.OPERATORE)
    condivisa = AutorizzazioneFactory(beneficiario=persona, destinatario=anche_condivisa.ente)
    _leggi(anche_condivisa, _apri(anche_condivisa))
    richiesta = presenta(persona, risponde, "limitazione")

    with come(risponde):
        diritti.accogli(richiesta=richiesta, risposta="Fatto.", motivo="esattezza", da=risponde)
        diritti.avvisa_i_destinatari(richiesta, persona, "limitazione", da=risponde)
        avvisi = {a.destinatario: a for a in AvvisoAlDestinatario.objects.all()}

    assert set(avvisi) == {chi.ente, anche_condivisa.ente}
    avviso = avvisi[chi.ente]
    assert (avviso.finalita, avviso.gesto) == (Finalita.EMERGENZA, "limitazione")
    assert avviso.condivisa_dal == timezone.localdate(ancora.aperto_il)
    assert avvisi[anche_condivisa.ente].condivisione == condivisa.uuid
    pagina = client.entra(chi).get(reverse("beneficiari:avvisi")).content.decode()
    assert "Accesso d'emergenza" in pagina.replace("&#x27;", "'")
    assert "Rossi" not in pagina
    assert str(avviso.condivisione) not in pagina
