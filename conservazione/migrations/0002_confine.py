"""Chi legge le durate, le scadenze, le corse e i verbali; chi le scrive."""

from django.db import migrations

from privacy.migrazioni import DI_CHI_LAVORA, MAI, solo_in_aggiunta
from registro.comune.migrazioni import isola, legame_composto


APP = "conservazione_"
AMMINISTRA = "coalesce((SELECT registro_ruolo()) IN ('amministratore', 'sistema'), false)"
GARANTE = "coalesce((SELECT registro_ruolo()) = 'garante', false)"
RISPONDE = f"{DI_CHI_LAVORA} AND (SELECT registro_apre_tutto())"
# Conti e numeri, mai persone: li legge anche chi amministra e chi vigila.
DI_CHI_NE_RISPONDE = f"({RISPONDE}) OR {AMMINISTRA} OR {GARANTE}"


class Migration(migrations.Migration):
    dependencies = [
        ("conservazione", "0001_durate_scadenze_e_verbali"),
        ("privacy", "0002_confine"),
    ]

    operations = [
        # Per quanto si tengono i dati è pubblico dentro la rete.
        isola(f"{APP}regolaconservazione", leggi="true", inserisci=AMMINISTRA, cancella=MAI),
        isola(
            f"{APP}storiaregolaconservazione",
            leggi=f"{AMMINISTRA} OR {GARANTE}",
            inserisci=f"{AMMINISTRA} AND pg_trigger_depth() > 0",
            modifica=MAI,
            cancella=MAI,
        ),
        isola(f"{APP}scadenza", leggi=RISPONDE, inserisci=RISPONDE),
        legame_composto(f"{APP}scadenza", "beneficiario_id", "beneficiari_beneficiario"),
        isola(
            f"{APP}corsa",
            leggi=DI_CHI_NE_RISPONDE,
            inserisci=RISPONDE,
            modifica=MAI,
            cancella=MAI,
        ),
        isola(f"{APP}verbaleoblio", leggi=DI_CHI_NE_RISPONDE, inserisci=MAI),
        solo_in_aggiunta(f"{APP}storiaregolaconservazione", f"{APP}corsa", f"{APP}verbaleoblio"),
        # Il verbale lo scrive il database mentre dimentica.
        migrations.RunSQL(
            sql=f"REVOKE INSERT ON {APP}verbaleoblio FROM registro_app;",
            reverse_sql=f"GRANT INSERT ON {APP}verbaleoblio TO registro_app;",
        ),
        migrations.RunSQL(
            sql=f"REVOKE DELETE ON {APP}regolaconservazione FROM registro_app;",
            reverse_sql=f"GRANT DELETE ON {APP}regolaconservazione TO registro_app;",
        ),
    ]
