"""Il confine di schede e rapporti.

Una scheda la vede e la scrive chi la dichiara, la vede chi coordina il suo nodo (o la rete, se
non ha nodo); gli altri la leggono solo nel rapporto pubblicato. Un rapporto pubblicato non si
tocca più, nemmeno per sbaglio: lo vieta la policy, non il programma.
"""

from django.db import migrations

from registro.comune.migrazioni import funzione_di_guardia, isola, legame_composto


# Chi lavora sulle schede del proprio ente. Inviante e garante appartengono all'ente ma non le
# vedono; chi coordina vede quelle del suo ambito, non quelle dell'ente che lo ospita.
_COMPILA = "public.registro_ruolo() IN ('operatore', 'referente', 'sistema')"

LEGGIBILI = f"""
DECLARE
    propri bigint[] := CASE WHEN {_COMPILA} THEN public.registro_enti() ELSE '{{}}' END;
    nodi bigint[] := public.registro_nodi();
    rete boolean := public.registro_rete();
BEGIN
    RETURN (
        SELECT coalesce(array_agg(s.id), '{{}}') FROM public.report_scheda s
        WHERE s.ente_id = ANY(propri) OR s.nodo_id = ANY(nodi) OR (s.nodo_id IS NULL AND rete)
           OR EXISTS (
               SELECT 1 FROM public.report_dichiarantedischeda d
               WHERE d.scheda_id = s.id AND d.compila AND d.dichiarante_id = ANY(propri)
           )
    );
END
"""

SCRIVIBILI = f"""
DECLARE
    ruolo text := public.registro_ruolo();
    propri bigint[] := CASE WHEN {_COMPILA} THEN public.registro_enti() ELSE '{{}}' END;
BEGIN
    RETURN (
        SELECT coalesce(array_agg(s.id), '{{}}') FROM public.report_scheda s
        WHERE (ruolo = 'sistema' OR s.stato IN ('da_aprire', 'in_compilazione', 'rimandata'))
          AND (s.ente_id = ANY(propri) OR EXISTS (
               SELECT 1 FROM public.report_dichiarantedischeda d
               WHERE d.scheda_id = s.id AND d.compila AND d.dichiarante_id = ANY(propri)
          ))
    );
END
"""

PROPRI = "ente_id = ANY((SELECT registro_enti())::bigint[])"
SISTEMA = "coalesce((SELECT registro_ruolo()) = 'sistema', false)"
COMPILA = "coalesce((SELECT registro_ruolo()) IN ('operatore', 'referente', 'sistema'), false)"
COORDINA = (
    "coalesce((SELECT registro_ruolo()) IN ('coordinatore', 'amministratore', 'sistema'), false)"
)
SCHEDA_LEGGIBILE = "scheda_id = ANY((SELECT registro_schede_leggibili())::bigint[])"
SCHEDA_SCRIVIBILE = "scheda_id = ANY((SELECT registro_schede_scrivibili())::bigint[])"

# Le prime tre vie guardano le colonne della riga: una riga appena inserita non è ancora fra
# quelle che la funzione conosce, e `INSERT … RETURNING` la rifiuterebbe.
SCHEDA_LEGGI = f"""
    ({PROPRI} AND {COMPILA})
    OR nodo_id = ANY((SELECT registro_nodi())::bigint[])
    OR (nodo_id IS NULL AND (SELECT registro_rete()))
    OR id = ANY((SELECT registro_schede_leggibili())::bigint[])
"""

RAPPORTO_APERTO = f"""
    {PROPRI} AND {COORDINA} AND EXISTS (
        SELECT 1 FROM report_rapporto r WHERE r.id = rapporto_id AND r.stato <> 'pubblicato'
    )
"""
RAPPORTO_LEGGIBILE = "EXISTS (SELECT 1 FROM report_rapporto r WHERE r.id = rapporto_id)"

RIGHE_DI_SCHEDA = [
    "report_dichiarantedischeda",
    "report_assedischeda",
    "report_azionedischeda",
    "report_conteggio",
    "report_uscita",
    "report_giudizio",
    "report_vocetestuale",
    "report_misuratore",
    "report_legame",
    "report_collaborazionepubblica",
    "report_attivitadischeda",
    "report_prosecuzione",
]
RIGHE_DI_RAPPORTO = [
    "report_bloccoditesto",
    "report_copiascheda",
    "report_cifra",
    "report_addendo",
    "report_totalediregola",
]
STORICO_DI_SCHEDA = ["report_passaggiodischeda", "report_avvisosuperato"]


class Migration(migrations.Migration):
    dependencies = [
        ("enti", "0003_attore_di_sistema"),
        ("report", "0001_schede_e_rapporti"),
    ]

    operations = [
        funzione_di_guardia("registro_schede_leggibili", rende="bigint[]", corpo=LEGGIBILI),
        funzione_di_guardia("registro_schede_scrivibili", rende="bigint[]", corpo=SCRIVIBILI),
        # Prima delle policy: con FORCE anche il controllo del vincolo non vedrebbe le righe.
        *[
            legame_composto(tabella, "scheda_id", "report_scheda")
            for tabella in RIGHE_DI_SCHEDA + STORICO_DI_SCHEDA
        ],
        *[
            legame_composto("report_conteggio", colonna, "report_conteggio", con=con, nome=nome)
            for colonna in ("parte_di_id", "composizione_di_id")
            for con, nome in (("ente_id", "stesso_ente"), ("scheda_id", "stessa_scheda"))
        ],
        *[
            legame_composto(tabella, "rapporto_id", "report_rapporto")
            for tabella in [*RIGHE_DI_RAPPORTO, "report_documentorapporto"]
        ],
        legame_composto("report_addendo", "cifra_id", "report_cifra"),
        legame_composto("report_addendo", "copia_id", "report_copiascheda"),
        isola(
            "report_scheda",
            leggi=SCHEDA_LEGGI,
            inserisci=f"{PROPRI} AND {SISTEMA}",
            modifica=f"({SCHEDA_LEGGI}) AND (stato <> 'congelata' OR {SISTEMA})",
            cancella=f"{PROPRI} AND {SISTEMA}",
        ),
        *[
            isola(tabella, leggi=SCHEDA_LEGGIBILE, inserisci=SCHEDA_SCRIVIBILE)
            for tabella in RIGHE_DI_SCHEDA
        ],
        # Ciò che è successo non si riscrive.
        *[
            isola(
                tabella,
                leggi=SCHEDA_LEGGIBILE,
                inserisci=f"{SCHEDA_LEGGIBILE} AND chi_id = (SELECT registro_utente())",
                modifica="false",
                cancella=f"{SISTEMA} AND {PROPRI}",
            )
            for tabella in STORICO_DI_SCHEDA
        ],
        isola(
            "report_rapporto",
            leggi=(
                "(stato = 'pubblicato' AND (SELECT registro_ruolo()) IS NOT NULL)"
                f" OR ({PROPRI} AND {COORDINA})"
            ),
            inserisci=f"{PROPRI} AND {COORDINA}",
            modifica=f"{PROPRI} AND {COORDINA} AND stato <> 'pubblicato'",
            modificata=f"{PROPRI} AND {COORDINA}",
            cancella=f"{PROPRI} AND {COORDINA} AND stato <> 'pubblicato'",
        ),
        *[
            isola(tabella, leggi=RAPPORTO_LEGGIBILE, inserisci=RAPPORTO_APERTO)
            for tabella in RIGHE_DI_RAPPORTO
        ],
        # Il PDF pronto lo legge chi legge l'edizione; la richiesta in corso è di chi l'ha fatta.
        isola(
            "report_documentorapporto",
            leggi=(
                f"({PROPRI} AND {COORDINA}) OR richiesto_da_id = (SELECT registro_utente())"
                f" OR (stato = 'pronto' AND {RAPPORTO_LEGGIBILE})"
            ),
            inserisci=(
                f"{PROPRI} AND {COORDINA} AND richiesto_da_id = (SELECT registro_utente())"
            ),
            modifica=f"{PROPRI} AND {COORDINA}",
            cancella=f"{PROPRI} AND {SISTEMA}",
        ),
    ]
