"""Il lavoro della dimostrazione: quanto, di che genere, ripetibile, e scritto da chi lavora."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count, Sum
from django.utils import timezone

from assi.models import Servizio
from beneficiari.dimostrazione.diritti import prepara_richieste
from beneficiari.models import Beneficiario, Limitazione, RichiestaInteressato
from enti.models import Ente, Utente
from enti.sistema import come_sistema
from prestazioni.dimostrazione import prepara_prestazioni
from prestazioni.dimostrazione.materiale import Materiale
from prestazioni.models import (
    Affiancamento,
    Appuntamento,
    AttivitaIndiretta,
    Esito,
    FoglioOre,
    GruppoPresenze,
    MembroDiGruppo,
    NotaDiPrestazione,
    Partecipazione,
    PassoDiPratica,
    PianoRientro,
    PraticaCasa,
    Prestazione,
    Rata,
    Rettifica,
    Tirocinio,
)
from privacy.gruppi import Uscita
from privacy.letture import registra_letture


@pytest.fixture(scope="module")
def enti(django_db_setup, django_db_blocker) -> dict[str, Ente]:
    """I dodici enti con tutto ciò che scrive `prepara_demo`, una volta per questo file."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("prepara_demo", verbosity=0)
        yield {ente.slug: ente for ente in Ente.objects.della_rete()}
        transaction.set_rollback(True)


def contate(modello, enti: dict[str, Ente], **filtri) -> int:
    """Quante righe di tutti gli enti, ciascuno letto nel proprio contesto."""
    somma = 0
    for ente in enti.values():
        with come_sistema(ente):
            somma += modello.objects.filter(ente=ente, **filtri).count()
    return somma


def per_valore(modello, enti: dict[str, Ente], campo: str) -> Counter:
    """Quante righe di tutti gli enti per ogni valore di un campo che non dice di chi sono."""
    conti = Counter()
    for ente in enti.values():
        with come_sistema(ente):
            righe = modello.objects.filter(ente=ente)
            righe = righe.per_calcolo() if hasattr(righe, "per_calcolo") else righe
            for valore, quante in righe.order_by().values_list(campo).annotate(n=Count("pk")):
                conti[valore] += quante
    return conti


def test_ogni_ente_ha_servizi_coi_suoi_nomi_e_mesi_di_lavoro(enti):
    mesi = {}
    for slug, ente in enti.items():
        with come_sistema(ente):
            servizi = Servizio.objects.di(ente)
            assert servizi.count() >= 3, slug
            assert all(servizio.sinonimi for servizio in servizi), slug
            giorni = Prestazione.objects.di(ente).dates("giorno", "month")
            mesi[slug] = len(giorni)

    assert min(mesi.values()) >= 8
    assert 2000 <= contate(Prestazione, enti) <= 5000
    assert 3500 <= contate(Partecipazione, enti) <= 8000


def test_le_prestazioni_sono_di_tutti_i_generi(enti):
    oggi = timezone.localdate()

    assert contate(Prestazione, enti, senza_nome__gt=0) > 60
    assert contate(Prestazione, enti, minuti=None) > 50
    assert contate(Prestazione, enti, quantita__gt=0) > 300
    assert contate(Prestazione, enti, giorno__gte=oggi - timedelta(7)) > 30
    assert contate(Partecipazione, enti, beneficiario=None) > 50
    assert contate(Affiancamento, enti) > 100
    assert min(per_valore(Prestazione, enti, "modo").values()) > 50


def test_gli_appunti_si_aprono(enti):
    assert contate(NotaDiPrestazione, enti) > 80
    ente = enti["jokko"]
    with come_sistema(ente), registra_letture("prova", uscita=Uscita.LAVORO):
        testi = {nota.testo for nota in NotaDiPrestazione.objects.filter(ente=ente)}
    assert testi <= set(Materiale().parole["note"])


def test_al_campo_ci_sono_cento_minori_in_sottogruppi_per_eta(enti):
    ente = enti["la-strada"]
    with come_sistema(ente):
        campo = GruppoPresenze.objects.get(ente=ente, nome="Estate ragazzi")
        membri = MembroDiGruppo.objects.filter(ente=ente, gruppo_presenze=campo).per_calcolo()
        parti = Counter(membri.values_list("parte", flat=True))
        incontri = Prestazione.objects.di(ente).filter(gruppo=campo)
        presenti = incontri.annotate(n=Count("partecipazioni")).values_list("n", flat=True)
        nati = Beneficiario.objects.filter(
            pk__in=membri.values_list("beneficiario_id", flat=True)
        ).per_calcolo()
        piu_grande = min(nati.values_list("data_nascita", flat=True))

        assert sum(parti.values()) == 100
        assert min(parti[nome] for nome in ("Piccoli", "Medi", "Grandi")) >= 10
        assert len(presenti) == 20
        assert min(presenti) >= 75
        assert max(presenti) <= 100
        assert (campo.dal - piu_grande).days < 18 * 366


def test_i_cinque_pari_si_sono_visti_dieci_volte(enti):
    ente = enti["cultura-e-sviluppo"]
    with come_sistema(ente):
        pari = GruppoPresenze.objects.get(ente=ente)
        incontri = Prestazione.objects.di(ente).filter(gruppo=pari)

        assert MembroDiGruppo.objects.filter(ente=ente, gruppo_presenze=pari).count() == 5
        assert incontri.count() == 10
        assert incontri.values("oggetto").distinct().count() == 10


def test_un_gruppo_va_ancora_avanti_e_ha_un_incontro_da_scrivere(enti):
    ente, oggi = enti["azimut"], timezone.localdate()
    with come_sistema(ente):
        compiti = GruppoPresenze.objects.get(ente=ente)
        scritti = set(
            Prestazione.objects.di(ente).filter(gruppo=compiti).values_list("giorno", flat=True)
        )

    previsti = set(compiti.incontri_previsti(compiti.dal, oggi))
    assert len(previsti - scritti) == 1
    assert compiti.al > oggi


def test_qualche_mese_e_firmato_e_l_ultimo_no(enti):
    primo = timezone.localdate().replace(day=1)
    scorso = (primo - timedelta(1)).replace(day=1)

    assert contate(FoglioOre, enti) > 40
    assert contate(FoglioOre, enti, mese__gte=scorso) == 0
    assert contate(Rettifica, enti) == 12
    assert contate(AttivitaIndiretta, enti) > 500
    for ente in enti.values():
        with come_sistema(ente):
            firme = FoglioOre.objects.di(ente).values_list("operatore_id", "firmato_da_id")
            assert all(operatore != firma for operatore, firma in firme)


def test_chi_lavora_ha_impegni_oggi_e_questa_settimana(enti):
    oggi = timezone.localdate()
    stati = per_valore(Appuntamento, enti, "stato")

    assert contate(Appuntamento, enti, quando__date=oggi) > 50
    assert contate(Appuntamento, enti, quando__date__gt=oggi) > 100
    assert contate(Appuntamento, enti, quando__date__lt=oggi, stato="previsto") > 20
    assert min(stati[stato] for stato in Appuntamento.Stato.values) > 20
    assert contate(Appuntamento, enti, stato="fatto", prestazione=None) == 0


def test_i_percorsi_sono_in_ogni_stato_e_i_totali_sono_le_righe(enti):
    assert contate(Tirocinio, enti, fine=None) >= 3
    assert contate(Tirocinio, enti, assunzione_il__isnull=False) >= 2
    assert contate(PianoRientro, enti) >= 8
    assert contate(Rata, enti, pagata_il__isnull=False) > 20
    assert contate(Rata, enti, pagata_il=None, scade_il__lt=timezone.localdate()) > 5
    assert contate(PraticaCasa, enti) >= 8
    assert contate(PassoDiPratica, enti) > contate(PraticaCasa, enti)
    segni = per_valore(Esito, enti, "tipo__segno")
    assert contate(Esito, enti) > 100
    assert set(segni) == {"+", "0", "-"}
    assert contate(Esito, enti, tipo__codice="L_TIR_AVV") == contate(Tirocinio, enti)
    for ente in enti.values():
        with come_sistema(ente):
            piani = PianoRientro.objects.di(ente).per_calcolo().annotate(n=Sum("rate__importo"))
            assert all(debito == rate for debito, rate in piani.values_list("debito", "n"))


def test_ogni_riga_e_di_chi_lavora_e_non_del_sistema(enti):
    sistema = Utente.objects.sistema().pk
    for modello, campo in (
        (Prestazione, "registrata_da"),
        (Partecipazione, "registrata_da"),
        (Esito, "registrato_da"),
        (AttivitaIndiretta, "registrata_da"),
    ):
        assert contate(modello, enti, **{campo: sistema}) == 0
    ente = enti["coala"]
    with come_sistema(ente), connection.cursor() as cursore:
        cursore.execute(
            "SELECT DISTINCT (pgh_context->>'utente')::bigint FROM prestazioni_storiaesito"
        )
        assert sistema not in {utente for (utente,) in cursore.fetchall()}


def test_rifarla_non_aggiunge_niente(enti):
    prima = contate(Prestazione, enti)

    assert prepara_prestazioni() == 0
    assert contate(Prestazione, enti) == prima


def test_ogni_voce_dei_file_e_della_rete(enti):
    materiale = Materiale()
    for slug, piano in materiale.enti.items():
        assert {voce["voce"] for voce in piano["servizi"]} <= set(materiale.voci), slug
        assert set(piano["esiti"]) <= set(materiale.esiti), slug
    assert set(materiale.enti) == set(enti)


def test_ci_sono_richieste_aperte_in_ritardo_accolte_e_rifiutate(enti):
    """E una persona coi dati limitati, con l'avviso a chi li aveva ricevuti se c'era."""
    per_tipo = per_valore(RichiestaInteressato, enti, "tipo")
    per_stato = per_valore(RichiestaInteressato, enti, "stato")
    with come_sistema(enti["jokko"]):
        in_ritardo = RichiestaInteressato.objects.di(enti["jokko"]).scadute().count()

    assert per_tipo.total() >= 7
    assert set(per_tipo) == set(RichiestaInteressato.Tipo.values)
    assert per_stato["aperta"] > per_stato["accolta"] >= 2
    assert per_stato["rifiutata"] == 1
    assert in_ritardo == 1
    assert contate(Limitazione, enti, tolta_il=None) == 1


def test_rifare_le_richieste_non_ne_aggiunge(enti):
    assert prepara_richieste() == 0
