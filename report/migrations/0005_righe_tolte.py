"""Le righe tolte da una scheda, che si possono rimettere: le vede solo chi può scriverla."""

import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from registro.comune.migrazioni import isola, legame_composto


SCHEDA_SCRIVIBILE = "scheda_id = ANY((SELECT registro_schede_scrivibili())::bigint[])"


class Migration(migrations.Migration):
    dependencies = [
        ("report", "0004_versione_di_ogni_riga"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RigaTolta",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("genere", models.CharField(max_length=40, verbose_name="genere")),
                ("sezione", models.CharField(max_length=40, verbose_name="sezione")),
                (
                    "dati",
                    models.JSONField(
                        encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name="dati"
                    ),
                ),
                ("quando", models.DateTimeField(auto_now_add=True, verbose_name="quando")),
                (
                    "chi",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ente",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enti.ente",
                    ),
                ),
                (
                    "scheda",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="righe_tolte",
                        to="report.scheda",
                    ),
                ),
            ],
            options={
                "verbose_name": "riga tolta",
                "verbose_name_plural": "righe tolte",
            },
        ),
        legame_composto("report_rigatolta", "scheda_id", "report_scheda"),
        isola(
            "report_rigatolta",
            leggi=SCHEDA_SCRIVIBILE,
            inserisci=f"{SCHEDA_SCRIVIBILE} AND chi_id = (SELECT registro_utente())",
            modifica="false",
            cancella=SCHEDA_SCRIVIBILE,
        ),
    ]
