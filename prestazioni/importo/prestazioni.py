"""Un foglio di prestazioni: una riga per ciò che si è fatto, con una o più persone."""

from collections import Counter
from datetime import date
from functools import partial
from uuid import uuid4

from prestazioni.importo import nuove, prese, riconosci
from prestazioni.importo.banco import Banco
from prestazioni.importo.lavoro import (
    CREA_DOPPIONI,
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

_TABELLE = f"""
{CREA_DOPPIONI}
DROP TABLE IF EXISTS pg_temp.importo_riga, pg_temp.importo_affianca, pg_temp.importo_annota;
CREATE TEMP TABLE importo_riga (
    riga integer, uuid uuid DEFAULT gen_random_uuid(), servizio bigint, azione bigint, operatore bigint, giorno date,
    ora time, minuti smallint, modo text, luogo text, quantita numeric(10, 2),
    valore numeric(10, 2), senza_nome smallint, oggetto text
) ON COMMIT DROP;
CREATE TEMP TABLE importo_affianca (riga integer, utente bigint) ON COMMIT DROP;
CREATE TEMP TABLE importo_annota (riga integer, chi integer, uuid uuid, testo bytea) ON COMMIT DROP;
"""
_COPIA_RIGHE = """COPY importo_riga (riga, servizio, azione, operatore, giorno, ora, minuti,
    modo, luogo, quantita, valore, senza_nome, oggetto) FROM STDIN"""
_COPIA_AFFIANCA = "COPY importo_affianca (riga, utente) FROM STDIN"
_COPIA_NOTE = "COPY importo_annota (riga, chi, uuid, testo) FROM STDIN"

_SERVIZIO_NON_OFFERTO = """
INSERT INTO importo_rifiuto
SELECT r.riga, %(colonna_servizio)s, 'In quel giorno l''ente non offriva questo servizio.'
FROM importo_riga r JOIN assi_servizio s ON s.id = r.servizio AND s.ente_id = %(ente)s
WHERE NOT r.giorno BETWEEN coalesce(s.dal, '-infinity') AND coalesce(s.al, 'infinity')
"""
_SENZA_NOME_NON_AMMESSO = """
INSERT INTO importo_rifiuto
SELECT r.riga, %(colonna_senza_nome)s,
    'Questo servizio non è a bassa soglia: le persone si scrivono per nome.'
FROM importo_riga r JOIN assi_servizio s ON s.id = r.servizio AND s.ente_id = %(ente)s
WHERE r.senza_nome IS NOT NULL AND NOT s.bassa_soglia
"""
_QUANTITA_INTERA = """
INSERT INTO importo_rifiuto
SELECT r.riga, %(colonna_quantita)s, 'La quantità è in ' || lower(u.nome) || ': è un numero intero.'
FROM importo_riga r
JOIN assi_servizio s ON s.id = r.servizio AND s.ente_id = %(ente)s
JOIN assi_vocenomenclatura v ON v.id = s.voce_id
JOIN assi_unitadimisura u ON u.id = v.unita_id
WHERE NOT u.decimali AND r.quantita <> trunc(r.quantita)
"""
_MESE_FIRMATO = """
INSERT INTO importo_rifiuto
SELECT DISTINCT r.riga, %(colonna_data)s, 'Il mese di questo operatore è già firmato e non si'
    ' cambia: il referente può scrivere una rettifica.'
FROM (
    SELECT riga, giorno, operatore FROM importo_riga
    UNION ALL
    SELECT a.riga, r.giorno, a.utente FROM importo_affianca a JOIN importo_riga r USING (riga)
) r
JOIN prestazioni_foglioore f
  ON f.ente_id = %(ente)s AND f.operatore_id = r.operatore
 AND f.mese = date_trunc('month', r.giorno)::date
"""
# Due righe uguali in tutto: la seconda ripete la prima.
_RIPETUTE = """
WITH intere AS (
    SELECT r.riga, ROW(r.servizio, r.azione, r.operatore, r.giorno, r.ora, r.minuti, r.modo, r.luogo,
        r.quantita, r.valore, r.senza_nome, r.oggetto, q.persone) AS tutto
    FROM importo_riga r
    LEFT JOIN (
        SELECT d.riga, array_agg(coalesce(c.persona, -c.chi) ORDER BY coalesce(c.persona, -c.chi))
            AS persone
        FROM importo_di_chi d JOIN importo_chi c USING (chi) GROUP BY d.riga
    ) q USING (riga)
), prime AS (
    SELECT riga, min(riga) OVER (PARTITION BY tutto) AS prima FROM intere
)
INSERT INTO importo_doppione SELECT riga, prima FROM prime WHERE riga <> prima
"""
_GIA_REGISTRATE = """
INSERT INTO importo_doppione
SELECT DISTINCT r.riga, NULL::integer
FROM importo_riga r
JOIN importo_presente q USING (riga)
JOIN prestazioni_partecipazione p
  ON p.ente_id = %(ente)s AND p.beneficiario_id = q.beneficiario AND p.giorno = r.giorno
JOIN prestazioni_prestazione g
  ON g.id = p.prestazione_id AND g.ente_id = %(ente)s AND g.servizio_id = r.servizio
 AND g.operatore_id = r.operatore AND g.minuti IS NOT DISTINCT FROM r.minuti
WHERE NOT EXISTS (SELECT 1 FROM importo_doppione d WHERE d.riga = r.riga)
UNION ALL
SELECT DISTINCT r.riga, NULL::integer
FROM importo_riga r
JOIN prestazioni_prestazione g
  ON g.ente_id = %(ente)s AND g.giorno = r.giorno AND g.servizio_id = r.servizio
 AND g.operatore_id = r.operatore AND g.minuti IS NOT DISTINCT FROM r.minuti
 AND g.senza_nome = r.senza_nome
WHERE NOT EXISTS (SELECT 1 FROM importo_di_chi d WHERE d.riga = r.riga)
  AND NOT EXISTS (SELECT 1 FROM importo_doppione d WHERE d.riga = r.riga)
"""
_TOGLI_I_DOPPIONI = "DELETE FROM importo_riga r USING importo_doppione d WHERE d.riga = r.riga"

_NUOVE_SENZA_PRESA = """
INSERT INTO importo_rifiuto
SELECT DISTINCT d.riga, %(colonna_persona)s, 'È una persona nuova: per aprirle la presa in carico'
    ' scegli, per tutto il foglio, l''azione e come è arrivata.'
FROM importo_riga r JOIN importo_di_chi d USING (riga) JOIN importo_chi c USING (chi)
WHERE c.nuova AND c.persona IS NULL AND (r.azione IS NULL OR %(canale)s = '')
"""
# Aperta dal primo giorno in cui il foglio la nomina.
_APRI_LE_PRESE = """
INSERT INTO beneficiari_presaincarico (uuid, ente_id, beneficiario_id, azione_id, canale,
    motivazione, operatore_id, aperta_il, esito_in_parole, fase_abbandono, motivo_abbandono,
    unita_abbandono, prosecuzione, versione)
SELECT gen_random_uuid(), %(ente)s, c.persona, r.azione, %(canale)s, '', %(utente)s, min(r.giorno),
    '', '', '', '', '', 1
FROM importo_riga r
JOIN importo_di_chi d USING (riga)
JOIN importo_nuova n USING (chi)
JOIN importo_chi c USING (chi)
GROUP BY c.persona, r.azione
"""
_PRESE_NATE = """
INSERT INTO prestazioni_rigaimportata (ente_id, importazione_id, tabella, chiave)
SELECT %(ente)s, %(importazione)s, 'beneficiari_presaincarico', p.id
FROM importo_nuova n
JOIN importo_chi c USING (chi)
JOIN beneficiari_presaincarico p ON p.beneficiario_id = c.persona AND p.ente_id = %(ente)s
"""
_NUOVE_PRESENTI = """
INSERT INTO importo_presente (riga, chi, persona, presa, beneficiario, del_nucleo)
SELECT r.riga, d.chi, c.persona, p.id, c.persona, false
FROM importo_riga r
JOIN importo_di_chi d USING (riga)
JOIN importo_nuova n USING (chi)
JOIN importo_chi c USING (chi)
JOIN beneficiari_presaincarico p
  ON p.beneficiario_id = c.persona AND p.azione_id = r.azione AND p.ente_id = %(ente)s
"""

_SCRIVI = """
INSERT INTO prestazioni_prestazione (uuid, ente_id, servizio_id, azione_id, operatore_id, giorno,
    ora, minuti, modo, luogo, quantita, valore, senza_nome, oggetto, origine, importazione_id,
    registrata_da_id, versione)
SELECT uuid, %(ente)s, servizio, azione, operatore, giorno, ora, minuti, modo, luogo, quantita,
    valore, senza_nome, oggetto, 'importazione', %(importazione)s, %(utente)s, 1
FROM importo_riga ORDER BY riga
"""
_SCRIVI_CHI_C_ERA = """
INSERT INTO prestazioni_partecipazione (ente_id, prestazione_id, presa_id, beneficiario_id, giorno,
    azione_id, voce_id, registrata_da_id)
SELECT %(ente)s, g.id, q.presa, q.beneficiario, r.giorno, r.azione, s.voce_id, %(utente)s
FROM prestazioni_prestazione g
JOIN importo_riga r ON r.uuid = g.uuid
JOIN importo_presente q ON q.riga = r.riga
JOIN assi_servizio s ON s.id = r.servizio
WHERE g.importazione_id = %(importazione)s AND g.ente_id = %(ente)s
"""
_SCRIVI_CHI_AFFIANCA = """
INSERT INTO prestazioni_affiancamento (ente_id, prestazione_id, utente_id)
SELECT %(ente)s, g.id, a.utente
FROM prestazioni_prestazione g
JOIN importo_riga r ON r.uuid = g.uuid
JOIN importo_affianca a ON a.riga = r.riga
WHERE g.importazione_id = %(importazione)s AND g.ente_id = %(ente)s
"""
_SCRIVI_LE_NOTE = """
INSERT INTO prestazioni_notadiprestazione
    (uuid, ente_id, prestazione_id, beneficiario_id, testo_cifrato, scritta_da_id)
SELECT n.uuid, %(ente)s, g.id, q.beneficiario, n.testo, %(utente)s
FROM prestazioni_prestazione g
JOIN importo_riga r ON r.uuid = g.uuid
JOIN importo_annota n ON n.riga = r.riga
JOIN importo_presente q ON q.riga = r.riga AND q.chi = n.chi
WHERE g.importazione_id = %(importazione)s AND g.ente_id = %(ente)s
"""


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
        self._nota(riga, chi)
        self.righe.append(
            (
                riga.numero,
                *(self._servizio(riga, giorno), self.lavoro.azione(riga), operatori[0], giorno),
                *(lettore.ora(riga, "ora"), self._minuti(riga), self._modo(riga)),
                *(lettore.testo(riga, "luogo", 100), self._quantita(riga), self._valore(riga)),
                *(senza_nome, lettore.testo(riga, "oggetto", 200)),
            )
        )

    def stendi(self, banco: Banco) -> None:
        banco.crea(_TABELLE)
        banco.copia(_COPIA_RIGHE, self.righe)
        banco.copia(_COPIA_AFFIANCA, self.affiancano)
        banco.copia(_COPIA_NOTE, self._note_cifrate())
        banco.crea("ANALYZE importo_riga")

    def controlla(self, banco: Banco) -> None:
        riconosci.rifiuta_chi_non_si_sa(banco)
        banco.esegui(_SERVIZIO_NON_OFFERTO)
        if self.lavoro.lettore.ha("senza_nome"):
            banco.esegui(_SENZA_NOME_NON_AMMESSO)
        if self.lavoro.lettore.ha("quantita"):
            banco.esegui(_QUANTITA_INTERA)
        banco.esegui(_MESE_FIRMATO)
        banco.esegui(_NUOVE_SENZA_PRESA)
        prese.trova(banco)
        banco.esegui(_RIPETUTE)
        banco.esegui(_GIA_REGISTRATE)
        if self.lavoro.scelte.doppioni == "rifiuta":
            rifiuta_i_doppioni(banco)
        elif self.lavoro.scelte.doppioni == "salta":
            banco.esegui(_TOGLI_I_DOPPIONI)

    def scrivi(self, banco: Banco, importazione: int) -> int:
        self._scrivi_le_nuove(banco, importazione)
        banco.crea("CREATE UNIQUE INDEX ON importo_riga (uuid); ANALYZE importo_riga")
        scritte = banco.esegui(_SCRIVI, importazione=importazione)
        banco.esegui(_SCRIVI_CHI_C_ERA, importazione=importazione)
        if self.affiancano:
            banco.esegui(_SCRIVI_CHI_AFFIANCA, importazione=importazione)
        if self.note:
            banco.esegui(_SCRIVI_LE_NOTE, importazione=importazione)
        return scritte

    def _scrivi_le_nuove(self, banco: Banco, importazione: int) -> None:
        """Le persone che non c'erano, con la presa in carico in cui stanno le loro prestazioni."""
        if nuove.scrivi(banco, self.lavoro.persone, importazione):
            banco.esegui(_APRI_LE_PRESE)
            banco.esegui(_PRESE_NATE, importazione=importazione)
            banco.esegui(_NUOVE_PRESENTI)

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

    def _nota(self, riga: Riga, chi: list[int]) -> None:
        nota = self.lavoro.lettore.valore(riga, "nota", _nota)
        if nota and not chi:
            self.lavoro.lettore.rifiuta(riga, "nota", NOTA_DI_NESSUNO)
        elif nota:
            self.note.extend((riga.numero, uno, nota) for uno in chi)

    def _note_cifrate(self):
        validi = self.lavoro.persone.unisci()
        for riga, chi, testo in self.note:
            nota = NotaDiPrestazione(uuid=uuid4(), ente_id=self.lavoro.da.ente.pk)
            nota.testo = testo
            yield riga, validi[chi], nota.uuid, nota.testo_cifrato


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
