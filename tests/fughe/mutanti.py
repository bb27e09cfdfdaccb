"""Guasti piantati apposta: una prova che non li trova non prova niente.

Ogni mutante si accende e si spegne da sé. Quelli del database riscrivono, da superutente e in un
database a parte, una policy, una funzione o un vincolo; quelli del programma sostituiscono una
funzione. `uccide` è il controllo che deve accorgersene, col nome della prova che lo fa sempre.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from unittest.mock import patch

import psycopg
from django.http import HttpResponse
from psycopg import sql

from beneficiari.models.persone import BeneficiarioQuerySet
from enti.middleware import EnteCorrenteMiddleware
from privacy import letture
from registro.db import base, contesto


Guasto = Callable[[psycopg.Connection], object]


@dataclass(frozen=True)
class Mutante:
    nome: str
    guasto: Guasto
    uccide: str


# Guasti del database ------------------------------------------------------------------------


def policy(vecchio: str, nuovo: str, *, tabelle: str = "^beneficiari_", gesto: str = "SELECT"):
    """Riscrive un pezzo delle policy di `gesto` (com'è scritto in pg_policies), poi le rimette."""

    @contextmanager
    def guasta(padrone: psycopg.Connection) -> Iterator[None]:
        colonna = "with_check" if gesto == "INSERT" else "qual"
        parola = "WITH CHECK" if gesto == "INSERT" else "USING"
        trovate = padrone.execute(
            sql.SQL(
                "SELECT tablename, policyname, {0} FROM pg_policies"
                " WHERE tablename ~ %s AND cmd = %s AND position(%s IN {0}) > 0"
            ).format(sql.Identifier(colonna)),
            [tabelle, gesto, vecchio],
        ).fetchall()
        assert trovate, f"nessuna policy dice {vecchio}"

        def scrivi(testo: Callable[[str], str]) -> None:
            for tabella, nome, com_era in trovate:
                padrone.execute(
                    sql.SQL("ALTER POLICY {} ON {} {} ({})").format(
                        sql.Identifier(nome),
                        sql.Identifier(tabella),
                        sql.SQL(parola),
                        sql.SQL(testo(com_era)),
                    )
                )

        scrivi(lambda com_era: com_era.replace(vecchio, nuovo))
        try:
            yield
        finally:
            scrivi(lambda com_era: com_era)

    return guasta


def funzione(nome: str, vecchio: str, nuovo: str):
    """Riscrive un pezzo del corpo di una funzione, poi la rimette."""

    @contextmanager
    def guasta(padrone: psycopg.Connection) -> Iterator[None]:
        (com_era,) = padrone.execute(
            "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = %s", [nome]
        ).fetchone()
        assert vecchio in com_era, f"{nome} non dice {vecchio}"
        padrone.execute(com_era.replace(vecchio, nuovo))
        try:
            yield
        finally:
            padrone.execute(com_era)

    return guasta


def istruzioni(guasta_cosi: str, rimedia: str):
    """Esegue un'istruzione, e alla fine quella che la disfa."""

    @contextmanager
    def guasta(padrone: psycopg.Connection) -> Iterator[None]:
        padrone.execute(guasta_cosi)
        try:
            yield
        finally:
            padrone.execute(rimedia)

    return guasta


@contextmanager
def legame_non_composto(padrone: psycopg.Connection) -> Iterator[None]:
    """Una riga può agganciarsi alla persona di un altro ente."""
    with ExitStack() as pila:
        for tabella in ("recapito", "nota", "bisognorilevato"):
            vincolo = f"beneficiari_{tabella}_beneficiario_id_stesso_ente"
            (testo,) = padrone.execute(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [vincolo]
            ).fetchone()
            togli = f"ALTER TABLE beneficiari_{tabella} DROP CONSTRAINT {vincolo}"
            rimetti = f"ALTER TABLE beneficiari_{tabella} ADD CONSTRAINT {vincolo} {testo}"
            pila.enter_context(istruzioni(togli, rimetti)(padrone))
        yield


ANAGRAFICA_APERTA = policy(
    "ente_id = ANY", "true OR ente_id = ANY", tabelle="^beneficiari_beneficiario$"
)


@contextmanager
def elenco_senza_confine(padrone: psycopg.Connection) -> Iterator[None]:
    """Né la policy né la vista guardano l'ente: da solo, uno dei due basterebbe."""
    senza_ente = patch.object(BeneficiarioQuerySet, "di", lambda self, ente: self)
    with ANAGRAFICA_APERTA(padrone), senza_ente:
        yield


# Guasti del programma -----------------------------------------------------------------------


def _sessione_intera(self) -> None:
    """Il contesto resta sulla connessione dopo la transazione."""
    utente, ente, finalita = contesto.contesto_corrente()
    with self.connection.cursor() as cursore:
        cursore.execute(
            "SELECT set_config('registro.utente', %s, false),"
            " set_config('registro.ente', %s, false), set_config('registro.finalita', %s, false)",
            (str(utente or ""), str(ente or ""), finalita or ""),
        )


def _finalita_che_resta(self) -> None:
    """La finalità di prima resta a chi non ne dice una."""
    utente, ente, finalita = contesto.contesto_corrente()
    with self.connection.cursor() as cursore:
        cursore.execute(
            "SELECT set_config('registro.utente', %s, true), set_config('registro.ente', %s, true)",
            (str(utente or ""), str(ente or "")),
        )
        if finalita:
            cursore.execute("SELECT set_config('registro.finalita', %s, true)", (finalita,))


def _applica(contesto_guasto):
    return lambda padrone: patch.object(base.DatabaseWrapper, "applica_contesto", contesto_guasto)


def _rispondi_guasto(cambia: Callable):
    """Sostituisce ciò che il middleware fa della risposta."""
    vera = EnteCorrenteMiddleware._rispondi

    def rispondi(self, request):
        return cambia(self, request, lambda: vera(self, request))

    return lambda padrone: patch.object(EnteCorrenteMiddleware, "_rispondi", rispondi)


def _proibito_invece_che_assente(padrone: psycopg.Connection):
    """403 a chi chiede una persona che esiste altrove, 404 a chi la inventa."""

    def cambia(self, request, prosegui):
        risposta = prosegui()
        uuid = (
            (request.resolver_match.kwargs or {}).get("uuid") if request.resolver_match else None
        )
        (esiste,) = padrone.execute(
            "SELECT EXISTS (SELECT FROM beneficiari_beneficiario WHERE uuid = %s)", [uuid]
        ).fetchone()
        return HttpResponse(status=403) if risposta.status_code == 404 and esiste else risposta

    return _rispondi_guasto(cambia)(padrone)


def _copia_per_tutti(padrone: psycopg.Connection):
    """Una copia della pagina per indirizzo, senza guardare chi la chiede."""
    copie: dict[str, HttpResponse] = {}

    def cambia(self, request, prosegui):
        if request.path not in copie:
            copie[request.path] = prosegui()
            copie[request.path].render() if hasattr(copie[request.path], "render") else None
        return copie[request.path]

    return _rispondi_guasto(cambia)(padrone)


def _nome_nella_risposta(dove: str):
    """Un nome che esce dove nessuno guarda: l'intestazione, o la pagina d'errore."""

    def fabbrica(padrone: psycopg.Connection):
        def cambia(self, request, prosegui):
            risposta = prosegui()
            (nome,) = padrone.execute(
                "SELECT cognome FROM beneficiari_beneficiario WHERE cognome ~ '^E1' LIMIT 1"
            ).fetchone()
            if dove == "intestazione":
                risposta["Content-Disposition"] = f'attachment; filename="{nome}.pdf"'
            elif risposta.status_code == 404:
                risposta.content += nome.encode()
            return risposta

        return _rispondi_guasto(cambia)(padrone)

    return fabbrica


def _nessun_registro(padrone: psycopg.Connection):
    return patch.object(letture.Raccolta, "scrivi", lambda raccolta: None)


MONDI = "test_in_ogni_mondo_si_vede_cio_che_dice_l_oracolo"
ASSETTO = "test_il_database_sta_come_deve"
NUDA = "test_finito_il_contesto_la_stessa_connessione_non_vede_niente"
ALTRUI = "test_cio_che_e_di_un_altro_risponde_come_cio_che_non_c_e"
RUOLI = "test_nel_proprio_ente_decide_il_ruolo"
LETTURE = "test_chi_legge_lascia_una_riga_nel_registro"

_OGGI = "( SELECT registro_oggi() AS registro_oggi)"
_FINALITA = "(a.finalita)::text = ( SELECT registro_finalita() AS registro_finalita)"

MUTANTI = [
    Mutante("autorizzazione_scaduta", policy(f"(a.al >= {_OGGI})", "true"), MONDI),
    Mutante("autorizzazione_futura", policy(f"(a.dal <= {_OGGI})", "true"), MONDI),
    Mutante("autorizzazione_revocata", policy("(a.revocata_il IS NULL)", "true"), MONDI),
    Mutante("finalita_ignorata", policy(f"({_FINALITA})", "true"), MONDI),
    Mutante("livello_ignorato", policy("((a.livello)::text = 'completo'::text)", "true"), MONDI),
    Mutante(
        "gruppo_ignorato",
        policy("('note'::text = ANY ((a.gruppi)::text[]))", "true"),
        MONDI,
    ),
    Mutante(
        "ente_destinatario_ignorato",
        policy(
            "(a.destinatario_id = ANY (( SELECT registro_enti_persone() AS registro_enti_persone)::bigint[]))",
            "true",
        ),
        MONDI,
    ),
    Mutante(
        "ruolo_ignorato",
        funzione(
            "registro_enti_persone", "IN ('operatore', 'referente', 'sistema')", "IS NOT NULL"
        ),
        MONDI,
    ),
    Mutante(
        "sensibili_sempre_aperti",
        funzione("registro_apre_tutto", "public.registro_ruolo() IN", "'referente' IN"),
        MONDI,
    ),
    Mutante(
        "affidamento_finito",
        policy("((f.al IS NULL) OR (f.al > statement_timestamp()))", "true"),
        MONDI,
    ),
    Mutante(
        "appartenenza_finita",
        funzione("registro_ruolo", "a.fine IS NULL", "true"),
        MONDI,
    ),
    Mutante("account_chiuso", funzione("registro_ruolo", "AND u.is_active", ""), MONDI),
    Mutante(
        "riservato_ignorato",
        policy("((NOT riservato) OR", "(true OR", tabelle="^beneficiari_recapito$"),
        MONDI,
    ),
    Mutante(
        "scrive_chiunque",
        policy(
            "ente_id = ANY",
            "true OR ente_id = ANY",
            tabelle="^beneficiari_(storia)?(recapito|nota)$",
            gesto="INSERT",
        ),
        MONDI,
    ),
    Mutante("anagrafica_di_tutti", ANAGRAFICA_APERTA, MONDI),
    Mutante("legame_non_composto", legame_non_composto, MONDI),
    Mutante(
        "la_revoca_non_chiude",
        istruzioni(
            "ALTER TABLE beneficiari_revocaconsenso DISABLE TRIGGER regola_revoca",
            "ALTER TABLE beneficiari_revocaconsenso ENABLE TRIGGER regola_revoca",
        ),
        MONDI,
    ),
    Mutante(
        "l_accordo_finito_non_chiude",
        istruzioni(
            "ALTER TABLE privacy_accordocontitolarita DISABLE TRIGGER regola_accordo_finito",
            "ALTER TABLE privacy_accordocontitolarita ENABLE TRIGGER regola_accordo_finito",
        ),
        MONDI,
    ),
    Mutante(
        "consenso_per_altre_finalita",
        funzione("regola_autorizzazione", "NEW.finalita = ANY(c.finalita) AND", ""),
        MONDI,
    ),
    Mutante(
        "guardia_senza_controllo",
        funzione(
            "registro_condivise", "a.destinatario_id = ANY(public.registro_enti_persone())", "true"
        ),
        MONDI,
    ),
    Mutante(
        "emergenza_scaduta",
        funzione("registro_emergenza", "a.fino_al > statement_timestamp()", "true"),
        MONDI,
    ),
    Mutante(
        "emergenza_di_un_altro",
        funzione("registro_emergenza", "a.utente_id = public.registro_utente()", "true"),
        MONDI,
    ),
    Mutante(
        "sospesa_che_apre",
        policy("(NOT sospesa)", "true", tabelle="^beneficiari_autorizzazione$"),
        MONDI,
    ),
    Mutante(
        "limitare_non_sospende",
        istruzioni(
            "ALTER TABLE beneficiari_limitazione DISABLE TRIGGER regola_limitazione_sospende",
            "ALTER TABLE beneficiari_limitazione ENABLE TRIGGER regola_limitazione_sospende",
        ),
        MONDI,
    ),
    Mutante(
        "nomi_di_una_sospesa",
        funzione("registro_condivise", "NOT a.sospesa", "true"),
        MONDI,
    ),
    Mutante("finalita_che_resta", _applica(_finalita_che_resta), MONDI),
    Mutante(
        "non_vale_per_chi_possiede",
        istruzioni(
            "ALTER TABLE beneficiari_nota NO FORCE ROW LEVEL SECURITY",
            "ALTER TABLE beneficiari_nota FORCE ROW LEVEL SECURITY",
        ),
        ASSETTO,
    ),
    Mutante(
        "vista_del_proprietario",
        istruzioni(
            "CREATE VIEW tutte_le_persone AS SELECT * FROM beneficiari_beneficiario",
            "DROP VIEW tutte_le_persone",
        ),
        ASSETTO,
    ),
    Mutante(
        "unicita_di_rete",
        istruzioni(
            "CREATE UNIQUE INDEX codice_unico ON beneficiari_identificativo (indice)",
            "DROP INDEX codice_unico",
        ),
        ASSETTO,
    ),
    Mutante(
        "registro_che_si_riscrive",
        istruzioni(
            "GRANT UPDATE, DELETE ON privacy_registroaccessi TO registro_app",
            "REVOKE UPDATE, DELETE ON privacy_registroaccessi FROM registro_app",
        ),
        ASSETTO,
    ),
    Mutante("contesto_di_sessione", _applica(_sessione_intera), NUDA),
    Mutante("proibito_invece_che_assente", _proibito_invece_che_assente, ALTRUI),
    Mutante("nome_nella_pagina_d_errore", _nome_nella_risposta("errore"), ALTRUI),
    Mutante("nome_nel_nome_del_file", _nome_nella_risposta("intestazione"), RUOLI),
    Mutante("copia_per_tutti", _copia_per_tutti, RUOLI),
    Mutante("elenco_senza_confine", elenco_senza_confine, RUOLI),
    Mutante("letture_non_registrate", _nessun_registro, LETTURE),
]
