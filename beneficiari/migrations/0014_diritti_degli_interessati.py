"""I diritti della persona: le sue richieste, la limitazione, gli avvisi a chi ha ricevuto i dati.

Una richiesta raccolta da un ente arriva, nella stessa transazione, a chi altro tratta i dati della
persona: la porta la guardia, e chi l'ha raccolta non sa se c'era qualcuno. Finché i dati sono
limitati il database non li cambia, non ne accetta di nuovi e non li mostra agli altri enti.
"""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from privacy.gruppi import Gruppo
from privacy.migrazioni import (
    DI_CHI_LAVORA,
    MAI,
    funzione_di_regola,
    propria,
    rifiuta,
    solo_in_aggiunta,
)
from registro.comune.migrazioni import (
    AggiungiTrigger,
    Insieme,
    funzione_di_guardia,
    isola,
    legame_composto,
)


RICHIESTE, LIMITAZIONI, AVVISI = (
    f"beneficiari_{nome}"
    for nome in ("richiestainteressato", "limitazione", "avvisoaldestinatario")
)
BENEFICIARI = "beneficiari_beneficiario"
IO = "(SELECT registro_utente())"
RISPONDE = f"{DI_CHI_LAVORA} AND (SELECT registro_apre_tutto())"
DESTINATARIO = "destinatario_id = ANY((SELECT registro_enti_persone())::bigint[])"
GARANTE = "coalesce((SELECT registro_ruolo()) = 'garante', false)"

# Ciò che una persona chiede può dire molto di lei: lo legge chi la segue, chi ha raccolto la
# richiesta, chi risponde dei dati.
RICHIESTA_LEGGIBILE = (
    f"({propria(RICHIESTE, Gruppo.NOTE)}) OR ({DI_CHI_LAVORA} AND aperta_da_id = {IO})"
)
RACCOLTA = f"{DI_CHI_LAVORA} AND aperta_da_id = {IO} AND stato = 'aperta' AND NOT arrivata"
SI_SCRIVE_POI = (
    "stato, risposta, motivo_rifiuto, risposta_il, risposta_da_id, scade_il, prorogata_il,"
    " motivo_proroga, avviso_scadenza_il, avviso_ritardo_il"
)

NASCE_LA_RICHIESTA = f"""
BEGIN
    IF NEW.chiesta_il > public.registro_oggi() THEN
        {rifiuta("richiesta_non_futura", "La data della richiesta è nel futuro: ricontrollala.")};
    END IF;
    IF NEW.beneficiario_id IS NULL AND NEW.condivisione IS NULL THEN
        {rifiuta("richiesta_di_una_persona", "Una richiesta è di una persona: dì di chi.")};
    END IF;
    NEW.aperta_il := now();
    RETURN NEW;
END
"""
CAMBIA_LA_RICHIESTA = f"""
BEGIN
    IF NEW.scade_il > OLD.chiesta_il + 90 THEN
        {rifiuta("richiesta_al_piu_tre_mesi", "Si risponde al più tardi in tre mesi, anche prendendo altro tempo (art. 12.3).")};
    END IF;
    IF NEW.scade_il <> OLD.scade_il AND OLD.prorogata_il IS NOT NULL THEN
        {rifiuta("richiesta_una_proroga", "Altro tempo si prende una volta sola.")};
    END IF;
    IF NEW.stato <> OLD.stato THEN
        NEW.risposta_il := now();
        NEW.risposta_da_id := public.registro_utente();
    ELSIF ROW(NEW.risposta, NEW.risposta_il, NEW.risposta_da_id)
        IS DISTINCT FROM ROW(OLD.risposta, OLD.risposta_il, OLD.risposta_da_id) THEN
        {rifiuta("richiesta_risposta_con_lo_stato", "A una richiesta si risponde accogliendola o rifiutandola.")};
    END IF;
    RETURN NEW;
END
"""

# Le righe della stessa persona nello stesso ente, da qualunque si parta.
SUE_RIGHE = """(
        SELECT b.id FROM public.beneficiari_beneficiario b
        WHERE b.id = {0} OR b.unito_a_id = {0}
           OR b.id = (SELECT s.unito_a_id FROM public.beneficiari_beneficiario s WHERE s.id = {0})
    )"""
LIMITATA = f"""EXISTS (
        SELECT 1 FROM public.beneficiari_limitazione l
        WHERE l.tolta_il IS NULL AND l.beneficiario_id IN {SUE_RIGHE}
    )"""
# Un'opposizione ferma finché si decide, e per sempre se è accolta.
OPPOSTA = f"""EXISTS (
        SELECT 1 FROM public.beneficiari_richiestainteressato r
        WHERE r.tipo = 'opposizione' AND r.stato IN ('aperta', 'accolta')
          AND r.finalita = {{1}} AND r.beneficiario_id IN {SUE_RIGHE}
    )"""

SOSPENDE = f"""
BEGIN
    UPDATE public.beneficiari_autorizzazione a SET sospesa = NOT a.sospesa
        WHERE a.revocata_il IS NULL AND a.beneficiario_id IN {SUE_RIGHE.format("NEW.beneficiario_id")}
          AND a.sospesa <> ({LIMITATA.format("NEW.beneficiario_id")}
              OR (a.fondamento = 'legge' AND {OPPOSTA.format("NEW.beneficiario_id", "a.finalita")}));
    RETURN NULL;
END
"""
NIENTE_DI_NUOVO = f"""
BEGIN
    NEW.sospesa := false;
    -- I trigger guardano prima delle policy: di una persona di un altro ente non si dice niente.
    IF NOT EXISTS (
        SELECT 1 FROM public.beneficiari_beneficiario b
        WHERE b.id = NEW.beneficiario_id AND b.ente_id = NEW.ente_id
          AND b.ente_id = ANY(public.registro_enti_persone())
    ) THEN
        RETURN NEW;
    END IF;
    IF {LIMITATA.format("NEW.beneficiario_id")} THEN
        {rifiuta("autorizzazione_di_dati_limitati", "I dati di questa persona sono limitati: finché lo sono non si condividono con nessuno.")};
    END IF;
    IF NEW.fondamento = 'legge' AND {OPPOSTA.format("NEW.beneficiario_id", "NEW.finalita")} THEN
        {rifiuta("autorizzazione_senza_opposizione", "La persona si è opposta a questo uso: per condividere serve il suo consenso.")};
    END IF;
    RETURN NEW;
END
"""

FRASE_LIMITATA = (
    "I dati di questa persona sono limitati: si leggono, ma non si cambiano e non se ne aggiungono."
    " Il referente può togliere la limitazione, dopo averlo detto alla persona."
)


def _ferma_i_dati(nome: str, persona: str) -> str:
    """La funzione di trigger che rifiuta ogni gesto su una riga di una persona limitata.

    Quasi nessun ente ha persone limitate: prima si guarda se ce n'è una, poi se è questa.
    """
    return f"""
    CREATE FUNCTION {nome}() RETURNS trigger LANGUAGE plpgsql
        SET search_path = pg_catalog, public, pg_temp
        AS $regola$
    DECLARE
        riga record := coalesce(NEW, OLD);
    BEGIN
        IF EXISTS (
            SELECT 1 FROM public.beneficiari_limitazione l
            WHERE l.ente_id = riga.ente_id AND l.tolta_il IS NULL
        ) AND {LIMITATA.format(f"riga.{persona}")} THEN
            {rifiuta("dati_limitati", FRASE_LIMITATA)};
        END IF;
        RETURN riga;
    END
        $regola$;
    """


DI_UNA_PERSONA = (
    *("recapito", "identificativo", "componente", "presaincarico", "obiettivo"),
    *("revisioneobiettivo", "riapertura", "bisognorilevato", "valutazione"),
    *("condizionerilevata", "nota"),
)
# Un passaggio si può sempre rifiutare o ritirare: accettarlo cambierebbe la presa in carico.
FERMI = [
    *[(tabella, "INSERT OR UPDATE OR DELETE", "regola_limitata") for tabella in DI_UNA_PERSONA],
    ("passaggio", "INSERT", "regola_limitata"),
    ("beneficiario", "UPDATE OR DELETE", "regola_limitata_persona"),
]
DATI_FERMI = (
    _ferma_i_dati("regola_limitata", "beneficiario_id")
    + _ferma_i_dati("regola_limitata_persona", "id")
    + "".join(
        f"CREATE TRIGGER regola_limitata BEFORE {gesti} ON beneficiari_{tabella} FOR EACH ROW"
        f" EXECUTE FUNCTION {funzione}();"
        for tabella, gesti, funzione in FERMI
    )
)
DATI_MOBILI = (
    "".join(f"DROP TRIGGER regola_limitata ON beneficiari_{tabella};" for tabella, _, _ in FERMI)
    + "DROP FUNCTION regola_limitata(); DROP FUNCTION regola_limitata_persona();"
)

# Una condivisione sospesa, per chi riceve, è come se non ci fosse; chi la dà la vede.
SOSPESE = f"""
    ALTER POLICY leggi ON beneficiari_autorizzazione
        USING (({DESTINATARIO} AND NOT sospesa) OR {DI_CHI_LAVORA} OR {GARANTE});
"""
SEMPRE = f"""
    ALTER POLICY leggi ON beneficiari_autorizzazione
        USING ({DESTINATARIO} OR {DI_CHI_LAVORA} OR {GARANTE});
"""
# Le funzioni di guardia leggono oltre quella policy: ne ripetono la condizione.
CHE_LE_CONTANO = ("registro_condivise", "registro_sintesi", "registro_altri_enti")


def _con_le_sospese(da: str, a: str) -> str:
    return f"""
    SET ROLE registro_guardia;
    DO $riscrivi$ DECLARE f regprocedure; BEGIN
        FOR f IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
            AND p.proname IN ({", ".join(f"'{nome}'" for nome in CHE_LE_CONTANO)})
        LOOP
            IF position('{da}' IN pg_get_functiondef(f)) = 0 THEN
                RAISE EXCEPTION '% non dice quali autorizzazioni valgono', f;
            END IF;
            EXECUTE replace(pg_get_functiondef(f), '{da}', '{a}');
        END LOOP;
    END $riscrivi$;
    RESET ROLE;
    """


TUTTE, NON_SOSPESE = "a.revocata_il IS NULL", "a.revocata_il IS NULL AND NOT a.sospesa"

PRIVILEGI = f"""
    GRANT SELECT, INSERT ON {RICHIESTE} TO registro_guardia;
"""
SENZA_PRIVILEGI = f"""
    REVOKE INSERT ON {RICHIESTE} FROM registro_guardia;
"""

# Chi raccoglie non sa se c'era qualcuno: niente torna indietro. Si rivolge a chi, con lui, è parte
# di un accordo, e tiene una riga della stessa persona, o gliela condivide.
INOLTRA = f"""
DECLARE
    r public.beneficiari_richiestainteressato;
BEGIN
    SELECT * INTO r FROM public.beneficiari_richiestainteressato
        WHERE id = p_richiesta AND ente_id = ANY(public.registro_enti_persone())
          AND stato = 'aperta' AND NOT arrivata AND presso_tutti;
    IF r.id IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO public.beneficiari_richiestainteressato
        (uuid, pratica, ente_id, beneficiario_id, tipo, stato, chiesta_il, canale, presentata_da,
         nome_rappresentante, identita, nota_identita, che_cosa, campo, valore_proposto, finalita,
         presso_tutti, arrivata, scade_il, motivo_proroga, motivo_rifiuto, risposta)
    WITH note AS (
        SELECT b.id, b.ente_id FROM public.beneficiari_beneficiario b
        WHERE b.id IN {SUE_RIGHE.format("r.beneficiario_id")}
        UNION
        SELECT b.id, b.ente_id FROM public.beneficiari_autorizzazione a
        JOIN public.beneficiari_beneficiario b ON b.id = a.beneficiario_id
        WHERE a.uuid = r.condivisione AND a.destinatario_id = r.ente_id
    ), tenute AS (
        SELECT coalesce(b.unito_a_id, b.id) AS id, b.ente_id FROM public.beneficiari_beneficiario b
        WHERE b.id IN (
            SELECT n.id FROM note n
            UNION
            SELECT altro.beneficiario_id FROM note n
            JOIN public.beneficiari_legame l
              ON l.beneficiario_id = n.id AND l.stato = 'confermato'
            JOIN public.beneficiari_legame altro
              ON altro.persona_id = l.persona_id AND altro.stato = 'confermato'
        )
    )
    SELECT DISTINCT ON (t.id) gen_random_uuid(), r.pratica, t.ente_id, t.id, r.tipo, 'aperta',
        r.chiesta_il, r.canale, r.presentata_da, r.nome_rappresentante, r.identita,
        r.nota_identita, r.che_cosa, r.campo, r.valore_proposto, r.finalita, false, true,
        r.scade_il, '', '', ''
    FROM tenute t
    WHERE t.ente_id <> r.ente_id AND EXISTS (
        SELECT 1 FROM public.privacy_accordocontitolarita c
        JOIN public.privacy_partediaccordo mia ON mia.accordo_id = c.id AND mia.ente_id = r.ente_id
        JOIN public.privacy_partediaccordo sua ON sua.accordo_id = c.id AND sua.ente_id = t.ente_id
        WHERE c.dal <= public.registro_oggi() AND coalesce(c.al, 'infinity') >= public.registro_oggi()
    )
    ON CONFLICT DO NOTHING;
END
"""

# Chi vigila sa quante richieste ha ogni ente e se sono in ritardo: mai di chi, né che cosa dicono.
DELLA_RETE = """
BEGIN
    IF public.registro_ruolo() IS DISTINCT FROM 'garante' THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT r.ente_id, r.tipo::text, r.stato::text, r.chiesta_il, r.scade_il,
            r.prorogata_il IS NOT NULL, r.risposta_il
        FROM public.beneficiari_richiestainteressato r
        WHERE r.condivisione IS NULL
        ORDER BY r.stato <> 'aperta', r.scade_il, r.id;
END
"""


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiari", "0013_elenco_in_csv"),
        ("enti", "0008_filtri_salvati"),
        ("privacy", "0004_enti_persone_in_un_passo"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Insieme(
            [
                migrations.CreateModel(
                    name="RichiestaInteressato",
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
                            "pratica",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, verbose_name="pratica"
                            ),
                        ),
                        (
                            "condivisione",
                            models.UUIDField(
                                blank=True, null=True, verbose_name="condivisione ricevuta"
                            ),
                        ),
                        (
                            "tipo",
                            models.CharField(
                                choices=[
                                    ("accesso", "accesso ai propri dati"),
                                    ("portabilita", "copia da portare altrove"),
                                    ("rettifica", "correzione"),
                                    ("limitazione", "limitazione"),
                                    ("opposizione", "opposizione"),
                                    ("cancellazione", "cancellazione"),
                                ],
                                max_length=15,
                                verbose_name="che cosa chiede",
                            ),
                        ),
                        (
                            "stato",
                            models.CharField(
                                choices=[
                                    ("aperta", "aperta"),
                                    ("accolta", "accolta"),
                                    ("rifiutata", "rifiutata"),
                                    ("ritirata", "ritirata"),
                                ],
                                default="aperta",
                                max_length=10,
                                verbose_name="stato",
                            ),
                        ),
                        (
                            "chiesta_il",
                            models.DateField(
                                default=django.utils.timezone.localdate, verbose_name="chiesta il"
                            ),
                        ),
                        (
                            "canale",
                            models.CharField(
                                choices=[
                                    ("voce", "a voce"),
                                    ("scritto", "con un foglio"),
                                    ("posta", "per posta o posta elettronica"),
                                ],
                                max_length=10,
                                verbose_name="come",
                            ),
                        ),
                        (
                            "presentata_da",
                            models.CharField(
                                choices=[
                                    ("persona", "la persona"),
                                    ("altri", "chi la rappresenta"),
                                ],
                                default="persona",
                                max_length=10,
                                verbose_name="chi la presenta",
                            ),
                        ),
                        (
                            "nome_rappresentante",
                            models.CharField(
                                blank=True, max_length=150, verbose_name="chi la rappresenta"
                            ),
                        ),
                        (
                            "identita",
                            models.CharField(
                                choices=[
                                    ("documento", "ho visto un documento"),
                                    ("conosciuta", "la conosciamo di persona"),
                                    ("codice", "ha detto il codice del suo accesso anonimo"),
                                    (
                                        "non-certa",
                                        "non è ancora certa: servono altre informazioni",
                                    ),
                                ],
                                max_length=12,
                                verbose_name="come si sa chi è",
                            ),
                        ),
                        (
                            "nota_identita",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="nota sull'identità"
                            ),
                        ),
                        (
                            "che_cosa",
                            models.TextField(
                                blank=True,
                                max_length=2000,
                                verbose_name="che cosa chiede, con le sue parole",
                            ),
                        ),
                        (
                            "campo",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("cognome", "cognome"),
                                    ("nome", "nome"),
                                    ("nome_scelto", "nome con cui vuole essere chiamata"),
                                    ("data_nascita", "data di nascita"),
                                    ("comune", "comune dove vive"),
                                    ("altro", "altro"),
                                ],
                                max_length=15,
                                verbose_name="dato da correggere",
                            ),
                        ),
                        (
                            "valore_proposto",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="come va scritto"
                            ),
                        ),
                        (
                            "finalita",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("presa-in-carico", "presa in carico condivisa fra enti"),
                                    ("invio", "invio a un altro ente"),
                                    ("valutazione", "valutazione comune del caso"),
                                ],
                                max_length=20,
                                verbose_name="uso a cui si oppone",
                            ),
                        ),
                        (
                            "presso_tutti",
                            models.BooleanField(
                                default=True,
                                verbose_name="a tutti gli enti che trattano i suoi dati",
                            ),
                        ),
                        (
                            "arrivata",
                            models.BooleanField(
                                default=False,
                                editable=False,
                                verbose_name="arrivata da un altro ente",
                            ),
                        ),
                        (
                            "aperta_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="raccolta il",
                            ),
                        ),
                        ("scade_il", models.DateField(verbose_name="rispondere entro il")),
                        (
                            "prorogata_il",
                            models.DateField(blank=True, null=True, verbose_name="prorogata il"),
                        ),
                        (
                            "motivo_proroga",
                            models.CharField(
                                blank=True, max_length=300, verbose_name="perché serve altro tempo"
                            ),
                        ),
                        (
                            "motivo_rifiuto",
                            models.CharField(
                                blank=True,
                                choices=[
                                    (
                                        "identita",
                                        "non si è potuto accertare chi chiede (art. 12.6)",
                                    ),
                                    (
                                        "eccessiva",
                                        "è manifestamente infondata o ripetuta (art. 12.5)",
                                    ),
                                    (
                                        "legge",
                                        "una legge obbliga a tenere o a usare i dati (art. 17.3)",
                                    ),
                                    (
                                        "diritti",
                                        "servono per un diritto in tribunale (artt. 17.3, 21.1)",
                                    ),
                                    ("esatti", "i dati sono già esatti (art. 16)"),
                                    ("motivi", "motivi legittimi prevalgono (art. 21.1)"),
                                    ("altri", "tocca i diritti di altre persone (art. 15.4)"),
                                ],
                                max_length=12,
                                verbose_name="perché si rifiuta",
                            ),
                        ),
                        (
                            "risposta",
                            models.TextField(blank=True, max_length=3000, verbose_name="risposta"),
                        ),
                        (
                            "risposta_il",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="risposta il"
                            ),
                        ),
                        (
                            "avviso_scadenza_il",
                            models.DateField(
                                blank=True, null=True, verbose_name="avvisati della scadenza il"
                            ),
                        ),
                        (
                            "avviso_ritardo_il",
                            models.DateField(
                                blank=True, null=True, verbose_name="avvisati del ritardo il"
                            ),
                        ),
                        (
                            "aperta_da",
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
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="richieste",
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
                            "risposta_da",
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
                        "verbose_name": "richiesta dell'interessato",
                        "verbose_name_plural": "richieste degli interessati",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("stato", "aperta")),
                                fields=["ente", "scade_il"],
                                name="richieste_aperte",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("beneficiario__isnull", False), ("stato", "aperta")
                                ),
                                fields=("ente", "beneficiario", "tipo", "campo", "finalita"),
                                name="richiesta_uguale_una_alla_volta",
                                violation_error_message="C'è già una richiesta uguale di questa persona, ancora aperta: rispondi a quella.",
                            ),
                            models.UniqueConstraint(
                                fields=("ente", "pratica", "beneficiario"),
                                name="richiesta_una_per_pratica",
                                violation_error_message="Questa richiesta è già arrivata.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("tipo", "rettifica"), _negated=True),
                                    models.Q(
                                        models.Q(("campo", ""), _negated=True),
                                        models.Q(
                                            ("che_cosa", ""),
                                            ("valore_proposto", ""),
                                            _negated=True,
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="richiesta_di_rettifica_dice_che_cosa",
                                violation_error_message="Di' quale dato va corretto, e come.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("tipo", "opposizione"), _negated=True),
                                    models.Q(("finalita", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="richiesta_di_opposizione_dice_a_che_cosa",
                                violation_error_message="Di' a quale uso dei dati si oppone.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("presentata_da", "persona"),
                                    models.Q(("nome_rappresentante", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="richiesta_di_altri_col_nome",
                                violation_error_message="Scrivi chi presenta la richiesta al posto della persona.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("scade_il__gte", models.F("chiesta_il"))),
                                name="richiesta_date_in_ordine",
                                violation_error_message="La scadenza non può precedere la richiesta.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("motivo_proroga", ""), ("prorogata_il", None)),
                                    models.Q(
                                        ("prorogata_il__isnull", False),
                                        models.Q(("motivo_proroga", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="richiesta_prorogata_con_motivo",
                                violation_error_message="Chi prende altro tempo dice perché (art. 12.3).",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("motivo_rifiuto", ""),
                                        ("risposta_il", None),
                                        ("stato", "aperta"),
                                    ),
                                    models.Q(
                                        ("motivo_rifiuto", ""),
                                        ("risposta_il__isnull", False),
                                        ("stato", "accolta"),
                                    ),
                                    models.Q(
                                        ("motivo_rifiuto", ""),
                                        ("risposta_il__isnull", False),
                                        ("stato", "ritirata"),
                                    ),
                                    models.Q(
                                        ("risposta_il__isnull", False),
                                        ("stato", "rifiutata"),
                                        models.Q(("motivo_rifiuto", ""), _negated=True),
                                        models.Q(("risposta", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="richiesta_chiusa_con_risposta",
                                violation_error_message="Chi rifiuta una richiesta dice perché (art. 12.4).",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Limitazione",
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
                            "motivo",
                            models.CharField(
                                choices=[
                                    (
                                        "esattezza",
                                        "dice che i dati sono sbagliati, e li stiamo controllando",
                                    ),
                                    (
                                        "illecito",
                                        "l'uso non era lecito e non vuole che si cancellino",
                                    ),
                                    (
                                        "servono",
                                        "a noi non servono più, a lei sì, per un diritto in tribunale",
                                    ),
                                    ("opposizione", "si è opposta, e stiamo decidendo"),
                                ],
                                max_length=12,
                                verbose_name="perché",
                            ),
                        ),
                        (
                            "dal",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="dal",
                            ),
                        ),
                        (
                            "tolta_il",
                            models.DateTimeField(blank=True, null=True, verbose_name="tolta il"),
                        ),
                        (
                            "perche_tolta",
                            models.CharField(
                                blank=True, max_length=300, verbose_name="perché si toglie"
                            ),
                        ),
                        (
                            "avvisata_il",
                            models.DateField(
                                blank=True, null=True, verbose_name="detto alla persona il"
                            ),
                        ),
                        (
                            "beneficiario",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="limitazioni",
                                to="beneficiari.beneficiario",
                            ),
                        ),
                        (
                            "decisa_da",
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
                            "tolta_da",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "richiesta",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="limitazioni",
                                to="beneficiari.richiestainteressato",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "limitazione",
                        "verbose_name_plural": "limitazioni",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("tolta_il", None)),
                                fields=("ente", "beneficiario"),
                                name="limitazione_una_alla_volta",
                                violation_error_message="I dati di questa persona sono già limitati.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("avvisata_il", None),
                                        ("perche_tolta", ""),
                                        ("tolta_il", None),
                                    ),
                                    models.Q(
                                        ("avvisata_il__isnull", False),
                                        ("tolta_il__isnull", False),
                                        models.Q(("perche_tolta", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="limitazione_tolta_dicendolo",
                                violation_error_message="Prima di togliere la limitazione lo si dice alla persona (art. 18.3): scrivi quando e perché.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AvvisoAlDestinatario",
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
                            "gesto",
                            models.CharField(
                                choices=[
                                    ("rettifica", "un dato è stato corretto"),
                                    ("limitazione", "i dati sono stati limitati"),
                                    ("fine", "i dati non sono più limitati"),
                                    ("cancellazione", "i dati sono stati cancellati"),
                                ],
                                max_length=15,
                                verbose_name="che cosa è successo",
                            ),
                        ),
                        (
                            "dato",
                            models.CharField(
                                blank=True, max_length=100, verbose_name="quale dato"
                            ),
                        ),
                        ("condivisione", models.UUIDField(verbose_name="condivisione")),
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
                        ("condivisa_dal", models.DateField(verbose_name="condivisa dal")),
                        (
                            "creato_il",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="mandato il",
                            ),
                        ),
                        (
                            "letto_il",
                            models.DateTimeField(blank=True, null=True, verbose_name="letto il"),
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
                            "letto_da",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "richiesta",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="avvisi",
                                to="beneficiari.richiestainteressato",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "avviso a chi ha ricevuto i dati",
                        "verbose_name_plural": "avvisi a chi ha ricevuto i dati",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("ente", "richiesta", "destinatario", "gesto"),
                                name="avviso_una_volta_sola",
                                violation_error_message="A questo ente l'avviso è già stato mandato.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("destinatario", models.F("ente")), _negated=True
                                ),
                                name="avviso_a_un_altro",
                                violation_error_message="Si avvisa un altro ente.",
                            ),
                        ],
                    },
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="autorizzazione",
                    name="nata_insert",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="autorizzazione",
                    name="cambiata_update",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="autorizzazione",
                    name="tolta_delete",
                ),
                migrations.RemoveConstraint(
                    model_name="documentodipersona",
                    name="documento_di_persona_su_che_cosa",
                ),
                migrations.AddField(
                    model_name="autorizzazione",
                    name="sospesa",
                    field=models.BooleanField(
                        db_default=False, default=False, editable=False, verbose_name="sospesa"
                    ),
                ),
                migrations.AddField(
                    model_name="storiaautorizzazione",
                    name="sospesa",
                    field=models.BooleanField(
                        db_default=False, default=False, editable=False, verbose_name="sospesa"
                    ),
                ),
                migrations.AlterField(
                    model_name="documentodipersona",
                    name="tipo",
                    field=models.CharField(
                        choices=[
                            ("consenso", "modulo di consenso"),
                            ("scheda", "scheda della persona"),
                            ("copia", "copia dei dati, in PDF e in un file"),
                            ("condivisa", "scheda condivisa da un altro ente"),
                            ("elenco", "elenco delle persone, in Excel"),
                            ("elenco-csv", "elenco delle persone, in CSV"),
                        ],
                        max_length=10,
                        verbose_name="tipo",
                    ),
                ),
                AggiungiTrigger(
                    model_name="autorizzazione",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nata_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "beneficiari_storiaautorizzazione" ("accordo_id", "al", "beneficiario_id", "concessa_da_id", "concessa_il", "consenso_id", "dal", "destinatario_id", "ente_id", "finalita", "fondamento", "gruppi", "id", "livello", "motivo_revoca", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "revocata_da_id", "revocata_il", "sospesa", "uuid") VALUES (NEW."accordo_id", NEW."al", NEW."beneficiario_id", NEW."concessa_da_id", NEW."concessa_il", NEW."consenso_id", NEW."dal", NEW."destinatario_id", NEW."ente_id", NEW."finalita", NEW."fondamento", NEW."gruppi", NEW."id", NEW."livello", NEW."motivo_revoca", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'nata\', NEW."id", NEW."revocata_da_id", NEW."revocata_il", NEW."sospesa", NEW."uuid"); RETURN NULL;',
                            hash="226d106f969d90c9b691912b155949ad479ef434",
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
                            func='INSERT INTO "beneficiari_storiaautorizzazione" ("accordo_id", "al", "beneficiario_id", "concessa_da_id", "concessa_il", "consenso_id", "dal", "destinatario_id", "ente_id", "finalita", "fondamento", "gruppi", "id", "livello", "motivo_revoca", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "revocata_da_id", "revocata_il", "sospesa", "uuid") VALUES (NEW."accordo_id", NEW."al", NEW."beneficiario_id", NEW."concessa_da_id", NEW."concessa_il", NEW."consenso_id", NEW."dal", NEW."destinatario_id", NEW."ente_id", NEW."finalita", NEW."fondamento", NEW."gruppi", NEW."id", NEW."livello", NEW."motivo_revoca", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'cambiata\', NEW."id", NEW."revocata_da_id", NEW."revocata_il", NEW."sospesa", NEW."uuid"); RETURN NULL;',
                            hash="fcfaab0f6b57f782ee1deecf2a85c6ec1b26c28b",
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
                            func='INSERT INTO "beneficiari_storiaautorizzazione" ("accordo_id", "al", "beneficiario_id", "concessa_da_id", "concessa_il", "consenso_id", "dal", "destinatario_id", "ente_id", "finalita", "fondamento", "gruppi", "id", "livello", "motivo_revoca", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "revocata_da_id", "revocata_il", "sospesa", "uuid") VALUES (OLD."accordo_id", OLD."al", OLD."beneficiario_id", OLD."concessa_da_id", OLD."concessa_il", OLD."consenso_id", OLD."dal", OLD."destinatario_id", OLD."ente_id", OLD."finalita", OLD."fondamento", OLD."gruppi", OLD."id", OLD."livello", OLD."motivo_revoca", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'tolta\', OLD."id", OLD."revocata_da_id", OLD."revocata_il", OLD."sospesa", OLD."uuid"); RETURN NULL;',
                            hash="f60ef497be9910a7528320cbb6d54fb511ee2af5",
                            operation="DELETE",
                            pgid="pgtrigger_tolta_delete_74181",
                            table="beneficiari_autorizzazione",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="documentodipersona",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("condivisione", None),
                                ("informativa__isnull", False),
                                ("tipo", "consenso"),
                            ),
                            models.Q(
                                ("beneficiario__isnull", False),
                                ("condivisione", None),
                                ("informativa", None),
                                ("tipo__in", ("scheda", "copia")),
                            ),
                            models.Q(
                                ("beneficiario", None),
                                ("condivisione__isnull", False),
                                ("informativa", None),
                                ("tipo", "condivisa"),
                            ),
                            models.Q(
                                ("beneficiario", None),
                                ("condivisione", None),
                                ("informativa", None),
                                ("tipo__in", ("elenco", "elenco-csv")),
                            ),
                            _connector="OR",
                        ),
                        name="documento_di_persona_su_che_cosa",
                        violation_error_message="Ogni documento dice di che cosa parla, e di nient'altro.",
                    ),
                ),
            ]
        ),
        migrations.RunSQL(sql=PRIVILEGI, reverse_sql=SENZA_PRIVILEGI),
        isola(
            RICHIESTE,
            leggi=RICHIESTA_LEGGIBILE,
            inserisci=RACCOLTA,
            modifica=f"{RISPONDE} AND stato = 'aperta'",
            modificata=RISPONDE,
            cancella=MAI,
        ),
        isola(
            LIMITAZIONI,
            leggi=DI_CHI_LAVORA,
            inserisci=f"{RISPONDE} AND decisa_da_id = {IO} AND tolta_il IS NULL",
            modifica=f"{RISPONDE} AND tolta_il IS NULL",
            modificata=f"{RISPONDE} AND tolta_da_id = {IO}",
            cancella=MAI,
        ),
        isola(
            AVVISI,
            leggi=f"{DI_CHI_LAVORA} OR {DESTINATARIO}",
            inserisci=RISPONDE,
            modifica=f"{DESTINATARIO} AND letto_il IS NULL",
            modificata=f"{DESTINATARIO} AND letto_da_id = {IO}",
            cancella=MAI,
        ),
        *[
            legame_composto(tabella, f"{colonna}_id", madre)
            for tabella, colonna, madre in (
                (RICHIESTE, "beneficiario", BENEFICIARI),
                (LIMITAZIONI, "beneficiario", BENEFICIARI),
                (LIMITAZIONI, "richiesta", RICHIESTE),
                (AVVISI, "richiesta", RICHIESTE),
            )
        ],
        solo_in_aggiunta(RICHIESTE, salvo=SI_SCRIVE_POI),
        solo_in_aggiunta(LIMITAZIONI, salvo="tolta_il, tolta_da_id, perche_tolta, avvisata_il"),
        solo_in_aggiunta(AVVISI, salvo="letto_il, letto_da_id"),
        funzione_di_regola("regola_richiesta", RICHIESTE, "BEFORE INSERT", NASCE_LA_RICHIESTA),
        funzione_di_regola(
            "regola_richiesta_risposta", RICHIESTE, "BEFORE UPDATE", CAMBIA_LA_RICHIESTA
        ),
        funzione_di_regola(
            "regola_richiesta_sospende",
            RICHIESTE,
            "AFTER INSERT OR UPDATE OF stato",
            SOSPENDE,
            guardia=True,
        ),
        funzione_di_regola(
            "regola_limitazione_sospende",
            LIMITAZIONI,
            "AFTER INSERT OR UPDATE OF tolta_il",
            SOSPENDE,
            guardia=True,
        ),
        funzione_di_regola(
            "regola_autorizzazione_e_diritti",
            "beneficiari_autorizzazione",
            "BEFORE INSERT",
            NIENTE_DI_NUOVO,
            guardia=True,
        ),
        migrations.RunSQL(sql=DATI_FERMI, reverse_sql=DATI_MOBILI),
        migrations.RunSQL(sql=SOSPESE, reverse_sql=SEMPRE),
        migrations.RunSQL(
            sql=_con_le_sospese(TUTTE, NON_SOSPESE),
            reverse_sql=_con_le_sospese(NON_SOSPESE, TUTTE),
        ),
        funzione_di_guardia(
            "registro_inoltra_richiesta",
            argomenti="p_richiesta bigint",
            rende="void",
            corpo=INOLTRA,
            scrive=True,
        ),
        funzione_di_guardia(
            "registro_richieste_della_rete",
            rende=(
                "TABLE (ente bigint, tipo text, stato text, chiesta_il date, scade_il date,"
                " prorogata boolean, risposta_il timestamptz)"
            ),
            corpo=DELLA_RETE,
        ),
    ]
