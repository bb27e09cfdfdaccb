"""Un mondo dall'inizio alla fine: si popola, cambia, e a ogni passo qualcuno guarda."""

from collections import Counter
from random import Random

from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone
from hypothesis import strategies as st
from psycopg import sql

from beneficiari import models
from enti.sistema import come_sistema
from prestazioni.models import Tirocinio
from privacy.models import BaseGiuridica
from registro.db.contesto import contesto
from tests.fughe.mondo import FINALITA, Mondo, giorno, prepara_lo_sguardo, tabelle_isolate
from tests.fughe.passi_diritti import GESTI


# Ciò che apre strade si fa più spesso di ciò che le chiude, o quasi nessuno vedrebbe niente.
PESI = {
    "condivide": 6,
    "condivide_per_intero": 4,
    "dice_si_o_no": 5,
    "firma_un_accordo": 3,
    "prende_in_carico": 4,
    "nasce_una_base": 2,
    "registra_una_prestazione": 2,
    "apre_in_emergenza": 2,
}
_NOMI = [nome for nome in sorted(GESTI) for _ in range(PESI.get(nome, 1))]
# Un mondo comincia sempre con qualcosa su cui condividere.
INIZIO = ("firma_un_accordo", "dice_si_o_no", "dice_si_o_no", "nasce_una_base")

semi = st.integers(0, 2**32)
passi = st.lists(st.tuples(st.sampled_from(_NOMI), semi), min_size=6, max_size=16)
contati: Counter = Counter()
tabelle_guardate: set[str] = set()


def percorri(vocabolari: dict, seme: int, gesti: list[tuple[str, int]], *, sguardi: int) -> None:
    """Costruisce il mondo di `seme`, fa i `gesti`, guarda `sguardi` volte, e disfa tutto."""
    try:
        with transaction.atomic():
            _vivi(vocabolari, seme, gesti, sguardi)
            raise _Disfa
    except _Disfa:
        contati["mondi"] += 1


class _Disfa(Exception):
    """Il mondo è finito: la sua transazione torna indietro."""


def _vivi(vocabolari: dict, seme: int, gesti: list, sguardi: int) -> None:
    caso = Random(seme)
    mondo = Mondo(vocabolari, caso)
    mondo.popola(quanti_enti=caso.randint(2, 3), persone_per_ente=caso.randint(1, 3))
    # Le basi che ci fossero già reggerebbero condivisioni di cui l'oracolo non sa.
    with come_sistema():
        BaseGiuridica.objects.in_vigore().update(al=giorno(-1))
    sguardo = prepara_lo_sguardo(tabelle_isolate())
    inizio = [(nome, seme + n) for n, nome in enumerate(INIZIO)]
    da_fare = [*inizio, *gesti]
    ogni = max(1, sguardi // len(da_fare))
    for nome, seme_del_gesto in da_fare:
        mondo.caso = Random(seme_del_gesto)
        GESTI[nome](mondo)
        contati[nome] += 1
        for _ in range(ogni):
            _guarda(mondo, sguardo)
    for _ in range(max(0, sguardi - ogni * len(da_fare))):
        _guarda(mondo, sguardo)


def _guarda(mondo: Mondo, sguardo) -> None:
    """Uno qualsiasi, per un ente qualsiasi (di solito uno suo), per una finalità qualsiasi."""
    caso = mondo.caso
    if caso.random() < 0.85:
        utente, ente = caso.choice(sorted(mondo.o.ruoli))
    else:
        utente, ente = caso.choice(mondo.utenti).pk, caso.choice(mondo.enti).pk
    finalita = caso.choice(FINALITA)
    mondo.confronta(utente, ente, finalita, sguardo)
    if caso.random() < 0.3:
        mondo.confronta_le_ricevute(utente, ente)
    if caso.random() < 0.5:
        mondo.confronta_le_emergenze(utente, ente)
    contati["sguardi"] += 1
    contati["righe"] += len(mondo.righe)
    tabelle_guardate.update(tabella for tabella, _ in mondo.righe)
    if caso.random() < 0.25:
        prova_a_scrivere(mondo, utente, ente, finalita)


def prova_a_scrivere(mondo: Mondo, utente: int, ente: int, finalita: str | None) -> None:
    """Chi guarda prova ad aggiungere una riga a una persona: riesce solo se è sua e la vede."""
    persona = mondo.persone[mondo.caso.choice(sorted(mondo.persone))]
    gruppo, riga = mondo.caso.choice(
        [
            ("contatti", models.Recapito(tipo="telefono", valore="1")),
            ("note", models.Nota(testo_cifrato=b"x", scritta_da_id=utente)),
            (
                "prestazioni",
                Tirocinio(
                    presa=mondo.percorsi[persona.pk][0],
                    tipo="inclusione",
                    nome_ospitante="Altrove",
                    inizio=giorno(0),
                    fine_prevista=giorno(1),
                    registrato_il=timezone.now(),
                    registrato_da_id=utente,
                ),
            ),
            (
                "bisogni",
                models.BisognoRilevato(
                    bisogno=mondo.vocabolari["altro_bisogno"], gravita=1, rilevato_da_id=utente
                ),
            ),
        ]
    )
    riga.ente_id, riga.beneficiario_id = persona.ente_id, persona.pk
    # Chi mente sull'ente della riga la dichiara sua: la ferma il legame, non la policy.
    if mondo.caso.random() < 0.3:
        riga.ente_id = ente
    atteso = riga.ente_id == persona.ente_id and mondo.o.scrive(utente, ente, persona.pk, gruppo)
    contati["scritture"] += 1
    assert _riesce(riga, utente, ente, finalita) == atteso, (
        f"{gruppo} di {persona.cognome}, ente {riga.ente_id}: atteso {atteso}\n"
        + "\n".join(mondo.diario)
    )


def _riesce(riga, utente: int, ente: int, finalita: str | None) -> bool:
    """Se il database accetterebbe la riga; in ogni caso non la tiene."""
    try:
        with transaction.atomic(), contesto(utente=utente, ente=ente, finalita=finalita):
            with connection.cursor() as cursore:
                _inserisci(riga, cursore)
                cursore.execute("SET CONSTRAINTS ALL IMMEDIATE")
            raise _Disfa
    except (ProgrammingError, IntegrityError):
        return False
    except _Disfa:
        return True


def _inserisci(riga, cursore) -> None:
    """Senza RETURNING, che vorrebbe anche la policy di lettura e nasconderebbe quella di scrittura."""
    campi = [campo for campo in riga._meta.local_concrete_fields if not campo.primary_key]
    valori = [campo.get_db_prep_save(getattr(riga, campo.attname), connection) for campo in campi]
    comando = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(riga._meta.db_table),
        sql.SQL(", ").join(sql.Identifier(campo.column) for campo in campi),
        sql.SQL(", ").join(sql.Placeholder() for _ in campi),
    )
    cursore.execute(comando, valori)
