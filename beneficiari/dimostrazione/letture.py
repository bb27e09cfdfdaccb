"""Le letture delle ultime settimane, perché «Chi ha letto» abbia qualcosa da mostrare.

Sono righe inventate: nessuno ha aperto quelle pagine. Si scrivono però come le scriverebbe una
pagina, nel contesto di chi legge, e il database controlla che ciascuno scriva solo le proprie.
"""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from beneficiari.dimostrazione.scena import Scena, come
from beneficiari.models import Beneficiario
from enti.permessi import Attore
from privacy.gruppi import Finalita, Gruppo, Livello, Uscita


_ELENCO, _PERSONA, _CASI, _RILEVAZIONI, _CONDIVISA = (
    f"beneficiari:{nome}" for nome in ("elenco", "persona", "casi", "rilevazioni", "condivisa")
)
# Il nome del lavoro che prepara l'elenco da portare fuori.
_FOGLIO = "beneficiari.documento"
_PAGINE = (
    (_PERSONA, [Gruppo.ANAGRAFICA, Gruppo.CONTATTI, Gruppo.IDENTIFICATIVI]),
    (_PERSONA, [Gruppo.ANAGRAFICA, Gruppo.CONTATTI, Gruppo.PRESTAZIONI]),
    (_CASI, [Gruppo.ANAGRAFICA, Gruppo.PRESTAZIONI]),
    (_RILEVAZIONI, [Gruppo.ANAGRAFICA, Gruppo.BISOGNI, Gruppo.VALUTAZIONI, Gruppo.NOTE]),
)
_IN_ELENCO = 12
# Come in `privacy.letture`, più il giorno: chi legge per un altro ente non può rileggere la riga
# che ha scritto, quindi non la si fa rendere.
_INSERISCI = """
INSERT INTO privacy_registroaccessi
    (utente_id, ente_id, ente_titolare_id, beneficiario, finalita, gruppi, uscita, pagina,
     richiesta, quando)
SELECT %s, %s, %s, riga.persona, riga.finalita, riga.gruppi::text[], riga.uscita, riga.pagina, '',
    riga.quando
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[])
    AS riga(persona, finalita, gruppi, uscita, pagina, quando)
"""


class _Lettura(NamedTuple):
    """Una riga del registro, nell'ordine di `_INSERISCI`."""

    persona: int
    finalita: str
    gruppi: str
    uscita: str
    pagina: str
    quando: datetime


class LettureInventate:
    """Raccoglie le letture di una scena: di chi ci lavora, e degli enti che vedono qualcuno."""

    def __init__(self, scena: Scena, squadre: dict[int, list[Attore]]) -> None:
        self.scena, self.caso, self.squadre = scena, scena.caso, squadre
        self._righe: dict[Attore, list[_Lettura]] = defaultdict(list)

    def scrivi(self) -> None:
        for persona in self.scena.persone.values():
            for _ in range(self.caso.choice((0, 0, 1, 1, 2, 3)) if persona.prese else 0):
                self._legge(persona.chi, persona.riga, *self.caso.choice(_PAGINE))
        for chi in self.scena.squadra:
            self._scorre(chi, _ELENCO, Uscita.PAGINA)
        self._scorre(self.scena.referente, _FOGLIO, Uscita.FOGLIO)
        self._altri_enti()
        for chi, righe in self._righe.items():
            with come(chi):
                self._inserisci(chi, righe)

    def _scorre(self, chi: Attore, pagina: str, uscita: str) -> None:
        """Una pagina d'elenco lascia una riga per ogni persona che mostra."""
        persone = list(self.scena.persone.values())
        quando = self.scena.istante(self.scena.giorni_fa(1, 21))
        for persona in self.caso.sample(persone, min(_IN_ELENCO, len(persone))):
            gruppi = [Gruppo.ANAGRAFICA, Gruppo.PRESTAZIONI]
            self._legge(chi, persona.riga, pagina, gruppi, uscita=uscita, quando=quando)

    def _altri_enti(self) -> None:
        for permessa in self.scena.autorizzazioni:
            squadra = self.squadre.get(permessa.destinatario_id, [])
            completa = permessa.livello == Livello.COMPLETO
            gruppi = permessa.gruppi if completa else [Gruppo.ANAGRAFICA, *permessa.gruppi]
            for _ in range(self.caso.choice((0, 1, 1, 2)) if squadra else 0):
                dal = max(permessa.dal, self.scena.giorni_fa(20, 40))
                quando = self.scena.istante(self.scena.fra(dal, self.scena.oggi))
                self._legge(
                    self.caso.choice(squadra),
                    permessa.beneficiario,
                    _CONDIVISA,
                    gruppi,
                    quando=quando,
                    finalita=permessa.finalita,
                )

    def _inserisci(self, chi: Attore, righe: list[_Lettura]) -> None:
        colonne = zip(*righe, strict=True)
        with connection.cursor() as cursore:
            chi_e_di_chi = [chi.utente.pk, chi.ente.pk, self.scena.ente.pk]
            cursore.execute(_INSERISCI, [*chi_e_di_chi, *map(list, colonne)])

    def _legge(
        self,
        chi: Attore,
        riga: Beneficiario,
        pagina: str,
        gruppi: list[str],
        *,
        uscita: str = Uscita.PAGINA,
        finalita: str = Finalita.ASSISTENZA,
        quando: datetime | None = None,
    ) -> None:
        quando = quando or self.scena.istante(self.scena.giorni_fa(1, 40))
        elenco = "{" + ",".join(sorted(gruppi)) + "}"
        lettura = _Lettura(riga.pk, str(finalita), elenco, str(uscita), pagina, quando)
        self._righe[chi].append(lettura)
