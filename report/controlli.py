"""I controlli di una scheda prima dell'invio: ognuno è una frase che dice che cosa fare.

Un avviso «blocca» finché non si corregge; uno che «avverte» si può superare scrivendo il motivo,
che chi accetta leggerà. Ogni controllo è una funzione dal fascicolo agli avvisi, senza effetti.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from registro.comune.templatetags.testo import approssimato, numero
from report.fascicolo import Fascicolo, Riga, chiave
from report.models import AzioneDiScheda, Conteggio, Scheda


class Gravita(StrEnum):
    AVVERTE = "avverte"
    BLOCCA = "blocca"


@dataclass(frozen=True, slots=True)
class Avviso:
    """Ciò che un controllo ha da dire.

    `codice` è unico nella scheda e non cambia finché la causa è la stessa; `sezione` e `ancora`
    portano al punto da correggere (vuoti se il punto non è uno).
    """

    codice: str
    gravita: Gravita
    frase: str
    sezione: str = ""
    ancora: str = ""


Controllo = Callable[[Fascicolo], Iterator[Avviso]]


def controlla(
    fascicolo: Fascicolo, doppie: Iterable[tuple[AzioneDiScheda, Scheda]] = ()
) -> list[Avviso]:
    """Tutti gli avvisi della scheda: prima ciò che blocca, poi ciò che avverte.

    `doppie`: le azioni di cui rende conto anche un'altra scheda, e quale (vedi
    `azioni_in_altre_schede`).
    """
    avvisi = [avviso for controllo in CONTROLLI for avviso in controllo(fascicolo)]
    avvisi += azione_in_due_schede(fascicolo, doppie)
    return sorted(avvisi, key=lambda avviso: avviso.gravita != Gravita.BLOCCA)


def avvisi_di(fascicolo: Fascicolo) -> list[Avviso]:
    """Come `controlla`, cercando da sé le altre schede che il contesto mostra."""
    return controlla(fascicolo, azioni_in_altre_schede(fascicolo))


def azioni_in_altre_schede(fascicolo: Fascicolo) -> list[tuple[AzioneDiScheda, Scheda]]:
    """Le azioni di cui rende conto anche un'altra scheda della campagna, fra quelle visibili."""
    azioni = {riga.azione_id: riga for riga in fascicolo.azioni}
    altre = (
        Scheda.objects.filter(campagna=fascicolo.scheda.campagna_id, azioni__azione__in=azioni)
        .exclude(pk=fascicolo.scheda.pk)
        .prefetch_related("azioni")
        .distinct()
        .in_ordine()
    )
    return [
        (azioni[riga.azione_id], scheda)
        for scheda in altre
        for riga in scheda.azioni.all()
        if riga.azione_id in azioni
    ]


def azione_in_due_schede(
    fascicolo: Fascicolo, doppie: Iterable[tuple[AzioneDiScheda, Scheda]]
) -> Iterator[Avviso]:
    """La stessa attività in due schede della campagna: i suoi numeri si conterebbero due volte."""
    for riga, altra in doppie:
        yield Avviso(
            f"azione-doppia:{riga.azione_id}:{altra.pk}",
            Gravita.AVVERTE,
            f"L'attività «{riga.azione}» è anche nella scheda «{altra}». Controlla che i suoi "
            "numeri stiano in una sola delle due, o spiega come li avete divisi.",
            fascicolo.sezione_di(riga),
            "domanda-azioni",
        )


def totale_e_dettaglio(fascicolo: Fascicolo) -> Iterator[Avviso]:
    """Le viste degli stessi risultati (totale, per azienda, per canale) danno la stessa somma."""
    viste: dict[str, dict[str, list[Conteggio]]] = defaultdict(lambda: defaultdict(list))
    for riga in fascicolo.conteggi:
        if riga.tipo and riga.gruppo and riga.gruppo != Conteggio.Gruppo.QUOTA:
            viste[riga.tipo][riga.gruppo].append(riga)
    for tipo, gruppi in viste.items():
        ordinati = [gruppi[g] for g in _ORDINE_DELLE_VISTE if g in gruppi]
        for altra in ordinati[1:]:
            if _discordano(ordinati[0], altra):
                yield _avviso_di_viste(fascicolo, tipo, ordinati[0], altra)


_ORDINE_DELLE_VISTE = (
    Conteggio.Gruppo.TOTALE,
    Conteggio.Gruppo.PER_AZIENDA,
    Conteggio.Gruppo.PER_CANALE,
)
_COME_SI_DICE = {
    Conteggio.Gruppo.TOTALE: "il totale dichiara",
    Conteggio.Gruppo.PER_AZIENDA: "le voci per azienda sommano",
    Conteggio.Gruppo.PER_CANALE: "le voci per canale sommano",
}


def _discordano(prima: Sequence[Conteggio], seconda: Sequence[Conteggio]) -> bool:
    """Se due viste non possono essere degli stessi fatti. Un «circa» o un vuoto non smentisce."""
    righe = [*prima, *seconda]
    if any(riga.valore is None or riga.approssimazione for riga in righe):
        return False
    return _somma(prima) != _somma(seconda)


def _avviso_di_viste(
    fascicolo: Fascicolo, tipo: str, prima: Sequence[Conteggio], seconda: Sequence[Conteggio]
) -> Avviso:
    detto = [
        f"{_COME_SI_DICE[righe[0].gruppo]} {numero(_somma(righe))} {righe[0].unita}".strip()
        for righe in (prima, seconda)
    ]
    return Avviso(
        f"totale-dettaglio:{tipo}",
        Gravita.AVVERTE,
        f"{_etichetta_del_tipo(fascicolo, tipo)}: {detto[0]}, {detto[1]}. Correggi il numero "
        "sbagliato, oppure spiega da che cosa viene la differenza.",
        fascicolo.sezione_di(prima[0]),
        chiave(prima[0]),
    )


def _etichetta_del_tipo(fascicolo: Fascicolo, tipo: str) -> str:
    tipi = (t for s in fascicolo.sezioni for d in s.domande for t in d.tipi)
    return next((t.etichetta for t in tipi if t.codice == tipo), tipo.replace("-", " "))


def parte_maggiore_dell_intero(fascicolo: Fascicolo) -> Iterator[Avviso]:
    """Una parte non supera il suo intero, né i nuclei le persone che li formano."""
    per_chiave = {riga.pk: riga for riga in fascicolo.conteggi}
    for parte in fascicolo.conteggi:
        intero = per_chiave.get(parte.parte_di_id)
        if intero and parte.unita == intero.unita and _supera(parte, intero):
            yield Avviso(
                f"parte-maggiore:{parte.pk}",
                Gravita.AVVERTE,
                f"«{parte.cosa}» ({_detto(parte)}) è più di «{intero.cosa}» ({_detto(intero)}), "
                "di cui è una parte. Correggi uno dei due numeri, o togli il legame fra loro.",
                fascicolo.sezione_di(parte),
                chiave(parte),
            )


def persone_meno_dei_nuclei(fascicolo: Fascicolo) -> Iterator[Avviso]:
    """Le persone che formano dei nuclei sono almeno quanti i nuclei."""
    per_chiave = {riga.pk: riga for riga in fascicolo.conteggi}
    persone = _raccolte(fascicolo.conteggi, lambda riga: riga.composizione_di_id)
    for (nuclei_pk, _), righe in persone.items():
        nuclei = per_chiave.get(nuclei_pk)
        somma = _somma(righe)
        if nuclei is None or None in (nuclei.valore, somma) or _approssimati([nuclei, *righe]):
            continue
        if somma >= nuclei.valore:
            continue
        yield Avviso(
            f"persone-nuclei:{righe[0].pk}",
            Gravita.AVVERTE,
            f"Le persone ({numero(somma)}) sono meno dei nuclei che formano «{nuclei.cosa}» "
            f"({_detto(nuclei)}). Controlla quale dei due numeri è giusto.",
            fascicolo.sezione_di(righe[0]),
            chiave(righe[0]),
        )


def ripartizione_che_non_esaurisce(fascicolo: Fascicolo) -> Iterator[Avviso]:
    """Le parti di una stessa ripartizione sommano il loro intero."""
    per_chiave = {riga.pk: riga for riga in fascicolo.conteggi}
    parti = _raccolte(fascicolo.conteggi, lambda riga: riga.parte_di_id)
    for (intero_pk, ripartizione), righe in parti.items():
        intero = per_chiave.get(intero_pk)
        somma = _somma(righe)
        if not ripartizione or intero is None or None in (intero.valore, somma):
            continue
        if somma == intero.valore or _approssimati([intero, *righe]):
            continue
        yield Avviso(
            f"ripartizione:{intero.pk}:{ripartizione}",
            Gravita.AVVERTE,
            f"Le voci per {ripartizione} sommano {numero(somma)}, ma «{intero.cosa}» dichiara "
            f"{_detto(intero)}. Aggiungi la voce che manca o correggi il totale.",
            fascicolo.sezione_di(righe[0]),
            chiave(righe[0]),
        )


def percentuale_senza_base(fascicolo: Fascicolo) -> Iterator[Avviso]:
    """Di una percentuale si dice anche di che cosa lo è."""
    for riga in fascicolo.conteggi:
        if riga.unita != PERCENTO:
            continue
        if riga.parte_di_id is None and riga.valore is not None:
            yield Avviso(
                f"percentuale-senza-base:{riga.pk}",
                Gravita.AVVERTE,
                f"«{_nome(fascicolo, riga)}» è il {numero(riga.valore)}%, ma non si sa di che "
                "cosa. Indica il conteggio su cui è calcolata.",
                fascicolo.sezione_di(riga),
                chiave(riga),
            )


PERCENTO = "percento"


def unita_mancante(fascicolo: Fascicolo) -> Iterator[Avviso]:
    """Un numero senza unità non si può sommare a niente."""
    for riga in [*fascicolo.conteggi, *fascicolo.uscite]:
        if riga.valore is not None and not riga.unita:
            yield _blocca(
                fascicolo,
                riga,
                "unita-mancante",
                f"«{_nome(fascicolo, riga)}» vale {numero(riga.valore)}, ma manca che cosa si "
                "conta. Scegli l'unità.",
            )


def valore_fuori_scala(fascicolo: Fascicolo) -> Iterator[Avviso]:
    """Un voto sta nella sua scala, una percentuale fra 0 e 100."""
    for riga in [*fascicolo.giudizi, *fascicolo.misuratori]:
        minimo = 1 if riga in fascicolo.giudizi else 0
        if riga.valore is not None and not minimo <= riga.valore <= riga.scala:
            yield _blocca(
                fascicolo,
                riga,
                "fuori-scala",
                f"Il voto {riga.valore} è fuori dalla scala da {minimo} a {riga.scala}: correggilo.",
            )
    for riga in fascicolo.conteggi:
        if riga.unita == PERCENTO and riga.valore is not None and riga.valore > 100:
            yield _blocca(
                fascicolo,
                riga,
                "fuori-scala",
                f"«{_nome(fascicolo, riga)}» è il {numero(riga.valore)}%: una percentuale "
                "arriva al massimo a 100. Correggi il numero o cambia l'unità.",
            )


def uscite_oltre_i_beneficiari(fascicolo: Fascicolo) -> Iterator[Avviso]:
    """Non lasciano più persone (o nuclei) di quanti sono stati raggiunti."""
    for unita in dict.fromkeys(riga.unita for riga in fascicolo.uscite):
        uscite = [riga for riga in fascicolo.uscite if riga.unita == unita]
        interi = [
            riga
            for riga in fascicolo.conteggi
            if riga.sezione == Conteggio.Sezione.BENEFICIARI
            and riga.unita == unita
            and riga.parte_di_id is None
        ]
        usciti = sum(riga.valore or 0 for riga in uscite)
        raggiunti = _somma(interi)
        if raggiunti is None or _oltre(interi) or usciti <= raggiunti:
            continue
        yield Avviso(
            f"uscite-oltre:{unita}",
            Gravita.AVVERTE,
            f"Hanno lasciato {numero(usciti)} {unita}, più dei {numero(raggiunti)} raggiunti. "
            "Correggi uno dei due numeri, o spiega chi sono gli altri.",
            fascicolo.sezione_di(uscite[0]),
            chiave(uscite[0]),
        )


def differenza_dal_registro(fascicolo: Fascicolo) -> Iterator[Avviso]:
    """Dove il registro ha un valore, lo si conferma o si scrive perché è diverso."""
    for riga in fascicolo.conteggi:
        if riga.valore_calcolato is None or riga.valore == riga.valore_calcolato:
            continue
        if riga.valore is None:
            yield Avviso(
                f"da-confermare:{riga.pk}",
                Gravita.AVVERTE,
                f"Per «{_nome(fascicolo, riga)}» il registro dà {numero(riga.valore_calcolato)} "
                f"{riga.unita}. Confermalo, o scrivi il tuo valore.",
                fascicolo.sezione_di(riga),
                chiave(riga),
            )
        elif not riga.motivo_differenza:
            yield _blocca(
                fascicolo,
                riga,
                "differenza-senza-motivo",
                f"«{_nome(fascicolo, riga)}»: avete scritto {_detto(riga)}, il registro dà "
                f"{numero(riga.valore_calcolato)}. Scrivi perché i due valori sono diversi.",
            )


def conteggio_senza_valore(fascicolo: Fascicolo) -> Iterator[Avviso]:
    """Un conteggio vuoto resta «non detto»: chi invia dice che lo sa."""
    for riga in fascicolo.conteggi:
        vuoto = riga.valore is riga.minimo is riga.massimo is riga.valore_calcolato is None
        if vuoto and not riga.note:
            yield Avviso(
                f"senza-valore:{riga.pk}",
                Gravita.AVVERTE,
                f"«{_nome(fascicolo, riga)}» non ha un numero: nel rapporto sarà «non detto». "
                "Scrivilo, togli la riga, o spiega in una nota perché manca.",
                fascicolo.sezione_di(riga),
                chiave(riga),
            )


def sezione_mancante(fascicolo: Fascicolo) -> Iterator[Avviso]:
    """Le sezioni che ogni scheda ha. Quelle facoltative possono mancare: non è un errore."""
    for sezione in fascicolo.sezioni_mancanti:
        if not sezione.facoltativa:
            yield Avviso(
                f"sezione-mancante:{sezione.codice}",
                Gravita.AVVERTE,
                f"La sezione «{sezione.titolo}» non è compilata. Compilala, oppure spiega perché "
                "manca.",
                sezione.codice,
            )


CONTROLLI: tuple[Controllo, ...] = (
    unita_mancante,
    valore_fuori_scala,
    differenza_dal_registro,
    totale_e_dettaglio,
    parte_maggiore_dell_intero,
    persone_meno_dei_nuclei,
    ripartizione_che_non_esaurisce,
    percentuale_senza_base,
    uscite_oltre_i_beneficiari,
    conteggio_senza_valore,
    sezione_mancante,
)


def _blocca(fascicolo: Fascicolo, riga: Riga, codice: str, frase: str) -> Avviso:
    ancora = chiave(riga)
    return Avviso(f"{codice}:{ancora}", Gravita.BLOCCA, frase, fascicolo.sezione_di(riga), ancora)


def _raccolte(
    conteggi: Iterable[Conteggio], legame: Callable[[Conteggio], int | None]
) -> dict[tuple[int, str], list[Conteggio]]:
    """Le righe con lo stesso legame e la stessa ripartizione; fuori quelle senza legame."""
    raccolte = defaultdict(list)
    for riga in conteggi:
        if legame(riga) is not None and riga.unita != PERCENTO:
            raccolte[legame(riga), riga.ripartizione].append(riga)
    return raccolte


def _somma(righe: Sequence[Conteggio]) -> Decimal | int | None:
    """La somma dei valori; None se uno manca o se non c'è nulla: un vuoto non è zero."""
    valori = [riga.valore for riga in righe]
    return None if not valori or None in valori else sum(valori)


def _supera(parte: Conteggio, intero: Conteggio) -> bool:
    if parte.valore is None or intero.valore is None or _oltre([intero]):
        return False
    return parte.valore > intero.valore


def _oltre(righe: Iterable[Conteggio]) -> bool:
    """Se il numero detto è un minimo: il vero può essere più grande."""
    return any(riga.approssimazione == Conteggio.Approssimazione.OLTRE for riga in righe)


def _approssimati(righe: Iterable[Conteggio]) -> bool:
    return any(riga.approssimazione for riga in righe)


def _detto(riga: Conteggio) -> str:
    return f"{approssimato(riga.valore, riga.approssimazione)} {riga.unita}".strip()


def _nome(fascicolo: Fascicolo, riga: Riga) -> str:
    """Come si chiama la riga: le sue parole, o l'etichetta del suo tipo di risultato."""
    tipo = getattr(riga, "tipo", "")
    return riga.cosa or (_etichetta_del_tipo(fascicolo, tipo) if tipo else "senza nome")
