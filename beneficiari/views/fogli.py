"""L'elenco delle persone da portare fuori: un foglio senza codici, indirizzi e date intere."""

from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.http import require_safe

from beneficiari.templatetags.persone import paesi_in_parole
from beneficiari.views.elenco import RigaDiElenco, richieste, righe
from enti.permessi import Permesso, richiede
from privacy.gruppi import Uscita
from privacy.letture import esce_come
from registro.comune.esportazioni import (
    BLOCCO,
    Tabella,
    a_blocchi,
    risposta_csv,
    risposta_xlsx,
)


INTESTAZIONI = (
    *("Cognome", "Nome", "Nome scelto", "Codice di chi è anonimo", "Anno di nascita"),
    *("Anno stimato", "Genere", "Cittadinanze", "Lingue", "Comune", "Casi aperti"),
    *("Chi li segue", "Ultimo movimento", "Inserita il"),
)


@require_safe
@richiede(Permesso.PERSONE_ESPORTARE)
def elenco_csv(request):
    return risposta_csv("persone", _foglio(request))


@require_safe
@richiede(Permesso.PERSONE_ESPORTARE)
def elenco_xlsx(request):
    return risposta_xlsx("persone", [_foglio(request)])


def _foglio(request: HttpRequest) -> Tabella:
    esce_come(Uscita.FOGLIO)
    blocchi = a_blocchi(richieste(request).iterator(BLOCCO))
    voci = (voce for blocco in blocchi for voce in righe(request, blocco))
    return Tabella("Persone", INTESTAZIONI, (_riga(voce) for voce in voci))


def _riga(voce: RigaDiElenco) -> tuple:
    persona = voce.persona
    nascita = persona.data_nascita
    return (
        persona.cognome,
        persona.nome,
        persona.nome_scelto,
        persona.codice_anonimo,
        nascita.year if nascita else None,
        "sì" if persona.nascita_stimata else "",
        persona.get_genere_display(),
        paesi_in_parole(persona.cittadinanze),
        ", ".join(persona.lingue),
        persona.comune,
        ", ".join(presa.azione.titolo for presa in voce.aperte),
        ", ".join(presa.operatore.nome_completo for presa in voce.aperte),
        voce.ultimo_movimento,
        timezone.localdate(persona.inserito_il),
    )
