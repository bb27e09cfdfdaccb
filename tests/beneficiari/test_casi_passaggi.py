"""Passare una presa in carico a un altro ente: che cosa vede chi riceve, prima e dopo."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.urls import reverse
from django.utils import timezone

from beneficiari.azioni import passaggi as azioni
from beneficiari.models import Autorizzazione, Beneficiario, Passaggio, PresaInCarico
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy.models import RegistroAccessi
from registro.comune.vincoli import frasi_del_database
from tests.fabbriche import attore
from tests.fabbriche_persone import (
    AutorizzazioneFactory,
    AzioneFactory,
    BeneficiarioFactory,
    BisognoRilevatoFactory,
    NotaFactory,
    ObiettivoFactory,
    PresaInCaricoFactory,
    RecapitoFactory,
    RevocaConsensoFactory,
    TipoDiChiusuraFactory,
    come,
)
from tests.interrogazioni import al_massimo


pytestmark = pytest.mark.django_db

GRUPPI = ["anagrafica", "prestazioni", "bisogni"]


@pytest.fixture
def mittente(db):
    TipoDiChiusuraFactory(codice="INV", nome="Invio definitivo ad altro servizio")
    return attore(Ruolo.OPERATORE)


@pytest.fixture
def ricevente(db):
    return attore(Ruolo.OPERATORE)


@pytest.fixture
def presa(mittente):
    persona = BeneficiarioFactory(ente=mittente.ente, cognome="Dapassare", comune="Asti")
    return PresaInCaricoFactory(
        beneficiario=persona, operatore=mittente.utente, motivazione="Serve un alloggio."
    )


@pytest.fixture
def autorizzazione(presa, ricevente):
    return AutorizzazioneFactory(
        beneficiario=presa.beneficiario,
        destinatario=ricevente.ente,
        finalita="invio",
        gruppi=list(GRUPPI),
    )


@pytest.fixture
def passaggio(presa, autorizzazione, mittente):
    with come(mittente):
        return azioni.proponi_passaggio(
            presa=presa,
            autorizzazione=autorizzazione,
            motivo="Ha trovato casa da voi",
            da=mittente,
        )


def _indirizzo(nome, oggetto):
    return reverse(f"beneficiari:{nome}", args=[oggetto.uuid])


def _accettazione(chi, **altro):
    with come_sistema(chi.ente):
        suo = chi.ente.appartenenze.get(utente=chi.utente)
    return {
        "cognome": "Dapassare",
        "nome": "Lucia",
        "azione": AzioneFactory().slug,
        "operatore": str(suo.uuid),
        "aperta_il": f"{timezone.localdate():%Y-%m-%d}",
        "motivazione": "Prosegue da noi.",
    } | altro


def _riletto(riga):
    with come_sistema(riga.ente):
        return type(riga).objects.get(pk=riga.pk)


# Proporre -------------------------------------------------------------------------------


def test_senza_autorizzazione_si_legge_dove_darla(client, mittente, presa):
    pagina = client.entra(mittente).get(_indirizzo("caso_passa", presa)).text

    assert "Nessun ente può ancora vedere questa persona per un invio" in pagina
    assert "un&#x27;autorizzazione completa" in pagina or "un'autorizzazione completa" in pagina


def test_si_propone_solo_a_chi_puo_vedere_la_persona_per_un_invio(
    client, mittente, presa, autorizzazione
):
    altra = AutorizzazioneFactory(beneficiario=presa.beneficiario, finalita="valutazione")

    pagina = client.entra(mittente).get(_indirizzo("caso_passa", presa)).text

    assert autorizzazione.destinatario.denominazione in pagina
    assert altra.destinatario.denominazione not in pagina


def test_proporre_avvisa_nella_pagina_e_si_puo_ritirare(client, mittente, presa, autorizzazione):
    client.entra(mittente)
    client.post(
        _indirizzo("caso_passa", presa),
        {"a": str(autorizzazione.uuid), "motivo": "Ha trovato casa da voi"},
    )
    with come(mittente):
        proposto = Passaggio.objects.get(presa=presa)
    pagina = client.get(_indirizzo("caso", presa)).text
    assert f"proposto a {autorizzazione.destinatario.denominazione}" in pagina

    client.post(_indirizzo("passaggio_ritira", proposto))

    assert _riletto(proposto).stato == "ritirato"
    assert "Passaggio ritirato" in client.get(_indirizzo("caso", presa)).text


def test_un_secondo_passaggio_insieme_al_primo_e_rifiutato(
    client, mittente, presa, passaggio, autorizzazione
):
    risposta = client.entra(mittente).post(
        _indirizzo("caso_passa", presa), {"a": str(autorizzazione.uuid), "motivo": "Di nuovo"}
    )

    assert risposta.status_code == 422
    assert "già un passaggio proposto" in risposta.text


@pytest.mark.parametrize(
    "campi",
    [
        {"finalita": "presa-in-carico"},
        {"livello": "esistenza", "gruppi": []},
        {"al": datetime.date(2026, 2, 1)},
    ],
)
def test_il_database_rifiuta_un_passaggio_senza_l_autorizzazione_giusta(
    mittente, ricevente, presa, campi
):
    debole = AutorizzazioneFactory(
        **{
            "beneficiario": presa.beneficiario,
            "destinatario": ricevente.ente,
            "finalita": "invio",
            "gruppi": ["anagrafica"],
            **campi,
        }
    )
    with come(mittente), pytest.raises(ValidationError, match="serve un'autorizzazione in vigore"):
        azioni.proponi_passaggio(presa=presa, autorizzazione=debole, motivo="Prova", da=mittente)


# Che cosa vede chi riceve ---------------------------------------------------------------


def test_chi_riceve_vede_solo_i_gruppi_autorizzati(client, presa, passaggio, ricevente):
    persona = presa.beneficiario
    ObiettivoFactory(beneficiario=persona, presa=presa, testo="Una casa entro l'anno")
    bisogno = BisognoRilevatoFactory(beneficiario=persona)
    RecapitoFactory(beneficiario=persona, valore="0141 999888")
    NotaFactory(beneficiario=persona, testo="Appunto segreto")
    client.entra(ricevente)

    elenco = client.get(reverse("beneficiari:passaggi")).text
    pagina = client.get(_indirizzo("passaggio", passaggio)).text

    assert "Dapassare" in elenco
    for visto in ("Dapassare", "Serve un alloggio.", "Una casa entro", bisogno.bisogno.nome):
        assert visto in pagina
    for nascosto in ("0141 999888", "Appunto segreto"):
        assert nascosto not in pagina


def test_la_lettura_di_chi_riceve_resta_scritta_con_la_sua_finalita(
    client, presa, passaggio, ricevente, mittente
):
    client.entra(ricevente).get(_indirizzo("passaggio", passaggio))

    with come(attore(Ruolo.REFERENTE, ente=mittente.ente)):
        lettura = RegistroAccessi.objects.get(
            beneficiario=presa.beneficiario_id, ente=ricevente.ente
        )
    assert (lettura.finalita, lettura.ente_titolare) == ("invio", mittente.ente)
    assert set(lettura.gruppi) <= {"anagrafica", "prestazioni", "bisogni"}


def test_fuori_dal_passaggio_la_persona_per_chi_riceve_non_esiste(
    client, presa, passaggio, ricevente
):
    client.entra(ricevente)

    assert client.get(_indirizzo("caso", presa)).status_code == 404
    assert client.get(_indirizzo("casi", presa.beneficiario)).status_code == 404
    assert "Dapassare" not in client.get(reverse("beneficiari:casi_elenco")).text


def test_un_terzo_ente_non_sa_del_passaggio(client, passaggio):
    client.entra(attore(Ruolo.REFERENTE))

    assert client.get(_indirizzo("passaggio", passaggio)).status_code == 404
    assert client.get(_indirizzo("passaggio_accetta", passaggio)).status_code == 404
    assert "Dapassare" not in client.get(reverse("beneficiari:passaggi")).text


def test_revocato_il_consenso_chi_riceve_non_vede_piu_niente(
    client, passaggio, autorizzazione, ricevente
):
    client.entra(ricevente)
    assert client.get(_indirizzo("passaggio", passaggio)).status_code == 200

    RevocaConsensoFactory(consenso=autorizzazione.consenso)

    assert client.get(_indirizzo("passaggio", passaggio)).status_code == 404
    assert "Ha trovato casa da voi" not in client.get(reverse("beneficiari:passaggi")).text
    accettato = client.post(_indirizzo("passaggio_accetta", passaggio), _accettazione(ricevente))
    assert accettato.status_code == 404


def test_chi_propone_legge_che_l_autorizzazione_e_caduta(
    client, mittente, presa, passaggio, autorizzazione
):
    RevocaConsensoFactory(consenso=autorizzazione.consenso)

    pagina = client.entra(mittente).get(_indirizzo("caso", presa)).text

    assert "non è più in vigore" in pagina


# Rispondere -----------------------------------------------------------------------------


def test_accettando_nascono_righe_proprie_e_l_altra_presa_si_chiude(
    client, mittente, ricevente, presa, passaggio
):
    client.entra(ricevente)
    modulo = client.get(_indirizzo("passaggio_accetta", passaggio))

    risposta = client.post(
        _indirizzo("passaggio_accetta", passaggio), _accettazione(ricevente, comune="Alba")
    )

    assert 'value="Dapassare"' in modulo.text
    with come(ricevente):
        nuova = PresaInCarico.objects.get(ente=ricevente.ente)
        sua = Beneficiario.objects.get(ente=ricevente.ente)
    assert risposta.url == _indirizzo("caso", nuova)
    assert (sua.cognome, sua.comune) == ("Dapassare", "Alba")
    assert (nuova.canale, nuova.ente_inviante) == ("rete-progetto", mittente.ente)
    vecchia = _riletta_chiusa(presa)
    assert vecchia.esito.codice == "INV"
    assert ricevente.ente.denominazione in vecchia.esito_in_parole
    risposto = _riletto(passaggio)
    assert (risposto.stato, risposto.risposto_da) == ("accettato", ricevente.utente)


def _riletta_chiusa(presa):
    with come_sistema(presa.ente):
        return PresaInCarico.objects.select_related("esito").get(pk=presa.pk)


def test_dopo_aver_accettato_chi_ha_passato_non_vede_la_presa_nuova(
    client, mittente, ricevente, presa, passaggio
):
    client.entra(ricevente).post(
        _indirizzo("passaggio_accetta", passaggio), _accettazione(ricevente)
    )
    with come(ricevente):
        nuova = PresaInCarico.objects.get(ente=ricevente.ente)

    client.entra(mittente)

    assert client.get(_indirizzo("caso", nuova)).status_code == 404
    pagina = client.get(_indirizzo("caso", presa)).text
    assert f"Passaggio accettato da {ricevente.ente.denominazione}" in pagina


def test_se_si_chiama_come_una_di_qui_si_dice_se_e_la_stessa(client, ricevente, presa, passaggio):
    sua = BeneficiarioFactory(ente=ricevente.ente, cognome="Dapassare", nome="Lucia")
    indirizzo = _indirizzo("passaggio_accetta", passaggio)
    scritti = _accettazione(ricevente, comune="Alba")
    client.entra(ricevente)

    chiesto = client.post(indirizzo, scritti)
    client.post(indirizzo, scritti | {"gia_qui": str(sua.uuid)})

    assert chiesto.status_code == 422
    assert "di&#x27; se è la stessa persona" in chiesto.text
    with come(ricevente):
        assert Beneficiario.objects.get(ente=ricevente.ente).comune == sua.comune
        assert PresaInCarico.objects.get(ente=ricevente.ente).beneficiario == sua


def test_chi_rifiuta_dice_perche_e_la_presa_resta(client, mittente, ricevente, presa, passaggio):
    client.entra(ricevente)
    indirizzo = _indirizzo("passaggio_rifiuta", passaggio)

    muto = client.post(indirizzo, {"risposta": " "})
    client.post(indirizzo, {"risposta": "Non abbiamo posto"})

    assert muto.status_code == 422
    assert _riletto(passaggio).stato == "rifiutato"
    assert _riletto(presa).aperta
    pagina = client.entra(mittente).get(_indirizzo("caso", presa)).text
    assert "Non abbiamo posto" in pagina


def test_non_si_accetta_due_volte(client, ricevente, passaggio):
    indirizzo = _indirizzo("passaggio_accetta", passaggio)
    client.entra(ricevente).post(indirizzo, _accettazione(ricevente))

    ancora = client.post(indirizzo, _accettazione(ricevente))

    assert ancora.url == _indirizzo("passaggio", passaggio)
    with come(ricevente):
        assert PresaInCarico.objects.filter(ente=ricevente.ente).count() == 1


def test_non_si_accetta_un_passaggio_di_una_presa_gia_chiusa(client, ricevente, presa, passaggio):
    with come_sistema(presa.ente):
        presa.chiusa_il, presa.esito = timezone.localdate(), TipoDiChiusuraFactory()
        presa.save()

    risposta = client.entra(ricevente).post(
        _indirizzo("passaggio_accetta", passaggio), _accettazione(ricevente)
    )

    assert risposta.status_code == 422
    assert "non c&#x27;è niente da passare" in risposta.text
    with come(ricevente):
        assert not Beneficiario.objects.filter(ente=ricevente.ente).exists()


# Il database ----------------------------------------------------------------------------


@pytest.mark.parametrize(("chi", "stato"), [("mittente", "accettato"), ("ricevente", "ritirato")])
def test_il_database_rifiuta_la_risposta_di_chi_non_deve_darla(
    request, passaggio, mittente, ricevente, chi, stato
):
    with (
        come({"mittente": mittente, "ricevente": ricevente}[chi]),
        pytest.raises(ValidationError, match=r"Un passaggio lo ritira|A un passaggio risponde"),
        frasi_del_database(),
    ):
        Passaggio.objects.filter(pk=passaggio.pk).update(stato=stato)


def test_chi_riceve_non_chiude_la_presa_altrui_da_se(presa, passaggio, ricevente):
    with come(ricevente, finalita="invio"):
        vista = PresaInCarico.objects.filter(pk=presa.pk).exists()
        cambiate = PresaInCarico.objects.filter(pk=presa.pk).update(motivazione="Cambiata")
    assert (vista, cambiate) == (True, 0)


def test_l_autorizzazione_scaduta_ferma_anche_chi_ha_la_pagina_aperta(
    passaggio, ricevente, autorizzazione
):
    with come(ricevente, finalita="invio"):
        aperta = Passaggio.objects.get(pk=passaggio.pk)
    with come_sistema(autorizzazione.ente):
        Autorizzazione.objects.filter(pk=autorizzazione.pk).update(revocata_il=timezone.now())
    with come(ricevente, finalita="invio"), pytest.raises(ValidationError):
        azioni.accetta_passaggio(
            passaggio=aperta,
            persona=Beneficiario(cognome="Dapassare", nome="Lucia"),
            azione=AzioneFactory(),
            da=ricevente,
        )
    with come(ricevente):
        assert not Beneficiario.objects.filter(ente=ricevente.ente).exists()


def test_una_chiusura_per_abbandono_senza_motivo_la_rifiuta_il_database(presa):
    rinuncia = TipoDiChiusuraFactory(codice="RIN", nome="Rinuncia", abbandono=True)
    with come_sistema(presa.ente), pytest.raises(IntegrityError, match="di un abbandono"):
        PresaInCarico.objects.filter(pk=presa.pk).update(
            chiusa_il=timezone.localdate(), esito=rinuncia
        )
    connection.set_rollback(False)


def test_l_elenco_dei_passaggi_costa_poco(client, passaggio, ricevente):
    client.entra(ricevente)

    with al_massimo(15):
        client.get(reverse("beneficiari:passaggi"))


def test_i_passaggi_stanno_in_due_elenchi_e_a_pagine(
    client, presa, passaggio, ricevente, mittente, monkeypatch
):
    monkeypatch.setattr("beneficiari.views.passaggi.PER_PAGINA", 1)
    propone = attore(Ruolo.REFERENTE, ente=mittente.ente)
    with come(propone):
        azioni.ritira_passaggio(passaggio=passaggio, da=propone)
        altro = azioni.proponi_passaggio(
            presa=presa,
            autorizzazione=passaggio.autorizzazione,
            motivo="Una seconda volta",
            da=propone,
        )

    prima = client.entra(ricevente).get(reverse("beneficiari:passaggi"))
    seconda = client.get(reverse("beneficiari:passaggi"), {"pagina": 2})
    di_chi_riceve = client.get(reverse("beneficiari:passaggi"), {"lista": "mandati"})
    mandati = client.entra(propone).get(
        reverse("beneficiari:passaggi"), {"lista": "mandati", "pagina": 2}
    )

    assert [voce for voce, _ in prima.context["righe"]] == [altro]
    assert [voce for voce, _ in seconda.context["righe"]] == [passaggio]
    assert di_chi_riceve.context["righe"] == []
    assert [voce for voce, _ in mandati.context["righe"]] == [passaggio]
    assert "lista=mandati&amp;pagina=1" in mandati.text
