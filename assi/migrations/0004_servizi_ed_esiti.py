"""I servizi di ogni ente, la nomenclatura e le unità di misura, i tipi di esito."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
from django.db import migrations, models

from privacy.migrazioni import isola_storia
from registro.comune.migrazioni import AggiungiTrigger, Insieme, isola


VOCABOLARI = "assi_vocenomenclatura, assi_unitadimisura, assi_tipodiesito"
PROPRI = "ente_id = ANY((SELECT registro_enti())::bigint[])"
RISPONDE = f"{PROPRI} AND (SELECT registro_apre_tutto())"


class Migration(migrations.Migration):
    dependencies = [
        ("assi", "0003_tassonomie"),
        ("enti", "0007_attore_di_sistema_uno_e_fermo"),
        ("privacy", "0002_confine"),
    ]

    operations = [
        Insieme(
            [
                migrations.CreateModel(
                    name="Servizio",
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
                        ("nome", models.CharField(max_length=120, verbose_name="nome")),
                        (
                            "sinonimi",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=120),
                                blank=True,
                                default=list,
                                help_text="Come lo chiamate nei vostri fogli: serve a riconoscerlo quando li importate.",
                                size=None,
                                verbose_name="altri nomi",
                            ),
                        ),
                        (
                            "bassa_soglia",
                            models.BooleanField(default=False, verbose_name="a bassa soglia"),
                        ),
                        (
                            "dal",
                            models.DateField(blank=True, null=True, verbose_name="offerto dal"),
                        ),
                        ("al", models.DateField(blank=True, null=True, verbose_name="fino al")),
                        (
                            "ente",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="servizi",
                                to="enti.ente",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "servizio",
                        "verbose_name_plural": "servizi",
                    },
                ),
                migrations.CreateModel(
                    name="UnitaDiMisura",
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
                            models.CharField(max_length=20, unique=True, verbose_name="codice"),
                        ),
                        ("nome", models.CharField(max_length=200, verbose_name="nome")),
                        (
                            "ordine",
                            models.PositiveSmallIntegerField(default=0, verbose_name="ordine"),
                        ),
                        ("dal", models.DateField(blank=True, null=True, verbose_name="dal")),
                        ("al", models.DateField(blank=True, null=True, verbose_name="al")),
                        (
                            "decimali",
                            models.BooleanField(default=False, verbose_name="ammette decimali"),
                        ),
                    ],
                    options={
                        "verbose_name": "unità di misura",
                        "verbose_name_plural": "unità di misura",
                        "abstract": False,
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("dal", None),
                                    ("al", None),
                                    ("al__gte", models.F("dal")),
                                    _connector="OR",
                                ),
                                name="unitadimisura_date_in_ordine",
                                violation_error_message="Una voce non può chiudersi prima di cominciare.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VoceNomenclatura",
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
                            models.CharField(max_length=20, unique=True, verbose_name="codice"),
                        ),
                        ("nome", models.CharField(max_length=200, verbose_name="nome")),
                        (
                            "ordine",
                            models.PositiveSmallIntegerField(default=0, verbose_name="ordine"),
                        ),
                        ("dal", models.DateField(blank=True, null=True, verbose_name="dal")),
                        ("al", models.DateField(blank=True, null=True, verbose_name="al")),
                        ("macroarea", models.CharField(max_length=1, verbose_name="macroarea")),
                        (
                            "siuss",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=20),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        (
                            "l328",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=20),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        (
                            "leps",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=20),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        (
                            "welfare",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=20),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        (
                            "a_chi",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("individuale", "una persona"),
                                        ("nucleo", "un nucleo"),
                                        ("gruppo", "un gruppo"),
                                        ("comunita", "una comunità"),
                                        ("ente", "un ente"),
                                    ],
                                    max_length=20,
                                ),
                                size=None,
                                verbose_name="a chi",
                            ),
                        ),
                        (
                            "durata",
                            models.CharField(
                                choices=[
                                    ("puntuale", "puntuale"),
                                    ("ciclo", "a cicli"),
                                    ("continuativa", "continuativa"),
                                ],
                                max_length=12,
                                verbose_name="durata",
                            ),
                        ),
                        (
                            "isee_rilevante",
                            models.BooleanField(default=False, verbose_name="serve l'ISEE"),
                        ),
                        (
                            "asse",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="voci",
                                to="assi.asse",
                            ),
                        ),
                        (
                            "assi_secondari",
                            models.ManyToManyField(
                                blank=True, related_name="voci_secondarie", to="assi.asse"
                            ),
                        ),
                        (
                            "unita",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="voci",
                                to="assi.unitadimisura",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "voce della nomenclatura",
                        "verbose_name_plural": "voci della nomenclatura",
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="StoriaServizio",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("nome", models.CharField(max_length=120, verbose_name="nome")),
                        (
                            "sinonimi",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=120),
                                blank=True,
                                default=list,
                                help_text="Come lo chiamate nei vostri fogli: serve a riconoscerlo quando li importate.",
                                size=None,
                                verbose_name="altri nomi",
                            ),
                        ),
                        (
                            "bassa_soglia",
                            models.BooleanField(default=False, verbose_name="a bassa soglia"),
                        ),
                        (
                            "dal",
                            models.DateField(blank=True, null=True, verbose_name="offerto dal"),
                        ),
                        ("al", models.DateField(blank=True, null=True, verbose_name="fino al")),
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
                                to="assi.servizio",
                            ),
                        ),
                        (
                            "voce",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="assi.vocenomenclatura",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "storia: servizio",
                        "verbose_name_plural": "storia: servizi",
                        "abstract": False,
                    },
                ),
                migrations.AddField(
                    model_name="servizio",
                    name="voce",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="servizi",
                        to="assi.vocenomenclatura",
                    ),
                ),
                migrations.CreateModel(
                    name="TipoDiEsito",
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
                            models.CharField(max_length=20, unique=True, verbose_name="codice"),
                        ),
                        ("nome", models.CharField(max_length=200, verbose_name="nome")),
                        (
                            "ordine",
                            models.PositiveSmallIntegerField(default=0, verbose_name="ordine"),
                        ),
                        ("dal", models.DateField(blank=True, null=True, verbose_name="dal")),
                        ("al", models.DateField(blank=True, null=True, verbose_name="al")),
                        ("famiglia", models.CharField(max_length=50, verbose_name="famiglia")),
                        (
                            "segno",
                            models.CharField(
                                choices=[
                                    ("+", "un passo avanti"),
                                    ("0", "né avanti né indietro"),
                                    ("-", "un passo indietro"),
                                ],
                                max_length=1,
                                verbose_name="segno",
                            ),
                        ),
                        (
                            "verifica",
                            models.CharField(
                                blank=True, max_length=100, verbose_name="come si prova"
                            ),
                        ),
                        (
                            "indicatori",
                            models.CharField(blank=True, max_length=50, verbose_name="indicatori"),
                        ),
                        (
                            "asse",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tipi_di_esito",
                                to="assi.asse",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "tipo di esito",
                        "verbose_name_plural": "tipi di esito",
                        "abstract": False,
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("dal", None),
                                    ("al", None),
                                    ("al__gte", models.F("dal")),
                                    _connector="OR",
                                ),
                                name="tipodiesito_date_in_ordine",
                                violation_error_message="Una voce non può chiudersi prima di cominciare.",
                            )
                        ],
                    },
                ),
                migrations.AddConstraint(
                    model_name="vocenomenclatura",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("dal", None),
                            ("al", None),
                            ("al__gte", models.F("dal")),
                            _connector="OR",
                        ),
                        name="vocenomenclatura_date_in_ordine",
                        violation_error_message="Una voce non può chiudersi prima di cominciare.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="servizio",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("al", None)),
                        fields=("ente", "nome"),
                        name="servizio_nome_una_volta",
                        violation_error_message="L'ente ha già un servizio con questo nome.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="servizio",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("nome", ""), _negated=True),
                        name="servizio_con_nome",
                        violation_error_message="Scrivi come si chiama il servizio.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="servizio",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("dal", None),
                            ("al", None),
                            ("al__gte", models.F("dal")),
                            _connector="OR",
                        ),
                        name="servizio_date_in_ordine",
                        violation_error_message="Un servizio non può chiudersi prima di cominciare.",
                    ),
                ),
                AggiungiTrigger(
                    model_name="servizio",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "assi_storiaservizio" ("al", "bassa_soglia", "dal", "ente_id", "id", "nome", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "sinonimi", "uuid", "voce_id") VALUES (NEW."al", NEW."bassa_soglia", NEW."dal", NEW."ente_id", NEW."id", NEW."nome", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."sinonimi", NEW."uuid", NEW."voce_id"); RETURN NULL;',
                            hash="695bff4c1ccf9a430568eae2796d4e680bd44bb4",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_92e48",
                            table="assi_servizio",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="servizio",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "assi_storiaservizio" ("al", "bassa_soglia", "dal", "ente_id", "id", "nome", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "sinonimi", "uuid", "voce_id") VALUES (NEW."al", NEW."bassa_soglia", NEW."dal", NEW."ente_id", NEW."id", NEW."nome", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."sinonimi", NEW."uuid", NEW."voce_id"); RETURN NULL;',
                            hash="b41f7e3b2b4c7d95da3c8a21f688e5561a339d7a",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_b2ab9",
                            table="assi_servizio",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="servizio",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "assi_storiaservizio" ("al", "bassa_soglia", "dal", "ente_id", "id", "nome", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "sinonimi", "uuid", "voce_id") VALUES (OLD."al", OLD."bassa_soglia", OLD."dal", OLD."ente_id", OLD."id", OLD."nome", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."sinonimi", OLD."uuid", OLD."voce_id"); RETURN NULL;',
                            hash="bb12011b26ac0d6aac8f9100960ffc1daae45bb7",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_9c11c",
                            table="assi_servizio",
                            when="AFTER",
                        ),
                    ),
                ),
                # Ciò che un ente offre lo leggono i suoi, di ogni ruolo, e lo scrive chi ne risponde.
                isola("assi_servizio", leggi=PROPRI, inserisci=RISPONDE, cancella="false"),
                *isola_storia("assi_storiaservizio"),
                migrations.RunSQL(
                    # La voce di un servizio non si cambia: le prestazioni già scritte ne cambierebbero senso.
                    sql=f"""
                REVOKE DELETE ON {VOCABOLARI} FROM registro_app;
                REVOKE UPDATE, DELETE ON assi_servizio FROM registro_app;
                GRANT UPDATE (nome, sinonimi, bassa_soglia, dal, al) ON assi_servizio TO registro_app;
            """,
                    reverse_sql=f"""
                GRANT DELETE ON {VOCABOLARI} TO registro_app;
                GRANT UPDATE, DELETE ON assi_servizio TO registro_app;
            """,
                ),
            ]
        ),
    ]
