"""I nomi che un foglio usa per ciò che il Registro ha già: servizi, azioni, operatori, esiti."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from django.db.models import Exists, OuterRef

from assi.models import Azione, Servizio, TipoDiChiusura, TipoDiEsito
from beneficiari.models import PresaInCarico
from enti.models import Appartenenza, Ente
from registro.comune.ricerca import forma_normale


_QUANTI_VICINI = 3
_SOMIGLIANZA = 0.4


@dataclass(slots=True)
class Vocabolario:
    """Nomi → chiavi. Un nome può portare a più chiavi: allora non dice quale."""

    voci: dict[str, set[int]] = field(default_factory=dict)
    nomi: dict[int, str] = field(default_factory=dict)

    def aggiungi(self, chiave: int, nome: str, *altri: str) -> None:
        self.nomi.setdefault(chiave, nome)
        for scritto in (nome, *altri):
            if normale := forma_normale(scritto):
                self.voci.setdefault(normale, set()).add(chiave)

    def trova(self, scritto: str) -> set[int]:
        """Le chiavi che si chiamano così; vuoto se nessuna."""
        return self.voci.get(forma_normale(scritto), set())

    def vicini(self, scritto: str) -> list[int]:
        """Le chiavi dai nomi più somiglianti, la più vicina per prima."""
        simili = get_close_matches(
            forma_normale(scritto), self.voci, n=_QUANTI_VICINI * 2, cutoff=_SOMIGLIANZA
        )
        chiavi = [chiave for nome in simili for chiave in sorted(self.voci[nome])]
        return list(dict.fromkeys(chiavi))[:_QUANTI_VICINI]

    def non_trovata(self, scritto: str, che_cosa: str) -> str:
        """La frase per un nome che non si riconosce, coi più vicini."""
        vicini = [f"«{self.nomi[chiave]}»" for chiave in self.vicini(scritto)]
        forse = f" Forse è {' o '.join(vicini)}?" if vicini else ""
        return f"«{scritto}» non è {che_cosa}.{forse}"


@dataclass(slots=True)
class Servizi:
    """I servizi dell'ente: per nome e altri nomi; poi per codice e nome della voce, se è di uno."""

    propri: Vocabolario = field(default_factory=Vocabolario)
    della_rete: Vocabolario = field(default_factory=Vocabolario)
    uuid: dict[int, str] = field(default_factory=dict)
    offerti: dict[int, tuple[date, date]] = field(default_factory=dict)

    @classmethod
    def di(cls, ente: Ente) -> "Servizi":
        servizi = cls()
        for voce in Servizio.objects.di(ente).select_related("voce").order_by("pk"):
            servizi.propri.aggiungi(voce.pk, voce.nome, *voce.sinonimi)
            servizi.della_rete.aggiungi(voce.pk, voce.voce.nome, voce.voce.codice)
            servizi.uuid[voce.pk] = str(voce.uuid)
            servizi.offerti[voce.pk] = (voce.dal or date.min, voce.al or date.max)
        return servizi

    def trova(self, scritto: str, giorno: date | None) -> int | None:
        """Il servizio che si chiama così, quello offerto in quel giorno se sono più d'uno.

        None se nessuno, o se non si può dire quale.
        """
        trovati = self.propri.trova(scritto) or self.della_rete.trova(scritto)
        if len(trovati) > 1 and giorno:
            offerti = {s for s in trovati if self.offerti[s][0] <= giorno <= self.offerti[s][1]}
            trovati = offerti or trovati
        return next(iter(trovati)) if len(trovati) == 1 else None

    def piu_di_uno(self, scritto: str) -> bool:
        return len(self.propri.trova(scritto) or self.della_rete.trova(scritto)) > 1

    def vicini(self, scritto: str) -> tuple[tuple[str, str], ...]:
        """Uuid e nome di quelli che somigliano di più."""
        chiavi = [*self.propri.vicini(scritto), *self.della_rete.vicini(scritto)]
        return tuple(
            (self.uuid[chiave], self.propri.nomi[chiave])
            for chiave in list(dict.fromkeys(chiavi))[:_QUANTI_VICINI]
        )


def azioni_di(ente: Ente) -> Vocabolario:
    """Le azioni per titolo e per codice: le sue per prime, le altre della rete se il nome è libero."""
    vocabolario = Vocabolario()
    prese = PresaInCarico.objects.di(ente).filter(azione=OuterRef("pk"))
    proprie = list(Azione.objects.di(ente).order_by("pk"))
    seguite = [a for a in Azione.objects.filter(Exists(prese)).order_by("pk") if a not in proprie]
    for azione in (*proprie, *seguite):
        vocabolario.aggiungi(azione.pk, azione.titolo, azione.slug)
    for azione in Azione.objects.order_by("pk"):
        if azione.pk not in vocabolario.nomi:
            nuove = [n for n in (azione.titolo, azione.slug) if not vocabolario.trova(n)]
            vocabolario.nomi[azione.pk] = azione.titolo
            for nome in nuove:
                vocabolario.aggiungi(azione.pk, nome)
    return vocabolario


def operatori_di(ente: Ente) -> Vocabolario:
    """Chi lavora o ha lavorato per l'ente: per nome intero nei due ordini, posta, solo cognome,
    cognome e iniziale."""
    vocabolario = Vocabolario()
    righe = Appartenenza.objects.che_lavorano_per(ente).select_related("utente")
    for utente in {riga.utente_id: riga.utente for riga in righe}.values():
        nome, cognome = utente.nome.strip(), utente.cognome.strip()
        iniziale = f"{nome[:1]}."
        vocabolario.aggiungi(
            utente.pk,
            f"{nome} {cognome}".strip(),
            *(f"{cognome} {nome}", utente.email, cognome),
            *(f"{iniziale} {cognome}", f"{cognome} {iniziale}", f"{cognome} {nome[:1]}"),
            *(f"{nome[:1]} {cognome}", f"{iniziale}{cognome}", f"{cognome}, {nome}"),
        )
    return vocabolario


def tipi_di_esito() -> Vocabolario:
    return _di_voci(TipoDiEsito.objects.order_by("pk"))


def tipi_di_chiusura() -> Vocabolario:
    return _di_voci(TipoDiChiusura.objects.order_by("pk"))


def _di_voci(voci: Iterable) -> Vocabolario:
    vocabolario = Vocabolario()
    for voce in voci:
        vocabolario.aggiungi(voce.pk, voce.nome, voce.codice)
    return vocabolario


def di_scelte(scelte: Iterable[tuple[str, str]]) -> tuple[Vocabolario, list[str]]:
    """Il vocabolario di una lista breve di codici, e i codici nell'ordine delle chiavi."""
    vocabolario, codici = Vocabolario(), []
    for numero, (codice, nome) in enumerate(scelte):
        vocabolario.aggiungi(numero, str(nome), codice)
        codici.append(codice)
    return vocabolario, codici
