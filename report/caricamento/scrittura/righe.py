"""Dalle sezioni di una scheda della cartella alle sue righe, non ancora salvate."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from report.caricamento.formato import FormaMisuratore, FormaScheda, Frase
from report.caricamento.formato.comune import Citata
from report.caricamento.scrittura.rete import Rete
from report.models import (
    AsseDiScheda,
    AttivitaDiScheda,
    AzioneDiScheda,
    CollaborazionePubblica,
    Conteggio,
    DichiaranteDiScheda,
    Giudizio,
    Legame,
    Misuratore,
    Prosecuzione,
    Scheda,
    Uscita,
    VoceTestuale,
)


# Le sezioni che una scheda può non avere e il campo della cartella che, se nullo, lo dice.
_SEZIONI_FACOLTATIVE = (
    "vulnerabilita",
    "individuazione",
    "bisogni_motivazioni",
    "impatto_beneficiari",
    "reti",
    "collaborazione_enti_pubblici",
    "output",
    "outcomes",
    "impatto_ente",
    "nuovi_bisogni",
    "criticita",
    "proposte",
    "sostenibilita",
    "prosecuzione",
)


def sezioni_presenti(letta: FormaScheda) -> list[str]:
    """I codici delle sezioni che la scheda ha, anche vuote."""
    presenti = ["azioni", "beneficiari", "indicatori_finali"]
    if letta.beneficiari.drop_out is not None:
        presenti.append("drop_out")
    return [*presenti, *(s for s in _SEZIONI_FACOLTATIVE if getattr(letta, s) is not None)]


@dataclass(frozen=True, slots=True)
class Righe:
    """Fa le righe di una scheda già salvata, con le chiavi delle altre tabelle."""

    scheda: Scheda
    letta: FormaScheda
    rete: Rete
    etichette: Mapping[str, str]

    def _comuni(self, voce: Citata, ordine: int) -> dict:
        return {
            "ente_id": self.scheda.ente_id,
            "scheda_id": self.scheda.pk,
            "ordine": ordine,
            "fonte": voce.righe or "",
            "note": voce.note or "",
        }

    def _asse(self, sigla: str | None) -> int | None:
        return self.rete.assi[sigla].pk if sigla else None

    def dichiaranti(self) -> Iterator[DichiaranteDiScheda]:
        for ordine, sigla in enumerate(self.letta.enti):
            yield DichiaranteDiScheda(
                ente_id=self.scheda.ente_id,
                scheda_id=self.scheda.pk,
                dichiarante_id=self.rete.enti[sigla].pk,
                compila=sigla in self.letta.dichiaranti,
                intestatario=True,
                ordine=ordine,
            )

    def assi(self) -> Iterator[AsseDiScheda]:
        for ordine, sigla in enumerate(self.letta.assi):
            yield AsseDiScheda(
                ente_id=self.scheda.ente_id,
                scheda_id=self.scheda.pk,
                asse_id=self._asse(sigla),
                ordine=ordine,
            )

    def azioni(self) -> Iterator[AzioneDiScheda]:
        for ordine, sigla in enumerate(self.letta.azioni):
            yield AzioneDiScheda(
                ente_id=self.scheda.ente_id,
                scheda_id=self.scheda.pk,
                azione_id=self.rete.azioni[sigla].pk,
                ordine=ordine,
            )

    def conteggi(self) -> Iterator[Conteggio]:
        """I conteggi delle tre sezioni; `parte_di` e `composizione_di` si legano dopo."""
        for ordine, letto in enumerate(self.letta.beneficiari.conteggi):
            yield Conteggio(
                **self._comuni(letto, ordine),
                sezione=Conteggio.Sezione.BENEFICIARI,
                slug=letto.id,
                cosa=letto.cosa,
                unita=letto.unita,
                valore=letto.valore,
                approssimazione=letto.approssimato or "",
                asse_id=self._asse(letto.asse),
                ripartizione=letto.ripartizione or "",
            )
        yield from self._altri_numeri()
        yield from self._output()

    def _altri_numeri(self) -> Iterator[Conteggio]:
        for ordine, letto in enumerate(self.letta.beneficiari.altri_numeri):
            yield Conteggio(
                **self._comuni(letto, ordine),
                sezione=Conteggio.Sezione.ALTRI_NUMERI,
                slug=letto.id,
                cosa=letto.cosa,
                unita=letto.unita,
                valore=letto.valore,
                minimo=letto.minimo,
                massimo=letto.massimo,
                approssimazione=letto.approssimato or "",
            )

    def _output(self) -> Iterator[Conteggio]:
        for ordine, letto in enumerate(self.letta.output.conteggi if self.letta.output else ()):
            yield Conteggio(
                **self._comuni(letto, ordine),
                sezione=Conteggio.Sezione.OUTPUT,
                slug=letto.id,
                cosa=self.etichette.get(letto.tipo) or letto.tipo.replace("-", " ").capitalize(),
                tipo=letto.tipo,
                unita=letto.unita,
                valore=letto.valore,
                approssimazione=letto.approssimato or "",
                asse_id=self._asse(letto.asse),
                gruppo=letto.gruppo,
                presso_id=self.rete.enti[letto.presso].pk if letto.presso else None,
                canali=list(letto.canali),
            )

    def uscite(self) -> Iterator[Uscita]:
        for ordine, letta in enumerate(self.letta.beneficiari.drop_out or ()):
            yield Uscita(
                **self._comuni(letta, ordine),
                slug=letta.id,
                cosa=letta.cosa,
                unita=letta.unita,
                valore=letta.valore,
            )

    def giudizi(self) -> Iterator[Giudizio]:
        for ordine, letto in enumerate(self.letta.impatto_beneficiari or ()):
            parola, stato = letto.giudizio or "", Giudizio.Stato.ESPRESSO
            if parola == Giudizio.Stato.NON_ESPRIMIBILE:
                parola, stato = "", Giudizio.Stato.NON_ESPRIMIBILE
            elif letto.valore is None and not parola:
                stato = Giudizio.Stato.NON_PERVENUTO
            yield Giudizio(
                **self._comuni(letto, ordine),
                indicatore_id=self.rete.indicatori[letto.indicatore].pk,
                asse_id=self._asse(letto.asse),
                valore=letto.valore,
                scala=letto.scala,
                parola=parola,
                in_alcuni_casi=letto.in_alcuni_casi or "",
                stato=stato,
            )

    def voci(self) -> Iterator[VoceTestuale]:
        """Tutte le frasi della scheda, sezione per sezione."""
        letta, reti, pubblici = (
            self.letta,
            self.letta.reti,
            self.letta.collaborazione_enti_pubblici,
        )
        sezioni: dict[str, Iterable[Frase] | None] = {
            "profilo": letta.beneficiari.profilo,
            "vulnerabilita": letta.vulnerabilita,
            "individuazione": letta.individuazione,
            "bisogni_motivazioni": letta.bisogni_motivazioni,
            "reti": reti and reti.testi,
            "punti_forza": pubblici and pubblici.punti_forza,
            "da_migliorare": pubblici and pubblici.da_migliorare,
            "output": letta.output and letta.output.testi,
            "outcomes": letta.outcomes,
            "impatto_ente": letta.impatto_ente and letta.impatto_ente.testi,
            "nuovi_bisogni": letta.nuovi_bisogni,
            "criticita": letta.criticita,
            "proposte": letta.proposte,
            "sostenibilita": letta.sostenibilita,
        }
        for sezione, frasi in sezioni.items():
            for ordine, frase in enumerate(frasi or ()):
                yield self._voce(sezione, frase, ordine)

    def _voce(self, sezione: str, frase: Frase, ordine: int) -> VoceTestuale:
        return VoceTestuale(
            **self._comuni(frase, ordine),
            sezione=sezione,
            testo=frase.testo,
            canale=getattr(frase, "canale", ""),
            asse_id=self._asse(frase.asse),
            gruppo=frase.gruppo or "",
            enti_nominati=list(frase.enti),
        )

    def misuratori(self) -> Iterator[Misuratore]:
        for tipo in Misuratore.Tipo:
            letto: FormaMisuratore = getattr(self.letta.indicatori_finali, tipo)
            voti = letto.per_asse or {None: letto.valore}
            for ordine, (asse, valore) in enumerate(voti.items()):
                yield Misuratore(
                    **self._comuni(letto, ordine),
                    tipo=tipo,
                    asse_id=self._asse(asse),
                    valore=valore,
                    scala=letto.scala,
                    testo=letto.testo or "",
                    motivo=letto.motivo or "",
                    incerto=letto.incerto,
                    etichetta=letto.etichetta,
                )

    def legami(self) -> Iterator[Legame]:
        if self.letta.reti is not None:
            prima, nuove = self.letta.reti.preesistenti, self.letta.reti.nuove
            if prima.tutta_la_rete:
                yield Legame(
                    **self._comuni(prima, 0),
                    momento=Legame.Momento.PREESISTENTE,
                    tutta_la_rete=True,
                )
            for sigle, eccetto in ((prima.enti, False), (prima.eccetto, True)):
                for ordine, sigla in enumerate(sigle):
                    yield self._legame(
                        Legame.Momento.PREESISTENTE, sigla, prima, ordine, eccetto=eccetto
                    )
            for ordine, sigla in enumerate(nuove.enti):
                yield self._legame(Legame.Momento.NUOVO, sigla, nuove, ordine)
        pubblici = self.letta.collaborazione_enti_pubblici
        for ordine, sigla in enumerate(pubblici.enti if pubblici else ()):
            formalizzato = sigla in pubblici.formalizzata_con
            yield self._legame(
                Legame.Momento.PUBBLICO, sigla, pubblici, ordine, formalizzato=formalizzato
            )

    def _legame(
        self, momento: str, sigla: str, fonte: Citata, ordine: int, **campi: bool
    ) -> Legame:
        comuni = self._comuni(fonte, ordine)
        # La nota è dell'elenco, non di ciascun ente: sta sulla prima riga.
        comuni["note"] = comuni["note"] if ordine == 0 else ""
        return Legame(**comuni, momento=momento, verso_id=self.rete.enti[sigla].pk, **campi)

    def collaborazione(self) -> Iterator[CollaborazionePubblica]:
        letta = self.letta.collaborazione_enti_pubblici
        if letta is not None:
            yield CollaborazionePubblica(**self._comuni(letta, 0), attivata=letta.attivata)

    def attivita(self) -> Iterator[AttivitaDiScheda]:
        impatto = self.letta.impatto_ente
        for ordine, letta in enumerate(impatto.attivita if impatto else ()):
            yield AttivitaDiScheda(
                **self._comuni(letta, ordine),
                asse_id=self._asse(letta.asse),
                tipo=letta.tipo or "",
                elementi_innovativi=letta.elementi_innovativi,
            )

    def prosecuzione(self) -> Iterator[Prosecuzione]:
        letta = self.letta.prosecuzione
        if letta is None:
            return
        risposte = {None: letta.necessaria, **(letta.per_asse or {})}
        for ordine, (asse, necessaria) in enumerate(risposte.items()):
            yield Prosecuzione(
                **self._comuni(letta, ordine),
                asse_id=self._asse(asse),
                necessaria=necessaria,
                etichetta=letta.etichetta,
                secondo_asse=letta.secondo_asse,
            )
