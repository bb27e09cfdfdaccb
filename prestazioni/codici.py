"""Gli esiti della rete che il Registro conosce uno per uno: quali nascono da sé, quali si verificano.

I codici sono quelli di `dati/tassonomie/valutazione/esiti.csv`; un tipo nuovo, che qui non c'è, si
registra come gli altri, soltanto senza i suoi campi particolari.
"""

from dataclasses import dataclass


TIROCINIO_AVVIATO = "L_TIR_AVV"
TIROCINIO_CONCLUSO = "L_TIR_CON"
TIROCINIO_INTERROTTO = "L_TIR_INT"
ASSUNTO_DOPO_IL_TIROCINIO = "L_TIR_ASS"
ASSUNTO_A_TERMINE = "L_OCC_TD"
ASSUNTO_PER_SEMPRE = "L_OCC_TI"
PIANO_SOTTOSCRITTO = "H_PR_SOTT"
PIANO_RISPETTATO = "H_PR_RISP"
PIANO_INTERROTTO = "H_PR_INT"
CASA_MANTENUTA = "H_MANT"
OCCUPATO_A_SEI_MESI = "L_OCC6"

# Di questi esiti ha senso dire quanto, per quanti mesi, presso chi.
CON_IMPORTO = frozenset({"H_FS", "T_MISURA", "T_DEBITI"})
CON_MESI = frozenset({ASSUNTO_A_TERMINE, "H_TEMP"})
PRESSO_QUALCUNO = frozenset(
    {
        *("L_OCC_TI", "L_OCC_TD", "L_TIR_AVV", "L_TIR_CON", "L_TIR_INT", "L_TIR_ASS"),
        *("L_QUAL", "L_FORM", "H_TEMP", "H_STAB", "E_NIDO", "E_ATT", "E_FREQ", "E_RIENTRO"),
        *("E_PROM", "T_INVIO", "T_MISURA"),
    }
)

# Come può finire una pratica per la casa, per tipo di pratica.
ESITI_DI_PRATICA = {
    "fondo-sociale": ("H_FS",),
    "domanda-erp": ("H_STAB",),
    "cambio-erp": ("H_STAB",),
    "decadenza": ("H_DEC_EV", "H_DEC_PRO"),
    "emergenza": ("H_TEMP", "H_STAB"),
    "sfratto": ("H_SFR_EV", "H_SFR_RINV", "H_SFR_ESE"),
}
# I passi che una pratica può fare, per tipo: gli altri non le appartengono.
PASSI_DI_PRATICA = {
    "fondo-sociale": ("presentata", "integrata", "accolta", "respinta"),
    "domanda-erp": ("presentata", "integrata", "in-graduatoria", "accolta", "respinta"),
    "cambio-erp": ("presentata", "integrata", "in-graduatoria", "accolta", "respinta"),
    "decadenza": ("messa-in-mora", "intimazione", "presentata", "accolta", "respinta", "revoca"),
    "emergenza": ("presentata", "integrata", "in-graduatoria", "accolta", "respinta"),
    "sfratto": (
        *("messa-in-mora", "intimazione", "convalida", "preavviso", "esecuzione", "revoca"),
    ),
}


@dataclass(frozen=True)
class VerificaASeiMesi:
    """Che cosa si controlla sei mesi dopo: `dopo` questi esiti, o dopo la chiusura di una presa in
    carico di `asse`. La verifica è fatta quando c'è uno degli esiti di `risposte`."""

    asse: str
    domanda: str
    dopo: frozenset[str]
    proposta: str
    risposte: frozenset[str]


# Di chi se n'è andato o non si trova più non si può verificare niente.
SENZA_SEGUITO = frozenset({"T_IRR", "T_DEC", "T_TRASF", "T_RIN"})
# I tipi di chiusura (`valutazione/chiusura_caso.csv`) dopo i quali non si chiede più niente.
CHIUSURE_SENZA_SEGUITO = frozenset({"RIN", "IRR", "TRA", "DEC", "DUP"})
VERIFICHE = (
    VerificaASeiMesi(
        asse="housing",
        domanda="Ha una casa?",
        dopo=frozenset({"H_STAB", "H_SFR_EV", "H_DEC_EV", "H_PR_RISP", "H_AUT"}),
        proposta=CASA_MANTENUTA,
        risposte=frozenset({CASA_MANTENUTA, "H_PERSA"}) | SENZA_SEGUITO,
    ),
    VerificaASeiMesi(
        asse="lavoro",
        domanda="Ha un lavoro?",
        dopo=frozenset({"L_OCC_TI", "L_OCC_TD", "L_OCC_AUT", "L_TIR_ASS"}),
        proposta=OCCUPATO_A_SEI_MESI,
        risposte=frozenset({OCCUPATO_A_SEI_MESI, "L_MIGL6", "L_PERSO"}) | SENZA_SEGUITO,
    ),
)
