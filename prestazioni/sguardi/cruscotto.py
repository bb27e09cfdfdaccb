"""I numeri di un ente, contati adesso sulle sue righe: nessun arrotondamento, nessuna copia.

Una interrogazione dà totale, mesi, assi, azioni e servizi; per una tavola sola, le persone del suo
raggruppamento e basta. Si contano e basta: nessun nome esce da qui, e una lettura che non mostra
nessuno non si annota.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from assi.models import Asse, Azione, Servizio
from beneficiari.models import BisognoRilevato, Limitazione, PresaInCarico
from enti.models import Ente
from prestazioni.models import Esito, EsitoQuerySet
from prestazioni.sguardi import statistiche
from prestazioni.sguardi.esiti import Totale, totali_per_tipo
from prestazioni.sguardi.tavole import Numeri, con_i_mesi_vuoti


# Ciò per cui si può raggruppare.
PER = ("asse", "azione", "servizio", "mese")
# Una interrogazione sola: le prestazioni si leggono una volta, e accanto chi c'era.
#
# L'ente è già nella policy: ripeterlo come uguaglianza farebbe credere al pianificatore che le righe
# siano trenta volte meno, e leggere chi c'era una riga per volta (misurato: una volta e mezza).
#
# Le righe che un'unione ha assorbito valgono quella tenuta: la persona si conta una volta. Chi è stato
# dimenticato ha un numero a caso, che col meno davanti non è quello di nessuno. Chi ha i dati limitati
# non si conta finché lo sono (art. 18).
_NUMERI = """
WITH fatte AS MATERIALIZED (
    SELECT p.id, p.azione_id, p.servizio_id, p.minuti, p.senza_nome,
        date_trunc('month', p.giorno::timestamp)::date AS mese
    FROM prestazioni_prestazione p
    WHERE CASE WHEN p.ente_id = %(ente)s THEN true ELSE false END
      AND p.giorno >= %(dal)s AND p.giorno <= %(al)s
      AND (%(azioni)s::bigint[] IS NULL OR p.azione_id = ANY(%(azioni)s::bigint[]))
      AND (%(servizio)s::bigint IS NULL OR p.servizio_id = %(servizio)s)
), celle AS (
    SELECT azione_id, servizio_id, mese, count(*) AS prestazioni, sum(minuti) AS minuti,
        count(*) FILTER (WHERE minuti IS NULL) AS senza_durata, sum(senza_nome) AS senza_nome
    FROM fatte GROUP BY 1, 2, 3
), presenti AS MATERIALIZED (
    SELECT q.prestazione_id, coalesce(u.unito_a_id, q.beneficiario_id) AS persona
    FROM prestazioni_partecipazione q
    LEFT JOIN (
        SELECT id, unito_a_id FROM beneficiari_beneficiario
        WHERE ente_id = %(ente)s AND unito_a_id IS NOT NULL
    ) u ON u.id = q.beneficiario_id
    WHERE q.ente_id = %(ente)s AND q.giorno >= %(dal)s AND q.giorno <= %(al)s
      AND coalesce(u.unito_a_id, q.beneficiario_id, 0) <> ALL(ARRAY(
          SELECT l.beneficiario_id FROM beneficiari_limitazione l
          WHERE l.ente_id = %(ente)s AND l.tolta_il IS NULL
      ))
), viste AS MATERIALIZED (
    SELECT q.persona,
        CASE WHEN %(per)s IN ('', 'asse', 'azione') THEN f.azione_id END AS azione_id,
        CASE WHEN %(per)s IN ('', 'servizio') THEN f.servizio_id END AS servizio_id,
        CASE WHEN %(per)s IN ('', 'mese') THEN f.mese END AS mese
    FROM fatte f JOIN presenti q ON q.prestazione_id = f.id
    GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT -s.conto, s.azione_id, s.servizio_id, s.mese
    FROM prestazioni_rigastatistica s
    WHERE s.ente_id = %(ente)s AND s.cosa = 'presenza'
      AND s.mese >= %(dal)s AND s.mese <= %(al)s
      AND (%(azioni)s::bigint[] IS NULL OR s.azione_id = ANY(%(azioni)s::bigint[]))
      AND (%(servizio)s::bigint IS NULL OR s.servizio_id = %(servizio)s)
), persone AS (
    SELECT 'totale' AS per, 0 AS voce, NULL::date AS mese, count(DISTINCT persona) AS quante
    FROM viste WHERE %(per)s = ''
    UNION ALL
    SELECT 'asse', asse_id, NULL, count(persona) FROM (
        SELECT DISTINCT z.asse_id, v.persona FROM viste v JOIN assi_azione z ON z.id = v.azione_id
        WHERE %(per)s IN ('', 'asse')
    ) d GROUP BY asse_id
    UNION ALL
    SELECT 'azione', azione_id, NULL, count(persona)
    FROM (SELECT DISTINCT azione_id, persona FROM viste WHERE %(per)s IN ('', 'azione')) d
    GROUP BY azione_id
    UNION ALL
    SELECT 'servizio', servizio_id, NULL, count(persona)
    FROM (SELECT DISTINCT servizio_id, persona FROM viste WHERE %(per)s IN ('', 'servizio')) d
    GROUP BY servizio_id
    UNION ALL
    SELECT 'mese', 0, mese, count(persona)
    FROM (SELECT DISTINCT mese, persona FROM viste WHERE %(per)s IN ('', 'mese')) d
    GROUP BY mese
)
SELECT per, voce, mese, quante, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint
FROM persone
UNION ALL
SELECT CASE grouping(z.asse_id, c.azione_id, c.servizio_id, c.mese)
        WHEN 7 THEN 'asse' WHEN 11 THEN 'azione' WHEN 13 THEN 'servizio' WHEN 14 THEN 'mese'
        ELSE 'totale' END,
    coalesce(z.asse_id, c.azione_id, c.servizio_id, 0), c.mese, NULL,
    sum(c.prestazioni)::bigint, sum(c.minuti)::bigint, sum(c.senza_durata)::bigint,
    coalesce(sum(c.senza_nome), 0)::bigint
FROM celle c JOIN assi_azione z ON z.id = c.azione_id
GROUP BY GROUPING SETS ((), (z.asse_id), (c.azione_id), (c.servizio_id), (c.mese))
"""


@dataclass(frozen=True)
class AmbitoDiEnte:
    """Che cosa si guarda di un ente: i giorni da `dal` ad `al`, compresi, e i filtri."""

    ente: Ente
    dal: date
    al: date
    asse: Asse | None = None
    azione: Azione | None = None
    servizio: Servizio | None = None

    @property
    def azioni(self) -> list[int] | None:
        """Le chiavi delle azioni che i filtri tengono; None se le tengono tutte."""
        if self.asse is None and self.azione is None:
            return None
        tenute = Azione.objects.filter(asse=self.asse) if self.asse else Azione.objects.all()
        if self.azione:
            tenute = tenute.filter(pk=self.azione.pk)
        return list(tenute.values_list("pk", flat=True))


@dataclass
class NumeriDiEnte:
    """I conti di un ente: il totale e, per chiave, quelli di assi, azioni, servizi e mesi.

    I mesi sono di seguito, dal primo all'ultimo con qualcosa.
    """

    totale: Numeri = field(default_factory=Numeri)
    per_asse: dict[int, Numeri] = field(default_factory=dict)
    per_azione: dict[int, Numeri] = field(default_factory=dict)
    per_servizio: dict[int, Numeri] = field(default_factory=dict)
    per_mese: dict[date, Numeri] = field(default_factory=dict)


def numeri_di(ambito: AmbitoDiEnte, solo: str = "") -> NumeriDiEnte:
    """Prestazioni, ore, persone e teste senza nome dell'ambito.

    `solo`: il raggruppamento che serve (uno di `PER`), quando gli altri e il totale non servono:
    restano vuoti. Solleva ValueError per uno ignoto.
    """
    if solo and solo not in PER:
        raise ValueError(f"Raggruppamento sconosciuto: {solo!r}.")
    righe = _leggi(_NUMERI, ambito, per=solo)
    # Ogni riga dice o quante persone, o quanto si è fatto.
    persone = {(per, mese or voce): quante for per, voce, mese, quante, *_ in righe if quante}
    trovati: dict[str, dict] = {per: {} for per in PER}
    totale = Numeri()
    for per, voce, mese, quante, prestazioni, minuti, muti, senza_nome in righe:
        if quante is not None or solo not in ("", per):
            continue
        chiave = mese or voce
        conti = Numeri(
            prestazioni=prestazioni or 0,
            minuti=minuti,
            senza_durata=muti or 0,
            persone=persone.get((per, chiave), 0),
            senza_nome=senza_nome,
        )
        if per == "totale":
            totale = conti
        else:
            trovati[per][chiave] = conti
    return NumeriDiEnte(
        totale,
        trovati["asse"],
        trovati["azione"],
        trovati["servizio"],
        con_i_mesi_vuoti(trovati["mese"]),
    )


def casi_aperti(ambito: AmbitoDiEnte) -> Mapping[int, int]:
    """Per azione, quanti casi erano aperti alla fine dell'ultimo giorno. Il servizio non conta:
    un caso è di un'azione."""
    aperti = PresaInCarico.objects.di(ambito.ente).exclude(beneficiario__in=_limitate(ambito.ente))
    aperti = aperti.filter(
        Q(chiusa_il=None) | Q(chiusa_il__gt=ambito.al), aperta_il__lte=ambito.al
    )
    if (azioni := ambito.azioni) is not None:
        aperti = aperti.filter(azione__in=azioni)
    conti = aperti.per_calcolo().order_by().values_list("azione").annotate(quanti=Count("pk"))
    di_prima = statistiche.casi_di_prima(ambito.ente, ambito.al, ambito.azioni)
    return Counter(dict(conti)) + Counter(di_prima)


def con_i_casi(numeri: NumeriDiEnte, casi: Mapping[int, int]) -> NumeriDiEnte:
    """Gli stessi numeri con i casi aperti: per azione, per asse, in tutto."""
    assi = dict(Azione.objects.filter(pk__in=casi).values_list("pk", "asse"))
    per_asse: Counter[int] = Counter()
    for azione, quanti in casi.items():
        per_asse[assi[azione]] += quanti
    return replace(
        numeri,
        totale=replace(numeri.totale, casi=sum(casi.values())),
        per_asse=_aggiungi(numeri.per_asse, per_asse),
        per_azione=_aggiungi(numeri.per_azione, casi),
    )


def bisogni_per_stato(ambito: AmbitoDiEnte) -> dict[str, tuple[int, int]]:
    """Per stato, quante persone e quanti bisogni rilevati nel periodo, fra quelli che chi guarda
    può vedere. L'asse è quello del bisogno; con un'azione, solo i bisogni dei suoi casi."""
    righe = BisognoRilevato.objects.di(ambito.ente).filter(
        rilevato_il__gte=ambito.dal, rilevato_il__lte=ambito.al
    )
    righe = righe.exclude(beneficiario__in=_limitate(ambito.ente))
    if ambito.asse:
        righe = righe.filter(bisogno__asse=ambito.asse)
    if ambito.azione:
        righe = righe.filter(presa__azione=ambito.azione)
    persona = Coalesce("beneficiario__unito_a_id", "beneficiario_id")
    conti = (
        righe.per_calcolo()
        .order_by()
        .values_list("stato")
        .annotate(persone=Count(persona, distinct=True), bisogni=Count("pk"))
    )
    trovati = {stato: (persone, bisogni) for stato, persone, bisogni in conti}
    di_prima = statistiche.bisogni_di_prima(
        ambito.ente, ambito.dal, ambito.al, asse=ambito.asse, azione=ambito.azione
    )
    for stato, (persone, bisogni) in di_prima.items():
        altre, altri = trovati.get(stato, (0, 0))
        trovati[stato] = (altre + persone, altri + bisogni)
    return trovati


def _limitate(ente: Ente) -> QuerySet:
    """Le persone che, finché i loro dati sono limitati, non si contano (art. 18)."""
    return Limitazione.objects.filter(ente=ente).in_corso().persone()


def totali_degli_esiti(ambito: AmbitoDiEnte) -> list[Totale]:
    """Gli esiti del periodo per tipo, con quelli di chi è stato dimenticato."""
    di_prima = statistiche.esiti_di_prima(
        ambito.ente, ambito.dal, ambito.al, asse=ambito.asse, azione=ambito.azione
    )
    return statistiche.sommati(totali_per_tipo(esiti_di(ambito)), di_prima)


def esiti_di(ambito: AmbitoDiEnte) -> EsitoQuerySet:
    """Gli esiti del periodo; l'asse è quello dell'esito, l'azione quella del caso."""
    esiti = Esito.objects.di(ambito.ente).fra(ambito.dal, ambito.al)
    esiti = esiti.exclude(beneficiario__in=_limitate(ambito.ente))
    if ambito.asse:
        esiti = esiti.filter(tipo__asse=ambito.asse)
    return esiti.filter(presa__azione=ambito.azione) if ambito.azione else esiti


def nuclei_presenti(ambito: AmbitoDiEnte) -> int:
    """Quante presenze sono di un nucleo senza dire chi c'era: fra le persone non si contano."""
    parametri = _parametri(ambito)
    with connection.cursor() as cursore:
        cursore.execute(_NUCLEI, parametri)
        trovati = cursore.fetchone()[0]
    return trovati + statistiche.nuclei_di_prima(
        *(ambito.ente, ambito.dal, ambito.al, ambito.azioni, ambito.servizio)
    )


_NUCLEI = """
SELECT count(*) FROM prestazioni_partecipazione q
JOIN prestazioni_prestazione p ON p.id = q.prestazione_id
WHERE q.ente_id = %(ente)s AND q.beneficiario_id IS NULL
  AND q.giorno >= %(dal)s AND q.giorno <= %(al)s
  AND (%(azioni)s::bigint[] IS NULL OR q.azione_id = ANY(%(azioni)s::bigint[]))
  AND (%(servizio)s::bigint IS NULL OR p.servizio_id = %(servizio)s)
"""


def _aggiungi(numeri: Mapping[int, Numeri], casi: Mapping[int, int]) -> dict[int, Numeri]:
    chiavi = [*numeri, *(voce for voce in casi if voce not in numeri)]
    return {voce: replace(numeri.get(voce, Numeri()), casi=casi.get(voce, 0)) for voce in chiavi}


def _leggi(interrogazione: str, ambito: AmbitoDiEnte, **altri: str) -> list[tuple]:
    with connection.cursor() as cursore:
        cursore.execute(interrogazione, _parametri(ambito) | altri)
        return cursore.fetchall()


def _parametri(ambito: AmbitoDiEnte) -> dict:
    return {
        "ente": ambito.ente.pk,
        "dal": ambito.dal,
        "al": ambito.al,
        "azioni": ambito.azioni,
        "servizio": ambito.servizio.pk if ambito.servizio else None,
    }
