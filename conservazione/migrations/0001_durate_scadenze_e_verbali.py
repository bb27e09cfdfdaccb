"""Le tabelle delle durate, delle scadenze, delle corse notturne e dei verbali."""

import datetime
import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
import pghistory.utils
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from registro.comune.migrazioni import AggiungiTrigger, Insieme


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("beneficiari", "0013_elenco_in_csv"),
        ("enti", "0008_filtri_salvati"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Insieme(
            [
                migrations.CreateModel(
                    name="Scadenza",
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
                        ("evento_il", models.DateField(verbose_name="da quando si conta")),
                        ("termine", models.DateField(verbose_name="termine")),
                        ("avvisata_il", models.DateField(verbose_name="avvisata il")),
                        ("scade_il", models.DateField(verbose_name="si cancella il")),
                        (
                            "rinviata_al",
                            models.DateField(blank=True, null=True, verbose_name="rinviata al"),
                        ),
                        (
                            "motivo_rinvio",
                            models.CharField(
                                blank=True, max_length=300, verbose_name="perché si rinvia"
                            ),
                        ),
                        (
                            "rinviata_il",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="rinviata il"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "scadenza",
                        "verbose_name_plural": "scadenze",
                    },
                ),
                migrations.CreateModel(
                    name="StoriaRegolaConservazione",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "codice",
                            models.SlugField(db_index=False, max_length=40, verbose_name="codice"),
                        ),
                        (
                            "categoria",
                            models.CharField(max_length=200, verbose_name="categoria di dati"),
                        ),
                        (
                            "evento",
                            models.CharField(max_length=200, verbose_name="da quando si conta"),
                        ),
                        (
                            "durata",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="durata"
                            ),
                        ),
                        (
                            "unita",
                            models.CharField(
                                blank=True,
                                choices=[("giorni", "giorni"), ("mesi", "mesi"), ("anni", "anni")],
                                max_length=6,
                                verbose_name="unità",
                            ),
                        ),
                        (
                            "azione",
                            models.CharField(
                                choices=[
                                    ("cancella", "si cancella"),
                                    (
                                        "anonimizza",
                                        "si cancella, e restano i numeri senza persona",
                                    ),
                                    ("conserva", "si conserva fermo"),
                                ],
                                max_length=10,
                                verbose_name="che cosa succede dopo",
                            ),
                        ),
                        ("motivo", models.CharField(max_length=500, verbose_name="perché")),
                        (
                            "da_confermare",
                            models.BooleanField(
                                default=True, verbose_name="da confermare dal DPO"
                            ),
                        ),
                        (
                            "chi",
                            models.CharField(
                                choices=[
                                    ("persone-ferme", "persone senza attività"),
                                    ("persone-mai-seguite", "persone mai prese in carico"),
                                    ("persone-anonime", "accessi anonimi senza attività"),
                                    ("bozze", "bozze"),
                                    ("sessioni", "sessioni finite"),
                                    ("altrove", "un'altra parte del Registro"),
                                ],
                                default="altrove",
                                max_length=20,
                                verbose_name="chi la esegue",
                            ),
                        ),
                        ("accesa", models.BooleanField(default=False, verbose_name="accesa")),
                        (
                            "tetto",
                            models.PositiveSmallIntegerField(
                                default=50, verbose_name="quante al più per notte e per ente"
                            ),
                        ),
                        (
                            "ordine",
                            models.PositiveSmallIntegerField(default=0, verbose_name="ordine"),
                        ),
                    ],
                    options={
                        "verbose_name": "storia: regola di conservazione",
                        "verbose_name_plural": "storia: regole di conservazione",
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="VerbaleOblio",
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
                            "persone",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.UUIDField(),
                                size=None,
                                verbose_name="righe della persona",
                            ),
                        ),
                        ("motivo", models.CharField(max_length=200, verbose_name="motivo")),
                        (
                            "richiesta",
                            models.UUIDField(
                                blank=True, null=True, verbose_name="richiesta della persona"
                            ),
                        ),
                        (
                            "quando",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="quando",
                            ),
                        ),
                        ("conti", models.JSONField(verbose_name="righe tolte, per tabella")),
                    ],
                    options={
                        "verbose_name": "verbale di cancellazione",
                        "verbose_name_plural": "verbali di cancellazione",
                    },
                ),
                migrations.CreateModel(
                    name="RegolaConservazione",
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
                            "codice",
                            models.SlugField(max_length=40, unique=True, verbose_name="codice"),
                        ),
                        (
                            "categoria",
                            models.CharField(max_length=200, verbose_name="categoria di dati"),
                        ),
                        (
                            "evento",
                            models.CharField(max_length=200, verbose_name="da quando si conta"),
                        ),
                        (
                            "durata",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="durata"
                            ),
                        ),
                        (
                            "unita",
                            models.CharField(
                                blank=True,
                                choices=[("giorni", "giorni"), ("mesi", "mesi"), ("anni", "anni")],
                                max_length=6,
                                verbose_name="unità",
                            ),
                        ),
                        (
                            "azione",
                            models.CharField(
                                choices=[
                                    ("cancella", "si cancella"),
                                    (
                                        "anonimizza",
                                        "si cancella, e restano i numeri senza persona",
                                    ),
                                    ("conserva", "si conserva fermo"),
                                ],
                                max_length=10,
                                verbose_name="che cosa succede dopo",
                            ),
                        ),
                        ("motivo", models.CharField(max_length=500, verbose_name="perché")),
                        (
                            "da_confermare",
                            models.BooleanField(
                                default=True, verbose_name="da confermare dal DPO"
                            ),
                        ),
                        (
                            "chi",
                            models.CharField(
                                choices=[
                                    ("persone-ferme", "persone senza attività"),
                                    ("persone-mai-seguite", "persone mai prese in carico"),
                                    ("persone-anonime", "accessi anonimi senza attività"),
                                    ("bozze", "bozze"),
                                    ("sessioni", "sessioni finite"),
                                    ("altrove", "un'altra parte del Registro"),
                                ],
                                default="altrove",
                                max_length=20,
                                verbose_name="chi la esegue",
                            ),
                        ),
                        ("accesa", models.BooleanField(default=False, verbose_name="accesa")),
                        (
                            "tetto",
                            models.PositiveSmallIntegerField(
                                default=50, verbose_name="quante al più per notte e per ente"
                            ),
                        ),
                        (
                            "ordine",
                            models.PositiveSmallIntegerField(default=0, verbose_name="ordine"),
                        ),
                    ],
                    options={
                        "verbose_name": "regola di conservazione",
                        "verbose_name_plural": "regole di conservazione",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("durata", None), ("unita", "")),
                                    models.Q(
                                        ("durata__gte", 1), models.Q(("unita", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="regola_durata_con_unita",
                                violation_error_message="La durata è un numero da 1 in su con la sua unità, oppure resta vuota.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("azione", "conserva"), ("chi", "altrove")),
                                    models.Q(
                                        models.Q(("azione", "conserva"), _negated=True),
                                        ("durata__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="regola_che_toglie_ha_una_durata",
                                violation_error_message="Per togliere serve una durata; ciò che si conserva fermo non lo toglie nessuno.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("tetto__gte", 1), ("tetto__lte", 1000)),
                                name="regola_tetto",
                                violation_error_message="Il tetto per notte va da 1 a 1.000.",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("chi", "altrove"), _negated=True),
                                fields=("chi",),
                                name="regola_una_per_esecutore",
                                violation_error_message="C'è già una regola per queste righe.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Corsa",
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
                        ("prova", models.BooleanField(verbose_name="solo prova")),
                        (
                            "avvisate",
                            models.PositiveIntegerField(default=0, verbose_name="avvisate"),
                        ),
                        (
                            "arrivate",
                            models.PositiveIntegerField(
                                default=0, verbose_name="arrivate al termine"
                            ),
                        ),
                        ("tolte", models.PositiveIntegerField(default=0, verbose_name="tolte")),
                        (
                            "rinviate",
                            models.PositiveIntegerField(default=0, verbose_name="rinviate"),
                        ),
                        (
                            "rimaste",
                            models.PositiveIntegerField(
                                default=0, verbose_name="rimaste per il tetto"
                            ),
                        ),
                        (
                            "ferme",
                            models.PositiveIntegerField(
                                default=0, verbose_name="non tolte per un impedimento"
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
                            "regola",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="conservazione.regolaconservazione",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "corsa della conservazione",
                        "verbose_name_plural": "corse della conservazione",
                    },
                ),
                AggiungiTrigger(
                    model_name="regolaconservazione",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "conservazione_storiaregolaconservazione" ("accesa", "azione", "categoria", "chi", "codice", "da_confermare", "durata", "evento", "id", "motivo", "ordine", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "tetto", "unita") VALUES (NEW."accesa", NEW."azione", NEW."categoria", NEW."chi", NEW."codice", NEW."da_confermare", NEW."durata", NEW."evento", NEW."id", NEW."motivo", NEW."ordine", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."tetto", NEW."unita"); RETURN NULL;',
                            hash="110fb85ddabd6f837f9f22c361e74d88c6860e42",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_70fb8",
                            table="conservazione_regolaconservazione",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="regolaconservazione",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "conservazione_storiaregolaconservazione" ("accesa", "azione", "categoria", "chi", "codice", "da_confermare", "durata", "evento", "id", "motivo", "ordine", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "tetto", "unita") VALUES (NEW."accesa", NEW."azione", NEW."categoria", NEW."chi", NEW."codice", NEW."da_confermare", NEW."durata", NEW."evento", NEW."id", NEW."motivo", NEW."ordine", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."tetto", NEW."unita"); RETURN NULL;',
                            hash="9f587167b5207eabc7a5b9f467db7eb6d391be74",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_94b2a",
                            table="conservazione_regolaconservazione",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="regolaconservazione",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "conservazione_storiaregolaconservazione" ("accesa", "azione", "categoria", "chi", "codice", "da_confermare", "durata", "evento", "id", "motivo", "ordine", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "tetto", "unita") VALUES (OLD."accesa", OLD."azione", OLD."categoria", OLD."chi", OLD."codice", OLD."da_confermare", OLD."durata", OLD."evento", OLD."id", OLD."motivo", OLD."ordine", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."tetto", OLD."unita"); RETURN NULL;',
                            hash="33bfbe78169bd77a20d9b56dd86e63534069a0dd",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_2c7be",
                            table="conservazione_regolaconservazione",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddField(
                    model_name="scadenza",
                    name="beneficiario",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="beneficiari.beneficiario",
                    ),
                ),
                migrations.AddField(
                    model_name="scadenza",
                    name="ente",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enti.ente",
                    ),
                ),
                migrations.AddField(
                    model_name="scadenza",
                    name="regola",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="conservazione.regolaconservazione",
                    ),
                ),
                migrations.AddField(
                    model_name="scadenza",
                    name="rinviata_da",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="storiaregolaconservazione",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="storia",
                        to="conservazione.regolaconservazione",
                    ),
                ),
                migrations.AddField(
                    model_name="verbaleoblio",
                    name="da",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="verbaleoblio",
                    name="ente",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enti.ente",
                    ),
                ),
                migrations.AddIndex(
                    model_name="corsa",
                    index=models.Index(fields=["ente", "-quando"], name="corsa_per_ente"),
                ),
                migrations.AddConstraint(
                    model_name="scadenza",
                    constraint=models.UniqueConstraint(
                        fields=("ente", "beneficiario"),
                        name="scadenza_una_per_persona",
                        violation_error_message="La persona è già fra quelle in scadenza.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="scadenza",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("scade_il__gte", models.F("termine")),
                            (
                                "scade_il__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("avvisata_il"),
                                    "+",
                                    models.Value(datetime.timedelta(days=30)),
                                ),
                            ),
                        ),
                        name="scadenza_con_preavviso",
                        violation_error_message="Fra l'avviso e la cancellazione passano almeno 30 giorni.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="scadenza",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("motivo_rinvio", ""), ("rinviata_al", None), ("rinviata_da", None)
                            ),
                            models.Q(
                                ("rinviata_al__isnull", False),
                                ("rinviata_da__isnull", False),
                                django.db.models.lookups.GreaterThanOrEqual(
                                    django.db.models.functions.text.Length("motivo_rinvio"), 20
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="scadenza_rinviata_con_motivo",
                        violation_error_message="Scrivi in almeno 20 caratteri perché i dati servono ancora.",
                    ),
                ),
                migrations.AddIndex(
                    model_name="verbaleoblio",
                    index=models.Index(fields=["ente", "-quando"], name="verbale_per_ente"),
                ),
            ]
        )
    ]
