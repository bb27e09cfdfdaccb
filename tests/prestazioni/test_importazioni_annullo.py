"""Tornare indietro, e il lavoro in coda: tutto o niente anche se si ripete o si interrompe."""

import datetime
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import TestCase
from django.utils import timezone

from beneficiari.azioni.recapiti import scrivi_recapito
from beneficiari.models import Beneficiario, PresaInCarico, Recapito
from enti.models import Appartenenza, Utente
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from prestazioni import tasks
from prestazioni.azioni import importazioni
from prestazioni.azioni.esiti import correggi_esito
from prestazioni.importo import deposito
from prestazioni.importo.prestazioni import CaricoPrestazioni
from prestazioni.importo.tipi import NUOVA, Scelte
from prestazioni.models import Esito, Importazione, Prestazione
from privacy.letture import registra_letture
from privacy.models import RegistroAccessi
from registro.comune.esportazioni import foglio_xlsx
from tests.comune.fogli.archivi import foglio
from tests.fabbriche import attore
from tests.fabbriche_persone import AzioneFactory, PresaInCaricoFactory, come
from tests.fabbriche_prestazioni import FoglioOreFactory, ServizioFactory, TipoDiEsitoFactory
from tests.prestazioni.importazioni import importa, seguita


pytestmark = pytest.mark.django_db

NASCITA = datetime.date(1980, 3, 12)
NOMI = ["Cognome", "Nome", "Data di nascita", "Data", "Servizio", "Ore"]
RIGA = ["Abate", "Lina", NASCITA, datetime.date(2026, 2, 3), "Sportello casa", 1.5]
Stato = Importazione.Stato


@pytest.fixture(autouse=True)
def cartella(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "documenti"
    return settings.MEDIA_ROOT


@pytest.fixture
def referente():
    return attore(Ruolo.REFERENTE)


@pytest.fixture
def lina(referente):
    return seguita(referente.ente, "Abate", "Lina", NASCITA)


@pytest.fixture
def sportello(referente):
    return ServizioFactory(ente=referente.ente, nome="Sportello casa")


@pytest.fixture
def coda(monkeypatch):
    """I messaggi mandati; nessuno li lavora finché la prova non lo chiede."""
    mandati = []
    monkeypatch.setattr(
        tasks.lavora_importazione, "apply_async", lambda **campi: mandati.append(campi["kwargs"])
    )
    return mandati


def _caricata(tmp_path, referente, righe, *opzioni, tipo="prestazioni") -> Importazione:
    codice, esito = importa(tmp_path, foglio(righe), referente, *opzioni, tipo=tipo)
    assert (codice, esito["rifiutate"]) == (0, [])
    with come(referente):
        return Importazione.objects.get(uuid=UUID(esito["importazione"]))


def _annulla(importazione, chi):
    with come(chi), registra_letture("prova"):
        return importazioni.annulla(importazione=importazione, da=chi)


def _fai(gesto, chi, **campi):
    """Un gesto di una pagina: il messaggio parte dopo la conferma."""
    with TestCase.captureOnCommitCallbacks(execute=True), come(chi), registra_letture("prova"):
        return gesto(da=chi, **campi)


def _lavora(coda):
    with TestCase.captureOnCommitCallbacks(execute=True):
        tasks.lavora_importazione.apply(kwargs=coda[-1], task_id="uno").get()


def _esaminata(chi, righe, coda, **opzioni) -> Importazione:
    importazione = _fai(importazioni.ricevi, chi, tipo="prestazioni", contenuto=foglio(righe))
    scelte = importazioni.scelte_di(importazione).con(**opzioni)
    _fai(importazioni.esamina, chi, importazione=importazione, scelte=scelte)
    _lavora(coda)
    with come(chi):
        importazione.refresh_from_db()
    return importazione


def test_annullare_toglie_tutto_e_si_puo_ricaricare(tmp_path, referente, lina, sportello):
    importazione = _caricata(tmp_path, referente, [NOMI, RIGA])

    assert _annulla(importazione, referente).stato == Stato.ANNULLATA

    with come(referente):
        assert not Prestazione.objects.exists()
    _caricata(tmp_path, referente, [NOMI, RIGA])


def test_non_si_annulla_cio_che_qualcuno_ha_corretto_o_firmato(
    tmp_path, referente, lina, sportello
):
    importazione = _caricata(tmp_path, referente, [NOMI, RIGA])
    with come(referente):
        Prestazione.objects.update(versione=2)
    with pytest.raises(ValidationError, match="corretta dopo"):
        _annulla(importazione, referente)
    FoglioOreFactory(
        ente=referente.ente, operatore=referente.utente, mese=datetime.date(2026, 2, 1)
    )

    with pytest.raises(ValidationError, match="mese già firmato"):
        _annulla(importazione, referente)

    with come(referente):
        assert Prestazione.objects.count() == 1


def test_le_persone_importate_si_tolgono_finche_niente_ci_poggia(tmp_path, referente):
    righe = [
        ["Cognome", "Nome", "CF", "Telefono"],
        ["Abate", "Lina", "BTALNI80C52A182C", "0131 1"],
    ]
    importazione = _caricata(tmp_path, referente, righe, tipo="persone")
    with come(referente):
        persona = Beneficiario.objects.get()
    presa = PresaInCaricoFactory(beneficiario=persona)

    with pytest.raises(ValidationError, match="1 presa in carico ci poggia"):
        _annulla(importazione, referente)
    assert presa.pk
    altra = _caricata(
        tmp_path, referente, [["Cognome", "Nome"], ["Brusa", "Omar"]], tipo="persone"
    )
    _annulla(altra, referente)

    with come(referente):
        assert [p.cognome for p in Beneficiario.objects.all()] == ["Abate"]


def test_una_persona_col_codice_si_toglie_e_si_puo_rimettere(tmp_path, referente):
    righe = [["Cognome", "Nome", "CF"], ["Abate", "Lina", "BTALNI80C52A182C"]]
    _annulla(_caricata(tmp_path, referente, righe, tipo="persone"), referente)

    _caricata(tmp_path, referente, righe, tipo="persone")

    with come(referente):
        assert Beneficiario.objects.count() == 1


def test_i_casi_importati_si_tolgono_con_i_loro_affidamenti(tmp_path, referente, lina):
    nomi = ["Nominativo", "Data di nascita", "Azione", "Canale", "Aperta il"]
    righe = [nomi, ["Abate Lina", NASCITA, AzioneFactory().titolo, "passaparola", "3/2/2026"]]
    importazione = _caricata(tmp_path, referente, righe, tipo="casi")
    with come(referente):
        assert PresaInCarico.objects.count() == 2

    _annulla(importazione, referente)

    with come(referente):
        assert PresaInCarico.objects.count() == 1


def test_non_si_annulla_un_esito_che_qualcuno_ha_corretto(tmp_path, referente, lina):
    TipoDiEsitoFactory(codice="L_OCC6", nome="Ha ancora un lavoro")
    nomi = ["Nominativo", "Data di nascita", "Esito", "Data", "Presso"]
    righe = [nomi, ["Abate Lina", NASCITA, "L_OCC6", "1/7/2025", "Panificio inventato"]]
    importazione = _caricata(tmp_path, referente, righe, tipo="esiti")
    with come(referente), registra_letture("prova"):
        esito = Esito.objects.get()
        nuovi = {"giorno": esito.giorno, "nome_ospitante": "Forno inventato"}
        correggi_esito(esito=esito, da=referente, **nuovi)

    with pytest.raises(ValidationError, match="un esito è stato corretto dopo"):
        _annulla(importazione, referente)

    with come(referente):
        assert Esito.objects.get().nome_ospitante == "Forno inventato"


def test_gli_esiti_che_nessuno_ha_toccato_si_tolgono(tmp_path, referente, lina):
    TipoDiEsitoFactory(codice="L_OCC6", nome="Ha ancora un lavoro")
    nomi = ["Nominativo", "Data di nascita", "Esito", "Data"]
    righe = [nomi, ["Abate Lina", NASCITA, "L_OCC6", "1/7/2025"]]
    importazione = _caricata(tmp_path, referente, righe, tipo="esiti")

    _annulla(importazione, referente)

    with come(referente):
        assert not Esito.objects.exists()


def test_un_operatore_non_annulla(tmp_path, referente, lina, sportello):
    importazione = _caricata(tmp_path, referente, [NOMI, RIGA])
    operatore = attore(ente=referente.ente)

    with pytest.raises(PermissionDenied):
        _annulla(importazione, operatore)


def test_dalla_pagina_si_esamina_e_si_carica_e_il_file_sparisce(
    referente, lina, sportello, coda, cartella
):
    importazione = _esaminata(referente, [NOMI, RIGA], coda)
    assert (importazione.stato, importazione.lette, importazione.valide) == (Stato.ESAMINATA, 1, 1)
    assert not any(b"Abate" in file.read_bytes() for file in cartella.iterdir())

    _fai(importazioni.carica, referente, importazione=importazione)
    _lavora(coda)
    _lavora(coda)

    with come(referente):
        importazione.refresh_from_db()
        assert (importazione.stato, importazione.scritte) == (Stato.CARICATA, 1)
        assert Prestazione.objects.count() == 1
    assert list(cartella.iterdir()) == []


def test_un_dubbio_si_scioglie_una_volta_per_tutte_le_righe(referente, lina, sportello, coda):
    senza_nascita = [*RIGA[:2], None, *RIGA[3:]]
    importazione = _esaminata(referente, [NOMI, senza_nascita, [*senza_nascita[:5], 2]], coda)
    with come(referente), registra_letture("prova.esame"):
        esame = importazioni.leggi_esame(importazione=importazione, da=referente)
        (dubbio,) = importazioni.mostra_dubbi(
            importazione=importazione, dubbi=esame.dubbi, da=referente
        )
    assert (dubbio.righe, dubbio.candidati[0].uuid) == ((2, 3), str(lina.uuid))
    with come(referente):
        assert RegistroAccessi.objects.filter(beneficiario=lina.pk, pagina="prova.esame").exists()

    _fai(
        importazioni.decidi,
        referente,
        importazione=importazione,
        persone={dubbio.chiave: dubbio.candidati[0].uuid},
    )
    _lavora(coda)

    with come(referente):
        importazione.refresh_from_db()
    assert (importazione.valide, importazione.rifiutate) == (2, 0)
    assert dubbio.puo_essere_nuova is False
    assert NUOVA not in importazione.scelte["persone"].values()


def test_la_persona_di_un_altro_ente_non_si_sceglie(referente, lina, sportello, coda):
    altrui = seguita(attore().ente, "Abate", "Lina", NASCITA)
    importazione = _esaminata(
        *(referente, [NOMI, [*RIGA[:2], None, *RIGA[3:]]], coda), persone={"2.0": str(altrui.uuid)}
    )

    assert importazione.rifiutate == 1


def test_un_servizio_non_riconosciuto_si_scioglie_e_si_ricorda(referente, lina, sportello, coda):
    importazione = _esaminata(referente, [NOMI, [*RIGA[:4], "Sport. abitare", 1]], coda)
    with come(referente), registra_letture("prova"):
        (ignoto,) = importazioni.leggi_esame(
            importazione=importazione, da=referente
        ).servizi_ignoti
    assert (ignoto.scritto, ignoto.righe) == ("Sport. abitare", 1)

    servizi = {ignoto.scritto: str(sportello.uuid)}
    _fai(importazioni.decidi, referente, importazione=importazione, servizi=servizi)
    _lavora(coda)

    with come(referente):
        importazione.refresh_from_db()
        sportello.refresh_from_db()
    assert importazione.valide == 1
    assert sportello.sinonimi == ["Sport. abitare"]


def test_le_righe_rifiutate_si_scaricano_col_motivo_in_fondo(referente, lina, sportello, coda):
    importazione = _esaminata(referente, [NOMI, RIGA, [*RIGA[:3], "boh", *RIGA[4:]]], coda)

    with come(referente), registra_letture("prova"):
        tabella = importazioni.righe_rifiutate(importazione=importazione, da=referente)
        righe = list(tabella.righe)

    assert (tabella.intestazioni[-1], len(righe)) == ("Motivo del rifiuto", 1)
    assert righe[0][4] == "boh"
    assert "non è una data" in righe[0][-1]
    assert foglio_xlsx([tabella])


def test_interrotto_a_meta_non_lascia_niente_e_poi_finisce(
    referente, lina, sportello, coda, monkeypatch
):
    importazione = _esaminata(referente, [NOMI, RIGA], coda)
    _fai(importazioni.carica, referente, importazione=importazione)
    intera = CaricoPrestazioni.scrivi

    def si_rompe(self, banco, chiave):
        intera(self, banco, chiave)
        raise RuntimeError

    monkeypatch.setattr(CaricoPrestazioni, "scrivi", si_rompe)
    _lavora(coda)
    with come(referente):
        assert not Prestazione.objects.exists()
    monkeypatch.setattr(CaricoPrestazioni, "scrivi", intera)
    _lavora(coda)

    with come(referente):
        importazione.refresh_from_db()
        assert (importazione.stato, Prestazione.objects.count()) == (Stato.CARICATA, 1)


def test_dopo_tre_tentativi_si_dice_che_non_e_stato_scritto_niente(
    referente, lina, sportello, coda, monkeypatch
):
    importazione = _esaminata(referente, [NOMI, RIGA], coda)
    _fai(importazioni.carica, referente, importazione=importazione)
    monkeypatch.setattr(CaricoPrestazioni, "scrivi", lambda *_: 1 / 0)

    for _ in range(3):
        _lavora(coda)

    with come(referente):
        importazione.refresh_from_db()
    assert importazione.stato == Stato.FALLITA
    assert "non è stato scritto niente" in importazione.errore


def test_cio_che_cambia_fra_esame_e_caricamento_si_dice(referente, lina, sportello, coda):
    importazione = _esaminata(referente, [NOMI, RIGA], coda)
    _fai(importazioni.carica, referente, importazione=importazione)
    FoglioOreFactory(
        ente=referente.ente, operatore=referente.utente, mese=datetime.date(2026, 2, 1)
    )

    _lavora(coda)

    with come(referente):
        importazione.refresh_from_db()
        assert not Prestazione.objects.exists()
    assert (importazione.stato, importazione.rifiutate) == (Stato.ESAMINATA, 1)
    assert importazione.errore == tasks.CAMBIATO


def test_un_altro_ente_non_lavora_ne_vede_l_importazione(referente, lina, sportello, coda):
    importazione = _esaminata(referente, [NOMI, RIGA], coda)
    altro = attore(Ruolo.REFERENTE)

    with come(altro), pytest.raises(Importazione.DoesNotExist):
        importazioni.carica(importazione=importazione, da=altro)
    tasks.lavora_importazione.apply(
        kwargs={
            "importazione_id": importazione.pk,
            "utente_id": altro.utente.pk,
            "ente_id": altro.ente.pk,
        }
    ).get()

    with come(referente):
        importazione.refresh_from_db()
    assert importazione.stato == Stato.ESAMINATA


def test_un_foglio_che_nessuno_carica_si_distrugge(referente, lina, sportello, coda, cartella):
    importazione = _esaminata(referente, [NOMI, RIGA], coda)
    with come(referente):
        Importazione.objects.update(
            creata_il=importazione.creata_il - deposito.DURATA - datetime.timedelta(1)
        )

    tasks.cura_importazioni()

    with come(referente):
        importazione.refresh_from_db()
    assert importazione.stato == Stato.ABBANDONATA
    assert list(cartella.iterdir()) == []


@pytest.mark.parametrize("chi_lavora", ["uscito", "senza accesso"])
def test_se_chi_l_ha_caricata_se_ne_va_l_importazione_non_resta_in_corso(
    referente, lina, sportello, coda, chi_lavora
):
    importazione = _esaminata(referente, [NOMI, RIGA], coda)
    _fai(importazioni.carica, referente, importazione=importazione)
    with come_sistema(referente.ente):
        if chi_lavora == "uscito":
            Appartenenza.objects.filter(utente=referente.utente).update(
                inizio=datetime.date(2024, 1, 1), fine=datetime.date(2025, 1, 1)
            )
        else:
            Utente.objects.filter(pk=referente.utente.pk).update(is_active=False)

    _lavora(coda)

    with come_sistema(referente.ente):
        importazione.refresh_from_db()
        assert not Prestazione.objects.exists()
    assert (importazione.stato, importazione.errore) == (Stato.FALLITA, tasks.NON_PIU_PERMESSO)


def test_un_importazione_in_corso_da_piu_di_quanto_si_conserva_il_file_si_lascia(
    referente, lina, sportello, coda, cartella
):
    importazione = _esaminata(referente, [NOMI, RIGA], coda)
    _fai(importazioni.carica, referente, importazione=importazione)
    vecchia = timezone.now() - deposito.DURATA - datetime.timedelta(1)
    with come(referente):
        Importazione.objects.update(creata_il=vecchia)
    coda.clear()

    tasks.cura_importazioni()
    with come(referente):
        importazione.refresh_from_db()
    assert importazione.stato == Stato.IN_CARICAMENTO, "finché dà segni di vita non si tocca"
    with come(referente):
        Importazione.objects.update(segno_di_vita=vecchia)
    tasks.cura_importazioni()

    with come(referente):
        importazione.refresh_from_db()
    assert (importazione.stato, coda) == (Stato.ABBANDONATA, [])
    assert list(cartella.iterdir()) == []


def test_i_fogli_di_un_ente_uscito_dalla_rete_si_distruggono(
    referente, lina, sportello, coda, cartella
):
    importazione = _esaminata(referente, [NOMI, RIGA], coda)
    with come(referente):
        Importazione.objects.update(
            creata_il=importazione.creata_il - deposito.DURATA - datetime.timedelta(1)
        )
    referente.ente.attivo = False
    with come_sistema():
        referente.ente.save()

    tasks.cura_importazioni()

    assert list(cartella.iterdir()) == []


def test_lo_stesso_file_si_dice_che_c_era_gia(tmp_path, referente, lina, sportello, coda):
    _caricata(tmp_path, referente, [NOMI, RIGA])
    importazione = _esaminata(referente, [NOMI, RIGA], coda)

    with come(referente), registra_letture("prova"):
        esame = importazioni.leggi_esame(importazione=importazione, da=referente)

    assert [(d.riga, d.di) for d in esame.doppioni] == [(2, None)]


def test_lo_stesso_file_byte_per_byte_si_riconosce(tmp_path, referente, lina, sportello):
    contenuto = foglio([NOMI, RIGA])
    assert importa(tmp_path, contenuto, referente)[0] == 0

    with come(referente):
        esame, nata = importazioni.importa_subito(
            tipo="prestazioni",
            contenuto=contenuto,
            scelte=Scelte(doppioni="carica"),
            da=referente,
            prova=True,
        )

    assert esame.gia_importato == timezone.localdate()
    assert nata is None


def test_non_si_annulla_un_recapito_che_qualcuno_ha_corretto(tmp_path, referente):
    righe = [["Cognome", "Nome", "Data di nascita", "Telefono"], ["Rho", "Ada", NASCITA, "333 1"]]
    importazione = _caricata(tmp_path, referente, righe, tipo="persone")
    with come(referente):
        recapito = Recapito.objects.get()
        scrivi_recapito(
            persona=recapito.beneficiario,
            recapito=recapito,
            riservato=True,
            valore="333 2",
            da=referente,
        )

    with pytest.raises(ValidationError, match="1 recapito ha cambiamenti fatti dopo"):
        _annulla(importazione, referente)

    with come(referente):
        assert Recapito.objects.get().valore == "333 2"
