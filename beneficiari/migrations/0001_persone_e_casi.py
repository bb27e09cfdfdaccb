import uuid

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from registro.comune.migrazioni import AggiungiTrigger, Insieme


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("assi", "0003_tassonomie"),
        ("enti", "0006_confine_di_inviti_ed_eccezioni"),
        ("enti", "__first__"),
        ("privacy", "0002_confine"),
    ]

    operations = [
        Insieme(
            [
                migrations.CreateModel(
                    name="Beneficiario",
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
                            "cognome",
                            models.CharField(blank=True, max_length=100, verbose_name="cognome"),
                        ),
                        (
                            "nome",
                            models.CharField(blank=True, max_length=100, verbose_name="nome"),
                        ),
                        (
                            "nome_scelto",
                            models.CharField(
                                blank=True,
                                max_length=100,
                                verbose_name="nome con cui vuole essere chiamata",
                            ),
                        ),
                        (
                            "nome_cercato",
                            models.CharField(blank=True, editable=False, max_length=310),
                        ),
                        (
                            "data_nascita",
                            models.DateField(
                                blank=True, null=True, verbose_name="data di nascita"
                            ),
                        ),
                        (
                            "nascita_stimata",
                            models.BooleanField(
                                default=False, verbose_name="data di nascita stimata"
                            ),
                        ),
                        (
                            "genere",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("F", "donna"),
                                    ("M", "uomo"),
                                    ("X", "non binario"),
                                    ("N", "non dichiara"),
                                ],
                                max_length=1,
                                verbose_name="genere",
                            ),
                        ),
                        (
                            "cittadinanze",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=2),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="cittadinanze",
                            ),
                        ),
                        (
                            "lingue",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="lingue",
                            ),
                        ),
                        (
                            "comune",
                            models.CharField(
                                blank=True, max_length=100, verbose_name="comune dove vive"
                            ),
                        ),
                        (
                            "anonimo",
                            models.BooleanField(default=False, verbose_name="accesso anonimo"),
                        ),
                        (
                            "codice_anonimo",
                            models.CharField(
                                blank=True, max_length=20, verbose_name="codice dato alla persona"
                            ),
                        ),
                        (
                            "inserito_il",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="inserita il",
                            ),
                        ),
                        ("versione", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "ente",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="beneficiari",
                                to="enti.ente",
                            ),
                        ),
                        (
                            "inserito_da",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "unito_a",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assorbite",
                                to="beneficiari.beneficiario",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "beneficiario",
                        "verbose_name_plural": "beneficiari",
                        "indexes": [
                            models.Index(
                                fields=["ente", "nome_cercato"], name="beneficiario_per_nome"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("anonimo", False), ("codice_anonimo", "")),
                                    models.Q(
                                        ("anonimo", True),
                                        ("cognome", ""),
                                        ("nome", ""),
                                        ("nome_cercato", ""),
                                        ("nome_scelto", ""),
                                        ("cittadinanze", []),
                                        ("comune", ""),
                                        ("data_nascita", None),
                                        models.Q(("codice_anonimo", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="beneficiario_anonimo_senza_identita",
                                violation_error_message="Chi accede in anonimo ha solo il codice: niente nome, data di nascita, comune o cittadinanza (art. 120 DPR 309/1990).",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("anonimo", True),
                                    models.Q(("cognome", ""), _negated=True),
                                    models.Q(("nome", ""), _negated=True),
                                    models.Q(("nome_scelto", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="beneficiario_con_un_nome",
                                violation_error_message="Scrivi almeno il cognome, il nome o il nome scelto.",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("anonimo", True)),
                                fields=("ente", "codice_anonimo"),
                                name="beneficiario_codice_anonimo_una_volta",
                                violation_error_message="Questo codice è già stato dato a un'altra persona.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("data_nascita", None),
                                    ("data_nascita__year__gte", 1900),
                                    _connector="OR",
                                ),
                                name="beneficiario_nascita_possibile",
                                violation_error_message="La data di nascita è precedente al 1900: ricontrollala.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("nascita_stimata", False),
                                    ("data_nascita__isnull", False),
                                    _connector="OR",
                                ),
                                name="beneficiario_stima_di_una_data",
                                violation_error_message="Per dire che la data è stimata, scrivi la data.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("unito_a", None),
                                    models.Q(("unito_a", models.F("id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="beneficiario_non_unito_a_se",
                                violation_error_message="Una persona non si unisce a se stessa.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CondizioneRilevata",
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
                        ("valore", models.CharField(max_length=20, verbose_name="valore")),
                        (
                            "rilevata_il",
                            models.DateField(
                                default=django.utils.timezone.localdate, verbose_name="rilevata il"
                            ),
                        ),
                        (
                            "beneficiario",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="condizioni",
                                to="beneficiari.beneficiario",
                            ),
                        ),
                        (
                            "condizione",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="assi.condizione",
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
                            "rilevata_da",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "condizione rilevata",
                        "verbose_name_plural": "condizioni rilevate",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("ente", "beneficiario", "condizione"),
                                name="condizione_una_volta",
                                violation_error_message="Questa condizione è già segnata.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("valore", ""), _negated=True),
                                name="condizione_con_valore",
                                violation_error_message="Scegli sì, no o non dichiara.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Consenso",
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
                            "esito",
                            models.CharField(
                                choices=[("prestato", "prestato"), ("rifiutato", "rifiutato")],
                                max_length=10,
                                verbose_name="esito",
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
                            "destinatari",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        (
                            "tutta_la_rete",
                            models.BooleanField(
                                default=False, verbose_name="a tutti gli enti della rete"
                            ),
                        ),
                        (
                            "canale",
                            models.CharField(
                                choices=[
                                    ("carta", "modulo firmato"),
                                    ("schermo", "firma sullo schermo"),
                                    ("voce", "a voce, davanti a un testimone"),
                                ],
                                max_length=10,
                                verbose_name="come",
                            ),
                        ),
                        (
                            "testimone",
                            models.CharField(blank=True, max_length=100, verbose_name="testimone"),
                        ),
                        (
                            "firmatario",
                            models.CharField(
                                choices=[
                                    ("persona", "la persona"),
                                    ("genitore", "un genitore"),
                                    ("genitori", "entrambi i genitori"),
                                    ("tutore", "il tutore"),
                                    ("sostegno", "l'amministratore di sostegno"),
                                ],
                                default="persona",
                                max_length=10,
                                verbose_name="chi lo ha dato",
                            ),
                        ),
                        (
                            "nome_firmatario",
                            models.CharField(
                                blank=True, max_length=150, verbose_name="nome di chi ha firmato"
                            ),
                        ),
                        (
                            "titolo_firmatario",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="documento che lo prova"
                            ),
                        ),
                        (
                            "dato_il",
                            models.DateField(
                                default=django.utils.timezone.localdate, verbose_name="dato il"
                            ),
                        ),
                        (
                            "valido_fino_al",
                            models.DateField(blank=True, null=True, verbose_name="valido fino al"),
                        ),
                        (
                            "raccolto_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="raccolto il",
                            ),
                        ),
                        (
                            "beneficiario",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consensi",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consensi",
                                to="privacy.informativa",
                            ),
                        ),
                        (
                            "raccolto_da",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "consenso",
                        "verbose_name_plural": "consensi",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("finalita__len__gt", 0), ("gruppi__len__gt", 0)
                                ),
                                name="consenso_dice_che_cosa",
                                violation_error_message="Un consenso dice almeno una finalità e un gruppo di dati.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valido_fino_al", None),
                                    ("valido_fino_al__gte", models.F("dato_il")),
                                    _connector="OR",
                                ),
                                name="consenso_date_in_ordine",
                                violation_error_message="La scadenza non può precedere la data del consenso.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("canale", "voce"), _negated=True),
                                    models.Q(("testimone", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="consenso_a_voce_con_testimone",
                                violation_error_message="Un consenso a voce ha un testimone: scrivine il nome.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("firmatario", "persona"),
                                    models.Q(
                                        models.Q(("nome_firmatario", ""), _negated=True),
                                        models.Q(("titolo_firmatario", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="consenso_di_altri_con_titolo",
                                violation_error_message="Se a dare il consenso è un altro, scrivi chi è e quale documento lo prova.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Autorizzazione",
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
                            "livello",
                            models.CharField(
                                choices=[
                                    ("esistenza", "solo che è seguita, e da chi"),
                                    ("sintesi", "una sintesi, senza testi"),
                                    ("completo", "i gruppi di dati scelti, per intero"),
                                ],
                                max_length=10,
                                verbose_name="livello",
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
                            "finalita",
                            models.CharField(
                                choices=[
                                    ("presa-in-carico", "presa in carico condivisa fra enti"),
                                    ("invio", "invio a un altro ente"),
                                    ("valutazione", "valutazione comune del caso"),
                                ],
                                max_length=20,
                                verbose_name="finalità",
                            ),
                        ),
                        (
                            "fondamento",
                            models.CharField(
                                choices=[
                                    ("consenso", "consenso della persona"),
                                    ("legge", "altra base giuridica"),
                                ],
                                max_length=10,
                                verbose_name="poggia su",
                            ),
                        ),
                        (
                            "dal",
                            models.DateField(
                                default=django.utils.timezone.localdate, verbose_name="dal"
                            ),
                        ),
                        ("al", models.DateField(verbose_name="al")),
                        (
                            "concessa_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="concessa il",
                            ),
                        ),
                        (
                            "revocata_il",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="revocata il"
                            ),
                        ),
                        (
                            "motivo_revoca",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="motivo della revoca"
                            ),
                        ),
                        (
                            "accordo",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="autorizzazioni",
                                to="privacy.accordocontitolarita",
                            ),
                        ),
                        (
                            "concessa_da",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "destinatario",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="autorizzazioni_ricevute",
                                to="enti.ente",
                                verbose_name="a",
                            ),
                        ),
                        (
                            "ente",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="autorizzazioni_date",
                                to="enti.ente",
                                verbose_name="da",
                            ),
                        ),
                        (
                            "revocata_da",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "beneficiario",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="autorizzazioni",
                                to="beneficiari.beneficiario",
                            ),
                        ),
                        (
                            "consenso",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="autorizzazioni",
                                to="beneficiari.consenso",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "autorizzazione",
                        "verbose_name_plural": "autorizzazioni",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("revocata_il", None)),
                                fields=["beneficiario", "destinatario", "ente"],
                                include=("livello", "finalita", "dal", "al"),
                                name="autorizzazione_della_policy",
                            ),
                            models.Index(
                                condition=models.Q(("revocata_il", None)),
                                fields=["destinatario", "beneficiario"],
                                name="autorizzazione_ricevute",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("destinatario", models.F("ente")), _negated=True
                                ),
                                name="autorizzazione_a_un_altro",
                                violation_error_message="Si condivide con un altro ente.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("al__gte", models.F("dal"))),
                                name="autorizzazione_date_in_ordine",
                                violation_error_message="La fine non può precedere l'inizio.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("consenso__isnull", False), ("fondamento", "consenso")
                                    ),
                                    models.Q(("consenso", None), ("fondamento", "legge")),
                                    _connector="OR",
                                ),
                                name="autorizzazione_su_un_fondamento",
                                violation_error_message="Un'autorizzazione poggia su un consenso o su una base di legge.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("gruppi", []), ("livello", "esistenza")),
                                    models.Q(
                                        ("gruppi__len__gt", 0),
                                        ("livello", "sintesi"),
                                        ("gruppi__contained_by", ["prestazioni", "bisogni"]),
                                    ),
                                    models.Q(
                                        ("gruppi__contains", ["anagrafica"]),
                                        ("livello", "completo"),
                                    ),
                                    _connector="OR",
                                ),
                                name="autorizzazione_gruppi_del_livello",
                                violation_error_message="L'esistenza non ha gruppi; la sintesi riassume prestazioni e bisogni; il livello completo comprende sempre l'anagrafica.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Identificativo",
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
                                    ("cf", "codice fiscale"),
                                    ("cf-provvisorio", "codice fiscale provvisorio"),
                                    ("stp", "codice STP"),
                                    ("eni", "codice ENI"),
                                    ("nessuno", "nessun codice"),
                                ],
                                max_length=15,
                                verbose_name="tipo",
                            ),
                        ),
                        ("valore_cifrato", models.BinaryField(null=True)),
                        ("indice", models.BinaryField(null=True)),
                        (
                            "motivo_assenza",
                            models.CharField(
                                blank=True, max_length=15, verbose_name="perché non ha un codice"
                            ),
                        ),
                        ("dal", models.DateField(blank=True, null=True, verbose_name="dal")),
                        ("al", models.DateField(blank=True, null=True, verbose_name="al")),
                        (
                            "beneficiario",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="identificativi",
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
                    ],
                    options={
                        "verbose_name": "identificativo",
                        "verbose_name_plural": "identificativi",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("indice", None),
                                        ("tipo", "nessuno"),
                                        ("valore_cifrato", None),
                                        models.Q(("motivo_assenza", ""), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("tipo", "nessuno"), _negated=True),
                                        ("indice__isnull", False),
                                        ("motivo_assenza", ""),
                                        ("valore_cifrato__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="identificativo_codice_o_motivo",
                                violation_error_message="Scrivi il codice, oppure il motivo per cui manca.",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("al", None)),
                                fields=("ente", "tipo", "indice"),
                                name="identificativo_di_una_persona_sola",
                                violation_error_message="Questo codice è già di un'altra persona del tuo ente.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("dal", None),
                                    ("al", None),
                                    ("al__gte", models.F("dal")),
                                    _connector="OR",
                                ),
                                name="identificativo_date_in_ordine",
                                violation_error_message="La fine non può precedere l'inizio.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NonDoppione",
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
                            "detto_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="detto il",
                            ),
                        ),
                        (
                            "altra",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiari.beneficiario",
                            ),
                        ),
                        (
                            "detto_da",
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
                            "una",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiari.beneficiario",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "coppia di persone diverse",
                        "verbose_name_plural": "coppie di persone diverse",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("ente", "una", "altra"),
                                name="non_doppione_una_volta",
                                violation_error_message="Le due persone sono già dichiarate diverse.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("una__lt", models.F("altra"))),
                                name="non_doppione_in_ordine",
                                violation_error_message="La coppia si scrive in un ordine solo.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Nucleo",
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
                            "tipologia",
                            models.CharField(
                                blank=True, max_length=10, verbose_name="tipologia familiare"
                            ),
                        ),
                        (
                            "creato_il",
                            models.DateField(
                                default=django.utils.timezone.localdate, verbose_name="dal"
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
                        "verbose_name": "nucleo",
                        "verbose_name_plural": "nuclei",
                    },
                ),
                migrations.CreateModel(
                    name="Componente",
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
                            "ruolo",
                            models.CharField(
                                choices=[
                                    ("capofamiglia", "capofamiglia"),
                                    ("coniuge", "coniuge o partner"),
                                    ("figlio", "figlio o figlia"),
                                    ("genitore", "genitore"),
                                    ("fratello", "fratello o sorella"),
                                    ("altro-parente", "altro parente"),
                                    ("altro", "altra persona"),
                                ],
                                max_length=15,
                                verbose_name="ruolo nel nucleo",
                            ),
                        ),
                        (
                            "convivente",
                            models.BooleanField(default=True, verbose_name="convivente"),
                        ),
                        (
                            "dal",
                            models.DateField(
                                default=django.utils.timezone.localdate, verbose_name="dal"
                            ),
                        ),
                        ("al", models.DateField(blank=True, null=True, verbose_name="al")),
                        (
                            "beneficiario",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="nuclei",
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
                            "nucleo",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="componenti",
                                to="beneficiari.nucleo",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "componente",
                        "verbose_name_plural": "componenti",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("al", None)),
                                fields=("ente", "nucleo", "beneficiario"),
                                name="componente_una_volta",
                                violation_error_message="La persona è già in questo nucleo.",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("al", None), ("ruolo", "capofamiglia")),
                                fields=("ente", "nucleo"),
                                name="componente_un_capofamiglia",
                                violation_error_message="Il nucleo ha già un capofamiglia.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("al", None), ("al__gte", models.F("dal")), _connector="OR"
                                ),
                                name="componente_date_in_ordine",
                                violation_error_message="La fine non può precedere l'inizio.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PresaInCarico",
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
                            "canale",
                            models.CharField(
                                choices=[
                                    ("servizi-pubblici", "servizi pubblici"),
                                    ("altri-ets", "altri enti del terzo settore"),
                                    ("rete-progetto", "rete del progetto"),
                                    ("rete-territoriale", "rete territoriale"),
                                    ("passaparola", "passaparola"),
                                    ("contatti-propri", "contatti propri"),
                                    ("scouting", "ricerca attiva"),
                                    ("progetto-collegato", "progetto collegato"),
                                ],
                                max_length=20,
                                verbose_name="come è arrivata",
                            ),
                        ),
                        (
                            "motivazione",
                            models.TextField(
                                blank=True, max_length=2000, verbose_name="motivazione"
                            ),
                        ),
                        (
                            "aperta_il",
                            models.DateField(
                                default=django.utils.timezone.localdate, verbose_name="aperta il"
                            ),
                        ),
                        (
                            "chiusa_il",
                            models.DateField(blank=True, null=True, verbose_name="chiusa il"),
                        ),
                        (
                            "esito_in_parole",
                            models.TextField(
                                blank=True, max_length=2000, verbose_name="com'è andata"
                            ),
                        ),
                        (
                            "fase_abbandono",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("ingresso", "all'ingresso"),
                                    ("in-corso", "durante il percorso"),
                                    ("fine", "verso la fine"),
                                ],
                                max_length=10,
                                verbose_name="quando ha lasciato",
                            ),
                        ),
                        (
                            "motivo_abbandono",
                            models.CharField(
                                blank=True, max_length=300, verbose_name="perché ha lasciato"
                            ),
                        ),
                        (
                            "unita_abbandono",
                            models.CharField(
                                blank=True,
                                choices=[("persona", "la persona"), ("nucleo", "tutto il nucleo")],
                                max_length=10,
                                verbose_name="chi ha lasciato",
                            ),
                        ),
                        (
                            "prosecuzione",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("si", "sì, va proseguita"),
                                    ("no", "no"),
                                    ("da-valutare", "da valutare"),
                                ],
                                max_length=12,
                                verbose_name="va proseguita",
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
                            "beneficiario",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="prese",
                                to="beneficiari.beneficiario",
                            ),
                        ),
                        (
                            "ente",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="prese_in_carico",
                                to="enti.ente",
                            ),
                        ),
                        (
                            "ente_inviante",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="enti.ente",
                            ),
                        ),
                        (
                            "esito",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="assi.tipodichiusura",
                            ),
                        ),
                        (
                            "nucleo",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="prese",
                                to="beneficiari.nucleo",
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
                        "verbose_name": "presa in carico",
                        "verbose_name_plural": "prese in carico",
                        "indexes": [
                            models.Index(
                                fields=["ente", "chiusa_il", "-aperta_il"], name="presa_per_ente"
                            ),
                            models.Index(
                                fields=["operatore", "chiusa_il"], name="presa_per_operatore"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("beneficiario", None), ("nucleo__isnull", False)),
                                    models.Q(("beneficiario__isnull", False), ("nucleo", None)),
                                    _connector="OR",
                                ),
                                name="presa_di_una_persona_o_di_un_nucleo",
                                violation_error_message="La presa in carico è di una persona o di un nucleo.",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("beneficiario__isnull", False), ("chiusa_il", None)
                                ),
                                fields=("ente", "beneficiario", "azione"),
                                name="presa_una_aperta_per_persona",
                                violation_error_message="La persona ha già una presa in carico aperta per questa azione.",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("chiusa_il", None), ("nucleo__isnull", False)),
                                fields=("ente", "nucleo", "azione"),
                                name="presa_una_aperta_per_nucleo",
                                violation_error_message="Il nucleo ha già una presa in carico aperta per questa azione.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("chiusa_il", None),
                                    ("chiusa_il__gte", models.F("aperta_il")),
                                    _connector="OR",
                                ),
                                name="presa_date_in_ordine",
                                violation_error_message="La chiusura non può precedere l'apertura.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("chiusa_il", None), ("esito", None)),
                                    models.Q(
                                        ("chiusa_il__isnull", False), ("esito__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="presa_chiusa_con_un_esito",
                                violation_error_message="Una presa in carico si chiude con una data e un esito.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("fase_abbandono", ""),
                                        ("motivo_abbandono", ""),
                                        ("unita_abbandono", ""),
                                    ),
                                    models.Q(
                                        models.Q(("fase_abbandono", ""), _negated=True),
                                        models.Q(("motivo_abbandono", ""), _negated=True),
                                        models.Q(("unita_abbandono", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="presa_abbandono_completo",
                                violation_error_message="Di un abbandono si dicono la fase, il motivo e chi ha lasciato.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Passaggio",
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
                            "stato",
                            models.CharField(
                                choices=[
                                    ("proposto", "proposto"),
                                    ("accettato", "accettato"),
                                    ("rifiutato", "rifiutato"),
                                    ("ritirato", "ritirato"),
                                ],
                                default="proposto",
                                max_length=10,
                                verbose_name="stato",
                            ),
                        ),
                        (
                            "motivo",
                            models.CharField(max_length=300, verbose_name="perché si passa"),
                        ),
                        (
                            "risposta",
                            models.CharField(blank=True, max_length=300, verbose_name="risposta"),
                        ),
                        (
                            "proposto_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="proposto il",
                            ),
                        ),
                        (
                            "risposto_il",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="risposto il"
                            ),
                        ),
                        (
                            "autorizzazione",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="passaggi",
                                to="beneficiari.autorizzazione",
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
                            "destinatario",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="enti.ente",
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
                            "proposto_da",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "risposto_da",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "presa",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="passaggi",
                                to="beneficiari.presaincarico",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "passaggio",
                        "verbose_name_plural": "passaggi",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("stato", "proposto")),
                                fields=("ente", "presa"),
                                name="passaggio_uno_alla_volta",
                                violation_error_message="C'è già un passaggio proposto per questa presa in carico.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("destinatario", models.F("ente")), _negated=True
                                ),
                                name="passaggio_a_un_altro",
                                violation_error_message="Il passaggio è verso un altro ente.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("stato", "rifiutato"), _negated=True),
                                    models.Q(("risposta", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="passaggio_rifiutato_con_motivo",
                                violation_error_message="Chi rifiuta un passaggio dice perché.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Obiettivo",
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
                        ("testo", models.CharField(max_length=300, verbose_name="obiettivo")),
                        (
                            "entro_il",
                            models.DateField(blank=True, null=True, verbose_name="entro il"),
                        ),
                        (
                            "stato",
                            models.CharField(
                                choices=[
                                    ("in-corso", "in corso"),
                                    ("raggiunto", "raggiunto"),
                                    ("in-parte", "raggiunto in parte"),
                                    ("lasciato", "lasciato"),
                                ],
                                default="in-corso",
                                max_length=10,
                                verbose_name="stato",
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
                            "indicatore",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="assi.indicatore",
                            ),
                        ),
                        (
                            "presa",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="obiettivi",
                                to="beneficiari.presaincarico",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "obiettivo",
                        "verbose_name_plural": "obiettivi",
                    },
                ),
                migrations.CreateModel(
                    name="Nota",
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
                                default=django.utils.timezone.now, verbose_name="scritta il"
                            ),
                        ),
                        ("versione", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "beneficiario",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="note",
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
                            "presa",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="note",
                                to="beneficiari.presaincarico",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "nota",
                        "verbose_name_plural": "note",
                    },
                ),
                migrations.CreateModel(
                    name="BisognoRilevato",
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
                            "gravita",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (0, "0 · nessuna"),
                                    (1, "1 · lieve"),
                                    (2, "2 · media"),
                                    (3, "3 · grave"),
                                    (4, "4 · gravissima"),
                                ],
                                verbose_name="gravità",
                            ),
                        ),
                        (
                            "novita",
                            models.CharField(
                                choices=[
                                    ("gia-noto", "già noto"),
                                    ("nuovo", "nuovo"),
                                    ("aggravato", "aggravato"),
                                ],
                                default="nuovo",
                                max_length=10,
                                verbose_name="novità",
                            ),
                        ),
                        (
                            "stato",
                            models.CharField(
                                choices=[
                                    ("aperto", "aperto"),
                                    ("in-risposta", "in risposta"),
                                    ("coperto", "coperto"),
                                    ("parziale", "coperto in parte"),
                                    ("senza-risposta", "senza risposta nella rete"),
                                ],
                                default="aperto",
                                max_length=15,
                                verbose_name="stato",
                            ),
                        ),
                        (
                            "rilevato_il",
                            models.DateField(
                                default=django.utils.timezone.localdate, verbose_name="rilevato il"
                            ),
                        ),
                        (
                            "chiuso_il",
                            models.DateField(blank=True, null=True, verbose_name="chiuso il"),
                        ),
                        (
                            "beneficiario",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bisogni",
                                to="beneficiari.beneficiario",
                            ),
                        ),
                        (
                            "bisogno",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="assi.bisogno",
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
                            "rilevato_da",
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
                                related_name="bisogni",
                                to="beneficiari.presaincarico",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "bisogno rilevato",
                        "verbose_name_plural": "bisogni rilevati",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("chiuso_il", None)),
                                fields=("ente", "beneficiario", "bisogno"),
                                name="bisogno_aperto_una_volta",
                                violation_error_message="Questo bisogno è già aperto per la persona.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("chiuso_il", None),
                                    ("chiuso_il__gte", models.F("rilevato_il")),
                                    _connector="OR",
                                ),
                                name="bisogno_rilevato_date_in_ordine",
                                violation_error_message="La chiusura non può precedere il rilievo.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("gravita__lte", 4)),
                                name="bisogno_gravita_da_0_a_4",
                                violation_error_message="La gravità va da 0 a 4.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Affidamento",
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
                                    ("assegnato", "assegnato"),
                                    ("aperto", "aperto con un motivo"),
                                ],
                                max_length=10,
                                verbose_name="tipo",
                            ),
                        ),
                        (
                            "motivo",
                            models.CharField(blank=True, max_length=300, verbose_name="motivo"),
                        ),
                        (
                            "dal",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="dal",
                            ),
                        ),
                        ("al", models.DateTimeField(blank=True, null=True, verbose_name="al")),
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
                            "beneficiario",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="affidamenti",
                                to="beneficiari.beneficiario",
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
                    ],
                    options={
                        "verbose_name": "affidamento",
                        "verbose_name_plural": "affidamenti",
                        "indexes": [
                            models.Index(
                                fields=["beneficiario", "utente", "ente"],
                                include=("dal", "al"),
                                name="affidamento_della_policy",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("presa__isnull", False), ("tipo", "assegnato")),
                                    models.Q(
                                        ("al__isnull", False),
                                        ("presa", None),
                                        ("tipo", "aperto"),
                                        django.db.models.lookups.GreaterThanOrEqual(
                                            django.db.models.functions.text.Length("motivo"), 20
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="affidamento_aperto_con_motivo",
                                violation_error_message="Scrivi in almeno 20 caratteri perché ti serve aprire questi dati.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Recapito",
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
                                    ("telefono", "telefono"),
                                    ("posta", "posta elettronica"),
                                    ("indirizzo", "indirizzo"),
                                ],
                                max_length=10,
                                verbose_name="tipo",
                            ),
                        ),
                        ("valore", models.CharField(max_length=200, verbose_name="recapito")),
                        (
                            "tipo_residenza",
                            models.CharField(
                                blank=True, max_length=10, verbose_name="tipo di residenza"
                            ),
                        ),
                        (
                            "avvertenza",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="quando e come usarlo"
                            ),
                        ),
                        (
                            "riservato",
                            models.BooleanField(default=False, verbose_name="riservato"),
                        ),
                        (
                            "altro_custode",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "beneficiario",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recapiti",
                                to="beneficiari.beneficiario",
                            ),
                        ),
                        (
                            "custode",
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
                    ],
                    options={
                        "verbose_name": "recapito",
                        "verbose_name_plural": "recapiti",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("altro_custode", None),
                                        ("custode", None),
                                        ("riservato", False),
                                    ),
                                    models.Q(("custode__isnull", False), ("riservato", True)),
                                    _connector="OR",
                                ),
                                name="recapito_riservato_ha_un_custode",
                                violation_error_message="Di un recapito riservato si dice chi lo può vedere.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RevisioneObiettivo",
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
                        ("testo", models.CharField(max_length=300, verbose_name="com'era")),
                        (
                            "entro_il",
                            models.DateField(blank=True, null=True, verbose_name="entro il"),
                        ),
                        (
                            "stato",
                            models.CharField(
                                choices=[
                                    ("in-corso", "in corso"),
                                    ("raggiunto", "raggiunto"),
                                    ("in-parte", "raggiunto in parte"),
                                    ("lasciato", "lasciato"),
                                ],
                                max_length=10,
                                verbose_name="stato",
                            ),
                        ),
                        ("motivo", models.CharField(max_length=300, verbose_name="motivo")),
                        (
                            "quando",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="quando",
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
                            "obiettivo",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="revisioni",
                                to="beneficiari.obiettivo",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "revisione di un obiettivo",
                        "verbose_name_plural": "revisioni degli obiettivi",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("motivo", ""), _negated=True),
                                name="revisione_con_motivo",
                                violation_error_message="Scrivi perché l'obiettivo cambia.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RevocaConsenso",
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
                            "revocato_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="revocato il",
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
                            "consenso",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="revoche",
                                to="beneficiari.consenso",
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
                            "raccolta_da",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "revoca del consenso",
                        "verbose_name_plural": "revoche del consenso",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("ente", "consenso"),
                                name="revoca_una_sola",
                                violation_error_message="Questo consenso è già stato revocato.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Riapertura",
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
                        ("era_chiusa_il", models.DateField(verbose_name="era chiusa il")),
                        ("motivo", models.CharField(max_length=300, verbose_name="motivo")),
                        (
                            "quando",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="quando",
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
                            "esito_di_prima",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="assi.tipodichiusura",
                            ),
                        ),
                        (
                            "presa",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="riaperture",
                                to="beneficiari.presaincarico",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "riapertura",
                        "verbose_name_plural": "riaperture",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("motivo", ""), _negated=True),
                                name="riapertura_con_motivo",
                                violation_error_message="Scrivi perché la presa in carico riapre.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StoriaAutorizzazione",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "livello",
                            models.CharField(
                                choices=[
                                    ("esistenza", "solo che è seguita, e da chi"),
                                    ("sintesi", "una sintesi, senza testi"),
                                    ("completo", "i gruppi di dati scelti, per intero"),
                                ],
                                max_length=10,
                                verbose_name="livello",
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
                            "finalita",
                            models.CharField(
                                choices=[
                                    ("presa-in-carico", "presa in carico condivisa fra enti"),
                                    ("invio", "invio a un altro ente"),
                                    ("valutazione", "valutazione comune del caso"),
                                ],
                                max_length=20,
                                verbose_name="finalità",
                            ),
                        ),
                        (
                            "fondamento",
                            models.CharField(
                                choices=[
                                    ("consenso", "consenso della persona"),
                                    ("legge", "altra base giuridica"),
                                ],
                                max_length=10,
                                verbose_name="poggia su",
                            ),
                        ),
                        (
                            "dal",
                            models.DateField(
                                default=django.utils.timezone.localdate, verbose_name="dal"
                            ),
                        ),
                        ("al", models.DateField(verbose_name="al")),
                        (
                            "concessa_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="concessa il",
                            ),
                        ),
                        (
                            "revocata_il",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="revocata il"
                            ),
                        ),
                        (
                            "motivo_revoca",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="motivo della revoca"
                            ),
                        ),
                        (
                            "accordo",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="privacy.accordocontitolarita",
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
                            "concessa_da",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "consenso",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="beneficiari.consenso",
                            ),
                        ),
                        (
                            "destinatario",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="enti.ente",
                                verbose_name="a",
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
                                verbose_name="da",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="storia",
                                to="beneficiari.autorizzazione",
                            ),
                        ),
                        (
                            "revocata_da",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "storia: autorizzazione",
                        "verbose_name_plural": "storia: autorizzazioni",
                    },
                ),
                migrations.CreateModel(
                    name="StoriaBeneficiario",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "cognome",
                            models.CharField(blank=True, max_length=100, verbose_name="cognome"),
                        ),
                        (
                            "nome",
                            models.CharField(blank=True, max_length=100, verbose_name="nome"),
                        ),
                        (
                            "nome_scelto",
                            models.CharField(
                                blank=True,
                                max_length=100,
                                verbose_name="nome con cui vuole essere chiamata",
                            ),
                        ),
                        (
                            "nome_cercato",
                            models.CharField(blank=True, editable=False, max_length=310),
                        ),
                        (
                            "data_nascita",
                            models.DateField(
                                blank=True, null=True, verbose_name="data di nascita"
                            ),
                        ),
                        (
                            "nascita_stimata",
                            models.BooleanField(
                                default=False, verbose_name="data di nascita stimata"
                            ),
                        ),
                        (
                            "genere",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("F", "donna"),
                                    ("M", "uomo"),
                                    ("X", "non binario"),
                                    ("N", "non dichiara"),
                                ],
                                max_length=1,
                                verbose_name="genere",
                            ),
                        ),
                        (
                            "cittadinanze",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=2),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="cittadinanze",
                            ),
                        ),
                        (
                            "lingue",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="lingue",
                            ),
                        ),
                        (
                            "comune",
                            models.CharField(
                                blank=True, max_length=100, verbose_name="comune dove vive"
                            ),
                        ),
                        (
                            "anonimo",
                            models.BooleanField(default=False, verbose_name="accesso anonimo"),
                        ),
                        (
                            "codice_anonimo",
                            models.CharField(
                                blank=True, max_length=20, verbose_name="codice dato alla persona"
                            ),
                        ),
                        (
                            "inserito_il",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="inserita il",
                            ),
                        ),
                        ("versione", models.PositiveIntegerField(default=1, editable=False)),
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
                            "inserito_da",
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
                                to="beneficiari.beneficiario",
                            ),
                        ),
                        (
                            "unito_a",
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
                    ],
                    options={
                        "verbose_name": "storia: beneficiario",
                        "verbose_name_plural": "storia: beneficiari",
                    },
                ),
                migrations.CreateModel(
                    name="StoriaBisognoRilevato",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "gravita",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (0, "0 · nessuna"),
                                    (1, "1 · lieve"),
                                    (2, "2 · media"),
                                    (3, "3 · grave"),
                                    (4, "4 · gravissima"),
                                ],
                                verbose_name="gravità",
                            ),
                        ),
                        (
                            "novita",
                            models.CharField(
                                choices=[
                                    ("gia-noto", "già noto"),
                                    ("nuovo", "nuovo"),
                                    ("aggravato", "aggravato"),
                                ],
                                default="nuovo",
                                max_length=10,
                                verbose_name="novità",
                            ),
                        ),
                        (
                            "stato",
                            models.CharField(
                                choices=[
                                    ("aperto", "aperto"),
                                    ("in-risposta", "in risposta"),
                                    ("coperto", "coperto"),
                                    ("parziale", "coperto in parte"),
                                    ("senza-risposta", "senza risposta nella rete"),
                                ],
                                default="aperto",
                                max_length=15,
                                verbose_name="stato",
                            ),
                        ),
                        (
                            "rilevato_il",
                            models.DateField(
                                default=django.utils.timezone.localdate, verbose_name="rilevato il"
                            ),
                        ),
                        (
                            "chiuso_il",
                            models.DateField(blank=True, null=True, verbose_name="chiuso il"),
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
                            "bisogno",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="assi.bisogno",
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
                                to="beneficiari.bisognorilevato",
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
                            "rilevato_da",
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
                        "verbose_name": "storia: bisogno rilevato",
                        "verbose_name_plural": "storia: bisogni rilevati",
                    },
                ),
                migrations.CreateModel(
                    name="StoriaComponente",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "ruolo",
                            models.CharField(
                                choices=[
                                    ("capofamiglia", "capofamiglia"),
                                    ("coniuge", "coniuge o partner"),
                                    ("figlio", "figlio o figlia"),
                                    ("genitore", "genitore"),
                                    ("fratello", "fratello o sorella"),
                                    ("altro-parente", "altro parente"),
                                    ("altro", "altra persona"),
                                ],
                                max_length=15,
                                verbose_name="ruolo nel nucleo",
                            ),
                        ),
                        (
                            "convivente",
                            models.BooleanField(default=True, verbose_name="convivente"),
                        ),
                        (
                            "dal",
                            models.DateField(
                                default=django.utils.timezone.localdate, verbose_name="dal"
                            ),
                        ),
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
                            "nucleo",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="beneficiari.nucleo",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="storia",
                                to="beneficiari.componente",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "storia: componente",
                        "verbose_name_plural": "storia: componenti",
                    },
                ),
                migrations.CreateModel(
                    name="StoriaCondizioneRilevata",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("valore", models.CharField(max_length=20, verbose_name="valore")),
                        (
                            "rilevata_il",
                            models.DateField(
                                default=django.utils.timezone.localdate, verbose_name="rilevata il"
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
                            "condizione",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="assi.condizione",
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
                                to="beneficiari.condizionerilevata",
                            ),
                        ),
                        (
                            "rilevata_da",
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
                        "verbose_name": "storia: condizione rilevata",
                        "verbose_name_plural": "storia: condizioni rilevate",
                    },
                ),
                migrations.CreateModel(
                    name="StoriaIdentificativo",
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
                                    ("cf", "codice fiscale"),
                                    ("cf-provvisorio", "codice fiscale provvisorio"),
                                    ("stp", "codice STP"),
                                    ("eni", "codice ENI"),
                                    ("nessuno", "nessun codice"),
                                ],
                                max_length=15,
                                verbose_name="tipo",
                            ),
                        ),
                        ("valore_cifrato", models.BinaryField(null=True)),
                        ("indice", models.BinaryField(null=True)),
                        (
                            "motivo_assenza",
                            models.CharField(
                                blank=True, max_length=15, verbose_name="perché non ha un codice"
                            ),
                        ),
                        ("dal", models.DateField(blank=True, null=True, verbose_name="dal")),
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
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="storia",
                                to="beneficiari.identificativo",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "storia: identificativo",
                        "verbose_name_plural": "storia: identificativi",
                    },
                ),
                migrations.CreateModel(
                    name="StoriaNota",
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
                                default=django.utils.timezone.now, verbose_name="scritta il"
                            ),
                        ),
                        ("versione", models.PositiveIntegerField(default=1, editable=False)),
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
                                to="beneficiari.nota",
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
                        "verbose_name": "storia: nota",
                        "verbose_name_plural": "storia: note",
                    },
                ),
                migrations.CreateModel(
                    name="StoriaNucleo",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "tipologia",
                            models.CharField(
                                blank=True, max_length=10, verbose_name="tipologia familiare"
                            ),
                        ),
                        (
                            "creato_il",
                            models.DateField(
                                default=django.utils.timezone.localdate, verbose_name="dal"
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
                                to="beneficiari.nucleo",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "storia: nucleo",
                        "verbose_name_plural": "storia: nuclei",
                    },
                ),
                migrations.CreateModel(
                    name="StoriaObiettivo",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("testo", models.CharField(max_length=300, verbose_name="obiettivo")),
                        (
                            "entro_il",
                            models.DateField(blank=True, null=True, verbose_name="entro il"),
                        ),
                        (
                            "stato",
                            models.CharField(
                                choices=[
                                    ("in-corso", "in corso"),
                                    ("raggiunto", "raggiunto"),
                                    ("in-parte", "raggiunto in parte"),
                                    ("lasciato", "lasciato"),
                                ],
                                default="in-corso",
                                max_length=10,
                                verbose_name="stato",
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
                            "indicatore",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="assi.indicatore",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="storia",
                                to="beneficiari.obiettivo",
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
                        "verbose_name": "storia: obiettivo",
                        "verbose_name_plural": "storia: obiettivi",
                    },
                ),
                migrations.CreateModel(
                    name="StoriaPresaInCarico",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "canale",
                            models.CharField(
                                choices=[
                                    ("servizi-pubblici", "servizi pubblici"),
                                    ("altri-ets", "altri enti del terzo settore"),
                                    ("rete-progetto", "rete del progetto"),
                                    ("rete-territoriale", "rete territoriale"),
                                    ("passaparola", "passaparola"),
                                    ("contatti-propri", "contatti propri"),
                                    ("scouting", "ricerca attiva"),
                                    ("progetto-collegato", "progetto collegato"),
                                ],
                                max_length=20,
                                verbose_name="come è arrivata",
                            ),
                        ),
                        (
                            "motivazione",
                            models.TextField(
                                blank=True, max_length=2000, verbose_name="motivazione"
                            ),
                        ),
                        (
                            "aperta_il",
                            models.DateField(
                                default=django.utils.timezone.localdate, verbose_name="aperta il"
                            ),
                        ),
                        (
                            "chiusa_il",
                            models.DateField(blank=True, null=True, verbose_name="chiusa il"),
                        ),
                        (
                            "esito_in_parole",
                            models.TextField(
                                blank=True, max_length=2000, verbose_name="com'è andata"
                            ),
                        ),
                        (
                            "fase_abbandono",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("ingresso", "all'ingresso"),
                                    ("in-corso", "durante il percorso"),
                                    ("fine", "verso la fine"),
                                ],
                                max_length=10,
                                verbose_name="quando ha lasciato",
                            ),
                        ),
                        (
                            "motivo_abbandono",
                            models.CharField(
                                blank=True, max_length=300, verbose_name="perché ha lasciato"
                            ),
                        ),
                        (
                            "unita_abbandono",
                            models.CharField(
                                blank=True,
                                choices=[("persona", "la persona"), ("nucleo", "tutto il nucleo")],
                                max_length=10,
                                verbose_name="chi ha lasciato",
                            ),
                        ),
                        (
                            "prosecuzione",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("si", "sì, va proseguita"),
                                    ("no", "no"),
                                    ("da-valutare", "da valutare"),
                                ],
                                max_length=12,
                                verbose_name="va proseguita",
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
                            "ente_inviante",
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
                            "esito",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="assi.tipodichiusura",
                            ),
                        ),
                        (
                            "nucleo",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="beneficiari.nucleo",
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
                                to="beneficiari.presaincarico",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "storia: presa in carico",
                        "verbose_name_plural": "storia: prese in carico",
                    },
                ),
                migrations.CreateModel(
                    name="StoriaRecapito",
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
                                    ("telefono", "telefono"),
                                    ("posta", "posta elettronica"),
                                    ("indirizzo", "indirizzo"),
                                ],
                                max_length=10,
                                verbose_name="tipo",
                            ),
                        ),
                        ("valore", models.CharField(max_length=200, verbose_name="recapito")),
                        (
                            "tipo_residenza",
                            models.CharField(
                                blank=True, max_length=10, verbose_name="tipo di residenza"
                            ),
                        ),
                        (
                            "avvertenza",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="quando e come usarlo"
                            ),
                        ),
                        (
                            "riservato",
                            models.BooleanField(default=False, verbose_name="riservato"),
                        ),
                        (
                            "altro_custode",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                            "custode",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                                to="beneficiari.recapito",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "storia: recapito",
                        "verbose_name_plural": "storia: recapiti",
                    },
                ),
                migrations.CreateModel(
                    name="Unione",
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
                            "fatta_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="fatta il",
                            ),
                        ),
                        (
                            "annullata_il",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="annullata il"
                            ),
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
                            "assorbita",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="unioni",
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
                            "fatta_da",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "tenuta",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiari.beneficiario",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "unione",
                        "verbose_name_plural": "unioni",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("tenuta", models.F("assorbita")), _negated=True
                                ),
                                name="unione_di_due_persone",
                                violation_error_message="Una persona non si unisce a se stessa.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Valutazione",
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
                            "momento",
                            models.CharField(
                                choices=[
                                    ("ingresso", "ingresso"),
                                    ("in-itinere", "in itinere"),
                                    ("uscita", "uscita"),
                                    ("sei-mesi", "sei mesi dopo"),
                                ],
                                max_length=12,
                                verbose_name="momento",
                            ),
                        ),
                        (
                            "valutata_il",
                            models.DateField(
                                default=django.utils.timezone.localdate, verbose_name="valutata il"
                            ),
                        ),
                        (
                            "valore",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(10),
                                ],
                                verbose_name="valore da 1 a 10",
                            ),
                        ),
                        (
                            "giudizio",
                            models.TextField(blank=True, max_length=2000, verbose_name="a parole"),
                        ),
                        (
                            "non_esprimibile",
                            models.BooleanField(default=False, verbose_name="non esprimibile"),
                        ),
                        (
                            "beneficiario",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="valutazioni",
                                to="beneficiari.beneficiario",
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
                            "indicatore",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="assi.indicatore",
                            ),
                        ),
                        (
                            "presa",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="valutazioni",
                                to="beneficiari.presaincarico",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "valutazione",
                        "verbose_name_plural": "valutazioni",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=(
                                    "ente",
                                    "presa",
                                    "beneficiario",
                                    "indicatore",
                                    "momento",
                                    "valutata_il",
                                ),
                                name="valutazione_una_volta",
                                violation_error_message="Quel giorno questo indicatore è già stato valutato.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valore", None),
                                    models.Q(("valore__gte", 1), ("valore__lte", 10)),
                                    _connector="OR",
                                ),
                                name="valutazione_da_1_a_10",
                                violation_error_message="Il valore va da 1 a 10.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("non_esprimibile", True), ("valore", None)),
                                    models.Q(
                                        ("non_esprimibile", False),
                                        models.Q(
                                            ("valore__isnull", False),
                                            models.Q(("giudizio", ""), _negated=True),
                                            _connector="OR",
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="valutazione_dice_qualcosa",
                                violation_error_message="Dai un valore o un giudizio a parole, oppure segna che non è esprimibile.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StoriaValutazione",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "momento",
                            models.CharField(
                                choices=[
                                    ("ingresso", "ingresso"),
                                    ("in-itinere", "in itinere"),
                                    ("uscita", "uscita"),
                                    ("sei-mesi", "sei mesi dopo"),
                                ],
                                max_length=12,
                                verbose_name="momento",
                            ),
                        ),
                        (
                            "valutata_il",
                            models.DateField(
                                default=django.utils.timezone.localdate, verbose_name="valutata il"
                            ),
                        ),
                        (
                            "valore",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(10),
                                ],
                                verbose_name="valore da 1 a 10",
                            ),
                        ),
                        (
                            "giudizio",
                            models.TextField(blank=True, max_length=2000, verbose_name="a parole"),
                        ),
                        (
                            "non_esprimibile",
                            models.BooleanField(default=False, verbose_name="non esprimibile"),
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
                            "da",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                            "indicatore",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="assi.indicatore",
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
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="storia",
                                to="beneficiari.valutazione",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "storia: valutazione",
                        "verbose_name_plural": "storia: valutazioni",
                    },
                ),
                AggiungiTrigger(
                    model_name="beneficiario",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "beneficiari_storiabeneficiario" ("anonimo", "cittadinanze", "codice_anonimo", "cognome", "comune", "data_nascita", "ente_id", "genere", "id", "inserito_da_id", "inserito_il", "lingue", "nascita_stimata", "nome", "nome_cercato", "nome_scelto", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "unito_a_id", "uuid", "versione") VALUES (NEW."anonimo", NEW."cittadinanze", NEW."codice_anonimo", NEW."cognome", NEW."comune", NEW."data_nascita", NEW."ente_id", NEW."genere", NEW."id", NEW."inserito_da_id", NEW."inserito_il", NEW."lingue", NEW."nascita_stimata", NEW."nome", NEW."nome_cercato", NEW."nome_scelto", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."unito_a_id", NEW."uuid", NEW."versione"); RETURN NULL;',
                            hash="15012a44087cc8d0158c3b633ed501f4465f483c",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_03ac9",
                            table="beneficiari_beneficiario",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="beneficiario",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "beneficiari_storiabeneficiario" ("anonimo", "cittadinanze", "codice_anonimo", "cognome", "comune", "data_nascita", "ente_id", "genere", "id", "inserito_da_id", "inserito_il", "lingue", "nascita_stimata", "nome", "nome_cercato", "nome_scelto", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "unito_a_id", "uuid", "versione") VALUES (NEW."anonimo", NEW."cittadinanze", NEW."codice_anonimo", NEW."cognome", NEW."comune", NEW."data_nascita", NEW."ente_id", NEW."genere", NEW."id", NEW."inserito_da_id", NEW."inserito_il", NEW."lingue", NEW."nascita_stimata", NEW."nome", NEW."nome_cercato", NEW."nome_scelto", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."unito_a_id", NEW."uuid", NEW."versione"); RETURN NULL;',
                            hash="bf575614295d659d7f59d6392220b51a77342053",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_b8d54",
                            table="beneficiari_beneficiario",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="beneficiario",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "beneficiari_storiabeneficiario" ("anonimo", "cittadinanze", "codice_anonimo", "cognome", "comune", "data_nascita", "ente_id", "genere", "id", "inserito_da_id", "inserito_il", "lingue", "nascita_stimata", "nome", "nome_cercato", "nome_scelto", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "unito_a_id", "uuid", "versione") VALUES (OLD."anonimo", OLD."cittadinanze", OLD."codice_anonimo", OLD."cognome", OLD."comune", OLD."data_nascita", OLD."ente_id", OLD."genere", OLD."id", OLD."inserito_da_id", OLD."inserito_il", OLD."lingue", OLD."nascita_stimata", OLD."nome", OLD."nome_cercato", OLD."nome_scelto", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."unito_a_id", OLD."uuid", OLD."versione"); RETURN NULL;',
                            hash="7ef4ae3668fdec1b0e3adfb988c3944b4a9b7d80",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_dc730",
                            table="beneficiari_beneficiario",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="condizionerilevata",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "beneficiari_storiacondizionerilevata" ("beneficiario_id", "condizione_id", "ente_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rilevata_da_id", "rilevata_il", "uuid", "valore") VALUES (NEW."beneficiario_id", NEW."condizione_id", NEW."ente_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."rilevata_da_id", NEW."rilevata_il", NEW."uuid", NEW."valore"); RETURN NULL;',
                            hash="0237a16ed7bd3caaf51ed6b7c6429c26d2827600",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_fc3d5",
                            table="beneficiari_condizionerilevata",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="condizionerilevata",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "beneficiari_storiacondizionerilevata" ("beneficiario_id", "condizione_id", "ente_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rilevata_da_id", "rilevata_il", "uuid", "valore") VALUES (NEW."beneficiario_id", NEW."condizione_id", NEW."ente_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."rilevata_da_id", NEW."rilevata_il", NEW."uuid", NEW."valore"); RETURN NULL;',
                            hash="77545fb6bc4464327432eb9d36a76175662ce4e0",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_e8d6b",
                            table="beneficiari_condizionerilevata",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="condizionerilevata",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "beneficiari_storiacondizionerilevata" ("beneficiario_id", "condizione_id", "ente_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rilevata_da_id", "rilevata_il", "uuid", "valore") VALUES (OLD."beneficiario_id", OLD."condizione_id", OLD."ente_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."rilevata_da_id", OLD."rilevata_il", OLD."uuid", OLD."valore"); RETURN NULL;',
                            hash="59900105cb8036ffde7c4ee91afc9819bc959c03",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_16312",
                            table="beneficiari_condizionerilevata",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="autorizzazione",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "beneficiari_storiaautorizzazione" ("accordo_id", "al", "beneficiario_id", "concessa_da_id", "concessa_il", "consenso_id", "dal", "destinatario_id", "ente_id", "finalita", "fondamento", "gruppi", "id", "livello", "motivo_revoca", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "revocata_da_id", "revocata_il", "uuid") VALUES (NEW."accordo_id", NEW."al", NEW."beneficiario_id", NEW."concessa_da_id", NEW."concessa_il", NEW."consenso_id", NEW."dal", NEW."destinatario_id", NEW."ente_id", NEW."finalita", NEW."fondamento", NEW."gruppi", NEW."id", NEW."livello", NEW."motivo_revoca", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."revocata_da_id", NEW."revocata_il", NEW."uuid"); RETURN NULL;',
                            hash="70535bb7f6f3cc994f0a8ca28042d7bb4e18f6be",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_f3eae",
                            table="beneficiari_autorizzazione",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="autorizzazione",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "beneficiari_storiaautorizzazione" ("accordo_id", "al", "beneficiario_id", "concessa_da_id", "concessa_il", "consenso_id", "dal", "destinatario_id", "ente_id", "finalita", "fondamento", "gruppi", "id", "livello", "motivo_revoca", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "revocata_da_id", "revocata_il", "uuid") VALUES (NEW."accordo_id", NEW."al", NEW."beneficiario_id", NEW."concessa_da_id", NEW."concessa_il", NEW."consenso_id", NEW."dal", NEW."destinatario_id", NEW."ente_id", NEW."finalita", NEW."fondamento", NEW."gruppi", NEW."id", NEW."livello", NEW."motivo_revoca", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."revocata_da_id", NEW."revocata_il", NEW."uuid"); RETURN NULL;',
                            hash="1ab9c92df528bcf06e388591dc442a6d24071832",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_2ea5a",
                            table="beneficiari_autorizzazione",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="autorizzazione",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "beneficiari_storiaautorizzazione" ("accordo_id", "al", "beneficiario_id", "concessa_da_id", "concessa_il", "consenso_id", "dal", "destinatario_id", "ente_id", "finalita", "fondamento", "gruppi", "id", "livello", "motivo_revoca", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "revocata_da_id", "revocata_il", "uuid") VALUES (OLD."accordo_id", OLD."al", OLD."beneficiario_id", OLD."concessa_da_id", OLD."concessa_il", OLD."consenso_id", OLD."dal", OLD."destinatario_id", OLD."ente_id", OLD."finalita", OLD."fondamento", OLD."gruppi", OLD."id", OLD."livello", OLD."motivo_revoca", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."revocata_da_id", OLD."revocata_il", OLD."uuid"); RETURN NULL;',
                            hash="b59702e8f3a6d8eb7e9c8b67038263eece207657",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_74181",
                            table="beneficiari_autorizzazione",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="identificativo",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "beneficiari_storiaidentificativo" ("al", "beneficiario_id", "dal", "ente_id", "id", "indice", "motivo_assenza", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "tipo", "uuid", "valore_cifrato") VALUES (NEW."al", NEW."beneficiario_id", NEW."dal", NEW."ente_id", NEW."id", NEW."indice", NEW."motivo_assenza", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."tipo", NEW."uuid", NEW."valore_cifrato"); RETURN NULL;',
                            hash="9f97834bb06694146dd77e7569a3c35629ca8d49",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_135df",
                            table="beneficiari_identificativo",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="identificativo",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "beneficiari_storiaidentificativo" ("al", "beneficiario_id", "dal", "ente_id", "id", "indice", "motivo_assenza", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "tipo", "uuid", "valore_cifrato") VALUES (NEW."al", NEW."beneficiario_id", NEW."dal", NEW."ente_id", NEW."id", NEW."indice", NEW."motivo_assenza", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."tipo", NEW."uuid", NEW."valore_cifrato"); RETURN NULL;',
                            hash="a283f6c2364a00d064131fb5abb1a4a6d8dc4a09",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_3999e",
                            table="beneficiari_identificativo",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="identificativo",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "beneficiari_storiaidentificativo" ("al", "beneficiario_id", "dal", "ente_id", "id", "indice", "motivo_assenza", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "tipo", "uuid", "valore_cifrato") VALUES (OLD."al", OLD."beneficiario_id", OLD."dal", OLD."ente_id", OLD."id", OLD."indice", OLD."motivo_assenza", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."tipo", OLD."uuid", OLD."valore_cifrato"); RETURN NULL;',
                            hash="f31935f045b87502c0a0bcd2102d315553e12ed3",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_4203e",
                            table="beneficiari_identificativo",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="nucleo",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "beneficiari_storianucleo" ("creato_il", "ente_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "tipologia", "uuid") VALUES (NEW."creato_il", NEW."ente_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."tipologia", NEW."uuid"); RETURN NULL;',
                            hash="f397aeaad3d9fefb08cb556bb8f4ca9fe986c245",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_bfba4",
                            table="beneficiari_nucleo",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="nucleo",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "beneficiari_storianucleo" ("creato_il", "ente_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "tipologia", "uuid") VALUES (NEW."creato_il", NEW."ente_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."tipologia", NEW."uuid"); RETURN NULL;',
                            hash="1f2f32e08b24e8f8c23ef4399dc35d8349eb0c82",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_9140b",
                            table="beneficiari_nucleo",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="nucleo",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "beneficiari_storianucleo" ("creato_il", "ente_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "tipologia", "uuid") VALUES (OLD."creato_il", OLD."ente_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."tipologia", OLD."uuid"); RETURN NULL;',
                            hash="53f42f994d488962c106291a755a3c6dee22f99a",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_b69e8",
                            table="beneficiari_nucleo",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="componente",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "beneficiari_storiacomponente" ("al", "beneficiario_id", "convivente", "dal", "ente_id", "id", "nucleo_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "ruolo", "uuid") VALUES (NEW."al", NEW."beneficiario_id", NEW."convivente", NEW."dal", NEW."ente_id", NEW."id", NEW."nucleo_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."ruolo", NEW."uuid"); RETURN NULL;',
                            hash="8d3e6eaba6cff23fdea24c605571f00fc2ba43c2",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_3eb9e",
                            table="beneficiari_componente",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="componente",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "beneficiari_storiacomponente" ("al", "beneficiario_id", "convivente", "dal", "ente_id", "id", "nucleo_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "ruolo", "uuid") VALUES (NEW."al", NEW."beneficiario_id", NEW."convivente", NEW."dal", NEW."ente_id", NEW."id", NEW."nucleo_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."ruolo", NEW."uuid"); RETURN NULL;',
                            hash="7aa9c3f4b0827897175fe6af3413b05d9a0bf637",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_79560",
                            table="beneficiari_componente",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="componente",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "beneficiari_storiacomponente" ("al", "beneficiario_id", "convivente", "dal", "ente_id", "id", "nucleo_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "ruolo", "uuid") VALUES (OLD."al", OLD."beneficiario_id", OLD."convivente", OLD."dal", OLD."ente_id", OLD."id", OLD."nucleo_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."ruolo", OLD."uuid"); RETURN NULL;',
                            hash="bfc5ff029a7ce8be651623c1a4dabc891ca5225b",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_765f3",
                            table="beneficiari_componente",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="presaincarico",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "beneficiari_storiapresaincarico" ("aperta_il", "azione_id", "beneficiario_id", "canale", "chiusa_il", "ente_id", "ente_inviante_id", "esito_id", "esito_in_parole", "fase_abbandono", "id", "motivazione", "motivo_abbandono", "nucleo_id", "operatore_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "prosecuzione", "unita_abbandono", "uuid", "versione") VALUES (NEW."aperta_il", NEW."azione_id", NEW."beneficiario_id", NEW."canale", NEW."chiusa_il", NEW."ente_id", NEW."ente_inviante_id", NEW."esito_id", NEW."esito_in_parole", NEW."fase_abbandono", NEW."id", NEW."motivazione", NEW."motivo_abbandono", NEW."nucleo_id", NEW."operatore_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."prosecuzione", NEW."unita_abbandono", NEW."uuid", NEW."versione"); RETURN NULL;',
                            hash="3c437085fd81b0ee2ff5e7b9e672c72223a8062c",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_a042e",
                            table="beneficiari_presaincarico",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="presaincarico",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "beneficiari_storiapresaincarico" ("aperta_il", "azione_id", "beneficiario_id", "canale", "chiusa_il", "ente_id", "ente_inviante_id", "esito_id", "esito_in_parole", "fase_abbandono", "id", "motivazione", "motivo_abbandono", "nucleo_id", "operatore_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "prosecuzione", "unita_abbandono", "uuid", "versione") VALUES (NEW."aperta_il", NEW."azione_id", NEW."beneficiario_id", NEW."canale", NEW."chiusa_il", NEW."ente_id", NEW."ente_inviante_id", NEW."esito_id", NEW."esito_in_parole", NEW."fase_abbandono", NEW."id", NEW."motivazione", NEW."motivo_abbandono", NEW."nucleo_id", NEW."operatore_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."prosecuzione", NEW."unita_abbandono", NEW."uuid", NEW."versione"); RETURN NULL;',
                            hash="58613c8f3f77b853ed07a031b246b69e3d6c7b32",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_76bd7",
                            table="beneficiari_presaincarico",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="presaincarico",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "beneficiari_storiapresaincarico" ("aperta_il", "azione_id", "beneficiario_id", "canale", "chiusa_il", "ente_id", "ente_inviante_id", "esito_id", "esito_in_parole", "fase_abbandono", "id", "motivazione", "motivo_abbandono", "nucleo_id", "operatore_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "prosecuzione", "unita_abbandono", "uuid", "versione") VALUES (OLD."aperta_il", OLD."azione_id", OLD."beneficiario_id", OLD."canale", OLD."chiusa_il", OLD."ente_id", OLD."ente_inviante_id", OLD."esito_id", OLD."esito_in_parole", OLD."fase_abbandono", OLD."id", OLD."motivazione", OLD."motivo_abbandono", OLD."nucleo_id", OLD."operatore_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."prosecuzione", OLD."unita_abbandono", OLD."uuid", OLD."versione"); RETURN NULL;',
                            hash="01158f95b25d6b2accd94845ef865eac8a7d2b1b",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_9e69f",
                            table="beneficiari_presaincarico",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="obiettivo",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "beneficiari_storiaobiettivo" ("beneficiario_id", "ente_id", "entro_il", "id", "indicatore_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id", "stato", "testo", "uuid") VALUES (NEW."beneficiario_id", NEW."ente_id", NEW."entro_il", NEW."id", NEW."indicatore_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."presa_id", NEW."stato", NEW."testo", NEW."uuid"); RETURN NULL;',
                            hash="434440855f432dd840b858296da8634213c4d42d",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_06583",
                            table="beneficiari_obiettivo",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="obiettivo",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "beneficiari_storiaobiettivo" ("beneficiario_id", "ente_id", "entro_il", "id", "indicatore_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id", "stato", "testo", "uuid") VALUES (NEW."beneficiario_id", NEW."ente_id", NEW."entro_il", NEW."id", NEW."indicatore_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."presa_id", NEW."stato", NEW."testo", NEW."uuid"); RETURN NULL;',
                            hash="d0540d75dd83dc8f7571ee98eec1a9ee8c6b5e71",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_f1d12",
                            table="beneficiari_obiettivo",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="obiettivo",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "beneficiari_storiaobiettivo" ("beneficiario_id", "ente_id", "entro_il", "id", "indicatore_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id", "stato", "testo", "uuid") VALUES (OLD."beneficiario_id", OLD."ente_id", OLD."entro_il", OLD."id", OLD."indicatore_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."presa_id", OLD."stato", OLD."testo", OLD."uuid"); RETURN NULL;',
                            hash="360b49e3b0c80c497bfd58804fe0e1b61f19b320",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_60e4c",
                            table="beneficiari_obiettivo",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="nota",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "beneficiari_storianota" ("beneficiario_id", "ente_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id", "scritta_da_id", "scritta_il", "testo_cifrato", "uuid", "versione") VALUES (NEW."beneficiario_id", NEW."ente_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."presa_id", NEW."scritta_da_id", NEW."scritta_il", NEW."testo_cifrato", NEW."uuid", NEW."versione"); RETURN NULL;',
                            hash="be266340949317607c3923e6a253f6f80403f748",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_b7454",
                            table="beneficiari_nota",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="nota",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "beneficiari_storianota" ("beneficiario_id", "ente_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id", "scritta_da_id", "scritta_il", "testo_cifrato", "uuid", "versione") VALUES (NEW."beneficiario_id", NEW."ente_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."presa_id", NEW."scritta_da_id", NEW."scritta_il", NEW."testo_cifrato", NEW."uuid", NEW."versione"); RETURN NULL;',
                            hash="70968f7d3e5ddd59b9eb3f52a18459d2c336f12a",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_a3dcb",
                            table="beneficiari_nota",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="nota",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "beneficiari_storianota" ("beneficiario_id", "ente_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id", "scritta_da_id", "scritta_il", "testo_cifrato", "uuid", "versione") VALUES (OLD."beneficiario_id", OLD."ente_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."presa_id", OLD."scritta_da_id", OLD."scritta_il", OLD."testo_cifrato", OLD."uuid", OLD."versione"); RETURN NULL;',
                            hash="7b6d2afbb30d4db533931d5f90b1364c7bb83dc1",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_5d1a2",
                            table="beneficiari_nota",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="bisognorilevato",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "beneficiari_storiabisognorilevato" ("beneficiario_id", "bisogno_id", "chiuso_il", "ente_id", "gravita", "id", "novita", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id", "rilevato_da_id", "rilevato_il", "stato", "uuid") VALUES (NEW."beneficiario_id", NEW."bisogno_id", NEW."chiuso_il", NEW."ente_id", NEW."gravita", NEW."id", NEW."novita", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."presa_id", NEW."rilevato_da_id", NEW."rilevato_il", NEW."stato", NEW."uuid"); RETURN NULL;',
                            hash="404a7c0658e57b60c67d251ee33177750385c432",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_a82a4",
                            table="beneficiari_bisognorilevato",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="bisognorilevato",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "beneficiari_storiabisognorilevato" ("beneficiario_id", "bisogno_id", "chiuso_il", "ente_id", "gravita", "id", "novita", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id", "rilevato_da_id", "rilevato_il", "stato", "uuid") VALUES (NEW."beneficiario_id", NEW."bisogno_id", NEW."chiuso_il", NEW."ente_id", NEW."gravita", NEW."id", NEW."novita", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."presa_id", NEW."rilevato_da_id", NEW."rilevato_il", NEW."stato", NEW."uuid"); RETURN NULL;',
                            hash="328ae33635481eb0d7325523da12840cb487b5df",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_fe160",
                            table="beneficiari_bisognorilevato",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="bisognorilevato",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "beneficiari_storiabisognorilevato" ("beneficiario_id", "bisogno_id", "chiuso_il", "ente_id", "gravita", "id", "novita", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id", "rilevato_da_id", "rilevato_il", "stato", "uuid") VALUES (OLD."beneficiario_id", OLD."bisogno_id", OLD."chiuso_il", OLD."ente_id", OLD."gravita", OLD."id", OLD."novita", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."presa_id", OLD."rilevato_da_id", OLD."rilevato_il", OLD."stato", OLD."uuid"); RETURN NULL;',
                            hash="15dc4a25d48f9c53e108cc3750c5d119052f29cc",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_34ee0",
                            table="beneficiari_bisognorilevato",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="recapito",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "beneficiari_storiarecapito" ("altro_custode_id", "avvertenza", "beneficiario_id", "custode_id", "ente_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "riservato", "tipo", "tipo_residenza", "uuid", "valore") VALUES (NEW."altro_custode_id", NEW."avvertenza", NEW."beneficiario_id", NEW."custode_id", NEW."ente_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."riservato", NEW."tipo", NEW."tipo_residenza", NEW."uuid", NEW."valore"); RETURN NULL;',
                            hash="cba68b0f808fad884b58d8afddc58de4c48eec2d",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_d7a7f",
                            table="beneficiari_recapito",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="recapito",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "beneficiari_storiarecapito" ("altro_custode_id", "avvertenza", "beneficiario_id", "custode_id", "ente_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "riservato", "tipo", "tipo_residenza", "uuid", "valore") VALUES (NEW."altro_custode_id", NEW."avvertenza", NEW."beneficiario_id", NEW."custode_id", NEW."ente_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."riservato", NEW."tipo", NEW."tipo_residenza", NEW."uuid", NEW."valore"); RETURN NULL;',
                            hash="d881739f9f11f1197cc403baf1d2b0f22f1abacd",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_c1e0f",
                            table="beneficiari_recapito",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="recapito",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "beneficiari_storiarecapito" ("altro_custode_id", "avvertenza", "beneficiario_id", "custode_id", "ente_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "riservato", "tipo", "tipo_residenza", "uuid", "valore") VALUES (OLD."altro_custode_id", OLD."avvertenza", OLD."beneficiario_id", OLD."custode_id", OLD."ente_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."riservato", OLD."tipo", OLD."tipo_residenza", OLD."uuid", OLD."valore"); RETURN NULL;',
                            hash="549b35359d5225252b041a8f64c56ef7ce2cde79",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_35f6c",
                            table="beneficiari_recapito",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="valutazione",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "beneficiari_storiavalutazione" ("beneficiario_id", "da_id", "ente_id", "giudizio", "id", "indicatore_id", "momento", "non_esprimibile", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id", "uuid", "valore", "valutata_il") VALUES (NEW."beneficiario_id", NEW."da_id", NEW."ente_id", NEW."giudizio", NEW."id", NEW."indicatore_id", NEW."momento", NEW."non_esprimibile", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."presa_id", NEW."uuid", NEW."valore", NEW."valutata_il"); RETURN NULL;',
                            hash="2b3d49a29b7b462fc1be8f9a34037f0e87162e0a",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_5013d",
                            table="beneficiari_valutazione",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="valutazione",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "beneficiari_storiavalutazione" ("beneficiario_id", "da_id", "ente_id", "giudizio", "id", "indicatore_id", "momento", "non_esprimibile", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id", "uuid", "valore", "valutata_il") VALUES (NEW."beneficiario_id", NEW."da_id", NEW."ente_id", NEW."giudizio", NEW."id", NEW."indicatore_id", NEW."momento", NEW."non_esprimibile", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."presa_id", NEW."uuid", NEW."valore", NEW."valutata_il"); RETURN NULL;',
                            hash="f8b58bd7328aac9761c5631045d2355cfa7bdf16",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_0a41c",
                            table="beneficiari_valutazione",
                            when="AFTER",
                        ),
                    ),
                ),
                AggiungiTrigger(
                    model_name="valutazione",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "beneficiari_storiavalutazione" ("beneficiario_id", "da_id", "ente_id", "giudizio", "id", "indicatore_id", "momento", "non_esprimibile", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "presa_id", "uuid", "valore", "valutata_il") VALUES (OLD."beneficiario_id", OLD."da_id", OLD."ente_id", OLD."giudizio", OLD."id", OLD."indicatore_id", OLD."momento", OLD."non_esprimibile", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."presa_id", OLD."uuid", OLD."valore", OLD."valutata_il"); RETURN NULL;',
                            hash="73ebb41ed46c4539ba9dc3658b0494ff6f7c4948",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_471eb",
                            table="beneficiari_valutazione",
                            when="AFTER",
                        ),
                    ),
                ),
            ]
        ),
    ]
