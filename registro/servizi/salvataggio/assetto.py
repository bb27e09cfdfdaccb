"""Com'è fatto un database, voce per voce: policy, privilegi, funzioni, vincoli, trigger, ruoli.

Di ogni voce si tiene l'impronta: due database si confrontano anche quando uno non c'è più, e una
differenza ha un nome.
"""

import hashlib
import json

import psycopg

from registro.servizi.salvataggio.forma_sql import forma_normale
from registro.servizi.salvataggio.somme import imposta_le_forme


_NOSTRI = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
_DI_UN_ESTENSIONE = """EXISTS (SELECT FROM pg_depend d
    WHERE d.classid = '{0}'::regclass AND d.objid = {1} AND d.deptype = 'e')"""


def _privilegi(acl: str, tipo: str, padrone: str) -> str:
    """I privilegi come elenco ordinato: il loro ordine cambia da un server all'altro."""
    elenco = f"aclexplode(coalesce({acl}, acldefault('{tipo}', {padrone})))"
    voce = "format('%s %s %s', pg_get_userbyid(a.grantee), a.privilege_type, a.is_grantable)"
    ordine = "a.grantee::regrole::text, a.privilege_type"
    return f"(SELECT array_agg({voce} ORDER BY {ordine}) FROM {elenco} a)"  # noqa: S608


_TABELLE = f"""
    SELECT n.nspname || '.' || c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity,
           pg_get_userbyid(c.relowner), c.reloptions, pg_get_expr(c.relpartbound, c.oid),
           {_privilegi("c.relacl", "r", "c.relowner")},
           CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND c.relpersistence <> 't' AND {_NOSTRI}
      AND NOT {_DI_UN_ESTENSIONE.format("pg_class", "c.oid")}"""  # noqa: S608 - testi nostri
_COLONNE = f"""
    SELECT n.nspname || '.' || c.relname || '.' || a.attname,
           format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
           pg_get_expr(d.adbin, d.adrelid),
           (SELECT array_agg(format('%s %s', pg_get_userbyid(x.grantee), x.privilege_type)
               ORDER BY x.grantee::regrole::text, x.privilege_type) FROM aclexplode(a.attacl) x)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v')
      AND c.relpersistence <> 't' AND {_NOSTRI}
      AND NOT {_DI_UN_ESTENSIONE.format("pg_class", "c.oid")}"""  # noqa: S608 - testi nostri
_FUNZIONI = f"""
    SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid), pg_get_userbyid(p.proowner),
           {_privilegi("p.proacl", "f", "p.proowner")}
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE {_NOSTRI} AND p.prokind IN ('f', 'p')
      AND NOT {_DI_UN_ESTENSIONE.format("pg_proc", "p.oid")}"""  # noqa: S608 - testi nostri
_INTERROGAZIONI = {
    "tabella": _TABELLE,
    "colonna": _COLONNE,
    "funzione": _FUNZIONI,
    "policy": """
        SELECT schemaname || '.' || tablename || ' ' || policyname, permissive, roles, cmd, qual,
               with_check FROM pg_policies""",
    "vincolo": """
        SELECT conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid), convalidated
        FROM pg_constraint WHERE conrelid <> 0 AND contype <> 'n'
          AND connamespace::regnamespace::text !~ '^(pg_|information_schema)'""",
    "indice": """
        SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid), indisvalid
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        WHERE c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)'""",
    "trigger": """
        SELECT tgrelid::regclass || ' ' || tgname, pg_get_triggerdef(oid), tgenabled
        FROM pg_trigger WHERE NOT tgisinternal""",
    "privilegi dello schema": f"""
        SELECT n.nspname, {_privilegi("n.nspacl", "n", "n.nspowner")}
        FROM pg_namespace n WHERE {_NOSTRI}""",  # noqa: S608 - testi nostri
    "privilegi di ciò che nascerà": """
        SELECT format('%s %s', pg_get_userbyid(defaclrole), defaclobjtype),
               (SELECT array_agg(format('%s %s', pg_get_userbyid(a.grantee), a.privilege_type)
                   ORDER BY a.grantee::regrole::text, a.privilege_type)
                   FROM aclexplode(defaclacl) a)
        FROM pg_default_acl""",
    "estensione": "SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'",
    "ruolo": """
        SELECT rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
               rolreplication,
               (SELECT array_agg(pg_get_userbyid(roleid) ORDER BY pg_get_userbyid(roleid))
                   FROM pg_auth_members WHERE member = r.oid)
        FROM pg_roles r WHERE rolname ~ '^registro_'""",
    "privilegi del database": """
        SELECT 'questo', (SELECT array_agg(format('%s %s', pg_get_userbyid(a.grantee),
            a.privilege_type) ORDER BY a.grantee::regrole::text, a.privilege_type)
            FROM aclexplode(datacl) a WHERE a.grantee::regrole::text ~ '^registro_'),
            pg_get_userbyid(datdba) = 'registro_owner'
        FROM pg_database WHERE datname = current_database()""",
}


def assetto(connessione: psycopg.Connection) -> dict[str, str]:
    """«specie nome» → impronta di com'è fatto, per tutto ciò che sta nel database di adesso."""
    imposta_le_forme(connessione)
    esito = {}
    for specie, interrogazione in _INTERROGAZIONI.items():
        for nome, *voci in connessione.execute(interrogazione).fetchall():
            if specie != "funzione":
                voci = [forma_normale(v) if isinstance(v, str) else v for v in voci]
            testo = json.dumps(voci, ensure_ascii=False, default=str)
            esito[f"{specie} {nome}"] = hashlib.sha256(testo.encode()).hexdigest()[:32]
    return esito


def differenze(atteso: dict[str, str], trovato: dict[str, str]) -> list[str]:
    """Una frase per ogni voce che manca, avanza o è fatta in un altro modo."""
    frasi = [f"{nome}: manca" for nome in sorted(atteso.keys() - trovato.keys())]
    frasi += [f"{nome}: non doveva esserci" for nome in sorted(trovato.keys() - atteso.keys())]
    return frasi + [
        f"{nome}: è diversa"
        for nome in sorted(atteso.keys() & trovato.keys())
        if atteso[nome] != trovato[nome]
    ]
