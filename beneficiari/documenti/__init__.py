"""I documenti delle persone: che cosa contengono e chi li può ancora avere.

Chi compone legge il database e rende un `Composto`; stampare non legge più niente.
"""

from beneficiari.documenti.composto import Composto
from beneficiari.documenti.condivisa import scheda_condivisa
from beneficiari.documenti.copia import copia_dei_dati
from beneficiari.documenti.elenco import elenco_delle_persone
from beneficiari.documenti.modulo import modulo_di_consenso
from beneficiari.documenti.regole import NON_PIU_PERMESSO, ancora_permesso, esigi_documento
from beneficiari.documenti.scheda import scheda_della_persona
from beneficiari.models import DocumentoDiPersona
from enti.permessi import Attore


__all__ = [
    "NON_PIU_PERMESSO",
    "Composto",
    "ancora_permesso",
    "componi",
    "copia_dei_dati",
    "esigi_documento",
    "modulo_di_consenso",
    "scheda_condivisa",
    "scheda_della_persona",
]

_COME = {
    DocumentoDiPersona.Tipo.CONSENSO: modulo_di_consenso,
    DocumentoDiPersona.Tipo.SCHEDA: scheda_della_persona,
    DocumentoDiPersona.Tipo.COPIA: copia_dei_dati,
    DocumentoDiPersona.Tipo.CONDIVISA: scheda_condivisa,
    DocumentoDiPersona.Tipo.ELENCO: elenco_delle_persone,
    DocumentoDiPersona.Tipo.ELENCO_CSV: elenco_delle_persone,
}


def componi(documento: DocumentoDiPersona, attore: Attore) -> Composto:
    """Ciò che il documento contiene, con le sole righe che `attore` vede adesso.

    Va chiamata nel contesto di chi l'ha chiesto, dentro una raccolta di letture. Solleva
    ObjectDoesNotExist se ciò di cui parla non si vede più.
    """
    return _COME[documento.tipo](documento, attore)
