"""Il database, senza il programma: che cosa otterrebbe chi gli parlasse direttamente."""

import re
from contextlib import suppress
from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone
from psycopg import sql

from enti.models import Ente
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from registro.db.contesto import contesto
from report.models import (
    AsseDiScheda,
    AvvisoSuperato,
    DichiaranteDiScheda,
    PassaggioDiScheda,
    RigaTolta,
    Scheda,
)
from tests.fabbriche import (
    AppartenenzaFactory,
    AsseFactory,
    ConteggioFactory,
    EnteFactory,
    NodoFactory,
    SchedaFactory,
    UtenteFactory,
    VoceTestualeFactory,
    attore,
)
from tests.report.schede_da_compilare import come, riletta


pytestmark = pytest.mark.django_db

PAROLA = "Parola-riservata-7731"
INTRUSI = [
    "altro_ente",
    "altro_nodo",
    "inviante",
    "garante",
    "uscito_ieri",
    "senza_ente",
    "nessuno",
]


def _contesto_di(chi: str, scheda: Scheda) -> tuple[int | None, int | None]:
    """Utente ed ente che un intruso dichiara: quando può mente, e dice l'ente della scheda."""
    ieri = timezone.localdate() - timedelta(days=1)
    match chi:
        case "altro_ente":
            return attore(Ruolo.REFERENTE).utente.pk, scheda.ente_id
        case "altro_nodo":
            altrove = attore(Ruolo.COORDINATORE, nodo=NodoFactory())
            return altrove.utente.pk, altrove.ente.pk
        case "inviante" | "garante":
            return attore(chi, ente=scheda.ente).utente.pk, scheda.ente_id
        case "uscito_ieri":
            return AppartenenzaFactory(ente=scheda.ente, fine=ieri).utente_id, scheda.ente_id
        case "senza_ente":
            return UtenteFactory().pk, scheda.ente_id
        case _:
            return None, scheda.ente_id


def _tabelle_di_scheda():
    nomi = {"scheda", "rigatolta", "passaggiodischeda", "avvisosuperato"}
    return [
        m
        for m in apps.get_app_config("report").get_models()
        if m._meta.model_name in nomi or any(c.name == "scheda" for c in m._meta.fields)
    ]


def scheda_piena() -> Scheda:
    scheda = SchedaFactory(titolo=PAROLA)
    conteggio = ConteggioFactory(scheda=scheda, cosa=PAROLA)
    VoceTestualeFactory(scheda=scheda, testo=PAROLA)
    with come_sistema(scheda.ente) as sistema:
        comuni = {"ente": scheda.ente, "scheda": scheda, "chi": sistema.utente}
        AvvisoSuperato.objects.create(**comuni, codice="x", frase=PAROLA, motivo=PAROLA)
        RigaTolta.objects.create(
            **comuni, genere="conteggio", sezione="beneficiari", dati={"cosa": PAROLA}
        )
        PassaggioDiScheda.objects.create(
            **comuni, da_stato="da_aprire", a_stato="in_compilazione", testo=conteggio.cosa
        )
    return scheda


@pytest.mark.parametrize("chi", INTRUSI)
def test_un_intruso_non_conta_non_cambia_e_non_cancella_righe_di_una_scheda(chi):
    scheda = scheda_piena()
    utente, ente = _contesto_di(chi, scheda)

    with contesto(utente=utente, ente=ente):
        for modello in _tabelle_di_scheda():
            assert modello.objects.count() == 0, modello
            assert modello.objects.update(ente=scheda.ente) == 0, modello
            assert modello.objects.all()._raw_delete(using="default") == 0, modello

    assert riletta(scheda).titolo == PAROLA


def test_senza_contesto_nessuna_tabella_riservata_ha_righe(quadrante):
    scheda_piena()
    with connection.cursor() as cursore:
        # Su un mese dei registri l'applicazione non ha nessun privilegio: si passa dalla madre.
        cursore.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND (NOT relispartition"
            " OR has_table_privilege(oid, 'SELECT, INSERT, UPDATE, DELETE'))"
        )
        tabelle = {nome for (nome,) in cursore.fetchall()} - {"enti_ente"}
        quante = {}
        for tabella in tabelle:
            conto = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(tabella))
            cursore.execute(conto)
            quante[tabella] = cursore.fetchone()[0]

    assert len(quante) > 20
    assert set(quante.values()) == {0}


def test_una_connessione_nuda_non_svuota_non_crea_e_non_cambia_ruolo(connessione_nuda):
    for tentativo in (
        "TRUNCATE report_scheda CASCADE",
        "CREATE TABLE public.mia (id int)",
        "CREATE FUNCTION public.registro_ruolo() RETURNS text LANGUAGE sql AS $$ SELECT 'sistema' $$",
        "CREATE OR REPLACE FUNCTION public.registro_utente() RETURNS bigint LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE report_scheda DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE report_scheda DISABLE TRIGGER percorso",
        "DROP POLICY leggi ON report_scheda",
        "SET ROLE registro_guardia",
        "SET ROLE registro_owner",
        "SET session_replication_role = replica",
        "INSERT INTO enti_appartenenza (utente_id, ente_id, ruolo, inizio)"
        " VALUES (1, 1, 'amministratore', now())",
    ):
        with pytest.raises(Exception, match=r"permission denied|must be owner|row-level security"):
            connessione_nuda.execute(tentativo)


def test_una_tabella_provvisoria_omonima_non_inganna_le_funzioni_di_guardia():
    """Chi può creare tabelle provvisorie non si finge amministratore davanti alla guardia."""
    scheda_piena()
    utente = UtenteFactory()
    with contesto(utente=utente.pk, ente=1), connection.cursor() as cursore:
        cursore.execute("CREATE TEMP TABLE enti_appartenenza (utente_id bigint, ente_id bigint)")
        cursore.execute("CREATE TEMP TABLE enti_utente AS SELECT 1 AS id, true AS di_sistema")
        cursore.execute("SELECT registro_ruolo(), registro_enti(), registro_rete()")
        assert cursore.fetchone() == (None, [], False)
        assert Scheda.objects.count() == 0


def test_ogni_funzione_che_salta_le_policy_e_di_un_ruolo_che_non_entra_e_non_di_tutti():
    with connection.cursor() as cursore:
        cursore.execute(
            "SELECT proname, pg_get_userbyid(proowner), proconfig,"
            " proacl::text LIKE '{=X%%' OR proacl::text LIKE '%%,=X%%' OR proacl IS NULL,"
            " prorettype = 'trigger'::regtype"
            " FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        )
        funzioni = cursore.fetchall()

    assert len(funzioni) >= 5
    for nome, padrone, impostazioni, aperta, trigger in funzioni:
        # Di chi dimentica una persona c'è una porta sola.
        atteso = "registro_oblio" if nome == "registro_dimentica" else "registro_guardia"
        assert padrone == atteso, nome
        # Solo dai trigger: da lì partono quelli che scrivono la storia, che nominano le tabelle
        # senza schema. `public` sta prima delle provvisorie, e l'applicazione non vi crea niente.
        percorso = [voce for voce in impostazioni if voce.startswith("search_path=")]
        con_public = percorso == ["search_path=pg_catalog, public, pg_temp"]
        assert percorso == ["search_path=pg_catalog, pg_temp"] or (trigger and con_public), nome
        assert not aperta, nome


PASSI_VIETATI = [
    (Ruolo.OPERATORE, "in_compilazione", "inviata"),
    (Ruolo.OPERATORE, "in_compilazione", "accettata"),
    (Ruolo.OPERATORE, "inviata", "in_compilazione"),
    (Ruolo.REFERENTE, "accettata", "in_compilazione"),
    (Ruolo.REFERENTE, "accettata_dal_nodo", "rimandata"),
    (Ruolo.REFERENTE, "inviata", "accettata"),
    (Ruolo.REFERENTE, "congelata", "in_compilazione"),
    (Ruolo.COORDINATORE, "inviata", "accettata"),
    (Ruolo.COORDINATORE, "accettata", "rimandata"),
    (Ruolo.COORDINATORE, "in_compilazione", "accettata_dal_nodo"),
    (Ruolo.AMMINISTRATORE, "in_compilazione", "inviata"),
    (Ruolo.AMMINISTRATORE, "inviata", "congelata"),
]


def _di_casa(ruolo: str, scheda: Scheda):
    if ruolo in (Ruolo.OPERATORE, Ruolo.REFERENTE):
        return attore(ruolo, ente=scheda.ente)
    return attore(ruolo, nodo=scheda.nodo if ruolo == Ruolo.COORDINATORE else None)


@pytest.mark.parametrize(("ruolo", "da", "a"), PASSI_VIETATI)
def test_il_database_rifiuta_il_passaggio_che_non_spetta(ruolo, da, a):
    scheda = SchedaFactory(stato=da)

    # Una scheda congelata la policy non la dà neppure da scrivere: zero righe, nessun errore.
    with suppress(ProgrammingError), come(_di_casa(ruolo, scheda)):
        assert Scheda.objects.filter(pk=scheda.pk).update(stato=a) == 0

    assert riletta(scheda).stato == da


@pytest.mark.parametrize("ruolo", [Ruolo.REFERENTE, Ruolo.COORDINATORE, Ruolo.AMMINISTRATORE])
@pytest.mark.parametrize("campo", ["ente", "nodo", "titolo", "campagna"])
def test_nessuno_porta_una_scheda_a_un_altro_ente_o_a_un_altro_nodo(ruolo, campo):
    scheda, altra = SchedaFactory(), SchedaFactory()
    nuovo = getattr(altra, campo)

    with pytest.raises((ProgrammingError, IntegrityError)), come(_di_casa(ruolo, scheda)):
        Scheda.objects.filter(pk=scheda.pk).update(**{campo: nuovo})

    assert getattr(riletta(scheda), campo) == getattr(scheda, campo)


def test_chi_compila_non_decide_chi_altro_legge_la_scheda():
    scheda, complice = SchedaFactory(), EnteFactory()
    chi = attore(Ruolo.REFERENTE, ente=scheda.ente)
    comuni = {"ente": scheda.ente, "scheda": scheda}

    for riga in (
        DichiaranteDiScheda(**comuni, dichiarante=complice),
        AsseDiScheda(**comuni, asse=AsseFactory()),
    ):
        with pytest.raises(ProgrammingError, match="row-level security"), come(chi):
            riga.save()
    with come(chi):
        assert DichiaranteDiScheda.objects.update(compila=False) == 0
        assert DichiaranteDiScheda.objects.all()._raw_delete(using="default") == 0


@pytest.mark.parametrize(
    "ruolo", [r for r in Ruolo if r != Ruolo.AMMINISTRATORE and r != Ruolo.COORDINATORE]
)
def test_nessuno_si_fa_ente_del_coordinamento_o_cambia_nodo(ruolo):
    ente = EnteFactory()

    with come(attore(ruolo, ente=ente)):
        scritte = Ente.objects.filter(pk=ente.pk).update(
            ospita_coordinamento=True, nodo=NodoFactory()
        )

    assert scritte == 0


@pytest.mark.parametrize("ruolo", [r for r in Ruolo if r != Ruolo.AMMINISTRATORE])
def test_nessuno_alza_il_proprio_ruolo(ruolo):
    chi = attore(ruolo)

    for campi in (
        {"ruolo": Ruolo.AMMINISTRATORE, "nodo": None},
        {"fine": None, "inizio": "2000-01-01"},
    ):
        with come(chi), suppress(ProgrammingError), transaction.atomic():
            assert chi.utente.appartenenze.update(**campi) == 0

    with come(chi):
        rimasta = chi.utente.appartenenze.get()
    assert (rimasta.ruolo, rimasta.inizio.year) == (ruolo, 2020)


def test_il_contesto_si_scrive_in_un_posto_solo_e_le_interrogazioni_a_mano_sono_poche():
    """Chi potesse scrivere `registro.utente` sarebbe chiunque: nessun testo arriva a un SQL."""
    a_mano = re.compile(r"\.raw\(|\.extra\(|RawSQL|cursor\(\)|set_config|SET LOCAL|_raw_delete")
    base = settings.CARTELLA_BASE
    trovati = {
        str(file.relative_to(base))
        for cartella in ("enti", "assi", "report", "registro")
        for file in (base / cartella).rglob("*.py")
        if "migrations" not in file.parts
        and "servizi" not in file.parts
        and a_mano.search(file.read_text(encoding="utf-8"))
    }

    assert trovati == {
        # Chiama le due funzioni di guardia che azzerano i fattori di chi li ha persi.
        "enti/azioni/ripristini.py",
        "registro/db/base.py",
        "registro/db/lucchetto.py",
        "registro/comune/salute.py",
    }
