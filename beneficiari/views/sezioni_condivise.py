"""La pagina di una persona condivisa per intero: una sezione per ogni gruppo concesso.

Legge con i modelli di sempre, nel contesto della finalità: se una riga non si può vedere, il
database non la dà. Ogni sezione è un titolo e un elenco di coppie (che cosa, in parole).
"""

from collections.abc import Callable, Collection

from django.db.models import QuerySet

from beneficiari.models import (
    Autorizzazione,
    Beneficiario,
    BisognoRilevato,
    Componente,
    CondizioneRilevata,
    Identificativo,
    Nota,
    Obiettivo,
    PresaInCarico,
    Recapito,
    Valutazione,
)
from beneficiari.templatetags.persone import nascita_per_esteso, paesi_in_parole
from privacy.gruppi import Gruppo
from privacy.letture import DatoDiPersona
from registro.comune.tassonomie import scelte
from registro.comune.templatetags.testo import data_breve, data_e_ora, voto


Voce = tuple[str, str]


def persona_condivisa(autorizzazione: Autorizzazione) -> Beneficiario | None:
    """La riga della persona, se il contesto la vede; altrimenti None."""
    righe = Beneficiario.objects.filter(ente=autorizzazione.ente_id)
    return righe.filter(pk=autorizzazione.beneficiario_id).first()


def sezioni(persona: Beneficiario, gruppi: Collection[str]) -> list[tuple[str, list[Voce]]]:
    """Le sezioni dei `gruppi` concessi, anche vuote: titolo e voci."""
    return [
        (gruppo.label, leggi(persona))
        for gruppo, leggi in _LETTORI.items()
        if gruppo.value in gruppi
    ]


def _righe(modello: type[DatoDiPersona], persona: Beneficiario) -> QuerySet:
    return modello.objects.filter(beneficiario=persona, ente=persona.ente_id)


def _anagrafica(persona: Beneficiario) -> list[Voce]:
    voci = [
        ("Nome e cognome", f"{persona.nome} {persona.cognome}".strip()),
        ("Nascita", "" if persona.anonimo else nascita_per_esteso(persona)),
        ("Genere", persona.get_genere_display()),
        ("Cittadinanze", paesi_in_parole(persona.cittadinanze)),
        ("Lingue", ", ".join(persona.lingue)),
        ("Comune dove vive", persona.comune),
    ]
    return [(nome, valore) for nome, valore in voci if valore]


def _contatti(persona: Beneficiario) -> list[Voce]:
    recapiti = _righe(Recapito, persona).non_riservati().order_by("tipo", "pk")
    return [
        (voce.get_tipo_display().capitalize(), _unite(voce.valore, voce.avvertenza))
        for voce in recapiti
    ]


def _identificativi(persona: Beneficiario) -> list[Voce]:
    motivi = dict(scelte("cf_assenza_motivo"))
    return [
        (
            voce.get_tipo_display().capitalize(),
            voce.valore or motivi.get(voce.motivo_assenza, voce.motivo_assenza),
        )
        for voce in _righe(Identificativo, persona).filter(al=None).order_by("pk")
    ]


def _nucleo(persona: Beneficiario) -> list[Voce]:
    return [
        (
            voce.get_ruolo_display().capitalize(),
            _unite(
                "convivente" if voce.convivente else "non convivente",
                f"dal {data_breve(voce.dal)}",
            ),
        )
        for voce in _righe(Componente, persona).filter(al=None).order_by("pk")
    ]


def _prestazioni(persona: Beneficiario) -> list[Voce]:
    prese = _righe(PresaInCarico, persona).select_related("azione__asse", "esito")
    voci = [(presa.azione.titolo, _presa(presa)) for presa in prese.order_by("-aperta_il", "-pk")]
    for obiettivo in _righe(Obiettivo, persona).order_by("pk"):
        stato = obiettivo.get_stato_display()
        voci.append((f"Obiettivo {stato}", obiettivo.testo))
    return voci


def _presa(presa: PresaInCarico) -> str:
    periodo = f"dal {data_breve(presa.aperta_il)}"
    if presa.chiusa_il:
        periodo += f" al {data_breve(presa.chiusa_il)}: {presa.esito.nome}"
    else:
        periodo += ", aperta"
    return _unite(
        presa.azione.asse.denominazione, periodo, presa.motivazione, presa.esito_in_parole
    )


def _bisogni(persona: Beneficiario) -> list[Voce]:
    return [
        (
            voce.bisogno.nome,
            _unite(
                f"gravità {voce.get_gravita_display()}",
                voce.get_stato_display(),
                f"dal {data_breve(voce.rilevato_il)}",
            ),
        )
        for voce in _righe(BisognoRilevato, persona).per_elenco()
    ]


def _valutazioni(persona: Beneficiario) -> list[Voce]:
    lette = _righe(Valutazione, persona).select_related("indicatore")
    return [
        (
            voce.indicatore.testo,
            _unite(
                voce.get_momento_display(),
                data_breve(voce.valutata_il),
                "" if voce.valore is None else voto(voce.valore),
                "non esprimibile" if voce.non_esprimibile else "",
                voce.giudizio,
            ),
        )
        for voce in lette.order_by("indicatore", "valutata_il", "pk")
    ]


def _salute(persona: Beneficiario) -> list[Voce]:
    lette = _righe(CondizioneRilevata, persona).rilevate().select_related("condizione")
    return [
        (
            voce.condizione.nome,
            _unite(voce.risposta, f"il {data_breve(voce.rilevata_il)}"),
        )
        for voce in lette.order_by("condizione__ordine", "pk")
    ]


def _note(persona: Beneficiario) -> list[Voce]:
    return [
        (data_e_ora(voce.scritta_il).capitalize(), voce.testo)
        for voce in _righe(Nota, persona).order_by("-scritta_il", "-pk")
    ]


def _unite(*parti: str) -> str:
    return "; ".join(filter(None, parti))


_LETTORI: dict[Gruppo, Callable[[Beneficiario], list[Voce]]] = {
    Gruppo.ANAGRAFICA: _anagrafica,
    Gruppo.CONTATTI: _contatti,
    Gruppo.IDENTIFICATIVI: _identificativi,
    Gruppo.NUCLEO: _nucleo,
    Gruppo.PRESTAZIONI: _prestazioni,
    Gruppo.BISOGNI: _bisogni,
    Gruppo.VALUTAZIONI: _valutazioni,
    Gruppo.SALUTE: _salute,
    Gruppo.NOTE: _note,
}
