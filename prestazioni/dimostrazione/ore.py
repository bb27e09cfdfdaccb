"""Le ore senza persone davanti, e i mesi già firmati da chi risponde."""

from datetime import date, timedelta

from beneficiari.dimostrazione.scena import come
from prestazioni.dimostrazione.materiale import Materiale
from prestazioni.dimostrazione.scena import Scena
from prestazioni.models import AttivitaIndiretta, FoglioOre, Rettifica


_Tipo = AttivitaIndiretta.Tipo
# (tipo, ogni quanti giorni, quanti minuti)
_ABITUDINI = (
    (_Tipo.RIUNIONE, 21, (90, 120)),
    (_Tipo.PREPARAZIONE, 35, (60, 90, 120)),
    (_Tipo.CONTATTI, 45, (30, 45, 60)),
    (_Tipo.VIAGGIO, 50, (40, 60, 75)),
    (_Tipo.COORDINAMENTO, 75, (60, 90)),
    (_Tipo.TAVOLO, 90, (120, 150)),
    (_Tipo.FORMAZIONE, 120, (120, 240)),
)
# Di quanti mesi fa sono i fogli firmati; il mese appena finito resta da firmare.
_FIRMATI = (6, 5, 4, 3, 2)
_RETTIFICATO = 60


def scrivi_indirette(scena: Scena, materiale: Materiale) -> None:
    """Mette in conto riunioni, viaggi e il resto di ogni operatore, sulle azioni in cui lavora."""
    for chi in scena.squadra:
        sue = sorted({p.presa.azione_id for p in scena.percorsi if p.chi == chi})
        for tipo, ogni, minuti in _ABITUDINI:
            for giorno in scena.giorni_di_lavoro(scena.primo_giorno, scena.oggi, ogni):
                # Una riunione d'équipe parla di tutto: non è di un'azione sola.
                di_tutte = tipo == _Tipo.RIUNIONE or not sue
                riga = AttivitaIndiretta(
                    ente=scena.ente,
                    operatore=chi.utente,
                    azione_id=None if di_tutte else scena.caso.choice(sue),
                    tipo=tipo,
                    giorno=giorno,
                    minuti=scena.caso.choice(minuti),
                    descrizione=scena.caso.choice(materiale.parole["indirette"][tipo]),
                    registrata_da=chi.utente,
                    registrata_il=scena.quella_sera(giorno),
                )
                scena.scrive(chi, riga)


def firma_i_mesi(scena: Scena, materiale: Materiale) -> None:
    """Chi risponde firma i mesi passati di una parte della squadra, e ne rettifica uno.

    Va fatto per ultimo: un mese firmato non si scrive più.
    """
    operatori = [chi for chi in scena.squadra if chi != scena.referente]
    fogli = [
        FoglioOre(
            ente=scena.ente,
            operatore=chi.utente,
            mese=_mesi_fa(scena.oggi, quanti),
            firmato_da=scena.referente.utente,
        )
        for posto, chi in enumerate(operatori)
        # Il primo ha firmato tutto; gli altri hanno qualche mese indietro.
        for quanti in (_FIRMATI if posto == 0 else _FIRMATI[:2])
    ]
    with come(scena.referente):
        FoglioOre.objects.bulk_create(fogli)
        if fogli:
            Rettifica.objects.create(
                ente=scena.ente,
                foglio=fogli[0],
                minuti=_RETTIFICATO,
                motivo=materiale.parole["rettifica"],
                da=scena.referente.utente,
            )


def _mesi_fa(giorno: date, quanti: int) -> date:
    """Il primo giorno del mese di `quanti` mesi prima."""
    primo = giorno.replace(day=1)
    for _ in range(quanti):
        primo = (primo - timedelta(1)).replace(day=1)
    return primo
