"""Il lavoro notturno su un ente: avvisa, aspetta, poi toglie. Si può ripetere.

Ogni persona si toglie in una transazione sua: se una non si può togliere, le altre sì. Una regola
spenta, o tutto fermo dalle impostazioni, conta e non tocca niente.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.utils import timezone

from beneficiari.models import Beneficiario
from conservazione import avvisi, cancellati, oblio
from conservazione.models import Corsa, RegolaConservazione, Scadenza, VerbaleOblio
from conservazione.models.scadenze import PREAVVISO, ScadenzaQuerySet
from conservazione.sguardi.scadute import Ferma, da_avvisare
from enti.eventi import annota_evento
from enti.models import CodiceEvento, Ente
from enti.sistema import come_sistema
from prestazioni.models import Bozza
from privacy.gruppi import Uscita
from privacy.letture import registra_letture


registro = logging.getLogger(__name__)
Chi = RegolaConservazione.Chi


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
    """Esegue ogni regola su `ente`, come sistema, ne scrive la corsa e avvisa. `prova`: conta soltanto."""
    with come_sistema(ente):
        regole = list(RegolaConservazione.objects.che_si_eseguono())
    corse = [_una_regola(regola, ente, prova=prova) for regola in regole]
    if not (prova or settings.CONSERVAZIONE_FERMA):
        avvisi.avvisa(ente)
    return corse


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
        _riparti(scadenze, regola, oggi)
        _riscrivi(scadenze, [*ferme], [_avvisata(ferma, regola, ente, oggi) for ferma in nuove])
    arrivate = scadenze.filter(beneficiario__in=ferme).arrivate(oggi).per_calcolo()
    # Dopo l'avviso può essere successo qualcosa: il tempo si conta da lì.
    arrivate = [
        chiave
        for chiave in arrivate.values_list("beneficiario", flat=True)
        if ferme[chiave].termine <= oggi
    ]
    rinviate = scadenze.filter(scade_il__lte=oggi, rinviata_al__gt=oggi).count()
    return Conti(
        avvisate=len(nuove),
        arrivate=len(arrivate),
        rinviate=rinviate,
        rimaste=max(0, len(arrivate) - regola.tetto),
        da_togliere=arrivate[: regola.tetto],
    )


def _riparti(scadenze: ScadenzaQuerySet, regola: RegolaConservazione, oggi: date) -> None:
    """Di una regola riaccesa si avvisa di nuovo: l'avviso di prima parlava di quando era spenta."""
    accesa_dal = regola.accesa_dal()
    if accesa_dal is not None:
        scadenze.filter(avvisata_il__lt=accesa_dal).ricomincia(oggi, posta_il=None)


def _riscrivi(scadenze: ScadenzaQuerySet, ferme: list[int], nuove: list[Scadenza]) -> None:
    """Le scadenze di una regola su un ente diventano quelle di stanotte."""
    # Chi nel frattempo è tornata non scade più.
    scadenze.exclude(beneficiario__in=ferme).delete()
    # Chi ha cambiato regola, anche da una ormai spenta, riparte da questa.
    Scadenza.objects.filter(
        ente__in={nuova.ente_id for nuova in nuove},
        beneficiario__in=[nuova.beneficiario_id for nuova in nuove],
    ).delete()
    Scadenza.objects.bulk_create(nuove)


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
    """Le sessioni non sono di un ente: le toglie il primo che passa, tutte."""
    finite = Session.objects.filter(expire_date__lt=_prima_di(regola))
    return _togli(finite, regola, solo_prova)


def _tentativi(regola: RegolaConservazione, ente: Ente, solo_prova: bool) -> Conti:
    """Come le sessioni: non sono di un ente."""
    prima, conti = _prima_di(regola), Conti()
    for modello in (AccessLog, AccessFailureLog, AccessAttempt):
        vecchie = modello.objects.filter(attempt_time__lt=prima)
        tolte = _togli(vecchie, regola, solo_prova)
        conti.arrivate += tolte.arrivate
        conti.tolte += tolte.tolte
    return conti


def _scadute(regola: RegolaConservazione, ente: Ente, solo_prova: bool) -> Conti:
    """Righe che l'applicazione non può toccare: le toglie una funzione della guardia, e le conta."""
    argomenti = [regola.chi, _prima_di(regola), regola.tetto_per_notte, solo_prova]
    with come_sistema(ente), connection.cursor() as cursore:
        cursore.execute("SELECT * FROM registro_togli_scadute(%s, %s, %s, %s)", argomenti)
        arrivate, tolte = cursore.fetchone()
    return Conti(arrivate=arrivate, tolte=tolte, rimaste=_oltre_il_tetto(arrivate, regola))


def _togli(righe, regola: RegolaConservazione, solo_prova: bool) -> Conti:
    arrivate = righe.count()
    conti = Conti(arrivate=arrivate, rimaste=_oltre_il_tetto(arrivate, regola))
    if not solo_prova:
        if regola.tetto_per_notte is not None:
            chiavi = list(righe.values_list("pk", flat=True)[: regola.tetto_per_notte])
            righe = righe.model.objects.filter(pk__in=chiavi)
        conti.tolte = righe.delete()[0]
    return conti


def _oltre_il_tetto(arrivate: int, regola: RegolaConservazione) -> int:
    tetto = regola.tetto_per_notte
    return 0 if tetto is None else max(0, arrivate - tetto)


def _prima_di(regola: RegolaConservazione):
    durata = regola.termine_di(timezone.localdate()) - timezone.localdate()
    return timezone.now() - timedelta(days=durata.days)


_ESEGUE: dict[str, Callable[[RegolaConservazione, Ente, bool], Conti]] = {
    Chi.FERME: _persone,
    Chi.MAI_SEGUITE: _persone,
    Chi.ANONIME: _persone,
    Chi.BOZZE: _bozze,
    Chi.SESSIONI: _sessioni,
    Chi.TENTATIVI: _tentativi,
    Chi.INVITI: _scadute,
    Chi.RIPRISTINI: _scadute,
    Chi.EMERGENZE: _scadute,
    Chi.CERCATE: _scadute,
    Chi.SEGNALAZIONI: _scadute,
    Chi.VIOLAZIONI: _scadute,
}


def _letture():
    return registra_letture("conservazione.notte", uscita=Uscita.LAVORO)
