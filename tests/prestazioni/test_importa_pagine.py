"""Le pagine di «Importa»: caricare, abbinare, sciogliere, guardare le righe, caricare, annullare."""

import datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from enti.permessi import Ruolo
from prestazioni.azioni import importazioni as azioni
from prestazioni.importo import deposito
from prestazioni.models import Importazione, Partecipazione, Prestazione
from prestazioni.views.importa_modelli import COME_SI_SCRIVE, ESEMPI
from privacy.models import RegistroAccessi
from registro.comune.fogli.guardia import MASSIMO_BYTE
from tests.comune.fogli.archivi import foglio
from tests.fabbriche import attore
from tests.fabbriche_persone import BeneficiarioFactory, PresaInCaricoFactory, come
from tests.fabbriche_prestazioni import FoglioOreFactory, ServizioFactory
from tests.prestazioni.importazioni import (
    LINA,
    NOMI,
    caricato,
    gia_fatta,
    in_csv,
    manda,
    pagina,
    parole,
    unica,
)


pytestmark = pytest.mark.django_db


@pytest.fixture
def referente():
    return attore(Ruolo.REFERENTE)


@pytest.fixture
def lina(referente):
    persona = BeneficiarioFactory(
        ente=referente.ente,
        cognome="Abate",
        nome="Lina",
        data_nascita=datetime.date(1980, 3, 12),
    )
    PresaInCaricoFactory(beneficiario=persona)
    return persona


@pytest.fixture
def sportello(referente):
    return ServizioFactory(ente=referente.ente, nome="Sportello casa")


@pytest.fixture
def fermo(monkeypatch):
    """Nessun lavoratore: ciò che si chiede resta in coda."""
    monkeypatch.setattr(azioni, "metti_in_coda", lambda **quale: None)


def test_dal_foglio_alle_righe_e_ritorno(client, referente, lina, sportello, subito):
    """Il percorso intero: caricare, colonne, righe, caricamento, annullo."""
    importazione = caricato(
        client,
        referente,
        (*LINA, "3/2/26", "Sportello casa", "1h30"),
        (*LINA, "4/2/26", "Sportello casa", "90'"),
    )

    righe = client.get(pagina("importazione", importazione), follow=True)
    assert "2 righe pronte" in parole(righe)
    assert "Carica 2 righe" in parole(righe)

    client.post(pagina("importa_carica", importazione))
    fatta = parole(client.get(pagina("importazione", importazione)))
    assert "Il foglio è caricato" in fatta
    assert f"importazione={importazione.uuid}" in fatta
    elenco = client.get(
        reverse("prestazioni:elenco"), {"di_chi": "ente", "importazione": importazione.uuid}
    )
    assert elenco.context["pagina"].conto.quante == 2
    with come(referente):
        assert Partecipazione.objects.filter(beneficiario=lina).count() == 2

    conferma = client.get(pagina("importa_annulla", importazione))
    assert "2 righe" in parole(conferma)
    assert client.post(pagina("importa_annulla", importazione)).status_code == 302
    with come(referente):
        assert not Prestazione.objects.exists()
        assert Importazione.objects.get().stato == Importazione.Stato.ANNULLATA
    assert "È stata annullata" in parole(client.get(pagina("importazione", importazione)))


def test_un_foglio_che_non_si_legge_si_rifiuta_subito_e_non_resta(client, referente):
    risposta = manda(client.entra(referente), b"%PDF-1.7 niente", nome="foglio.xlsx")

    assert risposta.status_code == 422
    assert "è un PDF" in parole(risposta)
    with come(referente):
        assert not Importazione.objects.exists()


@pytest.mark.parametrize("byte", [MASSIMO_BYTE + 1, MASSIMO_BYTE + 2 * 1024 * 1024])
def test_un_foglio_troppo_grande_si_rifiuta_dicendo_quanto(client, referente, byte):
    risposta = manda(client.entra(referente), b"a" * byte)

    assert risposta.status_code == 422
    assert "10 MB" in parole(risposta)


def test_lo_stesso_invio_arrivato_due_volte_e_un_importazione_sola(client, referente):
    """Un doppio clic: stesso modulo, stesso file."""
    client.entra(referente)
    modulo = client.get(reverse("prestazioni:importa")).context["form"]
    dati = {"tipo": "prestazioni", "uuid": str(modulo["uuid"].value())}
    assert dati["uuid"] in str(modulo["uuid"])

    def invia(contenuto):
        file = SimpleUploadedFile("foglio.csv", contenuto)
        return client.post(reverse("prestazioni:importa"), {**dati, "file": file}).url

    primo = invia(in_csv((*LINA, "3/2/26", "a", "1h")))
    assert invia(in_csv((*LINA, "3/2/26", "a", "1h"))) == primo
    assert str(unica(referente).uuid) == dati["uuid"]

    altro = invia(in_csv((*LINA, "4/2/26", "a", "1h")))
    assert altro != primo, "un altro file dalla stessa pagina è un'altra importazione"


def test_l_uuid_di_un_altro_ente_non_apre_ne_rivela_la_sua_importazione(client, referente):
    contenuto = in_csv((*LINA, "3/2/26", "a", "1h"))
    altrui = gia_fatta(attore(Ruolo.REFERENTE))
    client.entra(referente)

    risposta = client.post(
        reverse("prestazioni:importa"),
        {
            "tipo": "prestazioni",
            "uuid": str(altrui.uuid),
            "file": SimpleUploadedFile("foglio.csv", contenuto),
        },
    )

    assert risposta.status_code == 302
    assert str(altrui.uuid) not in risposta.url


def test_senza_file_si_dice_che_manca(client, referente):
    risposta = client.entra(referente).post(reverse("prestazioni:importa"), {"tipo": "persone"})

    assert risposta.status_code == 422
    assert "Scegli un file" in parole(risposta)


def test_le_colonne_mostrano_tre_valori_e_ciò_che_sembrano(client, referente):
    manda(
        client.entra(referente),
        in_csv(*[(*LINA, f"{n}/2/26", "Ascolto", "45'") for n in range(1, 9)]),
    )

    risposta = client.get(pagina("importa_colonne", unica(referente)))

    form = risposta.context["form"]
    data = next(riga for riga in form.righe() if riga["intestazione"] == "Data")
    assert data["esempi"] == ["1/2/26", "2/2/26", "3/2/26"]
    assert data["campo"].value() == "data"


def test_due_colonne_con_lo_stesso_significato_si_dicono_al_campo(client, referente):
    manda(client.entra(referente), in_csv((*LINA, "3/2/26", "Ascolto", "45'")))

    risposta = client.post(
        pagina("importa_colonne", unica(referente)),
        {"colonna-A": "cognome", "colonna-B": "cognome", "colonna-D": "data"},
    )

    assert risposta.status_code == 422
    assert "La colonna «Cognome» dice già questo" in parole(risposta)
    assert risposta.context["form"]["colonna-D"].value() == "data"


def test_se_manca_una_colonna_che_serve_si_dice_quale(client, referente):
    manda(client.entra(referente), in_csv((*LINA, "3/2/26", "Ascolto", "45'")))

    risposta = client.post(pagina("importa_colonne", unica(referente)), {"colonna-A": "cognome"})

    assert risposta.status_code == 422
    assert "Nessuna colonna dice «Data»" in parole(risposta)


def test_si_rilegge_con_un_altra_intestazione(client, referente):
    manda(
        client.entra(referente), in_csv(*[(*LINA, f"{n}/2/26", "Ascolto", "45'") for n in (3, 4)])
    )
    indirizzo = pagina("importa_colonne", unica(referente))
    letto = client.get(indirizzo).context["proposta"].foglio

    risposta = client.post(
        indirizzo, {"rileggi": "si", "foglio": letto, "letto": letto, "riga": "2"}
    )

    assert risposta.status_code == 200
    assert risposta.context["proposta"].intestazioni[0] == "Abate"


def test_le_righe_dicono_in_parole_che_cosa_non_va(client, referente, lina, sportello, subito):
    importazione = caricato(
        client,
        referente,
        (*LINA, "3/2/26", "Sportello casa", "45'"),
        (*LINA, "31/2/26", "Sportello casa", "45'"),
        (*LINA, "5/2/26", "Ascolto", "45'"),
    )

    tutte = client.get(pagina("importa_anteprima", importazione))
    sbagliate = client.get(pagina("importa_anteprima", importazione), {"solo": "rifiutata"})

    assert [riga.stato for riga in tutte.context["righe"]] == ["pronta", "rifiutata", "dubbia"]
    assert [riga.numero for riga in sbagliate.context["righe"]] == [3]
    assert "1 di 3 righe vanno bene" in parole(tutte)
    assert "Carica 1 riga" not in parole(tutte)
    assert "Scarica le righe col motivo" in parole(tutte)


def test_le_righe_rifiutate_si_scaricano_col_motivo_in_fondo(
    client, referente, lina, sportello, subito
):
    importazione = caricato(client, referente, (*LINA, "31/2/26", "Sportello casa", "45'"))

    risposta = client.get(pagina("importa_rifiutate", importazione))

    libro = load_workbook(BytesIO(risposta.content))
    testa, riga = libro.active.iter_rows(values_only=True)
    assert (testa[0], testa[-1]) == ("Riga del foglio", "Motivo del rifiuto")
    assert riga[:2] == (2, "Abate")
    assert "Data" in riga[-1]
    assert "Abate" not in risposta["Content-Disposition"]


def test_un_servizio_che_non_si_riconosce_si_sceglie_e_si_ricorda(
    client, referente, lina, sportello, subito
):
    importazione = caricato(client, referente, (*LINA, "3/2/26", "Sportello abitare", "45'"))
    domande = client.get(pagina("importa_dubbi", importazione))
    assert "«Sportello abitare»" in parole(domande)

    client.post(pagina("importa_dubbi", importazione), {"servizio-0": str(sportello.uuid)})

    assert "1 riga pronta" in parole(client.get(pagina("importa_anteprima", importazione)))
    with come(referente):
        sportello.refresh_from_db()
    assert "Sportello abitare" in sportello.sinonimi


def test_una_persona_in_dubbio_si_sceglie_fra_quelle_dell_ente(
    client, referente, lina, sportello, subito
):
    importazione = caricato(
        client, referente, ("Abate", "Lina", "", "3/2/26", "Sportello casa", "45'")
    )
    domande = parole(client.get(pagina("importa_dubbi", importazione)))
    assert "Abate Lina" in domande
    assert "12/03/1980" in domande

    client.post(pagina("importa_dubbi", importazione), {"persona-0": str(lina.uuid)})

    assert "1 riga pronta" in parole(client.get(pagina("importa_anteprima", importazione)))


def test_si_annota_la_lettura_delle_persone_proposte_e_solo_dove_si_vedono(
    client, referente, lina, sportello, subito
):
    riga = ("Abate", "Lina", "", "3/2/26", "Sportello casa", "45'")
    importazione = caricato(client, referente, riga)

    def lette() -> int:
        with come(referente):
            return RegistroAccessi.objects.filter(beneficiario=lina.pk).count()

    prima = lette()
    client.get(pagina("importa_anteprima", importazione))
    dalle_righe = lette()
    client.get(pagina("importa_dubbi", importazione))

    assert (dalle_righe, lette()) == (prima, prima + 1)


def test_chi_non_si_sa_chi_e_si_lascia_fuori_e_si_rimette(
    client, referente, lina, sportello, subito
):
    importazione = caricato(
        client,
        referente,
        ("Abate", "Lina", "", "3/2/26", "Sportello casa", "45'"),
        (*LINA, "4/2/26", "Sportello casa", "45'"),
    )

    client.post(pagina("importa_dubbi", importazione), {"persona-0": "salta"})
    saltata = client.get(pagina("importa_anteprima", importazione))
    client.post(pagina("importa_doppioni", importazione), {"doppioni": "rimetti"})
    rimessa = client.get(pagina("importa_anteprima", importazione))

    assert [riga.stato for riga in saltata.context["righe"]] == ["saltata", "pronta"]
    assert "Carica 1 riga" in parole(saltata)
    assert [riga.stato for riga in rimessa.context["righe"]] == ["dubbia", "pronta"]


def test_chi_non_sceglie_niente_resta_sui_dubbi(client, referente, lina, sportello, subito):
    importazione = caricato(
        client, referente, ("Abate", "Lina", "", "3/2/26", "Sportello casa", "45'")
    )

    risposta = client.post(pagina("importa_dubbi", importazione), {})

    assert risposta.status_code == 422
    assert "Non hai scelto niente" in parole(risposta)


def test_le_righe_doppie_si_saltano_o_si_caricano(client, referente, lina, sportello, subito):
    riga = (*LINA, "3/2/26", "Sportello casa", "45'")
    importazione = caricato(client, referente, riga, riga)
    prima = client.get(pagina("importa_anteprima", importazione))
    assert [riga.stato for riga in prima.context["righe"]] == ["pronta", "doppia"]

    client.post(pagina("importa_doppioni", importazione), {"doppioni": "salta"})

    dopo = client.get(pagina("importa_anteprima", importazione))
    assert [riga.stato for riga in dopo.context["righe"]] == ["pronta", "saltata"]
    assert "Carica 1 riga" in parole(dopo)


@pytest.mark.parametrize("scelta", [{}, {"doppioni": ""}, {"doppioni": "boh"}])
def test_una_risposta_che_non_c_e_sui_doppioni_non_salta_niente(
    client, referente, lina, sportello, subito, scelta
):
    riga = (*LINA, "3/2/26", "Sportello casa", "45'")
    importazione = caricato(client, referente, riga, riga)

    risposta = client.post(pagina("importa_doppioni", importazione), scelta, follow=True)

    assert azioni.scelte_di(unica(referente)).doppioni == "rifiuta"
    assert "scegli che cosa fare delle righe doppie" in parole(risposta).lower()


def test_lo_stesso_file_due_volte_si_fa_notare(client, referente, lina, sportello, subito):
    riga = (*LINA, "3/2/26", "Sportello casa", "45'")
    prima = caricato(client, referente, riga)
    client.post(pagina("importa_carica", prima))
    manda(client, in_csv(riga))
    with come(referente):
        seconda = Importazione.objects.di(referente.ente).first()
    client.post(
        pagina("importa_colonne", seconda),
        {
            f"colonna-{posto}": campo
            for posto, campo in client.get(pagina("importa_colonne", seconda))
            .context["proposta"]
            .colonne.items()
        },
    )

    risposta = parole(client.get(pagina("importa_anteprima", seconda)))

    assert "Questo stesso file è già stato caricato" in risposta
    assert "È già nel Registro" in risposta


def test_finche_lavora_la_pagina_dice_a_che_punto_e_e_poi_va_avanti(client, referente, fermo):
    manda(client.entra(referente), in_csv((*LINA, "3/2/26", "Ascolto", "45'")))
    importazione = unica(referente)
    client.post(
        pagina("importa_colonne", importazione), {"colonna-A": "cognome", "colonna-D": "data"}
    )

    in_corso = client.get(pagina("importazione", importazione))
    chiesta = client.get(pagina("importazione", importazione), headers={"HX-Request": "true"})
    assert "Sto guardando ogni riga" in parole(in_corso)
    assert "<html" not in parole(chiesta)
    with come(referente):
        Importazione.objects.update(stato="esaminata")
    finita = client.get(pagina("importazione", importazione), headers={"HX-Request": "true"})

    assert finita.headers["HX-Redirect"] == pagina("importazione", importazione)


def test_la_seconda_importazione_dice_che_aspetta(client, referente):
    gia_fatta(referente, stato="in_caricamento", avanzamento=30)
    seconda = gia_fatta(referente, stato="in_esame")

    risposta = client.entra(referente).get(pagina("importazione", seconda))

    assert "Aspetto il mio turno" in parole(risposta)


def test_un_lavoro_ucciso_lo_dice_e_si_riprova(client, referente, fermo):
    importazione = gia_fatta(
        referente, stato="fallita", errore="Il lavoro si è interrotto 3 volte."
    )
    fallita = parole(client.entra(referente).get(pagina("importazione", importazione)))
    assert "Il lavoro si è interrotto 3 volte." in fallita
    assert "Riprova" in fallita

    client.post(pagina("importa_riprova", importazione))

    assert unica(referente).stato == Importazione.Stato.IN_ESAME


@pytest.mark.parametrize(
    ("nome", "stato"), [("importa_colonne", "da_abbinare"), ("importa_anteprima", "esaminata")]
)
def test_un_file_scaduto_si_carica_di_nuovo(client, referente, nome, stato):
    importazione = gia_fatta(referente, stato=stato)

    risposta = client.entra(referente).get(pagina(nome, importazione))

    assert risposta.status_code == 409
    assert "Il file caricato non si conserva più" in parole(risposta)


def test_un_mese_firmato_ferma_l_annullo_e_si_dice(client, referente, lina, sportello, subito):
    importazione = caricato(client, referente, (*LINA, "3/2/26", "Sportello casa", "45'"))
    client.post(pagina("importa_carica", importazione))
    FoglioOreFactory(
        ente=referente.ente, operatore=referente.utente, mese=datetime.date(2026, 2, 1)
    )

    risposta = client.post(pagina("importa_annulla", importazione))

    assert risposta.status_code == 422
    assert "mese già firmato" in parole(risposta)
    with come(referente):
        assert Prestazione.objects.count() == 1


def test_lasciare_un_foglio_lo_distrugge(client, referente):
    manda(client.entra(referente), in_csv((*LINA, "3/2/26", "Ascolto", "45'")))
    importazione = unica(referente)

    client.post(pagina("importa_lascia", importazione))

    with pytest.raises(deposito.FoglioScaduto):
        deposito.prendi(importazione)
    assert unica(referente).stato == Importazione.Stato.ABBANDONATA


def test_il_foglio_di_un_collega_non_si_guarda_ma_si_sa_che_c_e(client, referente):
    manda(client.entra(referente), in_csv((*LINA, "3/2/26", "Ascolto", "45'")))
    importazione = unica(referente)
    collega = client.entra(attore(Ruolo.REFERENTE, ente=referente.ente))

    stato = collega.get(pagina("importazione", importazione))
    registro = collega.get(reverse("prestazioni:importa"))

    assert "È ancora da finire" in parole(stato)
    assert "Abate" not in parole(stato)
    assert pagina("importazione", importazione) in parole(registro)
    for nome in ("importa_colonne", "importa_dubbi", "importa_anteprima", "importa_rifiutate"):
        assert collega.get(pagina(nome, importazione)).status_code == 404, nome


def test_il_registro_si_filtra_e_va_a_pagine(client, referente):
    for numero in range(25):
        gia_fatta(
            referente,
            tipo="persone" if numero < 3 else "prestazioni",
            creata_il=timezone.now() - datetime.timedelta(days=numero),
        )
    client.entra(referente)

    prima = client.get(reverse("prestazioni:importa"))
    persone = client.get(reverse("prestazioni:importa"), {"tipo": "persone"})
    vuoto = client.get(reverse("prestazioni:importa"), {"stato": "annullata"})

    assert len(prima.context["pagina"]) == 20
    assert prima.context["pagina"].successiva
    assert len(persone.context["pagina"]) == 3
    assert "Nessuna importazione con questi filtri" in parole(vuoto)


def test_chi_non_ha_mai_importato_legge_che_cosa_trovera_qui(client, referente):
    risposta = client.entra(referente).get(reverse("prestazioni:importa"))

    assert "non ha ancora importato niente" in parole(risposta)


@pytest.mark.parametrize("tipo", Importazione.Tipo.values)
def test_ogni_modello_si_ricarica_senza_toccare_niente(client, referente, tipo):
    client.entra(referente)
    modello = client.get(reverse("prestazioni:importa_modello", args=[tipo])).content
    manda(client, modello, tipo=tipo, nome="modello.xlsx")

    proposta = client.get(pagina("importa_colonne", unica(referente))).context["proposta"]

    assert proposta.foglio == "Da riempire"
    assert proposta.mancano == ()
    assert set(proposta.colonne.values()) == set(ESEMPI[tipo])
    assert set(proposta.fiducia.values()) == {1.0}
    assert set(ESEMPI[tipo]) <= set(COME_SI_SCRIVE)


def test_un_modello_che_non_esiste_non_si_trova(client, referente):
    assert client.entra(referente).get("/importa/modelli/bilanci.xlsx").status_code == 404


def test_il_nome_di_una_persona_non_finisce_nell_indirizzo_ne_nella_sessione(
    client, referente, lina, sportello, subito
):
    importazione = caricato(
        client, referente, ("Abate", "Lina", "", "3/2/26", "Sportello casa", "45'")
    )

    risposta = client.get(pagina("importa_dubbi", importazione))

    assert "<title>" in parole(risposta)
    titolo = parole(risposta).split("<title>")[1].split("</title>")[0]
    assert "Abate" not in titolo
    assert "Abate" not in str(dict(client.session))
    with come(referente):
        assert "Abate" not in str(Importazione.objects.get().scelte)


def test_le_righe_non_lette_si_dicono_tutte(client, referente):
    """Anche se sono molte: fra loro ci può essere una riga che doveva esserci."""
    pagine = [
        riga for n in range(120) for riga in (NOMI, (*LINA, f"3/2/{26 - n % 20}", "a", "1h"))
    ]
    manda(client.entra(referente), in_csv(*pagine))

    risposta = client.get(pagina("importa_colonne", unica(referente)))

    assert len(risposta.context["proposta"].non_lette) == 120
    assert risposta.content.decode().count("ripete i nomi delle colonne") == 120


def test_un_foglio_di_excel_con_due_fogli_si_sceglie(client, referente):
    contenuto = foglio([NOMI, [*LINA, "3/2/26", "Ascolto", "45"]])
    manda(client.entra(referente), contenuto, nome="foglio.xlsx")

    risposta = client.get(pagina("importa_colonne", unica(referente)))

    assert risposta.context["proposta"].righe == 1
