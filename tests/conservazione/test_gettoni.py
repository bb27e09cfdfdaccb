"""GDPR-19: dopo la cancellazione, in una copia del database e nei file non c'è più un suo gettone.

Si pianta un gettone in ogni campo di testo di ogni riga della persona, di ogni tabella e storia, e
nei file; poi la si dimentica e lo si cerca nel testo di `pg_dump` e in ogni file della cartella.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from psycopg import sql
from psycopg.conninfo import make_conninfo

from beneficiari.azioni.codici import CodiceScritto
from beneficiari.azioni.emergenze import apri_emergenza
from beneficiari.models import (
    AccessoDEmergenza,
    Autorizzazione,
    Beneficiario,
    DocumentoDiPersona,
    RichiestaInteressato,
)
from beneficiari.sguardi import in_emergenza
from conservazione import cancellati
from conservazione.azioni.oblio import dimentica
from enti.models import Ente
from enti.permessi import Attore, Ruolo
from enti.sistema import come_sistema
from prestazioni.importo.deposito import metti
from prestazioni.models import Bozza, GruppoPresenze, Importazione, Prestazione
from privacy.gruppi import GRUPPI_D_EMERGENZA, Finalita
from privacy.letture import Raccolta, _raccolta, registra_letture
from privacy.models import BaseGiuridica, Violazione
from registro.servizi.salvataggio.dopo import OBLII
from registro.servizi.salvataggio.programmi import accesso, leggi_da, programma
from tests.conservazione.intera import persona_intera
from tests.fabbriche import attore
from tests.fabbriche_diritti import RichiestaFactory
from tests.fabbriche_persone import BaseGiuridicaFactory, BeneficiarioFactory, come
from tests.fabbriche_prestazioni import GruppoPresenzeFactory, ImportazioneFactory


# Ciò che una persona normale non ha: le scrive solo la guardia, o nascono da altri gesti.
SENZA_RIGHE = {
    "beneficiari_etichetta",
    "cruscotti_cambio",
    "beneficiari_legame",
    "cruscotti_presenza",
    "cruscotti_chiave",
}


CF, ALTRO_CF = "RSSMRA80A01A182N", "VRDLGU75B02A479O"


@dataclass
class Scena:
    """Una persona piena di gettoni, e chi risponde dei suoi dati."""

    persona: Beneficiario
    referente: Attore
    gettone: str
    chi_riceve: Ente | None = None

    @property
    def nome(self) -> dict[str, str]:
        return {"cognome": f"{self.gettone}cognome", "nome": f"{self.gettone}nome"}

    @property
    def nominata(self) -> str:
        """Un testo libero che dice il suo nome."""
        return f"la famiglia {' '.join(self.nome.values())}, di cui si parla"


@pytest.fixture
def scena(a_parte):
    """Il gettone è diverso per ogni prova: il database di questo file è uno solo."""
    segno = _raccolta.set(Raccolta("prova", "lavoro"))
    referente = attore(Ruolo.REFERENTE)
    scena = Scena(None, referente, f"Qz{uuid4().hex[:10]}")
    scena.persona = persona_intera(referente.ente, **scena.nome)
    _letta_in_emergenza(scena)
    _pianta(a_parte, scena)
    _raccolta_altrove(scena)
    _nominata_altrove(scena)
    yield scena
    _raccolta.reset(segno)


def _righe_sue(padrone, persona) -> dict[str, list[int]]:
    """Per tabella, le chiavi delle righe che il catalogo dice sue (comprese le storie)."""
    with come_sistema(persona.ente):
        chiavi = persona.chiavi
    padrone.execute("SET ROLE registro_oblio")
    insieme = padrone.execute("SELECT registro_oblio_insieme(%s)", [chiavi]).fetchone()[0]
    padrone.execute("RESET ROLE")
    return insieme


def _pianta(padrone: psycopg.Connection, scena: Scena) -> None:
    """Scrive il gettone in ogni campo di testo delle sue righe e delle loro storie."""
    insieme = _righe_sue(padrone, scena.persona)
    padrone.execute("SET session_replication_role = replica")
    for tabella, chiavi in insieme.items():
        for nome, colonna in ((tabella, "id"), (tabella.replace("_", "_storia", 1), "pgh_obj_id")):
            for campo, massimo in _campi_di_testo(padrone, nome):
                # Cognome e nome sono già gettoni, e altrove la si nomina così.
                if tabella == "beneficiari_beneficiario" and campo in scena.nome:
                    continue
                testo = f"{scena.gettone} in {nome}.{campo}"[: massimo or 200]
                if scena.gettone in testo:
                    _scrivi(padrone, (nome, campo, colonna), testo, chiavi)
    padrone.execute("SET session_replication_role = origin")


def _raccolta_altrove(scena: Scena) -> None:
    """Ciò che la persona ha detto all'ente con cui il suo la condivide: lì la persona non c'è."""
    with come_sistema(scena.persona.ente):
        data = Autorizzazione.objects.get(beneficiario=scena.persona)
        scena.chi_riceve = data.destinatario
    RichiestaFactory(
        ente=scena.chi_riceve,
        beneficiario=None,
        condivisione=data.uuid,
        tipo=RichiestaInteressato.Tipo.RETTIFICA,
        campo=RichiestaInteressato.Campo.COGNOME,
        presentata_da=RichiestaInteressato.Presenta.RAPPRESENTANTE,
        nome_rappresentante=f"{scena.gettone} madre",
        nota_identita=f"{scena.gettone} la conosco",
        che_cosa=f"{scena.gettone} chiede",
        valore_proposto=f"{scena.gettone} cognome",
    )


def _nominata_altrove(scena: Scena) -> None:
    """Righe che restano, e il cui testo libero la nomina: con la loro storia."""
    ente, testo = scena.persona.ente, scena.nominata
    with come_sistema(ente):
        gruppo = GruppoPresenze.objects.filter(membri__beneficiario=scena.persona).get()
        for nome in (testo, testo.upper()):
            gruppo.nome = nome
            gruppo.save(update_fields=["nome"])
    for gruppo in (testo, f"{testo}."):
        GruppoPresenzeFactory(ente=ente, nome=gruppo)
    with come(scena.referente):
        Violazione.objects.create(
            ente=ente,
            scoperta_il=timezone.now(),
            natura="riservatezza",
            descrizione=testo,
            aperta_da=scena.referente.utente,
        )
        Violazione.objects.update(misure=testo, conseguenze=testo)


def _letta_in_emergenza(scena: Scena) -> None:
    """Due accessi la nominano: di un altro ente, che l'ha letta; del suo, che cercava un codice di nessuno."""
    with come_sistema(scena.persona.ente):
        scritte = {base.gruppo for base in BaseGiuridica.objects.filter(finalita="emergenza")}
    for gruppo in set(GRUPPI_D_EMERGENZA) - scritte:
        BaseGiuridicaFactory(finalita=Finalita.EMERGENZA, gruppo=gruppo)
    collega = attore(Ruolo.OPERATORE, ente=scena.persona.ente)
    for lettore, codice in ((attore(Ruolo.OPERATORE), CF), (collega, ALTRO_CF)):
        with come(lettore), registra_letture("prova"):
            uuid = apri_emergenza(
                codice=CodiceScritto("cf", codice, codice), motivo=scena.nominata, da=lettore
            )
            in_emergenza(AccessoDEmergenza.objects.get(uuid=uuid))


def _campi_di_testo(padrone, tabella: str) -> list[tuple[str, int | None]]:
    return padrone.execute(
        "SELECT column_name, character_maximum_length FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s"
        " AND data_type IN ('text', 'character varying')",
        [tabella],
    ).fetchall()


def _scrivi(padrone, dove: tuple[str, str, str], testo: str, chiavi: list[int]) -> None:
    tabella, campo, colonna = map(sql.Identifier, dove)
    comando = sql.SQL("UPDATE {} SET {} = %s WHERE {} = ANY(%s)").format(tabella, campo, colonna)
    # Un campo con un insieme chiuso di valori: lì un gettone non può stare.
    with suppress(psycopg.errors.IntegrityError), padrone.transaction():
        padrone.execute(comando, [testo, chiavi])


def _copia_del_database() -> str:
    """Il testo di `pg_dump`, come lo fa chi può leggere tutto."""
    url = make_conninfo(
        os.environ["REGISTRO_DATABASE_URL_AMMINISTRATORE"],
        dbname=connection.settings_dict["NAME"],
    )
    comando = [programma("pg_dump"), "--no-password", "--dbname", accesso(url)[0]]
    return b"".join(leggi_da(comando, url=url)).decode()


def _file_con(gettone: str, radice: Path) -> list[str]:
    return [
        percorso.name
        for percorso in radice.rglob("*")
        if percorso.is_file()
        and (gettone.encode() in percorso.read_bytes() or gettone in percorso.name)
    ]


def _file_suoi(scena: Scena, documenti: Path) -> None:
    """Un elenco e una scheda pronti, un foglio in attesa, una bozza, una sessione."""
    chi = {"ente": scena.referente.ente, "utente": scena.referente.utente}
    documenti.mkdir(parents=True)
    with come(scena.referente):
        for di_chi in ({"tipo": "elenco"}, {"tipo": "scheda", "beneficiario": scena.persona}):
            documento = DocumentoDiPersona.objects.create(**chi, **di_chi)
            (documenti / f"{documento.uuid}.pdf").write_text(f"un foglio con {scena.gettone}")
            (documenti / f".{documento.uuid}.1.parte").write_text(scena.gettone)
        bozza = Bozza(**chi, pagina="registra")
        bozza.contenuto = f"{scena.persona.uuid}: {scena.gettone}"
        bozza.save()
    foglio = ImportazioneFactory(ente=scena.referente.ente)
    metti(foglio, scena.gettone.encode())
    sessione = SessionStore()
    sessione["annullabile"] = [str(scena.persona.uuid), "1|nuovo|aperto|"]
    sessione.create()


def test_di_chi_e_dimenticato_non_resta_un_gettone_da_nessuna_parte(scena, settings, altrove):
    """GDPR-19: nel testo di `pg_dump` e in ogni file della cartella, nessun gettone."""
    documenti = Path(settings.MEDIA_ROOT)
    _file_suoi(scena, documenti)
    assert _copia_del_database().count(scena.gettone) > 100
    assert len(_file_con(scena.gettone, altrove)) == 4

    with come(scena.referente):
        dimentica(scena.persona, motivo="richiesta accolta", da=scena.referente)

    cercato = scena.gettone.lower()
    assert [r for r in _copia_del_database().splitlines() if cercato in r.lower()] == []
    assert _file_con(scena.gettone, altrove) == []
    assert list(documenti.iterdir()) == []
    assert Session.objects.count() == 0
    with come(scena.referente):
        assert Bozza.objects.count() == 0
        assert Importazione.objects.get().stato == Importazione.Stato.ABBANDONATA
        assert Prestazione.objects.get().minuti == 30
        richiesta = RichiestaInteressato.objects.get()
        gruppi = {gruppo.nome for gruppo in GruppoPresenze.objects.all()}
    assert len(gruppi) == 3
    assert all("[cancellato]" in nome.lower() for nome in gruppi)
    assert (richiesta.beneficiario_id, richiesta.che_cosa) == (None, "[cancellato]")
    with come_sistema(scena.chi_riceve):
        raccolta = RichiestaInteressato.objects.get(ente=scena.chi_riceve)
    parole = {raccolta.che_cosa, raccolta.nota_identita, raccolta.nome_rappresentante}
    assert parole | {raccolta.valore_proposto} == {"[cancellato]"}


def test_la_persona_intera_ha_una_riga_in_ogni_tabella_coperta(a_parte, scena):
    """Senza, la prova dei gettoni lascerebbe indietro una tabella e non lo direbbe."""
    insieme = _righe_sue(a_parte, scena.persona)
    coperte = {riga[0] for riga in a_parte.execute("SELECT registro_oblio_tabelle()")}
    vive = {nome for nome in coperte if "_storia" not in nome}

    assert vive - set(insieme) == SENZA_RIGHE


def test_dopo_un_ripristino_chi_era_dimenticato_lo_e_di_nuovo(scena, settings):
    """BCK-05: l'elenco sta fuori dalle copie e ha solo numeri e un giorno."""
    with come(scena.referente):
        dimentica(scena.persona, motivo="richiesta accolta", da=scena.referente)
    elenco = Path(settings.ELENCO_CANCELLATI)
    assert scena.persona.uuid in cancellati.leggi()
    assert scena.gettone not in elenco.read_text()
    # Il ripristino: una copia di prima la riporta.
    tornata = BeneficiarioFactory(ente=scena.referente.ente, uuid=scena.persona.uuid, **scena.nome)
    portato = elenco.with_name("portato.csv")
    portato.write_text(elenco.read_text())

    for _ in range(2):
        call_command(*OBLII[1:], str(portato))

    with come(scena.referente):
        assert not Beneficiario.objects.filter(pk=tornata.pk).exists()
    assert scena.gettone.lower() not in _copia_del_database().lower()
