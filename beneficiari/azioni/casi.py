"""Aprire, cambiare, affidare, chiudere e riaprire una presa in carico.

La cambia chi la segue, o chi risponde dei dati dell'ente: lo decide la policy, che agli altri non
lascia prendere la riga in mano.
"""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from assi.models import Azione, TipoDiChiusura
from beneficiari.models import Beneficiario, Nucleo, PresaInCarico, Riapertura
from enti.models import Appartenenza, Ente, Utente
from enti.permessi import RUOLO_DI_SISTEMA, Attore, Permesso
from registro.comune.vincoli import frasi_del_database


GIA_APERTA = ("presa_una_aperta_per_persona", "presa_una_aperta_per_nucleo")
NON_TUA = "Questa presa in carico la cambia chi la segue, o il referente dell'ente."
CHIUSA = "La presa in carico è chiusa: per cambiarla va riaperta, dicendo perché."
APERTA = "La presa in carico è già aperta."
NEL_FUTURO = "La data è nel futuro: scrivi quando è successo davvero."
ABBANDONO = ("fase_abbandono", "motivo_abbandono", "unita_abbandono")


class PresaCambiata(Exception):
    """Un'altra persona ha salvato la presa in carico mentre la si cambiava.

    `attuale`: com'è ora. `proposti`: per nome di campo, ciò che si voleva scrivere.
    """

    def __init__(self, attuale: PresaInCarico, proposti: dict[str, Any]) -> None:
        super().__init__("La presa in carico è cambiata mentre la si scriveva.")
        self.attuale = attuale
        self.proposti = proposti

    @property
    def discordi(self) -> list[str]:
        """I campi in cui ciò che c'è e ciò che si voleva scrivere sono diversi."""
        return [nome for nome, v in self.proposti.items() if getattr(self.attuale, nome) != v]


def apri_caso(
    *,
    per: Beneficiario | Nucleo,
    azione: Azione,
    canale: str,
    da: Attore,
    operatore: Utente | None = None,
    ente_inviante: Ente | None = None,
    motivazione: str = "",
    aperta_il: date | None = None,
) -> PresaInCarico:
    """Apre una presa in carico per una persona o per un nucleo; la segue chi apre, se taciuto.

    Solleva PermissionDenied, o ValidationError (il codice è in GIA_APERTA se per quell'azione ce
    n'è già una aperta).
    """
    _si_puo_aprire(per, azione, da)
    _non_futura(aperta_il, "aperta_il")
    _che_lavora_qui(operatore, da)
    di_chi = {"nucleo": per} if isinstance(per, Nucleo) else {"beneficiario": per}
    with frasi_del_database():
        return PresaInCarico.objects.create(
            ente=da.ente,
            azione=azione,
            canale=canale,
            ente_inviante=ente_inviante,
            motivazione=motivazione,
            operatore=operatore or da.utente,
            aperta_il=aperta_il or timezone.localdate(),
            **di_chi,
        )


def cambia_caso(*, presa: PresaInCarico, versione: int, da: Attore, **campi) -> PresaInCarico:
    """Scrive `campi` su una presa in carico aperta, letta alla `versione` data.

    Solleva PresaCambiata se intanto un'altra persona l'ha cambiata in modo diverso;
    PermissionDenied o ValidationError.
    """
    _non_futura(campi.get("aperta_il"), "aperta_il")
    with frasi_del_database():
        attuale = in_mano(presa, da)
        if not attuale.aperta:
            raise ValidationError(CHIUSA)
        cambiata = PresaCambiata(attuale, campi)
        if not cambiata.discordi:
            return attuale
        if attuale.versione != versione:
            raise cambiata
        return _scrivi(attuale, campi)


def affida_caso(*, presa: PresaInCarico, operatore: Utente, da: Attore) -> PresaInCarico:
    """Affida la presa in carico a un collega; chi la seguiva resta scritto negli affidamenti.

    Solleva PermissionDenied, o ValidationError se è chiusa o il collega non lavora più qui.
    """
    with frasi_del_database():
        attuale = in_mano(presa, da)
        if not attuale.aperta:
            raise ValidationError(CHIUSA)
        if attuale.operatore_id == operatore.pk:
            raise ValidationError({"operatore": "La segue già: scegli un'altra persona."})
        _che_lavora_qui(operatore, da)
        return _scrivi(attuale, {"operatore": operatore})


def chiudi_caso(
    *,
    presa: PresaInCarico,
    esito: TipoDiChiusura,
    da: Attore,
    chiusa_il: date | None = None,
    **campi,
) -> PresaInCarico:
    """Chiude con un esito. `campi`: esito_in_parole, prosecuzione e, di un abbandono, ABBANDONO.

    Solleva PermissionDenied, o ValidationError con la frase sul campo che non va.
    """
    chiusa_il = chiusa_il or timezone.localdate()
    _non_futura(chiusa_il, "chiusa_il")
    if esito.abbandono:
        mancanti = {nome: "Dillo, di un abbandono." for nome in ABBANDONO if not campi.get(nome)}
        if mancanti:
            raise ValidationError(mancanti)
    else:
        campi |= dict.fromkeys(ABBANDONO, "")
    with frasi_del_database():
        attuale = in_mano(presa, da)
        if not attuale.aperta:
            raise ValidationError("La presa in carico è già chiusa.")
        if chiusa_il < attuale.aperta_il:
            raise ValidationError({"chiusa_il": "La chiusura non può precedere l'apertura."})
        return _scrivi(attuale, {"esito": esito, "chiusa_il": chiusa_il, **campi})


def riapri_caso(*, presa: PresaInCarico, motivo: str, da: Attore) -> PresaInCarico:
    """Riapre dicendo perché; com'era finita resta nella Riapertura.

    Solleva PermissionDenied, o ValidationError se è aperta o ce n'è un'altra aperta per l'azione.
    """
    with frasi_del_database():
        attuale = in_mano(presa, da)
        if attuale.aperta:
            raise ValidationError(APERTA)
        _una_sola_per_azione(attuale.beneficiario or attuale.nucleo, attuale.azione)
        Riapertura.objects.create(
            ente=attuale.ente,
            presa=attuale,
            beneficiario_id=attuale.beneficiario_id,
            era_chiusa_il=attuale.chiusa_il,
            esito_di_prima=attuale.esito,
            com_era_andata=_com_era_andata(attuale),
            motivo=motivo.strip(),
            da=da.utente,
        )
        vuoti = dict.fromkeys(("esito_in_parole", "prosecuzione", *ABBANDONO), "")
        return _scrivi(attuale, {"esito": None, "chiusa_il": None, **vuoti})


def in_mano(presa: PresaInCarico, da: Attore) -> PresaInCarico:
    """La riga bloccata, com'è ora. Solleva PermissionDenied se non è di chi la vuole cambiare."""
    da.esigi(Permesso.PERSONE_SCRIVERE)
    righe = PresaInCarico.objects.di(da.ente).select_for_update(of=("self",))
    attuale = righe.select_related("ente", "azione", "esito").filter(pk=presa.pk).first()
    if attuale is None:
        raise PermissionDenied(NON_TUA)
    return attuale


def _si_puo_aprire(per: Beneficiario | Nucleo, azione: Azione, da: Attore) -> None:
    da.esigi(Permesso.PERSONE_SCRIVERE)
    if per.ente_id != da.ente.pk:
        raise PermissionDenied("Si seguono le persone del proprio ente.")
    _una_sola_per_azione(per, azione)


def _scrivi(attuale: PresaInCarico, campi: dict[str, Any]) -> PresaInCarico:
    for nome, valore in campi.items():
        setattr(attuale, nome, valore)
    attuale.versione += 1
    attuale.save(update_fields=[*campi, "versione"])
    return attuale


def _una_sola_per_azione(per: Beneficiario | Nucleo, azione: Azione) -> None:
    """Anche fra le righe che un'unione ha messo insieme, che il vincolo vede separate."""
    if isinstance(per, Nucleo):
        return
    chiavi = per.chiavi
    gia = PresaInCarico.objects.filter(ente=per.ente_id, beneficiario_id__in=chiavi)
    if gia.aperte().filter(azione=azione).exists():
        vincolo = next(v for v in PresaInCarico._meta.constraints if v.name == GIA_APERTA[0])
        raise ValidationError(vincolo.violation_error_message, code=GIA_APERTA[0])


def _che_lavora_qui(operatore: Utente | None, da: Attore) -> None:
    if operatore is None or operatore == da.utente:
        return
    qui = Appartenenza.objects.in_corso().che_lavorano_per(da.ente)
    if da.ruolo != RUOLO_DI_SISTEMA and not qui.filter(utente=operatore).exists():
        raise ValidationError({"operatore": "Questa persona non lavora più nell'ente."})


def _non_futura(giorno: date | None, campo: str) -> None:
    if giorno is not None and giorno > timezone.localdate():
        raise ValidationError({campo: NEL_FUTURO})


def _com_era_andata(presa: PresaInCarico) -> str:
    parti = [presa.esito_in_parole]
    if presa.fase_abbandono:
        chi, quando = presa.get_unita_abbandono_display(), presa.get_fase_abbandono_display()
        parti.append(f"Ha lasciato {chi}, {quando}: {presa.motivo_abbandono}")
    if presa.prosecuzione:
        parti.append(f"Va proseguita: {presa.get_prosecuzione_display()}.")
    return "\n".join(parte for parte in parti if parte)
