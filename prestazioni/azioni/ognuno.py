"""Ciò che in una prestazione è di ognuno: quanto c'è stato, e l'appunto riservato che lo riguarda."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db.models import F, Q

from beneficiari.models import Beneficiario
from enti.permessi import Attore
from prestazioni.models import Affiancamento, NotaDiPrestazione, Partecipazione, Prestazione


PIU_DELLA_PRESTAZIONE = (
    "Un collega non può esserci stato più a lungo della prestazione: accorcia il suo tempo, o"
    " allunga la durata."
)
SENZA_DI_LEI = (
    "C'è un appunto su una persona che hai tolto da chi c'era: non è stato salvato niente. Rimettila"
    " fra chi c'era, o togli l'appunto."
)


@dataclass(frozen=True)
class Ognuno:
    """Ciò che si dice di ciascuno, e non di tutti insieme.

    `persone`: chiave della partecipazione → minuti; `colleghi`: chiave dell'utente → minuti; None
    vale quanto la prestazione. `appunti`: chiave della persona → testo, vuoto per toglierlo. Chi
    non è nominato resta com'è.
    """

    persone: Mapping[int, int | None] = field(default_factory=dict)
    colleghi: Mapping[int, int | None] = field(default_factory=dict)
    appunti: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Presenza:
    """Di chi era una partecipazione prima di correggere, e quanto c'era stato.

    `persona` è la riga tenuta, se le hanno unite: correggere scrive lei. None è un nucleo.
    """

    persona: int | None
    minuti: int | None


def chi_c_era_prima(prestazione: Prestazione, *, da: Attore) -> dict[int, Presenza]:
    """Chiave della partecipazione → di chi è. Correggere può rifarla, con un'altra chiave."""
    presenze = Partecipazione.objects.filter(prestazione=prestazione, ente=da.ente)
    righe = presenze.per_calcolo().values_list(
        "pk", "beneficiario", "beneficiario__unito_a", "minuti"
    )
    return {chiave: Presenza(tenuta or persona, m) for chiave, persona, tenuta, m in righe}


def scrivi_di_ognuno(
    prestazione: Prestazione, ognuno: Ognuno, *, prima: Mapping[int, Presenza], da: Attore
) -> None:
    """Scrive durate e appunti di una prestazione che `da` può cambiare, nella sua transazione.

    `prima`: chi c'era, detto da `chi_c_era_prima` prima di correggere. Di chi non è nominato resta
    la durata che aveva, anche se la sua riga è stata rifatta. Solleva ValidationError se un appunto
    è su chi non c'è più, o se un collega risulta esserci stato più della prestazione.
    """
    accanto = Affiancamento.objects.filter(prestazione=prestazione, ente=da.ente)
    presenze = Partecipazione.objects.filter(prestazione=prestazione, ente=da.ente)
    for chiave, di_lei in prima.items():
        minuti = ognuno.persone.get(chiave, di_lei.minuti)
        sua = Q(pk=chiave) if di_lei.persona is None else Q(beneficiario=di_lei.persona)
        presenze.filter(sua | Q(pk=chiave)).exclude(minuti=minuti).update(minuti=minuti)
    for chiave, minuti in ognuno.colleghi.items():
        accanto.filter(utente=chiave).exclude(minuti=minuti).update(minuti=minuti)
    if accanto.filter(minuti__gt=F("prestazione__minuti")).exists():
        raise ValidationError(PIU_DELLA_PRESTAZIONE, code="piu_della_prestazione")
    _annota(prestazione, ognuno.appunti, da)


def _annota(prestazione: Prestazione, appunti: Mapping[int, str], da: Attore) -> None:
    """Riscrive i propri appunti su chi c'è; uno vuoto si toglie. La storia tiene com'erano."""
    chi = _chi_c_e(prestazione, da)
    miei = {nota.beneficiario_id: nota for nota in appunti_di(prestazione, da)}
    for persona, testo in appunti.items():
        nota, scritto = miei.get(persona), testo.strip()
        if scritto and persona not in chi:
            raise ValidationError(SENZA_DI_LEI, code="senza_di_lei")
        if nota is not None and not scritto:
            nota.delete()
        elif nota is not None and nota.testo != scritto:
            nota.testo = scritto
            nota.save(update_fields=["testo_cifrato"])
        elif nota is None and scritto:
            _nuovo(prestazione, chi[persona], scritto, da)


def _chi_c_e(prestazione: Prestazione, da: Attore) -> dict[int, int]:
    """Chi c'è adesso: ogni sua riga, anche unita a un'altra → la riga che c'è."""
    presenti = Partecipazione.objects.filter(
        prestazione=prestazione, ente=da.ente, beneficiario__isnull=False
    )
    ci_sono = {k: k for k in presenti.per_calcolo().values_list("beneficiario", flat=True)}
    unite = Beneficiario.objects.di(da.ente).filter(unito_a__in=ci_sono).per_calcolo()
    return {**dict(unite.values_list("pk", "unito_a")), **ci_sono}


def appunti_di(prestazione: Prestazione, da: Attore) -> Sequence[NotaDiPrestazione]:
    """Gli appunti di `da` su questa prestazione; leggerli lascia traccia."""
    return list(
        NotaDiPrestazione.objects.filter(
            prestazione=prestazione, ente=da.ente, scritta_da=da.utente
        )
    )


def _nuovo(prestazione: Prestazione, persona: int, testo: str, da: Attore) -> None:
    nota = NotaDiPrestazione(
        ente=da.ente, prestazione=prestazione, beneficiario_id=persona, scritta_da=da.utente
    )
    nota.testo = testo
    nota.save()
