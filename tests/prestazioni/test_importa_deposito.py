"""L'esame di un foglio nel deposito: a pezzi, cifrato, e una pagina apre solo i suoi."""

import pytest

from prestazioni.importo import deposito
from prestazioni.importo.stati import stati
from prestazioni.importo.tipi import Esame, Rifiuto
from prestazioni.models import Importazione
from registro.comune.cifratura import DatoCifratoAlterato
from tests.fabbriche import attore
from tests.prestazioni.importazioni import gia_fatta


pytestmark = pytest.mark.django_db

NUMERI = [2, 3, 5, 8, 13, 21, 34]


@pytest.fixture
def importazione(monkeypatch) -> Importazione:
    monkeypatch.setattr(deposito, "RIGHE_PER_BLOCCO", 3)
    return gia_fatta(attore("referente"))


def _esame(numeri=NUMERI) -> Esame:
    righe = tuple((numero, (f"Abate{numero}", "")) for numero in numeri)
    rifiuti = (Rifiuto(5, "Data", "Manca la data."),)
    esame = Esame("F", ("Cognome", "Data"), len(righe), len(righe) - 1, righe, rifiuti=rifiuti)
    return Esame(
        **{campo: getattr(esame, campo) for campo in Esame.__slots__} | {"stati": stati(esame)}
    )


def test_l_esame_torna_com_era_e_le_righe_a_parte(importazione):
    deposito.metti_esame(importazione, _esame())

    letto = deposito.prendi_esame(importazione)

    assert letto.righe == ()
    assert letto.rifiuti == _esame().rifiuti
    assert letto.stati["rifiutata"] == (5,)
    assert letto.stati["pronta"] == (2, 3, 8, 13, 21, 34)
    assert deposito.prendi_righe(importazione, NUMERI) == _esame().righe


@pytest.mark.parametrize(
    ("chieste", "aperti"),
    [
        ((), []),
        ((2,), [1]),
        ((5, 8), [1, 2]),
        ((34,), [3]),
        ((4, 9), [1, 2]),
        ((2, 34), [1, 3]),
        ((30,), []),
    ],
)
def test_si_aprono_solo_i_blocchi_che_servono(importazione, monkeypatch, chieste, aperti):
    deposito.metti_esame(importazione, _esame())
    pezzi = []
    apri = deposito._apri

    def conta(quale, che_cosa, busta):
        pezzi.append(che_cosa)
        return apri(quale, che_cosa, busta)

    monkeypatch.setattr(deposito, "_apri", conta)

    righe = deposito.prendi_righe(importazione, chieste)

    assert [numero for numero, _ in righe] == [n for n in chieste if n in NUMERI]
    assert pezzi == ["esame_indice", *(f"esame_pezzo_{quale}" for quale in aperti)]


def test_un_esame_senza_righe_si_conserva(importazione):
    deposito.metti_esame(importazione, _esame(numeri=[]))

    assert deposito.prendi_righe(importazione, [2]) == ()


def test_sul_disco_non_si_legge_un_nome_e_un_pezzo_spostato_non_si_apre(importazione):
    deposito.metti_esame(importazione, _esame())
    percorso = deposito._percorso(importazione, "esame")
    contenuto = percorso.read_bytes()
    assert b"Abate" not in contenuto

    percorso.write_bytes(contenuto[:-1] + bytes([contenuto[-1] ^ 1]))

    with pytest.raises(DatoCifratoAlterato):
        deposito.prendi_righe(importazione, [34])


def test_un_esame_scritto_in_un_altra_forma_e_scaduto(importazione):
    """Al posto della misura c'è altro: un numero enorme, che non si legge in memoria."""
    deposito._percorso(importazione, "esame").write_bytes(b"\xff" * 40)

    assert deposito.prendi_esame(importazione) is None
    with pytest.raises(deposito.FoglioScaduto):
        deposito.prendi_righe(importazione, [2])


def test_senza_esame_non_c_e_niente_da_mostrare(importazione):
    assert deposito.prendi_esame(importazione) is None
    with pytest.raises(deposito.FoglioScaduto):
        deposito.prendi_righe(importazione, [2])
