"""Ciò che si vede di una persona condivisa senza aprirne le righe, e quanto regge una regola.

Rispondono solo a chi riceve un'autorizzazione in vigore, e le ultime due solo a chi amministra:
un numero, mai chi. A chiunque altro, nessuna riga.
"""

from django.db import migrations

from registro.comune.migrazioni import funzione_di_guardia


IN_VIGORE = """
    a.revocata_il IS NULL
    AND a.dal <= public.registro_oggi() AND a.al >= public.registro_oggi()
"""
RICEVUTA = f"a.destinatario_id = ANY(public.registro_enti_persone()) AND {IN_VIGORE}"

# `p_sole` nullo: tutte. L'ordine è quello dei nomi, che chi chiede non può leggere da sé.
CONDIVISE = f"""
BEGIN
    RETURN QUERY
        SELECT a.uuid, a.beneficiario_id, a.ente_id,
            CASE WHEN b.anonimo THEN 'anonimo ' || b.codice_anonimo
                 ELSE btrim(b.cognome || ' ' || coalesce(nullif(b.nome_scelto, ''), b.nome)) END,
            extract(year FROM b.data_nascita)::integer, b.nascita_stimata
        FROM public.beneficiari_autorizzazione a
        JOIN public.beneficiari_beneficiario b ON b.id = a.beneficiario_id
        WHERE {RICEVUTA} AND (p_sole IS NULL OR a.uuid = ANY(p_sole))
        ORDER BY b.nome_cercato, b.id, a.id;
END
"""

# Conteggi e mesi: un giorno preciso, o una parola, direbbero più di una sintesi.
SINTESI = f"""
BEGIN
    RETURN QUERY
        SELECT 'prestazioni'::text, s.denominazione::text,
            CASE WHEN p.chiusa_il IS NULL THEN 'aperta' ELSE 'chiusa' END, count(*),
            date_trunc('month', min(p.aperta_il))::date,
            date_trunc('month', max(coalesce(p.chiusa_il, p.aperta_il)))::date
        FROM public.beneficiari_autorizzazione a
        JOIN public.beneficiari_presaincarico p
          ON p.beneficiario_id = a.beneficiario_id AND p.ente_id = a.ente_id
        JOIN public.assi_azione z ON z.id = p.azione_id
        JOIN public.assi_asse s ON s.id = z.asse_id
        WHERE a.uuid = p_autorizzazione AND {RICEVUTA} AND a.livello = 'sintesi'
          AND a.finalita = public.registro_finalita() AND 'prestazioni' = ANY(a.gruppi)
        GROUP BY s.id, s.denominazione, p.chiusa_il IS NULL
        ORDER BY s.ordine, s.id, 3;
    RETURN QUERY
        SELECT 'bisogni'::text, ''::text, r.stato::text, count(*),
            date_trunc('month', min(r.rilevato_il))::date,
            date_trunc('month', max(coalesce(r.chiuso_il, r.rilevato_il)))::date
        FROM public.beneficiari_autorizzazione a
        JOIN public.beneficiari_bisognorilevato r
          ON r.beneficiario_id = a.beneficiario_id AND r.ente_id = a.ente_id
        WHERE a.uuid = p_autorizzazione AND {RICEVUTA} AND a.livello = 'sintesi'
          AND a.finalita = public.registro_finalita() AND 'bisogni' = ANY(a.gruppi)
        GROUP BY r.stato ORDER BY r.stato;
END
"""

# Nullo per chi non amministra: non è zero, è che non gli si dice.
RETTE_DA_ACCORDO = """
BEGIN
    RETURN CASE WHEN public.registro_ruolo() IN ('amministratore', 'sistema') THEN (
        SELECT count(*) FROM public.beneficiari_autorizzazione a
        WHERE a.accordo_id = p_accordo AND a.revocata_il IS NULL
          AND a.al >= public.registro_oggi()
    ) END;
END
"""
RETTE_DA_BASE = """
BEGIN
    RETURN CASE WHEN public.registro_ruolo() IN ('amministratore', 'sistema') THEN (
        SELECT count(*) FROM public.beneficiari_autorizzazione a
        WHERE a.fondamento = 'legge' AND a.finalita = p_finalita AND a.revocata_il IS NULL
          AND (p_gruppo = ANY(a.gruppi) OR p_gruppo = 'anagrafica')
          AND a.al >= public.registro_oggi()
    ) END;
END
"""


class Migration(migrations.Migration):
    dependencies = [("beneficiari", "0004_collegamenti")]

    operations = [
        funzione_di_guardia(
            "registro_condivise",
            argomenti="p_sole uuid[]",
            rende=(
                "TABLE (autorizzazione uuid, beneficiario bigint, ente bigint, nome text,"
                " anno integer, stimata boolean)"
            ),
            corpo=CONDIVISE,
        ),
        funzione_di_guardia(
            "registro_sintesi",
            argomenti="p_autorizzazione uuid",
            rende=("TABLE (gruppo text, asse text, stato text, quanti bigint, dal date, al date)"),
            corpo=SINTESI,
        ),
        funzione_di_guardia(
            "registro_rette_da_accordo",
            argomenti="p_accordo bigint",
            rende="bigint",
            corpo=RETTE_DA_ACCORDO,
        ),
        funzione_di_guardia(
            "registro_rette_da_base",
            argomenti="p_finalita text, p_gruppo text",
            rende="bigint",
            corpo=RETTE_DA_BASE,
        ),
    ]
