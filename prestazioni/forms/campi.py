"""Durata, quantità e servizio come li scrive chi lavora, nei moduli delle prestazioni."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from assi.models import Asse, Azione, Servizio, UnitaDiMisura
from enti.models import Ente
from prestazioni.models import MINUTI_AL_GIORNO
from registro.comune.fogli.forme import FormaNonCapita, decimale, durata
from registro.comune.ricerca import forma_normale


DURATA_SBAGLIATA = "La durata va da 1 minuto a 24 ore; se non si sa, scegli «Non detta»."
QUANTITA_MASSIMA = Decimal("99999999.99")
_NUMERO_E_PAROLA = re.compile(r"\s*([\d.,\s]*\d)\s*([^\d\s].*?)?\s*")


def minuti_scritti(testo: str) -> int:
    """I minuti di ciò che si è scritto: «1h30», «90'», «90», «1,5». Solleva ValidationError.

    Un numero con la virgola sono ore, uno da 10 in su sono minuti. «2» da solo possono essere due
    ore o due minuti: non si indovina.
    """
    pulito = testo.strip()
    if pulito.isdecimal() and int(pulito) < 10 and int(pulito) > 0:
        raise ValidationError(f"«{pulito}» sono ore o minuti? Scrivi {pulito}h oppure {pulito}'.")
    unita = "minuti" if pulito.isdecimal() else "ore"
    try:
        minuti = durata(testo, unita=unita)
    except FormaNonCapita as errore:
        raise ValidationError(errore.frase) from None
    if not 1 <= minuti <= MINUTI_AL_GIORNO:
        raise ValidationError(DURATA_SBAGLIATA)
    return minuti


def minuti_in_parole(minuti: int) -> str:
    """Come si riscrivono nel campo: 90 → «1h30», 20 → «20'»."""
    ore, resto = divmod(minuti, 60)
    if not ore:
        return f"{minuti}'"
    return f"{ore}h{resto:02}" if resto else f"{ore}h"


def quantita_scritta(testo: str, unita: UnitaDiMisura, *, nome: str) -> Decimal:
    """Quanto, nell'unità del servizio `nome`: «12», «2,5», «12 pasti». Solleva ValidationError se
    c'è scritta un'altra unità, o una parte di ciò che si conta intero."""
    letta = _NUMERO_E_PAROLA.fullmatch(testo.replace("€", " euro "))
    if not letta:
        raise ValidationError(f"Scrivi quanti, in numero: {unita.nome.lower()}.")
    if letta[2] and not _la_stessa_unita(letta[2], unita):
        raise ValidationError(
            f"«{nome}» si conta in {unita.nome.lower()}, non in «{letta[2][:40]}»."
        )
    try:
        quanto = decimale(letta[1])
    except FormaNonCapita as errore:
        raise ValidationError(errore.frase) from None
    if not unita.decimali and quanto != quanto.to_integral_value():
        raise ValidationError(f"{unita.nome} si contano interi: scrivi un numero senza virgola.")
    if not 0 < quanto <= QUANTITA_MASSIMA:
        raise ValidationError("La quantità è maggiore di zero; se non si sa, lasciala vuota.")
    return round(quanto, 2)


def _la_stessa_unita(parola: str, unita: UnitaDiMisura) -> bool:
    """«pasto», «pasti» e «past.» sono pasti: basta come comincia."""
    radice = forma_normale(parola).rstrip(".")[:4]
    nomi = re.split(r"\W+", forma_normale(f"{unita.codice} {unita.nome}"))
    return any(nome.startswith(radice) for nome in nomi if nome)


class CampoServizio(forms.Field):
    """Un servizio fra quelli messi in `servizi`; il modulo rende il Servizio."""

    default_error_messages = {
        "required": "Scegli che cosa hai fatto.",
        "assente": "Questo servizio non è fra quelli che l'ente offre: scegline un altro.",
    }

    def per(self, servizi: Sequence[Servizio]) -> None:
        self.servizi = {str(servizio.uuid): servizio for servizio in servizi}

    def clean(self, value: Any) -> Servizio | None:
        scelto = super().clean(value)
        if not scelto:
            return None
        if str(scelto) not in self.servizi:
            raise ValidationError(self.error_messages["assente"])
        return self.servizi[str(scelto)]


class CampoAzioneDellEnte(forms.ChoiceField):
    """Una delle azioni messe in `azioni`; il modulo rende l'Azione, o None."""

    def per(self, azioni: Sequence, *, vuota: str) -> None:
        self.azioni = {azione.slug: azione for azione in azioni}
        self.choices = [("", vuota), *((azione.slug, azione.titolo) for azione in azioni)]

    def clean(self, value: Any):
        return self.azioni.get(super().clean(value))


class CampoColleghi(forms.MultipleChoiceField):
    """Chi c'era oltre a chi scrive; il modulo rende gli Utenti."""

    widget = forms.CheckboxSelectMultiple

    def per(self, appartenenze: Sequence) -> None:
        self.utenti = {str(voce.uuid): voce.utente for voce in appartenenze}
        self.choices = [(chiave, utente.nome_completo) for chiave, utente in self.utenti.items()]

    def clean(self, value: Any) -> list:
        return [self.utenti[chiave] for chiave in super().clean(value)]


def azioni_e_assi(modulo: forms.Form, ente: Ente) -> None:
    """Nei campi `azione` e `asse` dei filtri, le azioni dell'ente per titolo e i loro assi in ordine.

    Gli assi vengono dalle azioni, già lette: non si chiedono un'altra volta.
    """
    azioni, assi = modulo.fields["azione"], modulo.fields["asse"]
    azioni.queryset = Azione.objects.di(ente).select_related("asse").order_by("titolo")
    assi.queryset = Asse.objects.filter(azioni__in=azioni.queryset.values("pk")).distinct()

    def scelte() -> list[tuple[str, str]]:
        trovati = {azione.asse for azione in azioni.queryset}
        in_ordine = sorted(trovati, key=lambda asse: (asse.ordine, asse.pk))
        return [("", assi.empty_label), *((asse.slug, str(asse)) for asse in in_ordine)]

    assi.choices = scelte
