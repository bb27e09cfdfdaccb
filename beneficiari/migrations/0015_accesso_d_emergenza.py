"""L'accesso d'emergenza: il minimo di una persona di un altro ente, col suo codice esatto.

Lo servono due funzioni di guardia e nessuna policy ne sa nulla: le interrogazioni di ogni giorno
non cambiano, e le righe di una persona non si aprono mai. Aprire fa lo stesso lavoro che la persona
ci sia o no: i codici cercati si mettono da parte e si confrontano solo leggendo.
"""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

from privacy.gruppi import CONDIZIONI_D_EMERGENZA
from privacy.migrazioni import DI_CHI_LAVORA, MAI, solo_in_aggiunta
from registro.comune.migrazioni import funzione_di_guardia, isola, legame_composto


SISTEMA = "coalesce((SELECT registro_ruolo()) = 'sistema', false)"
GARANTE = "coalesce((SELECT registro_ruolo()) = 'garante', false)"
RISPONDE = f"{DI_CHI_LAVORA} AND (SELECT registro_apre_tutto())"
SUO = "utente_id = (SELECT registro_utente())"

CERCATE = """
    SET ROLE registro_guardia;
    CREATE TABLE beneficiari_emergenzacercata (
        accesso_id bigint PRIMARY KEY,
        enti bigint[] NOT NULL,
        indici bytea[] NOT NULL,
        fino_al timestamptz NOT NULL
    );
    REVOKE ALL ON beneficiari_emergenzacercata FROM PUBLIC;
    RESET ROLE;
    GRANT INSERT ON beneficiari_accessodemergenza, beneficiari_avvisodemergenza
        TO registro_guardia;
"""
SENZA_CERCATE = """
    SET ROLE registro_guardia;
    DROP TABLE beneficiari_emergenzacercata;
    RESET ROLE;
    REVOKE INSERT ON beneficiari_accessodemergenza, beneficiari_avvisodemergenza
        FROM registro_guardia;
"""


def _base(gruppo: str) -> str:
    """Vero se il gruppo ha oggi una base giuridica per l'emergenza, con la lettera dell'art. 6."""
    return f"""EXISTS (
        SELECT 1 FROM public.privacy_basegiuridica g
        WHERE g.finalita = 'emergenza' AND g.gruppo = '{gruppo}'
          AND g.dal <= public.registro_oggi()
          AND (g.al IS NULL OR g.al >= public.registro_oggi())
    )"""


def _rifiuta(vincolo: str, frase: str) -> str:
    return f"RAISE EXCEPTION '{frase}' USING ERRCODE = 'check_violation', CONSTRAINT = '{vincolo}'"


APRI = f"""
DECLARE
    adesso timestamptz := statement_timestamp();
    aperto bigint;
    suo uuid := gen_random_uuid();
BEGIN
    IF public.registro_ruolo() NOT IN ('operatore', 'referente')
       OR public.registro_ruolo() IS NULL THEN
        {_rifiuta("emergenza_di_chi_lavora", "L''accesso d''emergenza è di chi lavora con le persone.")};
    END IF;
    IF NOT {_base("anagrafica")} THEN
        {_rifiuta("emergenza_con_base", "La rete non ha una base giuridica in vigore per le emergenze: chiama il 112, e avvisa chi amministra la rete.")};
    END IF;
    -- Un codice solo: in ogni ente un indice. Con più indici si cercherebbe chi si vuole.
    IF cardinality(p_enti) <> cardinality(p_indici)
       OR cardinality(p_enti) <> (SELECT count(DISTINCT e.id) FROM unnest(p_enti) AS e(id)) THEN
        {_rifiuta("emergenza_un_codice_solo", "Un accesso d''emergenza cerca un codice solo.")};
    END IF;
    -- Due richieste insieme della stessa persona non passano il limite contandosi a vuoto.
    PERFORM pg_advisory_xact_lock(1510, (public.registro_utente() % 2147483647)::int);
    IF (SELECT count(*) FROM public.beneficiari_accessodemergenza a
        WHERE a.utente_id = public.registro_utente()
          AND a.aperto_il > adesso - interval '24 hours') >= 5 THEN
        {_rifiuta("emergenza_cinque_al_giorno", "In un giorno si aprono al più cinque accessi d''emergenza. Se una persona è in pericolo chiama il 112; per altro chiama il garante della rete.")};
    END IF;
    DELETE FROM public.beneficiari_emergenzacercata WHERE fino_al < adesso;
    INSERT INTO public.beneficiari_accessodemergenza
        (uuid, ente_id, utente_id, tipo, motivo, aperto_il, fino_al)
        VALUES (suo, public.registro_ente(), public.registro_utente(), p_tipo, p_motivo, adesso,
            adesso + make_interval(mins => p_minuti))
        RETURNING id INTO aperto;
    INSERT INTO public.beneficiari_emergenzacercata (accesso_id, enti, indici, fino_al)
        VALUES (aperto, p_enti, p_indici, adesso + make_interval(mins => p_minuti));
    RETURN suo;
END
"""

# Di chi si è unito a un'altra riga si rende quella che resta. Una persona del proprio ente non passa
# di qui: la si apre con un motivo. Chi accede in anonimo non ha codici, e comunque non si rende mai.
TROVATE = """
    SELECT DISTINCT coalesce(b.unito_a_id, b.id) AS id, b.ente_id, a.id AS accesso,
        a.ente_id AS da_ente, a.motivo, a.aperto_il, a.fino_al
    FROM public.beneficiari_accessodemergenza a
    JOIN public.beneficiari_emergenzacercata c ON c.accesso_id = a.id
    CROSS JOIN LATERAL unnest(c.enti, c.indici) AS cercata(ente, indice)
    JOIN public.beneficiari_identificativo i
      ON i.ente_id = cercata.ente AND i.tipo = a.tipo AND i.indice_esatto = cercata.indice
     AND i.al IS NULL
    JOIN public.beneficiari_beneficiario b ON b.id = i.beneficiario_id
    JOIN public.beneficiari_beneficiario tenuta ON tenuta.id = coalesce(b.unito_a_id, b.id)
    WHERE a.uuid = p_accesso AND a.utente_id = public.registro_utente()
      AND a.ente_id = public.registro_ente()
      AND public.registro_ruolo() IN ('operatore', 'referente')
      AND a.fino_al > statement_timestamp()
      AND b.ente_id <> a.ente_id AND NOT b.anonimo AND NOT tenuta.anonimo
"""

LEGGI = f"""
BEGIN
    IF NOT {_base("anagrafica")} THEN
        RETURN;
    END IF;
    INSERT INTO public.beneficiari_avvisodemergenza
        (uuid, ente_id, beneficiario_id, accesso, da_ente_id, motivo, aperto_il, fino_al)
        SELECT gen_random_uuid(), t.ente_id, t.id, t.accesso, t.da_ente, t.motivo, t.aperto_il,
            t.fino_al
        FROM ({TROVATE}) t
        ON CONFLICT DO NOTHING;
    RETURN QUERY
        WITH t AS ({TROVATE})
        SELECT v.id, v.ente_id, v.gruppo, v.voce, v.valore, v.nota FROM (
            SELECT t.id, t.ente_id, 'anagrafica'::text AS gruppo, 'nome'::text AS voce,
                btrim(b.cognome || ' ' || coalesce(nullif(b.nome_scelto, ''), b.nome))::text
                    AS valore,
                ''::text AS nota, 1 AS posto
            FROM t JOIN public.beneficiari_beneficiario b ON b.id = t.id
            UNION ALL
            SELECT t.id, t.ente_id, 'anagrafica', 'nascita', b.data_nascita::text,
                CASE WHEN b.nascita_stimata THEN 'circa' ELSE '' END, 2
            FROM t JOIN public.beneficiari_beneficiario b ON b.id = t.id
            WHERE b.data_nascita IS NOT NULL
            UNION ALL
            SELECT t.id, t.ente_id, 'anagrafica', 'lingue', array_to_string(b.lingue, ', '), '', 3
            FROM t JOIN public.beneficiari_beneficiario b ON b.id = t.id
            WHERE cardinality(b.lingue) > 0
            UNION ALL
            SELECT t.id, t.ente_id, 'contatti', r.tipo::text, r.valore::text, r.avvertenza::text, 4
            FROM t JOIN public.beneficiari_recapito r ON r.ente_id = t.ente_id
             AND r.beneficiario_id IN (
                SELECT b.id FROM public.beneficiari_beneficiario b
                WHERE b.id = t.id OR (b.unito_a_id = t.id AND b.ente_id = t.ente_id))
            WHERE NOT r.riservato AND r.tipo IN ('telefono', 'posta') AND {_base("contatti")}
            UNION ALL
            SELECT t.id, t.ente_id, 'salute', n.nome::text, s.valore::text, '', 5
            FROM t JOIN public.beneficiari_condizionerilevata s ON s.ente_id = t.ente_id
             AND s.beneficiario_id IN (
                SELECT b.id FROM public.beneficiari_beneficiario b
                WHERE b.id = t.id OR (b.unito_a_id = t.id AND b.ente_id = t.ente_id))
            JOIN public.assi_condizione n ON n.id = s.condizione_id
            WHERE n.famiglia = 'salute' AND s.valore <> 'non-rilevata'
              AND n.codice = ANY(ARRAY{list(CONDIZIONI_D_EMERGENZA)}) AND {_base("salute")}
        ) v ORDER BY v.ente_id, v.id, v.posto, v.voce, v.valore;
END
"""


def _chi(campo: str = "ente_id") -> str:
    return f"{DI_CHI_LAVORA.replace('ente_id', campo)} AND {SUO}"


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiari", "0014_diritti_degli_interessati"),
        ("enti", "0008_filtri_salvati"),
        ("privacy", "0006_finalita_d_emergenza"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="consenso",
                    name="finalita",
                    field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("assistenza", "assistenza da parte dell'ente"),
                                ("presa-in-carico", "presa in carico condivisa fra enti"),
                                ("invio", "invio a un altro ente"),
                                ("valutazione", "valutazione comune del caso"),
                                (
                                    "emergenza",
                                    "emergenza, per la vita o la sicurezza della persona",
                                ),
                            ],
                            max_length=20,
                        ),
                        size=None,
                    ),
                ),
            ]
        ),
        migrations.CreateModel(
            name="AccessoDEmergenza",
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
                            ("cf", "codice fiscale"),
                            ("cf-provvisorio", "codice fiscale provvisorio"),
                            ("stp", "codice STP"),
                            ("eni", "codice ENI"),
                        ],
                        max_length=15,
                        verbose_name="che codice è",
                    ),
                ),
                ("motivo", models.CharField(max_length=300, verbose_name="perché")),
                ("aperto_il", models.DateTimeField(verbose_name="aperto il")),
                ("fino_al", models.DateTimeField(verbose_name="fino al")),
                (
                    "avvisato_il",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="garante avvisato il"
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
                "verbose_name": "accesso d'emergenza",
                "verbose_name_plural": "accessi d'emergenza",
                "indexes": [
                    models.Index(fields=["utente", "-aperto_il"], name="emergenza_per_utente"),
                    models.Index(
                        condition=models.Q(("avvisato_il", None)),
                        fields=["ente"],
                        name="emergenza_da_avvisare",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fino_al__gte", models.F("aperto_il")),
                            (
                                "fino_al__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("aperto_il"),
                                    "+",
                                    models.Value("60 minutes", models.DurationField()),
                                ),
                            ),
                        ),
                        name="emergenza_al_piu_un_ora",
                        violation_error_message="Un accesso d'emergenza dura al più 60 minuti.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.GreaterThanOrEqual(
                                django.db.models.functions.text.Length("motivo"), 20
                            )
                        ),
                        name="emergenza_con_motivo",
                        violation_error_message="Scrivi in almeno 20 caratteri perché ti servono questi dati adesso.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AvvisoDEmergenza",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("accesso", models.BigIntegerField(verbose_name="numero dell'accesso")),
                ("motivo", models.CharField(max_length=300, verbose_name="perché")),
                ("aperto_il", models.DateTimeField(verbose_name="aperto il")),
                ("fino_al", models.DateTimeField(verbose_name="fino al")),
                (
                    "avvisato_il",
                    models.DateTimeField(blank=True, null=True, verbose_name="posta spedita il"),
                ),
                (
                    "visto_il",
                    models.DateTimeField(blank=True, null=True, verbose_name="preso visione il"),
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
                    "da_ente",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enti.ente",
                        verbose_name="chi ha letto",
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
                    "visto_da",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "avviso d'emergenza",
                "verbose_name_plural": "avvisi d'emergenza",
                "indexes": [
                    models.Index(fields=["beneficiario"], name="avviso_emergenza_persona")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ente", "accesso", "beneficiario"),
                        name="avviso_emergenza_una_volta",
                        violation_error_message="Di questo accesso c'è già l'avviso.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("visto_da", None), ("visto_il", None)),
                            models.Q(("visto_da__isnull", False), ("visto_il__isnull", False)),
                            _connector="OR",
                        ),
                        name="avviso_emergenza_visto_da_qualcuno",
                        violation_error_message="Si dice chi ha preso visione e quando.",
                    ),
                ],
            },
        ),
        isola(
            "beneficiari_accessodemergenza",
            leggi=f"({_chi()}) OR ({RISPONDE}) OR {GARANTE}",
            inserisci=MAI,
            modifica=f"{DI_CHI_LAVORA} AND {SISTEMA}",
            cancella=MAI,
        ),
        isola(
            "beneficiari_avvisodemergenza",
            leggi=RISPONDE,
            inserisci=MAI,
            modifica=RISPONDE,
            cancella=MAI,
        ),
        solo_in_aggiunta("beneficiari_accessodemergenza", salvo="avvisato_il"),
        solo_in_aggiunta(
            "beneficiari_avvisodemergenza", salvo="avvisato_il, visto_il, visto_da_id"
        ),
        legame_composto(
            "beneficiari_avvisodemergenza", "beneficiario_id", "beneficiari_beneficiario"
        ),
        migrations.RunSQL(sql=CERCATE, reverse_sql=SENZA_CERCATE),
        funzione_di_guardia(
            "registro_apri_emergenza",
            argomenti=(
                "p_tipo text, p_motivo text, p_minuti integer, p_enti bigint[], p_indici bytea[]"
            ),
            rende="uuid",
            corpo=APRI,
            scrive=True,
        ),
        funzione_di_guardia(
            "registro_emergenza",
            argomenti="p_accesso uuid",
            rende=(
                "TABLE (beneficiario bigint, ente bigint, gruppo text, voce text, valore text,"
                " nota text)"
            ),
            corpo=LEGGI,
            scrive=True,
        ),
    ]
