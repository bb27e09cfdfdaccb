"""Un accesso d'emergenza e due violazioni, perché i loro registri abbiano qualcosa da mostrare."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from beneficiari.azioni.codici import CodiceScritto
from beneficiari.azioni.emergenze import apri_emergenza
from beneficiari.dimostrazione.scena import Scena, come
from beneficiari.models import AccessoDEmergenza, Identificativo
from beneficiari.sguardi import in_emergenza
from enti.permessi import Attore, Ruolo
from privacy.azioni.violazioni import aggiorna_violazione, apri_violazione, chiudi_violazione
from privacy.gruppi import Uscita
from privacy.letture import registra_letture
from privacy.models import Violazione


_ORA = timedelta(hours=1)
_DECISE = {
    "conseguenze": "Nessuna che si sia vista: l'account ha aperto le sue stesse persone.",
    "misure": "Password cambiata, sessioni chiuse, colloquio con chi usava l'account.",
    "garante": Violazione.Decisione.NO,
    "garante_motivo": "Rischio improbabile: nessun dato è uscito dal Registro.",
    "persone": Violazione.Decisione.NO,
    "persone_motivo": "Il rischio per loro non è alto.",
}


def scrivi_registri(scene: Sequence[Scena]) -> None:
    """Nel primo ente una violazione chiusa, e una sua persona letta in emergenza dal secondo; nel
    secondo una violazione con l'orologio che corre. Ne servono almeno due."""
    prima, seconda = scene[:2]
    _emergenza(di=prima, per=_operatore(seconda))
    chiusa = _violazione(prima, "Un account lasciato aperto sul computer dello sportello.", 400)
    with come(prima.referente):
        for campo, valore in _DECISE.items():
            setattr(chiusa, campo, valore)
        aggiorna_violazione(violazione=chiusa, campi=list(_DECISE), da=prima.referente)
        chiudi_violazione(violazione=chiusa, da=prima.referente)
    _violazione(seconda, "La password di un account scritta su un foglio che non si trova.", 20)


def _emergenza(*, di: Scena, per: Attore) -> None:
    with come(di.referente), registra_letture("dimostrazione", uscita=Uscita.LAVORO):
        codici = Identificativo.objects.filter(ente=di.ente, tipo="cf", al=None)
        codice = CodiceScritto.da_testo("cf", codici.order_by("pk")[0].valore)
    with come(per), registra_letture("beneficiari:emergenza"):
        uuid = apri_emergenza(
            codice=codice, motivo="Si è sentita male allo sportello, arriva il 118.", da=per
        )
        in_emergenza(AccessoDEmergenza.objects.get(uuid=uuid))


def _violazione(scena: Scena, descrizione: str, ore_fa: int) -> Violazione:
    """Scoperta `ore_fa`, da un account che leggeva da due settimane prima."""
    scoperta = timezone.now() - ore_fa * _ORA
    with come(scena.referente):
        return apri_violazione(
            violazione=Violazione(
                scoperta_il=scoperta,
                natura=Violazione.Natura.RISERVATEZZA,
                descrizione=descrizione,
                chi=_operatore(scena).utente,
                dal=scoperta - timedelta(days=14),
                al=scoperta,
            ),
            da=scena.referente,
        )


def _operatore(scena: Scena) -> Attore:
    """Un operatore dell'ente, o chi ne risponde se è solo."""
    operatori = [chi for chi in scena.squadra if chi.ruolo == Ruolo.OPERATORE]
    return (operatori or scena.squadra)[0]
