"""Cambiare chiave mentre si lavora: si legge prima, durante e dopo; senza la vecchia, si vede."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from beneficiari.azioni import ricifratura
from beneficiari.azioni.ricifratura import colonne, ricifra_un_pezzo
from beneficiari.models import Identificativo, Nota
from enti.sistema import come_sistema
from privacy.gruppi import Uscita
from privacy.models import RegistroAccessi
from registro.comune.chiavi import chiavi_nuove, con_una_chiave_in_piu, leggi_chiavi
from registro.comune.cifratura import DatoCifratoAlterato, versione_della_chiave
from tests.fabbriche_persone import BeneficiarioFactory, IdentificativoFactory, NotaFactory


pytestmark = pytest.mark.django_db

DUE_CHIAVI = con_una_chiave_in_piu(chiavi_nuove())
TESTO = "Preferisce essere chiamata al mattino."
CF = "RSSMRA80A01A182N"


def _usa(settings, corrente: int, *numeri: int) -> None:
    """Tiene solo le chiavi `numeri` e cifra con la `corrente`."""
    chiavi = leggi_chiavi(DUE_CHIAVI)
    settings.CHIAVI_DI_CIFRATURA = {n: chiavi.cifratura[n] for n in numeri}
    settings.CHIAVE_CORRENTE = corrente
    settings.CHIAVE_INDICE = chiavi.indice


@pytest.fixture
def persone(settings):
    """Due persone di due enti, con un codice e una nota chiusi con la chiave 1."""
    _usa(settings, 1, 1)
    persone = [BeneficiarioFactory(), BeneficiarioFactory()]
    for persona in persone:
        IdentificativoFactory(beneficiario=persona, codice=CF)
        NotaFactory(beneficiario=persona, testo=TESTO)
    return persone


def _ricifra(**opzioni) -> str:
    uscita = StringIO()
    call_command("ricifra", stdout=uscita, **opzioni)
    return uscita.getvalue()


def _lette(persona) -> tuple[str, str]:
    with come_sistema(persona.ente):
        return (
            Identificativo.objects.get(beneficiario=persona).valore,
            Nota.objects.get(beneficiario=persona).testo,
        )


def _chiavi_in_uso(persone) -> set[int]:
    buste = []
    for persona in persone:
        with come_sistema(persona.ente):
            buste.append(Identificativo.objects.get(beneficiario=persona).valore_cifrato)
            buste.append(Nota.objects.get(beneficiario=persona).testo_cifrato)
    return {versione_della_chiave(busta) for busta in buste}


def test_si_legge_prima_durante_e_dopo(persone, settings):
    _usa(settings, 2, 1, 2)
    prima = [_lette(persona) for persona in persone]

    with come_sistema(persone[0].ente) as da:
        ricifra_un_pezzo(colonna=colonne()[1], dopo=0, quante=10, da=da)
    durante, chiavi_durante = [_lette(persona) for persona in persone], _chiavi_in_uso(persone)
    racconto = _ricifra()
    _usa(settings, 2, 2)
    dopo = [_lette(persona) for persona in persone]

    assert prima == durante == dopo == [(CF, TESTO)] * 2
    assert chiavi_durante == {1, 2}
    assert _chiavi_in_uso(persone) == {2}
    assert "0 righe con la chiave vecchia" in racconto
    assert "identificativi: 2 righe" in racconto
    assert "note: 1 righe" in racconto


def test_l_indice_con_cui_si_cerca_non_cambia(persone, settings):
    with come_sistema(persone[0].ente):
        prima = bytes(Identificativo.objects.get(beneficiario=persone[0]).indice)
    _usa(settings, 2, 1, 2)

    _ricifra()

    with come_sistema(persone[0].ente):
        assert bytes(Identificativo.objects.get(beneficiario=persone[0]).indice) == prima


def test_la_seconda_volta_non_scrive_niente(persone, settings):
    _usa(settings, 2, 1, 2)
    _ricifra()

    with CaptureQueriesContext(connection) as fatte:
        racconto = _ricifra()

    assert "identificativi: 0 righe" in racconto
    assert not [voce for voce in fatte.captured_queries if voce["sql"].startswith("UPDATE")]


def test_le_righe_che_riscrive_sono_bloccate_finche_non_ha_finito(persone, settings):
    _usa(settings, 2, 1, 2)

    with CaptureQueriesContext(connection) as fatte:
        _ricifra()

    lette = [
        voce["sql"]
        for voce in fatte.captured_queries
        if voce["sql"].startswith("SELECT")
        and "_cifrato" in voce["sql"]
        and "LIMIT" in voce["sql"]
    ]
    assert lette
    assert all("FOR UPDATE OF" in sql for sql in lette)


def test_interrotta_a_meta_riprende(persone, settings, monkeypatch):
    for _ in range(4):
        NotaFactory(beneficiario=persone[0], testo=TESTO)
    _usa(settings, 2, 1, 2)
    vero, chiamate = ricifratura.ricifra_un_pezzo, []

    def cade_al_terzo(**campi):
        chiamate.append(campi)
        if len(chiamate) == 3:
            raise KeyboardInterrupt
        return vero(**campi)

    modulo = "beneficiari.management.commands.ricifra.ricifra_un_pezzo"
    monkeypatch.setattr(modulo, cade_al_terzo)
    with pytest.raises(KeyboardInterrupt):
        _ricifra(pezzo=1)
    monkeypatch.setattr(modulo, vero)
    racconto = _ricifra(pezzo=2)

    assert "0 righe con la chiave vecchia" in racconto
    assert _chiavi_in_uso([persone[1]]) == {2}


def test_senza_la_chiave_vecchia_si_ferma_e_lo_dice(persone, settings):
    NotaFactory(beneficiario=persone[0], testo=TESTO)
    _usa(settings, 2, 2)

    with pytest.raises(DatoCifratoAlterato, match="chiave 1"):
        _lette(persone[1])
    with pytest.raises(CommandError, match="5 righe non si aprono") as rifiuto:
        _ricifra()
    _usa(settings, 1, 1)

    assert TESTO not in str(rifiuto.value)
    assert _lette(persone[1]) == (CF, TESTO)


def test_una_riga_alterata_non_ferma_le_altre(persone, settings):
    with come_sistema(persone[0].ente):
        nota = Nota.objects.get(beneficiario=persone[0])
        scritto = bytes(nota.testo_cifrato)
        nota.testo_cifrato = scritto[:-1] + bytes([scritto[-1] ^ 1])
        nota.save()
    _usa(settings, 2, 1, 2)

    with pytest.raises(CommandError, match="1 righe non si aprono"):
        _ricifra()

    assert _chiavi_in_uso([persone[1]]) == {2}


def test_la_storia_tiene_la_chiave_vecchia_e_il_comando_lo_dice(persone, settings):
    _usa(settings, 2, 1, 2)

    racconto = _ricifra()

    # Due codici e due note, nati con la chiave 1.
    assert "storia: 4 righe tengono la chiave 1" in racconto


def test_ogni_persona_riletta_lascia_traccia(persone, settings):
    _usa(settings, 2, 1, 2)

    _ricifra()

    for persona in persone:
        with come_sistema(persona.ente):
            tracce = RegistroAccessi.objects.filter(beneficiario=persona.pk, pagina="ricifra")
            uscite = {traccia.uscita for traccia in tracce}
            gruppi = {gruppo for traccia in tracce for gruppo in traccia.gruppi}
        assert uscite == {Uscita.LAVORO}
        assert gruppi == {"identificativi", "note"}


def test_un_pezzo_di_nessuna_riga_si_rifiuta():
    with pytest.raises(CommandError, match="almeno una riga"):
        _ricifra(pezzo=0)
