"""Le prestazioni e ciò che ne è venuto, nel foglio che si dà alla persona."""

from collections.abc import Iterable

from django.utils.text import capfirst

from beneficiari.documenti.righe import Prospetto
from prestazioni.models import (
    Appuntamento,
    Esito,
    Partecipazione,
    PianoRientro,
    PraticaCasa,
    Tirocinio,
)
from privacy.gruppi import Gruppo
from registro.comune.templatetags.testo import NON_INDICATO, data_breve, data_e_ora, numero


# Di più non si stampano: nel file della copia ci sono tutte.
PRESTAZIONI_STAMPATE = 500


def prospetti_di_prestazioni(
    chiavi: list[int], ente: int, gruppi: Iterable[str]
) -> list[Prospetto]:
    """Prestazioni, esiti, percorsi e appuntamenti di una persona; niente se quel gruppo è chiuso."""
    if Gruppo.PRESTAZIONI not in gruppi:
        return []
    sue = {"beneficiario__in": chiavi, "ente": ente}
    return [
        _prestazioni(Partecipazione.objects.filter(**sue)),
        Prospetto(
            "Risultati",
            ("Che cosa", "Con che cosa si prova", "Quando"),
            [
                (str(riga.tipo), riga.prova or NON_INDICATO, data_breve(riga.giorno))
                for riga in Esito.objects.filter(**sue).select_related("tipo").order_by("giorno")
            ],
        ),
        Prospetto("Percorsi", ("Che cosa", "Presso", "Quando"), _percorsi(sue)),
        Prospetto(
            "Appuntamenti",
            ("Quando", "Dove", "Com'è andato"),
            [
                (data_e_ora(riga.quando), riga.luogo or NON_INDICATO, riga.get_stato_display())
                for riga in Appuntamento.objects.filter(**sue).order_by("quando")
            ],
        ),
    ]


def _prestazioni(fatte) -> Prospetto:
    ultime = fatte.select_related("voce", "azione", "prestazione").dalle_ultime()
    righe = [
        (
            data_breve(riga.giorno),
            str(riga.voce),
            riga.azione.titolo,
            _durata(riga.minuti or riga.prestazione.minuti),
        )
        for riga in ultime[:PRESTAZIONI_STAMPATE]
    ]
    altre = fatte.count() - len(righe)
    titolo = "Prestazioni"
    if altre:
        titolo = f"Prestazioni: le ultime {numero(len(righe))}, altre {numero(altre)} nel file"
    return Prospetto(titolo, ("Quando", "Che cosa", "Per quale azione", "Quanto"), righe)


def _percorsi(sue: dict) -> list[tuple[str, ...]]:
    righe = [
        (
            f"Tirocinio: {riga.get_tipo_display()}",
            riga.nome_ospitante or NON_INDICATO,
            _periodo(riga.inizio, riga.fine or riga.fine_prevista),
        )
        for riga in Tirocinio.objects.filter(**sue).order_by("inizio")
    ]
    righe += [
        (
            f"Piano di rientro di {numero(riga.debito)} euro",
            capfirst(riga.get_creditore_display()),
            _periodo(riga.firmato_il, riga.concluso_il or riga.interrotto_il),
        )
        for riga in PianoRientro.objects.filter(**sue).order_by("pk")
    ]
    righe += [
        (
            f"Pratica per la casa: {riga.get_tipo_display()}",
            riga.presso or NON_INDICATO,
            _periodo(riga.aperta_il, riga.chiusa_il),
        )
        for riga in PraticaCasa.objects.filter(**sue).order_by("aperta_il")
    ]
    return righe


def _periodo(dal, al) -> str:
    inizio = f"dal {data_breve(dal)}" if dal else "non ancora cominciato"
    return f"{inizio} al {data_breve(al)}" if al else inizio


def _durata(minuti: int | None) -> str:
    return f"{numero(minuti)} minuti" if minuti else NON_INDICATO
