import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from registro.comune.migrazioni import AggiungiTrigger, Insieme


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("enti", "0006_confine_di_inviti_ed_eccezioni"),
        ("enti", "__first__"),
    ]

    operations = [
        Insieme(
            [
                migrations.CreateModel(
                    name="Informativa",
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
                        ("versione", models.PositiveIntegerField(verbose_name="versione")),
                        (
                            "lingua",
                            models.CharField(default="it", max_length=8, verbose_name="lingua"),
                        ),
                        ("titolo", models.CharField(max_length=200, verbose_name="titolo")),
                        ("testo", models.TextField(verbose_name="testo")),
                        (
                            "impronta",
                            models.CharField(
                                editable=False, max_length=64, verbose_name="impronta SHA-256"
                            ),
                        ),
                        (
                            "finalita",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("assistenza", "assistenza da parte dell'ente"),
                                        ("presa-in-carico", "presa in carico condivisa fra enti"),
                                        ("invio", "invio a un altro ente"),
                                        ("valutazione", "valutazione comune del caso"),
                                    ],
                                    max_length=20,
                                ),
                                size=None,
                            ),
                        ),
                        (
                            "gruppi",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("anagrafica", "anagrafica"),
                                        ("contatti", "contatti"),
                                        ("identificativi", "identificativi"),
                                        ("nucleo", "nucleo familiare"),
                                        ("prestazioni", "prese in carico e prestazioni"),
                                        ("bisogni", "bisogni"),
                                        ("valutazioni", "valutazioni"),
                                        ("salute", "salute e tutele"),
                                        ("note", "note"),
                                    ],
                                    max_length=20,
                                ),
                                size=None,
                            ),
                        ),
                        (
                            "pubblicata_il",
                            models.DateField(
                                default=django.utils.timezone.localdate,
                                verbose_name="pubblicata il",
                            ),
                        ),
                        (
                            "ritirata_il",
                            models.DateField(blank=True, null=True, verbose_name="ritirata il"),
                        ),
                        (
                            "ente",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="informative",
                                to="enti.ente",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "informativa",
                        "verbose_name_plural": "informative",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("ente", "lingua", "versione"),
                                name="informativa_versione_una_volta",
                                violation_error_message="Questa versione dell'informativa esiste già.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("finalita__len__gt", 0), ("gruppi__len__gt", 0)
                                ),
                                name="informativa_dice_che_cosa",
                                violation_error_message="Un'informativa dice almeno una finalità e un gruppo.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ritirata_il", None),
                                    ("ritirata_il__gte", models.F("pubblicata_il")),
                                    _connector="OR",
                                ),
                                name="informativa_date_in_ordine",
                                violation_error_message="Il ritiro non può precedere la pubblicazione.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AccordoContitolarita",
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
                        ("titolo", models.CharField(max_length=200, verbose_name="titolo")),
                        (
                            "versione",
                            models.PositiveIntegerField(default=1, verbose_name="versione"),
                        ),
                        (
                            "finalita",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("assistenza", "assistenza da parte dell'ente"),
                                        ("presa-in-carico", "presa in carico condivisa fra enti"),
                                        ("invio", "invio a un altro ente"),
                                        ("valutazione", "valutazione comune del caso"),
                                    ],
                                    max_length=20,
                                ),
                                size=None,
                            ),
                        ),
                        ("contenuto", models.TextField(verbose_name="contenuto essenziale")),
                        (
                            "contatto",
                            models.EmailField(
                                max_length=254, verbose_name="contatto per le persone"
                            ),
                        ),
                        (
                            "dal",
                            models.DateField(
                                default=django.utils.timezone.localdate, verbose_name="dal"
                            ),
                        ),
                        ("al", models.DateField(blank=True, null=True, verbose_name="al")),
                        (
                            "risponde",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="enti.ente",
                                verbose_name="ente che risponde",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "accordo di contitolarità",
                        "verbose_name_plural": "accordi di contitolarità",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("al", None), ("al__gte", models.F("dal")), _connector="OR"
                                ),
                                name="accordo_date_in_ordine",
                                violation_error_message="L'accordo non può finire prima di cominciare.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("finalita__len__gt", 0)),
                                name="accordo_con_finalita",
                                violation_error_message="Un accordo dice almeno una finalità.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ParteDiAccordo",
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
                            "accordo",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parti",
                                to="privacy.accordocontitolarita",
                            ),
                        ),
                        (
                            "ente",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="accordi",
                                to="enti.ente",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "parte dell'accordo",
                        "verbose_name_plural": "parti dell'accordo",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("accordo", "ente"),
                                name="parte_una_volta",
                                violation_error_message="L'ente è già parte dell'accordo.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RegistroAccessi",
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
                            "quando",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="quando",
                            ),
                        ),
                        (
                            "beneficiario",
                            models.BigIntegerField(verbose_name="riga di beneficiario"),
                        ),
                        (
                            "finalita",
                            models.CharField(
                                choices=[
                                    ("assistenza", "assistenza da parte dell'ente"),
                                    ("presa-in-carico", "presa in carico condivisa fra enti"),
                                    ("invio", "invio a un altro ente"),
                                    ("valutazione", "valutazione comune del caso"),
                                ],
                                max_length=20,
                                verbose_name="finalità",
                            ),
                        ),
                        (
                            "gruppi",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("anagrafica", "anagrafica"),
                                        ("contatti", "contatti"),
                                        ("identificativi", "identificativi"),
                                        ("nucleo", "nucleo familiare"),
                                        ("prestazioni", "prese in carico e prestazioni"),
                                        ("bisogni", "bisogni"),
                                        ("valutazioni", "valutazioni"),
                                        ("salute", "salute e tutele"),
                                        ("note", "note"),
                                    ],
                                    max_length=20,
                                ),
                                size=None,
                            ),
                        ),
                        (
                            "uscita",
                            models.CharField(
                                choices=[
                                    ("pagina", "pagina"),
                                    ("foglio", "foglio di calcolo"),
                                    ("pdf", "documento PDF"),
                                    ("lavoro", "lavoro automatico"),
                                ],
                                max_length=10,
                                verbose_name="uscita",
                            ),
                        ),
                        ("pagina", models.CharField(max_length=80, verbose_name="pagina")),
                        (
                            "richiesta",
                            models.CharField(
                                blank=True, max_length=12, verbose_name="numero della richiesta"
                            ),
                        ),
                        (
                            "ente",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="enti.ente",
                                verbose_name="per conto di",
                            ),
                        ),
                        (
                            "ente_titolare",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="enti.ente",
                                verbose_name="dati di",
                            ),
                        ),
                        (
                            "utente",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "lettura",
                        "verbose_name_plural": "registro degli accessi",
                        "indexes": [
                            models.Index(
                                fields=["beneficiario", "-quando"], name="accessi_per_persona"
                            ),
                            models.Index(
                                fields=["ente_titolare", "-quando"], name="accessi_per_titolare"
                            ),
                            models.Index(fields=["utente", "-quando"], name="accessi_per_utente"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StoriaAccordoContitolarita",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("titolo", models.CharField(max_length=200, verbose_name="titolo")),
                        (
                            "versione",
                            models.PositiveIntegerField(default=1, verbose_name="versione"),
                        ),
                        (
                            "finalita",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("assistenza", "assistenza da parte dell'ente"),
                                        ("presa-in-carico", "presa in carico condivisa fra enti"),
                                        ("invio", "invio a un altro ente"),
                                        ("valutazione", "valutazione comune del caso"),
                                    ],
                                    max_length=20,
                                ),
                                size=None,
                            ),
                        ),
                        ("contenuto", models.TextField(verbose_name="contenuto essenziale")),
                        (
                            "contatto",
                            models.EmailField(
                                max_length=254, verbose_name="contatto per le persone"
                            ),
                        ),
                        (
                            "dal",
                            models.DateField(
                                default=django.utils.timezone.localdate, verbose_name="dal"
                            ),
                        ),
                        ("al", models.DateField(blank=True, null=True, verbose_name="al")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="storia",
                                to="privacy.accordocontitolarita",
                            ),
                        ),
                        (
                            "risponde",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="enti.ente",
                                verbose_name="ente che risponde",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "storia: accordo di contitolarità",
                        "verbose_name_plural": "storia: accordi di contitolarità",
                    },
                ),
                migrations.CreateModel(
                    name="BaseGiuridica",
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
                            "finalita",
                            models.CharField(
                                choices=[
                                    ("assistenza", "assistenza da parte dell'ente"),
                                    ("presa-in-carico", "presa in carico condivisa fra enti"),
                                    ("invio", "invio a un altro ente"),
                                    ("valutazione", "valutazione comune del caso"),
                                ],
                                max_length=20,
                                verbose_name="finalità",
                            ),
                        ),
                        (
                            "gruppo",
                            models.CharField(
                                choices=[
                                    ("anagrafica", "anagrafica"),
                                    ("contatti", "contatti"),
                                    ("identificativi", "identificativi"),
                                    ("nucleo", "nucleo familiare"),
                                    ("prestazioni", "prese in carico e prestazioni"),
                                    ("bisogni", "bisogni"),
                                    ("valutazioni", "valutazioni"),
                                    ("salute", "salute e tutele"),
                                    ("note", "note"),
                                ],
                                max_length=20,
                                verbose_name="gruppo di dati",
                            ),
                        ),
                        (
                            "lettera_art6",
                            models.CharField(
                                max_length=10, verbose_name="lettera dell'art. 6 GDPR"
                            ),
                        ),
                        (
                            "lettera_art9",
                            models.CharField(
                                blank=True, max_length=10, verbose_name="lettera dell'art. 9 GDPR"
                            ),
                        ),
                        (
                            "fonte",
                            models.CharField(max_length=300, verbose_name="norma nazionale"),
                        ),
                        (
                            "serve_consenso",
                            models.BooleanField(default=True, verbose_name="serve il consenso"),
                        ),
                        (
                            "dal",
                            models.DateField(
                                default=django.utils.timezone.localdate, verbose_name="dal"
                            ),
                        ),
                        ("al", models.DateField(blank=True, null=True, verbose_name="al")),
                    ],
                    options={
                        "verbose_name": "base giuridica",
                        "verbose_name_plural": "basi giuridiche",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("al", None)),
                                fields=("finalita", "gruppo"),
                                name="base_giuridica_una_in_vigore",
                                violation_error_message="Questa finalità ha già una base per questo gruppo.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("al", None), ("al__gte", models.F("dal")), _connector="OR"
                                ),
                                name="base_giuridica_date_in_ordine",
                                violation_error_message="La fine non può precedere l'inizio.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("lettera_art6", ""), _negated=True),
                                    models.Q(("fonte", ""), _negated=True),
                                ),
                                name="base_giuridica_con_articolo_6",
                                violation_error_message="Servono la lettera dell'art. 6 e la norma nazionale.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("gruppo__in", ["note", "salute"]), _negated=True),
                                    models.Q(("lettera_art9", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="base_giuridica_con_articolo_9",
                                violation_error_message="Per dati particolari serve anche la lettera dell'art. 9.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StoriaBaseGiuridica",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "finalita",
                            models.CharField(
                                choices=[
                                    ("assistenza", "assistenza da parte dell'ente"),
                                    ("presa-in-carico", "presa in carico condivisa fra enti"),
                                    ("invio", "invio a un altro ente"),
                                    ("valutazione", "valutazione comune del caso"),
                                ],
                                max_length=20,
                                verbose_name="finalità",
                            ),
                        ),
                        (
                            "gruppo",
                            models.CharField(
                                choices=[
                                    ("anagrafica", "anagrafica"),
                                    ("contatti", "contatti"),
                                    ("identificativi", "identificativi"),
                                    ("nucleo", "nucleo familiare"),
                                    ("prestazioni", "prese in carico e prestazioni"),
                                    ("bisogni", "bisogni"),
                                    ("valutazioni", "valutazioni"),
                                    ("salute", "salute e tutele"),
                                    ("note", "note"),
                                ],
                                max_length=20,
                                verbose_name="gruppo di dati",
                            ),
                        ),
                        (
                            "lettera_art6",
                            models.CharField(
                                max_length=10, verbose_name="lettera dell'art. 6 GDPR"
                            ),
                        ),
                        (
                            "lettera_art9",
                            models.CharField(
                                blank=True, max_length=10, verbose_name="lettera dell'art. 9 GDPR"
                            ),
                        ),
                        (
                            "fonte",
                            models.CharField(max_length=300, verbose_name="norma nazionale"),
                        ),
                        (
                            "serve_consenso",
                            models.BooleanField(default=True, verbose_name="serve il consenso"),
                        ),
                        (
                            "dal",
                            models.DateField(
                                default=django.utils.timezone.localdate, verbose_name="dal"
                            ),
                        ),
                        ("al", models.DateField(blank=True, null=True, verbose_name="al")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="storia",
                                to="privacy.basegiuridica",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "storia: base giuridica",
                        "verbose_name_plural": "storia: basi giuridiche",
                    },
                ),
                migrations.CreateModel(
                    name="StoriaInformativa",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("versione", models.PositiveIntegerField(verbose_name="versione")),
                        (
                            "lingua",
                            models.CharField(default="it", max_length=8, verbose_name="lingua"),
                        ),
                        ("titolo", models.CharField(max_length=200, verbose_name="titolo")),
                        ("testo", models.TextField(verbose_name="testo")),
                        (
                            "impronta",
                            models.CharField(
                                editable=False, max_length=64, verbose_name="impronta SHA-256"
                            ),
                        ),
                        (
                            "finalita",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("assistenza", "assistenza da parte dell'ente"),
                                        ("presa-in-carico", "presa in carico condivisa fra enti"),
                                        ("invio", "invio a un altro ente"),
                                        ("valutazione", "valutazione comune del caso"),
                                    ],
                                    max_length=20,
                                ),
                                size=None,
                            ),
                        ),
                        (
                            "gruppi",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("anagrafica", "anagrafica"),
                                        ("contatti", "contatti"),
                                        ("identificativi", "identificativi"),
                                        ("nucleo", "nucleo familiare"),
                                        ("prestazioni", "prese in carico e prestazioni"),
                                        ("bisogni", "bisogni"),
                                        ("valutazioni", "valutazioni"),
                                        ("salute", "salute e tutele"),
                                        ("note", "note"),
                                    ],
                                    max_length=20,
                                ),
                                size=None,
                            ),
                        ),
                        (
                            "pubblicata_il",
                            models.DateField(
                                default=django.utils.timezone.localdate,
                                verbose_name="pubblicata il",
                            ),
                        ),
                        (
                            "ritirata_il",
                            models.DateField(blank=True, null=True, verbose_name="ritirata il"),
                        ),
                        (
                            "ente",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="enti.ente",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="storia",
                                to="privacy.informativa",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "storia: informativa",
                        "verbose_name_plural": "storia: informative",
                    },
                ),
                AggiungiTrigger(
                    model_name="basegiuridica",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "privacy_storiabasegiuridica" ("al", "dal", "finalita", "fonte", "gruppo", "id", "lettera_art6", "lettera_art9", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "serve_consenso") VALUES (NEW."al", NEW."dal", NEW."finalita", NEW."fonte", NEW."gruppo", NEW."id", NEW."lettera_art6", NEW."lettera_art9", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."serve_consenso"); RETURN NULL;',
                            hash="ef98f457678d66e3fde38fc03e67661fac0aa3f3",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_3c12a",
                            table="privacy_basegiuridica",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="basegiuridica",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "privacy_storiabasegiuridica" ("al", "dal", "finalita", "fonte", "gruppo", "id", "lettera_art6", "lettera_art9", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "serve_consenso") VALUES (NEW."al", NEW."dal", NEW."finalita", NEW."fonte", NEW."gruppo", NEW."id", NEW."lettera_art6", NEW."lettera_art9", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."serve_consenso"); RETURN NULL;',
                            hash="91b9a3939dfacdaf1873a9c7860053db5ef33f41",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_74daf",
                            table="privacy_basegiuridica",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="basegiuridica",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "privacy_storiabasegiuridica" ("al", "dal", "finalita", "fonte", "gruppo", "id", "lettera_art6", "lettera_art9", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "serve_consenso") VALUES (OLD."al", OLD."dal", OLD."finalita", OLD."fonte", OLD."gruppo", OLD."id", OLD."lettera_art6", OLD."lettera_art9", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."serve_consenso"); RETURN NULL;',
                            hash="bcb3d93bb18105778a94bab68a65d06d9280e3f8",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_4a5d1",
                            table="privacy_basegiuridica",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="accordocontitolarita",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "privacy_storiaaccordocontitolarita" ("al", "contatto", "contenuto", "dal", "finalita", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "risponde_id", "titolo", "uuid", "versione") VALUES (NEW."al", NEW."contatto", NEW."contenuto", NEW."dal", NEW."finalita", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."risponde_id", NEW."titolo", NEW."uuid", NEW."versione"); RETURN NULL;',
                            hash="16668a1cc5c50819332401d9b2a056469ee52746",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_cf3c1",
                            table="privacy_accordocontitolarita",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="accordocontitolarita",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "privacy_storiaaccordocontitolarita" ("al", "contatto", "contenuto", "dal", "finalita", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "risponde_id", "titolo", "uuid", "versione") VALUES (NEW."al", NEW."contatto", NEW."contenuto", NEW."dal", NEW."finalita", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."risponde_id", NEW."titolo", NEW."uuid", NEW."versione"); RETURN NULL;',
                            hash="a0706bc160018436dca5e91d6e0b6d963370f1f4",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_b5f15",
                            table="privacy_accordocontitolarita",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="accordocontitolarita",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "privacy_storiaaccordocontitolarita" ("al", "contatto", "contenuto", "dal", "finalita", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "risponde_id", "titolo", "uuid", "versione") VALUES (OLD."al", OLD."contatto", OLD."contenuto", OLD."dal", OLD."finalita", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."risponde_id", OLD."titolo", OLD."uuid", OLD."versione"); RETURN NULL;',
                            hash="1be16f80239b20dcc24d5c519af00b41456924e2",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_0a33e",
                            table="privacy_accordocontitolarita",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="informativa",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "privacy_storiainformativa" ("ente_id", "finalita", "gruppi", "id", "impronta", "lingua", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pubblicata_il", "ritirata_il", "testo", "titolo", "uuid", "versione") VALUES (NEW."ente_id", NEW."finalita", NEW."gruppi", NEW."id", NEW."impronta", NEW."lingua", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."pubblicata_il", NEW."ritirata_il", NEW."testo", NEW."titolo", NEW."uuid", NEW."versione"); RETURN NULL;',
                            hash="445d4c745f825d9a2cb3a01a295958f807abea21",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_d1e58",
                            table="privacy_informativa",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="informativa",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "privacy_storiainformativa" ("ente_id", "finalita", "gruppi", "id", "impronta", "lingua", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pubblicata_il", "ritirata_il", "testo", "titolo", "uuid", "versione") VALUES (NEW."ente_id", NEW."finalita", NEW."gruppi", NEW."id", NEW."impronta", NEW."lingua", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."pubblicata_il", NEW."ritirata_il", NEW."testo", NEW."titolo", NEW."uuid", NEW."versione"); RETURN NULL;',
                            hash="c5b27e18380e021b82d25e82d3835b6fda46687d",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_df9e3",
                            table="privacy_informativa",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="informativa",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "privacy_storiainformativa" ("ente_id", "finalita", "gruppi", "id", "impronta", "lingua", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pubblicata_il", "ritirata_il", "testo", "titolo", "uuid", "versione") VALUES (OLD."ente_id", OLD."finalita", OLD."gruppi", OLD."id", OLD."impronta", OLD."lingua", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."pubblicata_il", OLD."ritirata_il", OLD."testo", OLD."titolo", OLD."uuid", OLD."versione"); RETURN NULL;',
                            hash="7e153896732ac94a75a9e5b44112dd6042592fd7",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_ea5b4",
                            table="privacy_informativa",
                            when="AFTER",
                        ),
                    ),
                ),
            ]
        ),
    ]
