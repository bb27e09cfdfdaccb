"""Ogni pagina delle persone e dei registri: con quali metodi, su quale oggetto, per quali ruoli.

È la tabella che le prove percorrono per intero: una pagina che non c'è le ferma.
"""

from typing import NamedTuple

from enti.permessi import Ruolo


LAVORANO = frozenset({Ruolo.OPERATORE, Ruolo.REFERENTE})
SOLO_REFERENTE = frozenset({Ruolo.REFERENTE})
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
# "passaggio", "unione", "informativa", "accordo", "base", "documento".
PAGINE: dict[str, Pagina] = {
    # Persone.
    "beneficiari:elenco": Pagina(("get",), None, LAVORANO),
    "beneficiari:cerca": Pagina(("post",), None, LAVORANO),
    "beneficiari:elenco_csv": Pagina(("get",), None, SOLO_REFERENTE),
    "beneficiari:elenco_xlsx": Pagina(("get",), None, SOLO_REFERENTE),
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
}
