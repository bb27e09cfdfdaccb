"""Chi può cambiare un'attività indiretta la può anche togliere: chi l'ha fatta, e chi risponde."""

from django.db import migrations

from privacy.migrazioni import DI_CHI_LAVORA


TABELLA = "prestazioni_attivitaindiretta"
IO = "(SELECT registro_utente())"
FIRMATA = f"{DI_CHI_LAVORA} AND registrata_da_id = {IO}"
MIA = (
    f"{DI_CHI_LAVORA} AND ((SELECT registro_apre_tutto())"
    f" OR operatore_id = {IO} OR registrata_da_id = {IO})"
)


class Migration(migrations.Migration):
    dependencies = [("prestazioni", "0010_ricifra_note_e_bozze")]

    operations = [
        migrations.RunSQL(
            sql=f"ALTER POLICY cancella ON {TABELLA} USING ({MIA});",
            reverse_sql=f"ALTER POLICY cancella ON {TABELLA} USING ({FIRMATA});",
        )
    ]
