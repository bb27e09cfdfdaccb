"""Accogliere ciò che una persona chiede dei propri dati, e dirlo a chi li ha ricevuti (art. 19)."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils import timezone

from beneficiari.agganci import cancellatore
from beneficiari.azioni.persone import controlla_nascita, modifica_persona
from beneficiari.azioni.richieste import Stato, annota_richiesta, chiudi, in_mano
from beneficiari.models import (
    Autorizzazione,
    AvvisoAlDestinatario,
    AvvisoDEmergenza,
    Beneficiario,
    Limitazione,
    RichiestaInteressato,
)
from enti.models import CodiceEvento
from enti.permessi import Attore, Permesso
from privacy.gruppi import Finalita
from registro.comune.vincoli import frasi_del_database


Tipo = RichiestaInteressato.Tipo
Campo = RichiestaInteressato.Campo
Gesto = AvvisoAlDestinatario.Gesto
OPPOSIZIONE_ACCOLTA = "la persona si è opposta"
GIA_TOLTA = "Questa limitazione è già stata tolta."
GIA_LETTO = "Di questo avviso qualcuno del tuo ente ha già preso atto."
CANCELLATA_PRIMA = (
    "I dati della persona sono stati cancellati il {giorno:%d/%m/%Y}, perché l'ha chiesto: questa"
    " richiesta, ancora aperta, non ha più dati di cui rispondere."
)
NON_E_QUI = "Questa richiesta è andata all'ente che tiene i dati: risponde lui."


def accogli(
    *, richiesta: RichiestaInteressato, risposta: str, da: Attore, **come
) -> RichiestaInteressato:
    """Fa ciò che la persona chiede, avvisa chi ha ricevuto i dati, chiude la richiesta.

    `come` dipende dal tipo: `valore` per una correzione, `motivo` per una limitazione. Solleva
    PermissionDenied, o ValidationError: già chiusa, dati limitati, valore che il campo non accetta,
    una legge che obbliga a tenere i dati. Se qualcosa non va non cambia niente.
    """
    da.esigi(Permesso.DIRITTI_RISPONDERE)
    with frasi_del_database():
        attuale = in_mano(richiesta, da)
        if attuale.beneficiario is None:
            raise ValidationError(NON_E_QUI)
        chiudi(attuale, Stato.ACCOLTA, risposta, da=da)
        effetto = _EFFETTI.get(attuale.tipo)
        if effetto is not None:
            effetto(attuale, da, **come)
    return attuale


def togli_limitazione(
    *, limitazione: Limitazione, perche: str, avvisata_il: date, da: Attore
) -> None:
    """I dati si usano di nuovo. Prima lo si dice alla persona: `avvisata_il` (art. 18.3).

    Le condivisioni sospese ripartono, e a chi le riceve arriva un avviso. Solleva
    PermissionDenied o ValidationError.
    """
    da.esigi(Permesso.DIRITTI_RISPONDERE)
    if avvisata_il > timezone.localdate():
        raise ValidationError(
            {"avvisata_il": "Prima si dice alla persona, poi si toglie: la data è nel futuro."}
        )
    with frasi_del_database():
        tolte = (
            Limitazione.objects.in_corso()
            .filter(pk=limitazione.pk, ente=da.ente)
            .update(
                tolta_il=timezone.now(),
                tolta_da=da.utente,
                perche_tolta=perche.strip(),
                avvisata_il=avvisata_il,
            )
        )
        if not tolte:
            raise ValidationError(GIA_TOLTA)
        avvisa_i_destinatari(limitazione.richiesta, limitazione.beneficiario, Gesto.FINE, da=da)
        annota_richiesta(CodiceEvento.LIMITAZIONE_TOLTA, limitazione.richiesta, da=da)


def prendi_atto(*, avviso: AvvisoAlDestinatario, da: Attore) -> None:
    """Chi ha ricevuto i dati dice di aver letto l'avviso. Solleva ValidationError se era già letto."""
    da.esigi(Permesso.DIRITTI_RACCOGLIERE)
    ricevuti = AvvisoAlDestinatario.objects.ricevuti_da(da.ente).da_leggere()
    if not ricevuti.filter(pk=avviso.pk).update(letto_il=timezone.now(), letto_da=da.utente):
        raise ValidationError(GIA_LETTO)


def avvisa_i_destinatari(
    richiesta: RichiestaInteressato,
    persona: Beneficiario,
    gesto: str,
    *,
    dato: str = "",
    da: Attore,
) -> int:
    """Un avviso a ogni ente che ha ricevuto i dati della persona, ora o prima; rende a quanti.

    Anche a chi li ha letti soltanto in emergenza. Ripetuta non ne manda un altro: il vincolo ne
    ammette uno.
    """
    avvisi = [
        AvvisoAlDestinatario(
            ente=da.ente,
            richiesta=richiesta,
            destinatario_id=destinatario,
            gesto=gesto,
            dato=dato,
            condivisione=condivisione,
            finalita=finalita,
            condivisa_dal=dal,
        )
        for destinatario, (condivisione, finalita, dal) in _hanno_ricevuto(persona, da).items()
    ]
    return len(AvvisoAlDestinatario.objects.bulk_create(avvisi, ignore_conflicts=True))


def _hanno_ricevuto(persona: Beneficiario, da: Attore) -> dict[int, tuple[UUID, str, date]]:
    """Per ogni ente che ha visto la persona, l'ultima volta: quale condivisione, perché, dal giorno.

    Una condivisione vince su un accesso d'emergenza: dice di più di ciò che l'ente ha avuto.
    """
    cominciate = Autorizzazione.objects.date_da(da.ente).filter(
        Q(revocata_il=None) | Q(revocata_il__date__gte=F("dal")),
        beneficiario__in=persona.chiavi,
        dal__lte=timezone.localdate(),
    )
    lette = AvvisoDEmergenza.objects.filter(ente=da.ente).delle_righe(persona.chiavi)
    emergenze = {
        avviso.da_ente_id: (
            avviso.uuid,
            Finalita.EMERGENZA.value,
            timezone.localdate(avviso.aperto_il),
        )
        for avviso in reversed(lette)
    }
    condivise = cominciate.order_by("destinatario", "-dal", "-pk").distinct("destinatario")
    return emergenze | {
        data.destinatario_id: (data.uuid, data.finalita, data.dal) for data in condivise
    }


def _correggi(richiesta: RichiestaInteressato, da: Attore, *, valore: object = "", **_) -> None:
    """Scrive il valore giusto: quello di prima resta nella storia. «Altro» si corregge dove sta."""
    persona = richiesta.beneficiario
    if richiesta.campo != Campo.ALTRO:
        if richiesta.campo == Campo.DATA_NASCITA:
            controlla_nascita(valore)
        modifica_persona(
            persona=persona, versione=persona.versione, da=da, **{richiesta.campo: valore}
        )
    dato = richiesta.get_campo_display()
    avvisa_i_destinatari(richiesta, persona, Gesto.RETTIFICA, dato=dato, da=da)


def _limita(richiesta: RichiestaInteressato, da: Attore, *, motivo: str, **_) -> None:
    persona = richiesta.beneficiario
    # Prima gli avvisi: sospesa la condivisione chi riceve non sa più niente.
    avvisa_i_destinatari(richiesta, persona, Gesto.LIMITAZIONE, da=da)
    Limitazione.objects.create(
        ente=da.ente,
        beneficiario=persona,
        richiesta=richiesta,
        motivo=motivo,
        decisa_da=da.utente,
    )
    annota_richiesta(CodiceEvento.LIMITAZIONE, richiesta, da=da, motivo=motivo)


def _smetti_di_condividere(richiesta: RichiestaInteressato, da: Attore, **_) -> None:
    date = Autorizzazione.objects.date_da(da.ente).in_vigore_o_futura()
    date.filter(
        beneficiario__in=richiesta.beneficiario.chiavi,
        fondamento=Autorizzazione.Fondamento.LEGGE,
        finalita=richiesta.finalita,
    ).update(revocata_il=timezone.now(), revocata_da=da.utente, motivo_revoca=OPPOSIZIONE_ACCOLTA)


def _cancella(richiesta: RichiestaInteressato, da: Attore, **_) -> None:
    persona = richiesta.beneficiario
    avvisa_i_destinatari(richiesta, persona, Gesto.CANCELLAZIONE, da=da)
    altre = RichiestaInteressato.objects.della_persona(persona).aperte().order_by("pk")
    altre = list(altre.select_for_update())
    cancellatore()(persona, motivo="richiesta della persona", richiesta=richiesta.uuid, da=da)
    _chiudi_le_altre(altre, da)


def _chiudi_le_altre(richieste: list[RichiestaInteressato], da: Attore) -> None:
    """Senza la persona nessuno potrebbe più rispondere, e scadrebbero per sempre.

    Dopo la cancellazione, che svuota i testi: questa risposta, senza dati, resta. Un'altra
    cancellazione è accolta anche lei; per il resto non si è dato niente: cadono, come ritirate.
    """
    risposta = CANCELLATA_PRIMA.format(giorno=timezone.localdate())
    for richiesta in richieste:
        cancellazione = richiesta.tipo == Tipo.CANCELLAZIONE
        stato = Stato.ACCOLTA if cancellazione else Stato.RITIRATA
        chiudi(richiesta, stato, risposta, da=da)


_EFFETTI: dict[str, Callable[..., None]] = {
    Tipo.RETTIFICA: _correggi,
    Tipo.LIMITAZIONE: _limita,
    Tipo.OPPOSIZIONE: _smetti_di_condividere,
    Tipo.CANCELLAZIONE: _cancella,
}
