"""I numeri che escono: trimestre per trimestre, arrotondati e fermi; il ruolo che legge solo quelli.

`registro_stat` è il ruolo di chi fa statistiche fuori dal Registro: legge una tabella, in cui non
c'è nessuna colonna che identifichi qualcuno. Ogni conto è arrotondato a 5 da capo, totali compresi;
un trimestre già rilasciato non si ricalcola: due rilasci diversi dello stesso periodo, uno accanto
all'altro, direbbero chi è entrato e chi è uscito.
"""

import importlib

from django.db import migrations

from conservazione.migrazioni import concedi_oblio
from registro.comune.migrazioni import funzione_di_guardia


MESI = importlib.import_module("prestazioni.migrations.0014_numeri_di_chi_non_c_e_piu")
TABELLA = "statistica_rilasciata"
_base_5 = MESI.PORTE._base_5

CREA = f"""
    SET ROLE registro_guardia;
    CREATE TABLE {TABELLA} (
        trimestre date NOT NULL,
        nodo text NOT NULL,
        asse text NOT NULL,
        prestazioni bigint NOT NULL CHECK (prestazioni % 5 = 0),
        persone bigint NOT NULL CHECK (persone % 5 = 0),
        rilasciata_il timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (trimestre, nodo, asse)
    );
    REVOKE ALL ON {TABELLA} FROM PUBLIC;
    GRANT SELECT ON {TABELLA} TO registro_stat;
    RESET ROLE;
"""
TOGLI = f"SET ROLE registro_guardia; DROP TABLE {TABELLA}; RESET ROLE;"

# «tutti» è un conto suo, e non la somma delle righe.
RILASCIA = f"""
#variable_conflict use_column
DECLARE
    v_inizio date := date_trunc('quarter', p_trimestre::timestamp)::date;
    v_fine date := (date_trunc('quarter', p_trimestre::timestamp) + interval '3 months')::date;
    v_primo integer := public.cruscotti_posto(v_inizio);
    quante bigint;
BEGIN
    IF public.registro_ruolo() IS DISTINCT FROM 'sistema' OR v_fine > public.registro_oggi()
       OR EXISTS (SELECT 1 FROM public.{TABELLA} t WHERE t.trimestre = v_inizio) THEN
        RETURN 0;
    END IF;
    INSERT INTO public.{TABELLA} (trimestre, nodo, asse, prestazioni, persone)
    WITH fatte AS (
        SELECT coalesce(n.slug, 'senza-nodo') AS nodo, s.slug AS asse, sum(c.prestazioni) AS quante
        FROM public.cruscotti_cella c JOIN public.enti_ente e ON e.id = c.ente_id
        LEFT JOIN public.enti_nodo n ON n.id = e.nodo_id
        JOIN public.assi_azione z ON z.id = c.azione_id JOIN public.assi_asse s ON s.id = z.asse_id
        WHERE c.mese >= v_inizio AND c.mese < v_fine GROUP BY GROUPING SETS ((1, 2), (1), (2), ())
    ), viste AS (
        SELECT coalesce(n.slug, 'senza-nodo') AS nodo, s.slug AS asse, count(DISTINCT r.chiave) AS quante
        FROM {MESI._ANCHE_CHI_NON_C_E_PIU}
        JOIN public.enti_ente e ON e.id = r.ente_id
        LEFT JOIN public.enti_nodo n ON n.id = e.nodo_id
        JOIN public.assi_azione z ON z.id = r.azione_id JOIN public.assi_asse s ON s.id = z.asse_id
        WHERE EXISTS (
            SELECT 1 FROM generate_series(v_primo, v_primo + 2) AS posto
            WHERE posto / {MESI.MESI} = r.blocco
              AND r.mesi & (1::bigint << (posto % {MESI.MESI})) <> 0
        ) GROUP BY GROUPING SETS ((1, 2), (1), (2), ())
    )
    SELECT v_inizio, coalesce(f.nodo, 'tutti'), coalesce(f.asse, 'tutti'),
        {_base_5("max(f.quante)")}, {_base_5("coalesce(max(v.quante), 0)")}
    FROM fatte f LEFT JOIN viste v
      ON v.nodo IS NOT DISTINCT FROM f.nodo AND v.asse IS NOT DISTINCT FROM f.asse
    WHERE f.quante IS NOT NULL
    GROUP BY 1, 2, 3;
    GET DIAGNOSTICS quante = ROW_COUNT;
    RETURN quante;
END
"""


class Migration(migrations.Migration):
    dependencies = [
        ("conservazione", "0004_bozze_del_lavoro_notturno"),
        ("prestazioni", "0015_dati_limitati"),
        ("privacy", "0007_violazioni"),
    ]

    operations = [
        migrations.RunSQL(sql=CREA, reverse_sql=TOGLI),
        funzione_di_guardia(
            "registro_rilascia_numeri",
            argomenti="p_trimestre date",
            rende="bigint",
            corpo=RILASCIA,
            scrive=True,
        ),
        concedi_oblio(),
    ]
