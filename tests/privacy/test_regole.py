"""Le regole: chi le scrive, che cosa cade chiudendole, che cosa è pubblico."""

import datetime
import hashlib

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import ProgrammingError, transaction
from django.utils import timezone

from beneficiari.models import Autorizzazione, Consenso
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy.azioni import informative, regole
from privacy.caricamento import BasiErrate, carica_basi
from privacy.gruppi import FINALITA_CONDIVISE, GRUPPI_D_EMERGENZA, MOSTRATI, Finalita, Gruppo
from privacy.models import AccordoContitolarita, BaseGiuridica, Informativa
from tests.fabbriche import EnteFactory, attore, ente_del_coordinamento
from tests.fabbriche_persone import (
    AutorizzazioneFactory,
    BaseGiuridicaFactory,
    BeneficiarioFactory,
    ConsensoFactory,
    InformativaFactory,
    accordo_fra,
    come,
)


pytestmark = pytest.mark.django_db

OGGI = timezone.localdate
BASE = {
    "finalita": "presa-in-carico",
    "gruppo": "anagrafica",
    "lettera_art6": "e",
    "fonte": "L. 328/2000, art. 22",
    "serve_consenso": True,
    "dal": datetime.date(2026, 1, 1),
}
INFORMATIVA = {
    "titolo": "Come usiamo i tuoi dati",
    "lingua": "it",
    "testo": "Usiamo i tuoi dati per aiutarti.",
    "finalita": ["presa-in-carico"],
    "gruppi": ["anagrafica"],
    "ritira_le_altre": True,
}


@pytest.fixture
def amministra(db):
    return attore(Ruolo.AMMINISTRATORE, ente=ente_del_coordinamento())


@pytest.fixture
def referente(db):
    return attore(Ruolo.REFERENTE)


# Basi -----------------------------------------------------------------------------------


def test_chi_amministra_scrive_una_base_e_tutti_la_leggono(client, amministra):
    client.entra(amministra).post("/regole/basi/nuova/", BASE | {"serve_consenso": "on"})

    for ruolo in Ruolo:
        testo = client.entra(attore(ruolo)).get("/regole/").content.decode()
        assert "L. 328/2000, art. 22" in testo
        assert "6.1.e" in testo


@pytest.mark.parametrize(
    ("campi", "frase"),
    [
        ({"gruppo": "salute"}, "serve anche la lettera dell'art. 9"),
        ({"lettera_art6": ""}, "Servono la lettera dell'art. 6 e la norma nazionale"),
        ({"fonte": ""}, "Servono la lettera dell'art. 6 e la norma nazionale"),
    ],
)
def test_una_base_senza_gli_articoli_si_rifiuta(amministra, campi, frase):
    with come(amministra), pytest.raises(ValidationError, match=frase):
        regole.scrivi_base(**(BASE | campi), da=amministra)


def test_una_base_sola_per_finalita_e_gruppo(client, amministra):
    BaseGiuridicaFactory()

    risposta = client.entra(amministra).post("/regole/basi/nuova/", BASE)

    assert risposta.status_code == 422
    assert "ha già una base per questo gruppo" in risposta.content.decode()


@pytest.mark.parametrize("ruolo", set(Ruolo) - {Ruolo.AMMINISTRATORE})
def test_solo_chi_amministra_scrive_le_regole(client, ruolo):
    chi = attore(ruolo)
    with come(chi), pytest.raises(PermissionDenied):
        regole.scrivi_base(**BASE, da=chi)
    with come(chi), pytest.raises(ProgrammingError), transaction.atomic():
        BaseGiuridica.objects.create(**BASE)
    assert client.entra(chi).get("/regole/basi/nuova/").status_code == 403


def test_chiudere_una_base_dice_quante_autorizzazioni_cadono(client, amministra):
    BaseGiuridicaFactory()
    condivisa = AutorizzazioneFactory(gruppi=["anagrafica"], fondamento="legge", consenso=None)
    indirizzo = "/regole/basi/presa-in-carico/anagrafica/chiudi/"
    client.entra(amministra)

    assert "1\xa0autorizzazione" in client.get(indirizzo).content.decode()
    client.post(indirizzo, {"al": OGGI().isoformat()})

    with come_sistema(condivisa.ente):
        condivisa.refresh_from_db()
    assert condivisa.motivo_revoca == "base giuridica finita"
    assert client.get(indirizzo).status_code == 404


@pytest.mark.parametrize(
    ("giorni", "frase"), [(-1, "si chiude da oggi in poi"), (60, "anticipare, non prolungare")]
)
def test_una_regola_non_si_chiude_nel_passato_e_non_si_allunga(amministra, giorni, frase):
    accordo = accordo_fra(EnteFactory(), EnteFactory(), al=OGGI() + datetime.timedelta(30))

    with come(amministra), pytest.raises(ValidationError, match=frase):
        regole.chiudi_accordo(
            accordo=accordo, al=OGGI() + datetime.timedelta(giorni), da=amministra
        )


# Le basi da cui si parte ----------------------------------------------------------------


def test_le_basi_da_cui_si_parte_coprono_ogni_finalita_e_gruppo():
    # In emergenza si leggono tre gruppi soli.
    assert carica_basi() == (len(Finalita) - 1) * len(Gruppo) + len(GRUPPI_D_EMERGENZA)
    assert carica_basi() == 0

    fra_enti = BaseGiuridica.objects.filter(finalita__in=FINALITA_CONDIVISE)
    assert not fra_enti.filter(serve_consenso=False).exists()


def test_una_base_corretta_da_qualcuno_non_si_tocca():
    BaseGiuridicaFactory(fonte="Un'altra norma")

    call_command("carica_basi", verbosity=0)

    base = BaseGiuridica.objects.get(finalita="presa-in-carico", gruppo="anagrafica")
    assert base.fonte == "Un'altra norma"


@pytest.mark.parametrize(
    "testo",
    [
        "- finalita: invio\n  gruppi: [anagrafica]\n  art6: a\n",
        "- finalita: invio\n  gruppi: [salute]\n  art6: a\n  fonte: x\n  consenso: true\n",
        "- finalita: svago\n  gruppi: [anagrafica]\n  art6: a\n  fonte: x\n  consenso: true\n",
        "- finalita: [",
    ],
)
def test_un_file_di_basi_sbagliato_non_scrive_nulla(tmp_path, testo):
    file = tmp_path / "basi.yaml"
    file.write_text(testo)

    with pytest.raises(BasiErrate):
        carica_basi(file)
    with pytest.raises(CommandError, match="Non è stato scritto nulla"):
        call_command("carica_basi", file, verbosity=0)
    assert not BaseGiuridica.objects.exists()


# Accordi --------------------------------------------------------------------------------


def _accordo(*enti) -> dict:
    return {
        "titolo": "Accordo di rete",
        "finalita": ["invio"],
        "parti": [ente.slug for ente in enti],
        "contenuto": "Ciascuno risponde di ciò che scrive.",
        "risponde": enti[0].slug,
        "contatto": "privacy@rete.example",
        "dal": "2026-01-01",
    }


def test_un_accordo_nuovo_e_la_versione_dopo_di_quello_con_lo_stesso_titolo(client, amministra):
    uno, altro = EnteFactory(), EnteFactory()
    client.entra(amministra)
    for _ in range(2):
        risposta = client.post("/regole/accordi/nuovo/", _accordo(uno, altro))
        assert risposta.status_code == 302

    versioni = AccordoContitolarita.objects.order_by("versione").values_list("versione", flat=True)
    assert list(versioni) == [1, 2]


def test_un_accordo_e_fra_almeno_due_enti(client, amministra):
    risposta = client.entra(amministra).post("/regole/accordi/nuovo/", _accordo(EnteFactory()))

    assert risposta.status_code == 422
    assert "almeno due enti" in risposta.content.decode()


def test_il_contenuto_essenziale_lo_legge_chiunque(client):
    accordo = accordo_fra(EnteFactory(), EnteFactory())

    risposta = client.get(f"/regole/accordi/{accordo.uuid}/")

    testo = risposta.content.decode()
    assert risposta.status_code == 200
    assert "Gli enti rispondono insieme." in testo
    assert "privacy@rete.example" in testo
    assert all(parte.ente.denominazione in testo for parte in accordo.parti.all())


def test_chiudere_un_accordo_fa_cadere_cio_che_regge(client, amministra):
    condivisa = AutorizzazioneFactory()
    indirizzo = f"/regole/accordi/{condivisa.accordo.uuid}/chiudi/"
    client.entra(amministra)

    assert "1\xa0autorizzazione" in client.get(indirizzo).content.decode()
    client.post(indirizzo, {"al": OGGI().isoformat()})

    with come_sistema(condivisa.ente):
        assert not Autorizzazione.objects.in_vigore().exists()


# Informative ----------------------------------------------------------------------------


def test_una_versione_nuova_e_una_riga_nuova_con_la_sua_impronta(client, referente):
    client.entra(referente)
    for testo in ("Il primo testo.", "Il secondo testo."):
        client.post("/informative/nuova/", INFORMATIVA | {"testo": testo})

    with come(referente):
        prima, seconda = Informativa.objects.order_by("versione")
    assert (prima.versione, seconda.versione) == (1, 2)
    assert prima.impronta == hashlib.sha256(b"Il primo testo.").hexdigest()
    assert prima.ritirata_il == OGGI()
    assert seconda.ritirata_il is None


def test_un_testo_pubblicato_non_si_corregge(referente):
    voce = InformativaFactory(ente=referente.ente)
    with come(referente), pytest.raises(ProgrammingError), transaction.atomic():
        Informativa.objects.filter(pk=voce.pk).update(testo="Un altro testo.")


def test_il_testo_archiviato_torna_con_la_sua_impronta(client, referente):
    voce = InformativaFactory(ente=referente.ente)

    testo = client.entra(referente).get(f"/informative/{voce.uuid}/").content.decode()

    assert voce.testo in testo
    assert "Ricalcolata adesso sul testo qui sotto: torna." in testo


def test_ritirare_un_informativa_lascia_i_consensi(client, referente):
    voce = InformativaFactory(ente=referente.ente)
    consenso = ConsensoFactory(informativa=voce, beneficiario__ente=referente.ente)
    client.entra(referente).post(f"/informative/{voce.uuid}/ritira/")

    with come(referente):
        voce.refresh_from_db()
        assert voce.ritirata_il == OGGI()
        assert list(consenso.beneficiario.consensi.validi()) == [consenso]
        with pytest.raises(ValidationError, match="già stata ritirata"):
            informative.ritira_informativa(informativa=voce, da=referente)


def test_le_informative_sono_dell_ente_e_il_garante_le_legge_tutte(client, referente):
    voce = InformativaFactory(ente=referente.ente)
    indirizzo = f"/informative/{voce.uuid}/"

    assert client.entra(attore(Ruolo.OPERATORE)).get(indirizzo).status_code == 404
    assert client.entra(attore(Ruolo.GARANTE)).get(indirizzo).status_code == 200
    assert client.post(f"{indirizzo}ritira/").status_code == 403


@pytest.mark.parametrize("giro", range(20))
def test_l_impronta_scritta_nel_consenso_e_quella_del_testo_archiviato(referente, giro):
    testo = "Testo con accenti àèìòù " * (giro + 1)
    with come(referente):
        voce = informative.pubblica_informativa(**(INFORMATIVA | {"testo": testo}), da=referente)
    persona = BeneficiarioFactory(ente=referente.ente)
    campi = {"finalita": voce.finalita, "gruppi": voce.gruppi, "dato_il": OGGI()}
    dati = [ConsensoFactory(beneficiario=persona, informativa=voce, **campi).pk for _ in range(5)]

    with come(referente):
        for consenso in Consenso.objects.filter(pk__in=dati).select_related("informativa"):
            scritta = consenso.informativa
            assert scritta.integra
            assert scritta.impronta == hashlib.sha256(testo.encode()).hexdigest()


# La tabella di ciò che si mostra --------------------------------------------------------


def test_la_documentazione_dice_la_stessa_tabella_del_programma(settings):
    pagina = (settings.CARTELLA_BASE / "docs" / "privacy.md").read_text(encoding="utf-8")

    for livello, mostrati in MOSTRATI.items():
        for gruppo in Gruppo:
            che = mostrati.get(gruppo, "niente")
            assert f"| {livello.value} | {gruppo.label} | {che} |" in pagina
