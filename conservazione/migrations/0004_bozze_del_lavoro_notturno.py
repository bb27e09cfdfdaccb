"""Le bozze lasciate da tanto le toglie il lavoro notturno, che agisce come sistema."""

from django.db import migrations

from privacy.migrazioni import DI_CHI_LAVORA


TABELLA = "prestazioni_bozza"
MIA = f"{DI_CHI_LAVORA} AND utente_id = (SELECT registro_utente())"
MIA_O_DI_SISTEMA = (
    f"{DI_CHI_LAVORA} AND (utente_id = (SELECT registro_utente())"
    " OR coalesce((SELECT registro_ruolo()) = 'sistema', false))"
)


class Migration(migrations.Migration):
    dependencies = [("conservazione", "0003_oblio")]

    operations = [
        migrations.RunSQL(
            sql=f"ALTER POLICY cancella ON {TABELLA} USING ({MIA_O_DI_SISTEMA});",
            reverse_sql=f"ALTER POLICY cancella ON {TABELLA} USING ({MIA});",
        ),
    ]
