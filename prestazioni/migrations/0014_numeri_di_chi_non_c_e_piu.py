"""Le righe statistiche: ciò che resta nei numeri di una persona dimenticata, e chi le conta.

Le tre porte dei cruscotti di rete le sommano a ciò che già contano; il resto non cambia.
"""

import importlib

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import TruncMonth

from privacy.migrazioni import DI_CHI_LAVORA, MAI
from registro.comune.migrazioni import isola, legame_composto


PORTE = importlib.import_module("prestazioni.migrations.0011_porte_dei_cruscotti")
TABELLA = "prestazioni_rigastatistica"
MESI = PORTE.MESI_PER_RIGA


def _al_posto(corpo: str, *cambi: tuple[str, str]) -> str:
    """`corpo` con ogni testo cambiato. Solleva ValueError se uno non c'è: la porta è cambiata."""
    for prima, dopo in cambi:
        if prima not in corpo:
            raise ValueError(f"La porta non dice più: {prima}")
        corpo = corpo.replace(prima, dopo)
    return corpo


_ANCHE_CHI_NON_C_E_PIU = f"""(
            SELECT azione_id, blocco, mesi, ente_id, chiave, con_codice
            FROM public.cruscotti_presenza
            UNION ALL
            SELECT azione_id, posto / {MESI}, bit_or(1::bigint << (posto % {MESI})), ente_id,
                -conto, con_codice
            FROM (SELECT s.azione_id, public.cruscotti_posto(s.mese) AS posto, s.ente_id, s.conto,
                      s.con_codice
                  FROM public.{TABELLA} s WHERE s.cosa = 'presenza') s
            GROUP BY 1, 2, 4, 5, 6
        ) r"""
RETE = _al_posto(PORTE.RETE, ("public.cruscotti_presenza r", _ANCHE_CHI_NON_C_E_PIU))
CASI = _al_posto(
    PORTE.CASI,
    (
        "FROM public.beneficiari_presaincarico p",
        f"""FROM (
        SELECT ente_id, azione_id, aperta_il, chiusa_il FROM public.beneficiari_presaincarico
        UNION ALL
        SELECT ente_id, azione_id, mese, fino_al FROM public.{TABELLA} WHERE cosa = 'caso'
    ) p""",
    ),
)
BISOGNI = f"""
#variable_conflict use_column
DECLARE
    {PORTE.DICHIARA_CHI}
BEGIN
    {PORTE.CHI_PUO}
    RETURN QUERY
    WITH e AS NOT MATERIALIZED ({PORTE.VISIBILI}), rilevati AS (
        SELECT r.ente_id, r.stato, voce.asse_id, p.azione_id, r.rilevato_il AS quando,
            coalesce(k.chiave, b.unito_a_id, b.id) AS chi, 1 AS quanti
        FROM public.beneficiari_bisognorilevato r
        JOIN public.assi_bisogno voce ON voce.id = r.bisogno_id
        JOIN public.beneficiari_beneficiario b ON b.id = r.beneficiario_id
        LEFT JOIN public.cruscotti_chiave k ON k.beneficiario_id = r.beneficiario_id
        LEFT JOIN public.beneficiari_presaincarico p ON p.id = r.presa_id
        UNION ALL
        SELECT s.ente_id, s.stato, s.asse_id, s.azione_id, s.mese, -s.conto, s.quante
        FROM public.{TABELLA} s WHERE s.cosa = 'bisogno'
    )
    SELECT r.stato::text, {PORTE._base_5("count(DISTINCT r.chi)")}, {PORTE._base_5("sum(r.quanti)")}
    FROM rilevati r JOIN e ON e.id = r.ente_id
    WHERE r.quando >= p_dal AND r.quando <= p_al
      AND (p_asse IS NULL OR r.asse_id = p_asse)
      AND (p_azione IS NULL OR r.azione_id = p_azione)
    GROUP BY 1 ORDER BY 1;
END
"""
FIRME = {
    "rete": (
        f"p_per text, p_dal date, p_al date, {PORTE.FILTRI}",
        "TABLE (voce bigint, prestazioni bigint, minuti bigint, senza_durata bigint,"
        " persone bigint, senza_codice bigint, senza_nome bigint)",
    ),
    "casi": (f"p_per text, p_al date, {PORTE.FILTRI}", "TABLE (voce bigint, casi bigint)"),
    "bisogni": (
        f"p_dal date, p_al date, {PORTE.FILTRI}",
        "TABLE (stato text, persone bigint, bisogni bigint)",
    ),
}


def _porte(**corpi: str) -> str:
    """Riscrive le porte: stessa firma, stesso padrone, stessi permessi."""
    testi = "".join(
        f"""
        CREATE OR REPLACE FUNCTION registro_cruscotto_{nome}({FIRME[nome][0]})
            RETURNS {FIRME[nome][1]} LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
            SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan
            AS $guardia$ {corpo} $guardia$;"""
        for nome, corpo in corpi.items()
    )
    return f"SET ROLE registro_guardia; {testi} RESET ROLE;"


class Migration(migrations.Migration):
    dependencies = [
        ("prestazioni", "0012_porte_strette"),
        ("assi", "0004_servizi_ed_esiti"),
        ("enti", "0008_filtri_salvati"),
    ]

    operations = [
        migrations.CreateModel(
            name="RigaStatistica",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cosa",
                    models.CharField(
                        choices=[
                            ("presenza", "presenza a una prestazione"),
                            ("nucleo", "presenza di un nucleo"),
                            ("caso", "presa in carico"),
                            ("bisogno", "bisogno rilevato"),
                            ("esito", "esito"),
                            ("profilo", "classe d'età e genere"),
                        ],
                        max_length=10,
                        verbose_name="che cosa",
                    ),
                ),
                (
                    "conto",
                    models.BigIntegerField(
                        blank=True, null=True, verbose_name="numero estratto a caso"
                    ),
                ),
                ("con_codice", models.BooleanField(default=False, verbose_name="con un codice")),
                ("mese", models.DateField(verbose_name="mese")),
                ("fino_al", models.DateField(blank=True, null=True, verbose_name="fino al mese")),
                ("stato", models.CharField(blank=True, max_length=15, verbose_name="stato")),
                (
                    "eta",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("0-17", "meno di 18 anni"),
                            ("18-34", "da 18 a 34 anni"),
                            ("35-64", "da 35 a 64 anni"),
                            ("65+", "65 anni e più"),
                        ],
                        max_length=5,
                        verbose_name="classe d'età",
                    ),
                ),
                ("genere", models.CharField(blank=True, max_length=1, verbose_name="genere")),
                ("quante", models.PositiveIntegerField(default=1, verbose_name="quante")),
                (
                    "importo",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="importo",
                    ),
                ),
                (
                    "asse",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assi.asse",
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
                    "esito",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assi.tipodiesito",
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
            ],
            options={
                "verbose_name": "riga statistica",
                "verbose_name_plural": "righe statistiche",
                "indexes": [
                    models.Index(fields=["ente", "cosa", "mese"], name="statistica_per_ente")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("mese", TruncMonth("mese")),
                            models.Q(
                                ("fino_al", None),
                                models.Q(
                                    ("fino_al", TruncMonth("fino_al")),
                                    ("fino_al__gte", models.F("mese")),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="statistica_a_mesi",
                        violation_error_message="Di una riga statistica si dice il mese, mai il giorno.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("eta", ""), ("genere", "")),
                            models.Q(("conto", None), ("cosa", "profilo")),
                            _connector="OR",
                        ),
                        name="statistica_profilo_a_parte",
                        violation_error_message="Età e genere stanno in righe che non dicono altro.",
                    ),
                ],
            },
        ),
        isola(
            TABELLA,
            # Dei bisogni si contano solo quelli di chi si vede: qui non si sa più di chi erano.
            leggi=f"{DI_CHI_LAVORA} AND (cosa <> 'bisogno' OR (SELECT registro_apre_tutto()))",
            inserisci=MAI,
        ),
        legame_composto(TABELLA, "servizio_id", "assi_servizio"),
        # Le scrive solo chi dimentica una persona, dentro il database.
        migrations.RunSQL(
            sql=f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {TABELLA} FROM registro_app;",
            reverse_sql=f"GRANT INSERT, UPDATE, DELETE ON {TABELLA} TO registro_app;",
        ),
        migrations.RunSQL(
            sql=_porte(rete=RETE, casi=CASI, bisogni=BISOGNI),
            reverse_sql=_porte(rete=PORTE.RETE, casi=PORTE.CASI, bisogni=PORTE.BISOGNI),
        ),
    ]
