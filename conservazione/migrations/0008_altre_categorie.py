"""Le righe che l'applicazione non può cancellare, e che pure hanno un termine: le toglie la guardia.

Una funzione sola, chiamata dal lavoro notturno: conta ciò che è arrivato al termine e, se non è una
prova, ne toglie al più quante dice il tetto, dalla più vecchia. Ciò che prova che cosa è successo non se
ne va prima di un minimo, qualunque durata si sia scritta.
"""

from django.db import migrations, models

from registro.comune.migrazioni import funzione_di_guardia


CHI = [
    ("persone-ferme", "persone senza attività"),
    ("persone-mai-seguite", "persone mai prese in carico"),
    ("persone-anonime", "accessi anonimi senza attività"),
    ("bozze", "bozze"),
    ("sessioni", "sessioni finite"),
    ("tentativi", "prove d'accesso e ingressi"),
    ("inviti", "inviti chiusi o scaduti"),
    ("ripristini", "richieste per il secondo fattore perso"),
    ("emergenze", "accessi d'emergenza finiti"),
    ("emergenze-cercate", "codici cercati in emergenza"),
    ("segnalazioni", "segnalazioni chiuse"),
    ("violazioni", "violazioni chiuse"),
    ("altrove", "un'altra parte del Registro"),
]
TOLTE = (
    *("beneficiari_accessodemergenza", "beneficiari_avvisodemergenza"),
    *("privacy_violazione", "privacy_segnalazione"),
    *("enti_invito", "enti_ripristinofattore"),
)
# Categoria → per quanti mesi almeno si tiene, e come lo si dice a chi scrive la durata.
MINIMI = {
    "violazioni": (60, "Una violazione chiusa si tiene almeno 5 anni: la si deve poter mostrare."),
    "emergenze": (
        12,
        "Un accesso d'emergenza si tiene almeno 12 mesi: lo si deve poter mostrare.",
    ),
    "segnalazioni": (
        6,
        "Una segnalazione chiusa si tiene almeno 6 mesi: la si deve poter mostrare.",
    ),
}
# La storia di una violazione: la cancellazione ne scrive l'ultima riga, e poi se ne va tutta.
STORIA = "privacy_storiaviolazione"
_ELENCO = ", ".join(TOLTE)
CONCEDI = f"""
    GRANT SELECT, DELETE ON {_ELENCO} TO registro_guardia;
    GRANT SELECT, INSERT, DELETE ON {STORIA} TO registro_guardia;
"""
REVOCA = f"""
    REVOKE DELETE ON {_ELENCO} FROM registro_guardia;
    REVOKE INSERT, DELETE ON {STORIA} FROM registro_guardia;
"""

# Categoria → (da dove, quale chiave, quando è finita, di quale ente).
_DELL_ENTE = "t.ente_id = public.registro_ente()"
_FONTI = {
    # Un avviso di cui nessuno ha preso visione resta, e con lui il suo accesso.
    "emergenze": (
        "public.beneficiari_accessodemergenza t",
        "t.id",
        "t.fino_al",
        f"{_DELL_ENTE} AND NOT EXISTS (SELECT FROM public.beneficiari_avvisodemergenza v"
        " WHERE v.accesso = t.id AND v.visto_il IS NULL)",
    ),
    "emergenze-cercate": (
        "public.beneficiari_emergenzacercata c"
        " JOIN public.beneficiari_accessodemergenza t ON t.id = c.accesso_id",
        "c.accesso_id",
        "c.fino_al",
        _DELL_ENTE,
    ),
    "segnalazioni": ("public.privacy_segnalazione t", "t.id", "t.chiusa_il", _DELL_ENTE),
    "violazioni": ("public.privacy_violazione t", "t.id", "t.chiusa_il", _DELL_ENTE),
    "inviti": (
        "public.enti_invito t",
        "t.id",
        "coalesce(t.accettato_il, t.annullato_il, t.scade_il)",
        _DELL_ENTE,
    ),
    # Non sono di un ente: le toglie il primo che passa.
    "ripristini": (
        "public.enti_ripristinofattore t",
        "t.id",
        "coalesce(t.usato_il, t.scade_il, t.chiesto_il)",
        "true",
    ),
}
_GESTI = {
    "emergenze": """
        DELETE FROM public.beneficiari_emergenzacercata WHERE accesso_id = ANY(chiavi);
        DELETE FROM public.beneficiari_avvisodemergenza WHERE accesso = ANY(chiavi);
        DELETE FROM public.beneficiari_accessodemergenza WHERE id = ANY(chiavi);""",
    "emergenze-cercate": """
        DELETE FROM public.beneficiari_emergenzacercata WHERE accesso_id = ANY(chiavi);""",
    "segnalazioni": "DELETE FROM public.privacy_segnalazione WHERE id = ANY(chiavi);",
    # Il trigger della storia nomina la sua tabella senza lo schema; finita la funzione torna com'era.
    "violazioni": f"""
        PERFORM set_config('search_path', 'pg_catalog, public, pg_temp', true);
        DELETE FROM public.privacy_violazione WHERE id = ANY(chiavi);
        DELETE FROM public.{STORIA} WHERE pgh_obj_id = ANY(chiavi);""",
    "inviti": "DELETE FROM public.enti_invito WHERE id = ANY(chiavi);",
    "ripristini": "DELETE FROM public.enti_ripristinofattore WHERE id = ANY(chiavi);",
}


def _caso(rami: dict[str, str]) -> str:
    testo = "".join(f"\n    WHEN '{nome}' THEN {ramo}" for nome, ramo in rami.items())
    return f"CASE p_che {testo}\n    END CASE;"


_CERCA = {
    nome: f"SELECT array_agg({chiave} ORDER BY {quando}, {chiave}) INTO chiavi FROM {da}"
    f" WHERE {quando} < p_prima AND {dell_ente};"
    for nome, (da, chiave, quando, dell_ente) in _FONTI.items()
}
_MESI = "".join(f" WHEN '{che}' THEN {mesi}" for che, (mesi, _) in MINIMI.items())
# Senza tetto: tutte.
TOGLI = f"""
DECLARE
    chiavi bigint[];
BEGIN
    arrivate := 0;
    tolte := 0;
    IF public.registro_ruolo() IS DISTINCT FROM 'sistema' THEN
        RETURN NEXT;
        RETURN;
    END IF;
    -- Per chi non ha un minimo il confronto è con nulla, e least lo lascia com'è.
    p_prima := least(p_prima, now() - make_interval(months => CASE p_che{_MESI} END));
    {_caso(_CERCA)}
    arrivate := coalesce(cardinality(chiavi), 0);
    IF arrivate > 0 AND NOT p_prova THEN
        IF p_tetto IS NOT NULL THEN
            chiavi := chiavi[1:p_tetto];
        END IF;
        {_caso(_GESTI)}
        tolte := cardinality(chiavi);
    END IF;
    RETURN NEXT;
END
"""


def _almeno(mesi: int) -> models.Q:
    return (
        models.Q(unita="mesi", durata__gte=mesi)
        | models.Q(unita="anni", durata__gte=-(-mesi // 12))
        | models.Q(unita="giorni", durata__gte=mesi * 31)
    )


class Migration(migrations.Migration):
    dependencies = [
        ("conservazione", "0007_scadenza_avvisata_per_posta"),
        ("beneficiari", "0017_inoltro_stretto_e_unioni_sospese"),
        ("enti", "0012_azzeramento_avvisato"),
        ("privacy", "0007_violazioni"),
    ]

    operations = [
        *(
            migrations.AlterField(
                model_name=modello,
                name="chi",
                field=models.CharField(
                    choices=CHI, default="altrove", max_length=20, verbose_name="chi la esegue"
                ),
            )
            for modello in ("regolaconservazione", "storiaregolaconservazione")
        ),
        *(
            migrations.AddConstraint(
                model_name="regolaconservazione",
                constraint=models.CheckConstraint(
                    condition=~models.Q(chi=chi) | _almeno(mesi),
                    name=f"regola_minimo_{chi}",
                    violation_error_message=frase,
                ),
            )
            for chi, (mesi, frase) in MINIMI.items()
        ),
        migrations.RunSQL(sql=CONCEDI, reverse_sql=REVOCA),
        funzione_di_guardia(
            "registro_togli_scadute",
            argomenti="p_che text, p_prima timestamptz, p_tetto integer, p_prova boolean",
            rende="TABLE (arrivate integer, tolte integer)",
            corpo=TOGLI,
            scrive=True,
        ),
    ]
