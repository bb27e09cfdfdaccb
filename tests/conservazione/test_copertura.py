"""Nessuna tabella che parla di una persona sfugge a chi la dimentica, e niente di più gli è dato."""

import pytest
from django.db import connection

from conservazione.migrazioni import (
    ALTRE_TOLTE,
    LETTE,
    NOMINATA_IN,
    RESTANO,
    RITOCCATE,
    TENUTE,
)


pytestmark = pytest.mark.django_db
# Si scrivono mentre si dimentica: i numeri che restano, il verbale, il segno per i cruscotti.
SCRITTE = {"prestazioni_rigastatistica", "conservazione_verbaleoblio", "cruscotti_cambio"}
# La persona nascosta che unisce più enti: se ne va quando nessuna riga le resta.
NASCOSTA = {"beneficiari_persona"}
# Testi lunghi di righe che restano, e che di una persona non parlano.
NON_NE_PARLANO = {
    "beneficiari_avvisoaldestinatario.dato": "il nome di un campo",
    "conservazione_verbaleoblio.motivo": "chi lo scrive non può nominarla: lo rifiuta la cancellazione",
    "prestazioni_abbinamentocolonne.intestazione": "il titolo di una colonna",
    "prestazioni_importazione.errore": "una frase del programma",
    **dict.fromkeys(
        (
            *("privacy_informativa.testo", "privacy_informativa.titolo"),
            *("privacy_storiainformativa.testo", "privacy_storiainformativa.titolo"),
        ),
        "un testo uguale per tutti, con la sua impronta",
    ),
}
# Righe di una persona, col motivo che ha scritto un altro ente: può nominare anche chi non c'entra.
ANCHE_DI_ALTRE = {"beneficiari_avvisodemergenza"}
RIMEDIO = "serve concedi_oblio() in una migrazione nuova di conservazione"


def _chiedi(testo: str, *parametri: str) -> set:
    with connection.cursor() as cursore:
        cursore.execute(testo, parametri)
        return {riga[0] for riga in cursore.fetchall()}


def _coperte() -> set[str]:
    return _chiedi("SELECT registro_oblio_tabelle()")


def _puo(gesto: str) -> set[str]:
    return _chiedi(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
        " AND relnamespace = 'public'::regnamespace"
        " AND has_table_privilege('registro_oblio', oid, %s)",
        gesto,
    )


def test_ogni_tabella_che_indica_una_persona_e_coperta_o_ha_un_perche():
    """Sezione 2.2: una tabella nuova con una persona, o la sua storia, ferma questa prova."""
    indicano = _chiedi("""
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND c.relnamespace = 'public'::regnamespace AND NOT a.attisdropped
          AND (a.attname ~ 'beneficiar|assistit|^persona$' OR EXISTS (
              SELECT FROM pg_constraint k WHERE k.contype = 'f' AND k.conrelid = c.oid
                AND k.confrelid = 'beneficiari_beneficiario'::regclass))
    """)

    assert indicano - _coperte() - set(TENUTE) - set(RESTANO) == set()


def test_anche_la_storia_di_ogni_tabella_coperta_se_ne_va():
    tutte = _chiedi(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')"
        " AND relnamespace = 'public'::regnamespace"
    )
    storie = {nome.replace("_", "_storia", 1) for nome in _coperte()} & tutte

    assert storie - _coperte() == set()


def test_chi_dimentica_puo_togliere_solo_cio_che_e_coperto():
    """Il ruolo non entra, e ha i permessi che gli servono: né meno né più."""
    attese = _coperte() | set(ALTRE_TOLTE) | NASCOSTA

    assert attese - _puo("DELETE") == set(), RIMEDIO
    assert _puo("DELETE") - attese == set()
    assert _puo("INSERT") == SCRITTE
    assert _puo("UPDATE") == set(TENUTE)
    assert _puo("TRUNCATE") == set()
    lette = set(RITOCCATE) | set(LETTE) | set(NOMINATA_IN)
    assert _puo("SELECT") - attese - SCRITTE - set(TENUTE) == lette - attese


def test_colonna_per_colonna_ritocca_solo_i_titoli_e_i_testi_liberi():
    ritoccabili = _chiedi(
        "SELECT c.relname || '.' || a.attname FROM pg_class c"
        " JOIN pg_attribute a ON a.attrelid = c.oid, aclexplode(a.attacl) x"
        " WHERE x.grantee = 'registro_oblio'::regrole AND x.privilege_type = 'UPDATE'"
    )
    attese = {
        f"{tabella}.{colonna}"
        for tabella, colonne in (*RITOCCATE.items(), *NOMINATA_IN.items())
        for colonna in colonne.split(", ")
    }

    assert {voce for voce in ritoccabili if voce.split(".")[0] not in TENUTE} == attese


def test_ogni_testo_libero_che_resta_e_fra_quelli_ripuliti():
    """GDPR-19: una colonna nuova dove scrivere a mano, in una riga che resta, ferma questa prova."""
    liberi = _chiedi("""
        SELECT c.table_name || '.' || c.column_name FROM information_schema.columns c
        WHERE c.table_schema = 'public' AND c.data_type IN ('text', 'character varying')
          AND c.table_name ~ '^(beneficiari|prestazioni|privacy|conservazione)_'
          AND c.column_name <> 'pgh_label' AND coalesce(c.character_maximum_length, 1000) >= 100
          AND EXISTS (SELECT FROM information_schema.columns e
                      WHERE e.table_name = c.table_name AND e.column_name = 'ente_id')
    """)
    ripuliti = {
        f"{tabella}.{colonna}"
        for tabella, colonne in NOMINATA_IN.items()
        for colonna in colonne.split(", ")
    }
    restano = {
        voce
        for voce in liberi
        if voce.split(".")[0] not in (_coperte() - ANCHE_DI_ALTRE) | set(TENUTE) | set(ALTRE_TOLTE)
    }

    assert restano - ripuliti == set(NON_NE_PARLANO), "serve una riga in NOMINATA_IN"


def test_l_applicazione_non_dimentica_per_altre_strade():
    """L'unica porta è la funzione: le tabelle di persone l'applicazione non le svuota."""
    assert (
        _chiedi("SELECT rolname FROM pg_roles WHERE rolname = 'registro_oblio' AND rolcanlogin")
        == set()
    )
    assert _chiedi(
        "SELECT proname FROM pg_proc WHERE proowner = 'registro_oblio'::regrole"
        " AND has_function_privilege('registro_app', oid, 'EXECUTE')"
    ) == {"registro_dimentica"}


def test_chi_fa_statistiche_legge_solo_i_numeri_rilasciati():
    """GDPR-20, STAT-05: `registro_stat` ha SELECT su una tabella sola, senza colonne d'identità."""
    leggibili = _chiedi(
        "SELECT c.relname || '.' || a.attname FROM pg_class c"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        " WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.relnamespace = 'public'::regnamespace"
        " AND has_column_privilege('registro_stat', c.oid, a.attnum, 'SELECT')"
    )
    altro = _chiedi(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')"
        " AND relnamespace = 'public'::regnamespace"
        " AND has_table_privilege('registro_stat', oid, 'INSERT, UPDATE, DELETE, TRUNCATE')"
    )

    colonne = ("trimestre", "nodo", "asse", "prestazioni", "persone", "rilasciata_il")
    assert leggibili == {f"statistica_rilasciata.{nome}" for nome in colonne}
    assert altro == set()
