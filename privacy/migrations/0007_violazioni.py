"""Le violazioni di dati: le scrive chi ne risponde, le leggono garante e chi amministra."""

import datetime
import uuid

import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from privacy.migrazioni import DI_CHI_LAVORA, MAI, isola_storia, solo_in_aggiunta
from registro.comune.migrazioni import Insieme, isola


RISPONDE = f"{DI_CHI_LAVORA} AND (SELECT registro_apre_tutto())"
VIGILA = "coalesce((SELECT registro_ruolo()) IN ('garante', 'amministratore'), false)"
# Quando la si è scoperta e chi l'ha scritta non cambiano: da lì partono le 72 ore.
SI_SCRIVE_POI = (
    "natura, descrizione, chi_id, per_ente_id, dal, al, conseguenze, misure, garante,"
    " garante_motivo, garante_il, garante_ritardo, persone, persone_motivo, persone_il, chiusa_il,"
    " preavviso_il, ritardo_il"
)


class Migration(migrations.Migration):
    dependencies = [
        ("enti", "0011_eventi_di_sicurezza"),
        ("privacy", "0006_finalita_d_emergenza"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Insieme(
            [
                migrations.CreateModel(
                    name="Violazione",
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
                        ("scoperta_il", models.DateTimeField(verbose_name="scoperta il")),
                        (
                            "natura",
                            models.CharField(
                                choices=[
                                    (
                                        "riservatezza",
                                        "qualcuno ha visto o avuto dati che non doveva",
                                    ),
                                    ("integrita", "dei dati sono stati cambiati"),
                                    (
                                        "disponibilita",
                                        "dei dati sono andati persi o non si raggiungono",
                                    ),
                                ],
                                max_length=15,
                                verbose_name="che cosa è successo ai dati",
                            ),
                        ),
                        (
                            "descrizione",
                            models.TextField(max_length=3000, verbose_name="descrizione"),
                        ),
                        (
                            "dal",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="letture dal"
                            ),
                        ),
                        (
                            "al",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="letture fino al"
                            ),
                        ),
                        (
                            "conseguenze",
                            models.TextField(
                                blank=True, max_length=3000, verbose_name="conseguenze probabili"
                            ),
                        ),
                        (
                            "misure",
                            models.TextField(
                                blank=True, max_length=3000, verbose_name="misure prese"
                            ),
                        ),
                        (
                            "garante",
                            models.CharField(
                                choices=[
                                    ("da-decidere", "da decidere"),
                                    ("si", "sì"),
                                    ("no", "no"),
                                ],
                                default="da-decidere",
                                max_length=12,
                                verbose_name="si notifica al Garante",
                            ),
                        ),
                        (
                            "garante_motivo",
                            models.TextField(blank=True, max_length=1000, verbose_name="perché"),
                        ),
                        (
                            "garante_il",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="notificata il"
                            ),
                        ),
                        (
                            "garante_ritardo",
                            models.TextField(
                                blank=True, max_length=1000, verbose_name="perché oltre le 72 ore"
                            ),
                        ),
                        (
                            "persone",
                            models.CharField(
                                choices=[
                                    ("da-decidere", "da decidere"),
                                    ("si", "sì"),
                                    ("no", "no"),
                                ],
                                default="da-decidere",
                                max_length=12,
                                verbose_name="si avvisano le persone",
                            ),
                        ),
                        (
                            "persone_motivo",
                            models.TextField(blank=True, max_length=1000, verbose_name="perché"),
                        ),
                        (
                            "persone_il",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="avvisate il"
                            ),
                        ),
                        (
                            "aperta_il",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="scritta il",
                            ),
                        ),
                        (
                            "chiusa_il",
                            models.DateTimeField(blank=True, null=True, verbose_name="chiusa il"),
                        ),
                        (
                            "preavviso_il",
                            models.DateTimeField(
                                editable=False, null=True, verbose_name="preavviso spedito il"
                            ),
                        ),
                        (
                            "ritardo_il",
                            models.DateTimeField(
                                editable=False, null=True, verbose_name="ritardo segnalato il"
                            ),
                        ),
                        (
                            "aperta_da",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "chi",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="account coinvolto",
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
                            "per_ente",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="enti.ente",
                                verbose_name="ente che ha letto",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "violazione",
                        "verbose_name_plural": "violazioni",
                    },
                ),
                migrations.CreateModel(
                    name="StoriaViolazione",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("scoperta_il", models.DateTimeField(verbose_name="scoperta il")),
                        (
                            "natura",
                            models.CharField(
                                choices=[
                                    (
                                        "riservatezza",
                                        "qualcuno ha visto o avuto dati che non doveva",
                                    ),
                                    ("integrita", "dei dati sono stati cambiati"),
                                    (
                                        "disponibilita",
                                        "dei dati sono andati persi o non si raggiungono",
                                    ),
                                ],
                                max_length=15,
                                verbose_name="che cosa è successo ai dati",
                            ),
                        ),
                        (
                            "descrizione",
                            models.TextField(max_length=3000, verbose_name="descrizione"),
                        ),
                        (
                            "dal",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="letture dal"
                            ),
                        ),
                        (
                            "al",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="letture fino al"
                            ),
                        ),
                        (
                            "conseguenze",
                            models.TextField(
                                blank=True, max_length=3000, verbose_name="conseguenze probabili"
                            ),
                        ),
                        (
                            "misure",
                            models.TextField(
                                blank=True, max_length=3000, verbose_name="misure prese"
                            ),
                        ),
                        (
                            "garante",
                            models.CharField(
                                choices=[
                                    ("da-decidere", "da decidere"),
                                    ("si", "sì"),
                                    ("no", "no"),
                                ],
                                default="da-decidere",
                                max_length=12,
                                verbose_name="si notifica al Garante",
                            ),
                        ),
                        (
                            "garante_motivo",
                            models.TextField(blank=True, max_length=1000, verbose_name="perché"),
                        ),
                        (
                            "garante_il",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="notificata il"
                            ),
                        ),
                        (
                            "garante_ritardo",
                            models.TextField(
                                blank=True, max_length=1000, verbose_name="perché oltre le 72 ore"
                            ),
                        ),
                        (
                            "persone",
                            models.CharField(
                                choices=[
                                    ("da-decidere", "da decidere"),
                                    ("si", "sì"),
                                    ("no", "no"),
                                ],
                                default="da-decidere",
                                max_length=12,
                                verbose_name="si avvisano le persone",
                            ),
                        ),
                        (
                            "persone_motivo",
                            models.TextField(blank=True, max_length=1000, verbose_name="perché"),
                        ),
                        (
                            "persone_il",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="avvisate il"
                            ),
                        ),
                        (
                            "aperta_il",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="scritta il",
                            ),
                        ),
                        (
                            "chiusa_il",
                            models.DateTimeField(blank=True, null=True, verbose_name="chiusa il"),
                        ),
                        (
                            "preavviso_il",
                            models.DateTimeField(
                                editable=False, null=True, verbose_name="preavviso spedito il"
                            ),
                        ),
                        (
                            "ritardo_il",
                            models.DateTimeField(
                                editable=False, null=True, verbose_name="ritardo segnalato il"
                            ),
                        ),
                        (
                            "aperta_da",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "chi",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="account coinvolto",
                            ),
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
                            "per_ente",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="enti.ente",
                                verbose_name="ente che ha letto",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="storia",
                                to="privacy.violazione",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "storia: violazione",
                        "verbose_name_plural": "storia: violazioni",
                        "abstract": False,
                    },
                ),
                migrations.AddConstraint(
                    model_name="violazione",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("scoperta_il__lte", models.F("aperta_il"))),
                        name="violazione_scoperta_prima",
                        violation_error_message="Non si può averla scoperta nel futuro.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="violazione",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("al", None), ("dal", None)),
                            models.Q(
                                ("al__gte", models.F("dal")),
                                ("al__isnull", False),
                                ("dal__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="violazione_periodo_in_ordine",
                        violation_error_message="Il periodo delle letture ha un inizio e una fine, in ordine.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="violazione",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("garante", "da-decidere"),
                            models.Q(("garante_motivo", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="violazione_garante_con_motivo",
                        violation_error_message="Scrivi perché si notifica al Garante, o perché no.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="violazione",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("persone", "da-decidere"),
                            models.Q(("persone_motivo", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="violazione_persone_con_motivo",
                        violation_error_message="Scrivi perché si avvisano le persone, o perché no.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="violazione",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("garante_il", None),
                            models.Q(
                                ("garante", "si"),
                                ("garante_il__gte", models.F("scoperta_il")),
                                models.Q(
                                    (
                                        "garante_il__lte",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("scoperta_il"),
                                            "+",
                                            models.Value(datetime.timedelta(days=3)),
                                        ),
                                    ),
                                    models.Q(("garante_ritardo", ""), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="violazione_ritardo_con_motivo",
                        violation_error_message="Oltre le 72 ore si scrive perché si è in ritardo (art. 33.1 GDPR).",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="violazione",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("persone_il", None),
                            models.Q(
                                ("persone", "si"), ("persone_il__gte", models.F("scoperta_il"))
                            ),
                            _connector="OR",
                        ),
                        name="violazione_persone_avvisate",
                        violation_error_message="Si segna quando si sono avvisate solo se si è deciso di farlo.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="violazione",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("chiusa_il", None),
                            models.Q(
                                models.Q(
                                    ("garante", "no"),
                                    models.Q(("garante", "si"), ("garante_il__isnull", False)),
                                    _connector="OR",
                                ),
                                models.Q(
                                    ("persone", "no"),
                                    models.Q(("persone", "si"), ("persone_il__isnull", False)),
                                    _connector="OR",
                                ),
                                models.Q(("misure", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="violazione_chiusa_con_tutto",
                        violation_error_message="Per chiuderla scrivi le misure prese e le due decisioni; ciò che si è deciso di fare va fatto, con il giorno e l'ora.",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="violazione",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "privacy_storiaviolazione" ("al", "aperta_da_id", "aperta_il", "chi_id", "chiusa_il", "conseguenze", "dal", "descrizione", "ente_id", "garante", "garante_il", "garante_motivo", "garante_ritardo", "id", "misure", "natura", "per_ente_id", "persone", "persone_il", "persone_motivo", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "preavviso_il", "ritardo_il", "scoperta_il", "uuid") VALUES (NEW."al", NEW."aperta_da_id", NEW."aperta_il", NEW."chi_id", NEW."chiusa_il", NEW."conseguenze", NEW."dal", NEW."descrizione", NEW."ente_id", NEW."garante", NEW."garante_il", NEW."garante_motivo", NEW."garante_ritardo", NEW."id", NEW."misure", NEW."natura", NEW."per_ente_id", NEW."persone", NEW."persone_il", NEW."persone_motivo", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."preavviso_il", NEW."ritardo_il", NEW."scoperta_il", NEW."uuid"); RETURN NULL;',
                            hash="7f13c0f0d9c6edd0ae71a39e12e1fdc1e5f8ff4b",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_33ee4",
                            table="privacy_violazione",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="violazione",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "privacy_storiaviolazione" ("al", "aperta_da_id", "aperta_il", "chi_id", "chiusa_il", "conseguenze", "dal", "descrizione", "ente_id", "garante", "garante_il", "garante_motivo", "garante_ritardo", "id", "misure", "natura", "per_ente_id", "persone", "persone_il", "persone_motivo", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "preavviso_il", "ritardo_il", "scoperta_il", "uuid") VALUES (NEW."al", NEW."aperta_da_id", NEW."aperta_il", NEW."chi_id", NEW."chiusa_il", NEW."conseguenze", NEW."dal", NEW."descrizione", NEW."ente_id", NEW."garante", NEW."garante_il", NEW."garante_motivo", NEW."garante_ritardo", NEW."id", NEW."misure", NEW."natura", NEW."per_ente_id", NEW."persone", NEW."persone_il", NEW."persone_motivo", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."preavviso_il", NEW."ritardo_il", NEW."scoperta_il", NEW."uuid"); RETURN NULL;',
                            hash="2af4492c9996b2150a20eccf5ed894ff3e74bec1",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_9231b",
                            table="privacy_violazione",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="violazione",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "privacy_storiaviolazione" ("al", "aperta_da_id", "aperta_il", "chi_id", "chiusa_il", "conseguenze", "dal", "descrizione", "ente_id", "garante", "garante_il", "garante_motivo", "garante_ritardo", "id", "misure", "natura", "per_ente_id", "persone", "persone_il", "persone_motivo", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "preavviso_il", "ritardo_il", "scoperta_il", "uuid") VALUES (OLD."al", OLD."aperta_da_id", OLD."aperta_il", OLD."chi_id", OLD."chiusa_il", OLD."conseguenze", OLD."dal", OLD."descrizione", OLD."ente_id", OLD."garante", OLD."garante_il", OLD."garante_motivo", OLD."garante_ritardo", OLD."id", OLD."misure", OLD."natura", OLD."per_ente_id", OLD."persone", OLD."persone_il", OLD."persone_motivo", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."preavviso_il", OLD."ritardo_il", OLD."scoperta_il", OLD."uuid"); RETURN NULL;',
                            hash="755c7ab93b5579e6eaac76798b7054fd61b37c89",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_037e1",
                            table="privacy_violazione",
                            when="AFTER",
                        ),
                    ),
                ),
            ]
        ),
        isola(
            "privacy_violazione",
            leggi=f"({RISPONDE}) OR {VIGILA}",
            inserisci=f"{RISPONDE} AND aperta_da_id = (SELECT registro_utente())",
            modifica=f"{RISPONDE} AND chiusa_il IS NULL",
            modificata=RISPONDE,
            cancella=MAI,
        ),
        solo_in_aggiunta("privacy_violazione", salvo=SI_SCRIVE_POI),
        *isola_storia("privacy_storiaviolazione"),
        migrations.RunSQL(
            # La storia la scrivono solo i trigger.
            sql="ALTER POLICY inserisci ON privacy_storiaviolazione"
            f" WITH CHECK ({DI_CHI_LAVORA} AND pg_trigger_depth() > 0);",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
