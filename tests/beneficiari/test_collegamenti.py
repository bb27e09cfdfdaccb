"""La persona nascosta: si propone, si conferma, si annulla; e non si fa scoprire."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.urls import reverse

from beneficiari import collegamenti
from beneficiari.azioni.codici import CodiceDiUnAltra, CodiceScritto, chiudi_codice, scrivi_codice
from beneficiari.azioni.unioni import unisci
from beneficiari.models.doppioni import MOTIVI, coppie_simili
from beneficiari.models.storia import storia_di
from beneficiari.tasks import proponi_legami
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy.gruppi import Gruppo
from privacy.models import RegistroAccessi
from tests.fabbriche import attore
from tests.fabbriche_persone import AutorizzazioneFactory, BeneficiarioFactory, come


pytestmark = pytest.mark.django_db

CODICE = "RSSMRA80A01A182N"


@pytest.fixture
def amministra(db):
    return attore(Ruolo.AMMINISTRATORE)


def _con_etichetta(codice: str | None = CODICE, **campi):
    persona = BeneficiarioFactory(**campi)
    with come_sistema(persona.ente):
        collegamenti.etichetta(persona, codice=codice)
    return persona


@pytest.fixture
def due(db):
    """La stessa persona in due enti, proposta: le righe e i loro legami."""
    uno, altro = _con_etichetta(nome="Uno"), _con_etichetta(nome="Due")
    proponi_legami()
    return uno, altro


def _conferma_tutto(amministra):
    with come(amministra):
        for legame in collegamenti.da_decidere():
            collegamenti.decidi(legame.uuid, "confermato", "documento visto")


def test_lo_stesso_codice_in_due_enti_si_propone_una_volta_sola(due, amministra):
    assert proponi_legami() == 0
    with come(amministra):
        legami = collegamenti.da_decidere()
    assert {legame.ente for legame in legami} == {persona.ente for persona in due}
    assert len({legame.persona for legame in legami}) == 1
    assert {legame.motivo for legame in legami} == {"stesso codice fiscale"}


def test_senza_codice_si_propone_per_nome_e_nascita(amministra):
    for nome in ("Amina", "Aminah"):
        _con_etichetta(None, cognome="Diallo Camara", nome=nome)
    _con_etichetta(None, cognome="Tutt'altro", nome="Nome")

    assert proponi_legami() == 2


def test_due_omonimi_con_codici_diversi_non_si_propongono():
    for codice in (CODICE, "BNCNNA55T71A479X"):
        _con_etichetta(codice, cognome="Verdi", nome="Luca")

    assert proponi_legami() == 0


def test_un_ente_non_scopre_che_la_persona_e_nota_altrove(due, amministra):
    _conferma_tutto(amministra)
    uno, _ = due
    with come(attore(Ruolo.REFERENTE, ente=uno.ente)):
        assert collegamenti.altri_enti(uno) == []
        assert collegamenti.da_decidere() == []
        assert collegamenti.proponi() == 0


def test_con_un_autorizzazione_e_un_legame_confermato_si_vede_chi_altro_la_segue(due, amministra):
    uno, altro = due
    concessa = AutorizzazioneFactory(
        beneficiario=altro, destinatario=uno.ente, livello="esistenza", gruppi=[]
    )
    chi = attore(ente=uno.ente)
    with come(chi):
        assert collegamenti.altri_enti(uno) == []

    _conferma_tutto(amministra)

    with come(chi):
        (visto,) = collegamenti.altri_enti(uno)
    assert (visto.ente, visto.autorizzazione) == (altro.ente, concessa.uuid)
    with come(attore(ente=altro.ente)):
        assert collegamenti.altri_enti(uno) == []
        assert collegamenti.altri_enti(altro) == []


@pytest.mark.parametrize("di_chi", ["nostra", "loro"])
def test_dopo_un_unione_chi_altro_la_segue_si_vede_dalla_riga_tenuta(due, amministra, di_chi):
    uno, altro = due
    _conferma_tutto(amministra)
    assorbita = uno if di_chi == "nostra" else altro
    tenuta = BeneficiarioFactory(ente=assorbita.ente)
    mia, sua = (tenuta, altro) if di_chi == "nostra" else (uno, tenuta)
    concessa = AutorizzazioneFactory(
        beneficiario=sua, destinatario=mia.ente, livello="esistenza", gruppi=[]
    )
    referente = attore(Ruolo.REFERENTE, ente=assorbita.ente)
    with come(attore(ente=uno.ente)):
        assert collegamenti.altri_enti(mia) == []

    with come(referente):
        unisci(tenuta=tenuta, assorbita=assorbita, da=referente)

    with come(attore(ente=uno.ente)):
        (visto,) = collegamenti.altri_enti(mia)
    assert visto.autorizzazione == concessa.uuid


def test_un_legame_annullato_non_si_ripropone_e_si_puo_ripensare(due, amministra):
    with come(amministra):
        legame = collegamenti.da_decidere()[0]
        assert collegamenti.decidi(legame.uuid, "annullato", "omonimo")
    assert proponi_legami() == 0
    with come(amministra):
        assert collegamenti.decidi(legame.uuid, "proposto", "")
        assert not collegamenti.decidi(legame.uuid, "proposto", "")


def test_chi_non_amministra_non_decide(due, amministra):
    with come(amministra):
        legame = collegamenti.da_decidere()[0]
    for ruolo in set(Ruolo) - {Ruolo.AMMINISTRATORE}:
        with come(attore(ruolo)):
            assert not collegamenti.decidi(legame.uuid, "confermato", "perché sì")


def test_un_altro_ente_non_tocca_l_etichetta(due, amministra):
    uno, _ = due
    with come(attore(Ruolo.REFERENTE)):
        collegamenti.etichetta(uno, codice=None)
    _conferma_tutto(amministra)
    with come_sistema(uno.ente):
        assert proponi_legami() == 0
    with come(amministra):
        assert {legame.stato for legame in collegamenti.da_decidere()} == {"confermato"}


def test_una_persona_anonima_non_ha_etichetta():
    anonima = BeneficiarioFactory(anonima=True)
    with come_sistema(anonima.ente):
        collegamenti.etichetta(anonima, codice=CODICE)
    _con_etichetta()

    assert proponi_legami() == 0


@pytest.mark.parametrize("tabella", ["etichetta", "persona", "legame"])
def test_le_tabelle_nascoste_non_si_leggono(tabella, amministra):
    with (
        come(amministra),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursore,
    ):
        cursore.execute(f"SELECT count(*) FROM beneficiari_{tabella}")  # noqa: S608 - nomi nostri


def test_chi_amministra_decide_dalle_pagine_senza_vedere_nomi(due, amministra, client):
    client.entra(amministra)
    pagina = client.get(reverse("beneficiari:collegamenti")).content.decode()
    with come(amministra):
        legame = collegamenti.da_decidere()[0]

    senza = client.post(
        reverse("beneficiari:collegamento_decidi", args=[legame.uuid, "conferma"]), follow=True
    )
    con = client.post(
        reverse("beneficiari:collegamento_decidi", args=[legame.uuid, "conferma"]),
        {"perche": "Gli enti hanno confrontato i documenti."},
        follow=True,
    )

    assert str(due[0].ente) in pagina
    assert due[0].cognome not in pagina
    assert "Scrivi in base a che cosa hai deciso." in senza.content.decode()
    assert "Legame confermato" in con.content.decode()


def test_i_legami_stanno_in_due_elenchi_e_a_pagine(due, amministra, client, monkeypatch):
    monkeypatch.setattr("beneficiari.views.collegamenti.PER_PAGINA", 1)
    for nome in ("Tre", "Quattro"):
        _con_etichetta("BNCNNA55T71A479X", nome=nome)
    proponi_legami()
    with come(amministra):
        primi = collegamenti.da_decidere()[:2]
        for legame in primi:
            collegamenti.decidi(legame.uuid, "confermato", "documento visto")
    indirizzo = reverse("beneficiari:collegamenti")

    da_decidere = client.entra(amministra).get(indirizzo)
    decise = client.get(indirizzo, {"lista": "decise"})

    assert decise.context["pagina"][0]["numero"] == primi[0].persona
    assert [len(risposta.context["pagina"]) for risposta in (da_decidere, decise)] == [1, 1]
    assert da_decidere.context["pagina"][0]["numero"] != primi[0].persona


def test_scrivere_un_codice_fiscale_mette_l_etichetta_e_chiuderlo_la_toglie():
    persone = [BeneficiarioFactory(nome=nome) for nome in ("Uno", "Due")]
    scritti = []
    for persona in persone:
        chi = attore(ente=persona.ente)
        with come(chi):
            codice = CodiceScritto.da_testo("cf", CODICE)
            scritti.append((chi, scrivi_codice(persona=persona, codice=codice, da=chi)))
    with come(scritti[0][0]):
        chiudi_codice(identificativo=scritti[0][1], da=scritti[0][0])
    assert proponi_legami() == 0

    with come(scritti[0][0]):
        scrivi_codice(
            persona=persone[0], codice=CodiceScritto.da_testo("cf", CODICE), da=scritti[0][0]
        )
    assert proponi_legami() == 2


def test_due_codici_che_differiscono_per_omocodia_sono_di_due_persone():
    una = BeneficiarioFactory()
    altra = BeneficiarioFactory(ente=una.ente)
    chi = attore(ente=una.ente)
    with come(chi):
        scrivi_codice(persona=una, codice=CodiceScritto.da_testo("cf", CODICE), da=chi)
        scrivi_codice(
            persona=altra, codice=CodiceScritto.da_testo("cf", "RSSMRA80A01A18NC"), da=chi
        )
        with pytest.raises(CodiceDiUnAltra):
            scrivi_codice(persona=altra, codice=CodiceScritto.da_testo("cf", CODICE), da=chi)


def test_la_pagina_della_persona_dice_chi_altro_la_segue(due, amministra, client):
    uno, altro = due
    AutorizzazioneFactory(
        beneficiario=altro, destinatario=uno.ente, livello="esistenza", gruppi=[]
    )
    chi = attore(ente=uno.ente)
    pagina = reverse("beneficiari:persona", args=[uno.uuid])
    prima = client.entra(chi).get(pagina).content.decode()
    _conferma_tutto(amministra)
    dopo = client.get(pagina).content.decode()

    assert "La segue anche" not in prima
    assert "La segue anche" in dopo
    assert str(altro.ente) in dopo
    with come(attore(Ruolo.REFERENTE, ente=altro.ente)):
        lettura = RegistroAccessi.objects.get(beneficiario=altro.pk)
    assert (lettura.ente, lettura.gruppi) == (uno.ente, ["anagrafica"])


def test_chi_ha_codici_che_differiscono_per_omocodia_non_si_unisce():
    una = BeneficiarioFactory()
    altra = BeneficiarioFactory(ente=una.ente)
    chi = attore(Ruolo.REFERENTE, ente=una.ente)
    with come(chi):
        for persona, codice in ((una, CODICE), (altra, "RSSMRA80A01A18NC")):
            scrivi_codice(persona=persona, codice=CodiceScritto.da_testo("cf", codice), da=chi)

        coppie = [motivo for _, _, motivo in coppie_simili(una.ente)]
        with pytest.raises(ValidationError, match="codici fiscali validi e diversi"):
            unisci(tenuta=una, assorbita=altra, da=chi)

    assert MOTIVI["codice"] not in coppie


def test_la_storia_di_un_codice_non_parla_dei_suoi_indici():
    una = BeneficiarioFactory()
    chi = attore(Ruolo.REFERENTE, ente=una.ente)
    with come(chi):
        scrivi_codice(persona=una, codice=CodiceScritto.da_testo("cf", CODICE), da=chi)
        gesti = storia_di(una, gruppo=Gruppo.IDENTIFICATIVI)

    campi = {cambiamento.campo for gesto in gesti for cambiamento in gesto.cambiamenti}
    assert "valore" in campi
    assert not [campo for campo in campi if "indice" in campo]
