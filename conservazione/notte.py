"""Il lavoro notturno su un ente: avvisa, aspetta, poi toglie. Si può ripetere.

Ogni persona si toglie in una transazione sua: se una non si può togliere, le altre sì. Una regola
spenta, o tutto fermo dalle impostazioni, conta e non tocca niente.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import DatabaseError, transaction
from django.utils import timezone

from beneficiari.models import Beneficiario
from conservazione import cancellati, oblio
from conservazione.models import Corsa, RegolaConservazione, Scadenza, VerbaleOblio
from conservazione.models.scadenze import PREAVVISO
from conservazione.sguardi.scadute import Ferma, da_avvisare
from enti.eventi import annota_evento
from enti.models import Appartenenza, CodiceEvento, Ente
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from prestazioni.models import Bozza
from privacy.gruppi import Uscita
from privacy.letture import registra_letture


registro = logging.getLogger(__name__)
Chi = RegolaConservazione.Chi
OGGETTO = "Registro: dati che stanno per essere cancellati"


@dataclass
class Conti:
    """Quante righe, in una corsa."""

    avvisate: int = 0
    arrivate: int = 0
    tolte: int = 0
    rinviate: int = 0
    rimaste: int = 0
    ferme: int = 0
    da_togliere: list[int] = field(default_factory=list)


def applica_a(ente: Ente, *, prova: bool = False) -> list[Corsa]:
    """Esegue ogni regola su `ente`, come sistema, e ne scrive la corsa. `prova`: conta soltanto."""
    with come_sistema(ente):
        regole = list(RegolaConservazione.objects.che_si_eseguono())
    return [_una_regola(regola, ente, prova=prova) for regola in regole]


def riallinea_elenco(ente: Ente) -> int:
    """Aggiunge all'elenco dei cancellati i numeri dei verbali che non ci sono. Rende quanti.

    Fra la fine della transazione e la scrittura del file la macchina può spegnersi.
    """
    noti = cancellati.leggi()
    with come_sistema(ente):
        verbali = list(VerbaleOblio.objects.di(ente).order_by("pk"))
    mancano = 0
    for verbale in verbali:
        nuovi = [numero for numero in verbale.persone if numero not in noti]
        if nuovi:
            cancellati.aggiungi(nuovi, giorno=timezone.localdate(verbale.quando))
        mancano += len(nuovi)
    return mancano


def _una_regola(regola: RegolaConservazione, ente: Ente, *, prova: bool) -> Corsa:
    solo_prova = prova or settings.CONSERVAZIONE_FERMA or not regola.accesa
    conti = _ESEGUE[regola.chi](regola, ente, solo_prova)
    with come_sistema(ente):
        corsa = Corsa.objects.create(
            ente=ente,
            regola=regola,
            prova=solo_prova,
            avvisate=conti.avvisate,
            arrivate=conti.arrivate,
            tolte=conti.tolte,
            rinviate=conti.rinviate,
            rimaste=conti.rimaste,
            ferme=conti.ferme,
        )
        if conti.tolte:
            tolte = {"regola": regola.codice, "tolte": conti.tolte}
            annota_evento(CodiceEvento.CONSERVAZIONE, ente=ente, **tolte)
        if conti.avvisate and not solo_prova:
            transaction.on_commit(partial(_scrivi_a_chi_risponde, ente, conti.avvisate))
    return corsa


def _persone(regola: RegolaConservazione, ente: Ente, solo_prova: bool) -> Conti:
    oggi = timezone.localdate()
    with come_sistema(ente), _letture():
        conti = _guarda(regola, ente, oggi, scrivi=not solo_prova)
    if solo_prova:
        return conti
    for chiave in conti.da_togliere:
        if _dimentica(chiave, regola, ente):
            conti.tolte += 1
        else:
            conti.ferme += 1
    return conti


def _guarda(regola: RegolaConservazione, ente: Ente, oggi: date, *, scrivi: bool) -> Conti:
    """Aggiorna le scadenze e dice chi togliere stanotte, entro il tetto."""
    ferme = {ferma.persona: ferma for ferma in da_avvisare(regola, ente, oggi)}
    scadenze = Scadenza.objects.di(ente).filter(regola=regola)
    note = dict(scadenze.per_calcolo().values_list("beneficiario", "pk"))
    nuove = [ferma for chiave, ferma in ferme.items() if chiave not in note]
    if scrivi:
        # Chi nel frattempo è tornata non scade più.
        scadenze.exclude(beneficiario__in=ferme).delete()
        # Chi ha cambiato regola, anche da una ormai spenta, riparte da questa.
        altre = Scadenza.objects.di(ente).exclude(regola=regola)
        altre.filter(beneficiario__in=[ferma.persona for ferma in nuove]).delete()
        Scadenza.objects.bulk_create(_avvisata(ferma, regola, ente, oggi) for ferma in nuove)
    arrivate = list(
        scadenze.filter(beneficiario__in=ferme)
        .arrivate(oggi)
        .per_calcolo()
        .values_list("beneficiario", flat=True)
    )
    rinviate = scadenze.filter(scade_il__lte=oggi, rinviata_al__gt=oggi).count()
    return Conti(
        avvisate=len(nuove),
        arrivate=len(arrivate),
        rinviate=rinviate,
        rimaste=max(0, len(arrivate) - regola.tetto),
        da_togliere=arrivate[: regola.tetto],
    )


def _avvisata(ferma: Ferma, regola: RegolaConservazione, ente: Ente, oggi: date) -> Scadenza:
    return Scadenza(
        ente=ente,
        beneficiario_id=ferma.persona,
        regola=regola,
        evento_il=ferma.evento,
        termine=ferma.termine,
        avvisata_il=oggi,
        scade_il=max(ferma.termine, oggi + PREAVVISO),
    )


def _dimentica(chiave: int, regola: RegolaConservazione, ente: Ente) -> bool:
    """Vero se la persona non c'è più. Nei registri il tipo dell'impedimento, mai un dato.

    Una che non si lascia togliere non ferma le altre, qualunque cosa rifiuti: una regola, il
    database, il disco.
    """
    try:
        with come_sistema(ente), _letture():
            persona = Beneficiario.objects.di(ente).get(pk=chiave)
            oblio.cancella(
                persona,
                motivo=f"regola di conservazione «{regola.codice}»",
                numeri=regola.azione == RegolaConservazione.Azione.ANONIMIZZA,
            )
    except (ValidationError, Beneficiario.DoesNotExist, DatabaseError, OSError) as errore:
        registro.warning("Conservazione: una persona non tolta (%s).", type(errore).__name__)
        return False
    return True


def _bozze(regola: RegolaConservazione, ente: Ente, solo_prova: bool) -> Conti:
    with come_sistema(ente):
        vecchie = Bozza.objects.filter(ente=ente, aggiornata_il__lt=_prima_di(regola))
        return _togli(vecchie.order_by("pk"), regola, solo_prova)


def _sessioni(regola: RegolaConservazione, ente: Ente, solo_prova: bool) -> Conti:
    """Le sessioni non sono di un ente: le toglie il primo che passa."""
    finite = Session.objects.filter(expire_date__lt=_prima_di(regola))
    return _togli(finite.order_by("expire_date"), regola, solo_prova)


def _togli(righe, regola: RegolaConservazione, solo_prova: bool) -> Conti:
    arrivate = righe.count()
    conti = Conti(arrivate=arrivate, rimaste=max(0, arrivate - regola.tetto))
    if not solo_prova:
        chiavi = list(righe.values_list("pk", flat=True)[: regola.tetto])
        conti.tolte = righe.model.objects.filter(pk__in=chiavi).delete()[0]
    return conti


def _prima_di(regola: RegolaConservazione):
    durata = regola.termine_di(timezone.localdate()) - timezone.localdate()
    return timezone.now() - timedelta(days=durata.days)


_ESEGUE: dict[str, Callable[[RegolaConservazione, Ente, bool], Conti]] = {
    Chi.FERME: _persone,
    Chi.MAI_SEGUITE: _persone,
    Chi.ANONIME: _persone,
    Chi.BOZZE: _bozze,
    Chi.SESSIONI: _sessioni,
}


def _scrivi_a_chi_risponde(ente: Ente, quante: int) -> None:
    """Dice ai referenti quante persone sono in scadenza e dove vederle: mai chi."""
    with come_sistema(ente):
        appartenenze = Appartenenza.objects.filter(ente=ente, ruolo=Ruolo.REFERENTE).in_corso()
        indirizzi = sorted(appartenenze.values_list("utente__email", flat=True))
    persone = "1 persona arriva" if quante == 1 else f"{quante} persone arrivano"
    testo = (
        f"{ente.denominazione}: {persone} alla fine del tempo per cui si tengono i dati.\n\n"
        f"Fra {PREAVVISO.days} giorni, o più tardi, si cancellano. Nel Registro, alla pagina"
        " «Conservazione», vedi chi sono e puoi rinviare dicendo perché.\n"
    )
    for indirizzo in indirizzi:
        try:
            send_mail(OGGETTO, testo, None, [indirizzo])
        except OSError as errore:
            registro.warning("Conservazione: un avviso non parte (%s).", type(errore).__name__)


def _letture():
    return registra_letture("conservazione.notte", uscita=Uscita.LAVORO)
