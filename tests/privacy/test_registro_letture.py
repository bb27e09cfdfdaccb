"""Ogni lettura di una persona lascia una riga, o si ferma; se il registro è fermo non si mostra niente."""

import ast
import logging
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Count, Max, Prefetch
from django.urls import reverse

from beneficiari import tasks
from beneficiari.azioni.documenti import richiedi_scheda
from beneficiari.models import Beneficiario, DocumentoDiPersona, PresaInCarico, Recapito
from enti.models import CodiceEvento, EventoDiSicurezza
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy import letture
from privacy.gruppi import Uscita
from privacy.letture import DatoDiPersona, LetturaSenzaRegistro, registra_letture
from privacy.models import RegistroAccessi
from tests.beneficiari.documenti_di_prova import prepara, riletto
from tests.fabbriche import attore
from tests.fabbriche_persone import (
    BeneficiarioFactory,
    PresaInCaricoFactory,
    RecapitoFactory,
    come,
)


pytestmark = pytest.mark.django_db

# Come si può leggere una riga: con tutte queste si annota chi si è letto.
SI_ANNOTANO = {
    "get": lambda r, pk: r.get(beneficiario=pk),
    "first": lambda r, pk: r.filter(beneficiario=pk).first(),
    "elenco": lambda r, pk: list(r.filter(beneficiario=pk)),
    "iterator": lambda r, pk: list(r.filter(beneficiario=pk).iterator(chunk_size=2)),
    "in_bulk": lambda r, pk: r.filter(beneficiario=pk).in_bulk(),
    "select_related": lambda r, pk: r.select_related("beneficiario").get(beneficiario=pk),
    "only": lambda r, pk: r.only("valore", "beneficiario", "ente").get(beneficiario=pk),
    "defer": lambda r, pk: r.defer("valore").get(beneficiario=pk),
    "refresh": lambda r, pk: r.get(beneficiario=pk).refresh_from_db(),
    "raw": lambda r, pk: list(
        r.raw("SELECT * FROM beneficiari_recapito WHERE beneficiario_id = %s", [pk])
    ),
    "prefetch": lambda r, pk: list(
        Beneficiario.objects.filter(pk=pk).prefetch_related(Prefetch("recapiti", queryset=r.all()))
    ),
    "inversa": lambda r, pk: list(Beneficiario.objects.get(pk=pk).recapiti.all()),
    "unione di interrogazioni": lambda r, pk: list(
        r.filter(beneficiario=pk).union(r.filter(beneficiario=pk, tipo="posta"))
    ),
    "fetta": lambda r, pk: r.filter(beneficiario=pk)[0],
    "ultima": lambda r, pk: r.filter(beneficiario=pk).latest("pk"),
}
# Queste porterebbero fuori valori senza che si sappia di chi: si fermano.
SI_FERMANO = {
    "values": lambda r, pk: list(r.filter(beneficiario=pk).values("valore")),
    "values_list": lambda r, pk: list(r.values_list("valore", flat=True)),
    "values iterator": lambda r, pk: list(r.values("valore").iterator()),
    "values get": lambda r, pk: r.values("valore").get(beneficiario=pk),
    "aggregate di un valore": lambda r, pk: r.aggregate(Max("valore")),
    "only senza persona": lambda r, pk: list(r.only("valore")),
    "raw senza persona": lambda r, pk: list(r.raw("SELECT id, valore FROM beneficiari_recapito")),
    "dates": lambda r, pk: list(Beneficiario.objects.dates("data_nascita", "year")),
}
# Queste dicono quanti, non chi: non sono letture.
NON_LEGGONO = {
    "count": lambda r, pk: r.count(),
    "exists": lambda r, pk: r.exists(),
    "quanti": lambda r, pk: r.aggregate(Count("pk")),
    "values per calcolo": lambda r, pk: list(r.per_calcolo().values_list("pk", flat=True)),
}


@pytest.fixture
def persona(db):
    persona = BeneficiarioFactory(cognome="Ferrero")
    RecapitoFactory(beneficiario=persona)
    return persona


@pytest.fixture
def referente(persona):
    return attore(Ruolo.REFERENTE, ente=persona.ente)


def _righe(chi, persona) -> list[RegistroAccessi]:
    with come(chi):
        return list(RegistroAccessi.objects.della_persona(persona.pk))


@pytest.mark.parametrize("forma", SI_ANNOTANO)
def test_ogni_forma_di_lettura_lascia_una_riga(persona, referente, forma):
    with come(referente), registra_letture("prova"):
        SI_ANNOTANO[forma](Recapito.objects, persona.pk)

    (riga,) = _righe(referente, persona)
    assert "contatti" in riga.gruppi
    assert (riga.utente_id, riga.ente_id) == (referente.utente.pk, referente.ente.pk)


@pytest.mark.parametrize("forma", SI_FERMANO)
def test_cio_che_uscirebbe_senza_persona_si_ferma(persona, referente, forma):
    with (
        come(referente),
        pytest.raises(LetturaSenzaRegistro),
        registra_letture("prova"),
    ):
        SI_FERMANO[forma](Recapito.objects, persona.pk)


@pytest.mark.parametrize("forma", NON_LEGGONO)
def test_contare_non_e_leggere(persona, referente, forma):
    with come(referente), registra_letture("prova"):
        NON_LEGGONO[forma](Recapito.objects, persona.pk)

    assert _righe(referente, persona) == []


def test_fuori_da_una_raccolta_non_si_legge(persona, referente):
    segno = letture._raccolta.set(None)
    try:
        with come(referente), pytest.raises(LetturaSenzaRegistro):
            Beneficiario.objects.get(pk=persona.pk)
    finally:
        letture._raccolta.reset(segno)


@pytest.mark.parametrize("forma", ["get", "elenco", "values"])
@pytest.mark.parametrize(
    "nome", [m._meta.label for m in apps.get_models() if issubclass(m, DatoDiPersona)]
)
def test_vale_per_ogni_modello_di_una_persona(persona, referente, nome, forma):
    """Ogni modello ha un gruppo e si legge con un queryset che sa fermarsi."""
    modello = apps.get_model(nome)

    assert modello.gruppo in letture.Gruppo
    assert isinstance(modello.objects.all(), letture.PersoneQuerySet)
    with come(referente), registra_letture("prova"):
        if forma == "values":
            with pytest.raises(LetturaSenzaRegistro):
                list(modello.objects.values("pk"))
        else:
            list(modello.objects.all()[: 1 if forma == "get" else None])


def test_da_un_altro_modello_non_si_passa_ai_valori_di_una_persona():
    """`Affidamento.objects.values("beneficiario__cognome")` non passa da un queryset che si ferma."""
    passaggi = re.compile(r"^(beneficiario|persona|tenuta|assorbita|una|altra|unito_a)__")
    trovati = []
    for app in ("beneficiari", "privacy", "prestazioni", "report"):
        for percorso in Path(settings.CARTELLA_BASE, app).rglob("*.py"):
            for nodo in ast.walk(ast.parse(percorso.read_text())):
                if not isinstance(nodo, ast.Call):
                    continue
                nome = getattr(nodo.func, "attr", "")
                # `per_calcolo()` l'hanno solo i queryset che si fermano: lì è già detto che si calcola.
                if ".per_calcolo()" in ast.unparse(nodo.func):
                    continue
                testi = [a.value for a in nodo.args if isinstance(a, ast.Constant)]
                if nome in {"values", "values_list", "dates", "datetimes"} and any(
                    passaggi.match(str(testo)) for testo in testi
                ):
                    trovati.append(f"{percorso.name}:{nodo.lineno}")

    assert trovati == []


@pytest.fixture
def registro_fermo(monkeypatch):
    """Il registro non si può scrivere: la tabella a cui si scrive non c'è."""
    monkeypatch.setattr(
        letture, "_INSERISCI", letture._INSERISCI.replace("privacy_registroaccessi", "non_c_e")
    )


def _pagine(persona) -> list[str]:
    nomi = ("persona", "accessi", "accessi_csv", "storia", "documenti", "casi", "nucleo")
    indirizzi = [reverse(f"beneficiari:{nome}", args=[persona.uuid]) for nome in nomi]
    return [*indirizzi, reverse("beneficiari:elenco")]


def test_se_il_registro_e_fermo_nessuna_pagina_mostra_i_dati(
    client, persona, referente, registro_fermo, caplog
):
    client.entra(referente)
    for indirizzo in _pagine(persona):
        with caplog.at_level(logging.CRITICAL):
            risposta = client.get(indirizzo)

        testo = risposta.content.decode()
        assert risposta.status_code == 503, indirizzo
        assert "Il registro di chi legge i dati non si è potuto scrivere" in testo
        for dato in ("Ferrero", "0141 000000"):
            assert dato not in testo, indirizzo
    assert _righe(referente, persona) == []


def test_se_il_registro_e_fermo_non_si_scrive_niente(
    client, persona, referente, registro_fermo, monkeypatch
):
    mandati = []
    monkeypatch.setattr(tasks.prepara_documento, "apply_async", lambda **m: mandati.append(m))
    indirizzo = reverse("beneficiari:documenti", args=[persona.uuid])

    risposta = client.entra(referente).post(indirizzo, {"tipo": "scheda"})

    assert risposta.status_code == 503
    with come(referente):
        assert not DocumentoDiPersona.objects.exists()
    assert mandati == []


def test_se_il_registro_e_fermo_nessun_lavoro_fa_un_file(
    persona, referente, registro_fermo, monkeypatch, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(tasks.prepara_documento, "apply_async", lambda **_: None)
    with come(referente):
        documento = richiedi_scheda(persona=persona, da=referente)

    prepara(documento)

    assert riletto(documento, referente).stato == DocumentoDiPersona.Stato.IN_CODA
    assert list(tmp_path.iterdir()) == []


def test_la_lettura_e_la_sua_riga_stanno_nella_stessa_transazione(persona, referente):
    class FermatoError(Exception):
        pass

    def legge_e_si_ferma():
        with come(referente), registra_letture("prova"):
            Beneficiario.objects.get(pk=persona.pk)
            raise FermatoError

    with pytest.raises(FermatoError):
        legge_e_si_ferma()

    assert _righe(referente, persona) == []


def test_un_elenco_lascia_una_riga_per_persona_senza_un_massimo(referente):
    persone = [BeneficiarioFactory(ente=referente.ente) for _ in range(60)]
    with come(referente), registra_letture("prova"):
        list(Beneficiario.objects.di(referente.ente))

    with come(referente):
        lette = set(RegistroAccessi.objects.values_list("beneficiario", flat=True))
    assert {persona.pk for persona in persone} <= lette


def test_a_blocchi_o_in_una_volta_le_righe_sono_le_stesse(referente, monkeypatch):
    """Un foglio lungo scrive mentre legge; chi legge per conto d'altri non scrive per loro."""
    monkeypatch.setattr(letture, "_BLOCCO", 7)
    persone = [BeneficiarioFactory(ente=referente.ente) for _ in range(20)]
    with come(referente), registra_letture("prova", uscita=Uscita.FOGLIO) as raccolta:
        for _ in Beneficiario.objects.di(referente.ente).iterator(5):
            assert len(raccolta.letture) <= 7
        with come_sistema(referente.ente):
            list(Beneficiario.objects.di(referente.ente))

    with come(referente):
        lette = RegistroAccessi.objects.values_list("beneficiario", "utente_id")
        assert {persona.pk for persona in persone} <= {persona for persona, _ in lette}
        assert {chi for _, chi in lette} == {referente.utente.pk}
        evento = EventoDiSicurezza.objects.filter(codice=CodiceEvento.ESPORTAZIONE).last()
    assert evento.dati["persone"] >= 20


def test_le_letture_costano_una_interrogazione(persona, referente, django_assert_num_queries):
    PresaInCaricoFactory(beneficiario=persona)
    with come(referente), django_assert_num_queries(3), registra_letture("prova"):
        list(Beneficiario.objects.all())
        list(PresaInCarico.objects.all())
    assert connection.in_atomic_block
