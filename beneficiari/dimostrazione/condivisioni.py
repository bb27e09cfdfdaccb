"""Ciò che le persone hanno permesso: consensi, rifiuti, revoche, e le autorizzazioni fra enti."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from typing import Any

from django.utils import timezone

from beneficiari.dimostrazione.inventa import MAGGIORE_ETA, Inventata
from beneficiari.dimostrazione.materiale import Materiale
from beneficiari.dimostrazione.regole import Accordo
from beneficiari.dimostrazione.scena import Persona, Scena, come
from beneficiari.models import Autorizzazione, Consenso, PresaInCarico, RevocaConsenso
from enti.models import Ente
from privacy.gruppi import Finalita, Gruppo, Livello


_A, _C, _P, _B = Gruppo.ANAGRAFICA, Gruppo.CONTATTI, Gruppo.PRESTAZIONI, Gruppo.BISOGNI
_DEL_LIVELLO = {
    Livello.ESISTENZA: [[]],
    Livello.SINTESI: [[_P, _B], [_P]],
    Livello.COMPLETO: [
        [_A, _C, _P, _B],
        list(Gruppo),
        [_A, _P, Gruppo.VALUTAZIONI],
        [_A, _C, Gruppo.NUCLEO, _P, _B, Gruppo.VALUTAZIONI],
    ],
}
IN_VIGORE, FUTURA, SCADUTA, REVOCATA, RITIRATA = (
    "in vigore",
    "futura",
    "scaduta",
    "revocata",
    "ritirata",
)


@dataclass(frozen=True)
class _Forma:
    """Come può essere un'autorizzazione: si prendono a turno."""

    livello: str
    finalita: str
    stato: str = IN_VIGORE


_FORME = (
    _Forma(Livello.COMPLETO, Finalita.PRESA_IN_CARICO),
    _Forma(Livello.SINTESI, Finalita.PRESA_IN_CARICO),
    _Forma(Livello.COMPLETO, Finalita.VALUTAZIONE),
    _Forma(Livello.ESISTENZA, Finalita.INVIO),
    _Forma(Livello.COMPLETO, Finalita.PRESA_IN_CARICO, RITIRATA),
    _Forma(Livello.SINTESI, Finalita.PRESA_IN_CARICO, SCADUTA),
    _Forma(Livello.COMPLETO, Finalita.INVIO),
    _Forma(Livello.COMPLETO, Finalita.PRESA_IN_CARICO, FUTURA),
    _Forma(Livello.COMPLETO, Finalita.INVIO, REVOCATA),
    _Forma(Livello.SINTESI, Finalita.VALUTAZIONE),
    _Forma(Livello.ESISTENZA, Finalita.PRESA_IN_CARICO, RITIRATA),
    _Forma(Livello.COMPLETO, Finalita.PRESA_IN_CARICO),
)
_NOTE_ALTROVE = (_FORME[0], _FORME[1], _FORME[3], _FORME[2])


@dataclass(eq=False)
class PassaggioInventato:
    """Una presa in carico da passare, e l'autorizzazione che lo permette."""

    voce: dict[str, Any]
    persona: Persona
    presa: PresaInCarico
    autorizzazione: Autorizzazione


class Condivisioni:
    """Prepara consensi e autorizzazioni di una scena; poi, a righe scritte, ne ritira alcuni.

    `note_altrove`: le persone che anche altri enti conoscono, e quali. I passaggi si preparano per
    primi.
    """

    def __init__(
        self,
        scena: Scena,
        materiale: Materiale,
        accordo: Accordo,
        note_altrove: Sequence[tuple[Inventata, Sequence[Ente]]],
    ) -> None:
        self.note_altrove = note_altrove
        self.scena, self.caso, self.oggi = scena, scena.caso, scena.oggi
        self.materiale, self.accordo = materiale, accordo
        self._da_revocare: list[tuple[Persona, Autorizzazione]] = []
        self._da_ritirare: list[tuple[Persona, Consenso]] = []
        self._con_consenso: set[Persona] = set()
        self._turno = cycle(_FORME)

    def prepara(self) -> None:
        """Mette in conto consensi e autorizzazioni."""
        for posto, (inventata, enti) in enumerate(self.note_altrove):
            persona = self.scena.persone[inventata]
            forma = _NOTE_ALTROVE[posto % len(_NOTE_ALTROVE)]
            for ente in enti:
                self._condividi(persona, ente, forma)
        adatte = [p for p in self._libere() if p.prese]
        self.caso.shuffle(adatte)
        destinatari = self._destinatari()
        for persona, _ in zip(adatte, range(len(_FORME) if destinatari else 0), strict=False):
            self._condividi(persona, self.caso.choice(destinatari), next(self._turno))
        self._altri_consensi()

    def prepara_passaggio(self, voce: dict[str, Any], ente: Ente) -> PassaggioInventato | None:
        """Sceglie una presa in carico aperta da passare a `ente`, e la fa vedere a chi la riceve.

        None se l'ente non ne ha una adatta.
        """
        for persona in self._libere():
            aperte = [presa for presa in persona.aperte if presa.nucleo is None]
            if aperte and persona.inventata.eta(self.oggi) >= MAGGIORE_ETA:
                forma = _Forma(Livello.COMPLETO, Finalita.INVIO)
                permessa = self._condividi(persona, ente, forma)
                return PassaggioInventato(voce, persona, aperte[0], permessa)
        return None

    def ritira(self) -> None:
        """Le autorizzazioni revocate da chi le ha date, e i consensi che le persone ritirano: quelle
        che ci poggiavano le chiude il database."""
        adesso = timezone.now()
        for chi in self.scena.squadra:
            with come(chi):
                sue = [a.pk for persona, a in self._da_revocare if persona.chi == chi]
                Autorizzazione.objects.filter(pk__in=sue).update(
                    revocata_il=adesso,
                    revocata_da=chi.utente,
                    motivo_revoca=self.caso.choice(self.materiale.comuni["revoche"]),
                )
                RevocaConsenso.objects.bulk_create(
                    RevocaConsenso(
                        ente=self.scena.ente,
                        beneficiario=persona.riga,
                        consenso=consenso,
                        raccolta_da=chi.utente,
                    )
                    for persona, consenso in self._da_ritirare
                    if persona.chi == chi
                )

    def _destinatari(self) -> list[Ente]:
        sigle = self.materiale.intrecci["condivide_con"][self.scena.ente.slug]
        return [parte for parte in self.accordo.enti_parte if parte.slug in sigle]

    def _adatte(self) -> list[Persona]:
        """Chi può dare, o ha già dato, un consenso che regge fino a fra un anno."""
        soglia = range(MAGGIORE_ETA - 2, MAGGIORE_ETA + 2)
        copie = {copia for _, copia in self.scena.inventate.doppioni}
        return [
            persona
            for persona in self.scena.persone.values()
            if not persona.inventata.anonima
            and persona.inventata not in copie
            and persona.inventata.eta(self.oggi) not in soglia
        ]

    def _libere(self) -> list[Persona]:
        """Quelle adatte di cui non si è ancora detto niente."""
        note = {inventata for inventata, _ in self.note_altrove}
        return [
            persona
            for persona in self._adatte()
            if persona not in self._con_consenso and persona.inventata not in note
        ]

    def _condividi(self, persona: Persona, ente: Ente, forma: _Forma) -> Autorizzazione:
        gruppi = self.caso.choice(_DEL_LIVELLO[forma.livello])
        if forma.finalita == Finalita.INVIO and forma.livello == Livello.COMPLETO:
            gruppi = _DEL_LIVELLO[Livello.COMPLETO][0]
        consenso = self._consenso(persona, [ente], gruppi or [_A], forma)
        dal, al = self._periodo(consenso, forma.stato)
        # I dati sensibili li fa vedere chi segue la persona; se nessuno, chi ne risponde.
        chi = persona.chi if persona.prese else self.scena.referente
        permessa = Autorizzazione(
            ente=self.scena.ente,
            destinatario=ente,
            beneficiario=persona.riga,
            livello=forma.livello,
            gruppi=[gruppo.value for gruppo in gruppi],
            finalita=forma.finalita,
            fondamento=Autorizzazione.Fondamento.CONSENSO,
            consenso=consenso,
            accordo=self.accordo.riga,
            dal=dal,
            al=al,
            concessa_da=chi.utente,
            concessa_il=self.scena.istante(min(dal, consenso.dato_il + timedelta(3))),
        )
        self.scena.scrive(chi, permessa)
        self._tieni_conto(persona, permessa, forma.stato)
        return permessa

    def _tieni_conto(self, persona: Persona, permessa: Autorizzazione, stato: str) -> None:
        if stato == REVOCATA:
            self._da_revocare.append((persona, permessa))
        if stato == RITIRATA:
            self._da_ritirare.append((persona, permessa.consenso))
        if stato == IN_VIGORE:
            self.scena.autorizzazioni.append(permessa)

    def _periodo(self, consenso: Consenso, stato: str) -> tuple[date, date]:
        if stato == SCADUTA:
            return consenso.dato_il, consenso.valido_fino_al
        if stato == FUTURA:
            return self.oggi + timedelta(12), self.oggi + timedelta(195)
        dal = min(consenso.dato_il + timedelta(self.caso.randint(0, 5)), self.oggi)
        return dal, self.oggi + timedelta(self.caso.randint(30, 300))

    def _consenso(
        self, persona: Persona, enti: list[Ente], gruppi: Collection[Gruppo], forma: _Forma
    ) -> Consenso:
        prima, seconda = self.scena.informative
        scaduto = forma.stato == SCADUTA
        informativa = prima if scaduto else seconda
        # Chi lo dà di solito permette un po' più di quello che poi si usa.
        detti = {*gruppi, _A, _C, _P, _B} & {Gruppo(g) for g in informativa.gruppi}
        finalita = {forma.finalita, Finalita.PRESA_IN_CARICO} & set(informativa.finalita)
        consenso = Consenso(
            ente=self.scena.ente,
            beneficiario=persona.riga,
            informativa=informativa,
            esito=Consenso.Esito.PRESTATO,
            finalita=[voce.value for voce in Finalita if voce in finalita],
            gruppi=[gruppo.value for gruppo in Gruppo if gruppo in detti],
            raccolto_da=persona.chi.utente,
            **self._come_lo_da(persona),
        )
        consenso.tutta_la_rete = self.caso.random() < 0.3
        consenso.destinatari = [] if consenso.tutta_la_rete else [ente.pk for ente in enti]
        consenso.dato_il = (
            self.scena.giorni_fa(260, 640) if scaduto else self.scena.giorni_fa(6, 230)
        )
        if scaduto:
            consenso.valido_fino_al = self.scena.giorni_fa(5, 200)
        consenso.raccolto_il = self.scena.istante(consenso.dato_il)
        self._con_consenso.add(persona)
        self.scena.scrive(persona.chi, consenso)
        return consenso

    def _come_lo_da(self, persona: Persona) -> dict[str, str]:
        canale = self.caso.choices(Consenso.Canale.values, (60, 25, 15))[0]
        campi = {"canale": canale}
        if canale == Consenso.Canale.A_VOCE:
            altri = [a for a in self.scena.squadra if a != persona.chi] or [persona.chi]
            campi["testimone"] = altri[0].utente.nome_completo
        if persona.inventata.eta(self.oggi) < MAGGIORE_ETA:
            campi |= self._chi_firma(persona)
        elif self.caso.random() < 0.03:
            campi |= {
                "firmatario": Consenso.Firmatario.AMMINISTRATORE,
                "nome_firmatario": f"Carla {persona.inventata.cognome}",
                "titolo_firmatario": self.materiale.comuni["titoli_firmatario"][-1],
            }
        return campi

    def _chi_firma(self, persona: Persona) -> dict[str, str]:
        """Per una persona minorenne: i genitori del suo nucleo, o un tutore."""
        adulti = next(
            (
                [
                    altra
                    for altra in persone
                    if (altra.inventata.eta(self.oggi) or 0) >= MAGGIORE_ETA
                ]
                for _, persone in self.scena.famiglie
                if persona in persone
            ),
            [],
        )
        titoli = self.materiale.comuni["titoli_firmatario"]
        if not adulti:
            return {
                "firmatario": Consenso.Firmatario.TUTORE,
                "nome_firmatario": f"Renata {persona.inventata.cognome}",
                "titolo_firmatario": titoli[-1],
            }
        chi = [f"{a.inventata.nome} {a.inventata.cognome}" for a in adulti[:2]]
        insieme = len(chi) == 2 and self.caso.random() < 0.7
        firmatario = Consenso.Firmatario.ENTRAMBI if insieme else Consenso.Firmatario.GENITORE
        return {
            "firmatario": firmatario,
            "nome_firmatario": " e ".join(chi if insieme else chi[:1]),
            "titolo_firmatario": self.caso.choice(titoli[:2]),
        }

    def _altri_consensi(self) -> None:
        """Di chi non si condivide: consensi dati e non ancora usati, rifiuti, scaduti, ritirati."""
        for persona in self._libere():
            sorte = self.caso.random()
            if sorte > 0.72:
                continue
            stato = SCADUTA if sorte > 0.66 else IN_VIGORE
            forma = _Forma(Livello.COMPLETO, Finalita.PRESA_IN_CARICO, stato)
            consenso = self._consenso(persona, self._destinatari()[:2], [_A, _P], forma)
            if sorte < 0.1:
                consenso.esito = Consenso.Esito.RIFIUTATO
            elif sorte < 0.17:
                self._da_ritirare.append((persona, consenso))
