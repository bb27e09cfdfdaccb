"""L'inoltro porta solo ciò che serve a rispondere; un'unione rifà i conti delle condivisioni sospese.

Una nota sull'identità può dire da quale servizio viene la persona, e un comune nuovo dove vive adesso:
nessuno dei due passa a un altro ente. Un'opposizione arrivata da altri, di chi non si sa ancora con
certezza chi sia, non ferma niente finché chi la riceve non l'ha accolta.
"""

import importlib

from django.db import migrations

from privacy.migrazioni import funzione_di_regola


DIRITTI = importlib.import_module("beneficiari.migrations.0014_diritti_degli_interessati")

INOLTRATE = "r.nota_identita, r.che_cosa, r.campo, r.valore_proposto, r.finalita, false, true"
# Una correzione senza valore né parole il vincolo la rifiuta: allora si dice di chiederlo.
STRETTE = """'',
        CASE WHEN r.campo = 'comune' AND r.che_cosa = ''
            THEN 'Il comune dove vive va corretto: chiedi alla persona.' ELSE r.che_cosa END,
        r.campo, CASE WHEN r.campo = 'comune' THEN '' ELSE r.valore_proposto END,
        r.finalita, false, true"""
CONTANO = "r.tipo = 'opposizione' AND r.stato IN ('aperta', 'accolta')"
CERTE = f"{CONTANO} AND NOT (r.stato = 'aperta' AND r.arrivata AND r.identita = 'non-certa')"
FERMANO = (
    "regola_richiesta_sospende",
    "regola_limitazione_sospende",
    "regola_autorizzazione_e_diritti",
)


def _riscrivi(nomi: tuple[str, ...], da: str, a: str) -> str:
    """Cambia un pezzo del corpo di funzioni della guardia; si ferma se non c'è."""
    return f"""
    SET ROLE registro_guardia;
    DO $riscrivi$ DECLARE f regprocedure; BEGIN
        FOR f IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
            AND p.proname = ANY(ARRAY{list(nomi)!r})
        LOOP
            IF position($pezzo${da}$pezzo$ IN pg_get_functiondef(f)) = 0 THEN
                RAISE EXCEPTION '% non dice ciò che si cambia', f;
            END IF;
            EXECUTE replace(pg_get_functiondef(f), $pezzo${da}$pezzo$, $pezzo${a}$pezzo$);
        END LOOP;
    END $riscrivi$;
    RESET ROLE;
    """


def _cambia(nomi: tuple[str, ...], da: str, a: str) -> migrations.RunSQL:
    return migrations.RunSQL(sql=_riscrivi(nomi, da, a), reverse_sql=_riscrivi(nomi, a, da))


def _sospende(chi: str) -> str:
    """L'istruzione che rimette a posto le condivisioni della persona `chi`."""
    istruzione = DIRITTI.SOSPENDE.split("BEGIN", 1)[1].rsplit("RETURN NULL;", 1)[0]
    return istruzione.replace("NEW.beneficiario_id", chi).replace(CONTANO, CERTE)


# Chi entra in un'unione prende limitazioni e opposizioni della riga tenuta; chi ne esce torna alle sue.
UNIONE = f"""
BEGIN
    {_sospende("NEW.id")}
    {_sospende("OLD.unito_a_id")}
    RETURN NULL;
END
"""


class Migration(migrations.Migration):
    dependencies = [("beneficiari", "0016_anomalie_delle_letture")]

    operations = [
        _cambia(("registro_inoltra_richiesta",), INOLTRATE, STRETTE),
        _cambia(FERMANO, CONTANO, CERTE),
        funzione_di_regola(
            "regola_unione_sospende",
            "beneficiari_beneficiario",
            "AFTER UPDATE OF unito_a_id",
            UNIONE,
            guardia=True,
        ),
    ]
