"""Chiedere un documento: nasce una richiesta, il resto lo fa un lavoro."""

from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction

from beneficiari.documenti import esigi_documento
from beneficiari.models import Beneficiario, DocumentoDiPersona
from beneficiari.tasks import metti_in_coda
from enti.permessi import Attore
from privacy.models import Informativa


Tipo = DocumentoDiPersona.Tipo


def richiedi_modulo(
    *, informativa: Informativa, persona: Beneficiario | None = None, da: Attore
) -> DocumentoDiPersona:
    """Il modulo di consenso di una versione dell'informativa; senza persona, in bianco.

    Come tutte queste: rende la richiesta già in corso, se c'è. Solleva PermissionDenied.
    """
    return _richiedi(da, Tipo.CONSENSO, beneficiario=persona, informativa=informativa)


def richiedi_scheda(*, persona: Beneficiario, da: Attore) -> DocumentoDiPersona:
    """Il foglio «I tuoi dati» di una persona del proprio ente."""
    return _richiedi(da, Tipo.SCHEDA, beneficiario=persona)


def richiedi_copia(*, persona: Beneficiario, da: Attore) -> DocumentoDiPersona:
    """Tutti i dati di una persona del proprio ente, in PDF e in un file (artt. 15.3 e 20)."""
    return _richiedi(da, Tipo.COPIA, beneficiario=persona)


def richiedi_condivisa(*, condivisione: UUID, da: Attore) -> DocumentoDiPersona:
    """La scheda condivisa da un altro ente con l'autorizzazione `condivisione`."""
    return _richiedi(da, Tipo.CONDIVISA, condivisione=condivisione)


def richiedi_elenco(*, in_csv: bool = False, da: Attore) -> DocumentoDiPersona:
    """Il foglio con le persone dell'ente e quelle condivise con lui, in XLSX o in CSV."""
    return _richiedi(da, Tipo.ELENCO_CSV if in_csv else Tipo.ELENCO)


@transaction.atomic
def _richiedi(da: Attore, tipo: str, **che_cosa) -> DocumentoDiPersona:
    esigi_documento(da, tipo)
    campi = {"beneficiario": None, "informativa": None, "condivisione": None} | che_cosa
    documento = DocumentoDiPersona(utente=da.utente, ente=da.ente, tipo=tipo, **campi)
    try:
        with transaction.atomic():
            documento.save()
    except IntegrityError:
        # Ce n'è già una uguale in preparazione: il vincolo ne ammette una.
        uguali = DocumentoDiPersona.objects.di(da.utente, da.ente).in_corso()
        return uguali.get(tipo=tipo, **campi)
    transaction.on_commit(
        partial(
            metti_in_coda,
            documento_id=documento.pk,
            utente_id=da.utente.pk,
            ente_id=da.ente.pk,
        )
    )
    return documento
