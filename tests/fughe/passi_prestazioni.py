"""I gesti con cui in un mondo si lavora: prestazioni, gruppi, ore, esiti, importazioni."""

from uuid import uuid4

from assi.models import Servizio
from enti.sistema import come_sistema
from prestazioni import models
from registro.db.contesto import contesto
from tests.fughe.mondo import Mondo, giorno
from tests.fughe.passi import gesto, persona_a_caso
from tests.fughe.passi_condivisioni import GESTI


# Qui dentro ci sono tutti i gesti, anche quelli degli altri moduli: chi percorre i mondi li prende
# da qui.
__all__ = ["GESTI"]


def _chi_lavora(m: Mondo, ente_id: int) -> list[int]:
    return sorted(u for u, e in m.o.ruoli if e == ente_id and m.o.lavora(u, e))


def _servizio(m: Mondo, ente) -> Servizio:
    nome = f"Servizio {uuid4()}"
    with come_sistema(ente):
        servizio = Servizio.objects.create(ente=ente, voce=m.vocabolari["voce"], nome=nome)
    m.segna(servizio, ("dei_suoi", ente.pk), storia=ente.pk)
    return servizio


def _di_persona(m: Mondo, riga, persona) -> None:
    m.segna(riga, ("gruppo", persona.pk, "prestazioni"), storia=persona.ente_id)


@gesto
def registra_una_prestazione(m: Mondo) -> None:
    """Un operatore registra, un collega lo affianca, e poi si corregge: nasce la storia."""
    persona = persona_a_caso(m)
    ente, suoi = persona.ente, _chi_lavora(m, persona.ente_id)
    if not suoi:
        return
    io = m.caso.choice(suoi)
    presa, _ = m.percorsi[persona.pk]
    servizio = _servizio(m, ente)
    m.diario.append(f"{io} registra una prestazione di {persona.cognome}")
    with contesto(utente=io, ente=ente.pk):
        prestazione = models.Prestazione.objects.create(
            ente=ente,
            servizio=servizio,
            azione=presa.azione,
            operatore_id=io,
            registrata_da_id=io,
            giorno=giorno(0),
            minuti=30,
        )
        presenza = models.Partecipazione(
            ente=ente,
            prestazione=prestazione,
            presa=presa,
            beneficiario=persona,
            registrata_da_id=io,
            giorno=giorno(0),
            azione=presa.azione,
            voce=m.vocabolari["voce"],
        )
        presenza.save()
        nota = models.NotaDiPrestazione(
            ente=ente, prestazione=prestazione, beneficiario=persona, scritta_da_id=io
        )
        nota.testo = f"{persona.cognome[:-1]}9N"
        nota.save()
        colleghi = [altro for altro in suoi if altro != io]
        affianca = colleghi and models.Affiancamento.objects.create(
            ente=ente, prestazione=prestazione, utente_id=colleghi[0]
        )
        models.Prestazione.objects.filter(pk=prestazione.pk).update(minuti=45)
        models.Partecipazione.objects.filter(pk=presenza.pk).update(minuti=20)
    m.segna(prestazione, ("dell_ente", ente.pk), storia=ente.pk)
    _di_persona(m, presenza, persona)
    m.segna(nota, ("nota_scritta", persona.pk, ente.pk, io), storia=ente.pk)
    if affianca:
        m.segna(affianca, ("dell_ente", ente.pk), storia=ente.pk)


@gesto
def tiene_un_gruppo_e_un_agenda(m: Mondo) -> None:
    persona = persona_a_caso(m)
    ente, suoi = persona.ente, _chi_lavora(m, persona.ente_id)
    if not suoi:
        return
    io = m.caso.choice(suoi)
    presa, _ = m.percorsi[persona.pk]
    servizio = _servizio(m, ente)
    m.diario.append(f"{io} tiene gruppo, agenda e bozza dell'ente {ente.pk}")
    comuni = {"ente": ente, "operatore_id": io}
    with contesto(utente=io, ente=ente.pk):
        gruppo = models.GruppoPresenze.objects.create(
            **comuni,
            nome=f"Gruppo {uuid4()}",
            servizio=servizio,
            azione=presa.azione,
            dal=giorno(0),
        )
        membro = models.MembroDiGruppo.objects.create(
            ente=ente, gruppo_presenze=gruppo, presa=presa, beneficiario=persona, dal=giorno(0)
        )
        impegno = models.Appuntamento.objects.create(
            **comuni, beneficiario=persona, quando="2026-05-05T10:00:00+02:00"
        )
        indiretta = models.AttivitaIndiretta.objects.create(
            **comuni, registrata_da_id=io, tipo="riunione", giorno=giorno(0), minuti=30
        )
        bozza = models.Bozza(ente=ente, utente_id=io, pagina=f"prova-{uuid4()}")
        bozza.contenuto = f"{persona.cognome[:-1]}5B"
        bozza.save()
    _di_persona(m, membro, persona)
    for riga in (gruppo, impegno, indiretta):
        m.segna(riga, ("dell_ente", ente.pk), storia=ente.pk)
    m.segna(bozza, ("documento", ente.pk, io))


@gesto
def ottiene_qualcosa(m: Mondo) -> None:
    """Un tirocinio, un piano con una rata, una pratica con un passo, un esito."""
    persona = persona_a_caso(m)
    suoi = _chi_lavora(m, persona.ente_id)
    if not suoi:
        return
    io = m.caso.choice(suoi)
    presa, _ = m.percorsi[persona.pk]
    m.diario.append(f"{io} scrive gli esiti di {persona.cognome}")
    sua = {"ente": persona.ente, "beneficiario": persona}
    comuni = sua | {"presa": presa, "registrato_da_id": io}
    with contesto(utente=io, ente=persona.ente_id):
        tirocinio = models.Tirocinio.objects.create(
            **comuni,
            tipo="inclusione",
            nome_ospitante=f"{persona.cognome[:-1]}5T",
            inizio=giorno(0),
            fine_prevista=giorno(90),
        )
        piano = models.PianoRientro.objects.create(
            **comuni, creditore="atc", debito=100, causa="lavoro", incolpevole="si"
        )
        rata = models.Rata.objects.create(
            **sua, piano=piano, numero=1, scade_il=giorno(30), importo=50
        )
        pratica = models.PraticaCasa.objects.create(**comuni, tipo="sfratto", aperta_il=giorno(0))
        passo = models.PassoDiPratica.objects.create(
            **sua, pratica=pratica, passo="presentata", giorno=giorno(0)
        )
        esito = models.Esito.objects.create(
            **comuni, tipo=m.vocabolari["tipo_di_esito"], giorno=giorno(0), tirocinio=tirocinio
        )
    for riga in (tirocinio, piano, rata, pratica, passo, esito):
        _di_persona(m, riga, persona)


@gesto
def importa_un_foglio(m: Mondo) -> None:
    utente, ente = m.caso.choice(sorted(m.o.ruoli))
    if not m.o.lavora(utente, ente):
        return
    m.diario.append(f"{utente} importa un foglio per {ente}")
    with contesto(utente=utente, ente=ente):
        foglio = models.Importazione.objects.create(
            ente_id=ente, utente_id=utente, tipo="persone", impronta="0" * 64
        )
        colonna = models.AbbinamentoColonne.objects.create(
            ente_id=ente, tipo="persone", intestazione=f"colonna {uuid4()}", campo="cognome"
        )
    # La riga nata è di chi risponde dei dati, e indica una riga vera dello stesso ente.
    persona = next(p for p in m.persone.values() if p.ente_id == ente)
    with come_sistema(persona.ente):
        nata = models.RigaImportata.objects.create(
            ente_id=ente,
            importazione=foglio,
            tabella="beneficiari_beneficiario",
            chiave=persona.pk,
        )
    m.segna(foglio, ("apertura", ente, utente))
    for riga in (nata, colonna):
        m.segna(riga, ("dell_ente", ente))


@gesto
def firma_un_mese(m: Mondo) -> None:
    ente = m.caso.choice(m.enti)
    utente = m.caso.choice(m.utenti)
    mese = giorno(-100).replace(day=1)
    m.diario.append(f"il mese di {utente.pk} è firmato per {ente.pk}")
    with come_sistema(ente) as sistema:
        if models.FoglioOre.objects.filter(ente=ente, operatore=utente, mese=mese).exists():
            return
        foglio = models.FoglioOre.objects.create(
            ente=ente, operatore=utente, mese=mese, firmato_da=sistema.utente
        )
        rettifica = models.Rettifica.objects.create(
            ente=ente,
            foglio=foglio,
            minuti=-15,
            motivo="Una riunione contata due volte.",
            da=sistema.utente,
        )
    for riga in (foglio, rettifica):
        m.segna(riga, ("dell_ente", ente.pk))
