"""I gesti con cui un mondo cambia. Ogni gesto è (nome, seme): il seme sceglie su chi e come.

Il gesto si chiede prima all'oracolo, poi al database: devono accettare e rifiutare insieme.
"""

import datetime
from collections.abc import Callable

from django.utils import timezone

from beneficiari import models
from enti.models import Appartenenza, Utente
from enti.sistema import come_sistema
from privacy.letture import annota, registra_letture
from privacy.models import (
    RegistroAccessi,
)
from registro.db.contesto import contesto
from tests.fughe import oracolo
from tests.fughe.mondo import RUOLI, Mondo, giorno


GESTI: dict[str, Callable[[Mondo], None]] = {}


def gesto(funzione: Callable[[Mondo], None]) -> Callable[[Mondo], None]:
    GESTI[funzione.__name__] = funzione
    return funzione


def persona_a_caso(m: Mondo) -> models.Beneficiario:
    return m.persone[m.caso.choice(sorted(m.persone))]


def uno(m: Mondo, voci: dict):
    """Una chiave a caso fra quelle che ci sono; None se non ce n'è."""
    return m.caso.choice(sorted(voci)) if voci else None


def _del_suo_ente(m: Mondo, ente_id: int) -> Utente:
    """Di solito qualcuno dell'ente; ogni tanto uno qualsiasi."""
    suoi = [u for u in m.utenti if (u.pk, ente_id) in m.o.ruoli]
    return m.caso.choice(suoi if m.caso.random() < 0.85 else m.utenti)


# Chi segue chi ----------------------------------------------------------------------------


@gesto
def prende_in_carico(m: Mondo) -> None:
    persona = persona_a_caso(m)
    operatore = _del_suo_ente(m, persona.ente_id)
    nucleo = None
    if m.caso.random() < 0.3:
        nucleo = next((n for n, chi in m.o.nuclei.items() if persona.pk in chi), None)
    azione = m.caso.choice(m.vocabolari["azioni"][1:])
    caso = oracolo.Caso(
        persona.ente_id, azione.pk, operatore.pk, None if nucleo else persona.pk, nucleo
    )
    with come_sistema(persona.ente):
        presa = m.tenta(
            m.o.apri_caso(-1, caso),
            lambda: models.PresaInCarico.objects.create(
                ente=persona.ente,
                beneficiario=None if nucleo else persona,
                nucleo_id=nucleo,
                azione=azione,
                canale="passaparola",
                operatore=operatore,
            ),
            f"presa di {persona.cognome} (nucleo {nucleo}) a {operatore.pk}",
        )
    if presa is None:
        return
    m.o.casi[presa.pk] = m.o.casi.pop(-1)
    regola = ("dell_ente", persona.ente_id) if nucleo else ("gruppo", persona.pk, "prestazioni")
    m.segna(presa, regola, storia=persona.ente_id)
    m.scopri_gli_affidamenti(persona.ente)


def _cambia_caso(m: Mondo, che_cosa: str, **campi) -> None:
    numero = uno(m, m.o.casi)
    if numero is None:
        return
    caso = m.o.casi[numero]
    ente = next(e for e in m.enti if e.pk == caso.ente)
    if campi.get("operatore"):
        campi = {"operatore": _del_suo_ente(m, ente.pk)}
    m.diario.append(f"caso {numero}: {che_cosa} {campi}")
    with come_sistema(ente):
        models.PresaInCarico.objects.filter(pk=numero).update(**campi)
    if "operatore" in campi:
        caso.operatore = campi["operatore"].pk
    else:
        caso.aperto = False
    m.scopri_gli_affidamenti(ente)


@gesto
def riassegna(m: Mondo) -> None:
    _cambia_caso(m, "riassegnato", operatore=True)


@gesto
def chiude_il_caso(m: Mondo) -> None:
    _cambia_caso(m, "chiuso", chiusa_il=giorno(0), esito=m.vocabolari["esito"])


@gesto
def apre_con_motivo(m: Mondo) -> None:
    """Un operatore apre i dati sensibili, per qualche ora; o lo aveva fatto, ed è scaduta."""
    persona = persona_a_caso(m)
    operatore = _del_suo_ente(m, persona.ente_id)
    if not m.o.lavora(operatore.pk, persona.ente_id):
        return
    ore = m.caso.choice((-2, -1, 1, 5, 23))
    with contesto(utente=operatore.pk, ente=persona.ente_id):
        models.Affidamento.objects.create(
            ente=persona.ente,
            beneficiario=persona,
            utente=operatore,
            tipo="aperto",
            motivo="Sostituisco la collega in ferie.",
            al=timezone.now() + datetime.timedelta(hours=ore),
        )
    m.diario.append(f"{operatore.pk} apre {persona.cognome} per {ore} ore")
    m.o.aperture.setdefault((operatore.pk, persona.pk), []).append(ore)
    m.scopri_gli_affidamenti(persona.ente)


@gesto
def esce_dal_nucleo(m: Mondo) -> None:
    persona = persona_a_caso(m)
    m.diario.append(f"{persona.cognome} esce dai suoi nuclei")
    with come_sistema(persona.ente):
        models.Componente.objects.filter(beneficiario=persona, al=None).update(al=giorno(0))
    for componenti in m.o.nuclei.values():
        componenti.discard(persona.pk)
    m.scopri_gli_affidamenti(persona.ente)


@gesto
def entra_nel_nucleo(m: Mondo) -> None:
    persona = persona_a_caso(m)
    suoi = [n for n in m.o.nuclei if m.righe["beneficiari_nucleo", n][1] == persona.ente_id]
    nucleo = m.caso.choice(suoi)
    if persona.pk in m.o.nuclei[nucleo]:
        return
    m.diario.append(f"{persona.cognome} entra nel nucleo {nucleo}")
    with come_sistema(persona.ente):
        componente = models.Componente.objects.create(
            ente=persona.ente, beneficiario=persona, nucleo_id=nucleo, ruolo="altro", dal=giorno(0)
        )
    m.o.nuclei[nucleo].add(persona.pk)
    m.segna(componente, ("gruppo", persona.pk, "nucleo"), storia=persona.ente_id)
    m.scopri_gli_affidamenti(persona.ente)


# Chi lavora dove --------------------------------------------------------------------------


@gesto
def cambia_ruolo(m: Mondo) -> None:
    chiave = m.caso.choice(sorted(m.o.ruoli))
    ruolo = m.caso.choice(RUOLI)
    m.diario.append(f"utente e ente {chiave}: ora {ruolo}")
    with come_sistema():
        Appartenenza.objects.filter(pk=m.appartenenze[chiave].pk).update(ruolo=ruolo)
    m.o.ruoli[chiave] = (ruolo, *m.o.ruoli[chiave][1:])


@gesto
def finisce_di_lavorare(m: Mondo) -> None:
    chiave = m.caso.choice(sorted(m.o.ruoli))
    fine = m.caso.choice((-1, 0, 0, 1))
    chiusa = fine == 0 and m.caso.random() < 0.6
    m.diario.append(f"utente e ente {chiave}: fine {fine}, chiusa {chiusa}")
    with come_sistema():
        Appartenenza.objects.filter(pk=m.appartenenze[chiave].pk).update(
            fine=giorno(fine), chiusa_il=timezone.now() if chiusa else None
        )
    ruolo, inizio, *_ = m.o.ruoli[chiave]
    m.o.ruoli[chiave] = (ruolo, inizio, fine, chiusa)


@gesto
def account_chiuso(m: Mondo) -> None:
    utente = m.caso.choice(m.utenti)
    m.diario.append(f"account di {utente.pk} chiuso")
    Utente.objects.filter(pk=utente.pk).update(is_active=False)
    m.o.spenti.add(utente.pk)


# Il resto -----------------------------------------------------------------------------------


@gesto
def custodisce_un_indirizzo(m: Mondo) -> None:
    persona = persona_a_caso(m)
    custodi = {_del_suo_ente(m, persona.ente_id).pk, m.caso.choice(m.utenti).pk}
    custode = m.caso.choice(sorted(custodi))
    if not m.o.lavora(custode, persona.ente_id):
        return
    altro = next((c for c in custodi if c != custode), None)
    with contesto(utente=custode, ente=persona.ente_id):
        riga = models.Recapito.objects.create(
            ente=persona.ente,
            beneficiario=persona,
            tipo="indirizzo",
            valore=f"{persona.cognome[:-1]}2R",
            riservato=True,
            custode_id=custode,
            altro_custode_id=altro,
        )
    chi = frozenset(custodi)
    m.diario.append(f"indirizzo riservato {riga.pk} di {persona.cognome} a {sorted(chi)}")
    m.segna(
        riga,
        ("riservato", persona.pk, chi),
        storia=("storia_riservata", persona.ente_id, chi),
    )


@gesto
def qualcuno_legge(m: Mondo) -> None:
    """Una riga del registro degli accessi: un utente, per un ente, su una persona qualsiasi."""
    utente, ente = m.caso.choice(sorted(m.o.ruoli))
    if m.o.ruolo(utente, ente) is None:
        return
    persona = persona_a_caso(m)
    with contesto(utente=utente, ente=ente), registra_letture("prova"):
        annota(persona.pk, persona.ente_id, "anagrafica")
    m.diario.append(f"{utente} per {ente} legge {persona.cognome}")
    with come_sistema(persona.ente):
        riga = RegistroAccessi.objects.filter(beneficiario=persona.pk).latest("pk")
    m.segna(riga, ("lettura", persona.ente_id, ente))


@gesto
def unisce(m: Mondo) -> None:
    assorbita, tenuta = persona_a_caso(m), persona_a_caso(m)
    if assorbita.ente_id != tenuta.ente_id:
        return
    with come_sistema(tenuta.ente) as sistema:
        unione = m.tenta(
            m.o.unisci(assorbita.pk, tenuta.pk),
            lambda: _unisci(assorbita, tenuta, sistema.utente),
            f"{assorbita.cognome} unita a {tenuta.cognome}",
        )
    if unione is not None:
        m.segna(unione, ("dell_ente", tenuta.ente_id))


def _unisci(assorbita, tenuta, chi) -> models.Unione:
    models.Beneficiario.objects.filter(pk=assorbita.pk).update(unito_a=tenuta)
    return models.Unione.objects.create(
        ente=tenuta.ente, tenuta=tenuta, assorbita=assorbita, fatta_da=chi
    )


@gesto
def scrive_il_percorso(m: Mondo) -> None:
    """Una riapertura, una revisione dell'obiettivo e una coppia dichiarata diversa."""
    persona = persona_a_caso(m)
    presa, obiettivo = m.percorsi[persona.pk]
    with come_sistema(persona.ente) as sistema:
        comuni = {"ente": persona.ente, "beneficiario": persona, "motivo": "Perché."}
        revisione = models.RevisioneObiettivo.objects.create(
            **comuni, obiettivo=obiettivo, testo="Com'era", stato="in-corso", da=sistema.utente
        )
        riapertura = models.Riapertura.objects.create(
            **comuni,
            presa=presa,
            era_chiusa_il=giorno(-3),
            esito_di_prima=m.vocabolari["esito"],
            da=sistema.utente,
        )
    for riga in (revisione, riapertura):
        m.segna(riga, ("gruppo", persona.pk, "prestazioni"))
    altra = next((p for p in m.persone.values() if p.ente_id == persona.ente_id), persona)
    if altra.pk != persona.pk:
        una, altra = sorted((persona, altra), key=lambda p: p.pk)
        with come_sistema(persona.ente) as sistema:
            coppia, _ = models.NonDoppione.objects.get_or_create(
                ente=persona.ente, una=una, altra=altra, defaults={"detto_da": sistema.utente}
            )
        m.segna(coppia, ("dell_ente", persona.ente_id))


@gesto
def propone_un_passaggio(m: Mondo) -> None:
    buone = {numero: data for numero, data in m.o.autorizzazioni.items() if m.o.passa(numero)}
    numero = uno(m, buone if m.caso.random() < 0.8 else m.o.autorizzazioni)
    if numero is None:
        return
    data = m.o.autorizzazioni[numero]
    persona = m.persone[data.persona]
    presa, _ = m.percorsi[persona.pk]
    with come_sistema(persona.ente) as sistema:
        if models.Passaggio.objects.filter(presa=presa).exists():
            return
        passaggio = m.tenta(
            m.o.passa(numero),
            lambda: models.Passaggio.objects.create(
                ente=persona.ente,
                beneficiario=persona,
                presa=presa,
                destinatario_id=data.destinatario,
                autorizzazione_id=numero,
                motivo=f"{persona.cognome[:-1]}5P",
                proposto_da=sistema.utente,
            ),
            f"passaggio su {numero}",
        )
    if passaggio is not None:
        m.segna(passaggio, ("passaggio", persona.ente_id, data.destinatario, numero))


@gesto
def chiede_un_documento(m: Mondo) -> None:
    utente, ente = m.caso.choice(sorted(m.o.ruoli))
    persona = persona_a_caso(m)
    if not m.o.lavora(utente, ente) or persona.ente_id != ente:
        return
    with contesto(utente=utente, ente=ente):
        documento, _ = models.DocumentoDiPersona.objects.get_or_create(
            ente_id=ente, utente_id=utente, tipo="scheda", beneficiario=persona
        )
    m.segna(documento, ("documento", ente, utente))
