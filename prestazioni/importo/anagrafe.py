"""Un foglio di persone: l'anagrafica, il codice, i recapiti."""

import re
from collections.abc import Sequence
from functools import cache, partial
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from beneficiari.codici import incongruenze
from beneficiari.models import Beneficiario, Recapito
from prestazioni.importo import nuove, riconosci
from prestazioni.importo.banco import Banco
from prestazioni.importo.lavoro import CREA_DOPPIONI, Carico, Lavoro, rifiuta_i_doppioni, una_di
from prestazioni.importo.tipi import Doppione
from prestazioni.importo.vocabolari import Vocabolario, di_scelte
from registro.comune.fogli import forme
from registro.comune.fogli.celle import Cella, Riga
from registro.comune.fogli.forme import FormaNonCapita
from registro.comune.tassonomie import paesi


SENZA_NOME = "Manca il nome: scrivi almeno il cognome o il nome."
GIA_FRA_LE_PERSONE = (
    "È già fra le persone dell'ente: togli la riga, o scegli di saltare i doppioni."
)
_FRA = re.compile(r"\s*[,;/\n]\s*|\s+e\s+")
_RIGHE_MOSTRATE = 10
# Come si scrive nei fogli una cittadinanza: quasi mai col nome dello stato.
_POPOLI = {
    **{"italiana": "IT", "italiano": "IT", "ita": "IT", "marocchina": "MA", "albanese": "AL"},
    **{"romena": "RO", "rumena": "RO", "senegalese": "SN", "nigeriana": "NG", "egiziana": "EG"},
    **{"ucraina": "UA", "cinese": "CN", "peruviana": "PE", "ecuadoriana": "EC", "tunisina": "TN"},
    **{"moldava": "MD", "pakistana": "PK", "pachistana": "PK", "indiana": "IN", "malese": "MY"},
    **{"bengalese": "BD", "bangladese": "BD", "brasiliana": "BR", "colombiana": "CO"},
    **{"dominicana": "DO", "cubana": "CU", "filippina": "PH", "polacca": "PL", "bulgara": "BG"},
    **{"russa": "RU", "francese": "FR", "tedesca": "DE", "spagnola": "ES", "inglese": "GB"},
    **{"macedone": "MK", "serba": "RS", "bosniaca": "BA", "kosovara": "XK", "croata": "HR"},
    **{"turca": "TR", "siriana": "SY", "afghana": "AF", "afgana": "AF", "iraniana": "IR"},
    **{"irachena": "IQ", "somala": "SO", "eritrea": "ER", "etiope": "ET", "maliana": "ML"},
    **{"ivoriana": "CI", "ghanese": "GH", "gambiana": "GM", "guineana": "GN", "camerunense": "CM"},
    **{"algerina": "DZ", "libica": "LY", "sudanese": "SD", "congolese": "CD", "togolese": "TG"},
    **{"boliviana": "BO", "argentina": "AR", "venezuelana": "VE", "cilena": "CL", "apolide": "XX"},
    **{"georgiana": "GE", "burkinabe": "BF", "beninese": "BJ", "srilankese": "LK"},
}

_TABELLE = f"""
{CREA_DOPPIONI}
DROP TABLE IF EXISTS pg_temp.importo_recapito;
CREATE TEMP TABLE importo_recapito (riga integer, uuid uuid, tipo text, valore text) ON COMMIT DROP;
"""
_COPIA_RECAPITI = "COPY importo_recapito (riga, uuid, tipo, valore) FROM STDIN"
_RIPETUTE = """
WITH prime AS (
    SELECT riga, min(riga) OVER (PARTITION BY chi) AS prima FROM importo_di_chi
)
INSERT INTO importo_doppione SELECT riga, prima FROM prime WHERE riga <> prima
"""
_GIA_FRA_LE_PERSONE = """
INSERT INTO importo_doppione
SELECT d.riga, NULL FROM importo_di_chi d JOIN importo_chi c USING (chi)
WHERE c.persona IS NOT NULL AND NOT EXISTS (SELECT 1 FROM importo_doppione q WHERE q.riga = d.riga)
"""
# Chi importa ha detto chi è: la riga non va scritta, e non è uno sbaglio.
_GIA_DECISE = """
SELECT d.riga FROM importo_di_chi d JOIN importo_chi c USING (chi)
WHERE c.scelta IS NOT NULL AND c.persona IS NOT NULL
"""
_TOGLI_LE_DECISE = """
DELETE FROM importo_doppione d WHERE d.riga = ANY(%(decise)s)
"""
_SCRIVI_I_RECAPITI = """
INSERT INTO beneficiari_recapito (uuid, ente_id, beneficiario_id, tipo, valore, tipo_residenza,
    avvertenza, riservato)
SELECT r.uuid, %(ente)s, c.persona, r.tipo, r.valore, '', '', false
FROM importo_recapito r
JOIN importo_di_chi d ON d.riga = r.riga
JOIN importo_nuova n ON n.chi = d.chi
JOIN importo_chi c ON c.chi = d.chi
WHERE NOT r.riga = ANY(%(saltate)s)
"""
_RECAPITI_NATI = """
INSERT INTO prestazioni_rigaimportata (ente_id, importazione_id, tabella, chiave)
SELECT %(ente)s, %(importazione)s, 'beneficiari_recapito', v.id
FROM importo_recapito r JOIN beneficiari_recapito v ON v.uuid = r.uuid AND v.ente_id = %(ente)s
"""


class CaricoPersone(Carico):
    """Le persone nuove dell'ente. Chi c'è già non si tocca."""

    nuove_persone = True

    def __init__(self, lavoro: Lavoro) -> None:
        super().__init__(lavoro)
        self.generi, self.codici_dei_generi = _generi()
        self.altro: dict[int, tuple[str, Sequence[str], str]] = {}
        self.recapiti: list[tuple] = []
        self.discordi: list[int] = []
        self._saltate: tuple[int, ...] = ()

    def leggi(self, riga: Riga) -> None:
        lettore, prima = self.lavoro.lettore, len(self.lavoro.lettore.rifiuti)
        chi = self.lavoro.chi(riga)
        scritta = self.lavoro.persone.scritte[chi[0]] if chi else None
        if len(lettore.rifiuti) == prima and not (scritta and scritta.parole):
            lettore.rifiuta(riga, "cognome", SENZA_NOME)
        genere = lettore.valore(
            riga, "genere", partial(una_di, vocabolario=self.generi, che_cosa="un genere")
        )
        codice_genere = "" if genere is None else self.codici_dei_generi[genere]
        cittadinanze = lettore.valore(riga, "cittadinanza", _cittadinanze) or ()
        comune = lettore.testo(riga, "comune", 100)
        self._recapiti(riga)
        if scritta:
            self.altro.setdefault(chi[0], (codice_genere, cittadinanze, comune))
            self._confronta(riga, scritta)

    def stendi(self, banco: Banco) -> None:
        banco.crea(_TABELLE)
        banco.copia(_COPIA_RECAPITI, self.recapiti)

    def controlla(self, banco: Banco) -> None:
        riconosci.rifiuta_chi_non_si_sa(banco)
        banco.esegui(_RIPETUTE)
        banco.esegui(_GIA_FRA_LE_PERSONE)
        decise = [riga for (riga,) in banco.leggi(_GIA_DECISE)]
        banco.esegui(_TOGLI_LE_DECISE, decise=decise)
        self._saltate = tuple(decise)
        if self.lavoro.scelte.doppioni != "salta":
            rifiuta_i_doppioni(banco, GIA_FRA_LE_PERSONE)

    def scrivi(self, banco: Banco, importazione: int) -> int:
        scritte = nuove.scrivi(banco, self.lavoro.persone, importazione, self.altro)
        if scritte and self.recapiti:
            saltate = list(self.saltate(self.doppioni(banco)))
            banco.esegui(_SCRIVI_I_RECAPITI, saltate=saltate)
            banco.esegui(_RECAPITI_NATI, importazione=importazione)
        return scritte

    def saltate(self, doppioni: Sequence[Doppione]) -> tuple[int, ...]:
        return tuple(sorted({*super().saltate(doppioni), *self._saltate}))

    def avvisi_alla_fine(self) -> list[str]:
        if not self.discordi:
            return []
        quali = ", ".join(map(str, self.discordi[:_RIGHE_MOSTRATE]))
        altre = "…" if len(self.discordi) > _RIGHE_MOSTRATE else ""
        return [
            "Il codice fiscale non va d'accordo col nome o con la data di nascita: vale ciò"
            f" che è scritto, ma ricontrolla le righe {quali}{altre}."
        ]

    def _confronta(self, riga: Riga, scritta) -> None:
        if scritta.codice is None or scritta.codice.tipo != "cf":
            return
        nascita = None if scritta.stimata else scritta.nascita
        if incongruenze(
            scritta.codice.valore, cognome=scritta.cognome, nome=scritta.nome, nascita=nascita
        ):
            self.discordi.append(riga.numero)

    def _recapiti(self, riga: Riga) -> None:
        lettore = self.lavoro.lettore
        posta = lettore.valore(riga, "posta", _posta)
        valori = (
            (Recapito.Tipo.TELEFONO, lettore.valore(riga, "telefono", _telefono)),
            (Recapito.Tipo.POSTA, posta),
            (Recapito.Tipo.INDIRIZZO, lettore.testo(riga, "indirizzo", 200)),
        )
        self.recapiti.extend(
            (riga.numero, uuid4(), tipo.value, valore) for tipo, valore in valori if valore
        )


def _telefono(cella: Cella) -> str:
    """Un numero di telefono: Excel lo tiene come numero, e lo rende con la virgola."""
    scritto = forme.testo(int(cella) if isinstance(cella, float) and cella.is_integer() else cella)
    if len(scritto) > 200 or not any(segno.isdecimal() for segno in scritto):
        raise FormaNonCapita(f"«{scritto[:60]}» non è un numero di telefono.")
    return scritto


def _posta(cella: Cella) -> str:
    scritta = forme.testo(cella)
    try:
        validate_email(scritta)
    except ValidationError:
        raise FormaNonCapita(f"«{scritta[:60]}» non è un indirizzo di posta.") from None
    return scritta


def _cittadinanze(cella: Cella) -> tuple[str, ...]:
    scritte = [parte for parte in _FRA.split(forme.testo(cella)) if parte]
    vocabolario, codici = _cittadinanze_note()
    trovate = [codici[una_di(parte, vocabolario, "uno stato")] for parte in scritte]
    return tuple(dict.fromkeys(trovate))


@cache
def _cittadinanze_note() -> tuple[Vocabolario, list[str]]:
    vocabolario, codici = di_scelte((paese.iso2, paese.nome) for paese in paesi())
    for nome, codice in _POPOLI.items():
        if codice in codici:
            posto = codici.index(codice)
            # «marocchina» e «marocchino» sono la stessa cittadinanza.
            maschile = nome[:-1] + "o" if nome.endswith("a") else nome
            vocabolario.aggiungi(posto, vocabolario.nomi[posto], nome, maschile)
    return vocabolario, codici


def _generi() -> tuple[Vocabolario, list[str]]:
    generi, codici = di_scelte(Beneficiario.Genere.choices)
    altri = {
        "F": ("femmina", "femminile", "donne", "d"),
        "M": ("maschio", "maschile", "uomini", "u"),
        "X": ("altro", "nb", "non-binario"),
        "N": ("nd", "n.d.", "non dichiarato", "non indicato"),
    }
    for codice, nomi in altri.items():
        posto = codici.index(codice)
        generi.aggiungi(posto, generi.nomi[posto], *nomi)
    return generi, codici
