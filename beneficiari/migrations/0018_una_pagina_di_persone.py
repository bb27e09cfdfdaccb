"""L'elenco delle persone si apre senza leggere tutto l'ente: né per la prima pagina, né per i filtri."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("beneficiari", "0017_inoltro_stretto_e_unioni_sospese")]

    operations = [
        migrations.AddIndex(
            model_name="beneficiario",
            index=models.Index(
                condition=models.Q(("unito_a", None)),
                fields=["ente", "anonimo", "nome_cercato", "codice_anonimo", "id"],
                name="beneficiario_in_elenco",
            ),
        ),
        migrations.AddIndex(
            model_name="beneficiario",
            index=models.Index(
                fields=["ente", "comune"], include=("id",), name="beneficiario_per_comune"
            ),
        ),
    ]
