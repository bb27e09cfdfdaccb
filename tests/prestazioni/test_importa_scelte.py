"""Ciò che in «Importa» decide chi importa: le righe che ci sono già, le persone che mancano, i rifiuti."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from beneficiari.models import Beneficiario, PresaInCarico
from enti.permessi import Ruolo
from prestazioni.azioni import importazioni as azioni
from prestazioni.importo import deposito
from prestazioni.models import Importazione, Partecipazione, Prestazione
from tests.comune.fogli.archivi import foglio
from tests.fabbriche import attore
from tests.fabbriche_persone import AzioneFactory, BeneficiarioFactory, come
from tests.fabbriche_prestazioni import EsitoFactory, ServizioFactory
from tests.prestazioni.importazioni import (
    LINA,
    caricato,
    importa,
    manda,
    motivi,
    pagina,
    parole,
    seguita,
    ultima,
)


pytestmark = pytest.mark.django_db

DI_GRUPPO = ("Presenti", "Data", "Servizio", "Ore")
NASCITA = datetime.date(1980, 3, 12)
FEBBRAIO = datetime.date(2026, 2, 3)


@pytest.fixture
def referente():
    return attore(Ruolo.REFERENTE)


@pytest.fixture
def sportello(referente):
    return ServizioFactory(ente=referente.ente, nome="Sportello casa")


@pytest.fixture
def in_due(referente, sportello, tmp_path):
    """Due persone seguite; della prima c'è già la prestazione del 3 febbraio."""
    azione = AzioneFactory()
    for cognome in ("Rossi", "Bianchi"):
        seguita(referente.ente, cognome, "Ada", azione=azione)
    una = foglio([[*DI_GRUPPO], ["Rossi Ada", FEBBRAIO, "Sportello casa", 2]])
    codice, _ = importa(tmp_path, una, referente, "--nomi-unici")
    assert codice == 0


def _di_gruppo(client, referente) -> Importazione:
    """Un foglio con tre righe: una doppia in parte, una doppia, una nuova."""
    nati = "Rossi Ada (12.3.1980), Bianchi Ada (12.3.1980)"
    righe = (
        (nati, "3/2/2026", "Sportello casa", "2"),
        ("Rossi Ada (12.3.1980)", "3/2/2026", "Sportello casa", "2"),
        ("Rossi Ada (12.3.1980)", "4/2/2026", "Sportello casa", "2"),
    )
    return caricato(client, referente, *righe, nomi=DI_GRUPPO)


def _stati(client, importazione) -> list[str]:
    righe = client.get(pagina("importa_anteprima", importazione)).context["righe"]
    return [str(riga.stato) for riga in righe]


def test_una_riga_doppia_in_parte_si_carica_lo_stesso_se_lo_si_sceglie(
    client, referente, in_due, subito
):
    importazione = _di_gruppo(client, referente)
    prima = client.get(pagina("importa_anteprima", importazione))
    assert _stati(client, importazione) == ["in_parte", "doppia", "pronta"]
    assert "già in parte" in parole(prima)

    client.post(pagina("importa_doppioni", importazione), {"doppioni": "carica_in_parte"})
    client.post(pagina("importa_doppioni", importazione), {"doppioni": "salta"})

    dopo = client.get(pagina("importa_anteprima", importazione))
    assert _stati(client, importazione) == ["pronta", "saltata", "pronta"]
    assert "Carica 2 righe" in parole(dopo)
    assert "caricare anche righe che ci sono già" in parole(dopo)
    client.post(pagina("importa_carica", importazione))
    with come(referente):
        assert Prestazione.objects.filter(importazione=importazione).count() == 2
        assert Partecipazione.objects.filter(prestazione__importazione=importazione).count() == 3


def test_una_riga_doppia_in_parte_si_salta_senza_toccare_le_altre(
    client, referente, in_due, subito
):
    importazione = _di_gruppo(client, referente)

    client.post(pagina("importa_doppioni", importazione), {"doppioni": "salta_in_parte"})

    assert _stati(client, importazione) == ["saltata", "doppia", "pronta"]


def test_delle_righe_doppie_si_scelgono_una_per_una_quelle_da_caricare(
    client, referente, in_due, subito
):
    importazione = _di_gruppo(client, referente)
    doppioni = pagina("importa_doppioni", importazione)

    client.post(doppioni, {"doppioni": "carica_scelte", "riga": ["3"]})
    assert _stati(client, importazione) == ["in_parte", "pronta", "pronta"]
    with come(referente):
        scelte = azioni.scelte_di(Importazione.objects.get(pk=importazione.pk))
    assert (scelte.righe_confermate, scelte.doppioni) == ([3], "rifiuta")

    client.post(doppioni, {"doppioni": "salta_scelte", "riga": ["2"]})
    assert _stati(client, importazione) == ["saltata", "pronta", "pronta"]

    client.post(doppioni, {"doppioni": "rimetti"})
    assert _stati(client, importazione) == ["in_parte", "doppia", "pronta"]


@pytest.mark.parametrize("righe", [[], ["4"], ["boh", "-1"]])
def test_senza_una_riga_doppia_scelta_non_cambia_niente(client, referente, in_due, subito, righe):
    """La riga 4 non è doppia: non la si può né saltare né confermare da lì."""
    importazione = _di_gruppo(client, referente)

    risposta = client.post(
        pagina("importa_doppioni", importazione),
        {"doppioni": "salta_scelte", "riga": righe},
        follow=True,
    )

    assert "Non hai scelto nessuna riga" in parole(risposta)
    assert _stati(client, importazione) == ["in_parte", "doppia", "pronta"]


def test_il_comando_decide_dei_doppioni_in_parte(tmp_path, referente, in_due):
    tre = foglio([[*DI_GRUPPO], ["Rossi Ada, Bianchi Ada", FEBBRAIO, "Sportello casa", 2]])

    _, fermo = importa(tmp_path, tre, referente, "--nomi-unici", "--prova")
    codice, saltata = importa(tmp_path, tre, referente, "--nomi-unici", "--in-parte", "salta")
    caricata, _ = importa(tmp_path, tre, referente, "--nomi-unici", "--in-parte", "carica")

    assert "saltare la riga o di caricarla lo stesso" in motivi(fermo)[2]
    assert (codice, saltata["valide"], saltata["rifiutate"]) == (1, 0, [])
    assert caricata == 0


def test_due_esiti_uguali_si_caricano_se_lo_si_sceglie(tmp_path, referente):
    persona = BeneficiarioFactory(ente=referente.ente, cognome="Abate")
    esito = EsitoFactory(presa__beneficiario=persona)
    righe = [
        ["Cognome", "Nome", "Nato il", "Esito", "Data"],
        [persona.cognome, persona.nome, persona.data_nascita, esito.tipo.nome, esito.giorno],
    ]

    rifiutato, _ = importa(tmp_path, foglio(righe), referente, tipo="esiti")
    caricato_lo_stesso, _ = importa(
        tmp_path, foglio(righe), referente, "--doppioni", "carica", tipo="esiti"
    )

    assert (rifiutato, caricato_lo_stesso) == (1, 0)


def test_le_righe_rifiutate_corrette_si_ricaricano_come_sono(client, referente, sportello, subito):
    """Le due colonne che il Registro aggiunge non si leggono, e non restano fra quelle da abbinare."""
    seguita(referente.ente, *LINA[:2], NASCITA)
    importazione = caricato(client, referente, (*LINA, "31/2/26", "Sportello casa", "45'"))
    scaricato = client.get(pagina("importa_rifiutate", importazione))
    contenuto = scaricato.getvalue()

    file = SimpleUploadedFile("righe.xlsx", contenuto)
    risposta = client.post(reverse("prestazioni:importa"), {"tipo": "prestazioni", "file": file})
    seconda = ultima(referente)
    assert risposta.url == pagina("importa_colonne", seconda)
    proposta = client.get(risposta.url).context["proposta"]

    assert proposta.intestazioni == ("Cognome", "Nome", "Nato il", "Data", "Servizio", "Durata")
    assert list(proposta.colonne) == ["B", "C", "D", "E", "F", "G"]
    assert "non si leggono" in " ".join(proposta.avvisi)


def test_un_foglio_con_le_sole_colonne_del_registro_si_rifiuta(client, referente):
    righe = [["Riga del foglio", "Motivo del rifiuto"], [2, "Manca la data."]]
    file = SimpleUploadedFile("righe.xlsx", foglio(righe))
    client.entra(referente)

    client.post(reverse("prestazioni:importa"), {"tipo": "persone", "file": file})
    risposta = client.get(pagina("importa_colonne", ultima(referente)))

    assert risposta.status_code == 409
    assert "rimetti le tue" in parole(risposta)


def test_un_numero_di_riga_smisurato_non_e_una_riga(client, referente, in_due, subito):
    importazione = _di_gruppo(client, referente)
    smisurato = "9" * 5000

    scelta = {"doppioni": "carica_scelte", "riga": [smisurato]}
    assert client.post(pagina("importa_doppioni", importazione), scelta).status_code == 302
    anteprima = client.get(pagina("importa_anteprima", importazione), {"riga": smisurato})
    colonne = client.post(
        pagina("importa_colonne", importazione), {"rileggi": "", "riga": smisurato}
    )

    assert anteprima.status_code == 200
    assert colonne.status_code in {200, 422}
    assert _stati(client, importazione) == ["in_parte", "doppia", "pronta"]


def test_se_il_foglio_se_ne_va_fra_una_lettura_e_l_altra_si_dice(
    client, referente, in_due, subito, monkeypatch
):
    importazione = _di_gruppo(client, referente)

    def sparito(*_):
        raise deposito.FoglioScaduto

    monkeypatch.setattr(deposito, "prendi_righe", sparito)

    for nome in ("importa_anteprima", "importa_rifiutate"):
        risposta = client.get(pagina(nome, importazione))
        assert risposta.status_code == 409, nome
        assert "Il file caricato non si conserva più" in parole(risposta)


def _con_una_che_manca(client, referente):
    """Due righe di una persona che l'ente non ha."""
    righe = (
        (*LINA, "3/2/26", "Sportello casa", "45'"),
        (*LINA, "5/2/26", "Sportello casa", "1h"),
    )
    return caricato(client, referente, *righe)


def test_le_persone_che_mancano_si_creano_dalla_pagina_e_con_l_annullo_spariscono(
    client, referente, sportello, subito
):
    azione = AzioneFactory()
    importazione = _con_una_che_manca(client, referente)
    prima = parole(client.get(pagina("importa_anteprima", importazione)))
    assert "1 persona non è fra quelle dell" in prima
    assert "Abate Lina, data di nascita 12/03/1980: 2 righe" in prima

    client.post(
        pagina("importa_chi_manca", importazione),
        {"crea": "si", "azione": azione.slug, "canale": "passaparola"},
    )
    dopo = parole(client.get(pagina("importa_anteprima", importazione)))
    assert "1 persona nascerà da questo foglio" in dopo
    assert "Carica 2 righe" in dopo

    client.post(pagina("importa_carica", importazione))
    assert "e 1 persona nuova" in parole(client.get(pagina("importazione", importazione)))
    with come(referente):
        presa = PresaInCarico.objects.get()
        assert (presa.azione, presa.canale, presa.aperta_il) == (azione, "passaparola", FEBBRAIO)
        assert Partecipazione.objects.filter(beneficiario=presa.beneficiario).count() == 2

    client.post(pagina("importa_annulla", importazione))
    with come(referente):
        assert not Prestazione.objects.exists()
        assert not Beneficiario.objects.exists()


def test_per_creare_chi_manca_si_dice_come_e_arrivato(client, referente, sportello, subito):
    importazione = _con_una_che_manca(client, referente)

    risposta = client.post(pagina("importa_chi_manca", importazione), {"crea": "si"})

    assert risposta.status_code == 422
    assert "Scegli come sono arrivate" in parole(risposta)
    assert not azioni.scelte_di(ultima(referente)).nuove_persone


def test_senza_azione_si_dice_alle_righe_e_si_puo_cambiare_idea(
    client, referente, sportello, subito
):
    importazione = _con_una_che_manca(client, referente)
    chi_manca = pagina("importa_chi_manca", importazione)

    client.post(chi_manca, {"crea": "si", "azione": "", "canale": "scouting"})
    assert _stati(client, importazione) == ["rifiutata", "rifiutata"]
    assert "scegli, per tutto il foglio, l" in parole(
        client.get(pagina("importa_anteprima", importazione))
    )

    client.post(chi_manca, {"lascia": "si"})
    assert not azioni.scelte_di(ultima(referente)).nuove_persone


def test_chi_non_ha_la_nascita_non_si_puo_creare_e_si_dice(client, referente, sportello, subito):
    righe = [(*LINA, "3/2/26", "Sportello casa", "1h"), ("Bo", "Ada", "", "3/2/26", "x", "1h")]
    importazione = caricato(client, referente, *righe)

    risposta = client.get(pagina("importa_anteprima", importazione))

    assert risposta.context["quanti_si_creano"] == 1
    assert "1 altra persona non si può creare" in parole(risposta)


def test_chi_sta_solo_in_una_riga_doppia_in_parte_saltata_non_nasce(
    client, referente, in_due, subito
):
    """Di due righe che nominano una persona nuova se ne salta una: nasce da quella che resta."""
    lina, ugo = "Abate Lina (12.3.1980)", "Neri Ugo (1.2.1990)"
    righe = (
        (f"Rossi Ada (12.3.1980), {lina}, {ugo}", "3/2/2026", "Sportello casa", "2"),
        (lina, "4/2/2026", "Sportello casa", "2"),
    )
    importazione = caricato(client, referente, *righe, nomi=DI_GRUPPO)
    with come(referente):
        azione = PresaInCarico.objects.first().azione.slug
    crea = {"crea": "si", "azione": azione, "canale": "passaparola"}
    client.post(pagina("importa_chi_manca", importazione), crea)
    prima = client.get(pagina("importa_anteprima", importazione))
    assert _stati(client, importazione) == ["in_parte", "pronta"]
    assert "2 persone nasceranno da questo foglio" in parole(prima)

    client.post(pagina("importa_doppioni", importazione), {"doppioni": "salta_in_parte"})
    dopo = parole(client.get(pagina("importa_anteprima", importazione)))
    client.post(pagina("importa_carica", importazione))

    assert "1 persona nascerà da questo foglio" in dopo
    assert "Carica 1 riga" in dopo
    assert "Abate Lina, data di nascita 12/03/1980: 1 riga" in dopo
    with come(referente):
        cognomi = set(Beneficiario.objects.per_calcolo().values_list("cognome", flat=True))
        assert cognomi == {"Rossi", "Bianchi", "Abate"}
        assert PresaInCarico.objects.filter(beneficiario__cognome="Abate").count() == 1


def test_chi_e_in_dubbio_in_una_riga_doppia_si_chiede_ancora(client, referente, in_due, subito):
    """Saltare i doppioni non toglie la domanda su chi non si sa chi è."""
    righe = (
        ("Rossi Ada", "3/2/2026", "Sportello casa", "2"),
        ("Rossi Ada", "3/2/2026", "Sportello casa", "2"),
    )
    importazione = caricato(client, referente, *righe, nomi=DI_GRUPPO)

    client.post(pagina("importa_doppioni", importazione), {"doppioni": "salta"})

    with come(referente):
        esame = azioni.leggi_esame(importazione=ultima(referente), da=referente)
    assert [dubbio.righe for dubbio in esame.dubbi] == [(2, 3)]
    assert _stati(client, importazione) == ["dubbia", "dubbia"]


def test_non_crearle_vale_anche_per_chi_si_era_detto_nuovo_a_uno_a_uno(
    client, referente, sportello, subito
):
    """Chi somiglia a una persona dell'ente torna un dubbio, e il bottone per crearle torna."""
    azione = AzioneFactory()
    seguita(referente.ente, "Abate", "Lina", datetime.date(1979, 1, 1), azione=azione)
    righe = [(*LINA, "3/2/26", "Sportello casa", "1h")]
    righe.append(("Neri", "Ugo", "1/2/1990", "3/2/26", "Sportello casa", "1h"))
    importazione = caricato(client, referente, *righe)
    crea = {"crea": "si", "azione": azione.slug, "canale": "passaparola"}
    client.post(pagina("importa_chi_manca", importazione), crea)
    client.post(pagina("importa_dubbi", importazione), {"persona-0": "nuova"})
    assert "2 persone nasceranno" in parole(client.get(pagina("importa_anteprima", importazione)))

    client.post(pagina("importa_chi_manca", importazione), {"lascia": "si"})

    scelte = azioni.scelte_di(ultima(referente))
    assert (scelte.nuove_persone, scelte.persone) == (False, {})
    dopo = parole(client.get(pagina("importa_anteprima", importazione)))
    assert "1 persona manca" in dopo
    assert "Crea le persone che mancano" in dopo
    assert "Non crearle" not in dopo
    assert _stati(client, importazione) == ["dubbia", "rifiutata"]


def test_in_un_foglio_di_casi_non_crearle_e_poi_crearle(client, referente, subito):
    """«Non crea» dalle colonne vale quanto il bottone: chi si era detto nuovo torna un dubbio."""
    azione = AzioneFactory()
    seguita(referente.ente, "Abate", "Lina", datetime.date(1979, 1, 1))
    nomi = "Cognome;Nome;Nato il;Azione;Canale;Aperta il"
    righe = f"Abate;Lina;12/3/1980;{azione.slug};passaparola;3/2/2026"
    manda(client.entra(referente), f"{nomi}\r\n{righe}".encode(), tipo="casi")
    importazione = ultima(referente)
    colonne = client.get(pagina("importa_colonne", importazione)).context["proposta"]
    modulo = {f"colonna-{posto}": campo for posto, campo in colonne.colonne.items()}
    client.post(pagina("importa_colonne", importazione), modulo | {"nuove_persone": "on"})
    client.post(pagina("importa_dubbi", importazione), {"persona-0": "nuova"})
    assert "Non crearle" in parole(client.get(pagina("importa_anteprima", importazione)))

    client.post(pagina("importa_colonne", importazione), modulo)

    assert _stati(client, importazione) == ["dubbia"]
    assert azioni.scelte_di(ultima(referente)).persone == {}


def test_col_comando_e_con_la_pagina_caricare_i_doppioni_non_carica_quelli_in_parte(
    tmp_path, client, referente, in_due, subito
):
    tre = foglio([[*DI_GRUPPO], ["Rossi Ada, Bianchi Ada", FEBBRAIO, "Sportello casa", 2]])
    importazione = _di_gruppo(client, referente)

    codice, esito = importa(tmp_path, tre, referente, "--nomi-unici", "--doppioni", "carica")
    client.post(pagina("importa_doppioni", importazione), {"doppioni": "carica"})

    assert (codice, list(motivi(esito))) == (1, [2])
    assert _stati(client, importazione) == ["in_parte", "pronta", "pronta"]


def test_leggere_i_nomi_da_un_altra_colonna_richiede_chi_sono(client, referente, subito):
    """La risposta era su chi stava nell'altra colonna: non vale per chi sta in questa."""
    lina = seguita(referente.ente, "Abate", "Lina")
    seguita(referente.ente, "Bianchi", "Luca")
    ServizioFactory(ente=referente.ente, nome="Sportello casa")
    righe = "Abate Lina;Bianchi Luca;3/2/2026;Sportello casa"
    manda(client.entra(referente), f"Utente;Accompagna;Data;Servizio\r\n{righe}".encode())
    importazione = ultima(referente)
    modulo = {"colonna-A": "persona", "colonna-C": "data", "colonna-D": "servizio"}
    client.post(pagina("importa_colonne", importazione), modulo)
    client.post(pagina("importa_dubbi", importazione), {"persona-0": str(lina.uuid)})
    assert _stati(client, importazione) == ["pronta"]

    client.post(pagina("importa_colonne", importazione), modulo | {"colonna-B": "oggetto"})
    assert _stati(client, importazione) == ["pronta"]
    del modulo["colonna-A"]
    client.post(pagina("importa_colonne", importazione), modulo | {"colonna-B": "persona"})

    assert _stati(client, importazione) == ["dubbia"]
