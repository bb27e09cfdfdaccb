"""Le convenzioni che una macchina può controllare."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from enti.models import CodiceEvento


NOSTRE = ("enti", "privacy", "assi", "beneficiari", "prestazioni", "conservazione", "report")

# Tabelle con un ente che stanno fuori dal confine, ciascuna col suo perché (vedi
# docs/architettura.md): sono la faccia pubblica della rete, non dati riservati di un ente.
FUORI_DAL_CONFINE = {
    "enti_presenzaterritoriale": "i comuni in cui un ente lavora sono pubblici",
    "assi_entediasse": "chi lavora su un asse è la cornice pubblica del progetto",
    "assi_entediazione": "chi realizza un'azione è la cornice pubblica del progetto",
}

# Funzioni che l'applicazione non chiama: i registri li sigilla, e ne apre e chiude i mesi, chi entra
# come registro_sigillo.
DI_SERVIZIO = {
    "registro_apri_mese",
    "registro_attesa",
    "registro_mesi",
    "registro_nuova_epoca",
    "registro_ricalcola",
    "registro_righe_del_mese",
    "registro_sigilla",
    "registro_togli_mese",
}

# Pagine che non chiedono un permesso, ciascuna col suo perché.
VISTE_APERTE = {
    "enti:accedi": "per entrare bisogna arrivarci",
    "enti:secondo_passo": "il secondo passo: la password l'ha già data",
    "enti:fattore_perso": "chi ha dato la password e ha perso il secondo fattore",
    "enti:password_dimenticata": "per chi non può entrare: risponde a tutti allo stesso modo",
    "enti:password_gettone": "apre la porta il gettone spedito per posta",
    "enti:password_nuova": "la sceglie chi ha il gettone nella sessione",
    "enti:rientra": "rientrare nella pagina coperta: è l'accesso",
    "enti:rientra_codice": "il secondo passo di chi rientra",
    "enti:esci": "chi è entrato può sempre uscire",
    "enti:resta": "la propria sessione, di chiunque sia entrato",
    "enti:sicurezza": "il proprio accesso, di chiunque sia entrato",
    "enti:conferma": "il proprio accesso: la password, di nuovo",
    "enti:password_cambia": "il proprio accesso: la password",
    "enti:fattore_nuovo": "il proprio accesso: la sola pagina di chi deve attivare il fattore",
    "enti:app_nuova": "il proprio accesso: attivare l'app",
    "enti:app_togli": "il proprio accesso: togliere l'app",
    "enti:passkey_nuova": "il proprio accesso: aggiungere una passkey",
    "enti:passkey_togli": "il proprio accesso: solo le proprie passkey, se no 404",
    "enti:codici": "il proprio accesso: i codici di riserva",
    "enti:accessi": "il proprio accesso: le proprie sessioni",
    "enti:accesso_chiudi": "il proprio accesso: solo le proprie sessioni, se no 404",
    "enti:accessi_chiudi": "il proprio accesso: le altre proprie sessioni",
    "enti:scegli": "chi non ha un ente deve poter leggere perché",
    "enti:presenza": "la chiede ogni pagina aperta, anche dopo l'uscita: risponde solo un numero",
    "enti:invito": "chi è invitato non ha ancora un account: apre la porta il gettone",
    "privacy:accordo": "il contenuto essenziale di un accordo è pubblico (art. 26.2 GDPR)",
    "salute": "la legge chi sorveglia il servizio, senza dati",
    "salute_copie": "la legge chi sorveglia il servizio: due istanti, nessun dato",
    "aiuto": "pagina di sole parole",
    "accessibilita": "pagina di sole parole",
    "privacy_sito": "pagina di sole parole",
    "manuale_privacy": "pagina di sole parole",
    "galleria": "solo in dimostrazione: mostra i componenti senza dati",
}


def test_ogni_codice_di_evento_lo_scrive_qualcuno():
    """Un codice che nessuno scrive promette a chi vigila una cosa che non accade."""
    fonti = [
        file.read_text(encoding="utf-8")
        for nome in (*NOSTRE, "registro")
        for file in Path(settings.CARTELLA_BASE, nome).rglob("*.py")
    ]
    scritti = set(re.findall(r"\bCodiceEvento\.([A-Z_]+)", "\n".join(fonti)))

    assert {codice.name for codice in CodiceEvento} == scritti


def modelli():
    return [modello for nome in NOSTRE for modello in apps.get_app_config(nome).get_models()]


def viste(risolutore=None, prefisso=""):
    """Ogni vista dell'applicazione: (nome completo, voce)."""
    for voce in (risolutore or get_resolver()).url_patterns:
        if isinstance(voce, URLResolver):
            spazio = f"{prefisso}{voce.namespace}:" if voce.namespace else prefisso
            yield from viste(voce, spazio)
        elif isinstance(voce, URLPattern):
            yield f"{prefisso}{voce.name}", voce


def _isolate() -> set[str]:
    with connection.cursor() as cursore:
        cursore.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
        )
        return {nome for (nome,) in cursore.fetchall()}


def _con_ente():
    return [m for m in modelli() if any(campo.name == "ente" for campo in m._meta.fields)]


@pytest.mark.django_db
def test_ogni_tabella_con_un_ente_e_isolata():
    attese = {m._meta.db_table for m in _con_ente()} - set(FUORI_DAL_CONFINE)

    assert attese - _isolate() == set()


@pytest.mark.django_db
def test_ogni_tabella_isolata_ha_una_policy_per_gesto():
    with connection.cursor() as cursore:
        cursore.execute(
            "SELECT tablename, array_agg(cmd ORDER BY cmd) FROM pg_policies GROUP BY tablename"
        )
        policy = dict(cursore.fetchall())

    assert set(policy) == _isolate()
    assert {tuple(gesti) for gesti in policy.values()} == {
        ("DELETE", "INSERT", "SELECT", "UPDATE")
    }


@pytest.mark.django_db
def test_nelle_policy_le_funzioni_stanno_dentro_una_select():
    with connection.cursor() as cursore:
        cursore.execute(
            "SELECT tablename, policyname, coalesce(qual, '') || coalesce(with_check, '')"
            " FROM pg_policies"
        )
        nude = [
            (tabella, policy)
            for tabella, policy, testo in cursore.fetchall()
            if re.search(r"(?<!SELECT )registro_\w+\(\)", testo)
        ]

    assert nude == []


@pytest.mark.django_db
def test_ogni_legame_fra_righe_isolate_resta_nello_stesso_ente():
    isolati = [m for m in _con_ente() if m._meta.db_table not in FUORI_DAL_CONFINE]
    attesi = {
        f"{modello._meta.db_table}_{campo.column}_stesso_ente"
        for modello in isolati
        for campo in modello._meta.fields
        # La storia indica righe che possono non esserci più: non ha chiavi esterne.
        if campo.related_model in isolati and campo.db_constraint
    }
    with connection.cursor() as cursore:
        cursore.execute("SELECT conname FROM pg_constraint WHERE conname LIKE '%%stesso_ente'")
        presenti = {nome for (nome,) in cursore.fetchall()}

    assert attesi == presenti


@pytest.mark.django_db
def test_ogni_vincolo_di_unicita_di_una_tabella_isolata_comprende_l_ente():
    """Un'unicità globale direbbe a un ente che cosa esiste in un altro. L'UUID è a caso."""
    globali = {
        vincolo.name
        for modello in _con_ente()
        if modello._meta.db_table not in FUORI_DAL_CONFINE
        for vincolo in modello._meta.constraints
        if hasattr(vincolo, "fields") and vincolo.fields and "ente" not in vincolo.fields
    }

    assert globali == set()


@pytest.mark.django_db
def test_le_funzioni_di_guardia_sono_chiuse():
    with connection.cursor() as cursore:
        cursore.execute(
            "SELECT p.proname, r.rolname, p.proconfig,"
            " has_function_privilege('registro_app', p.oid, 'EXECUTE'),"
            " EXISTS (SELECT 1 FROM aclexplode(p.proacl) a WHERE a.grantee = 0),"
            " p.prorettype = 'trigger'::regtype"
            " FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner WHERE p.prosecdef"
        )
        guardie = cursore.fetchall()

    assert guardie
    for nome, padrone, configurazione, app_puo, tutti_possono, trigger in guardie:
        # Chi dimentica una persona ha un ruolo suo, che non può altro.
        atteso = "registro_oblio" if nome == "registro_dimentica" else "registro_guardia"
        assert padrone == atteso, nome
        assert any(voce.startswith("search_path=pg_catalog") for voce in configurazione), nome
        # Una funzione di trigger l'aggancia a una tabella solo chi migra.
        assert app_puo is not (trigger or nome in DI_SERVIZIO), nome
        assert not tutti_possono, nome


def test_ogni_vista_dichiara_i_permessi():
    scoperte = {
        nome
        for nome, voce in viste()
        if nome not in VISTE_APERTE and not getattr(voce.callback, "permessi_richiesti", ())
    }

    assert scoperte == set()


def test_ogni_vincolo_ha_una_frase():
    muti = {
        vincolo.name
        for modello in modelli()
        for vincolo in modello._meta.constraints
        if vincolo.violation_error_message == vincolo.default_violation_error_message
    }

    assert muti == set()


def test_ogni_migrazione_ha_un_nome_che_dice_qualcosa():
    senza_nome = [
        percorso.name
        for nome in NOSTRE
        for percorso in Path(settings.CARTELLA_BASE, nome, "migrations").glob("0*.py")
        if re.search(r"_(auto|initial|migration)(_|\.)|_and_more|_alter_", percorso.name)
    ]

    assert senza_nome == []


@pytest.mark.parametrize("strato", ["models", "azioni", "tasks", "documenti", "copie", "calcolo"])
def test_il_dominio_non_conosce_le_pagine(strato):
    vietati = {"django.http", "django.shortcuts", "django.contrib.messages"}
    for nome in NOSTRE:
        radice = Path(settings.CARTELLA_BASE, nome)
        file = [radice / f"{strato}.py", *(radice / strato).rglob("*.py")]
        for percorso in filter(Path.exists, file):
            importati = {
                nodo.module
                for nodo in ast.walk(ast.parse(percorso.read_text()))
                if isinstance(nodo, ast.ImportFrom)
            }
            assert importati.isdisjoint(vietati), percorso


def _template() -> list[Path]:
    return list(Path(settings.CARTELLA_BASE, "templates").rglob("*.html"))


def test_nessun_template_ha_script_o_gestori_in_linea():
    vietato = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\son\w+=|hx-on|javascript:", re.I)
    trovati = [
        str(percorso)
        for percorso in _template()
        if "stampa" not in percorso.parts and vietato.search(percorso.read_text())
    ]

    assert trovati == []


def test_nessun_template_e_orfano():
    """Ogni template è nominato da qualche parte: per esteso, o col solo nome da chi lo compone."""
    base = Path(settings.CARTELLA_BASE)
    testi = "\n".join(
        percorso.read_text()
        for cartella in ("templates", "registro", *NOSTRE)
        for percorso in (base / cartella).rglob("*")
        if percorso.suffix in {".py", ".html"}
    )
    orfani = [
        nome
        for percorso in _template()
        if (nome := str(percorso.relative_to(base / "templates"))) not in testi
        and not re.search(rf"[\"'/]_?(rapporto_)?{percorso.stem.lstrip('_')}(\.html)?[\"']", testi)
    ]

    assert orfani == []


def test_niente_sql_composto_a_mano_fuori_dalle_migrazioni():
    """`raw`, `extra`, `RawSQL` e stringhe composte in `execute` non passano."""
    trovati = []
    for nome in (*NOSTRE, "registro"):
        for percorso in Path(settings.CARTELLA_BASE, nome).rglob("*.py"):
            if "migrations" in percorso.parts or percorso.name == "migrazioni.py":
                continue
            for nodo in ast.walk(ast.parse(percorso.read_text())):
                if _sql_pericoloso(nodo):
                    trovati.append(f"{percorso.name}:{nodo.lineno}")

    assert trovati == []


def _sql_pericoloso(nodo: ast.AST) -> bool:
    if not isinstance(nodo, ast.Call):
        return False
    nome = getattr(nodo.func, "attr", getattr(nodo.func, "id", ""))
    if nome in {"raw", "extra", "RawSQL"}:
        return True
    return (
        nome == "execute"
        and bool(nodo.args)
        and isinstance(nodo.args[0], (ast.JoinedStr, ast.BinOp))
    )
