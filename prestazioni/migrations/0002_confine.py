"""Il confine sulle prestazioni: chi le legge, chi le scrive, che cosa non cambia più."""

from django.db import migrations

from privacy.gruppi import Gruppo
from privacy.migrazioni import (
    DI_CHI_LAVORA,
    MAI,
    condivisa,
    funzione_di_regola,
    isola_dati_di_persona,
    isola_storia,
    propria,
    rifiuta,
    solo_in_aggiunta,
)
from registro.comune.migrazioni import isola, legame_composto


APP = "prestazioni_"
RISPONDE = f"{DI_CHI_LAVORA} AND (SELECT registro_apre_tutto())"
IO = "(SELECT registro_utente())"
# Chi scrive si firma: nessuno registra a nome di un altro, nemmeno saltando il programma.
FIRMATA = f"{DI_CHI_LAVORA} AND registrata_da_id = {IO}"
MIA = (
    f"{DI_CHI_LAVORA} AND ((SELECT registro_apre_tutto())"
    f" OR operatore_id = {IO} OR registrata_da_id = {IO})"
)
MIO_IMPEGNO = f"{DI_CHI_LAVORA} AND ((SELECT registro_apre_tutto()) OR operatore_id = {IO})"
MIA_PAGINA = f"{DI_CHI_LAVORA} AND utente_id = {IO}"
MIA_IMPORTAZIONE = f"{DI_CHI_LAVORA} AND (utente_id = {IO} OR (SELECT registro_apre_tutto()))"
NOTE = f"{APP}notadiprestazione"
# Chi ha scritto una nota la rilegge anche quando non segue più la persona: sono parole sue.
NOTA_LEGGIBILE = (
    f"({propria(NOTE, Gruppo.NOTE)}) OR ({DI_CHI_LAVORA} AND scritta_da_id = {IO})"
    f" OR {condivisa(NOTE, Gruppo.NOTE)}"
)
NOTA_MIA = f"{DI_CHI_LAVORA} AND scritta_da_id = {IO}"
NOTA_CANCELLABILE = f"{DI_CHI_LAVORA} AND ((SELECT registro_apre_tutto()) OR scritta_da_id = {IO})"

SUOI = ("tirocinio", "pianorientro", "praticacasa", "esito")
DI_PERSONE = {
    "partecipazione": {"inserisci": FIRMATA, "modifica": DI_CHI_LAVORA, "cancella": DI_CHI_LAVORA},
    "membrodigruppo": {},
    "appuntamento": {
        "leggi": DI_CHI_LAVORA,
        "inserisci": DI_CHI_LAVORA,
        "modifica": MIO_IMPEGNO,
    },
    **{
        nome: {
            "inserisci": f"{DI_CHI_LAVORA} AND registrato_da_id = {IO}",
            "modifica": DI_CHI_LAVORA,
            "cancella": DI_CHI_LAVORA,
        }
        for nome in SUOI
    },
    "rata": {"cancella": DI_CHI_LAVORA},
    "passodipratica": {"cancella": DI_CHI_LAVORA},
}
STORIE = (
    *("prestazione", "partecipazione", "notadiprestazione", "gruppopresenze", "membrodigruppo"),
    *("attivitaindiretta", "appuntamento", "tirocinio", "pianorientro", "rata", "praticacasa"),
    *("passodipratica", "esito"),
)
BENEFICIARIO = "beneficiari_beneficiario"
PRESA = "beneficiari_presaincarico"
# (tabella, colonna, madre): la riga indicata è dello stesso ente.
NELLO_STESSO_ENTE = [
    ("prestazione", "servizio", "assi_servizio"),
    ("prestazione", "gruppo", f"{APP}gruppopresenze"),
    ("prestazione", "importazione", f"{APP}importazione"),
    ("gruppopresenze", "servizio", "assi_servizio"),
    ("membrodigruppo", "gruppo_presenze", f"{APP}gruppopresenze"),
    ("appuntamento", "servizio", "assi_servizio"),
    ("appuntamento", "prestazione", f"{APP}prestazione"),
    ("rettifica", "foglio", f"{APP}foglioore"),
    ("rata", "piano", f"{APP}pianorientro"),
    ("passodipratica", "pratica", f"{APP}praticacasa"),
    ("esito", "tirocinio", f"{APP}tirocinio"),
    ("esito", "piano", f"{APP}pianorientro"),
    ("esito", "pratica", f"{APP}praticacasa"),
    ("esito", "importazione", f"{APP}importazione"),
    ("rigaimportata", "importazione", f"{APP}importazione"),
    *[
        (tabella, "prestazione", f"{APP}prestazione")
        for tabella in ("partecipazione", "affiancamento", "notadiprestazione")
    ],
    *[
        (tabella, "beneficiario", BENEFICIARIO)
        for tabella in (
            *("partecipazione", "notadiprestazione", "membrodigruppo", "appuntamento"),
            *("rata", "passodipratica", *SUOI),
        )
    ],
    *[
        (tabella, "presa", PRESA)
        for tabella in ("partecipazione", "membrodigruppo", "appuntamento", *SUOI)
    ],
]
# Ciò che si condivide per persona non può agganciarsi alla riga di un'altra persona.
DELLA_STESSA_PERSONA = [
    ("rata", "piano", "pianorientro"),
    ("passodipratica", "pratica", "praticacasa"),
    ("esito", "tirocinio", "tirocinio"),
    ("esito", "piano", "pianorientro"),
    ("esito", "pratica", "praticacasa"),
]
SERRATURA_MESE = 4811

FUTURO = "La data è nel futuro: si registra ciò che è già stato fatto."
MESE_CHIUSO = (
    "Il mese di questo operatore è già firmato e non si cambia: il referente può scrivere una"
    " rettifica."
)
_FIRMATO = """EXISTS (
            SELECT 1 FROM public.prestazioni_foglioore f
            WHERE f.ente_id = {riga}.ente_id AND f.operatore_id = {chi}
              AND f.mese = date_trunc('month', {giorno})::date)"""


def _mese_aperto(riga: str, *, chi: str | None = None, giorno: str | None = None) -> str:
    """Rifiuta se il mese di chi ha lavorato è firmato; chi firma nel frattempo aspetta."""
    chi, giorno = chi or f"{riga}.operatore_id", giorno or f"{riga}.giorno"
    return f"""
    PERFORM pg_advisory_xact_lock_shared({SERRATURA_MESE}, (({riga}.ente_id * 100003 + {chi}) % 2147483647)::int);
    IF {_FIRMATO.format(riga=riga, chi=chi, giorno=giorno)} THEN
        {rifiuta("mese_firmato", MESE_CHIUSO)};
    END IF;"""


def _su_entrambe(corpo: str, corpo_di_prima: str) -> str:
    """Il controllo sulla riga com'era e su come diventa."""
    return f"""
    IF TG_OP <> 'INSERT' THEN {corpo_di_prima} END IF;
    IF TG_OP <> 'DELETE' THEN {corpo} END IF;"""


REGOLA_PRESTAZIONE = f"""
BEGIN
    {_su_entrambe(_mese_aperto("NEW"), _mese_aperto("OLD"))}
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.giorno > public.registro_oggi() THEN
        {rifiuta("prestazione_non_futura", FUTURO)};
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM public.assi_servizio s
        WHERE s.id = NEW.servizio_id AND s.ente_id = NEW.ente_id
          AND NEW.giorno BETWEEN coalesce(s.dal, '-infinity') AND coalesce(s.al, 'infinity')
    ) THEN
        {rifiuta("prestazione_servizio_in_uso", "In quel giorno l'ente non offriva questo servizio.")};
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM public.enti_appartenenza a
        WHERE a.utente_id = NEW.operatore_id AND a.ente_id = NEW.ente_id
        UNION ALL
        SELECT 1 FROM public.enti_utente u WHERE u.id = NEW.operatore_id AND u.di_sistema
    ) THEN
        {rifiuta("prestazione_operatore_dell_ente", "L'operatore non è di questo ente.")};
    END IF;
    RETURN NEW;
END
"""

# Giorno, azione e servizio della prestazione si ricopiano su chi c'era.
RICOPIA = """
BEGIN
    UPDATE public.prestazioni_partecipazione SET giorno = NEW.giorno WHERE prestazione_id = NEW.id;
    RETURN NULL;
END
"""

# Le righe si cercano per la sola chiave: con altre condizioni, in una transazione che riempie una
# tabella vuota, il piano scelto all'inizio può essere quello di leggerla tutta a ogni riga.
REGOLA_PARTECIPAZIONE = f"""
DECLARE
    p public.beneficiari_presaincarico;
    chi bigint;
    di_chi bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN
        -- Se se ne va la prestazione intera il suo mese l'ha già guardato lei.
        SELECT operatore_id INTO chi FROM public.prestazioni_prestazione WHERE id = OLD.prestazione_id;
        IF chi IS NOT NULL THEN {_mese_aperto("OLD", chi="chi")} END IF;
        RETURN OLD;
    END IF;
    SELECT r.giorno, r.azione_id, s.voce_id, r.operatore_id, r.ente_id
        INTO NEW.giorno, NEW.azione_id, NEW.voce_id, chi, di_chi
        FROM public.prestazioni_prestazione r
        JOIN public.assi_servizio s ON s.id = r.servizio_id
        WHERE r.id = NEW.prestazione_id;
    IF di_chi IS DISTINCT FROM NEW.ente_id THEN
        {rifiuta("partecipazione_a_una_prestazione", "La prestazione non c'è più: registrala di nuovo.")};
    END IF;
    {_mese_aperto("NEW", chi="chi")}
    SELECT * INTO p FROM public.beneficiari_presaincarico WHERE id = NEW.presa_id;
    IF p.id IS NULL OR p.ente_id <> NEW.ente_id THEN
        {rifiuta("partecipazione_in_una_presa", "La presa in carico non c'è.")};
    END IF;
    IF p.beneficiario_id IS NOT NULL THEN
        IF NEW.beneficiario_id IS DISTINCT FROM p.beneficiario_id THEN
            {rifiuta("partecipazione_della_persona", "La presa in carico è di un'altra persona.")};
        END IF;
    ELSIF NEW.beneficiario_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM public.beneficiari_componente m
        WHERE m.nucleo_id = p.nucleo_id AND m.beneficiario_id = NEW.beneficiario_id
          AND m.ente_id = NEW.ente_id
          AND NEW.giorno BETWEEN m.dal AND coalesce(m.al, 'infinity')
    ) THEN
        {rifiuta("partecipazione_del_nucleo", "In quel giorno la persona non faceva parte del nucleo.")};
    END IF;
    IF NEW.giorno < p.aperta_il THEN
        {rifiuta("partecipazione_dopo_l_apertura", "In quel giorno la presa in carico non era ancora aperta.")};
    END IF;
    IF NEW.giorno > coalesce(p.chiusa_il, 'infinity') THEN
        {rifiuta("partecipazione_prima_della_chiusura", "In quel giorno la presa in carico era già chiusa: riaprila, oppure correggi la data.")};
    END IF;
    RETURN NEW;
END
"""

PRESA_CON_PRESTAZIONI = f"""
BEGIN
    IF EXISTS (
        SELECT 1 FROM public.prestazioni_partecipazione q
        WHERE q.presa_id = NEW.id
          AND (q.giorno > coalesce(NEW.chiusa_il, 'infinity') OR q.giorno < NEW.aperta_il)
    ) THEN
        {rifiuta("presa_con_le_sue_prestazioni", "Ci sono prestazioni fuori da queste date: la presa in carico le deve comprendere tutte.")};
    END IF;
    RETURN NULL;
END
"""

REGOLA_AFFIANCAMENTO = f"""
DECLARE
    p public.prestazioni_prestazione;
BEGIN
    SELECT * INTO p FROM public.prestazioni_prestazione
        WHERE id = coalesce(NEW.prestazione_id, OLD.prestazione_id);
    IF TG_OP = 'DELETE' THEN
        IF p.id IS NOT NULL THEN {_mese_aperto("OLD", chi="OLD.utente_id", giorno="p.giorno")} END IF;
        RETURN OLD;
    END IF;
    {_mese_aperto("NEW", chi="NEW.utente_id", giorno="p.giorno")}
    IF NEW.utente_id = p.operatore_id THEN
        {rifiuta("affiancamento_di_un_altro", "Chi ha reso la prestazione non affianca se stesso.")};
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM public.enti_appartenenza a
        WHERE a.utente_id = NEW.utente_id AND a.ente_id = NEW.ente_id
    ) THEN
        {rifiuta("affiancamento_dell_ente", "L'operatore non è di questo ente.")};
    END IF;
    RETURN NEW;
END
"""

REGOLA_INDIRETTA = f"""
BEGIN
    {_su_entrambe(_mese_aperto("NEW"), _mese_aperto("OLD"))}
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.giorno > public.registro_oggi() THEN
        {rifiuta("indiretta_non_futura", FUTURO)};
    END IF;
    RETURN NEW;
END
"""

REGOLA_FOGLIO = f"""
BEGIN
    PERFORM pg_advisory_xact_lock(
        {SERRATURA_MESE}, ((NEW.ente_id * 100003 + NEW.operatore_id) % 2147483647)::int);
    IF NEW.mese >= date_trunc('month', public.registro_oggi())::date THEN
        {rifiuta("foglio_ore_di_un_mese_finito", "Si firma un mese quando è finito.")};
    END IF;
    RETURN NEW;
END
"""

REGOLA_ESITO = f"""
DECLARE
    p public.beneficiari_presaincarico;
BEGIN
    SELECT * INTO p FROM public.beneficiari_presaincarico
        WHERE id = NEW.presa_id AND ente_id = NEW.ente_id;
    IF p.beneficiario_id IS DISTINCT FROM NEW.beneficiario_id AND p.beneficiario_id IS NOT NULL THEN
        {rifiuta("esito_della_persona", "La presa in carico è di un'altra persona.")};
    END IF;
    IF NEW.giorno > public.registro_oggi() THEN
        {rifiuta("esito_non_futuro", "La data dell'esito è nel futuro: si registra quando c'è.")};
    END IF;
    IF NEW.giorno < p.aperta_il THEN
        {rifiuta("esito_dopo_l_apertura", "L'esito non può precedere l'apertura della presa in carico.")};
    END IF;
    RETURN NEW;
END
"""
# Ciò che non cambia di una riga di una persona: la funzione è di `beneficiari`.
FERME = {
    **dict.fromkeys(SUOI, "ente_id, beneficiario_id, presa_id"),
    "partecipazione": "ente_id, beneficiario_id, presa_id, prestazione_id",
    "notadiprestazione": "ente_id, beneficiario_id, prestazione_id",
    "membrodigruppo": "ente_id, beneficiario_id, gruppo_presenze_id",
    "appuntamento": "ente_id, operatore_id",
    "rata": "ente_id, beneficiario_id, piano_id",
    "passodipratica": "ente_id, beneficiario_id, pratica_id",
    "prestazione": "ente_id, uuid, registrata_da_id, registrata_il, origine, importazione_id",
}


def _ferma(tabella: str, nomi: str) -> str:
    def riga(com_e: str) -> str:
        return "ROW(" + ", ".join(f"{com_e}.{nome}" for nome in nomi.split(", ")) + ")"

    return (
        f"CREATE TRIGGER regola_riga_ferma BEFORE UPDATE ON {APP}{tabella} FOR EACH ROW"
        f" WHEN ({riga('OLD')} IS DISTINCT FROM {riga('NEW')})"
        " EXECUTE FUNCTION regola_riga_ferma();"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("prestazioni", "0001_prestazioni"),
        ("beneficiari", "0010_righe_ferme_e_porte_di_lato"),
    ]

    operations = [
        isola(
            f"{APP}prestazione",
            leggi=DI_CHI_LAVORA,
            inserisci=FIRMATA,
            modifica=MIA,
            modificata=DI_CHI_LAVORA,
            cancella=MIA,
        ),
        isola(f"{APP}affiancamento", leggi=DI_CHI_LAVORA, inserisci=DI_CHI_LAVORA),
        isola(NOTE, leggi=NOTA_LEGGIBILE, inserisci=NOTA_MIA, cancella=NOTA_CANCELLABILE),
        isola(f"{APP}gruppopresenze", leggi=DI_CHI_LAVORA, inserisci=DI_CHI_LAVORA, cancella=MAI),
        isola(f"{APP}attivitaindiretta", leggi=DI_CHI_LAVORA, inserisci=FIRMATA, modifica=MIA),
        isola(
            f"{APP}foglioore",
            leggi=DI_CHI_LAVORA,
            inserisci=f"{RISPONDE} AND firmato_da_id = {IO}",
            modifica=MAI,
            cancella=MAI,
        ),
        isola(
            f"{APP}rettifica",
            leggi=DI_CHI_LAVORA,
            inserisci=f"{RISPONDE} AND da_id = {IO}",
            modifica=MAI,
            cancella=MAI,
        ),
        isola(f"{APP}bozza", leggi=MIA_PAGINA, inserisci=MIA_PAGINA),
        isola(
            f"{APP}importazione",
            leggi=MIA_IMPORTAZIONE,
            inserisci=MIA_PAGINA,
            modifica=MIA_IMPORTAZIONE,
            cancella=MAI,
        ),
        isola(f"{APP}abbinamentocolonne", leggi=DI_CHI_LAVORA, inserisci=DI_CHI_LAVORA),
        isola(f"{APP}rigaimportata", leggi=DI_CHI_LAVORA, inserisci=DI_CHI_LAVORA, modifica=MAI),
        *[
            isola_dati_di_persona(f"{APP}{tabella}", Gruppo.PRESTAZIONI, **altre)
            for tabella, altre in DI_PERSONE.items()
        ],
        *[operazione for nome in STORIE for operazione in isola_storia(f"{APP}storia{nome}")],
        migrations.RunSQL(
            # La storia la scrivono solo i trigger.
            sql="".join(
                f"ALTER POLICY inserisci ON {APP}storia{nome}"
                f" WITH CHECK ({DI_CHI_LAVORA} AND pg_trigger_depth() > 0);"
                for nome in STORIE
            ),
            reverse_sql=migrations.RunSQL.noop,
        ),
        *[
            legame_composto(f"{APP}{tabella}", f"{colonna}_id", madre)
            for tabella, colonna, madre in NELLO_STESSO_ENTE
        ],
        *[
            legame_composto(
                f"{APP}{tabella}",
                f"{colonna}_id",
                f"{APP}{madre}",
                con="beneficiario_id",
                nome="stessa_persona",
            )
            for tabella, colonna, madre in DELLA_STESSA_PERSONA
        ],
        solo_in_aggiunta(f"{APP}foglioore", f"{APP}rettifica"),
        funzione_di_regola(
            "regola_prestazione",
            f"{APP}prestazione",
            "BEFORE INSERT OR UPDATE OR DELETE",
            REGOLA_PRESTAZIONE,
            guardia=True,
        ),
        funzione_di_regola(
            "regola_ricopia_prestazione",
            f"{APP}prestazione",
            "AFTER UPDATE OF giorno, azione_id, servizio_id",
            RICOPIA,
        ),
        funzione_di_regola(
            "regola_partecipazione",
            f"{APP}partecipazione",
            "BEFORE INSERT OR UPDATE OR DELETE",
            REGOLA_PARTECIPAZIONE,
            guardia=True,
        ),
        funzione_di_regola(
            "regola_presa_con_prestazioni",
            PRESA,
            "AFTER UPDATE OF aperta_il, chiusa_il",
            PRESA_CON_PRESTAZIONI,
            guardia=True,
        ),
        funzione_di_regola(
            "regola_affiancamento",
            f"{APP}affiancamento",
            "BEFORE INSERT OR UPDATE OR DELETE",
            REGOLA_AFFIANCAMENTO,
            guardia=True,
        ),
        funzione_di_regola(
            "regola_indiretta",
            f"{APP}attivitaindiretta",
            "BEFORE INSERT OR UPDATE OR DELETE",
            REGOLA_INDIRETTA,
            guardia=True,
        ),
        funzione_di_regola(
            "regola_foglio_ore", f"{APP}foglioore", "BEFORE INSERT", REGOLA_FOGLIO, guardia=True
        ),
        funzione_di_regola(
            "regola_esito",
            f"{APP}esito",
            "BEFORE INSERT OR UPDATE",
            REGOLA_ESITO,
            guardia=True,
        ),
        migrations.RunSQL(
            sql="".join(_ferma(tabella, nomi) for tabella, nomi in FERME.items()),
            reverse_sql="".join(
                f"DROP TRIGGER regola_riga_ferma ON {APP}{tabella};" for tabella in FERME
            ),
        ),
    ]
