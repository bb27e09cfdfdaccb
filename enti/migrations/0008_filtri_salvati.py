"""I filtri salvati: ognuno vede e tocca i suoi, per l'ente per cui agisce."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from registro.comune.migrazioni import isola


MIEI = (
    "utente_id = (SELECT registro_utente()) AND ente_id = (SELECT registro_ente())"
    " AND (SELECT registro_ruolo()) IS NOT NULL"
)


class Migration(migrations.Migration):
    dependencies = [
        ("enti", "0007_attore_di_sistema_uno_e_fermo"),
    ]

    operations = [
        migrations.CreateModel(
            name="FiltroSalvato",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("pagina", models.CharField(max_length=80, verbose_name="pagina")),
                ("nome", models.CharField(max_length=60, verbose_name="nome")),
                ("query", models.CharField(max_length=1000, verbose_name="filtri")),
                ("tolto_il", models.DateTimeField(blank=True, null=True, verbose_name="tolto il")),
                (
                    "ente",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enti.ente",
                    ),
                ),
                (
                    "utente",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "filtro salvato",
                "verbose_name_plural": "filtri salvati",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("tolto_il", None)),
                        fields=("utente", "ente", "pagina", "nome"),
                        name="filtro_salvato_un_nome_una_volta",
                        violation_error_message="Hai già salvato dei filtri con questo nome.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("nome", ""), _negated=True),
                            models.Q(("query", ""), _negated=True),
                        ),
                        name="filtro_salvato_con_nome_e_filtri",
                        violation_error_message="Scrivi un nome e scegli almeno un filtro.",
                    ),
                ],
            },
        ),
        isola("enti_filtrosalvato", leggi=MIEI, inserisci=MIEI),
    ]
