"""Ognuno vede i propri fattori e le proprie sessioni; quelli di un altro li azzera chi ne risponde.

Le tabelle sono di allauth e non hanno un ente: il confine qui è la persona. Nemmeno chi azzera legge i
fattori di un altro: lo fa una funzione, che controlla da sé chi chiede e non rende niente.
"""

from django.db import migrations

from registro.comune.migrazioni import funzione_di_guardia, isola


OGGI = "(now() AT TIME ZONE 'Europe/Rome')::date"
# In corso, o che deve ancora cominciare: chi avrà un altro ruolo è già affare di chi amministra.
_NON_FINITA = f"(a.fine IS NULL OR a.fine > {OGGI} OR (a.fine = {OGGI} AND a.chiusa_il IS NULL))"
PROPRI = "user_id = (SELECT registro_utente())"
SONO_IO = "utente_id = (SELECT registro_utente())"
AMMINISTRA = "coalesce((SELECT registro_ruolo()) IN ('amministratore', 'sistema'), false)"
# La funzione guarda una riga alla volta: si chiede solo a chi non è già passato.
RISPONDE = f"{SONO_IO} OR {AMMINISTRA} OR registro_puo_azzerare(utente_id)"

# Il referente azzera chi è operatore del suo ente e nient'altro: chi lavora anche altrove, o con un
# altro ruolo, porterebbe con sé l'accesso a ciò che il referente non vede.
PUO = f"""
DECLARE
    ruolo text := coalesce(public.registro_ruolo(), '');
BEGIN
    IF ruolo = 'sistema' THEN
        RETURN true;
    END IF;
    IF chi = public.registro_utente() THEN
        RETURN false;
    END IF;
    IF ruolo = 'amministratore' THEN
        RETURN true;
    END IF;
    RETURN ruolo = 'referente' AND EXISTS (
        SELECT 1 FROM public.enti_appartenenza a
        WHERE a.utente_id = chi AND a.ente_id = public.registro_ente()
          AND a.ruolo = 'operatore' AND {_NON_FINITA}
    ) AND NOT EXISTS (
        SELECT 1 FROM public.enti_appartenenza a
        WHERE a.utente_id = chi AND {_NON_FINITA}
          AND (a.ente_id <> public.registro_ente() OR a.ruolo <> 'operatore')
    );
END
"""

AZZERA = """
BEGIN
    IF NOT public.registro_puo_azzerare(chi) THEN
        RAISE EXCEPTION 'Il secondo fattore di questa persona lo azzera chi amministra la rete.'
            USING ERRCODE = '42501';
    END IF;
    DELETE FROM public.mfa_authenticator WHERE user_id = chi;
END
"""
# Di allauth.account si usa solo il codice: le sue tabelle restano vuote, e l'applicazione ne sta fuori.
CHIUSE = "account_emailaddress, account_emailconfirmation"


class Migration(migrations.Migration):
    dependencies = [
        ("enti", "0009_secondo_fattore"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("usersessions", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [
        funzione_di_guardia(
            "registro_puo_azzerare", argomenti="chi bigint", rende="boolean", corpo=PUO
        ),
        migrations.RunSQL(
            sql="GRANT SELECT, DELETE ON mfa_authenticator TO registro_guardia;",
            reverse_sql="REVOKE DELETE ON mfa_authenticator FROM registro_guardia;",
        ),
        funzione_di_guardia(
            "registro_azzera_fattori",
            argomenti="chi bigint",
            rende="void",
            corpo=AZZERA,
            scrive=True,
        ),
        isola("mfa_authenticator", leggi=PROPRI, inserisci=PROPRI),
        isola("usersessions_usersession", leggi=PROPRI, inserisci=PROPRI),
        isola("enti_ripristinofattore", leggi=RISPONDE, inserisci=RISPONDE, cancella="false"),
        migrations.RunSQL(
            sql=f"REVOKE ALL ON {CHIUSE} FROM registro_app;",
            reverse_sql=f"GRANT SELECT, INSERT, UPDATE, DELETE ON {CHIUSE} TO registro_app;",
        ),
    ]
