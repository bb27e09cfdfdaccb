"""Il nucleo di una persona: crearlo, farvi entrare qualcuno, dire chi ne è uscito e quando."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone

from beneficiari.models import Beneficiario, Componente, Nucleo
from enti.permessi import Attore, Permesso
from registro.comune.vincoli import frasi_del_database


def crea_nucleo(
    *, persona: Beneficiario, ruolo: str, da: Attore, tipologia: str = "", dal: date | None = None
) -> Componente:
    """Crea un nucleo con la persona come primo componente. Solleva ValidationError."""
    da.esigi(Permesso.PERSONE_SCRIVERE)
    with frasi_del_database():
        nucleo = Nucleo.objects.create(
            ente=da.ente, tipologia=tipologia, creato_il=dal or timezone.localdate()
        )
        return aggiungi_componente(nucleo=nucleo, persona=persona, ruolo=ruolo, dal=dal, da=da)


def aggiungi_componente(
    *,
    nucleo: Nucleo,
    persona: Beneficiario,
    ruolo: str,
    da: Attore,
    convivente: bool = True,
    dal: date | None = None,
) -> Componente:
    """Fa entrare una persona dell'ente in un nucleo. Solleva ValidationError se c'è già, se il
    nucleo ha già un capofamiglia o se la data è nel futuro."""
    da.esigi(Permesso.PERSONE_SCRIVERE)
    if persona.anonimo:
        raise ValidationError(
            "Chi accede in anonimo non si lega a un nucleo: resterebbe riconoscibile."
        )
    _controlla_giorno(dal)
    with frasi_del_database():
        return Componente.objects.create(
            ente=da.ente,
            nucleo=nucleo,
            beneficiario=persona,
            ruolo=ruolo,
            convivente=convivente,
            dal=dal or timezone.localdate(),
        )


def cambia_componente(
    *, componente: Componente, ruolo: str, convivente: bool, da: Attore
) -> Componente:
    """Corregge il ruolo nel nucleo e se convive. Chi diventa capofamiglia lo diventa al posto di
    chi lo era, che resta «altro parente»."""
    da.esigi(Permesso.PERSONE_SCRIVERE)
    capo = Componente.Ruolo.CAPOFAMIGLIA
    with frasi_del_database():
        if ruolo == capo:
            altri = Componente.objects.filter(
                ente=da.ente, nucleo=componente.nucleo_id, al=None, ruolo=capo
            )
            altri.exclude(pk=componente.pk).update(ruolo=Componente.Ruolo.ALTRO_PARENTE)
        componente.ruolo, componente.convivente = ruolo, convivente
        componente.save(update_fields=["ruolo", "convivente"])
    return componente


def esci_dal_nucleo(*, componente: Componente, al: date | None = None, da: Attore) -> Componente:
    """Dice fino a quando la persona ha fatto parte del nucleo (oggi, se taciuto)."""
    da.esigi(Permesso.PERSONE_SCRIVERE)
    if componente.al is not None:
        raise ValidationError("La persona è già uscita da questo nucleo.")
    _controlla_giorno(al)
    componente.al = al or timezone.localdate()
    with frasi_del_database():
        componente.save(update_fields=["al"])
    return componente


def _controlla_giorno(giorno: date | None) -> None:
    if giorno and giorno > timezone.localdate():
        raise ValidationError("La data è nel futuro: scrivi un giorno già passato, o oggi.")
