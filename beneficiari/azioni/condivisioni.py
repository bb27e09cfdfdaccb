"""Permettere a un altro ente di vedere una persona, e smettere.

Su che cosa poggia si propone da sé; se regge lo decide il database, con una frase.
"""

from collections.abc import Collection
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from beneficiari.models import (
    Autorizzazione,
    AutorizzazioneQuerySet,
    Beneficiario,
    Consenso,
    ConsensoQuerySet,
)
from enti.models import Ente
from enti.permessi import Attore, Permesso
from privacy.gruppi import Gruppo, Livello
from privacy.models import AccordoContitolarita, BaseGiuridica
from registro.comune.vincoli import frasi_del_database


# Le stesse parole del database, quando non c'è nemmeno un accordo da fargli guardare.
SENZA_ACCORDO = "Fra i due enti non c'è un accordo di contitolarità per questa finalità."
GIA_FINITA = "Questa condivisione è già finita."
SOSTITUITA = "sostituita da un'altra"


@transaction.atomic
def concedi(
    *,
    persona: Beneficiario,
    destinatario: Ente,
    livello: str,
    gruppi: Collection[str],
    finalita: str,
    dal: date,
    al: date,
    consenso: Consenso | None = None,
    da: Attore,
) -> Autorizzazione:
    """Scrive l'autorizzazione; senza `consenso` sceglie da sé la base di legge o il consenso.

    Prende il posto di quelle, verso lo stesso ente e per la stessa finalità, con cui si
    sovrappone: smettere di condividere deve voler dire smettere.

    Solleva PermissionDenied, o ValidationError con la frase: senza base, oltre il consenso, date
    in disordine, nessun accordo, gruppi che il livello non ammette.
    """
    da.esigi(Permesso.CONDIVISIONI_GESTIRE)
    gruppi = gruppi_del_livello(livello, gruppi)
    accordo = _accordo(da.ente, destinatario, finalita)
    if consenso is None:
        consenso = _consenso_che_regge(persona, destinatario, finalita, gruppi, dal, al)
    fondamenti = Autorizzazione.Fondamento
    nuova = Autorizzazione(
        ente=da.ente,
        destinatario=destinatario,
        beneficiario=persona,
        livello=livello,
        gruppi=gruppi,
        finalita=finalita,
        fondamento=fondamenti.LEGGE if consenso is None else fondamenti.CONSENSO,
        consenso=consenso,
        accordo=accordo,
        dal=dal,
        al=al,
        concessa_da=da.utente,
    )
    with frasi_del_database():
        sostituite_da(nuova).update(
            revocata_il=timezone.now(), revocata_da=da.utente, motivo_revoca=SOSTITUITA
        )
        nuova.save(force_insert=True)
    return nuova


def sostituite_da(nuova: Autorizzazione) -> AutorizzazioneQuerySet:
    """Quelle di cui `nuova` prende il posto: stessa persona (anche le righe che un'unione le ha
    dato), stesso ente, stessa finalità, e un giorno in comune."""
    aperte = Autorizzazione.objects.date_da(nuova.ente).in_vigore_o_futura()
    return aperte.filter(
        beneficiario__in=nuova.beneficiario.chiavi,
        destinatario=nuova.destinatario,
        finalita=nuova.finalita,
        dal__lte=nuova.al,
        al__gte=nuova.dal,
    )


def prova_a_concedere(**campi) -> Autorizzazione:
    """Come `concedi`, ma non lascia niente scritto: dice se il database la accetterebbe.

    Rende l'autorizzazione che sarebbe; solleva ciò che solleva `concedi`.
    """
    with transaction.atomic():
        segno = transaction.savepoint()
        prova = concedi(**campi)
        transaction.savepoint_rollback(segno)
    return prova


def revoca_condivisione(*, autorizzazione: Autorizzazione, da: Attore) -> None:
    """Chiude una condivisione dell'ente: vale dalla prossima interrogazione.

    Solleva PermissionDenied, o ValidationError se era già finita.
    """
    da.esigi(Permesso.CONDIVISIONI_GESTIRE)
    aperte = Autorizzazione.objects.date_da(da.ente).in_vigore_o_futura()
    chiuse = aperte.filter(pk=autorizzazione.pk).update(
        revocata_il=timezone.now(), revocata_da=da.utente, motivo_revoca="revocata dall'ente"
    )
    if not chiuse:
        raise ValidationError(GIA_FINITA)


def gruppi_del_livello(livello: str, gruppi: Collection[str]) -> list[str]:
    """I gruppi come il livello li vuole: l'esistenza nessuno, il completo sempre l'anagrafica."""
    if livello == Livello.ESISTENZA:
        return []
    scelti = set(gruppi)
    if livello == Livello.COMPLETO:
        scelti.add(Gruppo.ANAGRAFICA.value)
    return [gruppo.value for gruppo in Gruppo if gruppo.value in scelti]


def _accordo(uno: Ente, altro: Ente, finalita: str) -> AccordoContitolarita:
    """L'accordo fra i due su cui poggiare: che comprenda la finalità, e che duri di più."""
    fra_loro = AccordoContitolarita.objects.in_vigore().fra(uno, altro)
    per_durata = fra_loro.order_by(F("al").desc(nulls_first=True), "-pk")
    accordo = per_durata.filter(finalita__contains=[finalita]).first() or per_durata.first()
    if accordo is None:
        raise ValidationError(SENZA_ACCORDO, code="autorizzazione_con_accordo")
    return accordo


def consensi_delle_assorbite(persona: Beneficiario) -> ConsensoQuerySet:
    """I consensi validi dati sulle righe che un'unione ha dato alla persona.

    Non reggono una condivisione nuova: se l'unione si annulla tornano di un'altra riga, e la
    condivisione resterebbe senza niente sotto.
    """
    altre = set(persona.chiavi) - {persona.pk}
    return Consenso.objects.filter(ente=persona.ente_id, beneficiario__in=altre).validi()


def _consenso_che_regge(
    persona: Beneficiario,
    destinatario: Ente,
    finalita: str,
    gruppi: list[str],
    dal: date,
    al: date,
) -> Consenso | None:
    """Il consenso su cui poggiare; None se basta la legge, o se non c'è niente di meglio.

    Se nessuno copre tutto rende il più recente: sarà il database a dire in che cosa non basta.
    """
    if _basta_la_legge(finalita, {*gruppi, Gruppo.ANAGRAFICA.value}, dal, al):
        return None
    validi = Consenso.objects.filter(ente=persona.ente_id, beneficiario=persona).validi()
    in_ordine = validi.order_by(F("valido_fino_al").desc(nulls_first=True), "-dato_il", "-pk")
    che_coprono = in_ordine.filter(
        Q(tutta_la_rete=True) | Q(destinatari__contains=[destinatario.pk]),
        Q(valido_fino_al=None) | Q(valido_fino_al__gte=al),
        finalita__contains=[finalita],
        gruppi__contains=gruppi,
        dato_il__lte=dal,
    )
    return che_coprono.first() or validi.order_by("-dato_il", "-pk").first()


def _basta_la_legge(finalita: str, gruppi: set[str], dal: date, al: date) -> bool:
    basi = BaseGiuridica.objects.filter(
        Q(al=None) | Q(al__gte=al), finalita=finalita, serve_consenso=False, dal__lte=dal
    )
    return gruppi <= set(basi.values_list("gruppo", flat=True))
