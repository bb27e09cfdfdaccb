"""L'oracolo dei numeri della rete: legge le righe e le conta una per una, in solo Python."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date

import psycopg


def a_5(quante: int) -> int:
    """Il multiplo di 5 più vicino."""
    return (quante + 2) // 5 * 5


class Conti:
    """Le righe del database com'erano quando si è costruito, e i conti che se ne possono fare."""

    def __init__(self, padrone: psycopg.Connection) -> None:
        def tutte(interrogazione: str) -> list[tuple]:
            return padrone.execute(interrogazione).fetchall()

        self.nodo_di = dict(tutte("SELECT id, nodo_id FROM enti_ente"))
        self.asse_di = dict(tutte("SELECT id, asse_id FROM assi_azione"))
        self.prestazioni = tutte(
            "SELECT ente_id, azione_id, giorno, minuti, senza_nome FROM prestazioni_prestazione"
        )
        self.presenze = tutte(
            "SELECT ente_id, azione_id, giorno, beneficiario_id FROM prestazioni_partecipazione"
            " WHERE beneficiario_id IS NOT NULL"
        )
        self.casi = tutte(
            "SELECT ente_id, azione_id, aperta_il, chiusa_il FROM beneficiari_presaincarico"
        )
        self.bisogni = tutte(
            "SELECT r.ente_id, r.beneficiario_id, r.stato, r.rilevato_il, v.asse_id, p.azione_id"
            " FROM beneficiari_bisognorilevato r JOIN assi_bisogno v ON v.id = r.bisogno_id"
            " LEFT JOIN beneficiari_presaincarico p ON p.id = r.presa_id"
        )
        persone = tutte("SELECT id, unito_a_id FROM beneficiari_beneficiario")
        etichette = dict(tutte("SELECT beneficiario_id, etichetta FROM beneficiari_etichetta"))
        legami = tutte("SELECT beneficiario_id, persona_id, stato FROM beneficiari_legame")
        self.persona_di = _persone_distinte(persone, etichette, legami)
        con_codice = set(etichette) | {chi for chi, _, stato in legami if stato == "confermato"}
        self.col_codice = {self.persona_di[chi] for chi in con_codice}

    def rete(self, per: str, dal: date, al: date, filtri: tuple, visibili: Iterable[int]) -> dict:
        """Ciò che deve rispondere la rete: voce → numeri; le persone già arrotondate."""
        guarda = self._guarda(filtri, set(visibili))
        numeri = defaultdict(lambda: [0, None, 0, set(), 0])
        for ente, azione, giorno, minuti, senza_nome in self.prestazioni:
            if guarda(ente, azione) and dal <= giorno <= al:
                voce = numeri[self._voce(per, ente, azione, giorno)]
                voce[0] += 1
                if minuti is None:
                    voce[2] += 1
                else:
                    voce[1] = (voce[1] or 0) + minuti
                voce[4] += senza_nome or 0
        for ente, azione, giorno, chi in self.presenze:
            if guarda(ente, azione) and dal <= giorno <= al:
                numeri[self._voce(per, ente, azione, giorno)][3].add(self.persona_di[chi])
        return {
            voce: (
                *(prestazioni, minuti, muti, a_5(len(chi))),
                *(a_5(len(chi - self.col_codice)), a_5(senza_nome)),
            )
            for voce, (prestazioni, minuti, muti, chi, senza_nome) in numeri.items()
        }

    def casi_aperti(self, per: str, al: date, filtri: tuple, visibili: Iterable[int]) -> dict:
        """Voce → casi aperti alla fine di `al`, arrotondati."""
        guarda = self._guarda(filtri, set(visibili))
        conti: dict[int, int] = defaultdict(int)
        for ente, azione, aperta, chiusa in self.casi:
            if guarda(ente, azione) and aperta <= al and (chiusa is None or chiusa > al):
                conti[self._voce(per, ente, azione, al)] += 1
        return {voce: a_5(quanti) for voce, quanti in conti.items()}

    def bisogni_per_stato(self, dal: date, al: date, filtri: tuple, visibili) -> dict:
        """Stato → (persone, bisogni), arrotondati."""
        nodo, ente_scelto, asse, azione = filtri
        guarda = self._guarda((nodo, ente_scelto, None, None), set(visibili))
        trovati = defaultdict(list)
        for ente, chi, stato, quando, suo_asse, sua_azione in self.bisogni:
            adatto = (asse is None or suo_asse == asse) and azione in (None, sua_azione)
            if adatto and guarda(ente, 0) and dal <= quando <= al:
                trovati[stato].append(self.persona_di[chi])
        return {stato: (a_5(len(set(chi))), a_5(len(chi))) for stato, chi in trovati.items()}

    def _guarda(self, filtri: tuple, visibili: set[int]) -> Callable[[int, int], bool]:
        nodo, ente_scelto, asse, azione_scelta = filtri

        def guarda(ente: int, azione: int) -> bool:
            return (
                ente in visibili
                and nodo in (None, self.nodo_di[ente])
                and ente_scelto in (None, ente)
                and (asse is None or self.asse_di[azione] == asse)
                and azione_scelta in (None, azione)
            )

        return guarda

    def _voce(self, per: str, ente: int, azione: int, giorno: date) -> int:
        return {
            "totale": lambda: 0,
            "nodo": lambda: self.nodo_di[ente] or 0,
            "ente": lambda: ente,
            "asse": lambda: self.asse_di[azione],
            "azione": lambda: azione,
            "mese": lambda: (giorno.year - 2000) * 12 + giorno.month - 1,
        }[per]()


def _persone_distinte(persone: list, etichette: dict, legami: list) -> dict[int, int]:
    """A ogni riga, la persona: le righe che qualcosa unisce, anche passando per altre, sono una."""
    diverse = {chi for chi, _, stato in legami if stato == "annullato"}
    gruppi = defaultdict(list)
    for chi, unita in persone:
        gruppi["unione", unita or chi].append(chi)
    for chi, etichetta in etichette.items():
        if chi not in diverse:
            gruppi["codice", bytes(etichetta)].append(chi)
    for chi, persona, stato in legami:
        if stato == "confermato":
            gruppi["legame", persona].append(chi)
    capo = {chi: chi for chi, _ in persone}

    def in_cima(chi: int) -> int:
        while capo[chi] != chi:
            chi = capo[chi]
        return chi

    for membri in gruppi.values():
        for altro in membri[1:]:
            capo[in_cima(altro)] = in_cima(membri[0])
    return {chi: in_cima(chi) for chi in capo}
