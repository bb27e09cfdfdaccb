"""Registrare in un gesto solo anche chi è nuovo e chi non è ancora seguito."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from assi.models import Azione
from beneficiari.azioni.casi import apri_caso
from beneficiari.azioni.consensi import raccogli_consenso
from beneficiari.azioni.persone import inserisci_persona
from beneficiari.models import Beneficiario, Componente, Consenso, PresaInCarico
from enti.models import Utente
from enti.permessi import Attore, Permesso
from prestazioni.azioni.ognuno import Ognuno, chi_c_era_prima, scrivi_di_ognuno
from prestazioni.azioni.prestazioni import Fatto, Presente, correggi, registra
from prestazioni.models import Affiancamento, NotaDiPrestazione, Partecipazione, Prestazione
from prestazioni.models.proposte import gia_registrate, gia_registrate_senza_nomi
from registro.comune.vincoli import frasi_del_database
from registro.db.lucchetto import uno_alla_volta_per


UGUALE = "uguale"
GIA_SCRITTA = (
    "L'hai già registrata: stessa persona, stesso servizio, stesso giorno, stessa durata. Se è"
    " un'altra volta, premi «Registra lo stesso»."
)
GIA_SCRITTA_SENZA_NOMI = (
    "L'hai già registrata: stesso servizio, stesso giorno, stessa durata, lo stesso numero di"
    " persone senza nome. Se è un'altra volta, premi «Registra lo stesso»."
)
# La riga era arrivata e la risposta no, o due schede avevano ripreso la stessa bozza.
GIA_SALVATA = "gia-salvata"
NON_E_COSI = (
    "Questa registrazione era già arrivata, e la riga salvata non dice ciò che c'è scritto qui."
    " Ciò che hai cambiato dopo non è stato scritto: riportalo con «Correggi» nella riga salvata."
)
SENZA_AZIONE = "Di' per quale azione: senza una presa in carico non si capisce da sé."
FUORI_DAL_NUCLEO = "La persona non fa più parte del nucleo: scegli un'altra presa in carico."


@dataclass(frozen=True)
class Scelta:
    """Una persona che c'era; `presa` è None se bisogna aprirne una."""

    persona: Beneficiario
    presa: PresaInCarico | None


@dataclass(frozen=True)
class Apertura:
    """Come si apre la presa in carico di chi non ne ha una."""

    azione: Azione
    canale: str


@dataclass(frozen=True)
class PersonaNuova:
    """Chi si scrive adesso: i campi dell'anagrafica e, se lo ha detto, il suo consenso.

    `consenso` sono gli argomenti di `raccogli_consenso` tranne la persona; vuoto se non si è
    chiesto.
    """

    campi: dict[str, Any]
    consenso: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Registrazione:
    """Tutto ciò che «Registra» manda in una volta.

    `fatto`: i campi di `Fatto` tranne l'azione; `azione`: quella scelta a mano, se lo è stata;
    `azione_di_prima`: la chiave di quella dell'ultima riga, da cui si parte se non si capisce.
    """

    fatto: dict[str, Any]
    scelte: Sequence[Scelta]
    nuova: PersonaNuova | None = None
    apertura: Apertura | None = None
    azione: Azione | None = None
    azione_di_prima: int | None = None
    affiancano: Sequence[Utente] = ()
    nota: str = ""


@transaction.atomic
def registra_tutto(
    che_cosa: Registrazione, *, uuid: UUID, da: Attore, anche_se_uguale: bool = False
) -> Prestazione:
    """Scrive la prestazione `uuid` con chi c'era, aprendo le prese in carico che mancano.

    La stessa richiesta mandata due volte, anche insieme, è una riga sola: la seconda aspetta la
    prima e rende quella. Solleva ValidationError con la frase della regola che rifiuta (codice
    `uguale` se un'altra riga dice lo stesso, `gia-salvata` se la riga c'è già e dice altro); allora
    non resta scritto niente, nemmeno la persona nuova.
    """
    da.esigi(Permesso.PRESTAZIONI_SCRIVERE)
    _una_alla_volta(uuid, da)
    gia = Prestazione.objects.di(da.ente).filter(uuid=uuid).first()
    if gia is not None:
        if not dice_lo_stesso(gia, che_cosa, da=da):
            raise ValidationError(NON_E_COSI, code=GIA_SALVATA)
        return gia
    if not anche_se_uguale:
        _esigi_nuova(che_cosa, da)
    scelte = list(che_cosa.scelte)
    if che_cosa.nuova:
        scelte.append(Scelta(_nasce(che_cosa.nuova, da), None))
    presenti = presenti_di(
        scelte, apertura=che_cosa.apertura, giorno=che_cosa.fatto["giorno"], da=da
    )
    azione = azione_delle_ore(presenti, scelta=che_cosa.azione, di_prima=che_cosa.azione_di_prima)
    return registra(
        Fatto(azione=azione, **che_cosa.fatto),
        uuid=uuid,
        presenti=presenti,
        da=da,
        affiancano=che_cosa.affiancano,
        nota=che_cosa.nota,
    )


@transaction.atomic
def correggi_tutto(
    prestazione: Prestazione,
    che_cosa: Registrazione,
    *,
    del_nucleo: Sequence[Presente],
    versione: int,
    da: Attore,
    ognuno: Ognuno | None = None,
) -> None:
    """Riscrive la prestazione con chi c'era, aprendo le prese in carico che mancano.

    `del_nucleo`: le presenze di un nucleo senza dire chi, che restano. `ognuno`: quanto c'è stato
    ciascuno e gli appunti, se cambiano. Solleva ciò che solleva `correggi`, e allora non resta
    scritto niente.
    """
    presenti = presenti_di(
        che_cosa.scelte, apertura=che_cosa.apertura, giorno=che_cosa.fatto["giorno"], da=da
    )
    presenti += del_nucleo
    azione = azione_delle_ore(presenti, scelta=che_cosa.azione, di_prima=prestazione.azione_id)
    fatto = Fatto(
        azione=azione,
        gruppo=prestazione.gruppo,
        operatore=prestazione.operatore,
        **che_cosa.fatto,
    )
    prima = chi_c_era_prima(prestazione, da=da)
    correggi(
        prestazione,
        fatto,
        presenti=presenti,
        versione=versione,
        da=da,
        affiancano=che_cosa.affiancano,
    )
    with frasi_del_database():
        scrivi_di_ognuno(prestazione, ognuno or Ognuno(), prima=prima, da=da)


def presenti_di(
    scelte: Sequence[Scelta], *, apertura: Apertura | None, giorno: date, da: Attore
) -> list[Presente]:
    """Chi c'era, ognuno dentro una presa in carico: quella scelta, o una aperta adesso.

    Solleva ValidationError se di chi ne ha bisogno non si dice come aprirla.
    """
    return [
        _presente(scelta.persona, scelta.presa or _apre(scelta, apertura, giorno, da))
        for scelta in scelte
    ]


def azione_delle_ore(
    presenti: Sequence[Presente], *, scelta: Azione | None, di_prima: int | None
) -> Azione:
    """A quale azione vanno le ore: quella scelta; altrimenti quella di chi c'era, e se sono più
    d'una quella dell'ultima riga o la più numerosa. Solleva ValidationError se non si può sapere."""
    if scelta:
        return scelta
    conti = Counter(presente.presa.azione for presente in presenti)
    dell_ultima = next((azione for azione in conti if azione.pk == di_prima), None)
    if dell_ultima or conti:
        return dell_ultima or conti.most_common(1)[0][0]
    ultima = Azione.objects.filter(pk=di_prima).first()
    if ultima is None:
        raise ValidationError({"azione": SENZA_AZIONE})
    return ultima


def dice_lo_stesso(riga: Prestazione, che_cosa: Registrazione, *, da: Attore) -> bool:
    """Se la riga già scritta dice tutto ciò che si sta rimandando: le persone, il fatto, i colleghi,
    l'appunto. Leggere chi c'era lascia traccia."""
    accanto = Affiancamento.objects.filter(prestazione=riga, ente=da.ente)
    note = NotaDiPrestazione.objects.filter(prestazione=riga, ente=da.ente, scritta_da=da.utente)
    appunto = che_cosa.nota.strip()
    return (
        all(getattr(riga, nome) == valore for nome, valore in che_cosa.fatto.items())
        and che_cosa.azione in (None, riga.azione)
        and set(accanto.values_list("utente", flat=True)) == {u.pk for u in che_cosa.affiancano}
        and {nota.testo for nota in note} == ({appunto} if appunto else set())
        and _stesse_persone(riga, che_cosa, da)
    )


def _stesse_persone(riga: Prestazione, che_cosa: Registrazione, da: Attore) -> bool:
    """Le persone scelte e nessun'altra, ognuna nella sua presa in carico; più la nuova, se c'è."""
    presenze = Partecipazione.objects.filter(prestazione=riga, ente=da.ente)
    scritte = {
        (voce.beneficiario and (voce.beneficiario.unito_a_id or voce.beneficiario_id)): voce
        for voce in presenze.select_related("beneficiario", "presa")
    }
    aperte = [v.presa for v in scritte.values() if _aperta_con(riga, v.presa)]
    if not _stessa_apertura(aperte, che_cosa.apertura):
        return False
    for scelta in che_cosa.scelte:
        voce = scritte.pop(scelta.persona.pk, None)
        if voce is None or scelta.presa not in (None, voce.presa):
            return False
    if che_cosa.nuova is None:
        return not scritte
    return len(scritte) == 1 and _e_lei(next(iter(scritte.values())), che_cosa.nuova)


def _aperta_con(riga: Prestazione, presa: PresaInCarico) -> bool:
    return presa.aperta_il == riga.giorno and presa.operatore_id == riga.operatore_id


def _stessa_apertura(aperte: Sequence[PresaInCarico], apertura: Apertura | None) -> bool:
    return apertura is None or all(
        presa.azione_id == apertura.azione.pk and presa.canale == apertura.canale
        for presa in aperte
    )


def _e_lei(voce: Partecipazione, nuova: PersonaNuova) -> bool:
    """Se chi è nato con la riga è la persona che si sta rimandando, con ciò che ha consentito."""
    persona = voce.beneficiario
    if persona is None or any(getattr(persona, n) != v for n, v in nuova.campi.items()):
        return False
    detto = Consenso.objects.filter(ente=persona.ente_id, beneficiario=persona).first()
    if detto is None or not nuova.consenso:
        return detto is None and not nuova.consenso
    insiemi = ("finalita", "gruppi")
    semplici = ("esito", "tutta_la_rete", "canale", "firmatario", "testimone", "dato_il")
    return all(set(getattr(detto, n)) == set(nuova.consenso[n]) for n in insiemi) and all(
        getattr(detto, n) == nuova.consenso[n] for n in semplici
    )


def _una_alla_volta(uuid: UUID, da: Attore) -> None:
    """Due invii dello stesso modulo aspettano l'uno l'altro: il secondo trova la riga fatta."""
    uno_alla_volta_per(str(uuid), da.ente.pk)


def _esigi_nuova(che_cosa: Registrazione, da: Attore) -> None:
    """Solleva ValidationError, col codice `uguale`, se chi agisce ha già scritto la stessa cosa."""
    fatto = che_cosa.fatto
    if fatto["senza_nome"] and not che_cosa.scelte and not che_cosa.nuova:
        azione = azione_delle_ore((), scelta=che_cosa.azione, di_prima=che_cosa.azione_di_prima)
        if gia_registrate_senza_nomi(da, {**fatto, "azione": azione}):
            raise ValidationError(GIA_SCRITTA_SENZA_NOMI, code=UGUALE)
        return
    uguali = gia_registrate(
        da,
        persone=[scelta.persona.pk for scelta in che_cosa.scelte],
        servizio=fatto["servizio"],
        giorno=fatto["giorno"],
        minuti=fatto["minuti"],
    )
    if uguali:
        raise ValidationError(GIA_SCRITTA, code=UGUALE)


def _nasce(nuova: PersonaNuova, da: Attore) -> Beneficiario:
    persona = inserisci_persona(da=da, **nuova.campi)
    if nuova.consenso:
        raccogli_consenso(persona=persona, da=da, **nuova.consenso)
    return persona


def _apre(scelta: Scelta, apertura: Apertura | None, giorno: date, da: Attore) -> PresaInCarico:
    if apertura is None:
        raise ValidationError({"azione_nuova": "Scegli per quale azione la segui."})
    return apri_caso(
        per=scelta.persona,
        azione=apertura.azione,
        canale=apertura.canale,
        da=da,
        aperta_il=giorno,
    )


def _presente(persona: Beneficiario, presa: PresaInCarico) -> Presente:
    """La riga giusta della persona: dopo un'unione la presa può essere di quella assorbita."""
    if presa.beneficiario_id == persona.pk:
        return Presente(presa, persona)
    if presa.beneficiario_id:
        return Presente(presa, presa.beneficiario)
    membri = Componente.objects.filter(
        ente=persona.ente_id, nucleo=presa.nucleo_id, al=None, beneficiario__in=persona.chiavi
    )
    componente = membri.select_related("beneficiario").first()
    if componente is None:
        raise ValidationError(FUORI_DAL_NUCLEO)
    return Presente(presa, componente.beneficiario)
