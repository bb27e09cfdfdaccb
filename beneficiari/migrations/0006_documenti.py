"""I documenti chiesti da un utente: li vede solo lui; nascono, si preparano, si distruggono."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from privacy.migrazioni import DI_CHI_LAVORA, MAI, solo_in_aggiunta
from registro.comune.migrazioni import isola, legame_composto


TABELLA = "beneficiari_documentodipersona"
# Di chi l'ha chiesto, finché lavora per quell'ente; il sistema passa a togliere i file scaduti.
MIO = (
    f"{DI_CHI_LAVORA} AND (utente_id = (SELECT registro_utente())"
    " OR coalesce((SELECT registro_ruolo()) = 'sistema', false))"
)
SI_SCRIVE_POI = (
    "stato, tentativi, lavoro, segno_di_vita, gruppi, poggia_su, file, impronta, byte,"
    " finito_il, scade_il, errore"
)


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiari", "0005_sguardi_sulle_condivise"),
        ("enti", "0006_confine_di_inviti_ed_eccezioni"),
        ("privacy", "0002_confine"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentoDiPersona",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "tipo",
                    models.CharField(
                        choices=[
                            ("consenso", "modulo di consenso"),
                            ("scheda", "scheda della persona"),
                            ("condivisa", "scheda condivisa da un altro ente"),
                            ("elenco", "elenco delle persone"),
                        ],
                        max_length=10,
                        verbose_name="tipo",
                    ),
                ),
                (
                    "condivisione",
                    models.UUIDField(
                        blank=True, null=True, verbose_name="autorizzazione ricevuta"
                    ),
                ),
                (
                    "richiesto_il",
                    models.DateTimeField(auto_now_add=True, verbose_name="richiesto il"),
                ),
                (
                    "stato",
                    models.CharField(
                        choices=[
                            ("in_coda", "in coda"),
                            ("in_lavorazione", "in preparazione"),
                            ("pronto", "pronto"),
                            ("fallito", "non riuscito"),
                            ("distrutto", "non più disponibile"),
                        ],
                        default="in_coda",
                        max_length=15,
                        verbose_name="stato",
                    ),
                ),
                (
                    "tentativi",
                    models.PositiveSmallIntegerField(default=0, verbose_name="tentativi"),
                ),
                (
                    "lavoro",
                    models.CharField(
                        blank=True, max_length=50, verbose_name="messaggio che la lavora"
                    ),
                ),
                (
                    "segno_di_vita",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="ultimo segno di vita"
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
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "poggia_su",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), blank=True, default=list, size=None
                    ),
                ),
                ("file", models.CharField(blank=True, max_length=60, verbose_name="file")),
                ("impronta", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
                ("byte", models.PositiveIntegerField(blank=True, null=True, verbose_name="byte")),
                (
                    "finito_il",
                    models.DateTimeField(blank=True, null=True, verbose_name="finito il"),
                ),
                (
                    "scade_il",
                    models.DateTimeField(blank=True, null=True, verbose_name="si distrugge il"),
                ),
                ("errore", models.TextField(blank=True, verbose_name="che cosa è successo")),
                (
                    "beneficiario",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="beneficiari.beneficiario",
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
                    "informativa",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="privacy.informativa",
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
                "verbose_name": "documento di una persona",
                "verbose_name_plural": "documenti delle persone",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("stato__in", ("in_coda", "in_lavorazione"))),
                        fields=(
                            "ente",
                            "utente",
                            "tipo",
                            "beneficiario",
                            "informativa",
                            "condivisione",
                        ),
                        name="documento_di_persona_uno_in_corso",
                        nulls_distinct=False,
                        violation_error_message="Questo documento è già in preparazione.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("condivisione", None),
                                ("informativa__isnull", False),
                                ("tipo", "consenso"),
                            ),
                            models.Q(
                                ("beneficiario__isnull", False),
                                ("condivisione", None),
                                ("informativa", None),
                                ("tipo", "scheda"),
                            ),
                            models.Q(
                                ("beneficiario", None),
                                ("condivisione__isnull", False),
                                ("informativa", None),
                                ("tipo", "condivisa"),
                            ),
                            models.Q(
                                ("beneficiario", None),
                                ("condivisione", None),
                                ("informativa", None),
                                ("tipo", "elenco"),
                            ),
                            _connector="OR",
                        ),
                        name="documento_di_persona_su_che_cosa",
                        violation_error_message="Ogni documento dice di che cosa parla, e di nient'altro.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stato", "pronto"), _negated=True),
                            models.Q(
                                models.Q(("file", ""), _negated=True),
                                models.Q(("impronta", ""), _negated=True),
                                ("scade_il__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="documento_di_persona_pronto_con_file",
                        violation_error_message="Un documento pronto ha il file, l'impronta e la scadenza.",
                    ),
                ],
            },
        ),
        isola(TABELLA, leggi=MIO, inserisci=MIO, cancella=MAI),
        legame_composto(TABELLA, "beneficiario_id", "beneficiari_beneficiario"),
        legame_composto(TABELLA, "informativa_id", "privacy_informativa"),
        solo_in_aggiunta(TABELLA, salvo=SI_SCRIVE_POI),
    ]
