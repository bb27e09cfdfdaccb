"""Un dato cifrato si apre solo al suo posto, e un indice non dice niente a un altro ente."""

import uuid

import pytest
from django.db import connection
from hypothesis import given, strategies as st

from registro.comune.chiavi import chiavi_nuove, con_una_chiave_in_piu, leggi_chiavi
from registro.comune.cifratura import (
    DatoCifratoAlterato,
    Intestazione,
    cifra,
    decifra,
    etichetta_di_rete,
    indice_cieco,
    intestazione_corrente,
    legame,
    versione_della_chiave,
)


COLONNA = "beneficiari_identificativo.valore"
CF = "RSSMRA80A01A182N"
RIGA = uuid.UUID("11111111-2222-4333-8444-555555555555")
QUI = legame(COLONNA, 7, RIGA)


def usa(settings, testo: str, corrente: int | None = None) -> None:
    chiavi = leggi_chiavi(testo)
    settings.CHIAVI_DI_CIFRATURA = chiavi.cifratura
    settings.CHIAVE_CORRENTE = corrente or chiavi.corrente
    settings.CHIAVE_INDICE = chiavi.indice
    settings.CHIAVE_DI_RETE = chiavi.rete


@given(st.text())
def test_cio_che_si_cifra_si_rilegge(testo):
    assert decifra(cifra(testo, legame=QUI), legame=QUI) == testo


def test_la_busta_non_contiene_il_testo_ed_e_ogni_volta_diversa():
    prima, dopo = cifra(CF, legame=QUI), cifra(CF, legame=QUI)

    assert CF.encode() not in prima
    assert prima != dopo
    assert len(prima) == 3 + 12 + len(CF) + 16


def test_una_busta_letta_dal_database_e_una_vista_sulla_memoria():
    assert decifra(memoryview(cifra(CF, legame=QUI)), legame=QUI) == CF


@pytest.mark.parametrize(
    "altrove",
    [
        legame(COLONNA, 7, uuid.UUID(int=RIGA.int + 1)),
        legame(COLONNA, 8, RIGA),
        legame("beneficiari_nota.testo", 7, RIGA),
    ],
    ids=["altra riga", "altro ente", "altra colonna"],
)
def test_una_busta_spostata_non_si_apre(altrove):
    with pytest.raises(DatoCifratoAlterato) as errore:
        decifra(cifra(CF, legame=QUI), legame=altrove)

    assert CF not in str(errore.value)


@given(st.integers(0, (3 + 12 + len(CF) + 16) * 8 - 1))
def test_un_bit_cambiato_in_qualunque_posto_si_vede(bit):
    busta = bytearray(cifra(CF, legame=QUI))
    busta[bit // 8] ^= 1 << bit % 8

    with pytest.raises(DatoCifratoAlterato):
        decifra(bytes(busta), legame=QUI)


@pytest.mark.parametrize("busta", [b"", CF.encode(), b"\x01\x00\x01", b"\x02" * 60])
def test_cio_che_non_e_una_busta_non_si_mostra(busta):
    with pytest.raises(DatoCifratoAlterato) as errore:
        decifra(busta, legame=QUI)

    assert CF not in str(errore.value)


def test_una_busta_troncata_non_si_apre():
    busta = cifra(CF, legame=QUI)

    for lunghezza in range(len(busta)):
        with pytest.raises(DatoCifratoAlterato):
            decifra(busta[:lunghezza], legame=QUI)


def test_ogni_busta_dice_con_quale_chiave_e_chiusa(settings):
    testo = con_una_chiave_in_piu(chiavi_nuove())
    usa(settings, testo)
    vecchia = cifra(CF, legame=QUI)

    usa(settings, testo, corrente=2)
    nuova = cifra(CF, legame=QUI)

    assert (versione_della_chiave(vecchia), versione_della_chiave(nuova)) == (1, 2)
    assert decifra(vecchia, legame=QUI) == decifra(nuova, legame=QUI) == CF
    assert nuova.startswith(intestazione_corrente())
    assert not vecchia.startswith(intestazione_corrente())


def test_senza_la_sua_chiave_una_busta_dice_quale_manca(settings):
    usa(settings, con_una_chiave_in_piu(chiavi_nuove()), corrente=2)
    busta = cifra(CF, legame=QUI)
    usa(settings, chiavi_nuove())

    with pytest.raises(DatoCifratoAlterato, match="chiave 2, che REGISTRO_CHIAVI non ha"):
        decifra(busta, legame=QUI)


def test_con_un_altra_chiave_dello_stesso_numero_non_si_apre(settings):
    usa(settings, chiavi_nuove())
    busta = cifra(CF, legame=QUI)
    usa(settings, chiavi_nuove())

    with pytest.raises(DatoCifratoAlterato):
        decifra(busta, legame=QUI)


@pytest.mark.django_db
def test_il_database_legge_l_intestazione_senza_portare_fuori_la_busta():
    busta = cifra(CF, legame=QUI)
    espressione = Intestazione.template % {"expressions": "%s::bytea"}

    with connection.cursor() as cursore:
        cursore.execute(f"SELECT {espressione}", [busta])
        (letta,) = cursore.fetchone()

    assert bytes(letta) == intestazione_corrente()


@pytest.mark.parametrize("colonna", ["valore", "Tabella.valore", "a.b|ente:1", "a.b.c", ""])
def test_un_legame_vuole_tabella_e_colonna(colonna):
    with pytest.raises(ValueError, match=r"tabella\.colonna"):
        legame(colonna, 1, RIGA)


def test_il_legame_e_scritto_per_esteso():
    atteso = f"{COLONNA}|ente:7|riga:{RIGA}"

    assert legame(COLONNA, 7, RIGA) == atteso
    assert legame(COLONNA, 7, str(RIGA).upper()) == atteso


def test_l_indice_e_uguale_nello_stesso_ente_e_diverso_fra_enti_e_campi():
    qui = indice_cieco("identificativo.cf", ente=7, normale=CF)

    assert qui == indice_cieco("identificativo.cf", ente=7, normale=CF)
    assert qui != indice_cieco("identificativo.cf", ente=8, normale=CF)
    assert qui != indice_cieco("identificativo.stp", ente=7, normale=CF)
    assert len(qui) == 32


def test_le_parti_di_un_indice_non_si_confondono():
    """Chi concatena e basta dà la stessa impronta a campo «a1» ente 2 e campo «a» ente 12."""
    assert indice_cieco("a1", ente=2, normale="x") != indice_cieco("a", ente=12, normale="x")
    assert indice_cieco("a", ente=1, normale="2x") != indice_cieco("a", ente=12, normale="x")


def test_senza_la_chiave_un_indice_non_si_indovina(settings):
    usa(settings, chiavi_nuove())
    indice, etichetta = indice_cieco("cf", ente=7, normale=CF), etichetta_di_rete(CF)
    usa(settings, chiavi_nuove())

    assert indice_cieco("cf", ente=7, normale=CF) != indice
    assert etichetta_di_rete(CF) != etichetta


def test_l_etichetta_di_rete_ha_una_versione_e_una_chiave_sua():
    etichetta = etichetta_di_rete(CF)

    assert etichetta == etichetta_di_rete(CF)
    assert etichetta[:1] == b"\x01"
    assert len(etichetta) == 33
    assert etichetta[1:] != indice_cieco("rete", ente=1, normale=CF)
