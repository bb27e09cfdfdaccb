"""Le persone della dimostrazione: inventate, qualche centinaio, in ogni ente della rete.

Le compongono i file di `dati/dimostrazione/persone/`; `docs/caricamento.md` dice come. Qui non si
salta nessuna regola: ogni riga nasce nel contesto di chi l'avrebbe scritta, coi trigger accesi.
"""

from collections.abc import Sequence
from datetime import date
from random import Random

from django.db import transaction
from django.utils import timezone

from beneficiari.dimostrazione.anagrafe import prepara_anagrafe
from beneficiari.dimostrazione.condivisioni import Condivisioni, PassaggioInventato
from beneficiari.dimostrazione.intrecci import (
    decide_legami,
    etichetta_la_rete,
    fai_passare,
    intreccia_doppioni,
)
from beneficiari.dimostrazione.inventa import Inventata, inventa_rete
from beneficiari.dimostrazione.letture import LettureInventate
from beneficiari.dimostrazione.materiale import Materiale
from beneficiari.dimostrazione.percorsi import Percorsi, Vocabolari
from beneficiari.dimostrazione.registri import scrivi_registri
from beneficiari.dimostrazione.regole import (
    Accordo,
    accordo_gia_scritto,
    scrivi_informative,
    scrivi_regole,
)
from beneficiari.dimostrazione.scena import Scena, squadra_di
from enti.models import Ente, Utente


@transaction.atomic
def prepara_persone(oggi: date | None = None) -> int:
    """Scrive le persone della dimostrazione; rende quante. Se ci sono già non fa nulla e rende 0.

    Ci vogliono almeno due enti con chi ne risponde; gli altri si saltano. Le date si contano da
    `oggi` (il giorno in cui si prepara, se taciuto), che non può essere nel futuro.
    """
    materiale, oggi = Materiale(), oggi or timezone.localdate()
    if accordo_gia_scritto(materiale):
        return 0
    voci = Vocabolari.letti()
    vietati = set(Utente.objects.values_list("cognome", "nome"))
    rete, stesse = inventa_rete(materiale, oggi=oggi, vietati=vietati)
    scene = {}
    for sigla, inventate in rete.items():
        ente = voci.enti.get(sigla)
        squadra = squadra_di(ente) if ente else []
        if squadra:
            caso = Random(f"quadrante, storie di {sigla}")  # noqa: S311 - persone inventate
            scene[sigla] = Scena(ente, materiale.enti[sigla], inventate, squadra, caso, oggi)
    if len(scene) < 2:
        return 0
    _Preparazione(scene, materiale, voci, stesse).tutto()
    return sum(len(scena.persone) for scena in scene.values())


class _Preparazione:
    """L'ordine dei gesti: prima le regole, poi ciò che ogni ente sa, poi ciò che li lega."""

    def __init__(
        self,
        scene: dict[str, Scena],
        materiale: Materiale,
        voci: Vocabolari,
        stesse: Sequence[dict[str, Inventata]],
    ) -> None:
        self.scene, self.materiale, self.voci, self.stesse = scene, materiale, voci, stesse

    def tutto(self) -> None:
        enti = [scena.ente for scena in self.scene.values()]
        oggi = next(iter(self.scene.values())).oggi
        accordo = scrivi_regole(self.materiale, enti, oggi)
        passaggi = []
        for sigla, scena in self.scene.items():
            passaggi += self._un_ente(sigla, scena, accordo)
        for sigla, passaggio in passaggi:
            riceve = self.scene[sigla]
            fai_passare(passaggio, riceve, riceve.azioni("", self.voci.azioni)[0])
        etichetta_la_rete(self.scene.values())
        prima = [chi for chi in ("coala", "jokko") if chi in self.scene]
        decide_legami([{self.scene[sigla].ente for sigla in prima}])
        squadre = {scena.ente.pk: scena.squadra for scena in self.scene.values()}
        for scena in self.scene.values():
            LettureInventate(scena, squadre).scrivi()
        scrivi_registri(list(self.scene.values()))

    def _un_ente(
        self, sigla: str, scena: Scena, accordo: Accordo
    ) -> list[tuple[str, PassaggioInventato]]:
        """Scrive tutto ciò che è di un ente; rende i suoi passaggi, ciascuno con la sigla di chi
        lo riceve."""
        scrivi_informative(scena, self.materiale)
        prepara_anagrafe(scena, self.materiale)
        percorsi = Percorsi(scena, self.materiale, self.voci)
        percorsi.prepara()
        condivisioni = Condivisioni(scena, self.materiale, accordo, self._note_altrove(sigla))
        passaggi = [
            (voce["a"], condivisioni.prepara_passaggio(voce, self.scene[voce["a"]].ente))
            for voce in self.materiale.intrecci["passaggi"]
            if voce["da"] == sigla and voce["a"] in self.scene
        ]
        condivisioni.prepara()
        scena.salva()
        percorsi.chiude()
        condivisioni.ritira()
        intreccia_doppioni(scena)
        return [(verso, passaggio) for verso, passaggio in passaggi if passaggio]

    def _note_altrove(self, sigla: str) -> list[tuple[Inventata, list[Ente]]]:
        """Le persone dell'ente che anche altri conoscono, e gli altri."""
        return [
            (righe[sigla], [self.scene[altra].ente for altra in righe if altra != sigla])
            for righe in self.stesse
            if sigla in righe and all(altra in self.scene for altra in righe)
        ]
