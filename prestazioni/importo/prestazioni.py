"""Un foglio di prestazioni: una riga per ciò che si è fatto, con una o più persone."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import partial
from hashlib import sha256
from uuid import uuid4

from prestazioni.importo import interrogazioni, nuove, prese, riconosci
from prestazioni.importo.banco import Banco
from prestazioni.importo.lavoro import (
    Carico,
    Lavoro,
    canale_del_foglio,
    rifiuta_i_doppioni,
    servizio_del_foglio,
    una_di,
)
from prestazioni.importo.tipi import ServizioIgnoto
from prestazioni.importo.vocabolari import Servizi, di_scelte
from prestazioni.models import PRIMO_GIORNO, Modo, NotaDiPrestazione
from registro.comune.fogli import forme
from registro.comune.fogli.celle import Cella, Riga


FUTURO = "La data è nel futuro: si registra ciò che è già stato fatto."
TROPPO_LONTANA = "La data è troppo lontana: controlla l'anno."
DURATA = "La durata va da 1 minuto a 24 ore; se non si sa, lasciala vuota."
QUANTITA = "La quantità è maggiore di zero; se non si sa, lasciala vuota."
VALORE = "Il valore non può essere negativo."
NESSUNO = "Non c'è nessuno: scrivi chi c'era, oppure quante persone senza nome."
NOTA_DI_NESSUNO = (
    "La nota riservata è di una persona, e qui non ce n'è: toglila, o usa il titolo dell'incontro."
)
MASSIMO_NOTA = 4000


class CaricoPrestazioni(Carico):
    """Le prestazioni, chi c'era, chi affiancava, le note riservate."""

    molte_persone = True

    def __init__(self, lavoro: Lavoro) -> None:
        super().__init__(lavoro)
        self.servizi = Servizi.di(lavoro.da.ente)
        self.modi, self.codici_dei_modi = _modi()
        self.servizio_del_foglio = servizio_del_foglio(lavoro.scelte, lavoro.da)
        self.righe: list[tuple] = []
        self._trovati: dict[tuple, int | None] = {}
        self.affiancano: list[tuple[int, int]] = []
        self.note: list[tuple[int, int, str]] = []
        self.ignoti: Counter[str] = Counter()

    def valori(self) -> dict:
        nome = self.lavoro.lettore.nome
        return {
            **super().valori(),
            "colonna_servizio": nome("servizio"),
            "colonna_data": nome("data"),
            "colonna_senza_nome": nome("senza_nome"),
            "colonna_quantita": nome("quantita"),
            "canale": canale_del_foglio(self.lavoro.scelte),
        }

    def leggi(self, riga: Riga) -> None:
        lettore, prima = self.lavoro.lettore, len(self.lavoro.lettore.rifiuti)
        chi = self.lavoro.chi(riga)
        giorno = self._giorno(riga)
        senza_nome = lettore.intero(riga, "senza_nome", 1, 5000)
        if not chi and senza_nome is None and len(lettore.rifiuti) == prima:
            lettore.rifiuta(riga, "persona", NESSUNO)
        operatori = self.lavoro.operatori_della_riga(riga)
        self.affiancano.extend((riga.numero, altro) for altro in operatori[1:])
        nota = self._nota(riga, chi)
        self.righe.append(
            (
                riga.numero,
                *(self._servizio(riga, giorno), self.lavoro.azione(riga), operatori[0], giorno),
                *(lettore.ora(riga), self._minuti(riga), self._modo(riga)),
                *(lettore.testo(riga, "luogo", 100), self._quantita(riga), self._valore(riga)),
                *(senza_nome, lettore.testo(riga, "oggetto", 200)),
                _impronta(nota, operatori[1:]),
            )
        )

    def stendi(self, banco: Banco) -> None:
        banco.crea(interrogazioni.TABELLE)
        banco.copia(interrogazioni.COPIA_RIGHE, self.righe)
        banco.copia(interrogazioni.COPIA_AFFIANCA, self.affiancano)
        banco.copia(interrogazioni.COPIA_NOTE, self._note_cifrate())
        banco.crea("ANALYZE importo_riga")

    def controlla(self, banco: Banco) -> None:
        riconosci.rifiuta_chi_non_si_sa(banco)
        banco.esegui(interrogazioni.NUOVE_SENZA_PRESA)
        prese.trova(banco)
        self._controlla_i_doppioni(banco)
        banco.esegui(interrogazioni.SERVIZIO_NON_OFFERTO)
        if self.lavoro.lettore.ha("senza_nome"):
            banco.esegui(interrogazioni.SENZA_NOME_NON_AMMESSO)
        if self.lavoro.lettore.ha("quantita"):
            banco.esegui(interrogazioni.QUANTITA_INTERA)
        banco.esegui(interrogazioni.MESE_FIRMATO)

    def _controlla_i_doppioni(self, banco: Banco) -> None:
        """Saltati o rifiutati non hanno altri motivi: un mese firmato vieta solo le righe nuove."""
        banco.esegui(interrogazioni.RIPETUTE)
        banco.esegui(interrogazioni.GIA_PRESENTI)
        banco.esegui(interrogazioni.GIA_REGISTRATE)
        banco.esegui(interrogazioni.GIA_IN_PARTE)
        banco.esegui(interrogazioni.GIA_NEL_FOGLIO)
        self.togli_le_confermate(banco)
        scelte = self.lavoro.scelte
        if scelte.doppioni == "rifiuta":
            rifiuta_i_doppioni(banco)
        if scelte.in_parte == "rifiuta":
            banco.esegui(interrogazioni.RIFIUTA_IN_PARTE)
        banco.esegui(
            interrogazioni.TOGLI_I_DOPPIONI,
            si_caricano=scelte.doppioni == "carica",
            in_parte_si_caricano=scelte.in_parte == "carica",
        )
        banco.crea(interrogazioni.TOGLI_CHI_NON_ENTRA)

    def scrivi(self, banco: Banco, importazione: int) -> int:
        self._scrivi_le_nuove(banco, importazione)
        banco.crea("CREATE UNIQUE INDEX ON importo_riga (uuid); ANALYZE importo_riga")
        scritte = banco.esegui(interrogazioni.SCRIVI, importazione=importazione)
        banco.esegui(interrogazioni.SCRIVI_CHI_C_ERA, importazione=importazione)
        if self.affiancano:
            banco.esegui(interrogazioni.SCRIVI_CHI_AFFIANCA, importazione=importazione)
        if self.note:
            banco.esegui(interrogazioni.SCRIVI_LE_NOTE, importazione=importazione)
        return scritte

    def _scrivi_le_nuove(self, banco: Banco, importazione: int) -> None:
        """Le persone che non c'erano, con la presa in carico in cui stanno le loro prestazioni."""
        if nuove.scrivi(banco, self.lavoro.persone, importazione):
            banco.esegui(interrogazioni.APRI_LE_PRESE)
            banco.esegui(interrogazioni.PRESE_NATE, importazione=importazione)
            banco.esegui(interrogazioni.NUOVE_PRESENTI)

    def servizi_ignoti(self) -> tuple[ServizioIgnoto, ...]:
        return tuple(
            ServizioIgnoto(scritto, righe, self.servizi.vicini(scritto))
            for scritto, righe in self.ignoti.most_common()
        )

    def _giorno(self, riga: Riga) -> date | None:
        lettore = self.lavoro.lettore
        prima = len(lettore.rifiuti)
        giorno = lettore.data(riga, "data")
        if giorno is None:
            if len(lettore.rifiuti) == prima:
                lettore.rifiuta(riga, "data", "Manca la data.")
        elif giorno > self.lavoro.oggi:
            lettore.rifiuta(riga, "data", FUTURO)
        elif giorno < PRIMO_GIORNO:
            lettore.rifiuta(riga, "data", TROPPO_LONTANA)
        return giorno

    def _servizio(self, riga: Riga, giorno: date | None) -> int | None:
        lettore = self.lavoro.lettore
        scritto = lettore.testo(riga, "servizio", 200)
        if not scritto:
            if self.servizio_del_foglio is None:
                lettore.rifiuta(
                    riga,
                    "servizio",
                    "Manca il servizio: scrivilo, o sceglilo per tutto il foglio.",
                )
            return self.servizio_del_foglio
        servizio = self._trovati.get((scritto, giorno)) or self.servizi.trova(scritto, giorno)
        if servizio is None:
            self.ignoti[scritto] += 1
            lettore.rifiuta(riga, "servizio", self._servizio_ignoto(scritto))
        self._trovati[scritto, giorno] = servizio
        return servizio

    def _servizio_ignoto(self, scritto: str) -> str:
        if self.servizi.piu_di_uno(scritto):
            return f"«{scritto}» può essere più d'un servizio dell'ente: scrivi il nome intero."
        vicini = " o ".join(f"«{nome}»" for _, nome in self.servizi.vicini(scritto))
        forse = f" Forse è {vicini}?" if vicini else ""
        return f"«{scritto}» non è un servizio dell'ente.{forse}"

    def _minuti(self, riga: Riga) -> int | None:
        lettore = self.lavoro.lettore
        minuti = lettore.minuti(riga, self.lavoro.scelte.unita or None)
        if minuti is not None and not 1 <= minuti <= 24 * 60:
            lettore.rifiuta(riga, self._campo_della_durata(), DURATA)
            return None
        return minuti

    def _campo_della_durata(self) -> str:
        campi = (c for c in ("durata", "ore", "minuti") if self.lavoro.lettore.ha(c))
        return next(campi, "durata")

    def _modo(self, riga: Riga) -> str:
        posto = self.lavoro.lettore.valore(
            riga, "modo", partial(una_di, vocabolario=self.modi, che_cosa="un modo")
        )
        return Modo.PRESENZA if posto is None else self.codici_dei_modi[posto]

    def _quantita(self, riga: Riga):
        quantita = self.lavoro.lettore.decimale(riga, "quantita")
        if quantita is not None and quantita <= 0:
            self.lavoro.lettore.rifiuta(riga, "quantita", QUANTITA)
        return quantita

    def _valore(self, riga: Riga):
        valore = self.lavoro.lettore.decimale(riga, "valore")
        if valore is not None and valore < 0:
            self.lavoro.lettore.rifiuta(riga, "valore", VALORE)
        return valore

    def _nota(self, riga: Riga, chi: list[int]) -> str:
        nota = self.lavoro.lettore.valore(riga, "nota", _nota)
        if nota and not chi:
            self.lavoro.lettore.rifiuta(riga, "nota", NOTA_DI_NESSUNO)
        elif nota:
            self.note.extend((riga.numero, uno, nota) for uno in chi)
        return nota or ""

    def _note_cifrate(self):
        validi = self.lavoro.persone.unisci()
        for riga, chi, testo in self.note:
            nota = NotaDiPrestazione(uuid=uuid4(), ente_id=self.lavoro.da.ente.pk)
            nota.testo = testo
            yield riga, validi[chi], nota.uuid, nota.testo_cifrato


def _impronta(nota: str, affiancano: Sequence[int]) -> str | None:
    """Ciò che distingue due righe e in `importo_riga` non c'è; None se non c'è niente."""
    if not nota and not affiancano:
        return None
    return sha256(f"{sorted(affiancano)} {nota}".encode()).hexdigest()


def _nota(cella: Cella) -> str:
    testo = forme.testo(cella)
    if len(testo) > MASSIMO_NOTA:
        raise forme.FormaNonCapita(
            f"La nota ha {len(testo)} caratteri: al massimo {MASSIMO_NOTA}."
        )
    return testo


def _modi():
    modi, codici = di_scelte(Modo.choices)
    altri = {
        Modo.PRESENZA: ("di persona", "sede", "in sede", "sportello", "ufficio", "colloquio"),
        Modo.DOMICILIO: ("domiciliare", "casa", "a casa", "visita", "visita domiciliare"),
        Modo.TELEFONO: ("telefonata", "telefonico", "telefonica", "tel", "tel.", "chiamata"),
        Modo.ONLINE: ("on line", "on-line", "videochiamata", "video", "mail", "email", "whatsapp"),
    }
    for codice, nomi in altri.items():
        posto = codici.index(codice)
        modi.aggiungi(posto, modi.nomi[posto], *nomi)
    return modi, codici
