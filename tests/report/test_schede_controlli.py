"""I controlli di una scheda: che cosa dicono, e quando tacciono."""

from decimal import Decimal

import pytest

from assi.models import Azione
from enti.models import Ente
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from registro.db.contesto import contesto
from report.controlli import Gravita, avvisi_di, controlla
from report.fascicolo import Fascicolo
from report.models import AzioneDiScheda, Conteggio, Giudizio, Misuratore, Scheda, Uscita
from tests.fabbriche import SchedaFactory, attore
from tests.report.schede_da_compilare import fascicolo, scheda_da_compilare


def conteggio(pk: int, valore=None, **campi) -> Conteggio:
    """Un conteggio non salvato: i controlli non leggono altro che i campi."""
    campi.setdefault("sezione", "beneficiari")
    campi.setdefault("cosa", f"conteggio {pk}")
    campi.setdefault("unita", "individui")
    return Conteggio(pk=pk, valore=None if valore is None else Decimal(valore), **campi)


def risultato(pk: int, valore, gruppo: str, **campi) -> Conteggio:
    campi.setdefault("unita", "tirocini")
    return conteggio(
        pk, valore, sezione="output", tipo="tirocini-attivati", gruppo=gruppo, **campi
    )


def codici(*, scheda: Scheda | None = None, **righe) -> list[str]:
    """I generi di avviso di una scheda con queste righe."""
    avvisi = controlla(Fascicolo(scheda or Scheda(), **righe))
    return [avviso.codice.split(":")[0] for avviso in avvisi]


def frasi(**righe) -> str:
    return " ".join(avviso.frase for avviso in controlla(Fascicolo(Scheda(), **righe)))


# Le schede vere -------------------------------------------------------------------------
@pytest.mark.django_db
def test_le_undici_schede_vere_dicono_proprio_queste_cose(quadrante):
    trovati = {}
    for ente in Ente.objects.della_rete():
        with come_sistema(ente):
            for scheda in Scheda.objects.filter(ente=ente).per_elenco():
                avvisi = avvisi_di(Fascicolo.di(scheda))
                trovati[scheda.slug] = sorted(a.codice.split(":")[0] for a in avvisi)

    assert len(trovati) == 11
    assert {slug: generi for slug, generi in trovati.items() if generi} == {
        "coala-lavoro": ["percentuale-senza-base", "totale-dettaglio", "totale-dettaglio"],
        "idea-marcondiro": ["percentuale-senza-base"] * 4,
    }


@pytest.mark.django_db
def test_la_scheda_di_coala_dichiara_17_tirocini_e_ne_elenca_22(quadrante):
    coala = Ente.objects.get(slug="coala")
    with come_sistema(coala):
        avvisi = avvisi_di(Fascicolo.di(Scheda.objects.per_elenco().get(slug="coala-lavoro")))

    detto = {avviso.codice: avviso for avviso in avvisi}
    tirocini = detto["totale-dettaglio:tirocini-attivati"]
    assunzioni = detto["totale-dettaglio:assunzioni"]
    assert "il totale dichiara 17 individui, le voci per azienda sommano 22" in tirocini.frase
    assert "le voci per azienda sommano 5 individui" in assunzioni.frase
    assert "le voci per canale sommano 6 individui" in assunzioni.frase
    assert tirocini.gravita == Gravita.AVVERTE
    assert tirocini.sezione == "output"
    assert tirocini.ancora.startswith("conteggio-")


@pytest.mark.django_db
def test_il_coordinamento_vede_la_stessa_attivita_in_due_schede(quadrante):
    chi = attore(Ruolo.COORDINATORE)
    with contesto(utente=chi.utente.pk, ente=chi.ente.pk):
        gapp = Fascicolo.di(Scheda.objects.per_elenco().get(slug="gapp"))
        da_chi_coordina = {avviso.codice.split(":")[0] for avviso in avvisi_di(gapp)}
    with come_sistema(Ente.objects.get(slug="gapp")):
        gapp = Fascicolo.di(Scheda.objects.per_elenco().get(slug="gapp"))
        dall_ente = {avviso.codice.split(":")[0] for avviso in avvisi_di(gapp)}

    assert (da_chi_coordina, dall_ente) == ({"azione-doppia"}, set())


# Totale contro dettaglio ----------------------------------------------------------------
def test_totale_e_dettaglio_uguali_tacciono():
    righe = [risultato(1, 5, "totale"), risultato(2, 3, "per-azienda")]

    assert codici(conteggi=[*righe, risultato(3, 2, "per-azienda")]) == []
    assert codici(conteggi=righe) == ["totale-dettaglio"]


@pytest.mark.parametrize("detto", ["circa", "oltre"])
def test_un_numero_approssimato_non_smentisce_il_dettaglio(detto):
    righe = [
        risultato(1, 10, "totale", approssimazione=detto),
        risultato(2, 12, "per-azienda"),
    ]

    assert codici(conteggi=righe) == []


def test_un_dettaglio_non_detto_non_e_zero():
    righe = [
        risultato(1, 5, "totale"),
        risultato(2, 3, "per-azienda"),
        risultato(3, None, "per-azienda", note="Non si sa."),
    ]

    assert codici(conteggi=righe) == []


def test_le_percentuali_non_sono_una_vista_da_sommare():
    righe = [
        risultato(1, 5, "totale"),
        risultato(2, 50, "quota", unita="percento", parte_di_id=1),
    ]

    assert codici(conteggi=righe) == []


# Parti, ripartizioni, nuclei ------------------------------------------------------------
def test_una_parte_piu_grande_del_suo_intero():
    righe = [conteggio(1, 12), conteggio(2, 15, parte_di_id=1)]

    assert codici(conteggi=righe) == ["parte-maggiore"]
    assert "«conteggio 2» (15 individui) è più di «conteggio 1» (12 individui)" in frasi(
        conteggi=righe
    )


@pytest.mark.parametrize(
    "intero",
    [
        conteggio(1, 12, approssimazione="oltre"),
        conteggio(1, None, note="Non si sa."),
        conteggio(1, 12, unita="nuclei"),
    ],
)
def test_un_intero_aperto_vuoto_o_di_altra_unita_non_si_confronta(intero):
    assert codici(conteggi=[intero, conteggio(2, 15, parte_di_id=1)]) == []


def test_una_ripartizione_fa_il_suo_totale():
    intero = conteggio(1, 270)
    parti = [
        conteggio(2, 120, parte_di_id=1, ripartizione="sede"),
        conteggio(3, 150, parte_di_id=1, ripartizione="sede"),
    ]

    assert codici(conteggi=[intero, *parti]) == []
    assert codici(conteggi=[intero, *parti[:1]]) == ["ripartizione"]
    assert "Le voci per sede sommano 120, ma «conteggio 1» dichiara 270 individui" in frasi(
        conteggi=[intero, *parti[:1]]
    )


def test_due_parti_senza_ripartizione_possono_non_esaurire():
    assert codici(conteggi=[conteggio(1, 50), conteggio(2, 10, parte_di_id=1)]) == []


def test_le_persone_sono_almeno_quante_i_nuclei():
    nuclei = conteggio(1, 14, unita="nuclei")
    adulti = conteggio(2, 9, composizione_di_id=1, ripartizione="eta")
    minori = conteggio(3, 16, composizione_di_id=1, ripartizione="eta")

    assert codici(conteggi=[nuclei, adulti, minori]) == []
    assert codici(conteggi=[nuclei, adulti]) == ["persone-nuclei"]


# Percentuali, unità, scale --------------------------------------------------------------
def test_una_percentuale_vuole_la_sua_base():
    base, quota = conteggio(1, 50), conteggio(2, 20, unita="percento", sezione="altri_numeri")

    assert codici(conteggi=[base, quota]) == ["percentuale-senza-base"]
    quota.parte_di_id = 1
    assert codici(conteggi=[base, quota]) == []


def test_un_numero_senza_unita_blocca():
    avvisi = controlla(Fascicolo(Scheda(), conteggi=[conteggio(1, 17, unita="")]))

    assert [(a.gravita, a.ancora) for a in avvisi] == [(Gravita.BLOCCA, "conteggio-1")]


@pytest.mark.parametrize(("valore", "fuori"), [(0, True), (1, False), (10, False), (11, True)])
def test_un_giudizio_sta_da_uno_al_massimo(valore, fuori):
    riga = Giudizio(pk=1, indicatore_id=1, asse_id=1, valore=valore, scala=10)

    assert codici(giudizi=[riga]) == (["fuori-scala"] if fuori else [])


@pytest.mark.parametrize(("valore", "fuori"), [(0, False), (10, False), (11, True)])
def test_un_misuratore_puo_essere_zero(valore, fuori):
    riga = Misuratore(pk=1, tipo="nuove_pratiche", valore=valore, scala=10)

    assert codici(misuratori=[riga]) == (["fuori-scala"] if fuori else [])


def test_una_percentuale_non_supera_cento():
    righe = [conteggio(1, 50), conteggio(2, 120, unita="percento", parte_di_id=1)]

    assert codici(conteggi=righe) == ["fuori-scala"]


# Chi ha lasciato ------------------------------------------------------------------------
def test_non_lasciano_piu_persone_di_quante_sono_arrivate():
    uscite = [
        Uscita(pk=1, cosa="a", unita="individui", valore=3),
        Uscita(pk=2, cosa="b", unita="individui", valore=2),
    ]

    assert codici(conteggi=[conteggio(1, 4)], uscite=uscite) == ["uscite-oltre"]
    assert codici(conteggi=[conteggio(1, 5)], uscite=uscite) == []
    assert codici(conteggi=[conteggio(1, 4, approssimazione="oltre")], uscite=uscite) == []
    assert codici(conteggi=[conteggio(1, 4, unita="nuclei")], uscite=uscite) == []


# Il valore del registro -----------------------------------------------------------------
def test_un_valore_diverso_dal_registro_blocca_finche_non_si_dice_perche():
    riga = conteggio(1, 21, valore_calcolato=Decimal(19))

    assert codici(conteggi=[riga]) == ["differenza-senza-motivo"]
    riga.motivo_differenza = "Due percorsi non sono ancora registrati."
    assert codici(conteggi=[riga]) == []


def test_un_valore_del_registro_da_confermare_avverte():
    assert codici(conteggi=[conteggio(1, None, valore_calcolato=Decimal(19))]) == ["da-confermare"]


def test_un_conteggio_vuoto_si_spiega_con_una_nota():
    assert codici(conteggi=[conteggio(1)]) == ["senza-valore"]
    assert codici(conteggi=[conteggio(1, note="Il dato non è stato raccolto.")]) == []
    assert codici(conteggi=[conteggio(1, sezione="altri_numeri", minimo=3)]) == []


# Sezioni e attività ---------------------------------------------------------------------
@pytest.mark.django_db
def test_mancano_solo_le_sezioni_che_ogni_scheda_ha():
    nuova = fascicolo(scheda_da_compilare())

    assert [avviso.codice for avviso in controlla(nuova)] == [
        "sezione-mancante:azioni",
        "sezione-mancante:beneficiari",
        "sezione-mancante:indicatori_finali",
        "sezione-mancante:prosecuzione",
    ]


@pytest.mark.django_db
def test_la_stessa_attivita_si_dice_col_nome_dell_altra_scheda(quadrante):
    riga = AzioneDiScheda(pk=1, azione=Azione.objects.first())
    altra = SchedaFactory(titolo="Scheda gemella")

    avvisi = controlla(Fascicolo(Scheda(), azioni=[riga]), [(riga, altra)])

    assert [avviso.codice for avviso in avvisi] == [f"azione-doppia:{riga.azione_id}:{altra.pk}"]
    assert "«Scheda gemella»" in avvisi[0].frase


def test_cio_che_blocca_viene_prima():
    righe = [conteggio(1, 12), conteggio(2, 15, parte_di_id=1), conteggio(3, 1, unita="")]

    assert codici(conteggi=righe) == ["unita-mancante", "parte-maggiore"]
