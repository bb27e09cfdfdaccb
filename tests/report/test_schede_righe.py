"""Scrivere le righe di una scheda: versioni, conferme, righe tolte e rimesse."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from enti.permessi import Ruolo
from report.azioni import righe as azioni
from report.models import (
    CollaborazionePubblica,
    Conteggio,
    Giudizio,
    Legame,
    Misuratore,
    RigaTolta,
    Scheda,
    VoceTestuale,
)
from tests.fabbriche import ConteggioFactory, EnteFactory, VoceTestualeFactory, attore
from tests.report.schede_da_compilare import come, indicatore, riletta, scheda_da_compilare


pytestmark = pytest.mark.django_db


@pytest.fixture
def scheda() -> Scheda:
    return scheda_da_compilare()


@pytest.fixture
def chi(scheda):
    """Un operatore dell'ente, nel suo contesto."""
    with come(attore(ente=scheda.ente)) as operatore:
        yield operatore


# Frasi e versioni -----------------------------------------------------------------------
def test_salvare_fa_crescere_la_versione_e_segna_la_sezione(scheda, chi):
    voce = VoceTestualeFactory(scheda=scheda)

    scritta = azioni.salva_voce(voce=voce, versione=1, testo="Nuovo testo.", da=chi)

    assert (scritta.testo, scritta.versione) == ("Nuovo testo.", 2)
    assert "criticita" in riletta(scheda).sezioni_presenti


def test_chi_salva_sopra_una_versione_vecchia_vede_entrambi_i_testi(scheda, chi):
    voce = VoceTestualeFactory(scheda=scheda)
    azioni.salva_voce(voce=voce, versione=1, testo="Il mio.", da=chi)

    with pytest.raises(azioni.TestoCambiato) as cambiato:
        azioni.salva_voce(voce=voce, versione=1, testo="Il tuo.", da=chi)

    assert cambiato.value.testo_attuale == "Il mio."
    assert cambiato.value.testo_proposto == "Il tuo."
    assert VoceTestuale.objects.get(pk=voce.pk).testo == "Il mio."


def test_scrivere_lo_stesso_testo_non_e_un_conflitto(scheda, chi):
    voce = VoceTestualeFactory(scheda=scheda)
    azioni.salva_voce(voce=voce, versione=1, testo="Uguale.", da=chi)

    scritta = azioni.salva_voce(voce=voce, versione=1, testo="Uguale.", da=chi)

    assert scritta.versione == 2


def test_una_riga_tolta_mentre_la_si_scrive_non_fa_perdere_le_parole(scheda, chi):
    voce = VoceTestualeFactory(scheda=scheda)
    azioni.togli_riga(riga=voce, da=chi)
    voce.pk = RigaTolta.objects.get().dati["id"]

    with pytest.raises(azioni.TestoCambiato) as cambiato:
        azioni.salva_voce(voce=voce, versione=1, testo="Le mie parole.", da=chi)

    assert (cambiato.value.attuale, cambiato.value.testo_proposto) == (None, "Le mie parole.")


def test_un_testo_vuoto_non_si_salva(scheda, chi):
    voce = VoceTestualeFactory(scheda=scheda)

    with pytest.raises(ValidationError):
        azioni.salva_voce(voce=voce, versione=1, testo="", da=chi)


# Chi può, e quando ----------------------------------------------------------------------
@pytest.mark.parametrize("stato", ["inviata", "accettata_dal_nodo", "accettata", "congelata"])
def test_una_scheda_chiusa_non_si_scrive(stato):
    scheda = scheda_da_compilare(stato=stato)
    voce = VoceTestualeFactory(scheda=scheda)

    with come(attore(ente=scheda.ente)) as chi, pytest.raises(ValidationError, match="La scheda"):
        azioni.salva_voce(voce=voce, versione=1, testo="Di nascosto.", da=chi)


def test_una_scheda_rimandata_si_scrive():
    scheda = scheda_da_compilare(stato="rimandata")
    with come(attore(ente=scheda.ente)) as chi:
        azioni.aggiungi_voce(scheda=scheda, sezione="proposte", testo="Corretto.", da=chi)

    assert riletta(scheda).stato == "rimandata"


def test_il_secondo_dichiarante_scrive_righe_del_primo():
    secondo = EnteFactory()
    scheda = scheda_da_compilare(altri=[secondo])
    with come(attore(ente=secondo)) as chi:
        voce = azioni.aggiungi_voce(scheda=scheda, sezione="criticita", testo="Noi.", da=chi)

    assert voce.ente == scheda.ente


@pytest.mark.parametrize("ruolo", [Ruolo.COORDINATORE, Ruolo.AMMINISTRATORE])
def test_chi_coordina_non_riscrive(scheda, ruolo):
    voce = VoceTestualeFactory(scheda=scheda)
    with come(attore(ruolo)) as chi, pytest.raises(PermissionDenied):
        azioni.salva_voce(voce=voce, versione=1, testo="Meglio così.", da=chi)


def test_un_altro_ente_non_aggiunge(scheda):
    with come(attore()) as estraneo, pytest.raises(ValidationError):
        azioni.aggiungi_voce(scheda=scheda, sezione="criticita", testo="Io.", da=estraneo)


# Conteggi -------------------------------------------------------------------------------
def test_confermare_prende_il_valore_del_registro(scheda, chi):
    riga = ConteggioFactory(
        scheda=scheda,
        valore=12,
        approssimazione="circa",
        valore_calcolato=14,
        motivo_differenza="A occhio.",
    )

    scritta = azioni.conferma_calcolato(conteggio=riga, versione=1, da=chi, note="Visto.")

    assert (scritta.valore, scritta.approssimazione, scritta.motivo_differenza) == (14, "", "")
    assert scritta.note == "Visto."


def test_non_si_conferma_cio_che_il_registro_non_sa(scheda, chi):
    with pytest.raises(ValidationError, match="non ha un valore"):
        azioni.conferma_calcolato(conteggio=ConteggioFactory(scheda=scheda), versione=1, da=chi)


def test_il_motivo_sparisce_quando_i_valori_tornano_uguali(scheda, chi):
    riga = ConteggioFactory(scheda=scheda, valore=12, valore_calcolato=14)

    azioni.salva_conteggio(conteggio=riga, versione=1, da=chi, motivo_differenza="Perché sì.")
    scritta = azioni.salva_conteggio(conteggio=riga, versione=2, da=chi, valore=14)

    assert scritta.motivo_differenza == ""


def test_il_vuoto_resta_vuoto_e_non_zero(scheda, chi):
    riga = ConteggioFactory(scheda=scheda, valore=12)

    assert azioni.salva_conteggio(conteggio=riga, versione=1, da=chi, valore=None).valore is None


def test_due_conteggi_con_lo_stesso_nome_hanno_sigle_diverse(scheda, chi):
    campi = {"sezione": "beneficiari", "cosa": "utenti dello sportello", "unita": "individui"}

    sigle = [azioni.aggiungi_conteggio(scheda=scheda, da=chi, **campi).slug for _ in range(3)]

    assert sigle == [
        "utenti-dello-sportello",
        "utenti-dello-sportello-2",
        "utenti-dello-sportello-3",
    ]


def test_i_conteggi_non_girano_in_tondo(scheda, chi):
    intero = ConteggioFactory(scheda=scheda)
    parte = ConteggioFactory(scheda=scheda, parte_di=intero)

    with pytest.raises(ValidationError, match="parte di se stesso"):
        azioni.salva_conteggio(conteggio=intero, versione=1, da=chi, parte_di=parte)


def test_una_parte_sta_nella_stessa_scheda(scheda, chi):
    altrove = ConteggioFactory()

    with pytest.raises(ValidationError, match="di questa scheda"):
        azioni.aggiungi_conteggio(
            scheda=scheda,
            sezione="beneficiari",
            cosa="x",
            unita="individui",
            parte_di=altrove,
            da=chi,
        )


def test_i_beneficiari_si_contano_nelle_loro_unita(scheda, chi):
    with pytest.raises(ValidationError, match="si contano in"):
        azioni.aggiungi_conteggio(
            scheda=scheda, sezione="beneficiari", cosa="ore", unita="ore", valore=3, da=chi
        )


# Togliere e rimettere -------------------------------------------------------------------
def test_una_riga_tolta_torna_com_era(scheda, chi):
    riga = ConteggioFactory(scheda=scheda, valore=7, approssimazione="circa", note="N.")
    chiave = riga.pk

    tolta = azioni.togli_riga(riga=riga, da=chi)
    assert not Conteggio.objects.filter(pk=chiave).exists()
    azioni.rimetti_riga(tolta=tolta, da=chi)

    rimessa = Conteggio.objects.get(pk=chiave)
    assert (rimessa.valore, rimessa.approssimazione, rimessa.note) == (7, "circa", "N.")
    assert not RigaTolta.objects.exists()


def test_un_intero_con_le_sue_parti_non_si_toglie(scheda, chi):
    intero = ConteggioFactory(scheda=scheda)
    ConteggioFactory(scheda=scheda, parte_di=intero)

    with pytest.raises(ValidationError, match="sono parte di questo"):
        azioni.togli_riga(riga=intero, da=chi)


def test_non_si_rimette_al_posto_di_un_altra(scheda, chi):
    riga = ConteggioFactory(scheda=scheda, slug="utenti", cosa="utenti")
    tolta = azioni.togli_riga(riga=riga, da=chi)
    azioni.aggiungi_conteggio(
        scheda=scheda, sezione="beneficiari", cosa="utenti", unita="individui", da=chi
    )

    with pytest.raises(ValidationError, match="già un conteggio con questa sigla"):
        azioni.rimetti_riga(tolta=tolta, da=chi)


def test_chi_coordina_non_legge_cio_che_l_ente_ha_tolto(scheda):
    voce = VoceTestualeFactory(scheda=scheda)
    with come(attore(ente=scheda.ente)) as chi:
        azioni.togli_riga(riga=voce, da=chi)

    with come(attore(Ruolo.COORDINATORE)):
        assert not RigaTolta.objects.exists()


# Risposte -------------------------------------------------------------------------------
def test_un_giudizio_si_scrive_la_prima_volta_e_poi_si_corregge(scheda, chi):
    voce = indicatore()
    nuovo = {"scheda": scheda, "ente": scheda.ente, "indicatore": voce, "asse": voce.asse}

    primo = azioni.salva_giudizio(
        giudizio=Giudizio(**nuovo), versione=0, da=chi, stato="espresso", valore=7
    )
    azioni.salva_giudizio(giudizio=primo, versione=1, da=chi, valore=None, parola="buono")

    assert Giudizio.objects.get().in_parole == "buono"


def test_un_giudizio_senza_voto_ne_parola_non_e_espresso(scheda, chi):
    voce = indicatore()
    giudizio = Giudizio(scheda=scheda, ente=scheda.ente, indicatore=voce, asse=voce.asse)

    with pytest.raises(ValidationError, match="ha un voto o una parola"):
        azioni.salva_giudizio(giudizio=giudizio, versione=0, da=chi, stato="espresso")


def test_un_misuratore_solo_a_parole_lo_dice(scheda, chi):
    misuratore = Misuratore(scheda=scheda, ente=scheda.ente, tipo="nuove_pratiche")

    scritto = azioni.salva_misuratore(
        misuratore=misuratore, versione=0, da=chi, valore=None, testo="Molto."
    )

    assert scritto.motivo == Misuratore.Motivo.SOLO_TESTO


def test_un_legame_si_dichiara_una_volta(scheda, chi):
    verso = EnteFactory()
    azioni.aggiungi_legame(scheda=scheda, momento="nuovo", verso=verso, da=chi)

    with pytest.raises(ValidationError, match="già nella scheda"):
        azioni.aggiungi_legame(scheda=scheda, momento="nuovo", verso=verso, da=chi)
    assert Legame.objects.count() == 1


def test_non_detto_non_e_un_no(scheda, chi):
    risposta = CollaborazionePubblica(scheda=scheda, ente=scheda.ente)

    scritta = azioni.salva_risposta(risposta=risposta, versione=0, da=chi, attivata=None)

    assert str(scritta) == "non detto"


# Sezioni --------------------------------------------------------------------------------
def test_una_sezione_facoltativa_si_dichiara_vuota_e_si_ritira(scheda, chi):
    azioni.segna_sezione(scheda=scheda, sezione="drop_out", presente=True, da=chi)
    assert riletta(scheda).sezioni_presenti == ["drop_out"]

    azioni.segna_sezione(scheda=scheda, sezione="drop_out", presente=False, da=chi)
    assert riletta(scheda).sezioni_presenti == []


def test_una_sezione_chiesta_a_tutti_non_si_dichiara_vuota(scheda, chi):
    with pytest.raises(ValidationError, match="non si può dichiarare vuota"):
        azioni.segna_sezione(scheda=scheda, sezione="beneficiari", presente=True, da=chi)
