"""Inserire una persona e correggerne l'anagrafica, anche in due, senza perdere ciò che si è scritto."""

import secrets

from django.core.exceptions import ValidationError
from django.utils import timezone

from beneficiari.azioni.codici import CodiceScritto, scrivi_codice
from beneficiari.models import Beneficiario, Recapito
from enti.permessi import Attore, Permesso
from registro.comune.vincoli import frasi_del_database


# Il codice si detta e si scrive su un biglietto: niente vocali (niente parole), niente segni che
# si confondono. Una cifra c'è sempre: la ricerca lo distingue da un nome.
_LETTERE, _CIFRE = "CDFHJKMNPRTVXY", "23456789"
_TENTATIVI = 20


class PersonaCambiata(Exception):
    """Un'altra persona ha scritto l'anagrafica mentre la si cambiava. `attuale`: com'è ora."""

    def __init__(self, attuale: Beneficiario) -> None:
        super().__init__("L'anagrafica è cambiata mentre la si scriveva.")
        self.attuale = attuale


def inserisci_persona(
    *, da: Attore, codice: CodiceScritto | None = None, telefono: str = "", **campi
) -> Beneficiario:
    """Scrive una persona nuova dell'ente di `da`, con il codice e il telefono se ci sono.

    Solleva CodiceDiUnAltra se il codice è di un'altra persona dell'ente, ValidationError con la
    frase del database. Se qualcosa non va non resta scritto niente.
    """
    da.esigi(Permesso.PERSONE_SCRIVERE)
    with frasi_del_database():
        persona = Beneficiario.objects.create(ente=da.ente, inserito_da=da.utente, **campi)
        if codice:
            scrivi_codice(persona=persona, codice=codice, da=da)
        if telefono:
            Recapito.objects.create(
                ente=da.ente,
                beneficiario=persona,
                tipo=Recapito.Tipo.TELEFONO,
                valore=telefono,
            )
    return persona


def inserisci_anonimo(*, da: Attore, lingue: list[str] | None = None) -> Beneficiario:
    """Registra un accesso anonimo: resta solo un codice, da dare alla persona (art. 120 DPR
    309/1990)."""
    da.esigi(Permesso.PERSONE_SCRIVERE)
    with frasi_del_database():
        return Beneficiario.objects.create(
            ente=da.ente,
            inserito_da=da.utente,
            anonimo=True,
            codice_anonimo=_codice_libero(da),
            lingue=lingue or [],
        )


def modifica_persona(*, persona: Beneficiario, versione: int, da: Attore, **campi) -> Beneficiario:
    """Scrive `campi` dell'anagrafica se la riga è ancora alla `versione` letta.

    Solleva PersonaCambiata se non lo è, ValidationError con la frase del database.
    """
    da.esigi(Permesso.PERSONE_SCRIVERE)
    with frasi_del_database():
        attuale = Beneficiario.objects.di(da.ente).select_for_update().get(pk=persona.pk)
        if attuale.versione != versione:
            raise PersonaCambiata(attuale)
        for nome, valore in campi.items():
            setattr(attuale, nome, valore)
        attuale.versione += 1
        attuale.save()
    return attuale


def controlla_nascita(giorno) -> None:
    """Solleva ValidationError se la data di nascita è nel futuro."""
    if giorno and giorno > timezone.localdate():
        raise ValidationError("La data di nascita è nel futuro: ricontrollala.")


def _codice_libero(da: Attore) -> str:
    """Un codice che nell'ente non ha nessuno, come «KMP479»."""
    anonimi = Beneficiario.objects.di(da.ente).filter(anonimo=True)
    for _ in range(_TENTATIVI):
        segni = [secrets.choice(gruppo) for gruppo in (_LETTERE, _CIFRE) for _ in range(3)]
        codice = "".join(segni)
        if not anonimi.filter(codice_anonimo=codice).exists():
            return codice
    raise ValidationError("Non si è trovato un codice libero. Riprova: non è stato salvato nulla.")
