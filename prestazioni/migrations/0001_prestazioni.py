"""Le tabelle di prestazioni, gruppi, ore, esiti, importazioni, agenda."""

import datetime
import uuid
from decimal import Decimal

import django.contrib.postgres.fields
import django.db.models.deletion
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
        ("assi", "0004_servizi_ed_esiti"),
        ("beneficiari", "0011_indici_degli_elenchi"),
        ("enti", "0007_attore_di_sistema_uno_e_fermo"),
        ("enti", "__first__"),
    ]

    operations = [
        Insieme(
            [
                migrations.CreateModel(
                    name="AttivitaIndiretta",
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
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "tipo",
                            models.CharField(
                                choices=[
                                    ("riunione", "riunione d'équipe"),
                                    ("tavolo", "tavolo di lavoro"),
                                    ("viaggio", "viaggio"),
                                    ("coordinamento", "coordinamento"),
                                    ("preparazione", "preparazione e documenti"),
                                    ("formazione", "formazione"),
                                    ("contatti", "contatti con altri servizi"),
                                    ("altro", "altro"),
                                ],
                                max_length=15,
                                verbose_name="tipo",
                            ),
                        ),
                        ("giorno", models.DateField(verbose_name="giorno")),
                        ("minuti", models.PositiveSmallIntegerField(verbose_name="minuti")),
                        (
                            "descrizione",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="descrizione"
                            ),
                        ),
                        (
                            "registrata_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="registrata il",
                            ),
                        ),
                        (
                            "azione",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="assi.azione",
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
                            "operatore",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "registrata_da",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "attività indiretta",
                        "verbose_name_plural": "attività indirette",
                        "indexes": [
                            models.Index(
                                fields=["operatore", "ente", "-giorno"],
                                name="indiretta_per_operatore",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("ente", "uuid"),
                                name="indiretta_una_volta",
                                violation_error_message="Questa attività è già registrata.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("minuti__gte", 1), ("minuti__lte", 1440)),
                                name="indiretta_durata",
                                violation_error_message="La durata va da 1 minuto a 24 ore.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("giorno__gte", datetime.date(2000, 1, 1))),
                                name="indiretta_giorno_verosimile",
                                violation_error_message="La data è troppo lontana: controlla l'anno.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Bozza",
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
                        ("pagina", models.CharField(max_length=80, verbose_name="pagina")),
                        ("contenuto_cifrato", models.BinaryField()),
                        (
                            "aggiornata_il",
                            models.DateTimeField(auto_now=True, verbose_name="aggiornata il"),
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
                            "utente",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "bozza",
                        "verbose_name_plural": "bozze",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("ente", "utente", "pagina"),
                                name="bozza_una_per_pagina",
                                violation_error_message="C'è già una bozza di questa pagina.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FoglioOre",
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
                            "mese",
                            models.DateField(
                                help_text="Il primo giorno del mese.", verbose_name="mese"
                            ),
                        ),
                        (
                            "firmato_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="firmato il",
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
                            "firmato_da",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "operatore",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "foglio ore",
                        "verbose_name_plural": "fogli ore",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("ente", "operatore", "mese"),
                                name="foglio_ore_una_volta",
                                violation_error_message="Questo mese è già firmato.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "mese",
                                        django.db.models.functions.datetime.TruncMonth("mese"),
                                    )
                                ),
                                name="foglio_ore_di_un_mese",
                                violation_error_message="Un foglio ore è di un mese intero.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GruppoPresenze",
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
                            "modo",
                            models.CharField(
                                default="presenza", max_length=10, verbose_name="modo"
                            ),
                        ),
                        (
                            "luogo",
                            models.CharField(blank=True, max_length=100, verbose_name="luogo"),
                        ),
                        ("ora", models.TimeField(blank=True, null=True, verbose_name="ora")),
                        (
                            "minuti",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="minuti"
                            ),
                        ),
                        (
                            "giorni",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(
                                    choices=[
                                        (0, "lunedì"),
                                        (1, "martedì"),
                                        (2, "mercoledì"),
                                        (3, "giovedì"),
                                        (4, "venerdì"),
                                        (5, "sabato"),
                                        (6, "domenica"),
                                    ]
                                ),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        ("dal", models.DateField(verbose_name="dal")),
                        ("al", models.DateField(blank=True, null=True, verbose_name="al")),
                        (
                            "salta",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.DateField(), blank=True, default=list, size=None
                            ),
                        ),
                        (
                            "in_piu",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.DateField(), blank=True, default=list, size=None
                            ),
                        ),
                        (
                            "azione",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="assi.azione",
                            ),
                        ),
                        (
                            "ente",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="gruppi_presenze",
                                to="enti.ente",
                            ),
                        ),
                        (
                            "operatore",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "servizio",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="assi.servizio",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "gruppo",
                        "verbose_name_plural": "gruppi",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("ente", "nome", "dal"),
                                name="gruppo_presenze_nome_una_volta",
                                violation_error_message="C'è già un gruppo con questo nome che comincia quel giorno.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("nome", ""), _negated=True),
                                name="gruppo_presenze_con_nome",
                                violation_error_message="Scrivi come si chiama il gruppo.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("al", None), ("al__gte", models.F("dal")), _connector="OR"
                                ),
                                name="gruppo_presenze_date_in_ordine",
                                violation_error_message="Il gruppo non può finire prima di cominciare.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("minuti", None),
                                    models.Q(("minuti__gte", 1), ("minuti__lte", 1440)),
                                    _connector="OR",
                                ),
                                name="gruppo_presenze_durata",
                                violation_error_message="La durata va da 1 minuto a 24 ore; se non si sa, lasciala vuota.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("giorni__contained_by", [0, 1, 2, 3, 4, 5, 6])
                                ),
                                name="gruppo_presenze_giorni",
                                violation_error_message="I giorni della settimana vanno da lunedì a domenica.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Importazione",
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
                            "tipo",
                            models.CharField(
                                choices=[
                                    ("persone", "persone"),
                                    ("casi", "prese in carico"),
                                    ("prestazioni", "prestazioni"),
                                    ("esiti", "esiti"),
                                ],
                                max_length=12,
                                verbose_name="che cosa contiene",
                            ),
                        ),
                        (
                            "stato",
                            models.CharField(
                                choices=[
                                    ("da_abbinare", "colonne da abbinare"),
                                    ("in_esame", "in esame"),
                                    ("esaminata", "pronta da caricare"),
                                    ("in_caricamento", "in caricamento"),
                                    ("caricata", "caricata"),
                                    ("annullata", "annullata"),
                                    ("abbandonata", "lasciata"),
                                    ("fallita", "non riuscita"),
                                ],
                                default="da_abbinare",
                                max_length=15,
                                verbose_name="stato",
                            ),
                        ),
                        ("file", models.CharField(blank=True, max_length=60, verbose_name="file")),
                        (
                            "estensione",
                            models.CharField(blank=True, max_length=5, verbose_name="estensione"),
                        ),
                        ("impronta", models.CharField(max_length=64, verbose_name="SHA-256")),
                        (
                            "scelte",
                            models.JSONField(blank=True, default=dict, verbose_name="scelte"),
                        ),
                        (
                            "lette",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="righe lette"
                            ),
                        ),
                        (
                            "valide",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="righe valide"
                            ),
                        ),
                        (
                            "rifiutate",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="righe rifiutate"
                            ),
                        ),
                        (
                            "scritte",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="righe scritte"
                            ),
                        ),
                        (
                            "avanzamento",
                            models.PositiveSmallIntegerField(
                                default=0, verbose_name="avanzamento"
                            ),
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
                            "creata_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="creata il",
                            ),
                        ),
                        (
                            "finita_il",
                            models.DateTimeField(blank=True, null=True, verbose_name="finita il"),
                        ),
                        (
                            "annullata_il",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="annullata il"
                            ),
                        ),
                        (
                            "errore",
                            models.TextField(blank=True, verbose_name="che cosa è successo"),
                        ),
                        (
                            "annullata_da",
                            models.ForeignKey(
                                blank=True,
                                null=True,
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
                            "utente",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "importazione",
                        "verbose_name_plural": "importazioni",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("avanzamento__lte", 100)),
                                name="importazione_avanzamento",
                                violation_error_message="L'avanzamento va da 0 a 100.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("stato", "annullata"), _negated=True),
                                    ("annullata_il__isnull", False),
                                    _connector="OR",
                                ),
                                name="importazione_annullata_da_qualcuno",
                                violation_error_message="Un'importazione annullata dice quando.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MembroDiGruppo",
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
                            "parte",
                            models.CharField(
                                blank=True, max_length=40, verbose_name="sottogruppo"
                            ),
                        ),
                        ("dal", models.DateField(verbose_name="dal")),
                        ("al", models.DateField(blank=True, null=True, verbose_name="al")),
                        (
                            "beneficiario",
                            models.ForeignKey(
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
                            "gruppo_presenze",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="membri",
                                to="prestazioni.gruppopresenze",
                            ),
                        ),
                        (
                            "presa",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiari.presaincarico",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "membro di un gruppo",
                        "verbose_name_plural": "membri di un gruppo",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("al", None)),
                                fields=("ente", "gruppo_presenze", "beneficiario"),
                                name="membro_di_gruppo_una_volta",
                                violation_error_message="La persona è già nel gruppo.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("al", None), ("al__gte", models.F("dal")), _connector="OR"
                                ),
                                name="membro_di_gruppo_date_in_ordine",
                                violation_error_message="Non si può lasciare un gruppo prima di esserci entrati.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PianoRientro",
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
                            "registrato_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="registrato il",
                            ),
                        ),
                        (
                            "creditore",
                            models.CharField(
                                choices=[
                                    ("atc", "ATC"),
                                    ("comune", "comune"),
                                    ("privato", "proprietario privato"),
                                    ("condominio", "condominio"),
                                    ("utenze", "utenze"),
                                ],
                                max_length=12,
                                verbose_name="creditore",
                            ),
                        ),
                        (
                            "debito",
                            models.DecimalField(
                                decimal_places=2, max_digits=10, verbose_name="debito all'inizio"
                            ),
                        ),
                        (
                            "causa",
                            models.CharField(
                                choices=[
                                    ("lavoro", "perdita del lavoro"),
                                    ("orario", "riduzione dell'orario"),
                                    ("malattia", "malattia"),
                                    ("separazione", "separazione"),
                                    ("decesso", "un decesso in famiglia"),
                                    ("altro", "altro"),
                                ],
                                max_length=12,
                                verbose_name="causa",
                            ),
                        ),
                        (
                            "incolpevole",
                            models.CharField(
                                choices=[
                                    ("si", "sì"),
                                    ("no", "no"),
                                    ("in-verifica", "in verifica"),
                                ],
                                max_length=12,
                                verbose_name="morosità incolpevole",
                            ),
                        ),
                        (
                            "canone",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=8,
                                null=True,
                                verbose_name="canone al mese",
                            ),
                        ),
                        (
                            "firmato_il",
                            models.DateField(blank=True, null=True, verbose_name="firmato il"),
                        ),
                        (
                            "interrotto_il",
                            models.DateField(blank=True, null=True, verbose_name="interrotto il"),
                        ),
                        (
                            "concluso_il",
                            models.DateField(blank=True, null=True, verbose_name="concluso il"),
                        ),
                        (
                            "motivo",
                            models.CharField(blank=True, max_length=300, verbose_name="perché"),
                        ),
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
                            "presa",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiari.presaincarico",
                            ),
                        ),
                        (
                            "registrato_da",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "piano di rientro",
                        "verbose_name_plural": "piani di rientro",
                        "abstract": False,
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("debito__gt", Decimal("0"))),
                                name="piano_con_debito",
                                violation_error_message="Il debito è maggiore di zero.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("interrotto_il", None), ("concluso_il", None), _connector="OR"
                                ),
                                name="piano_interrotto_o_concluso",
                                violation_error_message="Un piano o si interrompe o si conclude.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PraticaCasa",
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
                            "registrato_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="registrato il",
                            ),
                        ),
                        (
                            "tipo",
                            models.CharField(
                                choices=[
                                    ("fondo-sociale", "fondo sociale o FIMI"),
                                    ("domanda-erp", "domanda di casa popolare"),
                                    ("cambio-erp", "cambio di alloggio ERP"),
                                    ("decadenza", "decadenza ERP"),
                                    ("emergenza", "emergenza abitativa"),
                                    ("sfratto", "sfratto"),
                                ],
                                max_length=15,
                                verbose_name="tipo",
                            ),
                        ),
                        (
                            "presso",
                            models.CharField(blank=True, max_length=120, verbose_name="presso"),
                        ),
                        ("aperta_il", models.DateField(verbose_name="aperta il")),
                        (
                            "chiusa_il",
                            models.DateField(blank=True, null=True, verbose_name="chiusa il"),
                        ),
                        (
                            "importo",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=10,
                                null=True,
                                verbose_name="importo",
                            ),
                        ),
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
                            "presa",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiari.presaincarico",
                            ),
                        ),
                        (
                            "registrato_da",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "pratica per la casa",
                        "verbose_name_plural": "pratiche per la casa",
                        "abstract": False,
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("chiusa_il", None),
                                    ("chiusa_il__gte", models.F("aperta_il")),
                                    _connector="OR",
                                ),
                                name="pratica_date_in_ordine",
                                violation_error_message="La pratica non può chiudersi prima di aprirsi.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PassoDiPratica",
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
                            "passo",
                            models.CharField(
                                choices=[
                                    ("presentata", "presentata"),
                                    ("integrata", "integrata"),
                                    ("in-graduatoria", "in graduatoria"),
                                    ("accolta", "accolta"),
                                    ("respinta", "respinta"),
                                    ("messa-in-mora", "messa in mora"),
                                    ("intimazione", "intimazione"),
                                    ("convalida", "convalida"),
                                    ("preavviso", "preavviso di rilascio"),
                                    ("esecuzione", "esecuzione"),
                                    ("revoca", "revoca o rinvio"),
                                ],
                                max_length=15,
                                verbose_name="passo",
                            ),
                        ),
                        ("giorno", models.DateField(verbose_name="giorno")),
                        (
                            "note",
                            models.CharField(blank=True, max_length=300, verbose_name="note"),
                        ),
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
                            "pratica",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="passi",
                                to="prestazioni.praticacasa",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "passo di una pratica",
                        "verbose_name_plural": "passi di una pratica",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("ente", "pratica", "passo", "giorno"),
                                name="passo_una_volta",
                                violation_error_message="Questo passo è già scritto.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Prestazione",
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
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("giorno", models.DateField(verbose_name="giorno")),
                        ("ora", models.TimeField(blank=True, null=True, verbose_name="ora")),
                        (
                            "minuti",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="minuti"
                            ),
                        ),
                        (
                            "modo",
                            models.CharField(
                                choices=[
                                    ("presenza", "in presenza"),
                                    ("domicilio", "a domicilio"),
                                    ("telefono", "al telefono"),
                                    ("online", "online"),
                                ],
                                default="presenza",
                                max_length=10,
                                verbose_name="modo",
                            ),
                        ),
                        (
                            "luogo",
                            models.CharField(blank=True, max_length=100, verbose_name="luogo"),
                        ),
                        (
                            "quantita",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=10,
                                null=True,
                                verbose_name="quantità",
                            ),
                        ),
                        (
                            "valore",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=10,
                                null=True,
                                verbose_name="valore non monetario",
                            ),
                        ),
                        (
                            "senza_nome",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="persone senza nome"
                            ),
                        ),
                        (
                            "oggetto",
                            models.CharField(blank=True, max_length=200, verbose_name="oggetto"),
                        ),
                        (
                            "origine",
                            models.CharField(
                                choices=[
                                    ("web", "dalla pagina"),
                                    ("offline", "senza rete"),
                                    ("importazione", "da un foglio"),
                                    ("api", "da un altro programma"),
                                ],
                                default="web",
                                max_length=12,
                                verbose_name="origine",
                            ),
                        ),
                        (
                            "registrata_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="registrata il",
                            ),
                        ),
                        ("versione", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "azione",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="assi.azione",
                            ),
                        ),
                        (
                            "ente",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="prestazioni",
                                to="enti.ente",
                            ),
                        ),
                        (
                            "gruppo",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="incontri",
                                to="prestazioni.gruppopresenze",
                            ),
                        ),
                        (
                            "importazione",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="prestazioni.importazione",
                            ),
                        ),
                        (
                            "operatore",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "registrata_da",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "servizio",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="prestazioni",
                                to="assi.servizio",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "prestazione",
                        "verbose_name_plural": "prestazioni",
                        "indexes": [
                            models.Index(
                                fields=["ente", "-giorno", "-id"], name="prestazione_per_giorno"
                            ),
                            models.Index(
                                fields=["operatore", "ente", "-giorno"],
                                name="prestazione_per_operatore",
                            ),
                            models.Index(
                                fields=["ente", "azione", "-giorno"], name="prestazione_per_azione"
                            ),
                            models.Index(
                                condition=models.Q(("importazione__isnull", False)),
                                fields=["importazione"],
                                name="prestazione_importata",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("ente", "uuid"),
                                name="prestazione_una_volta",
                                violation_error_message="Questa prestazione è già registrata.",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("gruppo__isnull", False)),
                                fields=("ente", "gruppo", "giorno", "ora"),
                                name="prestazione_un_incontro_del_gruppo",
                                nulls_distinct=False,
                                violation_error_message="Le presenze di questo incontro ci sono già: aprile e correggile.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("minuti", None),
                                    models.Q(("minuti__gte", 1), ("minuti__lte", 1440)),
                                    _connector="OR",
                                ),
                                name="prestazione_durata",
                                violation_error_message="La durata va da 1 minuto a 24 ore; se non si sa, lasciala vuota.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("quantita", None),
                                    ("quantita__gt", Decimal("0")),
                                    _connector="OR",
                                ),
                                name="prestazione_quantita",
                                violation_error_message="La quantità è maggiore di zero; se non si sa, lasciala vuota.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valore", None),
                                    ("valore__gte", Decimal("0")),
                                    _connector="OR",
                                ),
                                name="prestazione_valore",
                                violation_error_message="Il valore non può essere negativo.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("senza_nome", None),
                                    models.Q(("senza_nome__gte", 1), ("senza_nome__lte", 5000)),
                                    _connector="OR",
                                ),
                                name="prestazione_senza_nome",
                                violation_error_message="Le persone senza nome vanno da 1 a 5.000; se non ce n'erano, lascia vuoto.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("giorno__gte", datetime.date(2000, 1, 1))),
                                name="prestazione_giorno_verosimile",
                                violation_error_message="La data è troppo lontana: controlla l'anno.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Partecipazione",
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
                            "minuti",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="minuti"
                            ),
                        ),
                        ("giorno", models.DateField(editable=False, verbose_name="giorno")),
                        (
                            "registrata_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="registrata il",
                            ),
                        ),
                        (
                            "azione",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="assi.azione",
                            ),
                        ),
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
                            "presa",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiari.presaincarico",
                            ),
                        ),
                        (
                            "registrata_da",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "voce",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="assi.vocenomenclatura",
                            ),
                        ),
                        (
                            "prestazione",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="partecipazioni",
                                to="prestazioni.prestazione",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "partecipazione",
                        "verbose_name_plural": "partecipazioni",
                        "indexes": [
                            models.Index(
                                fields=["beneficiario", "ente", "-giorno"],
                                name="partecipazione_persona",
                            ),
                            models.Index(
                                fields=["ente", "giorno"], name="partecipazione_per_giorno"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("ente", "prestazione", "presa", "beneficiario"),
                                name="partecipazione_una_volta",
                                nulls_distinct=False,
                                violation_error_message="La persona è già fra i presenti.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("minuti", None),
                                    models.Q(("minuti__gte", 1), ("minuti__lte", 1440)),
                                    _connector="OR",
                                ),
                                name="partecipazione_durata",
                                violation_error_message="La durata va da 1 minuto a 24 ore; se non si sa, lasciala vuota.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NotaDiPrestazione",
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
                        ("testo_cifrato", models.BinaryField()),
                        (
                            "scritta_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="scritta il",
                            ),
                        ),
                        (
                            "beneficiario",
                            models.ForeignKey(
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
                            "scritta_da",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "prestazione",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="note",
                                to="prestazioni.prestazione",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "nota di una prestazione",
                        "verbose_name_plural": "note delle prestazioni",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("ente", "prestazione", "beneficiario"),
                                name="nota_di_prestazione_una",
                                violation_error_message="Di questa persona c'è già una nota: modificala.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Appuntamento",
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
                        ("quando", models.DateTimeField(verbose_name="quando")),
                        (
                            "minuti",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="minuti"
                            ),
                        ),
                        (
                            "modo",
                            models.CharField(
                                choices=[
                                    ("presenza", "in presenza"),
                                    ("domicilio", "a domicilio"),
                                    ("telefono", "al telefono"),
                                    ("online", "online"),
                                ],
                                default="presenza",
                                max_length=10,
                                verbose_name="modo",
                            ),
                        ),
                        (
                            "luogo",
                            models.CharField(blank=True, max_length=100, verbose_name="luogo"),
                        ),
                        (
                            "oggetto",
                            models.CharField(blank=True, max_length=200, verbose_name="oggetto"),
                        ),
                        (
                            "stato",
                            models.CharField(
                                choices=[
                                    ("previsto", "previsto"),
                                    ("fatto", "fatto"),
                                    ("mancato", "non si è presentata"),
                                    ("annullato", "annullato"),
                                ],
                                default="previsto",
                                max_length=10,
                                verbose_name="stato",
                            ),
                        ),
                        (
                            "creato_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="creato il",
                            ),
                        ),
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
                            "operatore",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "presa",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiari.presaincarico",
                            ),
                        ),
                        (
                            "servizio",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="assi.servizio",
                            ),
                        ),
                        (
                            "prestazione",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="prestazioni.prestazione",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "appuntamento",
                        "verbose_name_plural": "appuntamenti",
                        "indexes": [
                            models.Index(
                                fields=["operatore", "ente", "quando"], name="appuntamento_di"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("presa", None),
                                    ("beneficiario__isnull", False),
                                    _connector="OR",
                                ),
                                name="appuntamento_con_qualcuno",
                                violation_error_message="Un appuntamento dentro una presa in carico dice con chi.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("prestazione", None), ("stato", "fatto"), _connector="OR"
                                ),
                                name="appuntamento_fatto_con_prestazione",
                                violation_error_message="Solo un appuntamento fatto ha una prestazione.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("minuti", None),
                                    models.Q(("minuti__gte", 1), ("minuti__lte", 1440)),
                                    _connector="OR",
                                ),
                                name="appuntamento_durata",
                                violation_error_message="La durata va da 1 minuto a 24 ore; se non si sa, lasciala vuota.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Affiancamento",
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
                            "minuti",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="minuti"
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
                            "utente",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "prestazione",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="affiancamenti",
                                to="prestazioni.prestazione",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "affiancamento",
                        "verbose_name_plural": "affiancamenti",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("ente", "prestazione", "utente"),
                                name="affiancamento_una_volta",
                                violation_error_message="L'operatore è già fra chi c'era.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("minuti", None),
                                    models.Q(("minuti__gte", 1), ("minuti__lte", 1440)),
                                    _connector="OR",
                                ),
                                name="affiancamento_durata",
                                violation_error_message="La durata va da 1 minuto a 24 ore; se non si sa, lasciala vuota.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Rata",
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
                        ("numero", models.PositiveSmallIntegerField(verbose_name="numero")),
                        ("scade_il", models.DateField(verbose_name="scade il")),
                        (
                            "importo",
                            models.DecimalField(
                                decimal_places=2, max_digits=8, verbose_name="importo"
                            ),
                        ),
                        (
                            "pagata_il",
                            models.DateField(blank=True, null=True, verbose_name="pagata il"),
                        ),
                        (
                            "controllata_il",
                            models.DateField(blank=True, null=True, verbose_name="controllata il"),
                        ),
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
                            "piano",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rate",
                                to="prestazioni.pianorientro",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "rata",
                        "verbose_name_plural": "rate",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("ente", "piano", "numero"),
                                name="rata_una_volta",
                                violation_error_message="Il piano ha già una rata con questo numero.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("importo__gt", Decimal("0"))),
                                name="rata_con_importo",
                                violation_error_message="L'importo di una rata è maggiore di zero.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Rettifica",
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
                        ("minuti", models.IntegerField(verbose_name="minuti")),
                        ("motivo", models.CharField(max_length=300, verbose_name="motivo")),
                        (
                            "quando",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="quando",
                            ),
                        ),
                        (
                            "azione",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="assi.azione",
                            ),
                        ),
                        (
                            "da",
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
                            "foglio",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rettifiche",
                                to="prestazioni.foglioore",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "rettifica",
                        "verbose_name_plural": "rettifiche",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("minuti", 0), _negated=True),
                                    ("minuti__gte", -44640),
                                    ("minuti__lte", 44640),
                                ),
                                name="rettifica_di_qualcosa",
                                violation_error_message="Una rettifica aggiunge o toglie minuti, al più quelli di un mese.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    django.db.models.lookups.GreaterThanOrEqual(
                                        django.db.models.functions.text.Length("motivo"), 10
                                    )
                                ),
                                name="rettifica_con_motivo",
                                violation_error_message="Scrivi in almeno 10 caratteri perché il mese si corregge.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RigaImportata",
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
                        ("tabella", models.CharField(max_length=40, verbose_name="tabella")),
                        ("chiave", models.BigIntegerField(verbose_name="chiave")),
                        (
                            "ente",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="enti.ente",
                            ),
                        ),
                        (
                            "importazione",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="righe_nate",
                                to="prestazioni.importazione",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "riga importata",
                        "verbose_name_plural": "righe importate",
                    },
                ),
                migrations.CreateModel(
                    name="StoriaAppuntamento",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("quando", models.DateTimeField(verbose_name="quando")),
                        (
                            "minuti",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="minuti"
                            ),
                        ),
                        (
                            "modo",
                            models.CharField(
                                choices=[
                                    ("presenza", "in presenza"),
                                    ("domicilio", "a domicilio"),
                                    ("telefono", "al telefono"),
                                    ("online", "online"),
                                ],
                                default="presenza",
                                max_length=10,
                                verbose_name="modo",
                            ),
                        ),
                        (
                            "luogo",
                            models.CharField(blank=True, max_length=100, verbose_name="luogo"),
                        ),
                        (
                            "oggetto",
                            models.CharField(blank=True, max_length=200, verbose_name="oggetto"),
                        ),
                        (
                            "stato",
                            models.CharField(
                                choices=[
                                    ("previsto", "previsto"),
                                    ("fatto", "fatto"),
                                    ("mancato", "non si è presentata"),
                                    ("annullato", "annullato"),
                                ],
                                default="previsto",
                                max_length=10,
                                verbose_name="stato",
                            ),
                        ),
                        (
                            "creato_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="creato il",
                            ),
                        ),
                        (
                            "beneficiario",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="beneficiari.beneficiario",
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
                            "operatore",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="storia",
                                to="prestazioni.appuntamento",
                            ),
                        ),
                        (
                            "presa",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="beneficiari.presaincarico",
                            ),
                        ),
                        (
                            "prestazione",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="prestazioni.prestazione",
                            ),
                        ),
                        (
                            "servizio",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="assi.servizio",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "storia: appuntamento",
                        "verbose_name_plural": "storia: appuntamenti",
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="StoriaAttivitaIndiretta",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "tipo",
                            models.CharField(
                                choices=[
                                    ("riunione", "riunione d'équipe"),
                                    ("tavolo", "tavolo di lavoro"),
                                    ("viaggio", "viaggio"),
                                    ("coordinamento", "coordinamento"),
                                    ("preparazione", "preparazione e documenti"),
                                    ("formazione", "formazione"),
                                    ("contatti", "contatti con altri servizi"),
                                    ("altro", "altro"),
                                ],
                                max_length=15,
                                verbose_name="tipo",
                            ),
                        ),
                        ("giorno", models.DateField(verbose_name="giorno")),
                        ("minuti", models.PositiveSmallIntegerField(verbose_name="minuti")),
                        (
                            "descrizione",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="descrizione"
                            ),
                        ),
                        (
                            "registrata_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="registrata il",
                            ),
                        ),
                        (
                            "azione",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="assi.azione",
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
                            "operatore",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="storia",
                                to="prestazioni.attivitaindiretta",
                            ),
                        ),
                        (
                            "registrata_da",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "storia: attività indiretta",
                        "verbose_name_plural": "storia: attività indirette",
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="StoriaGruppoPresenze",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("nome", models.CharField(max_length=120, verbose_name="nome")),
                        (
                            "modo",
                            models.CharField(
                                default="presenza", max_length=10, verbose_name="modo"
                            ),
                        ),
                        (
                            "luogo",
                            models.CharField(blank=True, max_length=100, verbose_name="luogo"),
                        ),
                        ("ora", models.TimeField(blank=True, null=True, verbose_name="ora")),
                        (
                            "minuti",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="minuti"
                            ),
                        ),
                        (
                            "giorni",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(
                                    choices=[
                                        (0, "lunedì"),
                                        (1, "martedì"),
                                        (2, "mercoledì"),
                                        (3, "giovedì"),
                                        (4, "venerdì"),
                                        (5, "sabato"),
                                        (6, "domenica"),
                                    ]
                                ),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        ("dal", models.DateField(verbose_name="dal")),
                        ("al", models.DateField(blank=True, null=True, verbose_name="al")),
                        (
                            "salta",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.DateField(), blank=True, default=list, size=None
                            ),
                        ),
                        (
                            "in_piu",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.DateField(), blank=True, default=list, size=None
                            ),
                        ),
                        (
                            "azione",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="assi.azione",
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
                            "operatore",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="storia",
                                to="prestazioni.gruppopresenze",
                            ),
                        ),
                        (
                            "servizio",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="assi.servizio",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "storia: gruppo",
                        "verbose_name_plural": "storia: gruppi",
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="StoriaMembroDiGruppo",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "parte",
                            models.CharField(
                                blank=True, max_length=40, verbose_name="sottogruppo"
                            ),
                        ),
                        ("dal", models.DateField(verbose_name="dal")),
                        ("al", models.DateField(blank=True, null=True, verbose_name="al")),
                        (
                            "beneficiario",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="beneficiari.beneficiario",
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
                            "gruppo_presenze",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="prestazioni.gruppopresenze",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="storia",
                                to="prestazioni.membrodigruppo",
                            ),
                        ),
                        (
                            "presa",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="beneficiari.presaincarico",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "storia: membro di un gruppo",
                        "verbose_name_plural": "storia: membri di un gruppo",
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="StoriaNotaDiPrestazione",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("testo_cifrato", models.BinaryField()),
                        (
                            "scritta_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="scritta il",
                            ),
                        ),
                        (
                            "beneficiario",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="beneficiari.beneficiario",
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
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="storia",
                                to="prestazioni.notadiprestazione",
                            ),
                        ),
                        (
                            "prestazione",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="prestazioni.prestazione",
                            ),
                        ),
                        (
                            "scritta_da",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "storia: nota di una prestazione",
                        "verbose_name_plural": "storia: note delle prestazioni",
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="StoriaPartecipazione",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "minuti",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="minuti"
                            ),
                        ),
                        ("giorno", models.DateField(editable=False, verbose_name="giorno")),
                        (
                            "registrata_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="registrata il",
                            ),
                        ),
                        (
                            "azione",
                            models.ForeignKey(
                                db_constraint=False,
                                editable=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="assi.azione",
                            ),
                        ),
                        (
                            "beneficiario",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="beneficiari.beneficiario",
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
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="storia",
                                to="prestazioni.partecipazione",
                            ),
                        ),
                        (
                            "presa",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="beneficiari.presaincarico",
                            ),
                        ),
                        (
                            "prestazione",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="prestazioni.prestazione",
                            ),
                        ),
                        (
                            "registrata_da",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "voce",
                            models.ForeignKey(
                                db_constraint=False,
                                editable=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="assi.vocenomenclatura",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "storia: partecipazione",
                        "verbose_name_plural": "storia: partecipazioni",
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="StoriaPassoDiPratica",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "passo",
                            models.CharField(
                                choices=[
                                    ("presentata", "presentata"),
                                    ("integrata", "integrata"),
                                    ("in-graduatoria", "in graduatoria"),
                                    ("accolta", "accolta"),
                                    ("respinta", "respinta"),
                                    ("messa-in-mora", "messa in mora"),
                                    ("intimazione", "intimazione"),
                                    ("convalida", "convalida"),
                                    ("preavviso", "preavviso di rilascio"),
                                    ("esecuzione", "esecuzione"),
                                    ("revoca", "revoca o rinvio"),
                                ],
                                max_length=15,
                                verbose_name="passo",
                            ),
                        ),
                        ("giorno", models.DateField(verbose_name="giorno")),
                        (
                            "note",
                            models.CharField(blank=True, max_length=300, verbose_name="note"),
                        ),
                        (
                            "beneficiario",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="beneficiari.beneficiario",
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
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="storia",
                                to="prestazioni.passodipratica",
                            ),
                        ),
                        (
                            "pratica",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="prestazioni.praticacasa",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "storia: passo di una pratica",
                        "verbose_name_plural": "storia: passi di una pratica",
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="StoriaPianoRientro",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "registrato_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="registrato il",
                            ),
                        ),
                        (
                            "creditore",
                            models.CharField(
                                choices=[
                                    ("atc", "ATC"),
                                    ("comune", "comune"),
                                    ("privato", "proprietario privato"),
                                    ("condominio", "condominio"),
                                    ("utenze", "utenze"),
                                ],
                                max_length=12,
                                verbose_name="creditore",
                            ),
                        ),
                        (
                            "debito",
                            models.DecimalField(
                                decimal_places=2, max_digits=10, verbose_name="debito all'inizio"
                            ),
                        ),
                        (
                            "causa",
                            models.CharField(
                                choices=[
                                    ("lavoro", "perdita del lavoro"),
                                    ("orario", "riduzione dell'orario"),
                                    ("malattia", "malattia"),
                                    ("separazione", "separazione"),
                                    ("decesso", "un decesso in famiglia"),
                                    ("altro", "altro"),
                                ],
                                max_length=12,
                                verbose_name="causa",
                            ),
                        ),
                        (
                            "incolpevole",
                            models.CharField(
                                choices=[
                                    ("si", "sì"),
                                    ("no", "no"),
                                    ("in-verifica", "in verifica"),
                                ],
                                max_length=12,
                                verbose_name="morosità incolpevole",
                            ),
                        ),
                        (
                            "canone",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=8,
                                null=True,
                                verbose_name="canone al mese",
                            ),
                        ),
                        (
                            "firmato_il",
                            models.DateField(blank=True, null=True, verbose_name="firmato il"),
                        ),
                        (
                            "interrotto_il",
                            models.DateField(blank=True, null=True, verbose_name="interrotto il"),
                        ),
                        (
                            "concluso_il",
                            models.DateField(blank=True, null=True, verbose_name="concluso il"),
                        ),
                        (
                            "motivo",
                            models.CharField(blank=True, max_length=300, verbose_name="perché"),
                        ),
                        (
                            "beneficiario",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="beneficiari.beneficiario",
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
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="storia",
                                to="prestazioni.pianorientro",
                            ),
                        ),
                        (
                            "presa",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="beneficiari.presaincarico",
                            ),
                        ),
                        (
                            "registrato_da",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "storia: piano di rientro",
                        "verbose_name_plural": "storia: piani di rientro",
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="StoriaPraticaCasa",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "registrato_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="registrato il",
                            ),
                        ),
                        (
                            "tipo",
                            models.CharField(
                                choices=[
                                    ("fondo-sociale", "fondo sociale o FIMI"),
                                    ("domanda-erp", "domanda di casa popolare"),
                                    ("cambio-erp", "cambio di alloggio ERP"),
                                    ("decadenza", "decadenza ERP"),
                                    ("emergenza", "emergenza abitativa"),
                                    ("sfratto", "sfratto"),
                                ],
                                max_length=15,
                                verbose_name="tipo",
                            ),
                        ),
                        (
                            "presso",
                            models.CharField(blank=True, max_length=120, verbose_name="presso"),
                        ),
                        ("aperta_il", models.DateField(verbose_name="aperta il")),
                        (
                            "chiusa_il",
                            models.DateField(blank=True, null=True, verbose_name="chiusa il"),
                        ),
                        (
                            "importo",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=10,
                                null=True,
                                verbose_name="importo",
                            ),
                        ),
                        (
                            "beneficiario",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="beneficiari.beneficiario",
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
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="storia",
                                to="prestazioni.praticacasa",
                            ),
                        ),
                        (
                            "presa",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="beneficiari.presaincarico",
                            ),
                        ),
                        (
                            "registrato_da",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "storia: pratica per la casa",
                        "verbose_name_plural": "storia: pratiche per la casa",
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="StoriaPrestazione",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("giorno", models.DateField(verbose_name="giorno")),
                        ("ora", models.TimeField(blank=True, null=True, verbose_name="ora")),
                        (
                            "minuti",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="minuti"
                            ),
                        ),
                        (
                            "modo",
                            models.CharField(
                                choices=[
                                    ("presenza", "in presenza"),
                                    ("domicilio", "a domicilio"),
                                    ("telefono", "al telefono"),
                                    ("online", "online"),
                                ],
                                default="presenza",
                                max_length=10,
                                verbose_name="modo",
                            ),
                        ),
                        (
                            "luogo",
                            models.CharField(blank=True, max_length=100, verbose_name="luogo"),
                        ),
                        (
                            "quantita",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=10,
                                null=True,
                                verbose_name="quantità",
                            ),
                        ),
                        (
                            "valore",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=10,
                                null=True,
                                verbose_name="valore non monetario",
                            ),
                        ),
                        (
                            "senza_nome",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="persone senza nome"
                            ),
                        ),
                        (
                            "oggetto",
                            models.CharField(blank=True, max_length=200, verbose_name="oggetto"),
                        ),
                        (
                            "origine",
                            models.CharField(
                                choices=[
                                    ("web", "dalla pagina"),
                                    ("offline", "senza rete"),
                                    ("importazione", "da un foglio"),
                                    ("api", "da un altro programma"),
                                ],
                                default="web",
                                max_length=12,
                                verbose_name="origine",
                            ),
                        ),
                        (
                            "registrata_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="registrata il",
                            ),
                        ),
                        ("versione", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "azione",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="assi.azione",
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
                            "gruppo",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="prestazioni.gruppopresenze",
                            ),
                        ),
                        (
                            "importazione",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="prestazioni.importazione",
                            ),
                        ),
                        (
                            "operatore",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="storia",
                                to="prestazioni.prestazione",
                            ),
                        ),
                        (
                            "registrata_da",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "servizio",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="assi.servizio",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "storia: prestazione",
                        "verbose_name_plural": "storia: prestazioni",
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="StoriaRata",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("numero", models.PositiveSmallIntegerField(verbose_name="numero")),
                        ("scade_il", models.DateField(verbose_name="scade il")),
                        (
                            "importo",
                            models.DecimalField(
                                decimal_places=2, max_digits=8, verbose_name="importo"
                            ),
                        ),
                        (
                            "pagata_il",
                            models.DateField(blank=True, null=True, verbose_name="pagata il"),
                        ),
                        (
                            "controllata_il",
                            models.DateField(blank=True, null=True, verbose_name="controllata il"),
                        ),
                        (
                            "beneficiario",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="beneficiari.beneficiario",
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
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="storia",
                                to="prestazioni.rata",
                            ),
                        ),
                        (
                            "piano",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="prestazioni.pianorientro",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "storia: rata",
                        "verbose_name_plural": "storia: rate",
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Tirocinio",
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
                            "registrato_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="registrato il",
                            ),
                        ),
                        (
                            "tipo",
                            models.CharField(
                                choices=[
                                    ("extracurriculare", "extracurriculare"),
                                    ("inclusione", "di inclusione sociale"),
                                    ("curriculare", "curriculare"),
                                    ("pass", "PASS"),
                                ],
                                max_length=16,
                                verbose_name="tipo",
                            ),
                        ),
                        (
                            "promotore",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="soggetto promotore"
                            ),
                        ),
                        (
                            "nome_ospitante",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="soggetto ospitante"
                            ),
                        ),
                        ("inizio", models.DateField(verbose_name="inizio")),
                        ("fine_prevista", models.DateField(verbose_name="fine prevista")),
                        (
                            "fine",
                            models.DateField(blank=True, null=True, verbose_name="finito il"),
                        ),
                        (
                            "ore_settimana",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="ore a settimana"
                            ),
                        ),
                        (
                            "ore_previste",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="ore previste"
                            ),
                        ),
                        (
                            "ore_svolte",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="ore svolte"
                            ),
                        ),
                        (
                            "indennita",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=8,
                                null=True,
                                verbose_name="indennità al mese",
                            ),
                        ),
                        (
                            "chi_paga",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("ente", "l'ente"),
                                    ("impresa", "l'impresa"),
                                    ("regione", "la Regione"),
                                    ("gol", "il programma GOL"),
                                ],
                                max_length=10,
                                verbose_name="chi paga",
                            ),
                        ),
                        (
                            "tutor",
                            models.CharField(blank=True, max_length=120, verbose_name="tutor"),
                        ),
                        (
                            "comunicazione",
                            models.CharField(
                                blank=True,
                                max_length=40,
                                verbose_name="comunicazione obbligatoria",
                            ),
                        ),
                        (
                            "assunzione_il",
                            models.DateField(blank=True, null=True, verbose_name="assunzione il"),
                        ),
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
                            "ospitante",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="enti.ente",
                            ),
                        ),
                        (
                            "presa",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiari.presaincarico",
                            ),
                        ),
                        (
                            "programma",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="assi.programma",
                            ),
                        ),
                        (
                            "registrato_da",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "tirocinio",
                        "verbose_name_plural": "tirocini",
                        "abstract": False,
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("fine_prevista__gte", models.F("inizio")),
                                    models.Q(
                                        ("fine", None),
                                        ("fine__gte", models.F("inizio")),
                                        _connector="OR",
                                    ),
                                ),
                                name="tirocinio_date_in_ordine",
                                violation_error_message="Il tirocinio non può finire prima di cominciare.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ospitante__isnull", False),
                                    models.Q(("nome_ospitante", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="tirocinio_con_ospitante",
                                violation_error_message="Scrivi presso chi si svolge il tirocinio.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("assunzione_il", None),
                                    ("assunzione_il__gte", models.F("inizio")),
                                    _connector="OR",
                                ),
                                name="tirocinio_assunzione_dopo_inizio",
                                violation_error_message="L'assunzione non può precedere il tirocinio.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ore_settimana", None),
                                    models.Q(
                                        ("ore_settimana__gte", 1), ("ore_settimana__lte", 60)
                                    ),
                                    _connector="OR",
                                ),
                                name="tirocinio_ore_settimana",
                                violation_error_message="Le ore a settimana vanno da 1 a 60.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StoriaTirocinio",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "registrato_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="registrato il",
                            ),
                        ),
                        (
                            "tipo",
                            models.CharField(
                                choices=[
                                    ("extracurriculare", "extracurriculare"),
                                    ("inclusione", "di inclusione sociale"),
                                    ("curriculare", "curriculare"),
                                    ("pass", "PASS"),
                                ],
                                max_length=16,
                                verbose_name="tipo",
                            ),
                        ),
                        (
                            "promotore",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="soggetto promotore"
                            ),
                        ),
                        (
                            "nome_ospitante",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="soggetto ospitante"
                            ),
                        ),
                        ("inizio", models.DateField(verbose_name="inizio")),
                        ("fine_prevista", models.DateField(verbose_name="fine prevista")),
                        (
                            "fine",
                            models.DateField(blank=True, null=True, verbose_name="finito il"),
                        ),
                        (
                            "ore_settimana",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="ore a settimana"
                            ),
                        ),
                        (
                            "ore_previste",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="ore previste"
                            ),
                        ),
                        (
                            "ore_svolte",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="ore svolte"
                            ),
                        ),
                        (
                            "indennita",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=8,
                                null=True,
                                verbose_name="indennità al mese",
                            ),
                        ),
                        (
                            "chi_paga",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("ente", "l'ente"),
                                    ("impresa", "l'impresa"),
                                    ("regione", "la Regione"),
                                    ("gol", "il programma GOL"),
                                ],
                                max_length=10,
                                verbose_name="chi paga",
                            ),
                        ),
                        (
                            "tutor",
                            models.CharField(blank=True, max_length=120, verbose_name="tutor"),
                        ),
                        (
                            "comunicazione",
                            models.CharField(
                                blank=True,
                                max_length=40,
                                verbose_name="comunicazione obbligatoria",
                            ),
                        ),
                        (
                            "assunzione_il",
                            models.DateField(blank=True, null=True, verbose_name="assunzione il"),
                        ),
                        (
                            "beneficiario",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="beneficiari.beneficiario",
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
                            "ospitante",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="enti.ente",
                            ),
                        ),
                        (
                            "presa",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="beneficiari.presaincarico",
                            ),
                        ),
                        (
                            "programma",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="assi.programma",
                            ),
                        ),
                        (
                            "registrato_da",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="storia",
                                to="prestazioni.tirocinio",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "storia: tirocinio",
                        "verbose_name_plural": "storia: tirocini",
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Esito",
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
                            "registrato_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="registrato il",
                            ),
                        ),
                        ("giorno", models.DateField(verbose_name="giorno")),
                        (
                            "prova",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="con che cosa si prova"
                            ),
                        ),
                        (
                            "nome_ospitante",
                            models.CharField(blank=True, max_length=200, verbose_name="presso"),
                        ),
                        (
                            "mesi",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="durata in mesi"
                            ),
                        ),
                        (
                            "importo",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=10,
                                null=True,
                                verbose_name="importo",
                            ),
                        ),
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
                            "ospitante",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="enti.ente",
                            ),
                        ),
                        (
                            "presa",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiari.presaincarico",
                            ),
                        ),
                        (
                            "registrato_da",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "tipo",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="esiti",
                                to="assi.tipodiesito",
                            ),
                        ),
                        (
                            "importazione",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="prestazioni.importazione",
                            ),
                        ),
                        (
                            "piano",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="esiti",
                                to="prestazioni.pianorientro",
                            ),
                        ),
                        (
                            "pratica",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="esiti",
                                to="prestazioni.praticacasa",
                            ),
                        ),
                        (
                            "tirocinio",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="esiti",
                                to="prestazioni.tirocinio",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "esito",
                        "verbose_name_plural": "esiti",
                        "abstract": False,
                        "indexes": [
                            models.Index(fields=["ente", "tipo", "giorno"], name="esito_per_tipo"),
                            models.Index(fields=["presa", "giorno"], name="esito_per_presa"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("tirocinio__isnull", False)),
                                fields=("ente", "tirocinio", "tipo"),
                                name="esito_uno_per_tirocinio",
                                violation_error_message="Questo esito del tirocinio è già registrato.",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("piano__isnull", False)),
                                fields=("ente", "piano", "tipo"),
                                name="esito_uno_per_piano",
                                violation_error_message="Questo esito del piano è già registrato.",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("pratica__isnull", False)),
                                fields=("ente", "pratica", "tipo"),
                                name="esito_uno_per_pratica",
                                violation_error_message="Questo esito della pratica è già registrato.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("importo", None),
                                    ("importo__gte", Decimal("0")),
                                    _connector="OR",
                                ),
                                name="esito_importo",
                                violation_error_message="L'importo non può essere negativo.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("mesi", None), ("mesi__gte", 1), _connector="OR"
                                ),
                                name="esito_mesi",
                                violation_error_message="La durata è di almeno un mese.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StoriaEsito",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "registrato_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="registrato il",
                            ),
                        ),
                        ("giorno", models.DateField(verbose_name="giorno")),
                        (
                            "prova",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="con che cosa si prova"
                            ),
                        ),
                        (
                            "nome_ospitante",
                            models.CharField(blank=True, max_length=200, verbose_name="presso"),
                        ),
                        (
                            "mesi",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="durata in mesi"
                            ),
                        ),
                        (
                            "importo",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=10,
                                null=True,
                                verbose_name="importo",
                            ),
                        ),
                        (
                            "beneficiario",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="beneficiari.beneficiario",
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
                            "importazione",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="prestazioni.importazione",
                            ),
                        ),
                        (
                            "ospitante",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
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
                                to="prestazioni.esito",
                            ),
                        ),
                        (
                            "piano",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="prestazioni.pianorientro",
                            ),
                        ),
                        (
                            "pratica",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="prestazioni.praticacasa",
                            ),
                        ),
                        (
                            "presa",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="beneficiari.presaincarico",
                            ),
                        ),
                        (
                            "registrato_da",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "tipo",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="assi.tipodiesito",
                            ),
                        ),
                        (
                            "tirocinio",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="prestazioni.tirocinio",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "storia: esito",
                        "verbose_name_plural": "storia: esiti",
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="AbbinamentoColonne",
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
                            "tipo",
                            models.CharField(
                                choices=[
                                    ("persone", "persone"),
                                    ("casi", "prese in carico"),
                                    ("prestazioni", "prestazioni"),
                                    ("esiti", "esiti"),
                                ],
                                max_length=12,
                                verbose_name="che cosa contiene",
                            ),
                        ),
                        (
                            "intestazione",
                            models.CharField(max_length=200, verbose_name="intestazione"),
                        ),
                        (
                            "campo",
                            models.CharField(blank=True, max_length=40, verbose_name="campo"),
                        ),
                        (
                            "usato_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="usato il",
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
                    ],
                    options={
                        "verbose_name": "abbinamento di una colonna",
                        "verbose_name_plural": "abbinamenti delle colonne",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("ente", "tipo", "intestazione"),
                                name="abbinamento_una_volta",
                                violation_error_message="Questa colonna è già abbinata.",
                            )
                        ],
                    },
                ),
                AggiungiTrigger(
                    model_name="attivitaindiretta",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "prestazioni_storiaattivitaindiretta" ("azione_id", "descrizione", "ente_id", "giorno", "id", "minuti", "operatore_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "registrata_da_id", "registrata_il", "tipo", "uuid") VALUES (NEW."azione_id", NEW."descrizione", NEW."ente_id", NEW."giorno", NEW."id", NEW."minuti", NEW."operatore_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."registrata_da_id", NEW."registrata_il", NEW."tipo", NEW."uuid"); RETURN NULL;',
                            hash="46dc9b91288c2d699eca9ecbafd27277e3aba145",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_dd140",
                            table="prestazioni_attivitaindiretta",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="attivitaindiretta",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "prestazioni_storiaattivitaindiretta" ("azione_id", "descrizione", "ente_id", "giorno", "id", "minuti", "operatore_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "registrata_da_id", "registrata_il", "tipo", "uuid") VALUES (NEW."azione_id", NEW."descrizione", NEW."ente_id", NEW."giorno", NEW."id", NEW."minuti", NEW."operatore_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."registrata_da_id", NEW."registrata_il", NEW."tipo", NEW."uuid"); RETURN NULL;',
                            hash="ee78f742d33c621e49ca03df1739b933b208ee39",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_6ce83",
                            table="prestazioni_attivitaindiretta",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="attivitaindiretta",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "prestazioni_storiaattivitaindiretta" ("azione_id", "descrizione", "ente_id", "giorno", "id", "minuti", "operatore_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "registrata_da_id", "registrata_il", "tipo", "uuid") VALUES (OLD."azione_id", OLD."descrizione", OLD."ente_id", OLD."giorno", OLD."id", OLD."minuti", OLD."operatore_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."registrata_da_id", OLD."registrata_il", OLD."tipo", OLD."uuid"); RETURN NULL;',
                            hash="e2f242b7a557809ced038ff162e06cc9efe385d4",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_95b3a",
                            table="prestazioni_attivitaindiretta",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="gruppopresenze",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "prestazioni_storiagruppopresenze" ("al", "azione_id", "dal", "ente_id", "giorni", "id", "in_piu", "luogo", "minuti", "modo", "nome", "operatore_id", "ora", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "salta", "servizio_id", "uuid") VALUES (NEW."al", NEW."azione_id", NEW."dal", NEW."ente_id", NEW."giorni", NEW."id", NEW."in_piu", NEW."luogo", NEW."minuti", NEW."modo", NEW."nome", NEW."operatore_id", NEW."ora", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."salta", NEW."servizio_id", NEW."uuid"); RETURN NULL;',
                            hash="ce588051129db4fc9e506f4aaa27d3864e9b2e84",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_ee9e2",
                            table="prestazioni_gruppopresenze",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="gruppopresenze",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "prestazioni_storiagruppopresenze" ("al", "azione_id", "dal", "ente_id", "giorni", "id", "in_piu", "luogo", "minuti", "modo", "nome", "operatore_id", "ora", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "salta", "servizio_id", "uuid") VALUES (NEW."al", NEW."azione_id", NEW."dal", NEW."ente_id", NEW."giorni", NEW."id", NEW."in_piu", NEW."luogo", NEW."minuti", NEW."modo", NEW."nome", NEW."operatore_id", NEW."ora", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."salta", NEW."servizio_id", NEW."uuid"); RETURN NULL;',
                            hash="5fbf3c02bc63a4b4faa38ee53aad6f26ad5f3c6f",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_4efff",
                            table="prestazioni_gruppopresenze",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="gruppopresenze",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "prestazioni_storiagruppopresenze" ("al", "azione_id", "dal", "ente_id", "giorni", "id", "in_piu", "luogo", "minuti", "modo", "nome", "operatore_id", "ora", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "salta", "servizio_id", "uuid") VALUES (OLD."al", OLD."azione_id", OLD."dal", OLD."ente_id", OLD."giorni", OLD."id", OLD."in_piu", OLD."luogo", OLD."minuti", OLD."modo", OLD."nome", OLD."operatore_id", OLD."ora", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."salta", OLD."servizio_id", OLD."uuid"); RETURN NULL;',
                            hash="0f85a1c0ddc1cfa2d18d22bd7a2814ebc03121c2",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_8ce94",
                            table="prestazioni_gruppopresenze",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="membrodigruppo",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "prestazioni_storiamembrodigruppo" ("al", "beneficiario_id", "dal", "ente_id", "gruppo_presenze_id", "id", "parte", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id") VALUES (NEW."al", NEW."beneficiario_id", NEW."dal", NEW."ente_id", NEW."gruppo_presenze_id", NEW."id", NEW."parte", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."presa_id"); RETURN NULL;',
                            hash="76cea27d373b8ff96fc7e0e01196f9d2450b748c",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_5ead4",
                            table="prestazioni_membrodigruppo",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="membrodigruppo",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "prestazioni_storiamembrodigruppo" ("al", "beneficiario_id", "dal", "ente_id", "gruppo_presenze_id", "id", "parte", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id") VALUES (NEW."al", NEW."beneficiario_id", NEW."dal", NEW."ente_id", NEW."gruppo_presenze_id", NEW."id", NEW."parte", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."presa_id"); RETURN NULL;',
                            hash="f26b79399d839faa4c10e695f07e80d2c4eda791",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_83684",
                            table="prestazioni_membrodigruppo",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="membrodigruppo",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "prestazioni_storiamembrodigruppo" ("al", "beneficiario_id", "dal", "ente_id", "gruppo_presenze_id", "id", "parte", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id") VALUES (OLD."al", OLD."beneficiario_id", OLD."dal", OLD."ente_id", OLD."gruppo_presenze_id", OLD."id", OLD."parte", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."presa_id"); RETURN NULL;',
                            hash="33ea977361280cb868f08ee75fdb0e19e83c9bc9",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_6ec1e",
                            table="prestazioni_membrodigruppo",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="pianorientro",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "prestazioni_storiapianorientro" ("beneficiario_id", "canone", "causa", "concluso_il", "creditore", "debito", "ente_id", "firmato_il", "id", "incolpevole", "interrotto_il", "motivo", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id", "registrato_da_id", "registrato_il", "uuid") VALUES (NEW."beneficiario_id", NEW."canone", NEW."causa", NEW."concluso_il", NEW."creditore", NEW."debito", NEW."ente_id", NEW."firmato_il", NEW."id", NEW."incolpevole", NEW."interrotto_il", NEW."motivo", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."presa_id", NEW."registrato_da_id", NEW."registrato_il", NEW."uuid"); RETURN NULL;',
                            hash="cc1111d0e82c1e35f456620a53aa1fbfaba3ffed",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_6e83f",
                            table="prestazioni_pianorientro",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="pianorientro",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "prestazioni_storiapianorientro" ("beneficiario_id", "canone", "causa", "concluso_il", "creditore", "debito", "ente_id", "firmato_il", "id", "incolpevole", "interrotto_il", "motivo", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id", "registrato_da_id", "registrato_il", "uuid") VALUES (NEW."beneficiario_id", NEW."canone", NEW."causa", NEW."concluso_il", NEW."creditore", NEW."debito", NEW."ente_id", NEW."firmato_il", NEW."id", NEW."incolpevole", NEW."interrotto_il", NEW."motivo", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."presa_id", NEW."registrato_da_id", NEW."registrato_il", NEW."uuid"); RETURN NULL;',
                            hash="5f02d3eb0d47f4c9de04b5a7a86d3e0ebe1c6c4b",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_23fe4",
                            table="prestazioni_pianorientro",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="pianorientro",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "prestazioni_storiapianorientro" ("beneficiario_id", "canone", "causa", "concluso_il", "creditore", "debito", "ente_id", "firmato_il", "id", "incolpevole", "interrotto_il", "motivo", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id", "registrato_da_id", "registrato_il", "uuid") VALUES (OLD."beneficiario_id", OLD."canone", OLD."causa", OLD."concluso_il", OLD."creditore", OLD."debito", OLD."ente_id", OLD."firmato_il", OLD."id", OLD."incolpevole", OLD."interrotto_il", OLD."motivo", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."presa_id", OLD."registrato_da_id", OLD."registrato_il", OLD."uuid"); RETURN NULL;',
                            hash="e47520ac1f20d9183f4d930a4e03c1c094641708",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_203ab",
                            table="prestazioni_pianorientro",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="praticacasa",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "prestazioni_storiapraticacasa" ("aperta_il", "beneficiario_id", "chiusa_il", "ente_id", "id", "importo", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id", "presso", "registrato_da_id", "registrato_il", "tipo", "uuid") VALUES (NEW."aperta_il", NEW."beneficiario_id", NEW."chiusa_il", NEW."ente_id", NEW."id", NEW."importo", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."presa_id", NEW."presso", NEW."registrato_da_id", NEW."registrato_il", NEW."tipo", NEW."uuid"); RETURN NULL;',
                            hash="021c95354d7d16600d3b952382376e15e176a389",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_09f33",
                            table="prestazioni_praticacasa",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="praticacasa",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "prestazioni_storiapraticacasa" ("aperta_il", "beneficiario_id", "chiusa_il", "ente_id", "id", "importo", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id", "presso", "registrato_da_id", "registrato_il", "tipo", "uuid") VALUES (NEW."aperta_il", NEW."beneficiario_id", NEW."chiusa_il", NEW."ente_id", NEW."id", NEW."importo", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."presa_id", NEW."presso", NEW."registrato_da_id", NEW."registrato_il", NEW."tipo", NEW."uuid"); RETURN NULL;',
                            hash="31a3ae13ce26e3ce8b000a7d8f5250ef8461c53b",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_b54e2",
                            table="prestazioni_praticacasa",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="praticacasa",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "prestazioni_storiapraticacasa" ("aperta_il", "beneficiario_id", "chiusa_il", "ente_id", "id", "importo", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id", "presso", "registrato_da_id", "registrato_il", "tipo", "uuid") VALUES (OLD."aperta_il", OLD."beneficiario_id", OLD."chiusa_il", OLD."ente_id", OLD."id", OLD."importo", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."presa_id", OLD."presso", OLD."registrato_da_id", OLD."registrato_il", OLD."tipo", OLD."uuid"); RETURN NULL;',
                            hash="a649bbb41e070fca375bcf13fcee77a98e2a496c",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_e8da7",
                            table="prestazioni_praticacasa",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="passodipratica",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "prestazioni_storiapassodipratica" ("beneficiario_id", "ente_id", "giorno", "id", "note", "passo", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pratica_id") VALUES (NEW."beneficiario_id", NEW."ente_id", NEW."giorno", NEW."id", NEW."note", NEW."passo", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."pratica_id"); RETURN NULL;',
                            hash="284ab992cbc5d8f24d6985b392fa60f1646815da",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_069ec",
                            table="prestazioni_passodipratica",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="passodipratica",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "prestazioni_storiapassodipratica" ("beneficiario_id", "ente_id", "giorno", "id", "note", "passo", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pratica_id") VALUES (NEW."beneficiario_id", NEW."ente_id", NEW."giorno", NEW."id", NEW."note", NEW."passo", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."pratica_id"); RETURN NULL;',
                            hash="f4bb990483679df78646970fd02e7539a17545a9",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_752a8",
                            table="prestazioni_passodipratica",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="passodipratica",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "prestazioni_storiapassodipratica" ("beneficiario_id", "ente_id", "giorno", "id", "note", "passo", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pratica_id") VALUES (OLD."beneficiario_id", OLD."ente_id", OLD."giorno", OLD."id", OLD."note", OLD."passo", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."pratica_id"); RETURN NULL;',
                            hash="5c87c21dad36bfc200c498c24e84abe831d1ba9a",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_4ab03",
                            table="prestazioni_passodipratica",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="prestazione",
                    trigger=pgtrigger.compiler.Trigger(
                        name="era_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "prestazioni_storiaprestazione" ("azione_id", "ente_id", "giorno", "gruppo_id", "id", "importazione_id", "luogo", "minuti", "modo", "oggetto", "operatore_id", "ora", "origine", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "quantita", "registrata_da_id", "registrata_il", "senza_nome", "servizio_id", "uuid", "valore", "versione") VALUES (OLD."azione_id", OLD."ente_id", OLD."giorno", OLD."gruppo_id", OLD."id", OLD."importazione_id", OLD."luogo", OLD."minuti", OLD."modo", OLD."oggetto", OLD."operatore_id", OLD."ora", OLD."origine", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'era\', OLD."id", OLD."quantita", OLD."registrata_da_id", OLD."registrata_il", OLD."senza_nome", OLD."servizio_id", OLD."uuid", OLD."valore", OLD."versione"); RETURN NULL;',
                            hash="c11d868a887b9b452d361faddf069a089fe848cd",
                            operation="UPDATE",
                            pgid="pgtrigger_era_update_13ad3",
                            table="prestazioni_prestazione",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="prestazione",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "prestazioni_storiaprestazione" ("azione_id", "ente_id", "giorno", "gruppo_id", "id", "importazione_id", "luogo", "minuti", "modo", "oggetto", "operatore_id", "ora", "origine", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "quantita", "registrata_da_id", "registrata_il", "senza_nome", "servizio_id", "uuid", "valore", "versione") VALUES (OLD."azione_id", OLD."ente_id", OLD."giorno", OLD."gruppo_id", OLD."id", OLD."importazione_id", OLD."luogo", OLD."minuti", OLD."modo", OLD."oggetto", OLD."operatore_id", OLD."ora", OLD."origine", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."quantita", OLD."registrata_da_id", OLD."registrata_il", OLD."senza_nome", OLD."servizio_id", OLD."uuid", OLD."valore", OLD."versione"); RETURN NULL;',
                            hash="bd367586702bea12e3c23d567a9b0447964a5a42",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_f1316",
                            table="prestazioni_prestazione",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="partecipazione",
                    trigger=pgtrigger.compiler.Trigger(
                        name="era_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "prestazioni_storiapartecipazione" ("azione_id", "beneficiario_id", "ente_id", "giorno", "id", "minuti", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id", "prestazione_id", "registrata_da_id", "registrata_il", "voce_id") VALUES (OLD."azione_id", OLD."beneficiario_id", OLD."ente_id", OLD."giorno", OLD."id", OLD."minuti", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'era\', OLD."id", OLD."presa_id", OLD."prestazione_id", OLD."registrata_da_id", OLD."registrata_il", OLD."voce_id"); RETURN NULL;',
                            hash="7814cdbbaa3e46dec17c45170a80311caf92729c",
                            operation="UPDATE",
                            pgid="pgtrigger_era_update_4605a",
                            table="prestazioni_partecipazione",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="partecipazione",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "prestazioni_storiapartecipazione" ("azione_id", "beneficiario_id", "ente_id", "giorno", "id", "minuti", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id", "prestazione_id", "registrata_da_id", "registrata_il", "voce_id") VALUES (OLD."azione_id", OLD."beneficiario_id", OLD."ente_id", OLD."giorno", OLD."id", OLD."minuti", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."presa_id", OLD."prestazione_id", OLD."registrata_da_id", OLD."registrata_il", OLD."voce_id"); RETURN NULL;',
                            hash="222b42123fe7d7eacb22a6e3d0ddcb7cfa14cb6f",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_5893a",
                            table="prestazioni_partecipazione",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="notadiprestazione",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "prestazioni_storianotadiprestazione" ("beneficiario_id", "ente_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "prestazione_id", "scritta_da_id", "scritta_il", "testo_cifrato", "uuid") VALUES (NEW."beneficiario_id", NEW."ente_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."prestazione_id", NEW."scritta_da_id", NEW."scritta_il", NEW."testo_cifrato", NEW."uuid"); RETURN NULL;',
                            hash="1ed6863ce02ebe3e45fae979adfb2cd558576ed7",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_91a7a",
                            table="prestazioni_notadiprestazione",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="notadiprestazione",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "prestazioni_storianotadiprestazione" ("beneficiario_id", "ente_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "prestazione_id", "scritta_da_id", "scritta_il", "testo_cifrato", "uuid") VALUES (NEW."beneficiario_id", NEW."ente_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."prestazione_id", NEW."scritta_da_id", NEW."scritta_il", NEW."testo_cifrato", NEW."uuid"); RETURN NULL;',
                            hash="a58bec6d90c09dddc1f5fca242a73bb99f093a03",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_61b23",
                            table="prestazioni_notadiprestazione",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="notadiprestazione",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "prestazioni_storianotadiprestazione" ("beneficiario_id", "ente_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "prestazione_id", "scritta_da_id", "scritta_il", "testo_cifrato", "uuid") VALUES (OLD."beneficiario_id", OLD."ente_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."prestazione_id", OLD."scritta_da_id", OLD."scritta_il", OLD."testo_cifrato", OLD."uuid"); RETURN NULL;',
                            hash="f8bb16f42801934aacba72401874854e4bdc544a",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_08a0b",
                            table="prestazioni_notadiprestazione",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="appuntamento",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "prestazioni_storiaappuntamento" ("beneficiario_id", "creato_il", "ente_id", "id", "luogo", "minuti", "modo", "oggetto", "operatore_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id", "prestazione_id", "quando", "servizio_id", "stato", "uuid") VALUES (NEW."beneficiario_id", NEW."creato_il", NEW."ente_id", NEW."id", NEW."luogo", NEW."minuti", NEW."modo", NEW."oggetto", NEW."operatore_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."presa_id", NEW."prestazione_id", NEW."quando", NEW."servizio_id", NEW."stato", NEW."uuid"); RETURN NULL;',
                            hash="8fce0ee4b7125bbe4bc9c256438233fd87c59258",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_ce235",
                            table="prestazioni_appuntamento",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="appuntamento",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "prestazioni_storiaappuntamento" ("beneficiario_id", "creato_il", "ente_id", "id", "luogo", "minuti", "modo", "oggetto", "operatore_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id", "prestazione_id", "quando", "servizio_id", "stato", "uuid") VALUES (NEW."beneficiario_id", NEW."creato_il", NEW."ente_id", NEW."id", NEW."luogo", NEW."minuti", NEW."modo", NEW."oggetto", NEW."operatore_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."presa_id", NEW."prestazione_id", NEW."quando", NEW."servizio_id", NEW."stato", NEW."uuid"); RETURN NULL;',
                            hash="3cff026e4e7143436dd10e7213302a7e473624e7",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_bac4a",
                            table="prestazioni_appuntamento",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="appuntamento",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "prestazioni_storiaappuntamento" ("beneficiario_id", "creato_il", "ente_id", "id", "luogo", "minuti", "modo", "oggetto", "operatore_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id", "prestazione_id", "quando", "servizio_id", "stato", "uuid") VALUES (OLD."beneficiario_id", OLD."creato_il", OLD."ente_id", OLD."id", OLD."luogo", OLD."minuti", OLD."modo", OLD."oggetto", OLD."operatore_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."presa_id", OLD."prestazione_id", OLD."quando", OLD."servizio_id", OLD."stato", OLD."uuid"); RETURN NULL;',
                            hash="166b3803a59e0d2339060d5d1f1c9f2e6843076e",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_1a0de",
                            table="prestazioni_appuntamento",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="rata",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "prestazioni_storiarata" ("beneficiario_id", "controllata_il", "ente_id", "id", "importo", "numero", "pagata_il", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "piano_id", "scade_il") VALUES (NEW."beneficiario_id", NEW."controllata_il", NEW."ente_id", NEW."id", NEW."importo", NEW."numero", NEW."pagata_il", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."piano_id", NEW."scade_il"); RETURN NULL;',
                            hash="d1d097fec04cf8483345d8c24973320693ba0f46",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_775c6",
                            table="prestazioni_rata",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="rata",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "prestazioni_storiarata" ("beneficiario_id", "controllata_il", "ente_id", "id", "importo", "numero", "pagata_il", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "piano_id", "scade_il") VALUES (NEW."beneficiario_id", NEW."controllata_il", NEW."ente_id", NEW."id", NEW."importo", NEW."numero", NEW."pagata_il", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."piano_id", NEW."scade_il"); RETURN NULL;',
                            hash="e23ab7c2fce7d034a038ba0610eadcf2bf094692",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_49325",
                            table="prestazioni_rata",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="rata",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "prestazioni_storiarata" ("beneficiario_id", "controllata_il", "ente_id", "id", "importo", "numero", "pagata_il", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "piano_id", "scade_il") VALUES (OLD."beneficiario_id", OLD."controllata_il", OLD."ente_id", OLD."id", OLD."importo", OLD."numero", OLD."pagata_il", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."piano_id", OLD."scade_il"); RETURN NULL;',
                            hash="efeeb725fa6950db45a5a8bb9ac4777cc35e45f6",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_128b7",
                            table="prestazioni_rata",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="tirocinio",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "prestazioni_storiatirocinio" ("assunzione_il", "beneficiario_id", "chi_paga", "comunicazione", "ente_id", "fine", "fine_prevista", "id", "indennita", "inizio", "nome_ospitante", "ore_previste", "ore_settimana", "ore_svolte", "ospitante_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id", "programma_id", "promotore", "registrato_da_id", "registrato_il", "tipo", "tutor", "uuid") VALUES (NEW."assunzione_il", NEW."beneficiario_id", NEW."chi_paga", NEW."comunicazione", NEW."ente_id", NEW."fine", NEW."fine_prevista", NEW."id", NEW."indennita", NEW."inizio", NEW."nome_ospitante", NEW."ore_previste", NEW."ore_settimana", NEW."ore_svolte", NEW."ospitante_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."presa_id", NEW."programma_id", NEW."promotore", NEW."registrato_da_id", NEW."registrato_il", NEW."tipo", NEW."tutor", NEW."uuid"); RETURN NULL;',
                            hash="91aae5d0f90bb397d2e41652330dcc79307570c3",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_03956",
                            table="prestazioni_tirocinio",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="tirocinio",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "prestazioni_storiatirocinio" ("assunzione_il", "beneficiario_id", "chi_paga", "comunicazione", "ente_id", "fine", "fine_prevista", "id", "indennita", "inizio", "nome_ospitante", "ore_previste", "ore_settimana", "ore_svolte", "ospitante_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id", "programma_id", "promotore", "registrato_da_id", "registrato_il", "tipo", "tutor", "uuid") VALUES (NEW."assunzione_il", NEW."beneficiario_id", NEW."chi_paga", NEW."comunicazione", NEW."ente_id", NEW."fine", NEW."fine_prevista", NEW."id", NEW."indennita", NEW."inizio", NEW."nome_ospitante", NEW."ore_previste", NEW."ore_settimana", NEW."ore_svolte", NEW."ospitante_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."presa_id", NEW."programma_id", NEW."promotore", NEW."registrato_da_id", NEW."registrato_il", NEW."tipo", NEW."tutor", NEW."uuid"); RETURN NULL;',
                            hash="6a8437acf57624199cdf4f66aa5ad36136559bd1",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_e420b",
                            table="prestazioni_tirocinio",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="tirocinio",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "prestazioni_storiatirocinio" ("assunzione_il", "beneficiario_id", "chi_paga", "comunicazione", "ente_id", "fine", "fine_prevista", "id", "indennita", "inizio", "nome_ospitante", "ore_previste", "ore_settimana", "ore_svolte", "ospitante_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id", "programma_id", "promotore", "registrato_da_id", "registrato_il", "tipo", "tutor", "uuid") VALUES (OLD."assunzione_il", OLD."beneficiario_id", OLD."chi_paga", OLD."comunicazione", OLD."ente_id", OLD."fine", OLD."fine_prevista", OLD."id", OLD."indennita", OLD."inizio", OLD."nome_ospitante", OLD."ore_previste", OLD."ore_settimana", OLD."ore_svolte", OLD."ospitante_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."presa_id", OLD."programma_id", OLD."promotore", OLD."registrato_da_id", OLD."registrato_il", OLD."tipo", OLD."tutor", OLD."uuid"); RETURN NULL;',
                            hash="53f13870b9df7aaf7824be26478015bb6b80e1a1",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_4c808",
                            table="prestazioni_tirocinio",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="esito",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "prestazioni_storiaesito" ("beneficiario_id", "ente_id", "giorno", "id", "importazione_id", "importo", "mesi", "nome_ospitante", "ospitante_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "piano_id", "pratica_id", "presa_id", "prova", "registrato_da_id", "registrato_il", "tipo_id", "tirocinio_id", "uuid") VALUES (NEW."beneficiario_id", NEW."ente_id", NEW."giorno", NEW."id", NEW."importazione_id", NEW."importo", NEW."mesi", NEW."nome_ospitante", NEW."ospitante_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."piano_id", NEW."pratica_id", NEW."presa_id", NEW."prova", NEW."registrato_da_id", NEW."registrato_il", NEW."tipo_id", NEW."tirocinio_id", NEW."uuid"); RETURN NULL;',
                            hash="195e39117035f758e957156f704cb1018d92dd85",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_399b5",
                            table="prestazioni_esito",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="esito",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "prestazioni_storiaesito" ("beneficiario_id", "ente_id", "giorno", "id", "importazione_id", "importo", "mesi", "nome_ospitante", "ospitante_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "piano_id", "pratica_id", "presa_id", "prova", "registrato_da_id", "registrato_il", "tipo_id", "tirocinio_id", "uuid") VALUES (NEW."beneficiario_id", NEW."ente_id", NEW."giorno", NEW."id", NEW."importazione_id", NEW."importo", NEW."mesi", NEW."nome_ospitante", NEW."ospitante_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."piano_id", NEW."pratica_id", NEW."presa_id", NEW."prova", NEW."registrato_da_id", NEW."registrato_il", NEW."tipo_id", NEW."tirocinio_id", NEW."uuid"); RETURN NULL;',
                            hash="e7baba67ff80435743dd478e88a38e25344675c1",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_6fe52",
                            table="prestazioni_esito",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="esito",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "prestazioni_storiaesito" ("beneficiario_id", "ente_id", "giorno", "id", "importazione_id", "importo", "mesi", "nome_ospitante", "ospitante_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "piano_id", "pratica_id", "presa_id", "prova", "registrato_da_id", "registrato_il", "tipo_id", "tirocinio_id", "uuid") VALUES (OLD."beneficiario_id", OLD."ente_id", OLD."giorno", OLD."id", OLD."importazione_id", OLD."importo", OLD."mesi", OLD."nome_ospitante", OLD."ospitante_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."piano_id", OLD."pratica_id", OLD."presa_id", OLD."prova", OLD."registrato_da_id", OLD."registrato_il", OLD."tipo_id", OLD."tirocinio_id", OLD."uuid"); RETURN NULL;',
                            hash="0b79ed2c11604ba31e7a7a22734b1e216843c75e",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_59b9e",
                            table="prestazioni_esito",
                            when="AFTER",
                        ),
                    ),
                ),
            ]
        ),
    ]
