"""La storia delle ore di chi affianca; e ognuno scrive il suo appunto su una persona.

Tornare indietro chiede che su ogni persona di una prestazione ci sia un appunto solo.
"""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from privacy.migrazioni import DI_CHI_LAVORA, isola_storia
from registro.comune.migrazioni import AggiungiTrigger


TABELLA, STORIA = "prestazioni_affiancamento", "prestazioni_storiaaffiancamento"
NOTA, UNA = "notadiprestazione", "nota_di_prestazione_una"


def _legame(verso: str) -> models.ForeignKey:
    return models.ForeignKey(
        db_constraint=False,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        related_query_name="+",
        to=verso,
    )


def _trigger(nome: str, gesto: str, *, riga: str, pgid: str, quando: dict) -> AggiungiTrigger:
    """La riga di storia che `gesto` lascia, coi valori di `riga` (NEW o OLD)."""
    return AggiungiTrigger(
        model_name="affiancamento",
        trigger=pgtrigger.compiler.Trigger(
            name=f"{nome}_{gesto.lower()}",
            sql=pgtrigger.compiler.UpsertTriggerSql(
                func=(
                    f'INSERT INTO "{STORIA}" ("ente_id", "id", "minuti", "pgh_context",'
                    ' "pgh_created_at", "pgh_label", "pgh_obj_id", "prestazione_id", "utente_id")'
                    f' VALUES ({riga}."ente_id", {riga}."id", {riga}."minuti",'
                    " COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''),"
                    f' NULL)::JSONB, NOW(), \'{nome}\', {riga}."id", {riga}."prestazione_id",'
                    f' {riga}."utente_id"); RETURN NULL;'
                ),
                operation=gesto,
                pgid=pgid,
                table=TABELLA,
                when="AFTER",
                **quando,
            ),
        ),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("prestazioni", "0019_toglie_il_nome_del_file"),
        ("enti", "0001_enti"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StoriaAffiancamento",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "minuti",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="minuti"),
                ),
                ("ente", _legame("enti.ente")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="storia",
                        to="prestazioni.affiancamento",
                    ),
                ),
                ("prestazione", _legame("prestazioni.prestazione")),
                ("utente", _legame(settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "storia: affiancamento",
                "verbose_name_plural": "storia: affiancamenti",
                "abstract": False,
            },
        ),
        _trigger("nata", "INSERT", riga="NEW", pgid="pgtrigger_nata_insert_07883", quando={}),
        _trigger(
            "cambiata",
            "UPDATE",
            riga="NEW",
            pgid="pgtrigger_cambiata_update_2fd2f",
            quando={"condition": "WHEN (OLD.* IS DISTINCT FROM NEW.*)"},
        ),
        _trigger("tolta", "DELETE", riga="OLD", pgid="pgtrigger_tolta_delete_9764f", quando={}),
        *isola_storia(STORIA),
        migrations.RunSQL(
            # La storia la scrivono solo i trigger.
            sql=f"ALTER POLICY inserisci ON {STORIA}"
            f" WITH CHECK ({DI_CHI_LAVORA} AND pg_trigger_depth() > 0);",
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.RemoveConstraint(model_name=NOTA, name=UNA),
        migrations.AddConstraint(
            model_name=NOTA,
            constraint=models.UniqueConstraint(
                fields=("ente", "prestazione", "beneficiario", "scritta_da"),
                name=UNA,
                violation_error_message="Su questa persona hai già scritto un appunto: modificalo.",
            ),
        ),
    ]
