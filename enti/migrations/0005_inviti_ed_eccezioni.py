"""Inviti, permessi in più, appartenenze che si chiudono in giornata."""

import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import enti.models.inviti
from registro.comune.migrazioni import Insieme


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("enti", "0004_solo_chi_amministra"),
    ]

    operations = [
        Insieme(
            [
                migrations.CreateModel(
                    name="Invito",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "uuid",
                            models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                        ),
                        (
                            "email",
                            models.EmailField(max_length=254, verbose_name="posta elettronica"),
                        ),
                        (
                            "ruolo",
                            models.CharField(
                                choices=[
                                    ("operatore", "operatore"),
                                    ("referente", "referente"),
                                    ("coordinatore", "coordinatore"),
                                    ("amministratore", "amministratore"),
                                    ("inviante", "inviante"),
                                    ("garante", "garante della privacy"),
                                ],
                                max_length=20,
                                verbose_name="ruolo",
                            ),
                        ),
                        (
                            "creato_il",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="scritto il",
                            ),
                        ),
                        (
                            "scade_il",
                            models.DateTimeField(
                                default=enti.models.inviti.scadenza, verbose_name="scade il"
                            ),
                        ),
                        (
                            "spedito_il",
                            models.DateTimeField(blank=True, null=True, verbose_name="spedito il"),
                        ),
                        (
                            "accettato_il",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="accettato il"
                            ),
                        ),
                        (
                            "annullato_il",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="annullato il"
                            ),
                        ),
                        (
                            "impronta",
                            models.CharField(
                                db_index=True, max_length=64, verbose_name="impronta del gettone"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "invito",
                        "verbose_name_plural": "inviti",
                    },
                ),
                migrations.CreateModel(
                    name="PermessoSuEnte",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "uuid",
                            models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                        ),
                        ("motivo", models.CharField(max_length=300, verbose_name="motivo")),
                        (
                            "dal",
                            models.DateField(
                                default=django.utils.timezone.localdate, verbose_name="dal"
                            ),
                        ),
                        ("al", models.DateField(blank=True, null=True, verbose_name="al")),
                    ],
                    options={
                        "verbose_name": "permesso su un ente",
                        "verbose_name_plural": "permessi su enti",
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="PermessoSuNodo",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "uuid",
                            models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                        ),
                        ("motivo", models.CharField(max_length=300, verbose_name="motivo")),
                        (
                            "dal",
                            models.DateField(
                                default=django.utils.timezone.localdate, verbose_name="dal"
                            ),
                        ),
                        ("al", models.DateField(blank=True, null=True, verbose_name="al")),
                    ],
                    options={
                        "verbose_name": "permesso su un nodo",
                        "verbose_name_plural": "permessi su nodi",
                        "abstract": False,
                    },
                ),
                migrations.AlterModelOptions(
                    name="ente",
                    options={
                        "permissions": (
                            ("schede_inviare", "Inviare le schede dell'ente"),
                            ("utenti_gestire", "Curare gli operatori dell'ente"),
                        ),
                        "verbose_name": "ente",
                        "verbose_name_plural": "enti",
                    },
                ),
                migrations.AlterModelOptions(
                    name="nodo",
                    options={
                        "permissions": (
                            ("schede_inviare", "Inviare le schede dell'ente"),
                            ("utenti_gestire", "Curare gli operatori dell'ente"),
                        ),
                        "verbose_name": "nodo",
                        "verbose_name_plural": "nodi",
                    },
                ),
                migrations.RemoveConstraint(
                    model_name="appartenenza",
                    name="appartenenza_una_per_volta",
                ),
                migrations.AddField(
                    model_name="appartenenza",
                    name="chiusa_il",
                    field=models.DateTimeField(
                        blank=True,
                        editable=False,
                        null=True,
                        verbose_name="chiusa prima della fine del giorno",
                    ),
                ),
                migrations.AddField(
                    model_name="appartenenza",
                    name="uuid",
                    field=models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        default=uuid.uuid4,
                        editable=False,
                        unique=True,
                    ),
                ),
                migrations.AddConstraint(
                    model_name="appartenenza",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("chiusa_il", None), ("fine__isnull", False), _connector="OR"
                        ),
                        name="appartenenza_chiusa_ha_una_fine",
                        violation_error_message="Un'appartenenza chiusa ha una data di fine.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="appartenenza",
                    constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("chiusa_il", None)),
                        expressions=[
                            ("utente", "="),
                            ("ente", "="),
                            (
                                models.Func(
                                    models.F("inizio"),
                                    models.F("fine"),
                                    django.contrib.postgres.fields.ranges.RangeBoundary(
                                        inclusive_lower=True, inclusive_upper=True
                                    ),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="appartenenza_una_per_volta",
                        violation_error_message="L'utente ha già un ruolo in questo ente nel periodo.",
                    ),
                ),
                migrations.AddField(
                    model_name="invito",
                    name="ente",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inviti",
                        to="enti.ente",
                    ),
                ),
                migrations.AddField(
                    model_name="invito",
                    name="invitato_da",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="invito",
                    name="nodo",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enti.nodo",
                        verbose_name="nodo coordinato",
                    ),
                ),
                migrations.AddField(
                    model_name="permessosuente",
                    name="content_object",
                    field=models.ForeignKey(
                        db_column="ente_id",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="permessi_dati",
                        to="enti.ente",
                        verbose_name="ente",
                    ),
                ),
                migrations.AddField(
                    model_name="permessosuente",
                    name="dato_da",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="dato da",
                    ),
                ),
                migrations.AddField(
                    model_name="permessosuente",
                    name="permission",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="auth.permission"
                    ),
                ),
                migrations.AddField(
                    model_name="permessosuente",
                    name="user",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
                migrations.AddField(
                    model_name="permessosunodo",
                    name="content_object",
                    field=models.ForeignKey(
                        db_column="nodo_id",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="permessi_dati",
                        to="enti.nodo",
                        verbose_name="nodo",
                    ),
                ),
                migrations.AddField(
                    model_name="permessosunodo",
                    name="dato_da",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="dato da",
                    ),
                ),
                migrations.AddField(
                    model_name="permessosunodo",
                    name="permission",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="auth.permission"
                    ),
                ),
                migrations.AddField(
                    model_name="permessosunodo",
                    name="user",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
                migrations.AddConstraint(
                    model_name="invito",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("accettato_il", None), ("annullato_il", None)),
                        fields=("ente", "email"),
                        name="invito_uno_in_attesa",
                        violation_error_message="C'è già un invito in attesa per questo indirizzo: mandalo di nuovo, o annullalo prima di farne un altro.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="invito",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("email", django.db.models.functions.text.Lower("email"))
                        ),
                        name="invito_email_minuscola",
                        violation_error_message="La posta elettronica si scrive in minuscolo.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="invito",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("nodo", None), ("ruolo", "coordinatore"), _connector="OR"
                        ),
                        name="invito_nodo_solo_a_chi_coordina",
                        violation_error_message="Solo un coordinatore ha un nodo.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="invito",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("scade_il__gt", models.F("creato_il"))),
                        name="invito_scade_dopo",
                        violation_error_message="Un invito scade dopo che è stato scritto.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="invito",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("accettato_il", None), ("annullato_il", None), _connector="OR"
                        ),
                        name="invito_accettato_o_annullato",
                        violation_error_message="Un invito accettato non si può annullare.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="permessosuente",
                    constraint=models.UniqueConstraint(
                        fields=("user", "permission", "content_object"),
                        name="permessosuente_una_volta",
                        violation_error_message="Questo permesso è già dato: ritiralo prima di ridarlo.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="permessosuente",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("al", None), ("al__gte", models.F("dal")), _connector="OR"
                        ),
                        name="permessosuente_date_in_ordine",
                        violation_error_message="La fine non può precedere l'inizio.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="permessosunodo",
                    constraint=models.UniqueConstraint(
                        fields=("user", "permission", "content_object"),
                        name="permessosunodo_una_volta",
                        violation_error_message="Questo permesso è già dato: ritiralo prima di ridarlo.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="permessosunodo",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("al", None), ("al__gte", models.F("dal")), _connector="OR"
                        ),
                        name="permessosunodo_date_in_ordine",
                        violation_error_message="La fine non può precedere l'inizio.",
                    ),
                ),
            ]
        ),
    ]
