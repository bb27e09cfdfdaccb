"""Chi, dentro un ente, potrebbe essere scritto due volte."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection
from django.db.models import Q

from beneficiari.models.persone import Beneficiario, BeneficiarioQuerySet, Identificativo
from enti.models import Ente
from registro.comune.ricerca import forma_normale


# Da questa somiglianza in su (trigrammi, da 0 a 1) due nomi meritano uno sguardo: «hassan ali» e
# «hasan ali» danno 0,77, «rossi maria» e «rossi mario» 0,71.
SOGLIA = 0.45
SIMILI_AL_MASSIMO = 5
COPPIE_AL_MASSIMO = 200

# Solo righe dell'ente, presenti e con un nome; mai la stessa coppia due volte, mai chi qualcuno ha
# già detto diverso. Due nascite certe e diverse, a parità di nome, sono due omonimi: in fondo.
_COPPIE = """
WITH persone AS (
    SELECT id, nome_cercato, data_nascita, nascita_stimata
    FROM beneficiari_beneficiario
    WHERE ente_id = %(ente)s AND unito_a_id IS NULL AND NOT anonimo
), coppie AS (
    SELECT una.id AS una, altra.id AS altra, 'nascita' AS motivo,
           similarity(una.nome_cercato, altra.nome_cercato) AS forza
    FROM persone una JOIN persone altra
      ON altra.data_nascita = una.data_nascita AND una.id < altra.id
    WHERE NOT una.nascita_stimata AND NOT altra.nascita_stimata
      AND similarity(una.nome_cercato, altra.nome_cercato) >= %(soglia)s
    UNION ALL
    SELECT una.id, altra.id, 'omonimi',
           CASE WHEN extract(year FROM una.data_nascita) = extract(year FROM altra.data_nascita)
                THEN 0.9
                WHEN una.data_nascita IS NULL OR altra.data_nascita IS NULL
                  OR una.nascita_stimata OR altra.nascita_stimata THEN 0.6
                ELSE 0.1 END
    FROM persone una JOIN persone altra
      ON altra.nome_cercato = una.nome_cercato AND una.id < altra.id
    WHERE una.nome_cercato <> ''
    UNION ALL
    SELECT least(uno.beneficiario_id, altro.beneficiario_id),
           greatest(uno.beneficiario_id, altro.beneficiario_id), 'codice', 1.5
    FROM beneficiari_identificativo uno JOIN beneficiari_identificativo altro
      ON altro.ente_id = uno.ente_id AND altro.tipo = uno.tipo AND altro.indice = uno.indice
     AND altro.indice_esatto = uno.indice_esatto
     AND uno.beneficiario_id < altro.beneficiario_id
    WHERE uno.ente_id = %(ente)s
)
SELECT una, altra, (array_agg(motivo ORDER BY forza DESC))[1], max(forza)
FROM coppie
WHERE una IN (SELECT id FROM persone) AND altra IN (SELECT id FROM persone)
  AND NOT EXISTS (
    SELECT 1 FROM beneficiari_nondoppione d
    WHERE d.ente_id = %(ente)s AND d.una_id = coppie.una AND d.altra_id = coppie.altra
)
  AND (%(persona)s::bigint IS NULL OR %(persona)s IN (una, altra))
GROUP BY una, altra ORDER BY 4 DESC, 1, 2 LIMIT %(tetto)s
"""
MOTIVI = {
    "codice": "hanno avuto lo stesso codice",
    "nascita": "stessa data di nascita e nome simile",
    "omonimi": "stesso nome e cognome",
}


@dataclass(frozen=True, slots=True)
class Coppia:
    """Due righe che potrebbero essere la stessa persona, e perché."""

    una: Beneficiario
    altra: Beneficiario
    motivo: str


def coppie_simili(ente: Ente, persona: Beneficiario | None = None) -> list[tuple[int, int, str]]:
    """Le coppie da guardare nell'ente (o quelle di una persona), le più probabili prima: chiavi e
    motivo in parole. Al massimo `COPPIE_AL_MASSIMO`: guardate quelle, vengono le altre."""
    parametri = {
        "ente": ente.pk,
        "soglia": SOGLIA,
        "persona": persona.pk if persona else None,
        "tetto": COPPIE_AL_MASSIMO,
    }
    with connection.cursor() as cursore:
        cursore.execute(_COPPIE, parametri)
        return [(una, altra, MOTIVI[motivo]) for una, altra, motivo, _ in cursore.fetchall()]


def leggi_coppie(ente: Ente, coppie: Iterable[tuple[int, int, str]]) -> list[Coppia]:
    """Le persone di quelle coppie, lette (e annotate) tutte insieme."""
    coppie = list(coppie)
    chiavi = {chiave for una, altra, _ in coppie for chiave in (una, altra)}
    persone = Beneficiario.objects.di(ente).in_bulk(chiavi)
    return [Coppia(persone[una], persone[altra], motivo) for una, altra, motivo in coppie]


def simili(
    ente: Ente,
    *,
    cognome: str,
    nome: str = "",
    nascita: date | None = None,
    stimata: bool = False,
    indici: Iterable[bytes] = (),
) -> BeneficiarioQuerySet:
    """Chi nell'ente potrebbe già essere la persona che si sta scrivendo, il più simile prima.

    Si guarda il nome; se la nascita è scritta, chi ne ha una certa di un altro anno si lascia.
    `indici` sono quelli dei codici scritti: chi ne ha uno c'è sempre.
    """
    cercato = forma_normale(f"{cognome} {nome}")
    persone = Beneficiario.objects.di(ente).presenti().filter(anonimo=False)
    con_codice = Identificativo.objects.filter(ente=ente, indice__in=list(indici))
    persone = persone.annotate(somiglia=TrigramSimilarity("nome_cercato", cercato))
    come_lei = Q(somiglia__gte=SOGLIA)
    if not nome.strip():
        come_lei |= Q(nome_cercato__startswith=cercato)
    if nascita:
        anni = (nascita.year - 2, nascita.year + 2) if stimata else (nascita.year, nascita.year)
        stesso_anno = Q(data_nascita__year__gte=anni[0], data_nascita__year__lte=anni[1])
        come_lei &= stesso_anno | Q(data_nascita=None) | Q(nascita_stimata=True)
    trovate = persone.filter(come_lei | Q(pk__in=con_codice.values("beneficiario")))
    return trovate.order_by("-somiglia", "pk")[:SIMILI_AL_MASSIMO]
