"""Il registro dei trattamenti di un ente, composto da ciò che il programma fa davvero.

Le finalità sono quelle del programma, i campi quelli dei modelli, le basi quelle in vigore, i
destinatari quelli degli accordi. Il resto sono le parole di `dati/privacy/trattamenti.yaml`.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.apps import apps
from django.conf import settings
from django.db.models import Field, Model
from django.template.loader import render_to_string
from django.utils import timezone

from enti.models import Ente
from privacy.durate import Durata, durate
from privacy.gruppi import GRUPPI_D_EMERGENZA, Finalita, Gruppo
from privacy.letture import DatoDiPersona
from privacy.models import AccordoContitolarita, BaseGiuridica
from registro.comune.stampa.motore import stampa


CARTELLA = Path(settings.CARTELLA_BASE) / "dati" / "privacy"
FOGLIO = "privacy/registri.css"
CATEGORIE = ("comune", "particolare", "salute", "giudiziario")
TITOLO = "Registro dei trattamenti"
# Dicono come è fatta una riga, non chi è la persona.
_DI_SERVIZIO = {"id", "uuid", "ente", "versione", "indice", "indice_esatto", "nome_cercato"}


class TrattamentoSenzaTesto(ValueError):
    """Una finalità del programma di cui il registro non dice niente."""


@dataclass(frozen=True)
class DatiDiGruppo:
    """Che cosa contiene un gruppo di dati: (che riga è, i suoi campi), e le categorie."""

    gruppo: str
    tabelle: list[tuple[str, list[str]]]
    categorie: list[str]


@dataclass(frozen=True)
class RigaDiGruppo:
    """Un gruppo di dati trattato per una finalità, con la base in vigore (None se nessuna: allora per
    quella finalità il gruppo non si tratta)."""

    gruppo: str
    categorie: list[str]
    base: BaseGiuridica | None


@dataclass(frozen=True)
class Trattamento:
    """Una finalità con le sue parole, i suoi gruppi di dati e chi riceve."""

    finalita: str
    testo: dict
    righe: list[RigaDiGruppo]
    riceventi: list[str]

    @property
    def attivo(self) -> bool:
        """Se almeno un gruppo ha una base in vigore."""
        return any(riga.base for riga in self.righe)


@dataclass(frozen=True)
class RegistroTrattamenti:
    """Il registro di un ente, a un certo giorno."""

    ente: Ente
    contatto: str
    contitolari: list[str]
    accordi: list[AccordoContitolarita]
    trattamenti: list[Trattamento]
    dati: list[DatiDiGruppo]
    altri: list[dict]
    durate: list[Durata]
    misure: list[str]
    trasferimenti: str

    def in_pdf(self) -> bytes:
        """Il PDF/UA del registro. Solleva RisorsaMancanteError se mancano i caratteri."""
        adesso = timezone.now()
        html = render_to_string(
            "privacy/trattamenti/stampa.html",
            {"registro": self, "titolo": TITOLO, "oggi": timezone.localdate()},
        )
        impronta = hashlib.sha256(html.encode()).hexdigest()
        return stampa(
            html, titolo=TITOLO, foglio=FOGLIO, creato=adesso, identificativo=impronta
        ).contenuto


def registro_dei_trattamenti(ente: Ente) -> RegistroTrattamenti:
    """Il registro di `ente`, com'è adesso. Solleva TrattamentoSenzaTesto se una finalità non ha il
    suo testo: un registro a metà è peggio di nessun registro."""
    testi = _testi()
    accordi = list(AccordoContitolarita.objects.in_vigore().filter(parti__ente=ente).per_elenco())
    basi = {(base.finalita, base.gruppo): base for base in BaseGiuridica.objects.in_vigore()}
    return RegistroTrattamenti(
        ente=ente,
        contatto=settings.CONTATTO_DPO,
        contitolari=_altri_enti(ente, accordi),
        accordi=accordi,
        trattamenti=[_trattamento(finalita, testi, ente, accordi, basi) for finalita in Finalita],
        dati=[
            DatiDiGruppo(gruppo.label, tabelle_del_gruppo(gruppo), categorie_del_gruppo(gruppo))
            for gruppo in Gruppo
        ],
        altri=testi["altri"],
        durate=durate(),
        misure=testi["misure"],
        trasferimenti=testi["trasferimenti"],
    )


def _trattamento(
    finalita: Finalita,
    testi: dict,
    ente: Ente,
    accordi: list[AccordoContitolarita],
    basi: dict[tuple[str, str], BaseGiuridica],
) -> Trattamento:
    if finalita.value not in testi["finalita"]:
        raise TrattamentoSenzaTesto(f"Il registro non dice niente della finalità «{finalita}».")
    gruppi = GRUPPI_D_EMERGENZA if finalita == Finalita.EMERGENZA else tuple(Gruppo)
    return Trattamento(
        finalita=finalita.label,
        testo=testi["finalita"][finalita.value],
        righe=[
            RigaDiGruppo(
                gruppo.label,
                categorie_del_gruppo(gruppo),
                basi.get((finalita.value, gruppo.value)),
            )
            for gruppo in gruppi
        ],
        riceventi=_altri_enti(ente, [a for a in accordi if finalita.value in a.finalita]),
    )


def _altri_enti(ente: Ente, accordi: list[AccordoContitolarita]) -> list[str]:
    nomi = {
        parte.ente.denominazione
        for accordo in accordi
        for parte in accordo.parti.all()
        if parte.ente_id != ente.pk
    }
    return sorted(nomi)


def tabelle_del_gruppo(gruppo: Gruppo) -> list[tuple[str, list[str]]]:
    """Le righe di un gruppo di dati e i loro campi, in parole e senza ripetizioni."""
    return [
        (
            str(modello._meta.verbose_name),
            list(
                dict.fromkeys(
                    str(campo.verbose_name)
                    for campo in campi_da_classificare(modello)
                    if _dice_qualcosa(campo)
                )
            ),
        )
        for modello in _modelli(gruppo)
    ]


def _dice_qualcosa(campo: Field) -> bool:
    """Se il campo dice qualcosa della persona: non le chiavi, ma le voci dei vocabolari sì."""
    if campo.is_relation:
        return campo.related_model._meta.app_label == "assi"
    return campo.name not in _DI_SERVIZIO


def categorie_del_gruppo(gruppo: Gruppo) -> list[str]:
    """Le categorie dei campi di un gruppo, dalla meno alla più protetta."""
    presenti = {
        categoria
        for modello in _modelli(gruppo)
        for categoria, campi in categorie().get(modello._meta.label, {}).items()
        if campi
    }
    return [categoria for categoria in CATEGORIE if categoria in presenti]


def campi_da_classificare(modello: type[Model]) -> list[Field]:
    """I campi che sono colonne della tabella di `modello`."""
    return list(modello._meta.concrete_fields)


@cache
def categorie() -> dict[str, dict[str, list[str]]]:
    """Modello → categoria → campi, come in `dati/privacy/categorie.yaml`."""
    return yaml.safe_load((CARTELLA / "categorie.yaml").read_text(encoding="utf-8"))


def _modelli(gruppo: Gruppo) -> list[type[DatoDiPersona]]:
    return [
        modello
        for modello in apps.get_models()
        if issubclass(modello, DatoDiPersona) and modello.gruppo == gruppo
    ]


@cache
def _testi() -> dict:
    return yaml.safe_load((CARTELLA / "trattamenti.yaml").read_text(encoding="utf-8"))
