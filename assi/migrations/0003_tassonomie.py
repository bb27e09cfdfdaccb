"""I vocabolari comuni: bisogni, condizioni, chiusure. Le voci si chiudono, non si cancellano."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


VOCABOLARI = "assi_bisogno, assi_condizione, assi_tipodichiusura"


class Migration(migrations.Migration):
    dependencies = [
        ("assi", "0002_rete_del_progetto"),
    ]

    operations = [
        migrations.CreateModel(
            name="Condizione",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("codice", models.CharField(max_length=20, unique=True, verbose_name="codice")),
                ("nome", models.CharField(max_length=200, verbose_name="nome")),
                ("ordine", models.PositiveSmallIntegerField(default=0, verbose_name="ordine")),
                ("dal", models.DateField(blank=True, null=True, verbose_name="dal")),
                ("al", models.DateField(blank=True, null=True, verbose_name="al")),
                (
                    "famiglia",
                    models.CharField(
                        choices=[
                            ("vulnerabilita", "vulnerabilità"),
                            ("salute", "salute e tutele"),
                        ],
                        max_length=15,
                        verbose_name="famiglia",
                    ),
                ),
                (
                    "particolare",
                    models.BooleanField(default=True, verbose_name="dato particolare"),
                ),
                (
                    "riferimento",
                    models.CharField(blank=True, max_length=200, verbose_name="riferimento"),
                ),
                (
                    "valori",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        size=None,
                        verbose_name="risposte ammesse",
                    ),
                ),
            ],
            options={
                "verbose_name": "condizione",
                "verbose_name_plural": "condizioni",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("dal", None),
                            ("al", None),
                            ("al__gte", models.F("dal")),
                            _connector="OR",
                        ),
                        name="condizione_date_in_ordine",
                        violation_error_message="Una voce non può chiudersi prima di cominciare.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("famiglia", "salute"), _negated=True),
                            ("particolare", True),
                            _connector="OR",
                        ),
                        name="condizione_di_salute_particolare",
                        violation_error_message="Una condizione di salute è sempre un dato particolare.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valori__len__gt", 0)),
                        name="condizione_con_risposte",
                        violation_error_message="Una condizione ammette almeno una risposta.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TipoDiChiusura",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("codice", models.CharField(max_length=20, unique=True, verbose_name="codice")),
                ("nome", models.CharField(max_length=200, verbose_name="nome")),
                ("ordine", models.PositiveSmallIntegerField(default=0, verbose_name="ordine")),
                ("dal", models.DateField(blank=True, null=True, verbose_name="dal")),
                ("al", models.DateField(blank=True, null=True, verbose_name="al")),
                ("uscita_fse", models.BooleanField(verbose_name="si conta fra le uscite del FSE")),
                ("abbandono", models.BooleanField(default=False, verbose_name="abbandono")),
            ],
            options={
                "verbose_name": "tipo di chiusura",
                "verbose_name_plural": "tipi di chiusura",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("dal", None),
                            ("al", None),
                            ("al__gte", models.F("dal")),
                            _connector="OR",
                        ),
                        name="tipodichiusura_date_in_ordine",
                        violation_error_message="Una voce non può chiudersi prima di cominciare.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("abbandono", False), ("uscita_fse", True), _connector="OR"
                        ),
                        name="tipodichiusura_abbandono_e_uscita",
                        violation_error_message="Un abbandono è sempre un'uscita.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Bisogno",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("codice", models.CharField(max_length=20, unique=True, verbose_name="codice")),
                ("nome", models.CharField(max_length=200, verbose_name="nome")),
                ("ordine", models.PositiveSmallIntegerField(default=0, verbose_name="ordine")),
                ("dal", models.DateField(blank=True, null=True, verbose_name="dal")),
                ("al", models.DateField(blank=True, null=True, verbose_name="al")),
                ("famiglia", models.CharField(max_length=50, verbose_name="famiglia")),
                (
                    "servizi_tipici",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "asse",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bisogni",
                        to="assi.asse",
                    ),
                ),
            ],
            options={
                "verbose_name": "bisogno",
                "verbose_name_plural": "bisogni",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("dal", None),
                            ("al", None),
                            ("al__gte", models.F("dal")),
                            _connector="OR",
                        ),
                        name="bisogno_date_in_ordine",
                        violation_error_message="Una voce non può chiudersi prima di cominciare.",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            sql=f"REVOKE DELETE ON {VOCABOLARI} FROM registro_app;",
            reverse_sql=f"GRANT DELETE ON {VOCABOLARI} TO registro_app;",
        ),
    ]
