"""Ogni pagina delle persone e dei registri: con quali metodi, su quale oggetto, per quali ruoli.

È la tabella che le prove percorrono per intero: una pagina che non c'è le ferma.
"""

from typing import NamedTuple

from enti.permessi import Ruolo


LAVORANO = frozenset({Ruolo.OPERATORE, Ruolo.REFERENTE})
SOLO_REFERENTE = frozenset({Ruolo.REFERENTE})
VEDONO_I_REGISTRI = frozenset({Ruolo.REFERENTE, Ruolo.GARANTE})
VEDONO_LE_VIOLAZIONI = frozenset({Ruolo.REFERENTE, Ruolo.GARANTE, Ruolo.AMMINISTRATORE})
COORDINANO = frozenset({Ruolo.COORDINATORE, Ruolo.AMMINISTRATORE})
TUTTI = frozenset(Ruolo)


class Pagina(NamedTuple):
    """`oggetto` è la fabbrica dell'oggetto di cui la pagina porta l'uuid (None: nessuno).

    `altri` sono gli argomenti dell'indirizzo dopo l'uuid; `ruoli` chi la apre nel proprio ente.
    """

    metodi: tuple[str, ...]
    oggetto: str | None
    ruoli: frozenset
    altri: tuple = ()


# Nome della vista → Pagina. `oggetto`: "persona", "presa", "obiettivo", "bisogno", "valutazione",
# "condizione", "nota", "recapito", "identificativo", "nucleo", "componente", "consenso",
# "autorizzazione" (data dal proprio ente), "ricevuta" (autorizzazione di cui si è destinatari),
# "passaggio" (proposto dal proprio ente), "arrivo" (passaggio proposto al proprio ente), "gruppo" (di presenze),
# "appuntamento" e "indiretta" (di un altro operatore), "foglio_ore", "appartenenza" (di chi lavora nell'ente),
# "scadenza" (una persona in scadenza), "unione", "informativa", "accordo", "base", "documento",
# "esito", "tirocinio", "piano" (di rientro, con la rata 1), "pratica" (per la casa),
# "richiesta" e "limitazione" (di una persona), "avviso" (ricevuto da un altro ente),
# "importazione" (di chi la prova: il foglio lo vede solo chi l'ha caricato).
PAGINE: dict[str, Pagina] = {
    # Persone.
    "beneficiari:elenco": Pagina(("get",), None, LAVORANO),
    "beneficiari:cerca": Pagina(("post",), None, LAVORANO),
    "beneficiari:nuova": Pagina(("get", "post"), None, LAVORANO),
    "beneficiari:nuova_simili": Pagina(("post",), None, LAVORANO),
    "beneficiari:nuova_anonima": Pagina(("get", "post"), None, LAVORANO),
    "beneficiari:doppioni": Pagina(("get",), None, SOLO_REFERENTE),
    "beneficiari:unione_annulla": Pagina(("post",), "unione", SOLO_REFERENTE),
    "beneficiari:persona": Pagina(("get",), "persona", LAVORANO),
    "beneficiari:persona_modifica": Pagina(("get", "post"), "persona", LAVORANO),
    "beneficiari:codice_anonimo": Pagina(("get",), "persona", LAVORANO),
    "beneficiari:apri": Pagina(("get", "post"), "persona", LAVORANO),
    "beneficiari:richiudi": Pagina(("post",), "persona", LAVORANO),
    "beneficiari:recapito_nuovo": Pagina(("get", "post"), "persona", LAVORANO),
    "beneficiari:recapito": Pagina(("get", "post"), "recapito", LAVORANO),
    "beneficiari:recapito_togli": Pagina(("post",), "recapito", LAVORANO),
    "beneficiari:codice_nuovo": Pagina(("get", "post"), "persona", LAVORANO),
    "beneficiari:codice_chiudi": Pagina(("get", "post"), "identificativo", LAVORANO),
    "beneficiari:codice_mostra": Pagina(("post",), "identificativo", LAVORANO),
    "beneficiari:nucleo": Pagina(("get",), "persona", LAVORANO),
    "beneficiari:nucleo_nuovo": Pagina(("get", "post"), "persona", LAVORANO),
    "beneficiari:componente_nuovo": Pagina(("get", "post"), "nucleo", LAVORANO),
    "beneficiari:componente": Pagina(("get", "post"), "componente", LAVORANO),
    "beneficiari:componente_esce": Pagina(("get", "post"), "componente", LAVORANO),
    "beneficiari:doppioni_persona": Pagina(("get",), "persona", SOLO_REFERENTE),
    "beneficiari:unisci": Pagina(("post",), "persona", SOLO_REFERENTE),
    "beneficiari:diverse": Pagina(("post",), "persona", SOLO_REFERENTE),
    # Legami fra enti: chi decide non vede persone. "legame" è un numero che solo la guardia conosce.
    "beneficiari:collegamenti": Pagina(("get",), None, frozenset({Ruolo.AMMINISTRATORE})),
    "beneficiari:collegamento_decidi": Pagina(
        ("post",), "legame", frozenset({Ruolo.AMMINISTRATORE}), ("conferma",)
    ),
    # Prese in carico: le cambia chi le segue, o il referente.
    "beneficiari:casi": Pagina(("get",), "persona", LAVORANO),
    "beneficiari:caso_nuovo": Pagina(("get", "post"), "persona", LAVORANO),
    "beneficiari:casi_elenco": Pagina(("get",), None, LAVORANO),
    "beneficiari:casi_csv": Pagina(("get",), None, SOLO_REFERENTE),
    "beneficiari:casi_xlsx": Pagina(("get",), None, SOLO_REFERENTE),
    "beneficiari:caso": Pagina(("get",), "presa", LAVORANO),
    "beneficiari:caso_modifica": Pagina(("get", "post"), "presa", SOLO_REFERENTE),
    "beneficiari:caso_affida": Pagina(("get", "post"), "presa", SOLO_REFERENTE),
    "beneficiari:caso_chiudi": Pagina(("get", "post"), "presa", SOLO_REFERENTE),
    "beneficiari:caso_riapri": Pagina(("get", "post"), "presa", SOLO_REFERENTE),
    "beneficiari:caso_passa": Pagina(("get", "post"), "presa", SOLO_REFERENTE),
    "beneficiari:obiettivo_nuovo": Pagina(("get", "post"), "presa", SOLO_REFERENTE),
    "beneficiari:obiettivo": Pagina(("get", "post"), "obiettivo", SOLO_REFERENTE),
    # Passaggi fra enti.
    "beneficiari:passaggi": Pagina(("get",), None, LAVORANO),
    "beneficiari:passaggio": Pagina(("get",), "arrivo", LAVORANO),
    "beneficiari:passaggio_accetta": Pagina(("get", "post"), "arrivo", LAVORANO),
    "beneficiari:passaggio_rifiuta": Pagina(("post",), "arrivo", LAVORANO),
    "beneficiari:passaggio_ritira": Pagina(("post",), "passaggio", SOLO_REFERENTE),
    # Bisogni, valutazioni, salute e tutele, note. Una riga sola la apre chi ha aperti i dati
    # sensibili della persona: per ruolo soltanto, il referente.
    "beneficiari:rilevazioni": Pagina(("get",), "persona", LAVORANO),
    "beneficiari:bisogni_aggiungi": Pagina(("get", "post"), "persona", LAVORANO),
    "beneficiari:valuta": Pagina(("get", "post"), "persona", LAVORANO),
    "beneficiari:condizioni": Pagina(("get", "post"), "persona", LAVORANO),
    "beneficiari:nota_scrivi": Pagina(("get", "post"), "persona", LAVORANO),
    "beneficiari:bisogno": Pagina(("get", "post"), "bisogno", SOLO_REFERENTE),
    "beneficiari:valutazione": Pagina(("get", "post"), "valutazione", SOLO_REFERENTE),
    "beneficiari:nota": Pagina(("get", "post"), "nota", SOLO_REFERENTE),
    "beneficiari:bisogni_dell_ente": Pagina(("get",), None, LAVORANO),
    "beneficiari:bisogni_dell_ente_csv": Pagina(("get",), None, LAVORANO),
    # Chi ha letto, che cosa è cambiato.
    "beneficiari:accessi": Pagina(("get",), "persona", LAVORANO),
    "beneficiari:accessi_csv": Pagina(("get",), "persona", LAVORANO),
    "beneficiari:storia": Pagina(("get",), "persona", SOLO_REFERENTE),
    "privacy:registro": Pagina(("get",), None, VEDONO_I_REGISTRI),
    "privacy:registro_csv": Pagina(("get",), None, VEDONO_I_REGISTRI),
    "privacy:registro_xlsx": Pagina(("get",), None, VEDONO_I_REGISTRI),
    # Documenti.
    "beneficiari:documenti": Pagina(("get", "post"), "persona", LAVORANO),
    "beneficiari:esportazione": Pagina(("get", "post"), None, SOLO_REFERENTE),
    "beneficiari:stampa_condivisa": Pagina(("post",), "ricevuta", LAVORANO),
    "beneficiari:modulo_in_bianco": Pagina(("post",), "informativa", LAVORANO),
    "beneficiari:documento": Pagina(("get",), "documento", LAVORANO),
    "beneficiari:documento_scarica": Pagina(("get",), "documento", LAVORANO),
    # Consensi e condivisioni.
    "beneficiari:consensi": Pagina(("get",), "persona", LAVORANO),
    "beneficiari:consenso_nuovo": Pagina(("get", "post"), "persona", LAVORANO),
    "beneficiari:consenso_revoca": Pagina(("post",), "consenso", LAVORANO),
    "beneficiari:condividi": Pagina(("get", "post"), "persona", LAVORANO),
    "beneficiari:condivisione_revoca": Pagina(("post",), "autorizzazione", LAVORANO),
    "beneficiari:condivise": Pagina(("get",), None, LAVORANO),
    "beneficiari:condivisa": Pagina(("get",), "ricevuta", LAVORANO),
    "beneficiari:condivisa_vale": Pagina(("get",), "ricevuta", LAVORANO),
    # Emergenze: un accesso è di chi l'ha aperto, un avviso di chi risponde delle persone lette.
    "beneficiari:emergenza_nuova": Pagina(("get", "post"), None, LAVORANO),
    "beneficiari:emergenza": Pagina(("get",), "accesso_d_emergenza", LAVORANO),
    "beneficiari:emergenze": Pagina(("get",), None, VEDONO_I_REGISTRI),
    "beneficiari:emergenza_vista": Pagina(("post",), "avviso_d_emergenza", SOLO_REFERENTE),
    # Diritti della persona: una richiesta la legge chi segue la persona o chi l'ha raccolta, e a
    # tutte risponde il referente.
    "beneficiari:diritti": Pagina(("get",), "persona", LAVORANO),
    "beneficiari:richiesta_nuova": Pagina(("get", "post"), "persona", LAVORANO),
    "beneficiari:richiesta_nuova_condivisa": Pagina(("get", "post"), "ricevuta", LAVORANO),
    "beneficiari:richieste": Pagina(("get",), None, LAVORANO),
    "beneficiari:richieste_della_rete": Pagina(("get",), None, frozenset({Ruolo.GARANTE})),
    "beneficiari:avvisi": Pagina(("get",), None, LAVORANO),
    "beneficiari:avviso_letto": Pagina(("post",), "avviso", LAVORANO),
    "beneficiari:limitazione_togli": Pagina(("get", "post"), "limitazione", SOLO_REFERENTE),
    "beneficiari:richiesta": Pagina(("get",), "richiesta", SOLO_REFERENTE),
    "beneficiari:ricevuta": Pagina(("get",), "richiesta", SOLO_REFERENTE),
    "beneficiari:richiesta_ritira": Pagina(("post",), "richiesta", SOLO_REFERENTE),
    **{
        f"beneficiari:richiesta_{gesto}": Pagina(("get", "post"), "richiesta", SOLO_REFERENTE)
        for gesto in ("accogli", "rifiuta", "proroga")
    },
    "beneficiari:richiesta_copia": Pagina(("post",), "richiesta", SOLO_REFERENTE),
    # Violazioni: le scrive chi risponde dei dati; il garante e chi amministra leggono quelle di tutti,
    # senza nomi. Una pagina di un ente, per chi di quell'ente non è, non esiste.
    "beneficiari:violazioni": Pagina(("get",), None, VEDONO_LE_VIOLAZIONI),
    "beneficiari:violazione_nuova": Pagina(("get", "post"), None, SOLO_REFERENTE),
    "beneficiari:violazione": Pagina(("get",), "violazione", VEDONO_LE_VIOLAZIONI),
    "beneficiari:violazione_notifica": Pagina(("get",), "violazione", VEDONO_LE_VIOLAZIONI),
    "beneficiari:violazione_aggiorna": Pagina(("get", "post"), "violazione", SOLO_REFERENTE),
    "beneficiari:violazione_chiudi": Pagina(("post",), "violazione", SOLO_REFERENTE),
    "beneficiari:violazione_lettere": Pagina(("post",), "violazione", SOLO_REFERENTE),
    # Regole della rete: le leggono tutti, le scrive chi amministra. Una base non ha uuid: la dicono
    # finalità e gruppo, che sono tutti gli argomenti dell'indirizzo.
    "privacy:regole": Pagina(("get",), None, TUTTI),
    "privacy:base_nuova": Pagina(("get", "post"), None, frozenset({Ruolo.AMMINISTRATORE})),
    "beneficiari:base_chiudi": Pagina(
        ("get", "post"),
        None,
        frozenset({Ruolo.AMMINISTRATORE}),
        ("presa-in-carico", "anagrafica"),
    ),
    # Per quanto si tengono i dati: la tabella la leggono tutti; chi è in scadenza, chi ne risponde.
    "conservazione:tabella": Pagina(("get",), None, TUTTI),
    "conservazione:regola": Pagina(
        ("get", "post"), None, frozenset({Ruolo.AMMINISTRATORE}), ("persone-ferme",)
    ),
    "conservazione:prova": Pagina(("post",), None, frozenset({Ruolo.AMMINISTRATORE})),
    "conservazione:notti": Pagina(
        ("get",), None, frozenset({Ruolo.REFERENTE, Ruolo.AMMINISTRATORE, Ruolo.GARANTE})
    ),
    "conservazione:in_scadenza": Pagina(("get",), None, SOLO_REFERENTE),
    "conservazione:rinvio": Pagina(("get", "post"), "scadenza", SOLO_REFERENTE),
    "privacy:accordi": Pagina(("get",), None, TUTTI),
    "privacy:accordo_nuovo": Pagina(("get", "post"), None, frozenset({Ruolo.AMMINISTRATORE})),
    "beneficiari:accordo_chiudi": Pagina(
        ("get", "post"), "accordo", frozenset({Ruolo.AMMINISTRATORE})
    ),
    "beneficiari:autorizzazioni": Pagina(
        ("get",), None, frozenset({Ruolo.REFERENTE, Ruolo.GARANTE})
    ),
    "privacy:trattamenti": Pagina(("get",), None, TUTTI),
    "privacy:trattamenti_pdf": Pagina(("get",), None, VEDONO_I_REGISTRI),
    # Informative: le legge chi è dell'ente (e il garante), le pubblica il referente.
    "privacy:informative": Pagina(("get",), None, TUTTI),
    "privacy:informativa_nuova": Pagina(("get", "post"), None, SOLO_REFERENTE),
    "privacy:informativa": Pagina(("get",), "informativa", TUTTI),
    "privacy:informativa_ritira": Pagina(("post",), "informativa", SOLO_REFERENTE),
    # Registra: chi non ha scritto una riga la legge, e non la cambia se non ne risponde.
    "prestazioni:registra": Pagina(("get", "post"), None, LAVORANO),
    "prestazioni:registra_persone": Pagina(("post",), None, LAVORANO),
    "prestazioni:registra_nuova": Pagina(("get",), None, LAVORANO),
    "prestazioni:registra_bozza": Pagina(("post",), None, LAVORANO),
    "prestazioni:prestazione": Pagina(("get",), "prestazione", LAVORANO),
    "prestazioni:correggi": Pagina(("get", "post"), "prestazione", SOLO_REFERENTE),
    "prestazioni:annulla": Pagina(("post",), "prestazione", SOLO_REFERENTE),
    "prestazioni:della_persona": Pagina(("get",), "persona", LAVORANO),
    "prestazioni:della_persona_csv": Pagina(("get",), "persona", SOLO_REFERENTE),
    "prestazioni:della_persona_xlsx": Pagina(("get",), "persona", SOLO_REFERENTE),
    # Cruscotti: solo numeri. Dell'ente per chi ci lavora, del nodo e della rete per chi coordina.
    "prestazioni:cruscotto": Pagina(("get",), None, LAVORANO),
    "prestazioni:cruscotto_disegno": Pagina(("get",), None, LAVORANO, ("esiti",)),
    "prestazioni:cruscotto_csv": Pagina(("get",), None, LAVORANO, ("mese",)),
    "prestazioni:cruscotto_rete": Pagina(("get",), None, COORDINANO),
    "prestazioni:cruscotto_rete_disegno": Pagina(("get",), None, COORDINANO, ("bisogni",)),
    "prestazioni:cruscotto_rete_csv": Pagina(("get",), None, COORDINANO, ("mese",)),
    # Servizi dell'ente: li legge chi registra, li scrive chi ne risponde.
    "prestazioni:della_condivisa": Pagina(("get",), "ricevuta", LAVORANO),
    "prestazioni:elenco": Pagina(("get",), None, LAVORANO),
    "prestazioni:elenco_csv": Pagina(("get",), None, LAVORANO),
    "prestazioni:elenco_xlsx": Pagina(("get",), None, LAVORANO),
    "prestazioni:servizi": Pagina(("get",), None, LAVORANO),
    "prestazioni:servizio_nuovo": Pagina(("get", "post"), None, SOLO_REFERENTE),
    "prestazioni:servizi_comuni": Pagina(("post",), None, SOLO_REFERENTE),
    "prestazioni:servizio": Pagina(("get", "post"), "servizio", SOLO_REFERENTE),
    "prestazioni:servizio_chiudi": Pagina(("get", "post"), "servizio", SOLO_REFERENTE),
    "prestazioni:servizio_riapri": Pagina(("post",), "servizio", SOLO_REFERENTE),
    # Agenda: l'appuntamento di un altro lo apre solo chi risponde dei dati.
    "prestazioni:agenda": Pagina(("get",), None, LAVORANO),
    "prestazioni:visite": Pagina(("get",), None, LAVORANO),
    "prestazioni:trascurate": Pagina(("get",), None, LAVORANO),
    "prestazioni:appuntamento_nuovo": Pagina(("get", "post"), None, LAVORANO),
    "prestazioni:appuntamento": Pagina(("get", "post"), "appuntamento", SOLO_REFERENTE),
    "prestazioni:appuntamento_fatto": Pagina(("get", "post"), "appuntamento", SOLO_REFERENTE),
    "prestazioni:appuntamento_mancato": Pagina(("post",), "appuntamento", SOLO_REFERENTE),
    "prestazioni:appuntamento_annulla": Pagina(("post",), "appuntamento", SOLO_REFERENTE),
    "prestazioni:appuntamento_rimetti": Pagina(("post",), "appuntamento", SOLO_REFERENTE),
    # Ore: le proprie chi lavora, quelle di tutti chi ne risponde.
    "prestazioni:ore": Pagina(("get", "post"), None, LAVORANO),
    "prestazioni:ore_indiretta": Pagina(("get", "post"), "indiretta", SOLO_REFERENTE),
    "prestazioni:ore_indiretta_togli": Pagina(("post",), "indiretta", SOLO_REFERENTE),
    "prestazioni:ore_firma": Pagina(("get", "post"), None, SOLO_REFERENTE),
    "prestazioni:ore_rettifica": Pagina(("get", "post"), "foglio_ore", SOLO_REFERENTE),
    "prestazioni:ore_operatore": Pagina(("get",), "appartenenza", SOLO_REFERENTE, (2026, 1)),
    "prestazioni:ore_mese": Pagina(("get",), None, SOLO_REFERENTE, (2026, 1)),
    "prestazioni:ore_xlsx": Pagina(("get",), None, SOLO_REFERENTE, (2026, 1)),
    "prestazioni:ore_pdf": Pagina(("get",), None, SOLO_REFERENTE, (2026, 1)),
    # Gruppi e presenze.
    "prestazioni:gruppi": Pagina(("get",), None, LAVORANO),
    "prestazioni:gruppo_nuovo": Pagina(("get", "post"), None, LAVORANO),
    "prestazioni:gruppo": Pagina(("get",), "gruppo", LAVORANO),
    "prestazioni:gruppo_modifica": Pagina(("get", "post"), "gruppo", LAVORANO),
    "prestazioni:gruppo_chiudi": Pagina(("get", "post"), "gruppo", LAVORANO),
    "prestazioni:gruppo_salta": Pagina(("post",), "gruppo", LAVORANO),
    "prestazioni:gruppo_persone": Pagina(("get", "post"), "gruppo", LAVORANO),
    "prestazioni:gruppo_aggiungi": Pagina(("get", "post"), "gruppo", LAVORANO),
    "prestazioni:presenze": Pagina(("get", "post"), "gruppo", LAVORANO, ("2026-03-02",)),
    "prestazioni:presenze_bozza": Pagina(("post",), "gruppo", LAVORANO, ("2026-03-02",)),
    "prestazioni:presenze_cancella": Pagina(("post",), "gruppo", LAVORANO, ("2026-03-02",)),
    "prestazioni:foglio_presenze": Pagina(("get",), "gruppo", LAVORANO),
    "prestazioni:frequenza": Pagina(("get",), "gruppo", LAVORANO),
    "prestazioni:frequenza_csv": Pagina(("get",), "gruppo", SOLO_REFERENTE),
    "prestazioni:frequenza_xlsx": Pagina(("get",), "gruppo", SOLO_REFERENTE),
    # Esiti, tirocini, piani di rientro, pratiche per la casa: li scrive chi segue, o il referente.
    "prestazioni:esiti": Pagina(("get",), None, LAVORANO),
    "prestazioni:esiti_csv": Pagina(("get",), None, SOLO_REFERENTE),
    "prestazioni:esiti_xlsx": Pagina(("get",), None, SOLO_REFERENTE),
    "prestazioni:scadenze": Pagina(("get",), None, LAVORANO),
    "prestazioni:esito": Pagina(("get", "post"), "esito", SOLO_REFERENTE),
    "prestazioni:esito_togli": Pagina(("post",), "esito", SOLO_REFERENTE),
    "prestazioni:esiti_caso": Pagina(("get",), "presa", LAVORANO),
    "prestazioni:esito_nuovo": Pagina(("get", "post"), "presa", SOLO_REFERENTE),
    "prestazioni:tirocinio_nuovo": Pagina(("get", "post"), "presa", SOLO_REFERENTE),
    "prestazioni:tirocinio": Pagina(("get",), "tirocinio", LAVORANO),
    **{
        f"prestazioni:tirocinio_{gesto}": Pagina(("get", "post"), "tirocinio", SOLO_REFERENTE)
        for gesto in ("modifica", "ore", "proroga", "fine", "assunzione")
    },
    "prestazioni:tirocinio_riapri": Pagina(("post",), "tirocinio", SOLO_REFERENTE),
    "prestazioni:piano_nuovo": Pagina(("get", "post"), "presa", SOLO_REFERENTE),
    "prestazioni:piano": Pagina(("get",), "piano", LAVORANO),
    **{
        f"prestazioni:{gesto}": Pagina(("get", "post"), "piano", SOLO_REFERENTE)
        for gesto in ("piano_modifica", "piano_fine", "rate_nuove")
    },
    "prestazioni:piano_riapri": Pagina(("post",), "piano", SOLO_REFERENTE),
    "prestazioni:rata": Pagina(("get", "post"), "piano", SOLO_REFERENTE, (1,)),
    **{
        f"prestazioni:rata_{gesto}": Pagina(("post",), "piano", SOLO_REFERENTE, (1,))
        for gesto in ("paga", "da_pagare", "controlla")
    },
    "prestazioni:pratica_nuova": Pagina(("get", "post"), "presa", SOLO_REFERENTE),
    "prestazioni:pratica": Pagina(("get",), "pratica", LAVORANO),
    **{
        f"prestazioni:{gesto}": Pagina(("get", "post"), "pratica", SOLO_REFERENTE)
        for gesto in ("pratica_modifica", "pratica_esito", "passo_nuovo")
    },
    "prestazioni:pratica_riapri": Pagina(("post",), "pratica", SOLO_REFERENTE),
    "prestazioni:passo_togli": Pagina(
        ("post",), "pratica", SOLO_REFERENTE, ("convalida", "2026-03-02")
    ),
    # Importa: chi risponde dei dati; il foglio lo vede solo chi l'ha caricato.
    "prestazioni:importa": Pagina(("get", "post"), None, SOLO_REFERENTE),
    "prestazioni:importa_modello": Pagina(("get",), None, SOLO_REFERENTE, ("prestazioni",)),
    "prestazioni:importazione": Pagina(("get",), "importazione", SOLO_REFERENTE),
    "prestazioni:importa_colonne": Pagina(("get", "post"), "importazione", SOLO_REFERENTE),
    "prestazioni:importa_dubbi": Pagina(("get", "post"), "importazione", SOLO_REFERENTE),
    "prestazioni:importa_anteprima": Pagina(("get",), "importazione", SOLO_REFERENTE),
    "prestazioni:importa_doppioni": Pagina(("post",), "importazione", SOLO_REFERENTE),
    "prestazioni:importa_chi_manca": Pagina(("post",), "importazione", SOLO_REFERENTE),
    "prestazioni:importa_rifiutate": Pagina(("get",), "importazione", SOLO_REFERENTE),
    "prestazioni:importa_carica": Pagina(("post",), "importazione", SOLO_REFERENTE),
    "prestazioni:importa_riprova": Pagina(("post",), "importazione", SOLO_REFERENTE),
    "prestazioni:importa_lascia": Pagina(("post",), "importazione", SOLO_REFERENTE),
    "prestazioni:importa_annulla": Pagina(("get", "post"), "importazione", SOLO_REFERENTE),
}
