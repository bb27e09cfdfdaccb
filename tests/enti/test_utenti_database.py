"""Chi cura gli utenti, e fin dove, lo tiene il database: qui si salta il programma."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from enti.models import Appartenenza, Invito, PermessoSuEnte, PermessoSuNodo
from enti.permessi import Attore, Permesso, Ruolo
from enti.sistema import come_sistema
from registro.db.contesto import contesto
from report.models import Scheda
from tests.enti.inviti_di_prova import IERI_DI_ANNI_FA, collega, come, di, invito, riletto
from tests.fabbriche import EnteFactory, SchedaFactory, UtenteFactory, attore


pytestmark = pytest.mark.django_db

OGGI = timezone.localdate


def _rifiutata(chi: Attore, riga, frase: str = "row-level security") -> None:
    """Pretende che il database rifiuti la riga nuova, con quelle parole."""
    with pytest.raises(ProgrammingError, match=frase), come(chi):
        riga.save(force_insert=True)


def _permesso(oggetto, codice: Permesso = Permesso.UTENTI_GESTIRE) -> Permission:
    return Permission.objects.get(
        content_type__app_label="enti",
        content_type__model=oggetto._meta.model_name,
        codename=codice.value,
    )


def _delega(utente, su, da, codice: Permesso = Permesso.UTENTI_GESTIRE):
    modello = PermessoSuEnte if su._meta.model_name == "ente" else PermessoSuNodo
    with come(da):
        return modello.objects.create(
            user=utente,
            content_object=su,
            permission=_permesso(su, codice),
            motivo="prova",
            dato_da=da.utente,
        )


def _invito(chi: Attore, **campi) -> Invito:
    dati = {
        "ente": chi.ente,
        "email": "x@rete.example",
        "ruolo": Ruolo.OPERATORE,
        "invitato_da": chi.utente,
        "impronta": "0" * 64,
    }
    return Invito(**(dati | campi))


def test_un_referente_non_aggiunge_a_un_altro_ente():
    referente, altro = attore(Ruolo.REFERENTE), EnteFactory()

    _rifiutata(referente, Appartenenza(utente=UtenteFactory(), ente=altro, ruolo=Ruolo.OPERATORE))


@pytest.mark.parametrize("ruolo", ["amministratore", "coordinatore", "garante", "inviante"])
def test_un_referente_non_da_ruoli_di_rete(ruolo):
    referente = attore(Ruolo.REFERENTE)
    uscita = collega(referente.ente, fine=IERI_DI_ANNI_FA)

    _rifiutata(referente, Appartenenza(utente=uscita.utente, ente=referente.ente, ruolo=ruolo))
    _rifiutata(referente, _invito(referente, ruolo=ruolo))


def test_nessuno_da_un_ruolo_a_se_stesso():
    for ruolo in (Ruolo.REFERENTE, Ruolo.AMMINISTRATORE):
        chi = attore(ruolo)
        altrove = EnteFactory()
        riga = Appartenenza(utente=chi.utente, ente=altrove, ruolo=Ruolo.OPERATORE)
        _rifiutata(chi, riga)


def test_un_referente_non_arruola_chi_non_ha_accettato_un_invito():
    referente = attore(Ruolo.REFERENTE)
    estraneo = Appartenenza(utente=UtenteFactory(), ente=referente.ente, ruolo=Ruolo.OPERATORE)

    _rifiutata(referente, estraneo, "si invita")


def test_un_ruolo_non_si_inventa_nel_passato():
    referente = attore(Ruolo.REFERENTE)
    uscita = collega(referente.ente, fine=IERI_DI_ANNI_FA)
    riga = Appartenenza(
        utente=uscita.utente,
        ente=referente.ente,
        ruolo=Ruolo.OPERATORE,
        inizio=OGGI() - timedelta(days=1),
    )

    _rifiutata(referente, riga, "comincia oggi")


@pytest.mark.parametrize(
    "cambio",
    [
        {"ruolo": "referente"},
        {"inizio": IERI_DI_ANNI_FA - timedelta(days=900)},
        {"fine": IERI_DI_ANNI_FA},
    ],
)
def test_la_storia_di_un_appartenenza_non_si_riscrive(cambio):
    referente = attore(Ruolo.REFERENTE)
    voce = collega(referente.ente)

    with pytest.raises(ProgrammingError, match=r"non cambia|non si riscrive"), come(referente):
        Appartenenza.objects.filter(pk=voce.pk).update(**cambio)


def test_nemmeno_chi_amministra_si_alza_cambiando_la_riga():
    capo = attore(Ruolo.AMMINISTRATORE)

    with pytest.raises(ProgrammingError, match="non cambia"), come(capo):
        Appartenenza.objects.filter(pk=di(capo).pk).update(ruolo=Ruolo.REFERENTE)


@pytest.mark.parametrize("ruolo", ["operatore", "coordinatore", "inviante", "garante"])
def test_chi_non_cura_gli_utenti_non_tocca_nulla(ruolo):
    chi = attore(ruolo)
    voce = collega(chi.ente)

    with come(chi):
        assert Appartenenza.objects.filter(pk=voce.pk).update(fine=OGGI()) == 0
        assert not Invito.objects.exists()
    _rifiutata(chi, _invito(chi))


def test_un_referente_non_chiude_chi_ha_un_ruolo_di_rete():
    referente = attore(Ruolo.REFERENTE)
    grande = collega(referente.ente, Ruolo.AMMINISTRATORE)

    with come(referente):
        assert Appartenenza.objects.filter(pk=grande.pk).update(fine=OGGI()) == 0


def test_nessuno_cancella_un_appartenenza():
    for ruolo in (Ruolo.REFERENTE, Ruolo.AMMINISTRATORE):
        chi = attore(ruolo)
        voce = collega(chi.ente)
        with come(chi):
            assert Appartenenza.objects.filter(pk=voce.pk).delete()[0] == 0


def test_il_database_non_lascia_un_ente_senza_referenti():
    solo = attore(Ruolo.REFERENTE)

    with (
        pytest.raises(IntegrityError, match="senza referenti"),
        come(solo),
        transaction.atomic(),
    ):
        Appartenenza.objects.filter(pk=di(solo).pk).update(fine=OGGI())


def test_chi_amministra_puo_chiudere_anche_l_ultimo():
    solo, capo = attore(Ruolo.REFERENTE), attore(Ruolo.AMMINISTRATORE)
    sua = di(solo)

    with come(capo):
        assert Appartenenza.objects.filter(pk=sua.pk).update(fine=OGGI()) == 1


def test_nessuno_si_allunga_la_propria_appartenenza():
    chi = attore(Ruolo.REFERENTE)
    collega(chi.ente, Ruolo.REFERENTE)
    sua = di(chi)
    with come_sistema():
        Appartenenza.objects.filter(pk=sua.pk).update(fine=OGGI() + timedelta(days=3))

    with pytest.raises(ProgrammingError, match="si può solo chiudere"), come(chi):
        Appartenenza.objects.filter(pk=sua.pk).update(fine=None)


def test_chiusa_in_giornata_non_apre_piu_nulla():
    scheda = SchedaFactory()
    voce = collega(scheda.ente)

    with contesto(utente=voce.utente_id, ente=scheda.ente_id):
        prima = Scheda.objects.count()
    with come_sistema():
        Appartenenza.objects.filter(pk=voce.pk).update(fine=OGGI(), chiusa_il=timezone.now())
    with contesto(utente=voce.utente_id, ente=scheda.ente_id):
        dopo = Scheda.objects.count()

    assert (prima, dopo) == (1, 0)


def test_gli_inviti_di_un_altro_ente_non_si_vedono_e_non_si_toccano():
    referente = attore(Ruolo.REFERENTE)
    altrui = invito()

    with come(referente):
        assert not Invito.objects.exists()
        assert Invito.objects.filter(pk=altrui.pk).update(ruolo=Ruolo.OPERATORE) == 0
    _rifiutata(referente, _invito(referente, ente=altrui.ente))


def test_senza_contesto_gli_inviti_e_le_eccezioni_non_si_vedono(connessione_nuda):
    invito()

    assert not Invito.objects.exists()
    for tabella in ("enti_invito", "enti_permessosuente", "enti_permessosunodo"):
        assert connessione_nuda.execute(f"SELECT count(*) FROM {tabella}").fetchone() == (0,)  # noqa: S608


def test_non_si_firma_un_invito_con_il_nome_di_un_altro():
    referente = attore(Ruolo.REFERENTE)
    collega_ = collega(referente.ente, Ruolo.REFERENTE)

    _rifiutata(referente, _invito(referente, invitato_da=collega_.utente))


def test_un_invito_non_si_promuove():
    referente = attore(Ruolo.REFERENTE)
    suo = invito(ente=referente.ente, invitato_da=referente.utente)

    with pytest.raises(ProgrammingError, match="row-level security"), come(referente):
        Invito.objects.filter(pk=suo.pk).update(ruolo=Ruolo.AMMINISTRATORE)

    assert riletto(suo).ruolo == Ruolo.OPERATORE


def test_solo_chi_amministra_da_permessi_in_piu_e_mai_a_se_stesso():
    referente, capo = attore(Ruolo.REFERENTE), attore(Ruolo.AMMINISTRATORE)
    operatore = collega(referente.ente)
    casi = [(referente, operatore.utente), (capo, capo.utente), (referente, referente.utente)]

    for chi, a_chi in casi:
        riga = PermessoSuEnte(
            user=a_chi,
            content_object=referente.ente,
            permission=_permesso(referente.ente),
            motivo="prova",
            dato_da=chi.utente,
        )
        _rifiutata(chi, riga)


def test_chi_cura_per_eccezione_da_solo_il_ruolo_piu_piccolo():
    capo, operatore = attore(Ruolo.AMMINISTRATORE), attore()
    _delega(operatore.utente, operatore.ente, capo)

    with come(operatore):
        _invito(operatore).save()
    _rifiutata(operatore, _invito(operatore, email="y@rete.example", ruolo=Ruolo.REFERENTE))


def test_un_permesso_su_un_altro_ente_non_serve_qui():
    capo, operatore = attore(Ruolo.AMMINISTRATORE), attore()
    _delega(operatore.utente, EnteFactory(), capo)

    _rifiutata(operatore, _invito(operatore))


def test_nessuna_eccezione_mostra_le_righe_di_un_altro_ente():
    capo, curioso = attore(Ruolo.AMMINISTRATORE), attore()
    scheda = SchedaFactory(nodo=curioso.ente.nodo)
    for su in (scheda.ente, scheda.nodo, curioso.ente):
        for codice in (Permesso.UTENTI_GESTIRE, Permesso.SCHEDE_INVIARE):
            _delega(curioso.utente, su, capo, codice)

    with come(curioso):
        assert not Scheda.objects.exists()
    with contesto(utente=curioso.utente.pk, ente=scheda.ente_id):
        assert not Scheda.objects.exists()
        assert not Invito.objects.exists()


def test_con_il_permesso_in_piu_un_operatore_invia_la_scheda():
    scheda = SchedaFactory()
    chi = attore(ente=scheda.ente)
    _delega(chi.utente, chi.ente, attore(Ruolo.AMMINISTRATORE), Permesso.SCHEDE_INVIARE)

    with come(chi):
        assert Scheda.objects.filter(pk=scheda.pk).update(stato="inviata") == 1


def test_senza_quel_permesso_un_operatore_non_invia():
    scheda = SchedaFactory()

    with pytest.raises(ProgrammingError, match="non spetta"), come(attore(ente=scheda.ente)):
        Scheda.objects.filter(pk=scheda.pk).update(stato="inviata")


def test_le_tabelle_generiche_di_guardian_sono_vuote_e_chiuse(connessione_nuda):
    for tabella in ("guardian_userobjectpermission", "guardian_groupobjectpermission"):
        assert connessione_nuda.execute(f"SELECT count(*) FROM {tabella}").fetchone() == (0,)  # noqa: S608
        with pytest.raises(Exception, match="permission denied"):
            connessione_nuda.execute(f"DELETE FROM {tabella}")  # noqa: S608
