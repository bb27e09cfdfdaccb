"""Un foglio di prese in carico, aperte o già chiuse, di persone dell'ente."""

from functools import partial

from assi.models import TipoDiChiusura
from beneficiari.models import PresaInCarico
from prestazioni.importo import nuove, riconosci
from prestazioni.importo.banco import Banco
from prestazioni.importo.lavoro import (
    CREA_DOPPIONI,
    Carico,
    Lavoro,
    canale_del_foglio,
    rifiuta_i_doppioni,
    una_di,
)
from prestazioni.importo.vocabolari import di_scelte, tipi_di_chiusura
from registro.comune.fogli.celle import Riga


NEL_FUTURO = "La data è nel futuro: scrivi quando è successo davvero."
IN_ORDINE = "La chiusura non può precedere l'apertura."
CHIUSA_CON_ESITO = "Una presa in carico si chiude con una data e un esito."
ABBANDONO = (
    "Di un abbandono si dicono la fase, il motivo e chi ha lasciato: importala aperta, e chiudila"
    " dalla sua pagina."
)
SENZA_CANALE = "Manca come è arrivata: scrivilo, o sceglilo per tutto il foglio."
SENZA_AZIONE = (
    "Non si sa per quale azione: aggiungi una colonna che la dica, o sceglila per tutto il foglio."
)
SENZA_APERTURA = "Manca la data di apertura."
NESSUNO = "Non c'è nessuno: scrivi di chi è la presa in carico."
GIA_REGISTRATA = "Questa presa in carico c'è già: togli la riga, o scegli di saltare i doppioni."

_TABELLE = f"""
{CREA_DOPPIONI}
DROP TABLE IF EXISTS pg_temp.importo_riga;
CREATE TEMP TABLE importo_riga (
    riga integer, uuid uuid DEFAULT gen_random_uuid(), azione bigint, canale text, giorno date, chiusa date, esito bigint,
    motivazione text, operatore bigint
) ON COMMIT DROP;
"""
_COPIA = """COPY importo_riga (riga, azione, canale, giorno, chiusa, esito, motivazione,
    operatore) FROM STDIN"""
_DELLE_RIGHE = """
WITH intere AS (
    SELECT r.riga, min(r.riga) OVER (
        PARTITION BY coalesce(c.persona, -c.chi), r.azione, r.giorno, r.chiusa) AS prima
    FROM importo_riga r JOIN importo_di_chi d USING (riga) JOIN importo_chi c USING (chi)
    WHERE NOT EXISTS (SELECT 1 FROM importo_rifiuto f WHERE f.riga = r.riga)
)
INSERT INTO importo_doppione SELECT riga, prima FROM intere WHERE riga <> prima
"""
_SUE = """
    FROM importo_riga r
    JOIN importo_di_chi d USING (riga)
    JOIN importo_chi c USING (chi)
    JOIN beneficiari_beneficiario b
      ON b.ente_id = %(ente)s AND (b.id = c.persona OR b.unito_a_id = c.persona)
    JOIN beneficiari_presaincarico p
      ON p.ente_id = %(ente)s AND p.beneficiario_id = b.id AND p.azione_id = r.azione
"""
_GIA_REGISTRATE = f"""
INSERT INTO importo_doppione
SELECT DISTINCT r.riga, NULL::integer {_SUE}
WHERE p.aperta_il = r.giorno AND p.chiusa_il IS NOT DISTINCT FROM r.chiusa
  AND NOT EXISTS (SELECT 1 FROM importo_doppione q WHERE q.riga = r.riga)
"""  # noqa: S608 - compone frasi nostre, i valori vanno a parte
_TOGLI_I_DOPPIONI = "DELETE FROM importo_riga r USING importo_doppione d WHERE d.riga = r.riga"
_GIA_APERTA = f"""
INSERT INTO importo_rifiuto
SELECT DISTINCT r.riga, %(colonna_persona)s,
    'La persona ha già una presa in carico aperta per questa azione.' {_SUE}
WHERE p.chiusa_il IS NULL AND r.chiusa IS NULL
"""
_DUE_APERTE = """
INSERT INTO importo_rifiuto
SELECT riga, %(colonna_persona)s,
    'La persona ha un''altra presa in carico aperta per questa azione alla riga ' || prima || '.'
FROM (
    SELECT r.riga, min(r.riga) OVER (PARTITION BY coalesce(c.persona, -c.chi), r.azione) AS prima
    FROM importo_riga r JOIN importo_di_chi d USING (riga) JOIN importo_chi c USING (chi)
    WHERE r.chiusa IS NULL AND r.azione IS NOT NULL
) aperte
WHERE riga <> prima
"""
_CHI_NON_LAVORA_PIU = """
INSERT INTO importo_rifiuto
SELECT r.riga, %(colonna_operatore)s, 'Questa persona non lavora più nell''ente.'
FROM importo_riga r
WHERE r.chiusa IS NULL AND NOT EXISTS (
    SELECT 1 FROM enti_appartenenza a
    WHERE a.utente_id = r.operatore AND a.ente_id = %(ente)s AND a.inizio <= %(oggi)s
      AND (a.fine IS NULL OR a.fine > %(oggi)s OR a.fine = %(oggi)s AND a.chiusa_il IS NULL)
)
"""
_SCRIVI = """
INSERT INTO beneficiari_presaincarico (uuid, ente_id, beneficiario_id, azione_id, canale,
    motivazione, operatore_id, aperta_il, chiusa_il, esito_id, esito_in_parole, fase_abbandono,
    motivo_abbandono, unita_abbandono, prosecuzione, versione)
SELECT r.uuid, %(ente)s, c.persona, r.azione, r.canale, r.motivazione, r.operatore, r.giorno,
    r.chiusa, r.esito, '', '', '', '', '', 1
FROM importo_riga r JOIN importo_di_chi d USING (riga) JOIN importo_chi c USING (chi)
ORDER BY r.riga
"""
_NATE = """
INSERT INTO prestazioni_rigaimportata (ente_id, importazione_id, tabella, chiave)
SELECT %(ente)s, %(importazione)s, 'beneficiari_presaincarico', p.id
FROM importo_riga r JOIN beneficiari_presaincarico p ON p.uuid = r.uuid AND p.ente_id = %(ente)s
"""


class CaricoCasi(Carico):
    """Le prese in carico; con `nuove_persone` anche le persone che non ci sono."""

    def __init__(self, lavoro: Lavoro) -> None:
        super().__init__(lavoro)
        self.canali, self.codici_dei_canali = canali()
        self.chiusure = tipi_di_chiusura()
        abbandoni = TipoDiChiusura.objects.filter(abbandono=True)
        self.abbandoni = frozenset(abbandoni.values_list("pk", flat=True))
        self.righe: list[tuple] = []
        self.canale_del_foglio = canale_del_foglio(lavoro.scelte)

    def valori(self) -> dict:
        nome = self.lavoro.lettore.nome
        return {
            **super().valori(),
            "colonna_operatore": nome("operatore", "operatore_cognome"),
        }

    def leggi(self, riga: Riga) -> None:
        lavoro, prima = self.lavoro, len(self.lavoro.lettore.rifiuti)
        if not lavoro.chi(riga) and len(lavoro.lettore.rifiuti) == prima:
            lavoro.lettore.rifiuta(riga, "persona", NESSUNO)
        aperta, chiusa, esito = self._date(riga)
        self.righe.append(
            (
                riga.numero,
                *(self._azione(riga), self._canale(riga), aperta, chiusa, esito),
                *(lavoro.lettore.testo(riga, "motivazione", 2000), self._operatore(riga)),
            )
        )

    def stendi(self, banco: Banco) -> None:
        banco.crea(_TABELLE)
        banco.copia(_COPIA, self.righe)

    def controlla(self, banco: Banco) -> None:
        riconosci.rifiuta_chi_non_si_sa(banco)
        banco.esegui(_DELLE_RIGHE)
        banco.esegui(_GIA_REGISTRATE)
        if self.lavoro.scelte.doppioni != "salta":
            rifiuta_i_doppioni(banco, GIA_REGISTRATA)
        # Saltati o rifiutati, non hanno altri motivi.
        banco.esegui(_TOGLI_I_DOPPIONI)
        banco.esegui(_GIA_APERTA)
        banco.esegui(_DUE_APERTE)
        banco.esegui(_CHI_NON_LAVORA_PIU)

    def scrivi(self, banco: Banco, importazione: int) -> int:
        nuove.scrivi(banco, self.lavoro.persone, importazione)
        scritte = banco.esegui(_SCRIVI)
        banco.esegui(_NATE, importazione=importazione)
        return scritte

    def _azione(self, riga: Riga) -> int | None:
        prima = len(self.lavoro.lettore.rifiuti)
        azione = self.lavoro.azione(riga)
        if azione is None and len(self.lavoro.lettore.rifiuti) == prima:
            self.lavoro.lettore.rifiuta(riga, "azione", SENZA_AZIONE)
        return azione

    def _canale(self, riga: Riga) -> str:
        lettore, prima = self.lavoro.lettore, len(self.lavoro.lettore.rifiuti)
        posto = lettore.valore(
            riga, "canale", partial(una_di, vocabolario=self.canali, che_cosa="un canale")
        )
        if posto is not None:
            return self.codici_dei_canali[posto]
        if not self.canale_del_foglio and len(lettore.rifiuti) == prima:
            lettore.rifiuta(riga, "canale", SENZA_CANALE)
        return self.canale_del_foglio

    def _date(self, riga: Riga):
        """Apertura, chiusa, esito; ciò che non va è già rifiutato."""
        lettore, prima = self.lavoro.lettore, len(self.lavoro.lettore.rifiuti)
        aperta, chiusa = lettore.data(riga, "aperta_il"), lettore.data(riga, "chiusa_il")
        esito = lettore.valore(
            riga, "esito", partial(una_di, vocabolario=self.chiusure, che_cosa="un modo di finire")
        )
        if len(lettore.rifiuti) > prima:
            return aperta, chiusa, esito
        if aperta is None:
            lettore.rifiuta(riga, "aperta_il", SENZA_APERTURA)
        for campo, giorno in (("aperta_il", aperta), ("chiusa_il", chiusa)):
            if giorno and giorno > self.lavoro.oggi:
                lettore.rifiuta(riga, campo, NEL_FUTURO)
        if aperta and chiusa and chiusa < aperta:
            lettore.rifiuta(riga, "chiusa_il", IN_ORDINE)
        if (chiusa is None) != (esito is None):
            lettore.rifiuta(riga, "esito" if esito is None else "chiusa_il", CHIUSA_CON_ESITO)
        if esito in self.abbandoni:
            lettore.rifiuta(riga, "esito", ABBANDONO)
        return aperta, chiusa, esito

    def _operatore(self, riga: Riga) -> int:
        return self.lavoro.operatori_della_riga(riga)[0]


def canali():
    """Come può essere arrivata una persona, con i nomi che si trovano scritti."""
    vocabolario, codici = di_scelte(PresaInCarico.Canale.choices)
    altri = {
        "servizi-pubblici": (
            *("servizi sociali", "servizio sociale", "comune", "asl", "cpi", "csm", "serd"),
            *("consorzio", "prefettura", "questura", "scuola", "centro per l'impiego"),
        ),
        "altri-ets": ("associazione", "associazioni", "cooperativa", "ets", "caritas"),
        "rete-progetto": ("rete", "partner", "partner di progetto", "progetto"),
        "rete-territoriale": ("territorio", "parrocchia"),
        "passaparola": ("amici", "conoscenti", "amico", "parenti", "familiari"),
        "contatti-propri": (
            *("autonomo", "autonoma", "spontaneo", "spontanea", "accesso spontaneo", "diretto"),
            *("accesso diretto", "autosegnalazione", "da solo", "da sola"),
        ),
        "scouting": ("strada", "unità di strada", "outreach"),
        "progetto-collegato": ("altro progetto", "altri progetti"),
    }
    for codice, nomi in altri.items():
        posto = codici.index(codice)
        vocabolario.aggiungi(posto, vocabolario.nomi[posto], *nomi)
    return vocabolario, codici
