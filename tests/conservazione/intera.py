"""Una persona con almeno una riga in ogni tabella che parla di lei."""

import datetime

from django.db import connection

from beneficiari import models as b
from conservazione.models import RegolaConservazione, Scadenza
from enti.sistema import come_sistema
from prestazioni import models as p
from tests import fabbriche_persone as fp, fabbriche_prestazioni as fs


GIORNO = datetime.date(2026, 2, 10)


def persona_intera(ente, **campi) -> b.Beneficiario:
    """Anagrafica, casi, rilevazioni, consensi, prestazioni, percorsi, un nucleo solo suo."""
    persona = fp.BeneficiarioFactory(ente=ente, **campi)
    fp.RecapitoFactory(beneficiario=persona)
    fp.IdentificativoFactory(beneficiario=persona)
    presa = fp.PresaInCaricoFactory(beneficiario=persona)
    _rilevazioni(persona, presa)
    _permessi(persona, presa)
    _prestazioni(persona, presa)
    _percorsi(presa)
    _nucleo(persona)
    _resto(persona)
    return persona


def _rilevazioni(persona, presa) -> None:
    obiettivo = fp.ObiettivoFactory(presa=presa, beneficiario=persona)
    fp.BisognoRilevatoFactory(beneficiario=persona, presa=presa)
    fp.ValutazioneFactory(beneficiario=persona, presa=presa)
    fp.CondizioneRilevataFactory(beneficiario=persona)
    fp.NotaFactory(beneficiario=persona)
    with come_sistema(persona.ente) as sistema:
        b.RevisioneObiettivo.objects.create(
            ente=persona.ente,
            obiettivo=obiettivo,
            beneficiario=persona,
            testo="com'era",
            stato="in-corso",
            motivo="perché cambia",
            da=sistema.utente,
        )
        b.Riapertura.objects.create(
            ente=persona.ente,
            presa=presa,
            beneficiario=persona,
            era_chiusa_il=GIORNO,
            esito_di_prima=fp.TipoDiChiusuraFactory(),
            motivo="riprende",
            da=sistema.utente,
        )


def _permessi(persona, presa) -> None:
    consenso = fp.ConsensoFactory(beneficiario=persona)
    data = fp.AutorizzazioneFactory(beneficiario=persona, consenso=consenso, finalita="invio")
    with come_sistema(persona.ente) as sistema:
        b.Passaggio.objects.create(
            ente=persona.ente,
            presa=presa,
            beneficiario=persona,
            destinatario=data.destinatario,
            autorizzazione=data,
            motivo="la segue meglio",
            proposto_da=sistema.utente,
        )
        b.RevocaConsenso.objects.create(
            ente=persona.ente, beneficiario=persona, consenso=consenso, raccolta_da=sistema.utente
        )


def _prestazioni(persona, presa) -> None:
    fatta = fs.PrestazioneFactory(
        ente=persona.ente, azione=presa.azione, giorno=GIORNO, oggetto="colloquio", luogo="sede"
    )
    fs.PartecipazioneFactory(presa=presa, prestazione=fatta)
    fs.NotaDiPrestazioneFactory(prestazione=fatta, beneficiario=persona)
    fs.MembroDiGruppoFactory(presa=presa)
    fs.AppuntamentoFactory(ente=persona.ente, beneficiario=persona, presa=presa)
    with come_sistema(persona.ente):
        p.Prestazione.objects.filter(pk=fatta.pk).update(oggetto="altro titolo")
        p.Partecipazione.objects.filter(prestazione=fatta).update(minuti=10)


def _percorsi(presa) -> None:
    fs.TirocinioFactory(presa=presa)
    piano = fs.PianoRientroFactory(presa=presa)
    fs.RataFactory(piano=piano)
    pratica = fs.PraticaCasaFactory(presa=presa)
    fs.EsitoFactory(presa=presa, giorno=GIORNO)
    with come_sistema(presa.ente):
        p.PassoDiPratica.objects.create(
            ente=presa.ente,
            pratica=pratica,
            beneficiario=presa.beneficiario,
            passo="presentata",
            giorno=GIORNO,
        )


def _nucleo(persona) -> None:
    nucleo = fp.NucleoFactory(ente=persona.ente)
    fp.ComponenteFactory(nucleo=nucleo, beneficiario=persona)
    fp.PresaInCaricoFactory(beneficiario=None, nucleo=nucleo, ente=persona.ente)


def _resto(persona) -> None:
    """Unioni e coppie, documenti, etichetta e legame di rete, la scadenza, la richiesta."""
    assorbita = fp.BeneficiarioFactory(ente=persona.ente, unito_a=persona)
    altra = fp.BeneficiarioFactory(ente=persona.ente)
    with come_sistema(persona.ente) as sistema:
        chi = sistema.utente
        b.Unione.objects.create(
            ente=persona.ente, tenuta=persona, assorbita=assorbita, fatta_da=chi
        )
        b.NonDoppione.objects.create(ente=persona.ente, una=persona, altra=altra, detto_da=chi)
        b.DocumentoDiPersona.objects.create(
            ente=persona.ente, utente=chi, tipo="scheda", beneficiario=persona, stato="fallito"
        )
        richiesta = b.RichiestaInteressato.objects.create(
            ente=persona.ente,
            beneficiario=persona,
            tipo="limitazione",
            canale="voce",
            identita="documento",
            che_cosa="con le sue parole",
            scade_il=GIORNO,
            chiesta_il=GIORNO,
            aperta_da=chi,
        )
        b.Limitazione.objects.create(
            ente=persona.ente,
            beneficiario=persona,
            richiesta=richiesta,
            motivo="servono",
            decisa_da=chi,
        )
        regola, _ = RegolaConservazione.objects.get_or_create(
            codice="di-prova",
            defaults={
                "categoria": "x",
                "evento": "x",
                "durata": 1,
                "unita": "anni",
                "azione": "cancella",
                "motivo": "x",
                "chi": "persone-ferme",
            },
        )
        Scadenza.objects.create(
            ente=persona.ente,
            beneficiario=persona,
            regola=regola,
            evento_il=GIORNO,
            termine=GIORNO,
            avvisata_il=GIORNO,
            scade_il=GIORNO + datetime.timedelta(60),
        )
        with connection.cursor() as cursore:
            cursore.execute(
                "SELECT registro_etichetta(%s, %s::bytea)", [persona.pk, b"etichetta inventata"]
            )
