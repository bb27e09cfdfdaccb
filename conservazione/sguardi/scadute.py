"""Le persone di un ente ferme da tanto: da quando si conta, regola per regola. Numeri, mai nomi."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from conservazione.models import RegolaConservazione
from conservazione.models.scadenze import PREAVVISO
from enti.models import Ente


# Di ogni persona (con le righe che un'unione le ha dato) l'ultima cosa successa. Restano fuori chi ha
# una presa in carico aperta, sua o del nucleo in cui vive, chi ha i dati limitati (art. 18) e chi ha
# una richiesta che aspetta risposta.
_FERME = """
WITH righe AS (
    SELECT id, coalesce(unito_a_id, id) AS persona, inserito_il, anonimo
    FROM beneficiari_beneficiario WHERE ente_id = %(ente)s
), prese AS (
    SELECT r.persona, p.aperta_il, p.chiusa_il
    FROM beneficiari_presaincarico p JOIN righe r ON r.id = p.beneficiario_id
    WHERE p.ente_id = %(ente)s
    UNION ALL
    SELECT r.persona, p.aperta_il, least(p.chiusa_il, m.al)
    FROM beneficiari_presaincarico p
    JOIN beneficiari_componente m ON m.nucleo_id = p.nucleo_id AND m.ente_id = p.ente_id
    JOIN righe r ON r.id = m.beneficiario_id
    WHERE p.ente_id = %(ente)s
), fatti AS (
    SELECT persona, (inserito_il AT TIME ZONE 'Europe/Rome')::date AS giorno FROM righe
    UNION ALL SELECT persona, greatest(aperta_il, chiusa_il) FROM prese
    UNION ALL SELECT r.persona, q.giorno FROM prestazioni_partecipazione q
        JOIN righe r ON r.id = q.beneficiario_id WHERE q.ente_id = %(ente)s
    UNION ALL SELECT r.persona, e.giorno FROM prestazioni_esito e
        JOIN righe r ON r.id = e.beneficiario_id WHERE e.ente_id = %(ente)s
    UNION ALL SELECT r.persona, c.dato_il FROM beneficiari_consenso c
        JOIN righe r ON r.id = c.beneficiario_id WHERE c.ente_id = %(ente)s
    UNION ALL SELECT r.persona, (a.quando AT TIME ZONE 'Europe/Rome')::date
        FROM prestazioni_appuntamento a
        JOIN righe r ON r.id = a.beneficiario_id WHERE a.ente_id = %(ente)s
    UNION ALL SELECT r.persona, (n.scritta_il AT TIME ZONE 'Europe/Rome')::date
        FROM beneficiari_nota n
        JOIN righe r ON r.id = n.beneficiario_id WHERE n.ente_id = %(ente)s
    UNION ALL SELECT r.persona, greatest(b.rilevato_il, b.chiuso_il)
        FROM beneficiari_bisognorilevato b
        JOIN righe r ON r.id = b.beneficiario_id WHERE b.ente_id = %(ente)s
    UNION ALL SELECT r.persona, v.valutata_il FROM beneficiari_valutazione v
        JOIN righe r ON r.id = v.beneficiario_id WHERE v.ente_id = %(ente)s
    UNION ALL SELECT r.persona, k.rilevata_il FROM beneficiari_condizionerilevata k
        JOIN righe r ON r.id = k.beneficiario_id WHERE k.ente_id = %(ente)s
), fermi AS (
    SELECT persona, max(giorno) AS evento FROM fatti GROUP BY persona
    HAVING max(giorno) <= %(entro)s
)
SELECT f.persona, f.evento
FROM fermi f JOIN righe r ON r.id = f.persona
WHERE CASE %(chi)s
        WHEN 'persone-anonime' THEN r.anonimo
        WHEN 'persone-mai-seguite' THEN NOT r.anonimo
            AND NOT EXISTS (SELECT 1 FROM prese p WHERE p.persona = f.persona)
        ELSE NOT r.anonimo AND EXISTS (SELECT 1 FROM prese p WHERE p.persona = f.persona)
    END
  AND NOT EXISTS (SELECT 1 FROM prese p WHERE p.persona = f.persona AND p.chiusa_il IS NULL)
  AND NOT EXISTS (
    SELECT 1 FROM beneficiari_limitazione l JOIN righe l_r ON l_r.id = l.beneficiario_id
    WHERE l.ente_id = %(ente)s AND l_r.persona = f.persona AND l.tolta_il IS NULL)
  AND NOT EXISTS (
    SELECT 1 FROM beneficiari_richiestainteressato q JOIN righe q_r ON q_r.id = q.beneficiario_id
    WHERE q.ente_id = %(ente)s AND q_r.persona = f.persona AND q.stato = 'aperta')
ORDER BY f.evento, f.persona
"""
# I mesi non sono tutti uguali: si guarda qualche giorno in più, poi si conta il termine di ognuna.
_LARGHEZZA = timedelta(days=5)


@dataclass(frozen=True)
class Ferma:
    """Una persona, dal suo numero interno: l'ultima cosa successa e quando finisce il suo tempo."""

    persona: int
    evento: date
    termine: date


def da_avvisare(regola: RegolaConservazione, ente: Ente, giorno: date) -> list[Ferma]:
    """Chi, entro il preavviso, arriva al termine di `regola`; la più ferma prima.

    Nel contesto di chi risponde dei dati. Non legge nessuno: dà numeri, per calcolare.
    """
    limite = giorno + PREAVVISO
    entro = limite + _LARGHEZZA - (regola.termine_di(giorno) - giorno)
    parametri = {"ente": ente.pk, "entro": entro, "chi": regola.chi}
    with connection.cursor() as cursore:
        cursore.execute(_FERME, parametri)
        trovate = cursore.fetchall()
    ferme = [Ferma(persona, evento, regola.termine_di(evento)) for persona, evento in trovate]
    return [ferma for ferma in ferme if ferma.termine <= limite]
