"""I servizi e le prestazioni del mondo inventato: la parte che cresce di milioni di righe."""

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from misure.mondo import Mondo


_ULTIMO = date(2026, 11, 1)
# Ognuna è scritta la sera del suo giorno, tranne le ultime: quelle di oggi, una decina per ciascuno
# di chi lavora nell'ente più grande.
_SERA = time(17, tzinfo=UTC)
_SCRITTE_OGGI = 500
_SERVIZI_PER_ENTE = 6
_DURATE = (15, 30, 30, 45, 60, 60, 90, 120, None)
_MODI = ("presenza", "presenza", "presenza", "domicilio", "telefono", "online")
_VOCI = ("Ascolto", "Orientamento", "Colloquio", "Accompagnamento", "Laboratorio", "Pasto")
# Una su tante è di un gruppo: più persone nella stessa riga.
_UNA_DI_GRUPPO = 40
_IN_GRUPPO = 8


class Prestazioni:
    """Aggiunge a un mondo già caricato servizi, prestazioni e chi c'era."""

    def __init__(self, mondo: "Mondo") -> None:
        self.mondo = mondo
        self.quante = mondo.quanto.prestazioni
        # Un caso suo: aggiungere prestazioni non cambia le persone dello stesso seme.
        self.caso = Random(mondo.caso.getrandbits(32))  # noqa: S311 - dati di prova

    def carica(self) -> None:
        """Scrive le tabelle, nell'ordine in cui si indicano."""
        self._servizi()
        self._prestazioni()
        self._partecipazioni()

    def _servizi(self) -> None:
        mondo = self.mondo
        (unita,) = mondo.prossimo("assi_unitadimisura", 1)
        mondo.copia(
            "assi_unitadimisura",
            "id codice nome ordine decimali",
            [(unita, "mondo", "Colloqui", 0, False)],
        )
        self.voci = mondo.prossimo("assi_vocenomenclatura", len(_VOCI))
        mondo.copia(
            "assi_vocenomenclatura",
            "id codice nome ordine asse_id macroarea siuss l328 leps welfare a_chi unita_id durata"
            " isee_rilevante",
            (
                (
                    *(voce, f"MON.{posto}", nome, posto, mondo.asse, "A", [], [], [], []),
                    *(["individuale"], unita, "puntuale", False),
                )
                for posto, (voce, nome) in enumerate(zip(self.voci, _VOCI, strict=True))
            ),
        )
        self.servizi = mondo.prossimo("assi_servizio", len(mondo.enti) * _SERVIZI_PER_ENTE)
        mondo.copia(
            "assi_servizio",
            "id uuid ente_id voce_id nome sinonimi bassa_soglia",
            (
                (servizio, mondo.uuid(), ente, self.voci[giro], _VOCI[giro], [], False)
                for servizio, (ente, giro) in zip(self.servizi, self._per_ente(), strict=True)
            ),
        )

    def _per_ente(self) -> Iterator[tuple[int, int]]:
        for ente in self.mondo.enti:
            for giro in range(_SERVIZI_PER_ENTE):
                yield ente, giro

    def _servizio(self, ente: int, giro: int) -> int:
        return self.servizi[(ente - self.mondo.enti[0]) * _SERVIZI_PER_ENTE + giro]

    def _prestazioni(self) -> None:
        self.righe = self.mondo.prossimo("prestazioni_prestazione", self.quante)
        # (posto della persona, giro del servizio, giorno), per scrivere poi chi c'era.
        self.fatti: list[tuple[int, int, date]] = []
        self.mondo.copia(
            "prestazioni_prestazione",
            "id uuid ente_id servizio_id azione_id operatore_id giorno minuti modo luogo oggetto"
            " origine registrata_da_id registrata_il versione",
            self._righe_di_prestazioni(),
        )

    def _righe_di_prestazioni(self) -> Iterator[tuple]:
        mondo, caso = self.mondo, self.caso
        quante_persone = len(mondo.persone)
        adesso = datetime.now(UTC)
        for riga in self.righe:
            di_oggi = riga >= self.righe[-1] - _SCRITTE_OGGI
            posto = caso.randrange(quante_persone)
            giro = caso.randrange(_SERVIZI_PER_ENTE)
            aperta = mondo.aperture[posto]
            giorno = aperta + timedelta(caso.randrange((_ULTIMO - aperta).days))
            self.fatti.append((posto, giro, giorno))
            ente = mondo.ente_di[posto]
            chi = mondo.di_chi(ente)
            scritta = adesso if di_oggi else datetime.combine(giorno, _SERA)
            yield (
                *(riga, uuid.UUID(int=caso.getrandbits(128), version=4), ente),
                *(self._servizio(ente, giro), mondo.azione_di[posto], chi, giorno),
                *(caso.choice(_DURATE), caso.choice(_MODI), "", "", "web", chi, scritta, 1),
            )

    def _partecipazioni(self) -> None:
        self.mondo.copia(
            "prestazioni_partecipazione",
            "ente_id prestazione_id presa_id beneficiario_id giorno azione_id voce_id"
            " registrata_da_id",
            self._righe_di_partecipazioni(),
        )

    def _righe_di_partecipazioni(self) -> Iterator[tuple]:
        mondo = self.mondo
        vicini = _vicini(mondo.ente_di)
        for riga, (posto, giro, giorno) in zip(self.righe, self.fatti, strict=True):
            ente = mondo.ente_di[posto]
            presenti = [posto]
            if riga % _UNA_DI_GRUPPO == 0:
                presenti += [
                    altro
                    for altro in self.caso.sample(vicini[ente], min(_IN_GRUPPO, len(vicini[ente])))
                    if altro != posto and mondo.aperture[altro] <= giorno
                ]
            for chi in presenti:
                yield (
                    *(ente, riga, mondo.prese[chi], mondo.persone[chi], giorno),
                    *(mondo.azione_di[posto], self.voci[giro], mondo.di_chi(ente)),
                )


def _vicini(ente_di: list[int]) -> dict[int, list[int]]:
    """I posti delle persone di ogni ente."""
    vicini: dict[int, list[int]] = {}
    for posto, ente in enumerate(ente_di):
        vicini.setdefault(ente, []).append(posto)
    return vicini
