"""La copia dei dati di una persona: c'è tutto, nella forma promessa, solo per chi può darla."""

import io
import json
import random
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils import timezone

from beneficiari.azioni import documenti as azioni
from beneficiari.documenti.copia import (
    ANCHE,
    ESCLUSE,
    NOME_DEL_FILE,
    NOME_DELLO_SCHEMA,
    PREFISSO_DELLE_STORIE,
    campi,
    dati_della_persona,
    nome_della_tabella,
    schema,
    tabelle,
)
from beneficiari.models import Beneficiario, DocumentoDiPersona, Recapito
from beneficiari.tasks import distruggi
from enti.models import Appartenenza, Utente
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy.gruppi import FINALITA_CONDIVISE, Gruppo
from privacy.letture import DatoDiPersona, annota, registra_letture
from privacy.models import RegistroAccessi
from tests.beneficiari.documenti_di_prova import contenuto_di, file_di, parole, prepara, riletto
from tests.fabbriche import EnteFactory, attore
from tests.fabbriche_diritti import RichiestaFactory
from tests.fabbriche_persone import (
    AutorizzazioneFactory,
    BeneficiarioFactory,
    BisognoRilevatoFactory,
    ComponenteFactory,
    CondizioneRilevataFactory,
    IdentificativoFactory,
    NotaFactory,
    ObiettivoFactory,
    PresaInCaricoFactory,
    RecapitoFactory,
    ValutazioneFactory,
    come,
)
from tests.fabbriche_prestazioni import (
    AppuntamentoFactory,
    EsitoFactory,
    NotaDiPrestazioneFactory,
    PartecipazioneFactory,
    PianoRientroFactory,
    PraticaCasaFactory,
    RataFactory,
    TirocinioFactory,
)


pytestmark = pytest.mark.django_db

LO_SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / NOME_DELLO_SCHEMA


@pytest.fixture(autouse=True)
def cartella(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "documenti"
    return settings.MEDIA_ROOT


@pytest.fixture
def persona(db) -> Beneficiario:
    """Una persona con una riga in quasi ogni tabella."""
    persona = BeneficiarioFactory(cognome="Ferrero", nome="Lucia")
    di_lei = {"beneficiario": persona}
    presa = PresaInCaricoFactory(**di_lei)
    RecapitoFactory(**di_lei, valore="0141 000123")
    IdentificativoFactory(**di_lei)
    ComponenteFactory(**di_lei)
    ObiettivoFactory(**di_lei, presa=presa)
    BisognoRilevatoFactory(**di_lei, presa=presa)
    ValutazioneFactory(**di_lei, presa=presa)
    CondizioneRilevataFactory(**di_lei)
    NotaFactory(**di_lei, testo="Preferisce il mattino.")
    AutorizzazioneFactory(**di_lei)
    RichiestaFactory(**di_lei)
    prestazione = PartecipazioneFactory(presa=presa).prestazione
    NotaDiPrestazioneFactory(beneficiario=persona, prestazione=prestazione)
    AppuntamentoFactory(**di_lei, presa=presa, ente=persona.ente)
    RataFactory(piano=PianoRientroFactory(presa=presa))
    for fabbrica in (EsitoFactory, TirocinioFactory, PraticaCasaFactory):
        fabbrica(presa=presa)
    return persona


@pytest.fixture
def referente(persona):
    return attore(Ruolo.REFERENTE, ente=persona.ente)


def _dati(persona, chi) -> dict:
    """I dati come li legge chi apre il file: passati per il testo."""
    with come(chi):
        return json.loads(json.dumps(dati_della_persona(persona)))


def _copia(persona, chi) -> DocumentoDiPersona:
    with come(chi):
        documento = azioni.richiedi_copia(persona=persona, da=chi)
    prepara(documento)
    return riletto(documento, chi)


# Che cosa c'è --------------------------------------------------------------------------------


def test_ogni_tabella_che_porta_a_una_persona_c_e_o_si_dice_perche_no():
    """GDPR-15: si cercano per introspezione, anche quelle che nasceranno."""
    raggiunte, prima = {Beneficiario}, set()
    while raggiunte != prima:
        prima = set(raggiunte)
        raggiunte |= {
            modello
            for modello in apps.get_models()
            for campo in modello._meta.concrete_fields
            if campo.related_model in prima
        }
    comprese = set(tabelle())
    scoperte = {
        modello._meta.label
        for modello in raggiunte - comprese
        if modello._meta.label not in ESCLUSE
        and not modello.__name__.startswith(PREFISSO_DELLE_STORIE)
    }

    assert scoperte == set()
    assert all(issubclass(m, DatoDiPersona) or m in ANCHE for m in comprese)
    assert all(len(perche) > 20 for perche in ESCLUSE.values())


def test_lo_schema_pubblicato_e_quello_delle_tabelle():
    """GDPR-15: se cambia un campo si pubblica lo schema nuovo, o questa prova si ferma."""
    assert json.loads(LO_SCHEMA.read_text()) == schema()


def test_la_copia_rispetta_lo_schema_pubblicato(persona, referente):
    """GDPR-15: nessuna voce in più, nessuna in meno."""
    dati = _dati(persona, referente)
    controllo = jsonschema.Draft202012Validator(
        json.loads(LO_SCHEMA.read_text()), format_checker=jsonschema.FormatChecker()
    )

    assert list(controllo.iter_errors(dati)) == []
    piene = {nome for nome, righe in dati["tabelle"].items() if righe}
    assert len(piene) >= 18


def _riletta(campo: models.Field, valore: object) -> object:
    """Il valore come lo terrebbe il database, dalla forma del file."""
    if valore is None or isinstance(campo, models.BinaryField):
        return valore
    if isinstance(campo, models.DateTimeField):
        return datetime.fromisoformat(valore)
    if isinstance(campo, models.DateField):
        return date.fromisoformat(valore)
    if isinstance(campo, models.DecimalField):
        return Decimal(valore)
    return campo.to_python(valore)


def test_riletta_la_copia_da_le_stesse_righe(persona, referente):
    """GDPR-15: ogni riga, ogni campo, uguale a quello del database; e nessuna riga in più."""
    dati = _dati(persona, referente)

    for modello in tabelle():
        colonna = getattr(modello, "colonna_persona", "beneficiario_id")
        with come(referente):
            vere = list(modello.objects.filter(**{colonna: persona.pk}).order_by("pk"))
        righe = dati["tabelle"][nome_della_tabella(modello)]
        assert len(righe) == len(vere), modello
        for vera, riga in zip(vere, righe, strict=True):
            for nome, campo in campi(modello):
                if not campo.is_relation:
                    assert _riletta(campo, riga[nome]) == getattr(vera, nome), (modello, nome)


def test_nella_copia_si_leggono_le_note_e_mai_chi_lavora_o_gli_indici(persona, referente):
    """C-579/21: il nome di chi lavora non si dà; ciò che è cifrato si dà in chiaro."""
    testo = json.dumps(_dati(persona, referente), ensure_ascii=False)

    assert "Preferisce il mattino." in testo
    assert "RSSMRA80A01A182N" in testo
    with come(referente):
        for utente in Utente.objects.all():
            assert utente.email not in testo
    assert all(
        getattr(campo, "related_model", None) is not Utente
        for modello in tabelle()
        for _, campo in campi(modello)
    )


def test_un_recapito_riservato_non_esce(persona, referente):
    with come(referente):
        Recapito.objects.create(
            ente=persona.ente,
            beneficiario=persona,
            tipo="indirizzo",
            valore="Via Segreta 1",
            riservato=True,
            custode=referente.utente,
        )

    assert "Via Segreta 1" not in json.dumps(_dati(persona, referente))


def test_dopo_un_unione_ci_sono_le_righe_di_tutte_e_due(persona, referente):
    assorbita = BeneficiarioFactory(ente=persona.ente, cognome="Ferrero-Bianchi")
    NotaFactory(beneficiario=assorbita, testo="Scritta sull'altra riga.")
    with come_sistema(persona.ente):
        Beneficiario.objects.filter(pk=assorbita.pk).update(unito_a=persona)

    assert "Scritta sull'altra riga." in json.dumps(_dati(persona, referente), ensure_ascii=False)


def test_di_un_altra_persona_dell_ente_non_c_e_niente(persona, referente):
    altra = BeneficiarioFactory(ente=persona.ente, cognome="Tuttaltra")
    NotaFactory(beneficiario=altra, testo="Di un'altra.")

    testo = json.dumps(_dati(persona, referente), ensure_ascii=False)

    assert "Tuttaltra" not in testo
    assert "Di un'altra." not in testo


# Chi ha letto --------------------------------------------------------------------------------


def test_cento_letture_di_cinque_enti_sono_quelle_e_nessun_altra(client, persona, referente):
    """GDPR-13: nella pagina, nel file e nel foglio ci sono proprio le cento fatte."""
    caso = random.Random(13)
    lettori = [attore(Ruolo.OPERATORE, ente=persona.ente)]
    lettori += [attore(Ruolo.OPERATORE, ente=EnteFactory()) for _ in range(4)]
    estranea = BeneficiarioFactory(ente=persona.ente)
    fatte = []
    for _ in range(100):
        chi, finalita = caso.choice(lettori), caso.choice(FINALITA_CONDIVISE)
        gruppi = caso.sample(list(Gruppo), caso.randint(1, 3))
        with come(chi, finalita=finalita), registra_letture("prova.lettura"):
            for gruppo in gruppi:
                annota(persona.pk, persona.ente_id, gruppo)
            if caso.random() < 0.3:
                annota(estranea.pk, persona.ente_id, Gruppo.ANAGRAFICA)
        fatte.append(
            (chi.ente.denominazione, finalita.label, tuple(sorted(g.label for g in gruppi)))
        )

    lette = [
        (voce["ente"], voce["perche"], tuple(sorted(voce["che_cosa"])))
        for voce in _dati(persona, referente)["letture"]
    ]
    assert sorted(lette) == sorted(fatte)
    pagina = client.entra(referente).get(reverse("beneficiari:accessi", args=[persona.uuid]))
    assert pagina.context["pagina"].paginator.count == 100
    per_ente = {voce["nome_ente"]: voce["letture"] for voce in pagina.context["per_ente"]}
    assert per_ente == {ente: sum(nome == ente for nome, *_ in fatte) for ente, *_ in set(fatte)}


# Il file -------------------------------------------------------------------------------------


def test_la_copia_e_un_archivio_con_il_foglio_e_il_file(persona, referente):
    documento = _copia(persona, referente)

    archivio = zipfile.ZipFile(io.BytesIO(contenuto_di(documento)))
    assert archivio.namelist() == ["i-tuoi-dati.pdf", NOME_DEL_FILE]
    foglio = parole(archivio.read("i-tuoi-dati.pdf"))
    assert "Ferrero" in foglio
    assert "0141 000123" in foglio
    assert "Prestazioni" in foglio
    assert json.loads(archivio.read(NOME_DEL_FILE))["persona"] == str(persona.uuid)


def test_su_disco_non_c_e_il_nome_della_persona(persona, referente):
    """Il file è cifrato, e il suo nome non dice di chi è."""
    documento = _copia(persona, referente)

    byte = file_di(documento).read_bytes()
    assert byte[:2] != b"PK"
    assert b"Ferrero" not in byte
    assert file_di(documento).name == f"{documento.uuid}.zip"


def test_preparare_la_copia_e_una_lettura_di_tutti_i_gruppi(persona, referente):
    _copia(persona, referente)

    with come(referente):
        letta = RegistroAccessi.objects.della_persona(persona.pk).first()
    assert set(letta.gruppi) == {gruppo.value for gruppo in Gruppo}


def test_solo_chi_risponde_dei_dati_prepara_la_copia(client, persona):
    richiesta = RichiestaFactory(beneficiario=persona, tipo="portabilita")
    operatore = attore(Ruolo.OPERATORE, ente=persona.ente)

    risposta = client.entra(operatore).post(
        reverse("beneficiari:richiesta_copia", args=[richiesta.uuid])
    )

    assert risposta.status_code == 403


def test_a_ogni_consegna_si_ricontrolla_chi_la_ritira(client, persona, referente):
    """GDPR-15: chi nel frattempo non risponde più dei dati non la ritira, e il file sparisce."""
    documento = _copia(persona, referente)
    indirizzo = reverse("beneficiari:documento_scarica", args=[documento.uuid])
    consegnata = client.entra(referente).get(indirizzo)
    assert consegnata["Content-Type"] == "application/zip"
    assert zipfile.is_zipfile(io.BytesIO(consegnata.content))
    percorso = file_di(documento)

    with come_sistema(persona.ente):
        Appartenenza.objects.filter(utente=referente.utente).update(ruolo=Ruolo.OPERATORE)

    assert client.get(indirizzo).status_code == 404
    assert not percorso.exists()


def test_passato_il_suo_tempo_la_copia_non_c_e_piu(client, persona, referente):
    documento = _copia(persona, referente)
    with come(referente):
        DocumentoDiPersona.objects.filter(pk=documento.pk).update(scade_il=timezone.now())

    indirizzo = reverse("beneficiari:documento_scarica", args=[documento.uuid])

    assert client.entra(referente).get(indirizzo).status_code == 404
    with come(referente):
        distruggi(documento)
    assert not file_di(documento).exists()
