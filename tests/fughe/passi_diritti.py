"""I gesti dei diritti: una persona limita i suoi dati o si oppone, e per un po' nessuno li riceve.

Chi guarda lo fa mentre dura: alla fine del gesto tutto riparte, come quando si decide.
"""

from django.utils import timezone

from beneficiari import models
from beneficiari.models.diritti import GIORNI_PER_RISPONDERE
from enti.sistema import come_sistema
from tests.fughe.mondo import FINALITA, Mondo, giorno, prepara_lo_sguardo, tabelle_isolate
from tests.fughe.oracolo import CONDIVISE
from tests.fughe.passi import gesto, persona_a_caso
from tests.fughe.passi_conservazione import GESTI


# Qui dentro ci sono anche quelli degli altri `passi`.
__all__ = ["GESTI"]


def _chiede(m: Mondo, persona: models.Beneficiario, tipo: str, **campi):
    """Una richiesta raccolta dal sistema, con un avviso mandato a un altro ente."""
    altro = next(ente for ente in m.enti if ente.pk != persona.ente_id)
    with come_sistema(persona.ente) as sistema:
        richiesta = models.RichiestaInteressato.objects.create(
            ente=persona.ente,
            beneficiario=persona,
            tipo=tipo,
            canale="voce",
            identita="conosciuta",
            che_cosa=f"{persona.cognome[:-1]}9D",
            scade_il=timezone.localdate() + GIORNI_PER_RISPONDERE,
            aperta_da=sistema.utente,
            **campi,
        )
        avviso = models.AvvisoAlDestinatario.objects.create(
            ente=persona.ente,
            richiesta=richiesta,
            destinatario=altro,
            gesto="rettifica",
            condivisione=richiesta.uuid,
            finalita="invio",
            condivisa_dal=giorno(0),
        )
    m.segna(richiesta, ("richiesta", persona.ente_id, persona.pk, sistema.utente.pk))
    m.segna(avviso, ("fra_due", persona.ente_id, altro.pk))
    return richiesta


def _di_chi(m: Mondo, *, per_legge: bool = False) -> tuple[models.Beneficiario, str]:
    """Una persona e una finalità: se si può, di una condivisione che adesso apre qualcosa."""
    aperte = [
        data
        for _, data in sorted(m.o.autorizzazioni.items())
        if data.vale and (data.consenso is None or not per_legge)
    ]
    if not aperte:
        return persona_a_caso(m), m.caso.choice(CONDIVISE)
    data = m.caso.choice(aperte)
    return m.persone[data.persona], data.finalita


def _guardano(m: Mondo, persona: models.Beneficiario) -> None:
    """Qualcuno qualsiasi, e qualcuno degli enti a cui la persona è condivisa."""
    sguardo = prepara_lo_sguardo(tabelle_isolate())
    date = [data for data in m.o.autorizzazioni.values() if data.persona == persona.pk]
    ricevono = {data.destinatario for data in date}
    loro = sorted(chi for chi in m.o.ruoli if chi[1] in ricevono) or sorted(m.o.ruoli)
    finalita = [*FINALITA, *(data.finalita for data in date)]
    for chi in (sorted(m.o.ruoli), loro, loro):
        utente, ente = m.caso.choice(chi)
        m.confronta(utente, ente, m.caso.choice(finalita), sguardo)
        m.confronta_le_ricevute(utente, ente)


@gesto
def limita_i_suoi_dati(m: Mondo) -> None:
    persona, _ = _di_chi(m)
    richiesta = _chiede(m, persona, "limitazione")
    m.diario.append(f"{persona.cognome} limita i suoi dati")
    with come_sistema(persona.ente) as sistema:
        limitazione = models.Limitazione.objects.create(
            ente=persona.ente,
            beneficiario=persona,
            richiesta=richiesta,
            motivo="esattezza",
            decisa_da=sistema.utente,
        )
    m.segna(limitazione, ("dell_ente", persona.ente_id))
    m.o.sospendi(persona.pk, None, True)
    _guardano(m, persona)
    _chiude(richiesta, persona)
    with come_sistema(persona.ente) as sistema:
        models.Limitazione.objects.filter(pk=limitazione.pk).update(
            tolta_il=timezone.now(),
            tolta_da=sistema.utente,
            perche_tolta="Controllati.",
            avvisata_il=giorno(0),
        )
    m.o.sospendi(persona.pk, None, False)


@gesto
def si_oppone(m: Mondo) -> None:
    """A un uso per legge: chi ha il suo consenso continua a vedere."""
    persona, finalita = _di_chi(m, per_legge=True)
    richiesta = _chiede(m, persona, "opposizione", finalita=finalita)
    m.diario.append(f"{persona.cognome} si oppone a {finalita}")
    m.o.sospendi(persona.pk, finalita, True)
    _guardano(m, persona)
    _chiude(richiesta, persona)
    m.o.sospendi(persona.pk, finalita, False)


def _chiude(richiesta, persona: models.Beneficiario) -> None:
    with come_sistema(persona.ente):
        models.RichiestaInteressato.objects.filter(pk=richiesta.pk).update(
            stato="rifiutata", risposta="No.", motivo_rifiuto="motivi"
        )
