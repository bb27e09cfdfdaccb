"""In «Correggi»: l'appunto riservato, e quanto c'è stato ciascuno."""

import html

import pytest
from django.urls import reverse

from beneficiari.azioni.unioni import unisci
from prestazioni.azioni.ognuno import PIU_DELLA_PRESTAZIONE
from prestazioni.models import (
    Affiancamento,
    NotaDiPrestazione,
    Partecipazione,
    Prestazione,
    StoriaAffiancamento,
)
from tests.fabbriche import attore
from tests.fabbriche_persone import BeneficiarioFactory, PresaInCaricoFactory, come
from tests.prestazioni.registrare import REGISTRA, UN_ANNO_FA, righe, scritto


pytestmark = pytest.mark.django_db


@pytest.fixture
def con_appunto(entrato, chi, presa, servizio):
    """Una riga da un'ora, col suo appunto, e l'indirizzo per correggerla."""
    entrato.post(REGISTRA, scritto(presa, servizio, durata="60", nota="Torna a marzo."))
    riga = righe(chi)[0]
    return riga, reverse("prestazioni:correggi", args=[riga.uuid])


def _rimandato(riga, presa, servizio, **altro) -> dict:
    return scritto(presa, servizio, durata="60", uuid=str(riga.uuid), versione="1") | altro


def _appunto(presa) -> str:
    return f"appunto-{presa.beneficiario.uuid}"


def _nota(chi) -> NotaDiPrestazione | None:
    with come(chi):
        return NotaDiPrestazione.objects.first()


def test_l_appunto_si_riscrive_e_resta_cifrato(entrato, chi, presa, servizio, con_appunto):
    riga, indirizzo = con_appunto
    assert "Torna a marzo." in entrato.get(indirizzo).content.decode()

    dati = _rimandato(riga, presa, servizio, **{_appunto(presa): "Torna ad aprile."})
    assert entrato.post(indirizzo, dati).status_code == 302

    nota = _nota(chi)
    assert nota.testo == "Torna ad aprile."
    assert b"aprile" not in bytes(nota.testo_cifrato)
    assert nota.scritta_da == chi.utente


def test_un_appunto_vuoto_si_toglie_e_se_ne_scrive_uno_nuovo(
    entrato, chi, presa, servizio, con_appunto
):
    riga, indirizzo = con_appunto
    dati = _rimandato(riga, presa, servizio)

    entrato.post(indirizzo, dati | {_appunto(presa): "  "})
    assert _nota(chi) is None

    entrato.post(indirizzo, dati | {_appunto(presa): "Un altro.", "versione": "2"})
    assert _nota(chi).testo == "Un altro."


def test_una_pagina_che_non_manda_l_appunto_lo_lascia_com_e(
    entrato, chi, presa, servizio, con_appunto
):
    riga, indirizzo = con_appunto

    entrato.post(indirizzo, _rimandato(riga, presa, servizio))

    assert _nota(chi).testo == "Torna a marzo."


def test_il_referente_scrive_il_suo_appunto_e_non_cambia_quello_di_un_altro(
    client, chi, presa, servizio, con_appunto
):
    """Il modulo è lo stesso che ci sia o no l'appunto di un altro: non dice se c'è."""
    riga, indirizzo = con_appunto
    referente = attore("referente", ente=chi.ente)
    entrato = client.entra(referente)

    pagina = entrato.get(indirizzo).content.decode()
    dati = _rimandato(riga, presa, servizio, **{_appunto(presa): "Lo dico anch'io."})
    assert entrato.post(indirizzo, dati).status_code == 302

    assert _appunto(presa) in pagina
    assert "Torna a marzo." not in pagina
    with come(referente):
        testi = {nota.scritta_da_id: nota.testo for nota in NotaDiPrestazione.objects.all()}
    assert testi == {chi.utente.pk: "Torna a marzo.", referente.utente.pk: "Lo dico anch'io."}
    # Nella pagina della riga ognuno ha il suo nome accanto.
    letta = html.unescape(
        entrato.get(reverse("prestazioni:prestazione", args=[riga.uuid])).content.decode()
    )
    assert "Torna a marzo." in letta
    assert "Lo dico anch'io." in letta


def test_i_campi_non_dicono_quante_righe_ha_la_rete(entrato, chi, presa, servizio, con_appunto):
    """I nomi sono uuid e impronte: un numero di riga conterebbe quelle di tutti gli enti."""
    _, indirizzo = con_appunto
    _affiancata(entrato, chi, presa, servizio, con_appunto)

    nomi = list(entrato.get(indirizzo).context["ognuno"].fields)

    assert len(nomi) == 3
    assert all(len(nome.partition("-")[2]) >= 32 for nome in nomi)


def test_se_la_riga_e_cambiata_l_appunto_non_si_scrive(entrato, chi, presa, servizio, con_appunto):
    riga, indirizzo = con_appunto
    dati = _rimandato(riga, presa, servizio, **{_appunto(presa): "Nuovo."}, versione="7")

    assert entrato.post(indirizzo, dati).status_code == 422
    assert _nota(chi).testo == "Torna a marzo."


def _affiancata(entrato, chi, presa, servizio, con_appunto) -> dict:
    """Ciò che si rimanda della riga, dopo averci aggiunto un collega (e la versione è la 2)."""
    riga, indirizzo = con_appunto
    collega = attore(ente=chi.ente)
    utenti = entrato.get(indirizzo).context["form"].fields["affiancano"].utenti
    scelto = next(chiave for chiave, utente in utenti.items() if utente == collega.utente)
    dati = _rimandato(riga, presa, servizio, affiancano=[scelto])
    assert entrato.post(indirizzo, dati).status_code == 302
    return dati


def _durate(entrato, indirizzo) -> list[str]:
    """Come si chiamano i campi delle durate: prima le persone, poi i colleghi."""
    return [c.html_name for c in entrato.get(indirizzo).context["ognuno"].campi_delle_durate()]


def test_un_collega_non_puo_esserci_stato_piu_della_prestazione(
    entrato, chi, presa, servizio, con_appunto
):
    _, indirizzo = con_appunto
    dati = _affiancata(entrato, chi, presa, servizio, con_appunto)
    _, collega = _durate(entrato, indirizzo)

    risposta = entrato.post(indirizzo, dati | {collega: "2h", "versione": "2"})

    assert risposta.status_code == 422
    assert risposta.context["ognuno"].errors[collega] == [PIU_DELLA_PRESTAZIONE]
    with come(chi):
        assert Affiancamento.objects.get().minuti is None

    entrato.post(indirizzo, dati | {collega: "50'", "versione": "2"})
    # Accorciare la prestazione senza dire di lui non lascia le sue ore più lunghe.
    risposta = entrato.post(indirizzo, dati | {"durata": "30", "versione": "3"})
    assert risposta.status_code == 422
    assert PIU_DELLA_PRESTAZIONE in html.unescape(risposta.content.decode())
    with come(chi):
        assert Affiancamento.objects.get().minuti == 50
        assert Prestazione.objects.get().minuti == 60
    # Chi si toglie non conta più.
    senza = dati | {"durata": "30", "affiancano": [], collega: "50'", "versione": "3"}
    assert entrato.post(indirizzo, senza).status_code == 302


def test_delle_ore_di_un_collega_resta_com_erano_e_chi_le_ha_cambiate(
    entrato, chi, presa, servizio, con_appunto
):
    _, indirizzo = con_appunto
    dati = _affiancata(entrato, chi, presa, servizio, con_appunto)
    _, collega = _durate(entrato, indirizzo)
    entrato.post(indirizzo, dati | {collega: "30'", "versione": "2"})
    entrato.post(indirizzo, dati | {"affiancano": [], "versione": "3"})

    with come(attore("referente", ente=chi.ente)):
        storia = list(StoriaAffiancamento.objects.order_by("pgh_id"))

    assert [(voce.pgh_label, voce.minuti) for voce in storia] == [
        ("nata", None),
        ("cambiata", 30),
        ("tolta", 30),
    ]
    assert {voce.pgh_context["utente"] for voce in storia} == {chi.utente.pk}
    with come(chi):
        assert not StoriaAffiancamento.objects.exists()


def test_un_collega_e_una_persona_possono_esserci_stati_meno(
    entrato, chi, presa, servizio, con_appunto
):
    riga, indirizzo = con_appunto
    dati = _affiancata(entrato, chi, presa, servizio, con_appunto)
    quanto = dict(zip(_durate(entrato, indirizzo), ("40'", "0h30"), strict=True))
    assert entrato.post(indirizzo, dati | quanto | {"versione": "2"}).status_code == 302

    with come(chi):
        assert Partecipazione.objects.get().minuti == 40
        assert Affiancamento.objects.get().minuti == 30
    # Correggendo altro, restano.
    entrato.post(indirizzo, dati | {"versione": "3", "luogo": "In sede"})
    with come(chi):
        assert Affiancamento.objects.get().minuti == 30
    pagina = entrato.get(reverse("prestazioni:prestazione", args=[riga.uuid]))
    assert "(30 minuti)" in pagina.content.decode().replace("\xa0", " ")


def test_una_durata_che_non_si_capisce_si_dice_e_non_salva(
    entrato, chi, presa, servizio, con_appunto
):
    riga, indirizzo = con_appunto
    (campo,) = _durate(entrato, indirizzo)

    risposta = entrato.post(indirizzo, _rimandato(riga, presa, servizio, **{campo: "poco"}))

    assert risposta.status_code == 422
    with come(chi):
        assert Partecipazione.objects.get().minuti is None


def _campi(entrato, indirizzo) -> tuple[str, str]:
    """Come si chiamano, nella pagina, la durata e l'appunto della sola persona che c'era."""
    di_ognuno = entrato.get(indirizzo).context["ognuno"]
    (durata,), (appunto,) = di_ognuno.persone.values(), di_ognuno.appunti.values()
    return durata, appunto


def _altra(chi):
    """La presa in carico di un'altra persona."""
    return PresaInCaricoFactory(
        beneficiario=BeneficiarioFactory(ente=chi.ente), operatore=chi.utente, aperta_il=UN_ANNO_FA
    )


def _unita(chi, presa):
    """La presa in carico della riga tenuta, unita adesso a quella che c'era."""
    tenuta, referente = _altra(chi), attore("referente", ente=chi.ente)
    with come(referente):
        unisci(tenuta=tenuta.beneficiario, assorbita=presa.beneficiario, da=referente)
    return tenuta


def test_chi_intanto_e_stata_unita_tiene_la_sua_durata(entrato, chi, presa, servizio, con_appunto):
    riga, indirizzo = con_appunto
    with come(chi):
        Partecipazione.objects.update(minuti=40)
    unita = _unita(chi, presa)

    assert entrato.post(indirizzo, _rimandato(riga, unita, servizio)).status_code == 302

    with come(chi):
        presenza = Partecipazione.objects.get()
    assert (presenza.beneficiario_id, presenza.minuti) == (unita.beneficiario_id, 40)


def test_a_chi_intanto_e_stata_unita_si_scrivono_durata_e_appunto_nuovi(
    entrato, chi, presa, servizio
):
    entrato.post(REGISTRA, scritto(presa, servizio, durata="60"))
    riga, unita = righe(chi)[0], _unita(chi, presa)
    indirizzo = reverse("prestazioni:correggi", args=[riga.uuid])
    durata, appunto = _campi(entrato, indirizzo)
    dati = _rimandato(riga, unita, servizio, **{durata: "25'", appunto: "Sta meglio."})

    assert entrato.post(indirizzo, dati).status_code == 302

    with come(chi):
        assert Partecipazione.objects.get().minuti == 25
        nota = NotaDiPrestazione.objects.get()
    assert (nota.beneficiario_id, nota.testo) == (unita.beneficiario_id, "Sta meglio.")


@pytest.mark.parametrize("gia", ["", "Di chi?", "Un altro."])
def test_un_appunto_su_chi_si_toglie_non_si_perde_in_silenzio(entrato, chi, presa, servizio, gia):
    """Nemmeno se era già scritto: resterebbe su chi non c'era."""
    entrato.post(REGISTRA, scritto(presa, servizio, durata="50"))
    riga = righe(chi)[-1]
    indirizzo = reverse("prestazioni:correggi", args=[riga.uuid])
    durata, appunto = _campi(entrato, indirizzo)
    if gia:
        entrato.post(indirizzo, _rimandato(riga, presa, servizio, **{durata: "50", appunto: gia}))
    versione = str(righe(chi)[-1].versione)
    dati = scritto(_altra(chi), servizio, durata="50", uuid=str(riga.uuid), versione=versione)

    risposta = entrato.post(indirizzo, dati | {appunto: "Di chi?"})

    assert risposta.status_code == 422
    assert "hai tolto da chi c'era" in html.unescape(risposta.content.decode())
    with come(chi):
        assert (
            Partecipazione.objects.get(prestazione=riga).beneficiario_id == presa.beneficiario_id
        )
