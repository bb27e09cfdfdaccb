"""La riga di un ente la scrive solo chi amministra.

Finché la poteva scrivere chiunque gli appartiene, un inviante o un operatore avrebbe potuto
cambiarne il nodo, o darle `ospita_coordinamento`. Nessuna pagina ne ha bisogno.
"""

from django.db import migrations


AMMINISTRA = "coalesce((SELECT registro_ruolo()) IN ('amministratore', 'sistema'), false)"
ANCHE_IL_PROPRIO = f"{AMMINISTRA} OR id = ANY((SELECT registro_enti())::bigint[])"


def _modifica(chi: str) -> str:
    return f"ALTER POLICY modifica ON enti_ente USING ({chi}) WITH CHECK ({chi});"


class Migration(migrations.Migration):
    dependencies = [("enti", "0003_attore_di_sistema")]

    operations = [
        migrations.RunSQL(sql=_modifica(AMMINISTRA), reverse_sql=_modifica(ANCHE_IL_PROPRIO))
    ]
