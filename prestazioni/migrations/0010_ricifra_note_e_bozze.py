"""Chi cambia le chiavi richiude anche le note delle prestazioni e le bozze, che non sono sue."""

from django.db import migrations

from privacy.migrazioni import DI_CHI_LAVORA


IO = "(SELECT registro_utente())"
DI_SISTEMA = "coalesce((SELECT registro_ruolo()) = 'sistema', false)"
NOTA_MIA = f"{DI_CHI_LAVORA} AND scritta_da_id = {IO}"
MIA_PAGINA = f"{DI_CHI_LAVORA} AND utente_id = {IO}"
NOTE, BOZZE = "prestazioni_notadiprestazione", "prestazioni_bozza"


def _politica(nome: str, tabella: str, condizione: str) -> str:
    controllo = "" if nome == "leggi" else f" WITH CHECK ({condizione})"
    return f"ALTER POLICY {nome} ON {tabella} USING ({condizione}){controllo};"


def _politiche(mia_nota: str, mia_pagina: str) -> str:
    return (
        _politica("modifica", NOTE, mia_nota)
        + _politica("leggi", BOZZE, mia_pagina)
        + _politica("modifica", BOZZE, mia_pagina)
    )


class Migration(migrations.Migration):
    dependencies = [("prestazioni", "0006_regole_degli_esiti")]

    operations = [
        migrations.RunSQL(
            sql=_politiche(
                f"{DI_CHI_LAVORA} AND (scritta_da_id = {IO} OR {DI_SISTEMA})",
                f"{DI_CHI_LAVORA} AND (utente_id = {IO} OR {DI_SISTEMA})",
            ),
            reverse_sql=_politiche(NOTA_MIA, MIA_PAGINA),
        )
    ]
