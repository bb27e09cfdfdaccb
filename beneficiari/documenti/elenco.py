"""L'elenco delle persone di un ente in un foglio di calcolo, con quelle condivise da altri."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from assi.models import Azione
from beneficiari.documenti.composto import Composto
from beneficiari.models import (
    Autorizzazione,
    Beneficiario,
    DocumentoDiPersona,
    PresaInCarico,
)
from enti.models import Ente
from enti.permessi import Attore
from privacy.gruppi import FINALITA_CONDIVISE, Livello
from privacy.letture import PersoneQuerySet, annota
from registro.comune.esportazioni import BLOCCO, Cella, Tabella, foglio_csv, foglio_xlsx
from registro.db.contesto import contesto


TITOLO = "Elenco delle persone"
_CHI = ("Cognome", "Nome", "Nome scelto", "Nascita", "Stimata", "Genere", "Comune")
_NOSTRE = ("Codice anonimo", "Seguita per")
_ALTRUI = ("Perché", "Fino al")
# Una volta per tutte: chiederlo a ogni riga rifarebbe l'elenco delle scelte.
_GENERI = dict(Beneficiario._meta.get_field("genere").flatchoices)
_IN_UNO = ("Ente", *_CHI, *_NOSTRE, *_ALTRUI)


def elenco_delle_persone(documento: DocumentoDiPersona, attore: Attore) -> Composto:
    """Un foglio con le persone dell'ente e uno con quelle che altri enti hanno condiviso.

    In CSV il foglio è uno solo, e la prima colonna dice di quale ente è la persona.
    Ci sono nome, nascita e prese in carico aperte: né codici, né recapiti, né dati sensibili.
    """
    condivise, poggia_su = _condivise(attore)
    if documento.tipo == DocumentoDiPersona.Tipo.ELENCO_CSV:
        unico = Tabella("Persone", _IN_UNO, _in_uno(_proprie(attore), condivise, attore))
        return Composto(TITOLO, byte=foglio_csv(unico), poggia_su=poggia_su)
    tabelle = [
        Tabella("Persone", (*_CHI, *_NOSTRE), _proprie(attore)),
        Tabella("Condivise con noi", ("Ente", *_CHI, *_ALTRUI), condivise),
    ]
    return Composto(TITOLO, byte=foglio_xlsx(tabelle), poggia_su=poggia_su)


def _in_uno(
    proprie: Iterable[tuple[Cella, ...]], condivise: list[tuple[Cella, ...]], attore: Attore
) -> Iterator[tuple[Cella, ...]]:
    """Le righe dei due fogli con le stesse colonne; vuote quelle che valgono per l'altro."""
    nostro, fin_qui = attore.ente.denominazione, len(_CHI) + 1
    yield from ((nostro, *riga, None, None) for riga in proprie)
    yield from ((*riga[:fin_qui], None, None, *riga[fin_qui:]) for riga in condivise)


def _proprie(attore: Attore) -> Iterator[tuple[Cella, ...]]:
    """Una riga per persona, letta mentre la si scrive: in memoria non ce n'è mai più di un blocco."""
    titoli = dict(Azione.objects.values_list("pk", "titolo"))
    for persona in _con_le_azioni(attore.ente).iterator(BLOCCO):
        azioni = {titoli[azione] for azione in persona.azioni_aperte + persona.azioni_assorbite}
        if azioni:
            annota(persona.pk, persona.ente_id, PresaInCarico.gruppo)
        yield (*_chi(persona), persona.codice_anonimo, ", ".join(sorted(azioni)))


def _con_le_azioni(ente: Ente) -> PersoneQuerySet:
    """Le persone dell'ente, ciascuna con le azioni in cui è seguita: le sue, e quelle delle righe che
    un'unione le ha dato."""
    prese = PresaInCarico.objects.di(ente).aperte().filter(nucleo=None).per_calcolo()
    sue = prese.filter(beneficiario=OuterRef("pk"))
    delle_assorbite = prese.filter(beneficiario__unito_a=OuterRef("pk"))
    return (
        Beneficiario.objects.di(ente)
        .presenti()
        .annotate(
            azioni_aperte=ArraySubquery(sue.values("azione_id")),
            azioni_assorbite=ArraySubquery(delle_assorbite.values("azione_id")),
        )
        .per_nome()
    )


def _condivise(attore: Attore) -> tuple[list[tuple[Cella, ...]], tuple[UUID, ...]]:
    righe, poggia_su = [], []
    ricevute = Autorizzazione.objects.ricevute_da(attore.ente).in_vigore()
    ricevute = ricevute.filter(livello=Livello.COMPLETO).per_elenco()
    for finalita in FINALITA_CONDIVISE:
        di_questa = [voce for voce in ricevute if voce.finalita == finalita]
        with contesto(utente=attore.utente.pk, ente=attore.ente.pk, finalita=finalita):
            visibili = Beneficiario.objects.filter(
                pk__in={voce.beneficiario_id for voce in di_questa}
            ).exclude(ente=attore.ente)
            persone = {persona.pk: persona for persona in visibili}
        for voce in di_questa:
            persona = persone.get(voce.beneficiario_id)
            if persona is not None:
                perche = voce.get_finalita_display()
                righe.append((voce.ente.denominazione, *_chi(persona), perche, voce.al))
                poggia_su.append(voce.uuid)
    return righe, tuple(poggia_su)


def _chi(persona: Beneficiario) -> tuple[Cella, ...]:
    return (
        persona.cognome,
        persona.nome,
        persona.nome_scelto,
        persona.data_nascita,
        "sì" if persona.nascita_stimata else "",
        _GENERI.get(persona.genere, persona.genere),
        persona.comune,
    )
