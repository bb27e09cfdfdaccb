"""Ciò che prova che cosa è successo: non se ne va prima di un minimo, qualunque durata si scriva.

Il minimo lo conta il database col suo orologio: le righe si invecchiano, in un database a parte.
"""

import importlib

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from psycopg import sql

from beneficiari.models import AccessoDEmergenza, AvvisoDEmergenza
from conservazione.azioni.regole import cambia_regola
from conservazione.models import RegolaConservazione
from conservazione.models.regole import MINIMI
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy.models import Segnalazione, Violazione
from tests.conservazione.categorie import (
    accendi,
    emergenza,
    notte,
    segnalazione,
    violazione,
    vista,
)
from tests.fabbriche import attore
from tests.fabbriche_persone import come


STORIA = ("privacy", "StoriaViolazione")
# Categoria → chi ne scrive una riga, quale, le colonne del suo tempo.
PROVE = {
    "emergenze": (emergenza, AccessoDEmergenza, ("aperto_il", "fino_al")),
    "segnalazioni": (segnalazione, Segnalazione, ("quando", "trovata_il", "chiusa_il")),
    "violazioni": (violazione, Violazione, ("scoperta_il", "aperta_il", "chiusa_il")),
}


@pytest.fixture
def referente(a_parte):
    accendi()
    return attore(Ruolo.REFERENTE)


def _invecchia(padrone, modello, colonne, ente, mesi: int) -> None:
    """Le righe di `ente` si sono chiuse `mesi` fa, e un giorno."""
    fa = sql.SQL(", ").join(
        sql.SQL("{0} = {0} - make_interval(months => %(mesi)s, days => 1)").format(
            sql.Identifier(nome)
        )
        for nome in colonne
    )
    tabella = sql.Identifier(modello._meta.db_table)
    padrone.execute("SET session_replication_role = replica")
    padrone.execute(
        sql.SQL("UPDATE {} SET {} WHERE ente_id = %(ente)s").format(tabella, fa),
        {"mesi": mesi, "ente": ente.pk},
    )
    padrone.execute("SET session_replication_role = origin")


def _sue(modello, ente) -> int:
    with come_sistema(ente):
        return modello.objects.filter(ente=ente).count()


def _scritta(padrone, codice: str, referente, *, mesi: int):
    """Una riga della categoria, chiusa da `mesi`; gli avvisi visti. Rende il modello."""
    scrivi, modello, colonne = PROVE[codice]
    altrove = scrivi(referente)
    if altrove is not None:
        vista(altrove)
    _invecchia(padrone, modello, colonne, referente.ente, mesi)
    return modello


def _togli(ente, codice: str) -> tuple[int, int]:
    """Come se la durata scritta fosse finita da un pezzo."""
    with come_sistema(ente), connection.cursor() as cursore:
        cursore.execute(
            "SELECT * FROM registro_togli_scadute(%s, now() + interval '9 years', 9, false)",
            [codice],
        )
        return cursore.fetchone()


@pytest.mark.parametrize("codice", sorted(PROVE))
def test_un_giorno_prima_niente_alla_fine_non_c_e_piu(a_parte, referente, codice):
    """GDPR-18: le prove aspettano la durata della tabella; spente o in prova si contano e basta."""
    durata = RegolaConservazione.objects.get(codice=codice)
    mesi = durata.durata * (12 if durata.unita == "anni" else 1)
    modello = _scritta(a_parte, codice, referente, mesi=mesi - 1)
    oggi = timezone.localdate()

    presto = notte(referente.ente, oggi)[codice]
    assert (presto.arrivate, presto.tolte, _sue(modello, referente.ente)) == (0, 0, 1)
    _invecchia(a_parte, modello, PROVE[codice][2], referente.ente, 2)
    prova = notte(referente.ente, oggi, prova=True)[codice]
    assert (prova.arrivate, prova.tolte, _sue(modello, referente.ente)) == (1, 0, 1)
    with come_sistema(referente.ente):
        RegolaConservazione.objects.filter(codice=codice).update(accesa=False)
    spenta = notte(referente.ente, oggi)[codice]
    assert (spenta.prova, spenta.tolte, _sue(modello, referente.ente)) == (True, 0, 1)
    accendi()

    dopo = notte(referente.ente, oggi)[codice]

    assert (dopo.tolte, dopo.rimaste, _sue(modello, referente.ente)) == (1, 0, 0)
    if modello is Violazione:
        assert _sue(apps.get_model(*STORIA), referente.ente) == 0


@pytest.mark.parametrize("codice", sorted(PROVE))
def test_nemmeno_il_lavoro_notturno_le_toglie_prima_del_minimo(a_parte, referente, codice):
    minimo = MINIMI[codice].mesi
    modello = _scritta(a_parte, codice, referente, mesi=minimo - 1)

    assert _togli(referente.ente, codice) == (0, 0)
    assert _sue(modello, referente.ente) == 1
    _invecchia(a_parte, modello, PROVE[codice][2], referente.ente, 1)

    assert _togli(referente.ente, codice) == (1, 1)
    assert _sue(modello, referente.ente) == 0


def test_un_avviso_di_cui_nessuno_ha_preso_visione_resta_col_suo_accesso(a_parte, referente):
    altrove = emergenza(referente)
    _invecchia(a_parte, *PROVE["emergenze"][1:], referente.ente, 120)

    assert _togli(referente.ente, "emergenze") == (0, 0)
    assert (_sue(AccessoDEmergenza, referente.ente), _sue(AvvisoDEmergenza, altrove)) == (1, 1)
    vista(altrove)

    assert _togli(referente.ente, "emergenze") == (1, 1)
    assert (_sue(AccessoDEmergenza, referente.ente), _sue(AvvisoDEmergenza, altrove)) == (0, 0)


def test_cio_che_nessuno_ha_chiuso_resta(a_parte, referente):
    segnalazione(referente)
    with come_sistema(referente.ente):
        aperta = Segnalazione.objects.get(ente=referente.ente)
        aperta.pk, aperta.uuid, aperta.regola = None, None, "esportazione"
        aperta.uuid = Segnalazione._meta.get_field("uuid").get_default()
        aperta.chiusa_il = aperta.chiusa_da = None
        aperta.save(force_insert=True)
    _invecchia(a_parte, *PROVE["segnalazioni"][1:], referente.ente, 120)

    notte(referente.ente, timezone.localdate())

    with come_sistema(referente.ente):
        rimaste = Segnalazione.objects.filter(ente=referente.ente)
        assert [voce.regola for voce in rimaste] == ["esportazione"]


@pytest.mark.parametrize("codice", sorted(PROVE))
def test_una_durata_sotto_il_minimo_si_rifiuta_dicendo_quale(client, a_parte, referente, codice):
    amministra, minimo = attore(Ruolo.AMMINISTRATORE), MINIMI[codice]
    indirizzo = reverse("conservazione:regola", args=[codice])
    prima = RegolaConservazione.objects.get(codice=codice)
    dati = {"azione": "cancella", "motivo": "x", "tetto": 5, "unita": "mesi"}
    client.entra(amministra)

    assert f"non meno di {minimo.in_parole}" in client.get(indirizzo).content.decode()
    rifiutata = client.post(indirizzo, dati | {"durata": minimo.mesi - 1})
    assert rifiutata.status_code == 422
    assert minimo.frase in rifiutata.content.decode().replace("&#x27;", "'")
    dopo = RegolaConservazione.objects.get(codice=codice)
    assert (dopo.durata, dopo.unita) == (prima.durata, prima.unita)
    with come(amministra), pytest.raises(ValidationError, match="si tiene almeno"):
        cambia_regola(regola=prima, durata=90, unita="giorni", da=amministra)

    assert client.post(indirizzo, dati | {"durata": minimo.mesi}).status_code == 302


def test_il_database_e_il_programma_hanno_gli_stessi_minimi():
    del_database = importlib.import_module("conservazione.migrations.0008_altre_categorie").MINIMI

    assert {chi: (minimo.mesi, minimo.frase) for chi, minimo in MINIMI.items()} == del_database
