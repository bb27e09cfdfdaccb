"""Inserire, trovare e correggere le persone dell'ente, dalle pagine."""

import datetime
import re

import pytest
from django.urls import reverse

from beneficiari.models import Beneficiario, Identificativo, Recapito
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy.gruppi import Gruppo
from privacy.models import RegistroAccessi
from tests.fabbriche import attore
from tests.fabbriche_persone import BeneficiarioFactory, IdentificativoFactory, come


pytestmark = pytest.mark.django_db

# Inventato, con il carattere di controllo giusto.
CF = "RSSMRA80A01A182N"


@pytest.fixture
def chi():
    return attore(Ruolo.REFERENTE)


@pytest.fixture
def dentro(client, chi):
    return client.entra(chi)


def _nuova(dentro, **campi):
    return dentro.post(reverse("beneficiari:nuova"), {"viste": "", **campi})


def _persone(chi) -> list[Beneficiario]:
    with come(chi):
        return list(Beneficiario.objects.di(chi.ente).order_by("pk"))


def test_basta_un_nome_per_inserire_una_persona(dentro, chi):
    risposta = _nuova(dentro, nome="Samira")

    (persona,) = _persone(chi)
    assert risposta.url == reverse("beneficiari:persona", args=[persona.uuid])
    assert (persona.nome, persona.data_nascita, persona.comune) == ("Samira", None, "")
    assert persona.inserito_da == chi.utente


@pytest.mark.parametrize(
    ("scritta", "attesa", "stimata"),
    [
        ("17/05/1985", datetime.date(1985, 5, 17), False),
        ("1985-05-17", datetime.date(1985, 5, 17), False),
        ("7.5.1985", datetime.date(1985, 5, 7), False),
        ("1985", datetime.date(1985, 12, 31), True),
    ],
)
def test_la_nascita_puo_essere_il_solo_anno(dentro, chi, scritta, attesa, stimata):
    _nuova(dentro, cognome="Prova", nascita=scritta)

    (persona,) = _persone(chi)
    assert (persona.data_nascita, persona.nascita_stimata) == (attesa, stimata)


@pytest.mark.parametrize(
    ("campi", "frase"),
    [
        ({}, "Scrivi almeno il cognome, il nome o il nome scelto."),
        ({"cognome": "Prova", "nascita": "31/2/1985"}, "Il giorno 31/2/1985 non esiste"),
        ({"cognome": "Prova", "nascita": "1885"}, "precedente al 1900"),
        ({"cognome": "Prova", "nascita": "3/4/2190"}, "nel futuro"),
        ({"cognome": "Prova", "nascita": "maggio"}, "Scrivi la data come 17/05/1985"),
        ({"cognome": "Prova", "precisione": "stimata"}, "scrivi la data o l&#x27;anno"),
        ({"cognome": "Prova", "codice_fiscale": "RSSMRA80A01A182X"}, "ci si aspettava N"),
        ({"cognome": "Prova", "codice_fiscale": "RSSMRA8"}, "16 caratteri: qui ce ne sono 7"),
    ],
)
def test_un_dato_sbagliato_torna_con_una_frase_e_niente_si_perde(dentro, chi, campi, frase):
    risposta = _nuova(dentro, lingue="wolof, francese", **campi)

    testo = risposta.content.decode()
    assert risposta.status_code == 422
    assert frase in testo
    assert "wolof, francese" in testo
    assert _persone(chi) == []


def test_un_codice_gia_di_un_altra_rimanda_a_lei(dentro, chi):
    altra = BeneficiarioFactory(ente=chi.ente, cognome="Tutt'altro", nome="Nome")
    with come_sistema(chi.ente):
        IdentificativoFactory(beneficiario=altra, codice=CF)

    risposta = _nuova(dentro, cognome="Rossi", nome="Mario", codice_fiscale=CF)

    assert risposta.status_code == 422
    assert reverse("beneficiari:persona", args=[altra.uuid]) in risposta.content.decode()
    assert _persone(chi) == [altra]


def test_le_simili_si_guardano_prima_di_salvare(dentro, chi, htmx):
    gia = BeneficiarioFactory(ente=chi.ente, cognome="Ben Hassan", nome="Amina")
    BeneficiarioFactory(cognome="Ben Hassan", nome="Amina")
    scritti = {"cognome": "ben hasan", "nome": "amina", "nascita": "1985"}

    mentre = dentro.post(reverse("beneficiari:nuova_simili"), scritti, **htmx)
    prima = _nuova(dentro, **scritti)
    poi = _nuova(dentro, **{**scritti, "viste": str(gia.uuid)})

    assert mentre.context["simili"] == [gia]
    assert prima.status_code == 422
    assert "prima guarda se è una di queste" in prima.content.decode()
    assert poi.status_code == 302
    assert len(_persone(chi)) == 2


def test_un_omonimo_nato_un_altro_anno_non_si_propone(dentro, chi, htmx):
    BeneficiarioFactory(ente=chi.ente, cognome="Russo", nome="Anna")

    scritti = {"cognome": "Russo", "nome": "Anna", "nascita": "3/4/1950"}
    risposta = dentro.post(reverse("beneficiari:nuova_simili"), scritti, **htmx)

    assert risposta.context["simili"] == []


def test_di_un_accesso_anonimo_resta_solo_un_codice(dentro, chi):
    risposta = dentro.post(reverse("beneficiari:nuova_anonima"), follow=True)

    (persona,) = _persone(chi)
    assert persona.anonimo
    assert re.fullmatch(r"[A-Z]{3}\d{3}", persona.codice_anonimo)
    assert persona.codice_anonimo in risposta.content.decode()
    trovata = dentro.post(reverse("beneficiari:cerca"), {"testo": persona.codice_anonimo.lower()})
    assert [riga.persona for riga in trovata.context["trovate"]] == [persona]


def _modifica(dentro, persona, **campi):
    pagina = reverse("beneficiari:persona_modifica", args=[persona.uuid])
    form = dentro.get(pagina).context["form"]
    letti = {f"initial-{nome}": form[nome].value() or "" for nome in form.fields}
    scritti = {nome: form[nome].value() or "" for nome in form.fields}
    return pagina, {**scritti, **letti, "versione": persona.versione, **campi}


def test_correggere_l_anagrafica_tiene_cio_che_non_si_tocca(dentro, chi):
    persona = BeneficiarioFactory(
        ente=chi.ente, cittadinanze=["MA", "IT", "FR"], lingue=["arabo"], comune="Asti"
    )
    pagina, scritti = _modifica(dentro, persona, nome="Lucìa", comune="nizza monferrato")

    risposta = dentro.post(pagina, scritti)

    (dopo,) = _persone(chi)
    assert risposta.status_code == 302
    assert (dopo.nome, dopo.comune, dopo.versione) == ("Lucìa", "Nizza Monferrato", 2)
    assert (dopo.cittadinanze, dopo.lingue) == (["MA", "IT", "FR"], ["arabo"])
    assert dopo.data_nascita == persona.data_nascita


def test_due_che_correggono_campi_diversi_si_tengono_entrambi(dentro, chi):
    persona = BeneficiarioFactory(ente=chi.ente)
    pagina, mio = _modifica(dentro, persona, comune="Asti")
    _, suo = _modifica(dentro, persona, nome="Lucia Maria")
    dentro.post(pagina, suo)

    risposta = dentro.post(pagina, mio)

    (dopo,) = _persone(chi)
    assert risposta.status_code == 302
    assert (dopo.nome, dopo.comune) == ("Lucia Maria", "Asti")


@pytest.mark.parametrize(("scelta", "resta"), [("mio", "Asti"), ("salvato", "Canelli")])
def test_due_che_correggono_lo_stesso_campo_scelgono(dentro, chi, scelta, resta):
    persona = BeneficiarioFactory(ente=chi.ente)
    pagina, mio = _modifica(dentro, persona, comune="Asti", nome="Lucietta")
    dentro.post(pagina, _modifica(dentro, persona, comune="Canelli")[1])

    scontro = dentro.post(pagina, mio)
    testo = scontro.content.decode()
    assert scontro.status_code == 422
    assert "Il mio: Asti" in testo
    assert "Quello salvato: Canelli" in testo
    nascosti = re.findall(r'type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"', testo)
    dentro.post(pagina, {**dict(nascosti), "tieni-comune": scelta})

    (dopo,) = _persone(chi)
    assert (dopo.comune, dopo.nome) == (resta, "Lucietta")


def test_il_codice_per_intero_si_vede_chiedendolo_e_resta_scritto(dentro, chi):
    persona = BeneficiarioFactory(ente=chi.ente)
    codice = IdentificativoFactory(beneficiario=persona, codice=CF)

    pagina = dentro.get(reverse("beneficiari:persona", args=[persona.uuid]))
    mostrato = dentro.post(reverse("beneficiari:codice_mostra", args=[codice.uuid]))

    assert CF not in pagina.content.decode()
    assert CF in mostrato.content.decode()
    with come(attore(Ruolo.GARANTE, ente=chi.ente)):
        letta = RegistroAccessi.objects.filter(
            beneficiario=persona.pk, pagina="beneficiari:codice_mostra"
        ).get()
    assert Gruppo.IDENTIFICATIVI in letta.gruppi


def _aggiungi_codice(dentro, persona, **campi):
    return dentro.post(reverse("beneficiari:codice_nuovo", args=[persona.uuid]), campi)


def test_il_codice_fiscale_prende_il_posto_del_provvisorio_che_resta_nella_storia(dentro, chi):
    persona = BeneficiarioFactory(ente=chi.ente)
    _aggiungi_codice(dentro, persona, tipo="nessuno", motivo="RICH_ATT")
    _aggiungi_codice(dentro, persona, tipo="stp", codice="STP0100000012345", dal="2026-01-10")

    _aggiungi_codice(dentro, persona, tipo="cf", codice=CF.lower(), dal="2026-05-01")

    with come(chi):
        codici = {voce.tipo: voce for voce in Identificativo.objects.filter(beneficiario=persona)}
        assert codici["cf"].valore == CF
    assert codici["nessuno"].al is not None
    assert codici["stp"].al == datetime.date(2026, 4, 30)
    assert codici["cf"].al is None


@pytest.mark.parametrize(
    ("campi", "frase"),
    [
        ({"tipo": "cf", "codice": "RSSMRA80A0IA182N"}, "11° carattere"),
        ({"tipo": "cf", "codice": ""}, "Scrivi il codice, oppure il motivo per cui manca."),
        ({"tipo": "nessuno"}, "Scegli perché la persona non ha un codice."),
        ({"tipo": "stp", "codice": "STP12"}, "16 caratteri"),
        ({"tipo": "cf", "codice": CF, "dal": "2190-01-01"}, "La data è nel futuro"),
    ],
)
def test_un_codice_sbagliato_dice_che_cosa_non_va(dentro, chi, campi, frase):
    persona = BeneficiarioFactory(ente=chi.ente)

    risposta = _aggiungi_codice(dentro, persona, **campi)

    assert risposta.status_code == 422
    assert frase in risposta.content.decode()


def test_un_codice_che_non_va_col_nome_si_salva_e_si_avvisa(dentro, chi):
    persona = BeneficiarioFactory(ente=chi.ente, cognome="Bianchi", nome="Mario")

    _aggiungi_codice(dentro, persona, tipo="cf", codice=CF)
    testo = dentro.get(reverse("beneficiari:persona", args=[persona.uuid])).content.decode()

    assert "Il cognome darebbe BNC" in testo
    assert "Secondo il codice fiscale la nascita è il 1º gennaio" in testo


def test_un_recapito_riservato_lo_vedono_solo_in_due(client, chi):
    persona = BeneficiarioFactory(ente=chi.ente)
    collega, terza = attore(ente=chi.ente), attore(ente=chi.ente)
    dati = {
        "tipo": "indirizzo",
        "valore": "Via Inventata 7",
        "tipo_residenza": "ACC",
        "riservato": "on",
        "altro_custode": collega.utente.pk,
    }
    client.entra(chi).post(reverse("beneficiari:recapito_nuovo", args=[persona.uuid]), dati)
    pagina = reverse("beneficiari:persona", args=[persona.uuid])

    visto = {
        nome: "Via Inventata 7" in client.entra(attore_).get(pagina).content.decode()
        for nome, attore_ in (("chi", chi), ("collega", collega), ("terza", terza))
    }

    assert visto == {"chi": True, "collega": True, "terza": False}
    with come(chi):
        recapito = Recapito.objects.get(beneficiario=persona)
    modifica = reverse("beneficiari:recapito", args=[recapito.uuid])
    assert client.entra(terza).get(modifica).status_code == 404


def test_custode_di_un_recapito_e_solo_chi_lavora_nell_ente(dentro, chi):
    persona = BeneficiarioFactory(ente=chi.ente)
    dati = {"tipo": "telefono", "valore": "0141 000000", "riservato": "on"}

    risposta = dentro.post(
        reverse("beneficiari:recapito_nuovo", args=[persona.uuid]),
        {**dati, "altro_custode": attore().utente.pk},
    )

    assert risposta.status_code == 422


@pytest.mark.parametrize(
    ("dati", "frase"),
    [
        ({"tipo": "posta", "valore": "lucia@"}, "dovrebbe essere come nome@sito.it"),
        ({"tipo": "telefono", "valore": "12"}, "almeno 5 cifre"),
    ],
)
def test_un_recapito_sbagliato_dice_perche(dentro, chi, dati, frase):
    persona = BeneficiarioFactory(ente=chi.ente)

    risposta = dentro.post(reverse("beneficiari:recapito_nuovo", args=[persona.uuid]), dati)

    assert risposta.status_code == 422
    assert frase in risposta.content.decode()


def test_si_aprono_i_dati_sensibili_solo_con_un_motivo_e_si_richiudono(client, chi):
    persona = BeneficiarioFactory(ente=chi.ente)
    operatore = attore(ente=chi.ente)
    client.entra(operatore)
    pagina = reverse("beneficiari:persona", args=[persona.uuid])
    apri = reverse("beneficiari:apri", args=[persona.uuid])

    corto = client.post(apri, {"motivo": "mi serve"})
    client.post(apri, {"motivo": "Sostituisco la collega in ferie questa settimana."})
    aperta = client.get(pagina)
    client.post(reverse("beneficiari:richiudi", args=[persona.uuid]))
    chiusa = client.get(pagina)

    assert corto.status_code == 422
    assert "finora ce ne sono 8" in corto.content.decode()
    assert aperta.context["sensibili_aperti"]
    assert 59 <= aperta.context["minuti_di_apertura"] <= 60
    assert not chiusa.context["sensibili_aperti"]
    assert reverse("beneficiari:apri", args=[persona.uuid]) in chiusa.content.decode()
