"""I diritti della persona, dentro il database: richieste che arrivano, dati che si fermano."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.db.utils import ProgrammingError
from django.utils import timezone

from beneficiari.azioni import diritti, richieste
from beneficiari.models import (
    Autorizzazione,
    AvvisoAlDestinatario,
    Beneficiario,
    Limitazione,
    Nota,
    RichiestaInteressato,
)
from enti.permessi import Attore, Ruolo
from enti.sistema import come_sistema
from tests.fabbriche import EnteFactory, attore
from tests.fabbriche_diritti import (
    LimitazioneFactory,
    RichiestaFactory,
    condivisa_per_legge,
    e_sospesa,
    presenta,
)
from tests.fabbriche_persone import (
    AutorizzazioneFactory,
    BeneficiarioFactory,
    BisognoRilevatoFactory,
    ComponenteFactory,
    CondizioneRilevataFactory,
    ConsensoFactory,
    IdentificativoFactory,
    NotaFactory,
    ObiettivoFactory,
    PresaInCaricoFactory,
    RecapitoFactory,
    RevocaConsensoFactory,
    ValutazioneFactory,
    accordo_fra,
    come,
)


pytestmark = pytest.mark.django_db

OGGI = timezone.localdate()
LIMITATI = "sono limitati"


@pytest.fixture
def persona(db) -> Beneficiario:
    return BeneficiarioFactory(cognome="Ferrero")


@pytest.fixture
def referente(persona) -> Attore:
    return attore(Ruolo.REFERENTE, ente=persona.ente)


# Chi legge una richiesta, chi la chiude ------------------------------------------------------


def test_una_richiesta_la_legge_chi_segue_chi_raccoglie_e_il_referente(persona, referente):
    richiesta = RichiestaFactory(beneficiario=persona)
    estraneo = attore(Ruolo.OPERATORE, ente=persona.ente)
    segue = attore(Ruolo.OPERATORE, ente=persona.ente)
    PresaInCaricoFactory(beneficiario=persona, operatore=segue.utente)
    altrui = attore(Ruolo.REFERENTE)

    viste = {}
    for nome, chi in {
        "referente": referente,
        "segue": segue,
        "estraneo": estraneo,
        "altrui": altrui,
    }.items():
        with come(chi):
            viste[nome] = RichiestaInteressato.objects.filter(pk=richiesta.pk).count()

    assert viste == {"referente": 1, "segue": 1, "estraneo": 0, "altrui": 0}


def test_chiusa_una_richiesta_non_cambia_piu(persona, referente):
    richiesta = presenta(persona, referente)
    with come(referente):
        diritti.accogli(richiesta=richiesta, risposta="Ecco la copia.", da=referente)
        letta = RichiestaInteressato.objects.get(pk=richiesta.pk)
        assert (letta.stato, letta.risposta_da) == ("accolta", referente.utente)
        assert letta.risposta_il is not None

        riscritte = RichiestaInteressato.objects.filter(pk=richiesta.pk).update(stato="aperta")

        assert riscritte == 0
        with pytest.raises(ValidationError, match="già stata data una risposta"):
            richieste.ritira(richiesta=richiesta, da=referente)


def test_cio_che_la_persona_ha_chiesto_nessuno_lo_riscrive(persona, referente):
    richiesta = presenta(persona, referente)

    with come(referente), pytest.raises(ProgrammingError):
        RichiestaInteressato.objects.filter(pk=richiesta.pk).update(che_cosa="Altro")


def test_un_rifiuto_dice_perche(persona, referente):
    richiesta = presenta(persona, referente)

    with come(referente), pytest.raises(ValidationError, match=r"art\. 12\.4"):
        richieste.rifiuta(richiesta=richiesta, motivo="eccessiva", risposta=" ", da=referente)

    with come(referente):
        richieste.rifiuta(
            richiesta=richiesta, motivo="eccessiva", risposta="Già data ieri.", da=referente
        )
        assert RichiestaInteressato.objects.get(pk=richiesta.pk).stato == "rifiutata"


def test_altro_tempo_si_prende_una_volta_dicendo_perche(persona, referente):
    """GDPR-14: al più tre mesi dalla richiesta."""
    richiesta = presenta(persona, referente)
    with come(referente):
        presa = richieste.proroga(richiesta=richiesta, motivo="Sono molti fogli.", da=referente)
        assert presa.scade_il == OGGI + datetime.timedelta(90)
        with pytest.raises(IntegrityError, match="una volta sola"):
            RichiestaInteressato.objects.filter(pk=richiesta.pk).update(
                scade_il=OGGI + datetime.timedelta(60)
            )


# Limitazione ---------------------------------------------------------------------------------


FABBRICHE = (
    *(RecapitoFactory, IdentificativoFactory, ComponenteFactory, PresaInCaricoFactory),
    *(BisognoRilevatoFactory, CondizioneRilevataFactory, NotaFactory),
)


@pytest.mark.parametrize("fabbrica", FABBRICHE, ids=lambda f: f.__name__)
def test_di_una_persona_limitata_non_si_aggiunge_e_non_si_cambia_niente(persona, fabbrica):
    """GDPR-16: INSERT, UPDATE e DELETE rifiutati dal database, con la frase."""
    riga = fabbrica(beneficiario=persona)
    modello = type(riga)
    LimitazioneFactory(beneficiario=persona)

    for gesto in (
        lambda: fabbrica(beneficiario=persona),
        lambda: modello.objects.filter(pk=riga.pk).update(ente=persona.ente),
    ):
        with come_sistema(persona.ente), pytest.raises(IntegrityError, match=LIMITATI):
            gesto()


@pytest.mark.parametrize("fabbrica", [ObiettivoFactory, ValutazioneFactory])
def test_nemmeno_dentro_una_presa_in_carico(persona, fabbrica):
    """GDPR-16: obiettivi e valutazioni."""
    presa = PresaInCaricoFactory(beneficiario=persona)
    LimitazioneFactory(beneficiario=persona)

    with pytest.raises(IntegrityError, match=LIMITATI):
        fabbrica(beneficiario=persona, presa=presa)


def test_l_anagrafica_limitata_si_legge_e_non_si_scrive(persona, referente):
    """GDPR-16: visibile ma ferma; dopo la fine si riscrive."""
    limitazione = LimitazioneFactory(beneficiario=persona)
    with come(referente):
        assert Beneficiario.objects.get(pk=persona.pk).cognome == "Ferrero"
        with pytest.raises(IntegrityError, match=LIMITATI):
            Beneficiario.objects.filter(pk=persona.pk).update(comune="Asti")

    with come(referente):
        diritti.togli_limitazione(
            limitazione=limitazione, perche="I dati erano giusti.", avvisata_il=OGGI, da=referente
        )
        assert Beneficiario.objects.filter(pk=persona.pk).update(comune="Asti") == 1


def test_la_limitazione_vale_anche_per_le_righe_unite(persona):
    """GDPR-16: dopo un'unione le righe sono due, la persona una."""
    assorbita = BeneficiarioFactory(ente=persona.ente)
    with come_sistema(persona.ente):
        Beneficiario.objects.filter(pk=assorbita.pk).update(unito_a=persona)
    LimitazioneFactory(beneficiario=persona)

    with pytest.raises(IntegrityError, match=LIMITATI):
        NotaFactory(beneficiario=assorbita)


def test_le_altre_persone_dell_ente_si_scrivono(persona):
    LimitazioneFactory(beneficiario=persona)

    assert NotaFactory(beneficiario=BeneficiarioFactory(ente=persona.ente)).pk


def test_limitata_puo_sempre_cambiare_idea_sui_consensi(persona):
    """GDPR-16, art. 7.3: la revoca non aspetta nessuno."""
    consenso = ConsensoFactory(beneficiario=persona)
    LimitazioneFactory(beneficiario=persona)

    assert RevocaConsensoFactory(consenso=consenso).pk


def test_di_una_persona_limitata_gli_altri_enti_non_vedono_piu_niente(persona, referente):
    """GDPR-16: la condivisione si sospende, e riparte da sola quando la limitazione finisce."""
    NotaFactory(beneficiario=persona)
    data = AutorizzazioneFactory(beneficiario=persona)
    riceve = attore(Ruolo.REFERENTE, ente=data.destinatario)

    def visto() -> tuple[int, int, int, int]:
        with come(riceve, finalita="presa-in-carico"), connection.cursor() as cursore:
            cursore.execute("SELECT count(*) FROM registro_condivise(NULL)")
            (nomi,) = cursore.fetchone()
            persone = Beneficiario.objects.filter(pk=persona.pk).count()
            note = Nota.objects.filter(beneficiario=persona.pk).count()
            return nomi, persone, note, Autorizzazione.objects.ricevute_da(riceve.ente).count()

    assert visto() == (1, 1, 1, 1)
    limitazione = LimitazioneFactory(beneficiario=persona)
    assert visto() == (0, 0, 0, 0)
    with come(referente):
        assert Autorizzazione.objects.get(pk=data.pk).sospesa
        diritti.togli_limitazione(
            limitazione=limitazione, perche="Controllati.", avvisata_il=OGGI, da=referente
        )
    assert visto() == (1, 1, 1, 1)


def test_una_persona_limitata_non_si_condivide(persona):
    """GDPR-16: finché dura nessuna condivisione nuova."""
    consenso = ConsensoFactory(beneficiario=persona)
    LimitazioneFactory(beneficiario=persona)

    with pytest.raises(IntegrityError, match="non si condividono con nessuno"):
        AutorizzazioneFactory(beneficiario=persona, consenso=consenso)


def test_di_una_persona_di_un_altro_ente_il_rifiuto_non_dice_che_e_limitata(persona):
    """Il trigger guarda prima della policy: a chi prova non deve rispondere con la frase."""
    LimitazioneFactory(beneficiario=persona)
    altro = EnteFactory()
    accordo = accordo_fra(persona.ente, altro)
    chi = attore(Ruolo.REFERENTE, ente=altro)

    with come(chi), pytest.raises(Exception) as rifiuto:  # noqa: PT011
        Autorizzazione.objects.create(
            ente=persona.ente,
            destinatario=altro,
            beneficiario=persona,
            livello="esistenza",
            finalita="invio",
            fondamento="legge",
            accordo=accordo,
            al=OGGI,
            concessa_da=chi.utente,
        )
    assert LIMITATI not in str(rifiuto.value)


def test_la_limitazione_la_decide_solo_chi_risponde_dei_dati(persona):
    richiesta = RichiestaFactory(beneficiario=persona, tipo="limitazione")
    chi = attore(Ruolo.OPERATORE, ente=persona.ente)

    with come(chi), pytest.raises(ProgrammingError):
        Limitazione.objects.create(
            ente=persona.ente,
            beneficiario=persona,
            richiesta=richiesta,
            motivo="esattezza",
            decisa_da=chi.utente,
        )


# Opposizione ---------------------------------------------------------------------------------


@pytest.fixture
def per_legge(persona) -> Autorizzazione:
    return condivisa_per_legge(persona)


def test_un_opposizione_ferma_la_condivisione_per_legge_finche_non_si_decide(
    persona, referente, per_legge
):
    richiesta = presenta(persona, referente, "opposizione", finalita="presa-in-carico")
    assert e_sospesa(per_legge)

    with come(referente):
        richieste.rifiuta(
            richiesta=richiesta, motivo="motivi", risposta="Lo chiede il giudice.", da=referente
        )

    assert not e_sospesa(per_legge)


def test_un_opposizione_a_un_altro_uso_o_col_consenso_non_ferma_niente(
    persona, referente, per_legge
):
    col_consenso = AutorizzazioneFactory(beneficiario=persona)

    presenta(persona, referente, "opposizione", finalita="invio")
    assert not e_sospesa(per_legge)
    presenta(persona, referente, "opposizione", finalita="presa-in-carico")
    assert e_sospesa(per_legge)
    assert not e_sospesa(col_consenso)


def test_un_opposizione_accolta_chiude_la_condivisione_e_ne_vieta_altre(
    persona, referente, per_legge
):
    richiesta = presenta(persona, referente, "opposizione", finalita="presa-in-carico")
    with come(referente):
        diritti.accogli(richiesta=richiesta, risposta="Abbiamo smesso.", da=referente)
        chiusa = Autorizzazione.objects.get(pk=per_legge.pk)
    assert chiusa.revocata_il is not None

    with pytest.raises(IntegrityError, match="si è opposta"):
        AutorizzazioneFactory(
            beneficiario=persona, fondamento="legge", consenso=None, gruppi=["anagrafica"]
        )


def _unisce(assorbita: Beneficiario, a: Beneficiario | None) -> None:
    with come_sistema(assorbita.ente):
        Beneficiario.objects.filter(pk=assorbita.pk).update(unito_a=a)


def test_chi_entra_in_un_unione_prende_la_limitazione(persona):
    """GDPR-16: la riga assorbita dopo non resta aperta agli altri enti."""
    assorbita = BeneficiarioFactory(ente=persona.ente)
    data = AutorizzazioneFactory(beneficiario=assorbita)
    LimitazioneFactory(beneficiario=persona)

    _unisce(assorbita, persona)

    assert e_sospesa(data)


def test_chi_esce_da_un_unione_lascia_l_opposizione(persona, referente):
    assorbita = BeneficiarioFactory(ente=persona.ente)
    data = condivisa_per_legge(assorbita)
    presenta(persona, referente, tipo="opposizione", finalita=data.finalita)
    _unisce(assorbita, persona)
    assert e_sospesa(data)

    _unisce(assorbita, None)

    assert not e_sospesa(data)


# Correzione, avvisi, cancellazione -----------------------------------------------------------


def test_a_ogni_ente_che_ha_ricevuto_i_dati_un_avviso_e_uno_solo(persona, referente):
    """GDPR-17: N destinatari, presenti o passati, N avvisi; ripetuti, gli stessi."""
    ieri = OGGI - datetime.timedelta(1)
    in_corso = AutorizzazioneFactory(beneficiario=persona)
    finita = AutorizzazioneFactory(beneficiario=persona, al=ieri)
    AutorizzazioneFactory(
        beneficiario=persona, destinatario=in_corso.destinatario, finalita="invio"
    )
    revocata = AutorizzazioneFactory(beneficiario=persona)
    mai_cominciata = AutorizzazioneFactory(beneficiario=persona, dal=OGGI + datetime.timedelta(9))
    with come(referente):
        Autorizzazione.objects.filter(pk=revocata.pk).update(revocata_il=timezone.now())
    richiesta = presenta(
        persona, referente, "rettifica", campo="comune", valore_proposto="Alessandria"
    )

    with come(referente):
        diritti.accogli(
            richiesta=richiesta, risposta="Corretto.", valore="Alessandria", da=referente
        )
        for _ in range(3):
            diritti.avvisa_i_destinatari(richiesta, persona, "rettifica", da=referente)
        avvisi = list(AvvisoAlDestinatario.objects.filter(richiesta=richiesta))

    attesi = {in_corso.destinatario_id, finita.destinatario_id, revocata.destinatario_id}
    assert {avviso.destinatario_id for avviso in avvisi} == attesi
    assert len(avvisi) == len(attesi)
    assert mai_cominciata.destinatario_id not in attesi
    assert {avviso.dato for avviso in avvisi} == {"comune dove vive"}


def test_una_correzione_tiene_il_valore_di_prima_nella_storia(persona, referente):
    richiesta = presenta(
        persona, referente, "rettifica", campo="cognome", valore_proposto="Ferraro"
    )
    with come(referente):
        diritti.accogli(richiesta=richiesta, risposta="Corretto.", valore="Ferraro", da=referente)
        persona.refresh_from_db()
        storia = Beneficiario.pgh_event_model.objects.filter(pgh_obj_id=persona.pk)
        prima, dopo = storia.order_by("pgh_id")

    assert persona.cognome == dopo.cognome == "Ferraro"
    assert prima.cognome == "Ferrero"


def test_l_avviso_lo_legge_chi_ha_ricevuto_e_ne_prende_atto_una_volta(persona, referente):
    data = AutorizzazioneFactory(beneficiario=persona)
    riceve = attore(Ruolo.OPERATORE, ente=data.destinatario)
    richiesta = presenta(persona, referente, "rettifica", campo="altro", che_cosa="Il voto.")
    with come(referente):
        diritti.accogli(richiesta=richiesta, risposta="Corretto.", da=referente)

    with come(riceve):
        (avviso,) = AvvisoAlDestinatario.objects.ricevuti_da(riceve.ente)
        diritti.prendi_atto(avviso=avviso, da=riceve)
        with pytest.raises(ValidationError, match="già preso atto"):
            diritti.prendi_atto(avviso=avviso, da=riceve)
    with come(attore(Ruolo.REFERENTE)):
        assert not AvvisoAlDestinatario.objects.exists()


def test_la_cancellazione_chiama_chi_sa_cancellare_e_avvisa_chi_ha_ricevuto(
    persona, referente, monkeypatch
):
    data = AutorizzazioneFactory(beneficiario=persona)
    chiamate = []
    monkeypatch.setattr(
        diritti, "cancellatore", lambda: lambda persona, **come: chiamate.append((persona, come))
    )
    richiesta = presenta(persona, referente, "cancellazione")

    with come(referente):
        diritti.accogli(richiesta=richiesta, risposta="Cancellato.", da=referente)
        avvisi = AvvisoAlDestinatario.objects.filter(richiesta=richiesta)
        assert [voce.destinatario_id for voce in avvisi] == [data.destinatario_id]

    ((chi, come_),) = chiamate
    assert chi == persona
    assert come_["richiesta"] == richiesta.uuid


def test_se_una_legge_impedisce_di_cancellare_la_richiesta_resta_aperta(
    persona, referente, monkeypatch
):
    def impedisce(persona, **_):
        raise ValidationError("Va tenuta fino al 2031.")

    monkeypatch.setattr(diritti, "cancellatore", lambda: impedisce)
    richiesta = presenta(persona, referente, "cancellazione")

    with come(referente):
        with pytest.raises(ValidationError, match="2031"):
            diritti.accogli(richiesta=richiesta, risposta="Cancellato.", da=referente)
        assert RichiestaInteressato.objects.get(pk=richiesta.pk).aperta


def test_il_garante_vede_le_scadenze_di_tutti_e_nessun_altro(persona):
    """GDPR-14: ente, tipo, date; niente della persona."""
    richiesta = RichiestaFactory(beneficiario=persona)
    righe = {}
    for ruolo in (Ruolo.GARANTE, Ruolo.REFERENTE, Ruolo.AMMINISTRATORE):
        with come(attore(ruolo)), connection.cursor() as cursore:
            cursore.execute("SELECT * FROM registro_richieste_della_rete()")
            righe[ruolo] = cursore.fetchall()

    assert righe[Ruolo.GARANTE] == [
        (
            persona.ente_id,
            "accesso",
            "aperta",
            richiesta.chiesta_il,
            richiesta.scade_il,
            False,
            None,
        )
    ]
    assert righe[Ruolo.REFERENTE] == righe[Ruolo.AMMINISTRATORE] == []
