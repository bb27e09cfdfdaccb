"""Gli esiti e i percorsi che li producono: chi li scrive, che cosa ne nasce, che cosa si rifiuta."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from enti.permessi import Ruolo
from enti.sistema import come_sistema
from prestazioni.azioni import esiti, piani, pratiche, tirocini
from prestazioni.models import (
    Esito,
    PianoRientro,
    PraticaCasa,
    Rata,
    StoriaEsito,
    Tirocinio,
)
from prestazioni.sguardi.piani import dividi, rispetto
from prestazioni.sguardi.tirocini import troppo_lungo
from registro.comune.mesi import fra_mesi, mesi_fra
from registro.comune.vincoli import frasi_del_database
from tests.fabbriche import attore
from tests.fabbriche_persone import (
    BeneficiarioFactory,
    ComponenteFactory,
    NucleoFactory,
    PresaInCaricoFactory,
    TipoDiChiusuraFactory,
    come,
)
from tests.fabbriche_prestazioni import EsitoFactory, TipoDiEsitoFactory, TirocinioFactory


pytestmark = pytest.mark.django_db

INIZIO = datetime.date(2026, 2, 1)
CODICI = (
    *("L_TIR_AVV", "L_TIR_CON", "L_TIR_INT", "L_TIR_ASS", "L_OCC_TD", "L_OCC_TI"),
    *("H_PR_SOTT", "H_PR_RISP", "H_PR_INT", "H_FS", "H_SFR_RINV", "H_SFR_EV"),
)


@pytest.fixture(autouse=True)
def tipi(db):
    for codice in CODICI:
        TipoDiEsitoFactory(codice=codice)


@pytest.fixture
def operatore():
    return attore()


@pytest.fixture
def presa(operatore):
    """Aperta il 15 gennaio 2026 e seguita da `operatore`."""
    return PresaInCaricoFactory(
        beneficiario=BeneficiarioFactory(ente=operatore.ente), operatore=operatore.utente
    )


def _tirocinio(presa, da, **altro) -> Tirocinio:
    campi = {
        "tipo": Tirocinio.Tipo.EXTRACURRICULARE,
        "nome_ospitante": "Forno inventato",
        "inizio": INIZIO,
        "fine_prevista": datetime.date(2026, 7, 31),
        "ore_previste": 200,
    }
    with come(da):
        return tirocini.apri_tirocinio(presa=presa, da=da, **campi | altro)


def _piano(presa, da, **altro) -> PianoRientro:
    campi = {"creditore": "atc", "debito": Decimal(1000), "causa": "lavoro", "incolpevole": "si"}
    with come(da):
        return piani.apri_piano(presa=presa, da=da, **campi | altro)


def _pratica(presa, da, **altro) -> PraticaCasa:
    with come(da):
        return pratiche.apri_pratica(presa=presa, da=da, **{"aperta_il": INIZIO} | altro)


def _nati(**quali) -> list[str]:
    righe = Esito.objects.filter(**quali).select_related("tipo").order_by("giorno", "pk")
    return [riga.tipo.codice for riga in righe]


def _rate(piano) -> list[Rata]:
    return list(Rata.objects.filter(piano=piano).order_by("numero"))


# Esiti -----------------------------------------------------------------------------------------


def test_chi_non_segue_la_presa_in_carico_non_registra_esiti(presa):
    altro = attore(ente=presa.ente)
    with come(altro), pytest.raises(PermissionDenied):
        esiti.registra_esito(presa=presa, tipo=TipoDiEsitoFactory(), giorno=INIZIO, da=altro)


def test_il_referente_registra_esiti_di_chiunque(presa):
    referente = attore(Ruolo.REFERENTE, ente=presa.ente)
    with come(referente):
        esito = esiti.registra_esito(
            presa=presa, tipo=TipoDiEsitoFactory(), giorno=INIZIO, da=referente
        )
        assert esito.beneficiario_id == presa.beneficiario_id


def test_lo_stesso_esito_lo_stesso_giorno_si_registra_una_volta(operatore, presa):
    tipo = TipoDiEsitoFactory()
    with come(operatore):
        esiti.registra_esito(presa=presa, tipo=tipo, giorno=INIZIO, da=operatore)
        with pytest.raises(ValidationError, match="è già registrato"):
            esiti.registra_esito(presa=presa, tipo=tipo, giorno=INIZIO, da=operatore)


@pytest.mark.parametrize(
    ("giorno", "frase"),
    [
        (timezone.localdate() + datetime.timedelta(1), "nel futuro"),
        (datetime.date(2026, 1, 14), "non può precedere"),
    ],
)
def test_un_esito_non_e_nel_futuro_ne_prima_della_presa_in_carico(operatore, presa, giorno, frase):
    with come(operatore), pytest.raises(ValidationError, match=frase):
        esiti.registra_esito(presa=presa, tipo=TipoDiEsitoFactory(), giorno=giorno, da=operatore)


def test_lo_stesso_modulo_mandato_due_volte_e_un_percorso_solo(operatore, presa):
    for apri in (_tirocinio, _piano):
        apri(presa, operatore)
        with pytest.raises(ValidationError, match="C'è già, uguale"):
            apri(presa, operatore)
    _pratica(presa, operatore, tipo="sfratto")
    with pytest.raises(ValidationError, match="C'è già, uguale"):
        _pratica(presa, operatore, tipo="sfratto")
    assert _pratica(presa, operatore, tipo="decadenza").tipo == "decadenza"


def test_una_presa_in_carico_chiusa_riceve_ancora_esiti(operatore, presa):
    with come_sistema(presa.ente):
        presa.chiusa_il, presa.esito = INIZIO, TipoDiChiusuraFactory()
        presa.save()
    dopo = INIZIO + datetime.timedelta(180)
    with come(operatore):
        esiti.registra_esito(presa=presa, tipo=TipoDiEsitoFactory(), giorno=dopo, da=operatore)
        assert Esito.objects.della_presa(presa).count() == 1


def test_di_un_nucleo_l_esito_non_e_di_una_persona(operatore):
    nucleo = NucleoFactory(ente=operatore.ente)
    ComponenteFactory(nucleo=nucleo, beneficiario=BeneficiarioFactory(ente=operatore.ente))
    presa = PresaInCaricoFactory(
        beneficiario=None, nucleo=nucleo, ente=operatore.ente, operatore=operatore.utente
    )
    with come(operatore):
        esito = esiti.registra_esito(
            presa=presa, tipo=TipoDiEsitoFactory(), giorno=INIZIO, da=operatore
        )
    assert esito.beneficiario is None


def test_dopo_un_unione_gli_esiti_si_leggono_dalla_persona_tenuta(operatore, presa):
    esito = EsitoFactory(presa=presa)
    tenuta = BeneficiarioFactory(ente=operatore.ente)
    with come_sistema(operatore.ente):
        presa.beneficiario.unito_a = tenuta
        presa.beneficiario.save()
    with come(operatore):
        esiti.registra_esito(presa=presa, tipo=TipoDiEsitoFactory(), giorno=INIZIO, da=operatore)
        suoi = set(Esito.objects.della_persona(tenuta))
    assert esito in suoi
    assert len(suoi) == 2


def test_un_esito_tolto_resta_nella_storia(operatore, presa):
    esito = EsitoFactory(presa=presa, prova="contratto")
    with come(operatore):
        esiti.togli_esito(esito=esito, da=operatore)
        assert not Esito.objects.filter(pk=esito.pk).exists()
    with come(attore(Ruolo.REFERENTE, ente=presa.ente)):
        tolto = StoriaEsito.objects.get(pgh_obj_id=esito.pk, pgh_label="tolta")
    assert tolto.prova == "contratto"


def test_correggere_con_gli_stessi_valori_non_riempie_la_storia(operatore, presa):
    esito = EsitoFactory(presa=presa)
    with come(operatore):
        esiti.correggi_esito(esito=esito, da=operatore, giorno=esito.giorno, prova=esito.prova)
    with come(attore(Ruolo.REFERENTE, ente=presa.ente)):
        assert not StoriaEsito.objects.filter(pgh_label="cambiata").exists()


# Tirocini --------------------------------------------------------------------------------------


def test_aprire_un_tirocinio_fa_nascere_l_esito_avviato(operatore, presa):
    tirocinio = _tirocinio(presa, operatore)

    with come(operatore):
        esito = Esito.objects.get(tirocinio=tirocinio)
    assert esito.tipo.codice == "L_TIR_AVV"
    assert (esito.giorno, esito.nome_ospitante) == (INIZIO, "Forno inventato")


def test_un_tirocinio_cominciato_prima_non_e_un_esito_di_questa_presa_in_carico(operatore, presa):
    tirocinio = _tirocinio(presa, operatore, inizio=datetime.date(2025, 12, 1))

    with come(operatore):
        assert _nati(tirocinio=tirocinio) == []


def test_se_cambia_l_inizio_l_esito_si_sposta(operatore, presa):
    tirocinio = _tirocinio(presa, operatore)
    nuovo = INIZIO + datetime.timedelta(3)
    with come(operatore):
        tirocini.cambia_tirocinio(tirocinio=tirocinio, da=operatore, inizio=nuovo)
        assert [e.giorno for e in Esito.objects.filter(tirocinio=tirocinio)] == [nuovo]


def test_un_tirocinio_non_comincia_nel_futuro(operatore, presa):
    domani = timezone.localdate() + datetime.timedelta(1)
    with pytest.raises(ValidationError, match="nel futuro"):
        _tirocinio(presa, operatore, inizio=domani, fine_prevista=domani)


@pytest.mark.parametrize(("ore", "esito"), [(150, "L_TIR_CON"), (149, "L_TIR_INT")])
def test_col_75_per_cento_delle_ore_e_concluso_sotto_no(operatore, presa, ore, esito):
    tirocinio = _tirocinio(presa, operatore)
    fine = datetime.date(2026, 6, 30)
    with come(operatore):
        tirocini.finisci_tirocinio(
            tirocinio=tirocinio,
            fine=fine,
            ore_svolte=ore,
            esito=esito,
            motivo="Ha trovato altro." if esito == "L_TIR_INT" else "",
            da=operatore,
        )
        assert _nati(tirocinio=tirocinio) == ["L_TIR_AVV", esito]


def test_dire_altro_da_cio_che_dicono_le_ore_chiede_un_perche(operatore, presa):
    tirocinio = _tirocinio(presa, operatore)
    come_finisce = {
        "tirocinio": tirocinio,
        "fine": datetime.date(2026, 6, 30),
        "ore_svolte": 100,
        "esito": "L_TIR_CON",
        "da": operatore,
    }
    with come(operatore):
        with pytest.raises(ValidationError, match="Le ore dicono altro"):
            tirocini.finisci_tirocinio(**come_finisce)
        tirocini.finisci_tirocinio(**come_finisce, motivo="Ore ridotte d'accordo col promotore.")
        esito = Esito.objects.get(tirocinio=tirocinio, tipo__codice="L_TIR_CON")
    assert esito.prova == "Ore ridotte d'accordo col promotore."


def test_un_tirocinio_riaperto_perde_l_esito_della_fine(operatore, presa):
    tirocinio = _tirocinio(presa, operatore)
    fine = datetime.date(2026, 6, 30)
    with come(operatore):
        tirocini.finisci_tirocinio(
            tirocinio=tirocinio, fine=fine, ore_svolte=200, esito="L_TIR_CON", da=operatore
        )
        tirocini.riapri_tirocinio(tirocinio=tirocinio, da=operatore)
        assert _nati(tirocinio=tirocinio) == ["L_TIR_AVV"]


def test_dall_assunzione_nascono_i_due_esiti(operatore, presa):
    tirocinio = _tirocinio(presa, operatore)
    with come(operatore):
        for mesi in (3, 6):
            tirocini.segna_assunzione(
                tirocinio=tirocinio,
                assunzione_il=datetime.date(2026, 8, 3),
                contratto="L_OCC_TD",
                mesi=mesi,
                da=operatore,
            )
        assert _nati(tirocinio=tirocinio) == ["L_TIR_AVV", "L_TIR_ASS", "L_OCC_TD"]
        assert Esito.objects.get(tipo__codice="L_OCC_TD").mesi == 6


def test_la_proroga_va_solo_avanti(operatore, presa):
    tirocinio = _tirocinio(presa, operatore)
    with come(operatore):
        with pytest.raises(ValidationError, match="dopo il 31/07/2026"):
            tirocini.proroga_tirocinio(
                tirocinio=tirocinio, fine_prevista=INIZIO, ore_previste=None, da=operatore
            )
        dopo = datetime.date(2026, 9, 30)
        prorogato = tirocini.proroga_tirocinio(
            tirocinio=tirocinio, fine_prevista=dopo, ore_previste=260, da=operatore
        )
    assert (prorogato.fine_prevista, prorogato.ore_previste) == (dopo, 260)


@pytest.mark.parametrize(
    ("fine", "parole"),
    [
        (datetime.date(2026, 7, 31), ""),
        (datetime.date(2026, 8, 1), "condizione di svantaggio"),
        (datetime.date(2027, 3, 1), "solo per chi è con una disabilità"),
        (datetime.date(2028, 3, 1), "non passa i 24"),
    ],
)
def test_la_durata_massima_avverte_e_non_ferma(presa, fine, parole):
    tirocinio = TirocinioFactory.build(
        presa=None,
        beneficiario=None,
        ente=None,
        registrato_da=None,
        tipo=Tirocinio.Tipo.EXTRACURRICULARE,
        inizio=INIZIO,
        fine_prevista=fine,
    )
    frase = troppo_lungo(tirocinio)
    assert (parole in frase) if parole else frase == ""


# Piani di rientro ------------------------------------------------------------------------------


def test_la_firma_di_un_piano_e_un_esito_e_lo_segue(operatore, presa):
    piano = _piano(presa, operatore, firmato_il=INIZIO)
    dopo = INIZIO + datetime.timedelta(2)
    with come(operatore):
        piani.cambia_piano(piano=piano, firmato_il=dopo, da=operatore)
        esito = Esito.objects.get(piano=piano)
    assert (esito.tipo.codice, esito.giorno) == ("H_PR_SOTT", dopo)


def test_l_ultima_rata_prende_il_resto_e_i_mesi_corti_non_saltano():
    rate = dividi(Decimal("1000.00"), 3, datetime.date(2026, 1, 31))
    assert rate == [
        (datetime.date(2026, 1, 31), Decimal("333.33")),
        (datetime.date(2026, 2, 28), Decimal("333.33")),
        (datetime.date(2026, 3, 31), Decimal("333.34")),
    ]


def test_rate_troppo_grandi_per_il_debito_si_rifiutano(operatore, presa):
    piano = _piano(presa, operatore)
    with come(operatore), pytest.raises(ValidationError, match="coperto prima dell'ultima"):
        piani.scrivi_rate(piano=piano, quante=6, dal=INIZIO, importo=Decimal(200), da=operatore)


def test_rifare_le_rate_tiene_quelle_pagate(operatore, presa):
    piano = _piano(presa, operatore)
    with come(operatore):
        piani.scrivi_rate(piano=piano, quante=4, dal=INIZIO, da=operatore)
        piani.paga_rata(rata=_rate(piano)[0], giorno=INIZIO, da=operatore)
        piani.scrivi_rate(piano=piano, quante=2, dal=datetime.date(2026, 5, 1), da=operatore)
        rate = _rate(piano)
    assert [(r.numero, r.importo) for r in rate] == [(1, 250), (2, 375), (3, 375)]
    assert sum(r.importo for r in rate) == piano.debito


def test_una_rata_si_paga_con_un_tocco_e_si_torna_indietro(operatore, presa):
    piano = _piano(presa, operatore)
    with come(operatore):
        piani.scrivi_rate(piano=piano, quante=2, dal=INIZIO, da=operatore)
        (rata, _) = _rate(piano)
        assert piani.paga_rata(rata=rata, da=operatore).pagata_il == timezone.localdate()
        piani.controlla_rata(rata=rata, da=operatore)
        tornata = piani.togli_pagamento(rata=rata, da=operatore)
    assert tornata.pagata_il is None
    assert tornata.controllata_il == timezone.localdate()


def test_una_rata_non_si_paga_nel_futuro(operatore, presa):
    piano = _piano(presa, operatore)
    domani = timezone.localdate() + datetime.timedelta(1)
    with come(operatore):
        piani.scrivi_rate(piano=piano, quante=2, dal=INIZIO, da=operatore)
        with pytest.raises(ValidationError, match="nel futuro"):
            piani.paga_rata(rata=_rate(piano)[0], giorno=domani, da=operatore)


def _con_pagate(quante: int, pagate: int) -> list[Rata]:
    return [
        Rata(
            pk=numero,
            numero=numero,
            scade_il=fra_mesi(INIZIO, numero - 1),
            importo=Decimal(100),
            pagata_il=fra_mesi(INIZIO, numero - 1) if numero <= pagate else None,
        )
        for numero in range(1, quante + 1)
    ]


@pytest.mark.parametrize(
    ("pagate", "parte", "esito", "da_interrompere"),
    [
        (5, 1, "H_PR_RISP", False),
        (4, Decimal("0.8"), "H_PR_RISP", False),
        (3, Decimal("0.6"), "H_PR_INT", True),
    ],
)
def test_l_80_per_cento_delle_rate_scadute_fa_il_piano_rispettato(
    pagate, parte, esito, da_interrompere
):
    conti = rispetto(_con_pagate(6, pagate), datetime.date(2026, 6, 15))
    assert (conti.scadute, conti.pagate, conti.parte) == (5, pagate, parte)
    assert (conti.esito, conti.da_interrompere) == (esito, da_interrompere)
    assert conti.euro_scaduti == 500


def test_una_rata_che_scade_oggi_conta_solo_se_pagata():
    assert rispetto(_con_pagate(1, 0), INIZIO).parte is None
    assert rispetto(_con_pagate(1, 1), INIZIO).parte == 1


def test_senza_rate_non_si_dice_quanto_e_rispettato():
    conti = rispetto([], INIZIO)
    assert (conti.parte, conti.percento, conti.esito) == (None, None, None)


def test_concludere_un_piano_rispettato_fa_nascere_il_suo_esito(operatore, presa):
    piano = _piano(presa, operatore, firmato_il=INIZIO)
    with come(operatore):
        piani.scrivi_rate(piano=piano, quante=2, dal=INIZIO, da=operatore)
        for rata in _rate(piano):
            piani.paga_rata(rata=rata, giorno=rata.scade_il, da=operatore)
        fine = datetime.date(2026, 3, 2)
        piani.finisci_piano(piano=piano, giorno=fine, esito="H_PR_RISP", da=operatore)
        esito = Esito.objects.get(piano=piano, tipo__codice="H_PR_RISP")
        assert esito.prova == "2 rate pagate su 2 scadute"
        with pytest.raises(ValidationError, match="già finito"):
            piani.scrivi_rate(piano=piano, quante=2, dal=INIZIO, da=operatore)
        piani.riapri_piano(piano=piano, da=operatore)
        assert _nati(piano=piano) == ["H_PR_SOTT"]


def test_interrompere_un_piano_vuole_un_perche(operatore, presa):
    piano = _piano(presa, operatore)
    come_finisce = {
        "piano": piano,
        "giorno": INIZIO,
        "esito": "H_PR_INT",
        "da": operatore,
    }
    with come(operatore):
        with pytest.raises(ValidationError, match="perché si è interrotto"):
            piani.finisci_piano(**come_finisce)
        piani.finisci_piano(**come_finisce, motivo="Ha perso di nuovo il lavoro.")
        piano = PianoRientro.objects.get(pk=piano.pk)
    assert (piano.interrotto_il, piano.concluso_il) == (INIZIO, None)


def test_un_piano_rispettato_e_un_piano_firmato_prima(operatore, presa):
    piano = _piano(presa, operatore)
    fine = INIZIO + datetime.timedelta(30)
    come_finisce = {"piano": piano, "esito": "H_PR_RISP", "da": operatore, "motivo": "Pagato."}
    with come(operatore):
        with pytest.raises(ValidationError, match="non risulta firmato"):
            piani.finisci_piano(**come_finisce, giorno=fine)
        piani.cambia_piano(piano=piano, da=operatore, firmato_il=fine)
        with pytest.raises(ValidationError, match="non può essere finito prima"):
            piani.finisci_piano(**come_finisce, giorno=INIZIO)
        piani.finisci_piano(**come_finisce, giorno=fine)
        for firma in (None, fine + datetime.timedelta(1)):
            with pytest.raises(ValidationError, match="non può essere stato firmato dopo"):
                piani.cambia_piano(piano=piano, da=operatore, firmato_il=firma)
        assert _nati(piano=piano) == ["H_PR_SOTT", "H_PR_RISP"]


# Pratiche per la casa --------------------------------------------------------------------------


def test_il_fondo_sociale_ottenuto_porta_l_importo_nell_esito(operatore, presa):
    pratica = _pratica(presa, operatore, tipo="fondo-sociale")
    giorno = datetime.date(2026, 4, 1)
    with come(operatore):
        pratiche.aggiungi_passo(pratica=pratica, passo="presentata", giorno=INIZIO, da=operatore)
        chiusa = pratiche.scrivi_esito(
            pratica=pratica,
            giorno=giorno,
            esito="H_FS",
            importo=Decimal(900),
            finisce=True,
            da=operatore,
        )
        esito = Esito.objects.get(pratica=pratica)
    assert (chiusa.chiusa_il, chiusa.importo) == (giorno, 900)
    assert (esito.importo, esito.giorno) == (900, giorno)


def test_uno_sfratto_rinviato_continua(operatore, presa):
    pratica = _pratica(presa, operatore, tipo="sfratto")
    with come(operatore):
        pratiche.scrivi_esito(pratica=pratica, giorno=INIZIO, esito="H_SFR_RINV", da=operatore)
        pratiche.scrivi_esito(
            pratica=pratica, giorno=INIZIO, esito="H_SFR_EV", finisce=True, da=operatore
        )
        assert _nati(pratica=pratica) == ["H_SFR_RINV", "H_SFR_EV"]
        with pytest.raises(ValidationError, match="è chiusa"):
            pratiche.aggiungi_passo(
                pratica=pratica, passo="convalida", giorno=INIZIO, da=operatore
            )


def test_cio_che_e_finito_prima_della_presa_in_carico_si_dice_e_non_si_perde(operatore, presa):
    """Un esito promesso e mai nato sarebbe una riga che nessuno ritrova nei conti."""
    prima = presa.aperta_il - datetime.timedelta(1)
    pratica = _pratica(presa, operatore, tipo="sfratto", aperta_il=prima)
    tirocinio = _tirocinio(presa, operatore, inizio=prima, fine_prevista=presa.aperta_il)
    piano = _piano(presa, operatore)
    with come(operatore):
        for campo, finisci in {
            "giorno": lambda: pratiche.scrivi_esito(
                pratica=pratica, giorno=prima, esito="H_SFR_RINV", da=operatore
            ),
            "fine": lambda: tirocini.finisci_tirocinio(
                tirocinio=tirocinio, fine=prima, ore_svolte=1, esito="x", da=operatore
            ),
            "assunzione_il": lambda: tirocini.segna_assunzione(
                tirocinio=tirocinio, assunzione_il=prima, da=operatore
            ),
        }.items():
            with pytest.raises(ValidationError, match="non è un suo esito") as rifiuto:
                finisci()
            assert list(rifiuto.value.message_dict) == [campo]
        with pytest.raises(ValidationError, match="non è un suo esito"):
            piani.finisci_piano(piano=piano, giorno=prima, esito="x", da=operatore)
        pratiche.scrivi_esito(pratica=pratica, giorno=prima, finisce=True, da=operatore)

        assert _nati(presa=presa) == []
        assert PraticaCasa.objects.get(pk=pratica.pk).chiusa_il == prima


def test_un_esito_non_e_di_una_pratica_qualunque(operatore, presa):
    pratica = _pratica(presa, operatore, tipo="sfratto")
    with come(operatore), pytest.raises(ValidationError, match="non è di una pratica così"):
        pratiche.scrivi_esito(pratica=pratica, giorno=INIZIO, esito="H_FS", da=operatore)


def test_un_passo_non_e_nel_futuro_e_si_scrive_una_volta(operatore, presa):
    pratica = _pratica(presa, operatore, tipo="sfratto")
    con = {"pratica": pratica, "passo": "convalida", "da": operatore}
    with come(operatore):
        pratiche.aggiungi_passo(**con, giorno=INIZIO)
        with pytest.raises(ValidationError, match="già scritto"):
            pratiche.aggiungi_passo(**con, giorno=INIZIO)
        with pytest.raises(ValidationError, match="nel futuro"):
            pratiche.aggiungi_passo(**con, giorno=timezone.localdate() + datetime.timedelta(1))


# Ciò che il database tiene sempre ---------------------------------------------------------------


def test_un_percorso_e_della_persona_della_presa_in_carico(presa):
    altra = BeneficiarioFactory(ente=presa.ente)
    with (
        come_sistema(presa.ente),
        pytest.raises(ValidationError, match="un'altra persona"),
        frasi_del_database(),
    ):
        TirocinioFactory(presa=presa, beneficiario=altra)


def test_un_esito_sta_nella_presa_in_carico_del_suo_tirocinio(presa):
    tirocinio = TirocinioFactory(presa=presa)
    seconda = PresaInCaricoFactory(beneficiario=presa.beneficiario)
    with pytest.raises(ValidationError, match="del percorso da cui nasce"), frasi_del_database():
        EsitoFactory(presa=seconda, tirocinio=tirocinio)


def test_i_mesi_di_calendario():
    assert fra_mesi(datetime.date(2026, 8, 31), 6) == datetime.date(2027, 2, 28)
    assert fra_mesi(datetime.date(2026, 2, 28), -12) == datetime.date(2025, 2, 28)
    assert mesi_fra(INIZIO, datetime.date(2026, 7, 31)) == 6
    assert mesi_fra(INIZIO, datetime.date(2026, 8, 1)) == 7
