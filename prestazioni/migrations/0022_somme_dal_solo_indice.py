"""Chi ha registrato moltissimo vede le sue somme leggendo il solo indice."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("prestazioni", "0021_risposte_pronte_solo_se_cambia")]

    operations = [
        migrations.RemoveIndex(model_name="prestazione", name="prestazione_per_operatore"),
        migrations.AddIndex(
            model_name="prestazione",
            index=models.Index(
                fields=["operatore", "ente", "-giorno"],
                include=("minuti", "senza_nome"),
                name="prestazione_per_operatore",
            ),
        ),
    ]
