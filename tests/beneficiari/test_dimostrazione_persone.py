"""Le persone della dimostrazione: quante e quali, ripetibili, inventate, e niente fuori regola."""

import re
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
import yaml
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from beneficiari import collegamenti
from beneficiari.codici import FORME_NORMALI, incongruenze
from beneficiari.dimostrazione import inventa_rete, prepara_persone
from beneficiari.dimostrazione.codici import codice_fiscale, omocodo
from beneficiari.dimostrazione.materiale import Materiale
from beneficiari.models import (
    AccessoDEmergenza,
    Autorizzazione,
    AvvisoDEmergenza,
    Beneficiario,
    BisognoRilevato,
    Consenso,
    Identificativo,
    Passaggio,
    PresaInCarico,
    Recapito,
    RevocaConsenso,
    Unione,
    Valutazione,
)
from enti.models import Appartenenza, Ente, Utente
from enti.permessi import Attore, Ruolo
from enti.sistema import come_sistema
from privacy.gruppi import Gruppo, Livello
from privacy.models import Informativa, RegistroAccessi, Violazione
from report.management.commands.prepara_demo import ACCOUNT
from tests.fabbriche_persone import come


OGGI = date(2026, 11, 23)


@pytest.fixture(scope="module")
def inventate():
    """Le invenzioni senza database: per sigla di ente, e le persone note a più enti."""
    return inventa_rete(Materiale(), oggi=OGGI)


@pytest.fixture(scope="module")
def enti(django_db_setup, django_db_blocker) -> dict[str, Ente]:
    """I dodici enti con tutto ciò che scrive `prepara_demo`, una volta per questo file."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("prepara_demo", verbosity=0)
        yield {ente.slug: ente for ente in Ente.objects.della_rete()}
        transaction.set_rollback(True)


def di_chi(email: str, ente: Ente) -> Attore:
    """L'attore di un account della dimostrazione."""
    with come_sistema(ente):
        trovata = Appartenenza.objects.select_related("utente").get(utente__email=email, ente=ente)
    return Attore(trovata.utente, ente, trovata.ruolo)


def contate(modello, enti: dict[str, Ente], **filtri) -> int:
    """Quante righe di tutti gli enti, ciascuno letto nel proprio contesto."""
    somma = 0
    for ente in enti.values():
        with come_sistema(ente):
            somma += modello.objects.filter(ente=ente, **filtri).count()
    return somma


# --- Le invenzioni --------------------------------------------------------------------------


def test_dagli_stessi_file_escono_sempre_le_stesse_persone(inventate):
    di_nuovo, _ = inventa_rete(Materiale(), oggi=OGGI)

    for sigla, invenzione in inventate[0].items():
        # L'uguaglianza di una persona inventata è l'identità: si confrontano i campi.
        assert [vars(chi) for chi in invenzione.persone] == [
            vars(chi) for chi in di_nuovo[sigla].persone
        ]


def test_ogni_codice_e_valido_e_racconta_la_persona(inventate):
    tipi = Counter()
    for invenzione in inventate[0].values():
        for chi in invenzione.persone:
            tipo, valore = chi.codice or ("anonima", "")
            tipi[tipo] += 1
            if tipo in FORME_NORMALI:
                FORME_NORMALI[tipo](valore)
            if tipo == "cf":
                avvisi = incongruenze(
                    valore,
                    cognome=chi.cognome,
                    nascita=chi.nascita,
                    luogo=chi.nata_a,
                )
                assert avvisi == []

    assert set(tipi) == {"cf", "cf-provvisorio", "stp", "eni", "nessuno", "anonima"}


def test_c_e_chi_ha_un_codice_omocodo(inventate):
    codici = [
        chi.codice[1]
        for invenzione in inventate[0].values()
        for chi in invenzione.persone
        if chi.codice and chi.codice[0] == "cf"
    ]

    assert any(codice[14].isalpha() for codice in codici)


def test_un_codice_composto_si_riconosce_anche_omocodo():
    intero = codice_fiscale(
        cognome="Rossi", nome="Mario", sesso="M", nascita=date(1980, 1, 1), luogo="A182"
    )

    assert intero == "RSSMRA80A01A182N"
    assert FORME_NORMALI["cf"](omocodo(intero)) == intero


def test_i_fratelli_nascono_a_distanza_e_i_figli_dopo_i_genitori(inventate):
    for invenzione in inventate[0].values():
        for famiglia in invenzione.famiglie:
            figli = sorted(c.nascita for c, ruolo, _ in famiglia.componenti if ruolo == "figlio")
            capo = famiglia.componenti[0][0]
            assert all(b - a > timedelta(300) for a, b in pairwise(figli))
            assert not figli or capo.nascita < figli[0] - timedelta(365 * 15)


def test_nessuno_si_chiama_come_un_account_ne_come_un_altro(inventate):
    voci = yaml.safe_load(ACCOUNT.read_text(encoding="utf-8"))
    account = {(voce["cognome"], voce["nome"]) for voce in voci}
    rete, _ = inventa_rete(Materiale(), oggi=OGGI, vietati=account)

    nomi = {(p.cognome, p.nome) for inv in rete.values() for p in inv.persone if not p.anonima}
    assert not nomi & account


def test_ogni_nome_viene_dalle_liste(inventate):
    liste = Materiale().nomi.values()
    cognomi = {cognome for lista in liste for cognome in lista["cognomi"]}
    copie = {id(copia) for inv in inventate[0].values() for _, copia in inv.doppioni}

    for invenzione in inventate[0].values():
        for chi in invenzione.persone:
            assert chi.anonima or id(chi) in copie or chi.cognome in cognomi


# --- Ciò che si scrive ----------------------------------------------------------------------


def test_ci_sono_qualche_centinaio_di_persone_in_ogni_ente(enti):
    persone = {}
    for slug, ente in enti.items():
        with come_sistema(ente):
            persone[slug] = Beneficiario.objects.di(ente).count()

    assert len(persone) == 12
    # Un quarto sono i ragazzi del campo estivo, che ne vuole cento.
    assert 400 <= sum(persone.values()) <= 500
    assert min(persone.values()) >= 12


def test_in_ogni_ente_le_persone_sono_diverse_fra_loro(enti):
    anonimi = 0
    for slug, ente in enti.items():
        with come_sistema(ente):
            persone = list(Beneficiario.objects.di(ente))
        cittadinanze = Counter(codice for chi in persone for codice in chi.cittadinanze)
        nascite = [chi.data_nascita for chi in persone if chi.data_nascita]
        anonimi += sum(chi.anonimo for chi in persone)
        assert len(cittadinanze) >= 3, slug
        assert {"F", "M"} <= {chi.genere for chi in persone}, slug
        assert max(nascite) - min(nascite) > timedelta(365 * 8), slug
    assert anonimi >= 8
    minorenni = timezone.localdate() - timedelta(round(365.25 * 18))
    anziane = timezone.localdate() - timedelta(365 * 70)
    assert contate(Beneficiario, enti, data_nascita__gt=minorenni) > 60
    assert contate(Beneficiario, enti, data_nascita__lt=anziane) > 10
    assert contate(Beneficiario, enti, nascita_stimata=True) > 3
    assert contate(Beneficiario, enti, nome_scelto__gt="") > 5


def test_ogni_codice_scritto_si_apre_ed_e_valido(enti):
    for ente in enti.values():
        with come_sistema(ente):
            for riga in Identificativo.objects.filter(ente=ente).exclude(tipo="nessuno"):
                normale = FORME_NORMALI[riga.tipo](riga.valore)
                indice = Identificativo.indice_di(riga.tipo, ente=ente.pk, normale=normale)
                assert bytes(riga.indice) == indice


def test_i_percorsi_sono_in_ogni_stato(enti):
    assert contate(PresaInCarico, enti, chiusa_il=None) > 100
    assert contate(PresaInCarico, enti, chiusa_il__isnull=False) > 60
    assert contate(PresaInCarico, enti, nucleo__isnull=False) > 15
    assert contate(PresaInCarico, enti, esito__abbandono=True) > 5
    for stato in BisognoRilevato.Stato.values:
        assert contate(BisognoRilevato, enti, stato=stato) > 10, stato
    for momento in Valutazione.Momento.values:
        assert contate(Valutazione, enti, momento=momento) > 10, momento
    assert contate(Valutazione, enti, non_esprimibile=True) > 10
    assert contate(Valutazione, enti, non_esprimibile=False, valore=None) > 10
    oggi = timezone.localdate()
    assert contate(PresaInCarico, enti, aperta_il__gt=oggi) == 0
    assert contate(Valutazione, enti, valutata_il__gt=oggi) == 0


def test_gli_indirizzi_riservati_li_vede_solo_chi_li_custodisce(enti):
    coala = enti["coala"]
    with come(di_chi("paolo.rosso@coala.example", coala)):
        del_referente = Recapito.objects.filter(ente=coala, riservato=True).count()

    assert del_referente == 2
    assert contate(Recapito, enti, riservato=True) == 0


def test_consensi_e_autorizzazioni_sono_in_ogni_stato(enti):
    oggi = timezone.localdate()

    assert contate(Consenso, enti, esito="rifiutato") > 10
    assert contate(Consenso, enti, valido_fino_al__lt=oggi) > 5
    assert contate(Consenso, enti, firmatario__startswith="genitor") > 5
    assert contate(RevocaConsenso, enti) > 10
    assert contate(Informativa, enti) == 24
    for livello in Livello.values:
        in_vigore = {"livello": livello, "revocata_il": None, "dal__lte": oggi, "al__gte": oggi}
        assert contate(Autorizzazione, enti, **in_vigore) > 10, livello
    assert contate(Autorizzazione, enti, dal__gt=oggi) > 5
    assert contate(Autorizzazione, enti, al__lt=oggi) > 5
    assert contate(Autorizzazione, enti, motivo_revoca="consenso revocato") > 5
    assert contate(Autorizzazione, enti, revocata_da__isnull=False) > 10


def test_i_passaggi_sono_proposti_accettati_e_rifiutati(enti):
    stati = {stato: contate(Passaggio, enti, stato=stato) for stato in Passaggio.Stato.values}

    assert stati == {"proposto": 3, "accettato": 2, "rifiutato": 1, "ritirato": 0}


def test_un_doppione_e_unito_uno_e_stato_diviso_uno_e_da_guardare(enti):
    jokko = enti["jokko"]
    with come_sistema(jokko):
        unioni = list(Unione.objects.filter(ente=jokko))
        assorbite = Beneficiario.objects.di(jokko).exclude(unito_a=None).count()

    assert sorted(unione.annullata_il is None for unione in unioni) == [False, True]
    assert assorbite == 1


def test_chi_amministra_trova_legami_da_decidere_e_gia_decisi(enti):
    ospite = Ente.objects.che_ospita_il_coordinamento()
    with come(di_chi("giulia.ferrero@quadrante.example", ospite)):
        stati = Counter(legame.stato for legame in collegamenti.da_decidere())

    assert stati["proposto"] > 10
    assert stati["confermato"] >= 8
    assert stati["annullato"] == 1


def test_chi_ha_letto_ha_qualcosa_da_mostrare_anche_da_altri_enti(enti):
    coala = enti["coala"]
    with come(di_chi("paolo.rosso@coala.example", coala)):
        letture = RegistroAccessi.objects.filter(ente_titolare=coala)
        da_altri = letture.exclude(ente=coala)

        assert letture.count() > 40
        assert da_altri.count() > 3
        assert not letture.filter(quando__gt=timezone.now()).exists()
        # Nessuno, da fuori, risulta aver letto ciò che nessuno gli ha permesso: in emergenza c'è
        # l'avviso, che un'altra prova guarda.
        for lettura in da_altri.exclude(uscita="lavoro").exclude(finalita="emergenza"):
            permesse = Autorizzazione.objects.filter(
                beneficiario_id=lettura.beneficiario,
                destinatario=lettura.ente,
                finalita=lettura.finalita,
            )
            assert permesse.exists()


def test_la_storia_dice_chi_ha_scritto_e_non_il_sistema(enti):
    coala = enti["coala"]
    with come(di_chi("paolo.rosso@coala.example", coala)), connection.cursor() as cursore:
        cursore.execute(
            "SELECT DISTINCT (pgh_context->>'utente')::bigint FROM beneficiari_storiapresaincarico"
        )
        autori = {utente for (utente,) in cursore.fetchall()}

    assert len(autori) == 3
    assert Utente.objects.sistema().pk not in autori


def test_rifarla_non_aggiunge_niente(enti):
    prima = {modello: contate(modello, enti) for modello in (Beneficiario, Autorizzazione)}

    assert prepara_persone() == 0

    assert {modello: contate(modello, enti) for modello in prima} == prima


def test_senza_enti_che_ne_rispondono_non_si_scrive_nessuno(db):
    assert prepara_persone() == 0


@pytest.mark.parametrize(
    ("email", "slug"),
    [
        ("paolo.rosso@coala.example", "coala"),
        ("irene.villa@coala.example", "coala"),
        ("sara.conti@jokko.example", "jokko"),
        ("amadou.sarr@jokko.example", "jokko"),
    ],
)
def test_chi_prova_la_dimostrazione_trova_persone_casi_e_condivise(client, enti, email, slug):
    chi = di_chi(email, enti[slug])
    with come(chi):
        sue = PresaInCarico.objects.di(chi.ente).aperte().di_chi_segue(chi.utente)
        persone = Beneficiario.objects.di(chi.ente).presenti().count()
        condivise = Autorizzazione.objects.ricevute_da(chi.ente).in_vigore().count()
        assert sue.count() > 0
    assert persone > 30
    assert condivise > 3

    client.entra(chi)
    for nome in ("beneficiari:elenco", "beneficiari:condivise"):
        assert client.get(reverse(nome)).status_code == 200


def test_ogni_account_degli_enti_segue_qualcuno(enti):
    senza = []
    for ente in enti.values():
        with come_sistema(ente):
            lavorano = Appartenenza.objects.filter(
                ente=ente, ruolo__in=(Ruolo.OPERATORE, Ruolo.REFERENTE)
            )
            seguono = set(
                PresaInCarico.objects.di(ente).per_calcolo().values_list("operatore", flat=True)
            )
            ruoli = {riga.ruolo for riga in lavorano}
            senza += [riga.utente.email for riga in lavorano if riga.utente_id not in seguono]
        assert ruoli == {Ruolo.OPERATORE, Ruolo.REFERENTE}, ente.slug
    assert senza == []


def test_il_garante_vede_autorizzazioni_e_letture_ma_nessuna_persona(enti):
    ospite = Ente.objects.che_ospita_il_coordinamento()
    with come(di_chi("laura.martini@quadrante.example", ospite)):
        assert Autorizzazione.objects.count() > 100
        assert RegistroAccessi.objects.count() > 500
        assert Beneficiario.objects.count() == 0


def test_i_registri_hanno_un_emergenza_e_due_violazioni(enti):
    """Una chiusa, una con l'orologio che corre; di quella chiusa si sa chi è colpito."""
    accessi, avvisi, violazioni, colpite = 0, 0, [], []
    for ente in enti.values():
        with come_sistema(ente):
            accessi += AccessoDEmergenza.objects.filter(ente=ente).count()
            avvisi += AvvisoDEmergenza.objects.filter(ente=ente).count()
            sue = list(Violazione.objects.filter(ente=ente))
            violazioni += sue
            colpite += [una for voce in sue for una in voce.colpite()]

    # Un avviso per ogni ente che la segue, e la persona può essere di più d'uno.
    assert accessi == 1
    assert avvisi >= 1
    assert sorted(voce.corre for voce in violazioni) == [False, True]
    assert colpite


def test_le_note_non_nominano_diagnosi_ne_la_persona(inventate):
    frasi = [
        frase
        for profilo in Materiale().profili.values()
        for chiave in ("note", "motivazioni", "giudizi", "obiettivi")
        for frase in profilo[chiave]
    ]
    vietate = re.compile(r"diagnos|depress|schizo|autis|disturb|dipendenz|epiless|tumor", re.I)

    assert not [frase for frase in frasi if vietate.search(frase)]
    assert all(len(frase) < 200 for frase in frasi)


def test_chi_da_un_consenso_per_tutti_i_gruppi_e_fra_quelli_condivisi(enti):
    """C'è almeno una condivisione completa di tutti i gruppi: la pagina intera ha che mostrare."""
    tutti = [gruppo.value for gruppo in Gruppo]

    assert contate(Autorizzazione, enti, gruppi__contains=tutti, revocata_il=None) > 3
