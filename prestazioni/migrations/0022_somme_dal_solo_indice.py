"""Le somme di chi, o dell'ente che, ha registrato moltissimo si fanno leggendo il solo indice."""

from django.db import migrations, models


CIO_CHE_SI_SOMMA = ("minuti", "senza_nome")
INDICI = {
    "prestazione_per_giorno": ["ente", "-giorno", "-id"],
    "prestazione_per_operatore": ["operatore", "ente", "-giorno"],
}


class Migration(migrations.Migration):
    dependencies = [("prestazioni", "0021_risposte_pronte_solo_se_cambia")]

    operations = [
        operazione
        for nome, colonne in INDICI.items()
        for operazione in (
            migrations.RemoveIndex(model_name="prestazione", name=nome),
            migrations.AddIndex(
                model_name="prestazione",
                index=models.Index(fields=colonne, include=CIO_CHE_SI_SOMMA, name=nome),
            ),
        )
    ]
