"""Le richieste delle persone sui propri dati: aperte, in ritardo, accolte, rifiutate."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from beneficiari.azioni.diritti import accogli
from beneficiari.azioni.richieste import presenta_richiesta, rifiuta
from beneficiari.dimostrazione.materiale import Materiale
from beneficiari.dimostrazione.scena import come, squadra_di
from beneficiari.models import Beneficiario, PresaInCarico, RichiestaInteressato
from enti.models import Ente
from enti.permessi import Attore, Ruolo
from privacy.gruppi import Uscita
from privacy.letture import registra_letture


Stato = RichiestaInteressato.Stato


def prepara_richieste(oggi: date | None = None) -> int:
    """Scrive le richieste della dimostrazione; rende quante. Un ente che ne ha già si salta.

    Viene dopo le persone e le prestazioni: di chi ha i dati limitati non si scrive altro.
    """
    oggi = oggi or timezone.localdate()
    per_ente: dict[str, list[dict[str, Any]]] = {}
    for voce in Materiale().richieste:
        per_ente.setdefault(voce["ente"], []).append(voce)
    enti = {ente.slug: ente for ente in Ente.objects.filter(slug__in=per_ente)}
    return sum(
        _di_un_ente(enti[sigla], voci, oggi) for sigla, voci in per_ente.items() if sigla in enti
    )


def _di_un_ente(ente: Ente, voci: list[dict[str, Any]], oggi: date) -> int:
    squadra = squadra_di(ente)
    referente = next((chi for chi in squadra if chi.ruolo == Ruolo.REFERENTE), None)
    if referente is None:
        return 0
    with come(referente), registra_letture("dimostrazione", uscita=Uscita.LAVORO):
        if RichiestaInteressato.objects.di(ente).exists():
            return 0
        persone = _chi_chiede(ente, len(voci))
        for persona, voce in zip(persone, voci, strict=False):
            _una(persona, dict(voce), oggi, referente)
        return len(persone)


def _chi_chiede(ente: Ente, quante: int) -> list[Beneficiario]:
    """Persone col loro nome che nessuno segue in questo momento: limitarle non ferma il lavoro."""
    seguita = PresaInCarico.objects.di(ente).aperte().filter(beneficiario=OuterRef("pk"))
    altre = Beneficiario.objects.di(ente).presenti().filter(~Exists(seguita), anonimo=False)
    return list(altre.order_by("pk")[:quante])


def _una(persona: Beneficiario, voce: dict[str, Any], oggi: date, da: Attore) -> None:
    esito = voce.pop("esito", None)
    risposta, motivo = voce.pop("risposta", ""), voce.pop("motivo", None)
    chiesta_il = oggi - timedelta(voce.pop("giorni_fa"))
    del voce["ente"]
    richiesta = presenta_richiesta(
        persona=persona,
        chiesta_il=chiesta_il,
        identita=RichiestaInteressato.Identita.CONOSCIUTA,
        da=da,
        **voce,
    )
    if esito == Stato.ACCOLTA:
        come_si_accoglie = {"motivo": motivo} if motivo else {}
        accogli(richiesta=richiesta, risposta=risposta, da=da, **come_si_accoglie)
    elif esito == Stato.RIFIUTATA:
        rifiuta(richiesta=richiesta, motivo=motivo, risposta=risposta, da=da)
