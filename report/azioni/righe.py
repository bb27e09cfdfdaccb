"""Scrivere le righe di una scheda aperta, anche in due, senza perdere parole.

Ogni riga ha una versione. Chi salva dice quale ha letto: se intanto è cambiata non si scrive
nulla e RigaCambiata porta ciò che c'è e ciò che si voleva scrivere.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from assi.models import Azione
from enti.permessi import Attore, Permesso
from report.azioni.schede import apri_scheda, scheda_bloccata
from report.fascicolo import sezione_della_riga
from report.modello_scheda import sezioni_del_modello
from report.models import (
    AttivitaDiScheda,
    AzioneDiScheda,
    CollaborazionePubblica,
    Conteggio,
    Giudizio,
    Legame,
    Misuratore,
    Prosecuzione,
    RigaDiScheda,
    RigaTolta,
    Scheda,
    Uscita,
    VoceTestuale,
)


class RigaCambiata(Exception):
    """Un'altra persona ha scritto la riga mentre la si cambiava.

    `attuale`: la riga com'è ora, None se è stata tolta. `proposti`: per nome di campo, ciò che si
    voleva scrivere.
    """

    def __init__(self, attuale: RigaDiScheda | None, proposti: dict[str, Any]) -> None:
        super().__init__("La riga è cambiata mentre la si scriveva.")
        self.attuale = attuale
        self.proposti = proposti


class TestoCambiato(RigaCambiata):
    """Due persone hanno scritto la stessa frase: si tengono entrambi i testi."""

    # Il nome comincia per «Test» ma non è una prova.
    __test__ = False

    @property
    def testo_attuale(self) -> str:
        return self.attuale.testo if self.attuale else ""

    @property
    def testo_proposto(self) -> str:
        return self.proposti["testo"]


def salva_voce(*, voce: VoceTestuale, versione: int, da: Attore, **campi) -> VoceTestuale:
    """Scrive una frase (`testo`, e se dati `canale`, `asse`, `enti_nominati`, `note`).

    Solleva TestoCambiato se la frase non è più alla `versione` letta.
    """
    return _salva(voce, versione, da, campi)


def aggiungi_voce(*, scheda: Scheda, sezione: str, da: Attore, **campi) -> VoceTestuale:
    """Aggiunge una frase in coda alla sezione."""
    return _aggiungi(VoceTestuale(scheda=scheda, sezione=sezione), da, campi)


def salva_conteggio(*, conteggio: Conteggio, versione: int, da: Attore, **campi) -> Conteggio:
    """Scrive un conteggio: `valore` (None = non detto), `unita`, `approssimazione` e il resto.

    Il motivo della differenza resta solo se il valore è davvero diverso da quello del registro.
    Solleva ValidationError se un legame fra conteggi non torna, RigaCambiata se non è più alla
    `versione` letta.
    """
    _controlla_legami(conteggio, campi)
    calcolato = conteggio.valore_calcolato
    if calcolato is not None and campi.get("valore", conteggio.valore) == calcolato:
        campi = {**campi, "motivo_differenza": ""}
    return _salva(conteggio, versione, da, campi)


def aggiungi_conteggio(*, scheda: Scheda, sezione: str, da: Attore, **campi) -> Conteggio:
    """Aggiunge un conteggio in coda alla sua sezione, con una sigla presa dal nome."""
    conteggio = Conteggio(scheda=scheda, sezione=sezione)
    _controlla_legami(conteggio, campi)
    return _aggiungi(conteggio, da, campi)


def conferma_calcolato(*, conteggio: Conteggio, versione: int, da: Attore, **campi) -> Conteggio:
    """Fa proprio il valore che il registro ha calcolato, esatto; `campi` sono gli altri della riga.

    Solleva ValidationError se il registro non ha un valore.
    """
    if conteggio.valore_calcolato is None:
        raise ValidationError("Per questo conteggio il registro non ha un valore da confermare.")
    confermato = {"valore": conteggio.valore_calcolato, "approssimazione": ""}
    return salva_conteggio(
        conteggio=conteggio, versione=versione, da=da, **{**campi, **confermato}
    )


def salva_giudizio(*, giudizio: Giudizio, versione: int, da: Attore, **campi) -> Giudizio:
    """Scrive il giudizio su un indicatore: `stato`, e se espresso `valore` o `parola`."""
    return _salva(giudizio, versione, da, campi)


def salva_uscita(*, uscita: Uscita, versione: int, da: Attore, **campi) -> Uscita:
    """Scrive quanti hanno lasciato: `cosa`, `unita`, `valore` (None = non detto), fase, motivo."""
    return _salva(uscita, versione, da, campi)


def aggiungi_uscita(*, scheda: Scheda, da: Attore, **campi) -> Uscita:
    """Aggiunge una riga a chi ha lasciato."""
    return _aggiungi(Uscita(scheda=scheda), da, campi)


def salva_misuratore(*, misuratore: Misuratore, versione: int, da: Attore, **campi) -> Misuratore:
    """Scrive uno dei voti finali: `valore` (None = non detto) e, se serve, `testo`."""
    # Il perché del vuoto spiegava una fonte su carta: chi risponde qui lo supera.
    solo_testo = campi.get("valore") is None and campi.get("testo")
    motivo = Misuratore.Motivo.SOLO_TESTO if solo_testo else ""
    return _salva(misuratore, versione, da, {**campi, "motivo": motivo, "incerto": False})


def salva_legame(*, legame: Legame, versione: int, da: Attore, **campi) -> Legame:
    """Scrive un legame già dichiarato (`formalizzato`, `note`)."""
    return _salva(legame, versione, da, campi)


def aggiungi_legame(*, scheda: Scheda, momento: str, da: Attore, **campi) -> Legame:
    """Dichiara un legame con un ente (`verso`) o con `tutta_la_rete`."""
    return _aggiungi(Legame(scheda=scheda, momento=momento), da, campi)


def salva_risposta(
    *,
    risposta: CollaborazionePubblica | AttivitaDiScheda | Prosecuzione,
    versione: int,
    da: Attore,
    **campi,
):
    """Scrive una delle domande con risposta fissa; un campo None vuol dire «non detto»."""
    return _salva(risposta, versione, da, campi)


@transaction.atomic
def salva_azioni(*, scheda: Scheda, azioni: Iterable[Azione], da: Attore) -> Scheda:
    """Dice di quali attività rende conto la scheda: esattamente queste."""
    scheda = _da_scrivere(scheda, da)
    scelte = {azione.pk: azione for azione in azioni}
    presenti = {riga.azione_id: riga for riga in scheda.azioni.all()}
    scheda.azioni.filter(azione__in=presenti.keys() - scelte.keys()).delete()
    nuove = [pk for pk in scelte if pk not in presenti]
    for ordine, pk in enumerate(nuove, start=len(presenti)):
        riga = AzioneDiScheda(ente=scheda.ente, scheda=scheda, azione=scelte[pk], ordine=ordine)
        riga.save()
    _segna(scheda, sezione_della_riga(AzioneDiScheda(), _sezioni(scheda)))
    return scheda


@transaction.atomic
def togli_riga(*, riga: RigaDiScheda, da: Attore) -> RigaTolta:
    """Toglie una riga tenendone copia: finché la scheda è aperta si può rimettere.

    Solleva ValidationError se un altro conteggio ne è parte, o se l'ha già tolta qualcun altro.
    """
    scheda = _da_scrivere(riga.scheda, da)
    riga = _attuale(riga)
    if riga is None:
        raise ValidationError("La riga è già stata tolta: la trovi fra quelle da rimettere.")
    if isinstance(riga, Conteggio) and (riga.parti.exists() or riga.composizioni.exists()):
        raise ValidationError(
            "Altri conteggi sono parte di questo: cambia prima il loro «è parte di», o toglili."
        )
    dati = {campo.attname: getattr(riga, campo.attname) for campo in riga._meta.concrete_fields}
    tolta = RigaTolta.objects.create(
        ente=scheda.ente,
        scheda=scheda,
        genere=riga._meta.model_name,
        sezione=sezione_della_riga(riga, _sezioni(scheda)),
        dati=dati,
        chi=da.utente,
    )
    riga.delete()
    scheda.save(update_fields=["modificata_il"])
    return tolta


@transaction.atomic
def rimetti_riga(*, tolta: RigaTolta, da: Attore) -> RigaDiScheda:
    """Rimette una riga com'era, nel suo posto.

    Solleva ValidationError se intanto un'altra ha preso il suo (una sigla, un legame già detto).
    """
    scheda = _da_scrivere(tolta.scheda, da)
    modello = apps.get_model("report", tolta.genere)
    riga = modello(**tolta.dati)
    riga.scheda, riga.ente, riga.versione = scheda, scheda.ente, riga.versione + 1
    riga.full_clean()
    riga.save(force_insert=True)
    tolta.delete()
    _segna(scheda, tolta.sezione)
    return riga


@transaction.atomic
def segna_sezione(*, scheda: Scheda, sezione: str, presente: bool, da: Attore) -> Scheda:
    """Dichiara che una sezione senza righe c'è ed è vuota, o che la scheda non la ha.

    «Nessuno ha lasciato» è una sezione presente e vuota; il silenzio è una sezione che manca.
    Solleva ValidationError se il modello vuole la sezione in ogni scheda.
    """
    scheda = _da_scrivere(scheda, da)
    chieste = {s.codice for s in _sezioni(scheda) if not s.facoltativa}
    if sezione in chieste:
        raise ValidationError("Questa sezione c'è in ogni scheda: non si può dichiarare vuota.")
    if presente:
        _segna(scheda, sezione)
    elif sezione in scheda.sezioni_presenti:
        scheda.sezioni_presenti = [s for s in scheda.sezioni_presenti if s != sezione]
        scheda.save(update_fields=["sezioni_presenti", "modificata_il"])
    return scheda


def _salva(riga: RigaDiScheda, versione: int, da: Attore, campi: dict[str, Any]):
    """Scrive `campi` su una riga che è ancora alla `versione` letta (0: non era mai scritta)."""
    with transaction.atomic():
        scheda = _da_scrivere(riga.scheda, da)
        attuale = _attuale(riga)
        if attuale is None or attuale.versione != versione:
            cambiata = TestoCambiato if isinstance(riga, VoceTestuale) else RigaCambiata
            # Chi vuole scrivere proprio ciò che c'è non ha niente da decidere.
            if attuale is None or _diversi(attuale, campi):
                raise cambiata(attuale, campi)
        if attuale.pk and not _diversi(attuale, campi):
            return attuale
        for nome, valore in campi.items():
            setattr(attuale, nome, valore)
        attuale.ente, attuale.scheda = scheda.ente, scheda
        attuale.versione += 1
        attuale.full_clean()
        attuale.save()
        _segna(scheda, sezione_della_riga(attuale, _sezioni(scheda)))
        return attuale


def _aggiungi(riga: RigaDiScheda, da: Attore, campi: dict[str, Any]):
    with transaction.atomic():
        scheda = _da_scrivere(riga.scheda, da)
        riga.scheda, riga.ente = scheda, scheda.ente
        for nome, valore in campi.items():
            setattr(riga, nome, valore)
        sorelle = type(riga).objects.filter(scheda=scheda)
        riga.ordine = (
            sorelle.order_by("-ordine").values_list("ordine", flat=True).first() or 0
        ) + 1
        if isinstance(riga, Conteggio | Uscita):
            riga.slug = _sigla_libera(riga.cosa, set(sorelle.values_list("slug", flat=True)))
        riga.full_clean()
        riga.save()
        _segna(scheda, sezione_della_riga(riga, _sezioni(scheda)))
        return riga


def _da_scrivere(scheda: Scheda, da: Attore) -> Scheda:
    """La scheda bloccata e aperta; chi scrive per primo la apre."""
    da.esigi(Permesso.SCHEDE_COMPILARE)
    scheda = scheda_bloccata(scheda)
    if not scheda.aperta:
        raise ValidationError(
            f"La scheda è {scheda.get_stato_display()}: per cambiarla va ritirata o rimandata.",
            code="stato",
        )
    if scheda.stato == Scheda.Stato.DA_APRIRE:
        return apri_scheda(scheda=scheda, da=da)
    return scheda


def _attuale(riga: RigaDiScheda) -> RigaDiScheda | None:
    """La riga com'è ora nel database; quella data se non è mai stata scritta."""
    if riga.pk is None:
        riga.versione = 0
        return riga
    return type(riga).objects.select_for_update(of=("self",)).filter(pk=riga.pk).first()


def _diversi(riga: RigaDiScheda, campi: dict[str, Any]) -> bool:
    return any(getattr(riga, nome) != valore for nome, valore in campi.items())


def _controlla_legami(conteggio: Conteggio, campi: dict[str, Any]) -> None:
    """Parti e composizioni stanno nella stessa scheda e non girano in tondo."""
    for nome in ("parte_di", "composizione_di"):
        antenato = campi.get(nome)
        if antenato and antenato.scheda_id != conteggio.scheda_id:
            raise ValidationError({nome: "Scegli un conteggio di questa scheda."})
        while antenato is not None:
            if antenato.pk == conteggio.pk:
                raise ValidationError({nome: "Un conteggio non può essere parte di se stesso."})
            antenato = getattr(antenato, nome)


def _sigla_libera(cosa: str, prese: set[str]) -> str:
    base = slugify(cosa)[:70] or "riga"
    candidate = (base if n == 1 else f"{base}-{n}" for n in range(1, len(prese) + 2))
    return next(sigla for sigla in candidate if sigla not in prese)


def _sezioni(scheda: Scheda):
    return sezioni_del_modello(scheda.campagna.modello)


def _segna(scheda: Scheda, sezione: str) -> None:
    """Segna la sezione come presente; in ogni caso la scheda è cambiata adesso."""
    if sezione and sezione not in scheda.sezioni_presenti:
        scheda.sezioni_presenti = [*scheda.sezioni_presenti, sezione]
    scheda.save(update_fields=["sezioni_presenti", "modificata_il"])
