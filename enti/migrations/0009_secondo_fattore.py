"""Da quando una persona accede, l'epoca delle sue sessioni, e i ripristini del secondo fattore."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enti", "0008_filtri_salvati")]

    operations = [
        migrations.AddField(
            model_name="utente",
            name="primo_accesso",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="primo accesso"
            ),
        ),
        migrations.AddField(
            model_name="utente",
            name="epoca",
            field=models.PositiveIntegerField(
                db_default=0, default=0, editable=False, verbose_name="epoca"
            ),
        ),
        migrations.CreateModel(
            name="RipristinoFattore",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "chiesto_il",
                    models.DateTimeField(blank=True, null=True, verbose_name="chiesto il"),
                ),
                (
                    "azzerato_il",
                    models.DateTimeField(blank=True, null=True, verbose_name="azzerato il"),
                ),
                (
                    "impronta",
                    models.CharField(
                        blank=True, max_length=128, verbose_name="impronta del codice"
                    ),
                ),
                ("scade_il", models.DateTimeField(blank=True, null=True, verbose_name="scade il")),
                ("usato_il", models.DateTimeField(blank=True, null=True, verbose_name="usato il")),
                (
                    "azzerato_da",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "utente",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ripristini",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "ripristino del secondo fattore",
                "verbose_name_plural": "ripristini del secondo fattore",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("usato_il", None)),
                        fields=("utente",),
                        name="ripristino_uno_aperto_per_utente",
                        violation_error_message="C'è già una richiesta aperta per questa persona.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("azzerato_da", None),
                            ("azzerato_il", None),
                            ("impronta", ""),
                            ("scade_il", None),
                        )
                        | models.Q(
                            ("azzerato_da__isnull", False),
                            ("azzerato_il__isnull", False),
                            ("scade_il__isnull", False),
                            models.Q(("impronta", ""), _negated=True),
                        ),
                        name="ripristino_azzerato_per_intero",
                        violation_error_message="Chi azzera, quando, e il codice si scrivono insieme.",
                    ),
                ],
            },
        ),
    ]
