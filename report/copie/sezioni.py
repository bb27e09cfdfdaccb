"""Le sezioni di una scheda, dalle sue righe: ogni funzione ne rende una."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.text import capfirst

from report.contenuto import (
    AltroNumeroContenuto,
    AttivitaContenuto,
    CollaborazioneContenuto,
    ConteggioContenuto,
    GiudizioContenuto,
    IndividuazioneContenuto,
    MisuratoreContenuto,
    OutputContenuto,
    ProsecuzioneContenuto,
    RetiContenuto,
    UscitaContenuto,
    VoceContenuto,
)
from report.copie.comune import nomi, numero
from report.models import Conteggio, Legame, Misuratore, Scheda, VoceTestuale


@dataclass(frozen=True, slots=True)
class Nomi:
    """Come si stampano enti e programmi, per sigla."""

    enti: Mapping[str, str]
    programmi: Mapping[str, str]


def _asse(riga) -> str | None:
    return riga.asse.slug if riga.asse else None


def _righe(scheda: Scheda, sezione: str) -> list[VoceTestuale]:
    return [v for v in scheda.vocetestuale_righe.all() if v.sezione == sezione]


def presente(scheda: Scheda, sezione: str, righe: Sequence) -> bool:
    """Vero se la scheda ha la sezione, anche vuota."""
    return bool(righe) or sezione in scheda.sezioni_presenti


def voci(righe: Iterable[VoceTestuale], chiama: Nomi) -> tuple[VoceContenuto, ...]:
    """Le frasi, con i nomi degli enti che citano."""
    return tuple(
        VoceContenuto(
            testo=riga.testo,
            enti=nomi(riga.enti_nominati, chiama.enti),
            asse=_asse(riga),
            gruppo=riga.gruppo or None,
            nota=riga.note or None,
        )
        for riga in righe
    )


def frasi(scheda: Scheda, sezione: str, chiama: Nomi) -> tuple[VoceContenuto, ...]:
    """Le frasi di una sezione che c'è sempre."""
    return voci(_righe(scheda, sezione), chiama)


def frasi_se_ci_sono(
    scheda: Scheda, sezione: str, chiama: Nomi
) -> tuple[VoceContenuto, ...] | None:
    """Le frasi di una sezione che può mancare."""
    righe = _righe(scheda, sezione)
    return voci(righe, chiama) if presente(scheda, sezione, righe) else None


def individuazione(scheda: Scheda, chiama: Nomi) -> tuple[IndividuazioneContenuto, ...] | None:
    """Come sono stati trovati i beneficiari."""
    righe = _righe(scheda, "individuazione")
    if not presente(scheda, "individuazione", righe):
        return None
    return tuple(
        IndividuazioneContenuto(
            canale=riga.canale,
            etichetta=capfirst(riga.get_canale_display()),
            testo=riga.testo,
            enti=nomi(riga.enti_nominati, chiama.enti),
            asse=_asse(riga),
        )
        for riga in righe
    )


def _conteggi_di(scheda: Scheda, sezione: str) -> list[Conteggio]:
    return [c for c in scheda.conteggio_righe.all() if c.sezione == sezione]


def conteggi(scheda: Scheda) -> tuple[ConteggioContenuto, ...]:
    """I beneficiari contati."""
    righe = _conteggi_di(scheda, Conteggio.Sezione.BENEFICIARI)
    sigle = {riga.pk: riga.slug for riga in righe}
    return tuple(
        ConteggioContenuto(
            slug=riga.slug,
            cosa=riga.cosa,
            unita=riga.unita,
            valore=numero(riga.valore),
            approssimazione=riga.approssimazione or None,
            asse=_asse(riga),
            parte_di=sigle.get(riga.parte_di_id),
            composizione_di=sigle.get(riga.composizione_di_id),
            ripartizione=riga.ripartizione or None,
            calcolato=numero(riga.valore_calcolato),
            motivo=riga.motivo_differenza or None,
            nota=riga.note or None,
        )
        for riga in righe
    )


def altri_numeri(scheda: Scheda) -> tuple[AltroNumeroContenuto, ...]:
    """I numeri di contorno."""
    return tuple(
        AltroNumeroContenuto(
            cosa=riga.cosa,
            unita=riga.unita,
            valore=numero(riga.valore),
            minimo=numero(riga.minimo),
            massimo=numero(riga.massimo),
            approssimazione=riga.approssimazione or None,
        )
        for riga in _conteggi_di(scheda, Conteggio.Sezione.ALTRI_NUMERI)
    )


def output(scheda: Scheda, chiama: Nomi) -> tuple[OutputContenuto, ...]:
    """I prodotti contati."""
    return tuple(
        OutputContenuto(
            slug=riga.slug,
            etichetta=riga.cosa,
            unita=riga.unita,
            valore=numero(riga.valore),
            gruppo=riga.gruppo,
            presso=riga.presso.nome_breve if riga.presso else None,
            canali=nomi(riga.canali, chiama.programmi),
            approssimazione=riga.approssimazione or None,
            asse=_asse(riga),
        )
        for riga in _conteggi_di(scheda, Conteggio.Sezione.OUTPUT)
    )


def uscite(scheda: Scheda) -> tuple[UscitaContenuto, ...] | None:
    """Chi ha lasciato; None se la scheda tace."""
    righe = list(scheda.uscita_righe.all())
    if not presente(scheda, "drop_out", righe):
        return None
    return tuple(UscitaContenuto(riga.cosa, riga.unita, riga.valore) for riga in righe)


def giudizi(scheda: Scheda) -> tuple[GiudizioContenuto, ...]:
    """Quanto è migliorato ogni indicatore."""
    return tuple(
        GiudizioContenuto(
            indicatore=riga.indicatore.slug,
            testo=riga.indicatore.testo,
            asse=riga.asse.slug,
            stato=riga.stato,
            valore=riga.valore,
            giudizio=riga.parola or None,
            in_alcuni_casi=riga.in_alcuni_casi or None,
            scala=riga.scala,
            nota=riga.note or None,
        )
        for riga in scheda.giudizio_righe.all()
    )


def _verso(scheda: Scheda, momento: str, *, eccetto: bool = False) -> list[Legame]:
    return [
        legame
        for legame in scheda.legame_righe.all()
        if legame.momento == momento and legame.verso and legame.eccetto == eccetto
    ]


def _chi(legami: Iterable[Legame]) -> tuple[str, ...]:
    return tuple(legame.verso.nome_breve for legame in legami)


def reti(scheda: Scheda, chiama: Nomi) -> RetiContenuto | None:
    """Le reti prima e dopo, come dichiarate."""
    testi = _righe(scheda, "reti")
    prima, nuove = Legame.Momento.PREESISTENTE, Legame.Momento.NUOVO
    delle_reti = [x for x in scheda.legame_righe.all() if x.momento in (prima, nuove)]
    if not presente(scheda, "reti", [*delle_reti, *testi]):
        return None
    return RetiContenuto(
        tutta_la_rete=any(legame.tutta_la_rete for legame in delle_reti),
        eccetto=_chi(_verso(scheda, prima, eccetto=True)),
        preesistenti=_chi(_verso(scheda, prima)),
        nuove=_chi(_verso(scheda, nuove)),
        testi=voci(testi, chiama),
    )


def collaborazione(scheda: Scheda, chiama: Nomi) -> CollaborazioneContenuto | None:
    """La collaborazione con gli enti pubblici."""
    risposta = next(iter(scheda.collaborazionepubblica_righe.all()), None)
    con = _verso(scheda, Legame.Momento.PUBBLICO)
    forza, migliorare = _righe(scheda, "punti_forza"), _righe(scheda, "da_migliorare")
    righe = [*([risposta] if risposta else []), *con, *forza, *migliorare]
    if not presente(scheda, "collaborazione_enti_pubblici", righe):
        return None
    return CollaborazioneContenuto(
        attivata=risposta.attivata if risposta else None,
        enti=_chi(con),
        formalizzata_con=_chi(legame for legame in con if legame.formalizzato),
        punti_forza=voci(forza, chiama),
        da_migliorare=voci(migliorare, chiama),
    )


def attivita(scheda: Scheda) -> tuple[AttivitaContenuto, ...]:
    """Se l'attività era ordinaria o nuova, asse per asse."""
    return tuple(
        AttivitaContenuto(riga.asse.slug, riga.tipo or None, riga.elementi_innovativi)
        for riga in scheda.attivitadischeda_righe.all()
    )


def misuratori(scheda: Scheda) -> tuple[MisuratoreContenuto, ...]:
    """I tre voti finali, nell'ordine in cui si stampano."""
    ordine = list(Misuratore.Tipo)
    righe = sorted(scheda.misuratore_righe.all(), key=lambda riga: ordine.index(riga.tipo))
    return tuple(
        MisuratoreContenuto(
            slug=riga.tipo,
            etichetta=capfirst(riga.get_tipo_display()),
            valore=riga.valore,
            asse=_asse(riga),
            scala=riga.scala,
            incerto=riga.incerto,
            motivo=riga.motivo or None,
            testo=riga.testo or None,
            nota=riga.note or None,
        )
        for riga in righe
    )


def prosecuzione(scheda: Scheda) -> ProsecuzioneContenuto | None:
    """Se serve continuare. Chi ha risposto solo asse per asse, e in modi diversi, non dà un sì."""
    righe = list(scheda.prosecuzione_righe.all())
    if not presente(scheda, "prosecuzione", righe):
        return None
    intera = next((riga for riga in righe if riga.asse is None), None)
    if intera is not None:
        return ProsecuzioneContenuto(intera.necessaria, intera.secondo_asse, intera.note or None)
    risposte = {riga.necessaria for riga in righe}
    return ProsecuzioneContenuto(risposte.pop() if len(risposte) == 1 else None)
