"""L'indice esatto di un codice: due codici che differiscono per omocodia sono di due persone."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from registro.comune.migrazioni import Insieme


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiari", "0008_affidamenti_e_storie_riservate"),
        ("enti", "0006_confine_di_inviti_ed_eccezioni"),
    ]

    operations = [
        Insieme(
            [
                pgtrigger.migrations.RemoveTrigger(
                    model_name="identificativo",
                    name="nata_insert",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="identificativo",
                    name="cambiata_update",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="identificativo",
                    name="tolta_delete",
                ),
                migrations.RemoveConstraint(
                    model_name="identificativo",
                    name="identificativo_codice_o_motivo",
                ),
                migrations.RemoveConstraint(
                    model_name="identificativo",
                    name="identificativo_di_una_persona_sola",
                ),
                migrations.AddField(
                    model_name="identificativo",
                    name="indice_esatto",
                    field=models.BinaryField(null=True),
                ),
                migrations.AddField(
                    model_name="storiaidentificativo",
                    name="indice_esatto",
                    field=models.BinaryField(null=True),
                ),
                migrations.AddIndex(
                    model_name="identificativo",
                    index=models.Index(
                        fields=["ente", "indice"], name="identificativo_per_indice"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="identificativo",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "beneficiari_storiaidentificativo" ("al", "beneficiario_id", "dal", "ente_id", "id", "indice", "indice_esatto", "motivo_assenza", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "tipo", "uuid", "valore_cifrato") VALUES (NEW."al", NEW."beneficiario_id", NEW."dal", NEW."ente_id", NEW."id", NEW."indice", NEW."indice_esatto", NEW."motivo_assenza", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."tipo", NEW."uuid", NEW."valore_cifrato"); RETURN NULL;',
                            hash="969c3118855cfc88f0700353ff2395fd4b5091d4",
                            operation="INSERT",
                            pgid="pgtrigger_nata_insert_135df",
                            table="beneficiari_identificativo",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="identificativo",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cambiata_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "beneficiari_storiaidentificativo" ("al", "beneficiario_id", "dal", "ente_id", "id", "indice", "indice_esatto", "motivo_assenza", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "tipo", "uuid", "valore_cifrato") VALUES (NEW."al", NEW."beneficiario_id", NEW."dal", NEW."ente_id", NEW."id", NEW."indice", NEW."indice_esatto", NEW."motivo_assenza", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."tipo", NEW."uuid", NEW."valore_cifrato"); RETURN NULL;',
                            hash="14329b3cfb7b75f8687bf9b279b547c53f102bae",
                            operation="UPDATE",
                            pgid="pgtrigger_cambiata_update_3999e",
                            table="beneficiari_identificativo",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="identificativo",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tolta_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "beneficiari_storiaidentificativo" ("al", "beneficiario_id", "dal", "ente_id", "id", "indice", "indice_esatto", "motivo_assenza", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "tipo", "uuid", "valore_cifrato") VALUES (OLD."al", OLD."beneficiario_id", OLD."dal", OLD."ente_id", OLD."id", OLD."indice", OLD."indice_esatto", OLD."motivo_assenza", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."tipo", OLD."uuid", OLD."valore_cifrato"); RETURN NULL;',
                            hash="baf8bf89a176e0b76cb0c3c304d0d7a14dd99c1f",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_4203e",
                            table="beneficiari_identificativo",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="identificativo",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("indice", None),
                                ("indice_esatto", None),
                                ("tipo", "nessuno"),
                                ("valore_cifrato", None),
                                models.Q(("motivo_assenza", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("tipo", "nessuno"), _negated=True),
                                ("indice__isnull", False),
                                ("motivo_assenza", ""),
                                ("valore_cifrato__isnull", False),
                                ("indice_esatto__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="identificativo_codice_o_motivo",
                        violation_error_message="Scrivi il codice, oppure il motivo per cui manca.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="identificativo",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("al", None)),
                        fields=("ente", "tipo", "indice_esatto"),
                        name="identificativo_di_una_persona_sola",
                        violation_error_message="Questo codice è già di un'altra persona del tuo ente.",
                    ),
                ),
            ]
        ),
    ]
