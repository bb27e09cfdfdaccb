"""Un foglio di esiti: che cosa si è ottenuto, in quale presa in carico, con quale prova."""

from functools import partial

from prestazioni.importo import prese, riconosci
from prestazioni.importo.banco import Banco
from prestazioni.importo.lavoro import CREA_DOPPIONI, Carico, Lavoro, rifiuta_i_doppioni, una_di
from prestazioni.importo.vocabolari import tipi_di_esito
from registro.comune.fogli.celle import Riga


FUTURO = "La data dell'esito è nel futuro: si registra quando c'è."
IMPORTO = "L'importo non può essere negativo."
NESSUNO = "Non c'è nessuno: scrivi di chi è l'esito."
GIA_REGISTRATO = "Questo esito, in questo giorno, è già registrato: togli la riga, o scegli di saltare i doppioni."

_TABELLE = f"""
{CREA_DOPPIONI}
DROP TABLE IF EXISTS pg_temp.importo_riga;
CREATE TEMP TABLE importo_riga (
    riga integer, uuid uuid DEFAULT gen_random_uuid(), azione bigint, giorno date, tipo bigint, prova text, presso text,
    mesi smallint, importo numeric(10, 2)
) ON COMMIT DROP;
"""
_COPIA = "COPY importo_riga (riga, azione, giorno, tipo, prova, presso, mesi, importo) FROM STDIN"
_RIPETUTE = """
WITH intere AS (
    SELECT r.riga, min(r.riga) OVER (PARTITION BY q.presa, r.tipo, r.giorno) AS prima
    FROM importo_riga r JOIN importo_presente q USING (riga)
    WHERE NOT EXISTS (SELECT 1 FROM importo_rifiuto f WHERE f.riga = r.riga)
)
INSERT INTO importo_doppione SELECT riga, prima FROM intere WHERE riga <> prima
"""
_GIA_REGISTRATI = """
INSERT INTO importo_doppione
SELECT DISTINCT r.riga, NULL::integer
FROM importo_riga r
JOIN importo_presente q USING (riga)
JOIN prestazioni_esito e
  ON e.ente_id = %(ente)s AND e.presa_id = q.presa AND e.tipo_id = r.tipo AND e.giorno = r.giorno
WHERE NOT EXISTS (SELECT 1 FROM importo_doppione d WHERE d.riga = r.riga)
"""
_TOGLI_I_DOPPIONI = "DELETE FROM importo_riga r USING importo_doppione d WHERE d.riga = r.riga"
_SCRIVI = """
INSERT INTO prestazioni_esito (uuid, ente_id, presa_id, beneficiario_id, tipo_id, giorno, prova,
    nome_ospitante, mesi, importo, importazione_id, registrato_da_id)
SELECT r.uuid, %(ente)s, q.presa, CASE WHEN q.del_nucleo THEN NULL ELSE q.beneficiario END, r.tipo,
    r.giorno, r.prova, r.presso, r.mesi, r.importo, %(importazione)s, %(utente)s
FROM importo_riga r JOIN importo_presente q USING (riga)
ORDER BY r.riga
"""


class CaricoEsiti(Carico):
    """Gli esiti, anche di prese in carico già chiuse."""

    def __init__(self, lavoro: Lavoro) -> None:
        super().__init__(lavoro)
        self.tipi = tipi_di_esito()
        self.righe: list[tuple] = []

    def leggi(self, riga: Riga) -> None:
        lavoro, lettore = self.lavoro, self.lavoro.lettore
        prima = len(lettore.rifiuti)
        if not lavoro.chi(riga) and len(lettore.rifiuti) == prima:
            lettore.rifiuta(riga, "persona", NESSUNO)
        self.righe.append(
            (
                riga.numero,
                *(lavoro.azione(riga), self._giorno(riga), self._tipo(riga)),
                *(lettore.testo(riga, "prova", 200), lettore.testo(riga, "presso", 200)),
                *(lettore.intero(riga, "mesi", 1, 600), self._importo(riga)),
            )
        )

    def stendi(self, banco: Banco) -> None:
        banco.crea(_TABELLE)
        banco.copia(_COPIA, self.righe)

    def controlla(self, banco: Banco) -> None:
        riconosci.rifiuta_chi_non_si_sa(banco)
        prese.trova(banco, anche_chiuse=True)
        banco.esegui(_RIPETUTE)
        banco.esegui(_GIA_REGISTRATI)
        self.togli_le_confermate(banco)
        if self.lavoro.scelte.doppioni == "salta":
            banco.esegui(_TOGLI_I_DOPPIONI)
        elif self.lavoro.scelte.doppioni == "rifiuta":
            rifiuta_i_doppioni(banco, GIA_REGISTRATO)

    def scrivi(self, banco: Banco, importazione: int) -> int:
        return banco.esegui(_SCRIVI, importazione=importazione)

    def _giorno(self, riga: Riga):
        lettore, prima = self.lavoro.lettore, len(self.lavoro.lettore.rifiuti)
        giorno = lettore.data(riga, "data")
        if giorno is None and len(lettore.rifiuti) == prima:
            lettore.rifiuta(riga, "data", "Manca la data.")
        elif giorno and giorno > self.lavoro.oggi:
            lettore.rifiuta(riga, "data", FUTURO)
        return giorno

    def _tipo(self, riga: Riga) -> int | None:
        lettore, prima = self.lavoro.lettore, len(self.lavoro.lettore.rifiuti)
        tipo = lettore.valore(
            riga, "tipo", partial(una_di, vocabolario=self.tipi, che_cosa="un esito")
        )
        if tipo is None and len(lettore.rifiuti) == prima:
            lettore.rifiuta(riga, "tipo", "Manca l'esito.")
        return tipo

    def _importo(self, riga: Riga):
        importo = self.lavoro.lettore.decimale(riga, "importo")
        if importo is not None and importo < 0:
            self.lavoro.lettore.rifiuta(riga, "importo", IMPORTO)
        return importo
