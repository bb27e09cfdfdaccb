"""Che cosa è cambiato di una persona: le righe che i trigger hanno lasciato, una accanto all'altra.

Ogni riga di storia è come la riga era dopo il gesto: il prima è nella riga di storia precedente
della stessa riga. Ciò che è cifrato resta cifrato: si dice solo che è cambiato.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format

from beneficiari.models.persone import Beneficiario
from enti.models import Ente, Utente
from privacy.gruppi import Gruppo
from privacy.letture import DatoDiPersona, annota_molte


# Le tabelle con una storia, nell'ordine in cui si leggono, e il gruppo a cui appartengono.
TABELLE = {
    "Beneficiario": Gruppo.ANAGRAFICA,
    "Autorizzazione": Gruppo.ANAGRAFICA,
    "Recapito": Gruppo.CONTATTI,
    "Identificativo": Gruppo.IDENTIFICATIVI,
    "Componente": Gruppo.NUCLEO,
    "PresaInCarico": Gruppo.PRESTAZIONI,
    "Obiettivo": Gruppo.PRESTAZIONI,
    "BisognoRilevato": Gruppo.BISOGNI,
    "Valutazione": Gruppo.VALUTAZIONI,
    "CondizioneRilevata": Gruppo.SALUTE,
    "Nota": Gruppo.NOTE,
}
# Ciò che serve al programma e non dice niente a chi legge.
TACIUTI = frozenset(
    {
        *("id", "uuid", "ente", "beneficiario", "versione", "inserito_il"),
        *("nome_cercato", "indice", "indice_esatto"),
    }
)
VUOTO = ""
CIFRATO = "cambiato (il testo è cifrato)"


@dataclass(frozen=True, slots=True)
class Cambiamento:
    """Un campo prima e dopo, in parole; vuoto se non c'era o non c'è. `cifrato`: non si mostra."""

    campo: str
    prima: str
    dopo: str
    cifrato: bool = False


@dataclass(frozen=True, slots=True)
class Gesto:
    """Una riga nata, cambiata o tolta. `utente` ed `ente` mancano se l'ha fatto il database."""

    quando: datetime
    gesto: str
    che_cosa: str
    gruppo: Gruppo
    utente: Utente | None
    ente: Ente | None
    cambiamenti: tuple[Cambiamento, ...]


def storia_di(persona: Beneficiario, *, gruppo: str = "") -> list[Gesto]:
    """I gesti su `persona` e sulle righe unite a lei, dal più recente; `gruppo` li restringe.

    Leggere la storia è leggere la persona: annota i gruppi che ne escono. Chi non risponde dei
    dati dal database non riceve righe.
    """
    chiavi = persona.chiavi
    coppie = []
    for nome, suo in TABELLE.items():
        if gruppo in ("", suo):
            coppie += _coppie(nome, chiavi)
    annota_molte([(persona.pk, persona.ente_id)], *{TABELLE[_nome(dopo)] for _, dopo in coppie})
    parole = _Parole(coppie)
    gesti = [parole.gesto(prima, dopo) for prima, dopo in coppie]
    visti = [gesto for gesto in gesti if gesto.cambiamenti or gesto.gesto != "cambiata"]
    # Rovesciati: a parità d'istante, in una catena l'ultimo gesto viene prima.
    visti.reverse()
    return sorted(visti, key=lambda gesto: gesto.quando, reverse=True)


def _nome(riga: models.Model) -> str:
    return type(riga).__name__.removeprefix("Storia")


def _coppie(nome: str, chiavi: list[int]) -> list[tuple[models.Model | None, models.Model]]:
    """Ogni riga di storia di una tabella con quella che la precede (None: è la prima)."""
    modello = apps.get_model("beneficiari", f"Storia{nome}")
    colonna = "pgh_obj_id" if nome == "Beneficiario" else "beneficiario_id"
    catene = defaultdict(list)
    for riga in modello.objects.filter(**{f"{colonna}__in": chiavi}).order_by("pgh_id"):
        catene[riga.pgh_obj_id].append(riga)
    return [coppia for catena in catene.values() for coppia in pairwise([None, *catena])]


def _campi(riga: models.Model) -> Iterable[models.Field]:
    return (
        campo
        for campo in type(riga)._meta.concrete_fields
        if not campo.name.startswith("pgh_") and campo.name not in TACIUTI
    )


class _Parole:
    """Mette in parole le righe di storia; le righe indicate (utenti, vocaboli) le legge insieme."""

    def __init__(self, coppie: list) -> None:
        cercate: dict[type[models.Model], set[int]] = {Utente: set(), Ente: set()}
        for _, dopo in coppie:
            chi = dopo.pgh_context or {}
            cercate[Utente].add(chi.get("utente"))
            cercate[Ente].add(chi.get("ente"))
            for campo in _campi(dopo):
                if campo.is_relation:
                    cercate.setdefault(campo.related_model, set()).add(
                        getattr(dopo, campo.attname)
                    )
        self._righe = {
            modello: modello.objects.in_bulk(chiavi - {None})
            # Le righe di persone hanno il loro registro: qui si dice che ce n'è una, e basta.
            for modello, chiavi in cercate.items()
            if not issubclass(modello, DatoDiPersona)
        }

    def gesto(self, prima: models.Model | None, dopo: models.Model) -> Gesto:
        chi = dopo.pgh_context or {}
        tolta = dopo.pgh_label == "tolta"
        return Gesto(
            quando=dopo.pgh_created_at,
            gesto=dopo.pgh_label,
            che_cosa=apps.get_model("beneficiari", _nome(dopo))._meta.verbose_name,
            gruppo=TABELLE[_nome(dopo)],
            utente=self._righe[Utente].get(chi.get("utente")),
            ente=self._righe[Ente].get(chi.get("ente")),
            cambiamenti=() if tolta else tuple(self._cambiamenti(prima, dopo)),
        )

    def _cambiamenti(self, prima, dopo) -> Iterable[Cambiamento]:
        for campo in _campi(dopo):
            era = getattr(prima, campo.attname) if prima else None
            diventa = getattr(dopo, campo.attname)
            if isinstance(campo, models.BinaryField):
                era, diventa = (bytes(v) if v is not None else None for v in (era, diventa))
            if era == diventa or (prima is None and diventa in (None, "", [], False)):
                continue
            nome = campo.verbose_name.removesuffix(" cifrato")
            if isinstance(campo, models.BinaryField):
                yield Cambiamento(nome, VUOTO, CIFRATO, cifrato=True)
            else:
                yield Cambiamento(nome, self._detto(campo, era), self._detto(campo, diventa))

    def _detto(self, campo: models.Field, valore) -> str:
        if valore is None or valore == "":
            return VUOTO
        if campo.is_relation:
            return self._indicata(campo.related_model, valore)
        if isinstance(valore, list):
            scelte = dict(campo.base_field.flatchoices)
            return ", ".join(str(scelte.get(voce, voce)) for voce in valore)
        return _in_parole(dict(campo.flatchoices).get(valore, valore))

    def _indicata(self, modello: type[models.Model], chiave: int) -> str:
        riga = self._righe.get(modello, {}).get(chiave)
        return str(riga) if riga else f"{modello._meta.verbose_name} n. {chiave}"


def _in_parole(valore) -> str:
    if isinstance(valore, bool):
        return "sì" if valore else "no"
    if isinstance(valore, datetime):
        return date_format(timezone.localtime(valore), "d/m/Y H:i")
    if hasattr(valore, "strftime"):
        return date_format(valore, "d/m/Y")
    return str(valore)
