"""I fogli ore per chi finanzia: un foglio di calcolo, e un PDF da firmare a mano.

Ci sono l'azione, chi ha lavorato, i giorni, le ore. Delle persone aiutate non c'è niente.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string
from django.utils import timezone

from assi.models import Azione
from enti.models import Ente
from prestazioni.sguardi.ore import FoglioDelMese, Ore, PerAzione, in_ore
from registro.comune.esportazioni import Cella, Tabella
from registro.comune.stampa.motore import stampa


FOGLIO_DI_STILE = "prestazioni/ore.css"
# Oltre, chi lo chiede aspetterebbe troppo davanti alla pagina: si sceglie un'azione.
FOGLI_AL_MASSIMO = 40
SENZA_AZIONE = "Nessuna azione in particolare"
_ORE = ("Con le persone, minuti", "Senza persone, minuti")
_TOTALE = ("Totale, minuti", "Totale, ore")


class TroppiFogli(ValueError):
    """Un PDF con più fogli di quanti se ne compongano in una richiesta."""


@dataclass(frozen=True)
class Prospetto:
    """Il foglio di un operatore per un'azione."""

    foglio: FoglioDelMese
    parte: PerAzione

    @property
    def azione(self) -> Azione | None:
        return self.parte.azione

    @property
    def titolo(self) -> str:
        return self.azione.titolo if self.azione else SENZA_AZIONE

    @property
    def ore(self) -> Ore:
        return self.parte.ore


def prospetti(fogli: Sequence[FoglioDelMese], azione: Azione | None) -> list[Prospetto]:
    """Un prospetto per azione e operatore, per titolo e per nome; di una sola azione, se è detta."""
    tutti = [Prospetto(foglio, parte) for foglio in fogli for parte in foglio.per_azione]
    scelti = [voce for voce in tutti if azione is None or voce.azione == azione]
    # L'ordinamento è stabile: dentro un'azione restano per nome.
    return sorted(scelti, key=lambda voce: (voce.azione is None, voce.titolo))


def fogli_in_xlsx(fogli: Sequence[FoglioDelMese], azione: Azione | None) -> list[Tabella]:
    """Tre tabelle: i totali, i giorni, le rettifiche."""
    voci = prospetti(fogli, azione)
    chi = ("Progetto", "Azione", "Operatore", "Mese")
    return [
        Tabella(
            "Totali",
            (*chi, *_ORE, "Rettifiche, minuti", *_TOTALE, "Prestazioni senza durata", "Firmato"),
            [(*_chi(voce), *_totali(voce)) for voce in voci],
        ),
        Tabella(
            "Giorni",
            (*chi, "Giorno", *_ORE, *_TOTALE, "Prestazioni senza durata"),
            _righe_dei_giorni(voci),
        ),
        Tabella(
            "Rettifiche",
            (*chi, "Minuti", "Ore", "Motivo", "Scritta il", "Da"),
            _righe_delle_rettifiche(voci),
        ),
    ]


def fogli_in_pdf(
    ente: Ente, mese: date, fogli: Sequence[FoglioDelMese], azione: Azione | None
) -> bytes:
    """Il PDF/UA con un riepilogo e un foglio da firmare per azione e operatore.

    Solleva TroppiFogli oltre `FOGLI_AL_MASSIMO`, RisorsaMancanteError se mancano i caratteri.
    """
    voci = prospetti(fogli, azione)
    if len(voci) > FOGLI_AL_MASSIMO:
        raise TroppiFogli(
            f"Sono {len(voci)} fogli: troppi per un documento solo. Scegli un'azione alla volta,"
            " oppure prendi il foglio di calcolo, che li porta tutti."
        )
    adesso = timezone.now()
    titolo = f"Ore di lavoro, {mese:%m/%Y}"
    html = render_to_string(
        "prestazioni/ore/stampa.html",
        {"titolo": titolo, "ente": ente, "mese": mese, "prospetti": voci, "oggi": adesso},
    )
    return stampa(
        html,
        titolo=titolo,
        foglio=FOGLIO_DI_STILE,
        creato=adesso,
        identificativo=hashlib.sha256(html.encode()).hexdigest(),
    ).contenuto


def _chi(voce: Prospetto) -> tuple[Cella, ...]:
    progetto = voce.azione.progetto.titolo if voce.azione else None
    return (
        progetto,
        voce.titolo,
        voce.foglio.operatore.nome_completo,
        f"{voce.foglio.mese:%m/%Y}",
    )


def _totali(voce: Prospetto) -> tuple[Cella, ...]:
    ore, firmato = voce.ore, voce.foglio.firmato
    return (
        ore.diretti,
        ore.indiretti,
        ore.rettifiche,
        ore.totale,
        in_ore(ore.totale),
        ore.senza_durata or None,
        timezone.localdate(firmato.firmato_il) if firmato else "non ancora",
    )


def _righe_dei_giorni(voci: Sequence[Prospetto]) -> Iterator[tuple[Cella, ...]]:
    for voce in voci:
        for giorno in voce.parte.giorni:
            ore = giorno.ore
            yield (
                *_chi(voce),
                giorno.giorno,
                ore.diretti,
                ore.indiretti,
                ore.lavorati,
                in_ore(ore.lavorati),
                ore.senza_durata or None,
            )


def _righe_delle_rettifiche(voci: Sequence[Prospetto]) -> Iterator[tuple[Cella, ...]]:
    for voce in voci:
        for riga in voce.parte.rettifiche:
            quando = timezone.localdate(riga.quando)
            chi = riga.da.nome_completo
            yield (*_chi(voce), riga.minuti, in_ore(riga.minuti), riga.motivo, quando, chi)
