"""I sigilli: che cosa trovano, che cosa resta valido, chi li può fare."""

import io
import json
import os
import re
import secrets
import threading
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from psycopg import sql

from enti.eventi import annota_evento
from enti.models import CodiceEvento, EventoDiSicurezza
from enti.permessi import Ruolo
from enti.sistema import LavoroAMeta, come_sistema
from privacy import models, sigilli, tasks
from privacy.models import RegistroAccessi, Sigillo, VerificaDiSigilli
from privacy.sigilli import mesi
from registro.comune.chiavi import Chiave
from registro.db.contesto import contesto
from tests.fabbriche import attore


LETTURA = {
    "finalita": "assistenza",
    "gruppi": ["anagrafica"],
    "uscita": "pagina",
    "pagina": "prova",
}


def leggi(chi, *persone, quando=None):
    """Annota una lettura per persona, in una transazione sola."""
    campi = LETTURA | ({"quando": quando} if quando else {})
    with contesto(utente=chi.utente.pk, ente=chi.ente.pk):
        RegistroAccessi.objects.bulk_create(
            RegistroAccessi(
                utente=chi.utente,
                ente=chi.ente,
                ente_titolare=chi.ente,
                beneficiario=persona,
                **campi,
            )
            for persona in persone
        )


@pytest.fixture(autouse=True)
def _niente_posta_di_prima():
    mail.outbox = []


@pytest.fixture
def sigillati(registri):
    """Tre lotti: letture, letture ed eventi, letture. Rende la connessione di superutente."""
    chi = attore(Ruolo.OPERATORE)
    leggi(chi, 1, 2, 3)
    sigilli.sigilla()
    leggi(chi, 4, 5)
    annota_evento(CodiceEvento.ACCESSO, utente=chi.utente, ente=chi.ente)
    sigilli.sigilla()
    leggi(chi, 6, 7, 8)
    sigilli.sigilla()
    registri.chi = chi
    return registri


def trovati(testate=()):
    return {problema.tipo for problema in sigilli.verifica(testate).problemi}


def test_cio_che_nessuno_ha_toccato_torna(sigillati):
    """AUD-05: sigilli per intervallo di transazioni, verificati."""
    esito = sigilli.verifica()

    assert esito.torna
    assert (esito.sigilli, esito.righe, esito.avvisi) == (3, 9, [])
    assert sigilli.sigilla() == 0


# Ciò che fa chi scrive nel database senza passare dal programma, e che cosa se ne dice.
MANOMISSIONI = {
    "cambia": (
        "UPDATE privacy_registroaccessi SET utente_id = 1 WHERE beneficiario = 5",
        "cambiate",
    ),
    "cambia l'ora": (
        "UPDATE privacy_registroaccessi SET quando = quando - interval '1 second'"
        " WHERE beneficiario = 2",
        "cambiate",
    ),
    "cambia un evento": ("UPDATE enti_eventodisicurezza SET codice = 'uscita'", "cambiate"),
    "toglie": ("DELETE FROM privacy_registroaccessi WHERE beneficiario = 4", "tolte"),
    "toglie un evento": ("DELETE FROM enti_eventodisicurezza", "tolte"),
    "toglie le ultime": ("DELETE FROM privacy_registroaccessi WHERE beneficiario > 5", "tolte"),
    "aggiunge": (
        "INSERT INTO privacy_registroaccessi (utente_id, ente_id, ente_titolare_id, beneficiario,"
        " finalita, gruppi, uscita, pagina, richiesta, transazione)"
        " SELECT utente_id, ente_id, ente_titolare_id, 99, finalita, gruppi, uscita, pagina,"
        " richiesta, transazione FROM privacy_registroaccessi WHERE beneficiario = 4",
        "aggiunte",
    ),
    "scambia due righe": (
        "UPDATE privacy_registroaccessi r SET beneficiario = CASE beneficiario WHEN 1 THEN 3"
        " ELSE 1 END WHERE beneficiario IN (1, 3)",
        "cambiate",
    ),
}


@pytest.mark.parametrize("gesto", MANOMISSIONI)
def test_ogni_manomissione_si_trova(sigillati, gesto):
    """AUD-05: cambiata, aggiunta, tolta, scambiata."""
    comando, parola = MANOMISSIONI[gesto]
    sigillati.execute(comando)

    assert trovati() == {f"righe-{parola}"}


def test_una_riga_spostata_in_un_altro_lotto_si_trova_in_tutti_e_due(sigillati):
    sigillati.execute(
        "UPDATE privacy_registroaccessi SET transazione = (SELECT transazione FROM"
        " privacy_registroaccessi WHERE beneficiario = 6) WHERE beneficiario = 1"
    )

    assert trovati() == {"righe-tolte", "righe-aggiunte"}


@pytest.mark.parametrize(
    "gesto",
    [
        "UPDATE privacy_registroaccessi SET epoca = 7 WHERE beneficiario = 1",
        "UPDATE privacy_registroaccessi SET transazione = '9000000000' WHERE beneficiario = 1",
    ],
)
def test_una_riga_che_non_poteva_esserci_si_trova(sigillati, gesto):
    """Fuori da ogni lotto: un'epoca mai aperta, una transazione che non c'è ancora stata."""
    sigillati.execute(gesto)

    assert "righe-aggiunte" in trovati()


def test_un_sigillo_rifatto_o_tolto_si_trova(sigillati):
    sigillati.execute("UPDATE privacy_sigillo SET righe = righe + 1 WHERE id = 2")
    assert trovati() == {"sigillo"}

    sigillati.execute("UPDATE privacy_sigillo SET righe = righe - 1 WHERE id = 2")
    assert trovati() == set()

    sigillati.execute("DELETE FROM privacy_sigillo WHERE id = 2")
    assert "sigilli-tolti" in trovati()


def test_una_coda_tagliata_si_trova_con_la_testata(sigillati, tmp_path):
    """AUD-05: chi taglia gli ultimi sigilli e le loro righe lascia una catena che torna.

    Lo scopre la testata, anche se l'ha tagliata anche lui: una copia è nella posta del garante.
    """
    busta = sigilli.firma_la_testata()
    sigillati.execute("DELETE FROM privacy_registroaccessi WHERE beneficiario > 5")
    sigillati.execute("DELETE FROM privacy_sigillo WHERE id = 3")
    assert trovati() == {"coda-tagliata"}

    sigillati.execute("DELETE FROM privacy_testatafirmata")
    assert trovati() == set()
    assert trovati([sigilli.leggi_testata(busta)]) == {"coda-tagliata"}


def test_una_catena_rifatta_per_intero_si_trova_con_la_testata(sigillati):
    """Chi può tutto rifà righe e sigilli da capo; la firma no."""
    fuori = sigilli.leggi_testata(sigilli.firma_la_testata())
    sigillati.execute(
        "UPDATE privacy_registroaccessi SET beneficiario = 42 WHERE beneficiario = 7"
    )
    sigillati.execute("DELETE FROM privacy_sigillo")
    for _ in range(3):
        sigilli.sigilla()

    assert trovati() & {"coda-tagliata", "catena-rifatta"}
    sigillati.execute("DELETE FROM privacy_testatafirmata")
    assert trovati() == set()
    assert trovati([fuori]) & {"coda-tagliata", "catena-rifatta"}


def test_una_testata_ritoccata_non_ha_piu_una_firma(sigillati):
    busta = sigilli.firma_la_testata()
    falsa = re.sub(r"(impronta\W+)[0-9a-f]{64}", lambda m: m[1] + "0" * 64, busta)

    assert sigilli.leggi_testata(busta).firmata
    assert not sigilli.leggi_testata(falsa).firmata
    sigillati.execute(
        "UPDATE privacy_testatafirmata SET testo = replace(testo, '\"epoca\":1', '\"epoca\":2')"
    )
    assert trovati() == {"testata"}
    with pytest.raises(ValueError, match="non è una testata"):
        sigilli.leggi_testata("{}")


# Ciò che si può scrivere al posto di una testata conservata o di un sigillo.
RISCRITTURE = {
    "testo che non si legge": ("UPDATE privacy_testatafirmata SET testo = 'niente'", "testata"),
    "testo di altro": ("UPDATE privacy_testatafirmata SET testo = '[]'", "testata"),
    "un numero senza fine": (
        "UPDATE privacy_testatafirmata SET testo = regexp_replace(testo,"
        " '\"sigillo\":[0-9]+', '\"sigillo\":1e999')",
        "testata",
    ),
    "firma che non è una firma": ("UPDATE privacy_testatafirmata SET firma = 'è'", "testata"),
    "il giorno di un altro": ("UPDATE privacy_testatafirmata SET giorno = giorno - 1", "testata"),
    "le parti di un sigillo": ("UPDATE privacy_sigillo SET parti = '[1]' WHERE id = 2", "sigillo"),
}


@pytest.mark.parametrize("gesto", RISCRITTURE)
def test_cio_che_non_si_legge_piu_e_un_problema_e_non_ferma_la_verifica(sigillati, gesto):
    """AUD-05: una testata o un sigillo illeggibile non fanno tacere il resto."""
    sigilli.firma_la_testata()
    comando, tipo = RISCRITTURE[gesto]
    sigillati.execute(comando)
    sigillati.execute("DELETE FROM privacy_registroaccessi WHERE beneficiario = 1")

    assert trovati() == {tipo, "righe-tolte"}


def test_una_testata_rifirmata_con_un_altra_chiave_e_un_problema(sigillati, settings):
    """AUD-05: chi riscrive tutto e rifirma con una chiave sua non passa per noi."""
    nostra = settings.CHIAVE_DI_FIRMA
    settings.CHIAVE_DI_FIRMA = Chiave(secrets.token_bytes(32))
    sigilli.firma_la_testata()
    assert trovati() == set()

    settings.CHIAVE_DI_FIRMA = nostra
    (problema,) = sigilli.verifica().problemi
    assert problema.tipo == "testata"
    assert "un'altra chiave" in problema.frase


def test_un_passo_della_notte_che_non_riesce_non_ferma_gli_altri(sigillati, monkeypatch, caplog):
    attore(Ruolo.GARANTE)

    def guasto():
        raise OSError("Rossi Maria")

    monkeypatch.setattr(sigilli, "apri_i_mesi", guasto)
    sigillati.execute("DELETE FROM privacy_registroaccessi WHERE beneficiario = 1")

    with pytest.raises(LavoroAMeta, match="guasto"):
        tasks.cura_registri()

    oggetti = {messaggio.subject for messaggio in mail.outbox}
    assert oggetti == {"I registri non tornano", "Testata dei registri"}
    assert "OSError" in caplog.text
    assert "Rossi" not in caplog.text


def test_una_transazione_lunga_ferma_l_orizzonte_e_non_si_perde_niente(registri):
    """Le righe di una transazione ancora aperta si sigillano quando finisce, e non si saltano."""
    chi = attore(Ruolo.OPERATORE)
    leggi(chi, 1)
    with psycopg.connect(
        os.environ["REGISTRO_DATABASE_URL_AMMINISTRATORE"], dbname=registri.info.dbname
    ) as lunga:
        lunga.execute(
            "INSERT INTO enti_eventodisicurezza (codice, utente_id) VALUES ('accesso', %s)",
            [chi.utente.pk],
        )
        leggi(chi, 2, 3)
        prima = sigilli.sigilla()
        lunga.commit()
    dopo = sigilli.sigilla()

    assert (prima, dopo) == (1, 3)
    assert sigilli.verifica().torna


def test_sotto_carico_ogni_riga_finisce_in_un_sigillo_e_uno_solo(registri):
    """AUD-05: quattro scrittori insieme a chi sigilla; nessuna riga persa, nessuna due volte."""
    chi = attore(Ruolo.OPERATORE)
    indirizzo, database = os.environ["REGISTRO_DATABASE_URL_AMMINISTRATORE"], registri.info.dbname
    finito = threading.Event()

    def scrivi():
        with psycopg.connect(indirizzo, dbname=database) as mia:
            for n in range(40):
                mia.execute(
                    "INSERT INTO enti_eventodisicurezza (codice, utente_id) VALUES ('accesso', %s)",
                    [chi.utente.pk],
                )
                # Una su dieci torna indietro: lascia un numero di transazione senza righe.
                mia.rollback() if n % 10 == 9 else mia.commit()

    def continua_a_sigillare():
        while not finito.is_set():
            sigilli.sigilla()

    scrittori = [threading.Thread(target=scrivi) for _ in range(4)]
    sigillatore = threading.Thread(target=continua_a_sigillare)
    for filo in (*scrittori, sigillatore):
        filo.start()
    for filo in scrittori:
        filo.join()
    finito.set()
    sigillatore.join()
    sigilli.sigilla()
    esito = sigilli.verifica()

    assert esito.torna
    assert esito.righe == 4 * 36
    assert esito.sigilli > 1


def test_dopo_un_ripristino_l_epoca_nuova_tiene_validi_i_sigilli_di_prima(sigillati):
    """AUD-06: il conto delle transazioni ricomincia; i sigilli vecchi tornano, le righe nuove hanno
    un'epoca loro anche se i numeri si ripetono."""
    leggi(sigillati.chi, 9)
    assert sigilli.nuova_epoca() == 2
    # Le transazioni ripartono da capo: un server nuovo darebbe numeri già visti.
    leggi(sigillati.chi, 10, 11)
    sigillati.execute(
        "UPDATE privacy_registroaccessi SET transazione = '5' WHERE beneficiario IN (10, 11)"
    )
    assert sigilli.sigilla() == 2

    esito = sigilli.verifica()
    assert esito.torna
    # I tre di prima, quello che ha chiuso l'epoca, quello dell'epoca nuova.
    assert (esito.sigilli, esito.righe) == (5, 12)
    with come_sistema():
        assert list(Sigillo.objects.order_by("id").values_list("epoca", "da"))[-1] == (2, 0)
    sigillati.execute("DELETE FROM privacy_registroaccessi WHERE beneficiario = 9")
    assert trovati() == {"righe-tolte"}


def test_senza_un_epoca_nuova_dopo_un_ripristino_si_dice_di_aprirla(sigillati):
    sigillati.execute("UPDATE privacy_sigillo SET a = 4000000000 WHERE id = 3")

    with pytest.raises(sigilli.SigilliChiusi, match="epoca nuova"):
        sigilli.sigilla()


def test_senza_l_accesso_o_la_chiave_si_dice_che_cosa_manca(registri, settings):
    settings.CHIAVE_DI_FIRMA = None
    leggi(attore(Ruolo.OPERATORE), 1)
    assert sigilli.sigilla() == 1
    with pytest.raises(sigilli.SigilliChiusi, match="REGISTRO_CHIAVE_FIRMA"):
        sigilli.firma_la_testata()
    settings.DATABASE_URL_SIGILLO = ""
    with pytest.raises(sigilli.SigilliChiusi, match="DATABASE_URL_SIGILLO"):
        sigilli.sigilla()


VIETATI = (
    "INSERT INTO privacy_sigillo SELECT * FROM privacy_sigillo",
    "UPDATE privacy_sigillo SET righe = 0",
    "DELETE FROM privacy_sigillo",
    "DELETE FROM privacy_registroaccessi",
    "DELETE FROM enti_eventodisicurezza",
    "UPDATE privacy_testatafirmata SET testo = ''",
    "DELETE FROM privacy_testatafirmata",
    "UPDATE privacy_epoca SET id = 3",
    "UPDATE privacy_mesearchiviato SET tolto_il = now()",
    "TRUNCATE privacy_registroaccessi",
    "DROP TABLE privacy_registroaccessi_resto",
    "ALTER TABLE privacy_registroaccessi DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE privacy_registroaccessi ALTER epoca SET DEFAULT 9",
)


@pytest.mark.parametrize("gesto", VIETATI)
def test_nessuno_tocca_registri_e_sigilli(sigillati, gesto):
    """AUD-04: né l'applicazione, né chi sigilla, né chi migra (che dei registri non è padrone)."""
    sigilli.firma_la_testata()
    rifiuto = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with rifiuto, sigilli.apri() as chi_sigilla:
        chi_sigilla.execute(gesto)
    for ruolo in ("registro_app", "registro_owner"):
        with sigillati.transaction(force_rollback=True):
            sigillati.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(ruolo)))
            toccate = _prova(sigillati, gesto)
        # Chi migra possiede le tabelle dei sigilli, ma le policy valgono anche per lui.
        assert not toccate, ruolo
    assert trovati() == set()


def _prova(connessione, gesto) -> int:
    try:
        with connessione.transaction():
            return max(connessione.execute(gesto).rowcount, 0)
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.UniqueViolation):
        return 0


def test_l_applicazione_non_puo_sigillare_ne_togliere_mesi(sigillati):
    """AUD-04: le funzioni dei registri sono di chi sigilla."""
    for chiamata in (
        "registro_sigilla()",
        "registro_nuova_epoca('x')",
        "registro_togli_mese('letture', '2020-01-01')",
        "registro_righe_del_mese('letture', '2026-11-01')",
    ):
        with (
            pytest.raises(Exception, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursore,
        ):
            cursore.execute("SELECT " + chiamata)


def test_i_mesi_si_aprono_prima_e_le_righe_arrivate_presto_trovano_posto(registri):
    """AUD-07: una tabella al mese; ciò che era arrivato prima di aprirla si sposta, e torna."""
    chi = attore(Ruolo.OPERATORE)
    fra_un_anno = timezone.now() + timedelta(days=365)
    leggi(chi, 1, quando=fra_un_anno)
    sigilli.sigilla()
    nel_resto = "SELECT count(*) FROM privacy_registroaccessi_resto"
    assert registri.execute(nel_resto).fetchone() == (1,)

    aperti = registri.execute(
        "SELECT registro_apri_mese('privacy_registroaccessi', %s)", [fra_un_anno.date()]
    ).fetchone()

    assert aperti == (True,)
    assert registri.execute(nel_resto).fetchone() == (0,)
    assert trovati() == set()
    assert sigilli.apri_i_mesi() == 0


def test_un_mese_esce_solo_dopo_24_mesi_in_un_file_firmato(registri, settings):
    """AUD-07: prima il file firmato, poi il mese esce; i sigilli continuano a tornare."""
    chi = attore(Ruolo.OPERATORE)
    vecchio = datetime(2023, 5, 10, 12, tzinfo=UTC)
    registri.execute("SELECT registro_apri_mese('privacy_registroaccessi', '2023-05-01')")
    leggi(chi, 1, 2, quando=vecchio)
    leggi(chi, 3)
    sigilli.sigilla()
    togli = "SELECT registro_togli_mese('letture', %s)"

    with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match="archiviato"):
        registri.execute(togli, ["2023-05-01"])
    with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match="24 mesi"):
        registri.execute(togli, [timezone.localdate()])

    assert sigilli.archivia_i_mesi() == ["registro-letture-2023-05.jsonl.gz"]
    with come_sistema():
        assert RegistroAccessi.objects.count() == 0
    assert registri.execute("SELECT count(*) FROM privacy_registroaccessi").fetchone() == (1,)
    assert trovati() == set()
    assert sigilli.archivia_i_mesi() == []
    scritti = sorted(p.name for p in mesi.cartella().iterdir())
    assert scritti == [
        "registro-letture-2023-05.jsonl.gz",
        "registro-letture-2023-05.jsonl.gz.firma.json",
    ]
    firma = json.loads((mesi.cartella() / scritti[1]).read_text())
    assert firma["righe"] == 2
    assert mesi.file_integro(firma["file"], firma["impronta"], firma["firma"])


def test_se_il_file_non_e_quello_firmato_il_mese_resta(registri, monkeypatch):
    chi = attore(Ruolo.OPERATORE)
    registri.execute("SELECT registro_apri_mese('privacy_registroaccessi', '2023-05-01')")
    leggi(chi, 1, quando=datetime(2023, 5, 10, tzinfo=UTC))
    sigilli.sigilla()
    vera = mesi._posa
    monkeypatch.setattr(mesi, "_posa", lambda nome, contenuto: vera(nome, contenuto[:-1]))

    with pytest.raises(sigilli.SigilliChiusi, match="resta nel database"):
        sigilli.archivia_i_mesi()

    assert registri.execute("SELECT count(*) FROM privacy_registroaccessi").fetchone() == (1,)


def test_il_comando_dice_che_cosa_non_torna_ed_esce_con_un_numero(sigillati, tmp_path):
    """AUD-05: in parole e in JSON; 0 se torna, 1 se no, 2 se non si è potuto guardare."""
    file = tmp_path / "testata.json"
    uscita = io.StringIO()
    call_command("testata_registri", stdout=uscita)
    file.write_text(uscita.getvalue())

    uscita = io.StringIO()
    call_command("verifica_sigilli", "--annota", testata=[file], stdout=uscita)
    assert "Tutto torna." in uscita.getvalue()

    sigillati.execute("DELETE FROM privacy_registroaccessi WHERE beneficiario = 1")
    uscita = io.StringIO()
    with pytest.raises(CommandError) as errore:
        call_command("verifica_sigilli", "--json", stdout=uscita)
    assert errore.value.returncode == 1
    esito = json.loads(uscita.getvalue())
    assert not esito["torna"]
    assert [p["tipo"] for p in esito["problemi"]] == ["righe-tolte"]

    with pytest.raises(CommandError) as errore:
        call_command("verifica_sigilli", testata=[tmp_path / "manca.json"])
    assert errore.value.returncode == 2
    with come_sistema():
        assert VerificaDiSigilli.objects.get().riuscita


def test_ogni_notte_si_verifica_si_firma_e_si_scrive_al_garante(sigillati, settings):
    garante = attore(Ruolo.GARANTE)
    tasks.sigilla_registri()
    tasks.cura_registri()
    tasks.cura_registri()

    with come_sistema():
        firmata = models.TestataFirmata.objects.get()
        verificate = VerificaDiSigilli.objects.filter(riuscita=True).count()
        codici = set(EventoDiSicurezza.objects.values_list("codice", flat=True))
    assert firmata.giorno == timezone.localdate()
    assert verificate == 2
    assert {"testata-spedita", "sigilli-verificati"} <= codici
    assert {m.to[0] for m in mail.outbox} == {garante.utente.email, settings.CONTATTO_DPO}
    assert len(mail.outbox) == 2
    messaggio = mail.outbox[0]
    busta = messaggio.body[messaggio.body.index("{") :]
    assert sigilli.leggi_testata(busta).firmata

    sigillati.execute("DELETE FROM privacy_registroaccessi WHERE beneficiario = 1")
    tasks.cura_registri()
    assert mail.outbox[-1].subject == "I registri non tornano"


def test_la_testata_che_non_e_partita_si_riprova_la_notte_dopo(sigillati, settings, monkeypatch):
    """Finché non arriva a nessuno non è spedita; arrivata a uno non si rimanda."""

    def guasta(*_, **__):
        raise OSError

    garante = attore(Ruolo.GARANTE)
    settings.CONTATTO_DPO = ""
    sigilli.firma_la_testata(timezone.localdate() - timedelta(days=1))
    with monkeypatch.context() as senza_posta:
        senza_posta.setattr("registro.comune.posta.send_mail", guasta)
        assert tasks.spedisci_la_testata() == 0
    with come_sistema():
        assert not EventoDiSicurezza.objects.filter(codice="testata-spedita").exists()

    assert tasks.spedisci_la_testata() == 2
    assert tasks.spedisci_la_testata() == 0

    assert [m.to for m in mail.outbox] == [[garante.utente.email]] * 2
    ieri = timezone.localdate() - timedelta(days=1)
    assert f"del {ieri:%d/%m/%Y}" in mail.outbox[0].body
    with come_sistema():
        eventi = EventoDiSicurezza.objects.filter(codice="testata-spedita")
        assert {voce.dati["giorno"] for voce in eventi} == {
            ieri.isoformat(),
            timezone.localdate().isoformat(),
        }


def test_la_testata_e_di_un_giorno_e_non_si_rifa(sigillati):
    assert sigilli.firma_la_testata(date(2026, 11, 1)) is not None
    assert sigilli.firma_la_testata(date(2026, 11, 1)) is None


def test_la_pagina_dei_sigilli_da_la_testata_da_conservare(client, registri):
    garante = attore(Ruolo.GARANTE)
    annota_evento(CodiceEvento.ACCESSO, utente=garante.utente)
    sigilli.sigilla()
    sigilli.firma_la_testata()
    sigilli.annota_verifica(sigilli.verifica())
    client.entra(garante)

    testo = client.get(reverse("privacy:sigilli")).content.decode()
    oggi = timezone.localdate().isoformat()
    file = client.get(reverse("privacy:testata", args=[oggi]))

    assert "tutto torna" in testo
    assert sigilli.leggi_testata(file.content.decode()).firmata


def test_se_i_sigilli_non_tornano_la_pagina_lo_dice_per_prima_cosa(client, registri):
    garante = attore(Ruolo.GARANTE)
    annota_evento(CodiceEvento.ACCESSO, utente=garante.utente)
    sigilli.sigilla()
    registri.execute("DELETE FROM enti_eventodisicurezza")
    sigilli.annota_verifica(sigilli.verifica())

    testo = client.entra(garante).get(reverse("privacy:registri")).content.decode()

    assert "I registri non tornano con i loro sigilli" in testo
    assert "1 righe, ce ne sono 0" in testo
