"""La copia dei dati di una persona (artt. 15.3 e 20): il foglio da leggere e un file da portare via.

Il file comprende ogni tabella che parla della persona, di ogni app: si trovano da sé, e una nuova
c'è senza che nessuno se ne ricordi. Ciò che non entra sta in `ESCLUSE`, col perché.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from beneficiari.documenti.composto import Composto
from beneficiari.documenti.scheda import scheda_della_persona
from beneficiari.models import (
    Autorizzazione,
    AvvisoDEmergenza,
    Beneficiario,
    DocumentoDiPersona,
    Recapito,
)
from enti.models import Ente, Utente
from enti.permessi import Attore
from privacy.gruppi import Finalita, Gruppo, Uscita
from privacy.letture import DatoDiPersona
from privacy.models import RegistroAccessi


TITOLO = "Copia dei tuoi dati"
VERSIONE = 1
NOME_DELLO_SCHEMA = f"copia-dei-dati-{VERSIONE}.json"
NOME_DEL_FILE = "i-tuoi-dati.json"
# Tabelle con una persona che non sono dati suoi da darle, e perché.
ESCLUSE = {
    "beneficiari.Affidamento": "chi la segue lo dicono le prese in carico; chi ha aperto i dati, le letture",
    "beneficiari.AvvisoAlDestinatario": "avvisi fra enti: nessun dato, e i destinatari sono già elencati",
    "beneficiari.DocumentoDiPersona": "richieste di stampa di chi lavora, senza dati",
    "beneficiari.NonDoppione": "dice che due persone sono diverse: una è un'altra",
    "beneficiari.Unione": "due righe della stessa persona: qui ci sono già tutte e due",
}
# Le versioni di prima degli stessi dati: si danno a parte, a chi le chiede.
PREFISSO_DELLE_STORIE = "Storia"
# Non sono dati suoi da annotare come letti, ma dicono a chi sono andati.
ANCHE = (Autorizzazione, AvvisoDEmergenza)
_TACIUTI = frozenset(
    {"id", "ente", "nome_cercato", "versione", "beneficiario", "importazione", "accesso"}
)
_CIFRATO = "_cifrato"


def copia_dei_dati(documento: DocumentoDiPersona, attore: Attore) -> Composto:
    """Il foglio «I tuoi dati» e, accanto, il file con tutto. Solleva Beneficiario.DoesNotExist."""
    scheda = scheda_della_persona(documento, attore)
    persona = Beneficiario.objects.di(attore.ente).get(pk=documento.beneficiario_id)
    testo = json.dumps(dati_della_persona(persona), ensure_ascii=False, indent=2)
    return Composto(TITOLO, html=scheda.html, allegati={NOME_DEL_FILE: testo.encode()})


def dati_della_persona(persona: Beneficiario) -> dict:
    """Tutto ciò che l'ente tiene della persona, nella forma di `docs/schema/`. Leggerlo si annota."""
    chiavi = persona.chiavi
    numeri = _numeri_opachi(chiavi, persona)
    return {
        "schema": f"copia-dei-dati/{VERSIONE}",
        "prodotta_il": timezone.localtime().isoformat(timespec="seconds"),
        "titolare": persona.ente.denominazione,
        "persona": str(persona.uuid),
        "tabelle": {
            nome_della_tabella(modello): [
                {nome: _valore(riga, nome, campo, numeri) for nome, campo in campi(modello)}
                for riga in _righe(modello, chiavi, persona)
            ]
            for modello in tabelle()
        },
        "letture": list(_letture(chiavi, persona.ente_id)),
    }


def tabelle() -> list[type[models.Model]]:
    """I modelli che entrano nella copia, per nome."""
    di_persone = [modello for modello in apps.get_models() if issubclass(modello, DatoDiPersona)]
    return sorted([*di_persone, *ANCHE], key=nome_della_tabella)


def nome_della_tabella(modello: type[models.Model]) -> str:
    return modello._meta.label_lower


def campi(modello: type[models.Model]) -> Iterator[tuple[str, models.Field]]:
    """I campi di `modello` che entrano nella copia, col nome che hanno lì.

    Non entrano le chiavi interne, gli indici di ricerca, e chi lavora: della persona si dice quale
    ente ha scritto, non quale operatore (Corte di giustizia UE, C-579/21).
    """
    for campo in modello._meta.concrete_fields:
        if campo.name in _TACIUTI or getattr(campo, "related_model", None) is Utente:
            continue
        if isinstance(campo, models.BinaryField):
            if campo.name == getattr(modello, "colonna_cifrata", ""):
                yield campo.name.removesuffix(_CIFRATO), campo
            continue
        yield campo.name, campo


def schema() -> dict:
    """Lo schema JSON della copia: una tabella nuova, o un campo, lo cambia."""
    testo = {"type": "string"}
    lettura = {
        nome: testo if nome != "che_cosa" else {"type": "array", "items": testo}
        for nome in ("quando", "ente", "perche", "che_cosa", "uscita")
    }
    voci = {
        "schema": {"const": f"copia-dei-dati/{VERSIONE}"},
        "prodotta_il": testo | {"format": "date-time"},
        "titolare": testo,
        "persona": testo | {"format": "uuid"},
        "tabelle": _oggetto(
            {
                nome_della_tabella(modello): {
                    "type": "array",
                    "title": str(modello._meta.verbose_name_plural),
                    "items": _oggetto(
                        {nome: _schema_del_campo(campo) for nome, campo in campi(modello)}
                    ),
                }
                for modello in tabelle()
            }
        ),
        "letture": {"type": "array", "items": _oggetto(lettura)},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Copia dei dati di una persona",
        **_oggetto(voci),
    }


def _righe(
    modello: type[models.Model], chiavi: list[int], persona: Beneficiario
) -> models.QuerySet:
    righe = modello.objects.filter(
        **{f"{_colonna(modello)}__in": chiavi}, ente=persona.ente_id
    ).order_by("pk")
    if modello is Recapito:
        # Un indirizzo riservato non esce in nessun file, nemmeno in questo.
        righe = righe.non_riservati()
    indicate = [campo.name for _, campo in campi(modello) if campo.is_relation]
    return righe.select_related(*[nome for nome in indicate if not _e_sua(modello, nome)])


def _colonna(modello: type[models.Model]) -> str:
    return getattr(modello, "colonna_persona", "beneficiario_id")


def _e_sua(modello: type[models.Model], nome: str) -> bool:
    """Se il campo indica un'altra riga della stessa persona."""
    indicato = modello._meta.get_field(nome).related_model
    return issubclass(indicato, (DatoDiPersona, *ANCHE))


def _numeri_opachi(chiavi: list[int], persona: Beneficiario) -> dict[tuple[type, int], str]:
    """(modello, chiave interna) → uuid delle righe della persona: nella copia si indicano così."""
    numeri = {}
    for modello in tabelle():
        if not any(campo.name == "uuid" for campo in modello._meta.concrete_fields):
            continue
        righe = _righe(modello, chiavi, persona)
        righe = righe.per_calcolo() if issubclass(modello, DatoDiPersona) else righe
        for chiave, uuid in righe.values_list("pk", "uuid"):
            numeri[modello, chiave] = str(uuid)
    return numeri


def _valore(riga: models.Model, nome: str, campo: models.Field, numeri: dict) -> object:
    if campo.is_relation:
        return _indicata(riga, campo, numeri)
    valore = getattr(riga, nome)
    if isinstance(valore, datetime):
        return timezone.localtime(valore).isoformat()
    if isinstance(valore, date | time):
        return valore.isoformat()
    if isinstance(valore, UUID | Decimal):
        return str(valore)
    if isinstance(valore, list):
        return [str(voce) for voce in valore]
    return valore


def _indicata(riga: models.Model, campo: models.Field, numeri: dict) -> object:
    """Una riga indicata: il suo uuid se è della persona, come si chiama se è un vocabolo o un ente."""
    chiave = getattr(riga, campo.attname)
    if chiave is None:
        return None
    if _e_sua(type(riga), campo.name):
        return numeri.get((campo.related_model, chiave))
    indicata = getattr(riga, campo.name)
    in_copia = getattr(indicata, "campi_in_copia", ())
    if not in_copia:
        return indicata.denominazione if isinstance(indicata, Ente) else str(indicata)
    meta = type(indicata)._meta
    return {nome: _valore(indicata, nome, meta.get_field(nome), numeri) for nome in in_copia}


def _letture(chiavi: list[int], titolare: int) -> Iterator[dict]:
    """Una voce per lettura: quando, quale ente, perché, che cosa; mai chi lavora."""
    lette = RegistroAccessi.objects.delle_righe(chiavi).filter(ente_titolare=titolare)
    for lettura in lette.select_related("ente").iterator():
        yield {
            "quando": timezone.localtime(lettura.quando).isoformat(timespec="seconds"),
            "ente": lettura.ente.denominazione,
            "perche": Finalita(lettura.finalita).label,
            "che_cosa": [Gruppo(gruppo).label for gruppo in lettura.gruppi],
            "uscita": Uscita(lettura.uscita).label,
        }


def _oggetto(voci: dict) -> dict:
    return {
        "type": "object",
        "properties": voci,
        "required": list(voci),
        "additionalProperties": False,
    }


_TIPI = (
    (models.BooleanField, {"type": "boolean"}),
    (models.DateTimeField, {"type": "string", "format": "date-time"}),
    (models.DateField, {"type": "string", "format": "date"}),
    (models.TimeField, {"type": "string"}),
    (models.DecimalField, {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}),
    (models.IntegerField, {"type": "integer"}),
    (models.UUIDField, {"type": "string", "format": "uuid"}),
    (ArrayField, {"type": "array", "items": {"type": "string"}}),
)


def _schema_del_campo(campo: models.Field) -> dict:
    titolo = {"title": str(campo.verbose_name).removesuffix(" cifrato")}
    if campo.is_relation:
        in_copia = getattr(campo.related_model, "campi_in_copia", ())
        meta = campo.related_model._meta
        dentro = {nome: _schema_del_campo(meta.get_field(nome)) for nome in in_copia}
        forma = _oggetto(dentro) if dentro else {"type": "string"}
    else:
        forma = next(
            (forma for tipo, forma in _TIPI if isinstance(campo, tipo)), {"type": "string"}
        )
    # Una riga della persona che non entra nella copia (il suo nucleo) si indica con niente.
    if campo.null or campo.is_relation:
        forma = forma | {"type": [forma["type"], "null"]}
    return titolo | forma
