"""Ogni cartella sbagliata si rifiuta dicendo file, voce e motivo, e non scrive nulla."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pydantic import ValidationError

from report.caricamento.errori import CartellaRifiutata
from report.caricamento.formato import FileSchede
from report.caricamento.frasi import problemi_di_forma
from report.caricamento.lettura import leggi_cartella
from report.management.commands.carica_quadrante import Command
from tests.report.cartelle_di_prova import (
    ALTRA_RETE,
    conteggio,
    copia_di,
    fotografia,
    modifica,
    voce,
)


pytestmark = pytest.mark.django_db


@pytest.fixture
def cartella(tmp_path) -> Path:
    return copia_di(ALTRA_RETE, tmp_path / "rete")


def rifiuto(cartella: Path) -> list[str]:
    """Le righe con cui il comando rifiuta la cartella; pretende che nulla sia stato scritto."""
    prima = fotografia()
    with pytest.raises(CommandError) as errore:
        call_command("carica_quadrante", str(cartella), verbosity=0)
    assert errore.value.returncode == 1
    assert fotografia() == prima
    *righe, chiusa = str(errore.value).splitlines()
    assert "non è stato scritto nulla" in chiusa
    return righe


def ente(dati: dict, sigla: str) -> dict:
    return voce(dati["enti"], sigla)


def scheda(dati: dict, sigla: str) -> dict:
    return voce(dati["schede"], sigla)


def aggiungi_conteggio(**campi) -> Callable[[dict], object]:
    base = {
        "id": "aggiunto",
        "cosa": "aggiunti",
        "unita": "individui",
        "valore": 1,
        "approssimato": None,
        "asse": None,
        "parte_di": None,
    }
    return lambda dati: scheda(dati, "rovere")["beneficiari"]["conteggi"].append(base | campi)


E, N, A, Z, S, P = (
    "enti.yaml",
    "nodi.yaml",
    "assi.yaml",
    "azioni.yaml",
    "schede.yaml",
    "report_pubblicato.yaml",
)

# file, che cosa si guasta, una riga che deve esserci.
GUASTI = {
    "ente nel nodo che non c'è": (
        E,
        lambda d: ente(d, "consorzio-bosco").update(nodo="mare"),
        "enti.yaml, ente consorzio-bosco: nodo che non c'è: «mare»",
    ),
    "ente su un asse che non c'è": (
        E,
        lambda d: ente(d, "consorzio-bosco").update(assi=["mare"]),
        "enti.yaml, ente consorzio-bosco: asse che non c'è: «mare»",
    ),
    "chiave sconosciuta": (
        E,
        lambda d: ente(d, "consorzio-bosco").update(nodi="valle"),
        "enti.yaml, ente consorzio-bosco: chiave sconosciuta «nodi»",
    ),
    "campo che manca": (
        E,
        lambda d: ente(d, "consorzio-bosco").pop("denominazione"),
        "enti.yaml, ente consorzio-bosco: manca «denominazione»",
    ),
    "natura inventata": (
        E,
        lambda d: ente(d, "consorzio-bosco").update(natura="club"),
        "enti.yaml, ente consorzio-bosco: natura: valore sconosciuto «club»: si scrive uno fra"
        " ETS, ente pubblico, azienda, scuola, rete informale, altro",
    ),
    "sigla con maiuscole": (
        E,
        lambda d: ente(d, "consorzio-bosco").update(id="Bosco"),
        "enti.yaml, ente Bosco: id: «Bosco» non è una sigla: lettere minuscole, cifre e trattini",
    ),
    "ente doppio": (
        E,
        lambda d: d["enti"].append(ente(d, "consorzio-bosco")),
        "enti.yaml, enti: l'id «consorzio-bosco» compare 2 volte",
    ),
    "consorzio di se stesso": (
        E,
        lambda d: ente(d, "cooperativa-faggio")["consorzio"].update(id="cooperativa-faggio"),
        "enti.yaml, ente cooperativa-faggio: non può essere il consorzio di se stesso",
    ),
    "servizi che si contengono": (
        E,
        lambda d: ente(d, "comune-roccachiara").update(parte_di="servizi-roccachiara"),
        "enti.yaml, ente comune-roccachiara: risalendo «parte_di» si torna all'ente stesso",
    ),
    "capofila che il nodo non dice": (
        N,
        lambda d: voce(d["nodi"], "valle").update(capofila="associazione-ginestra"),
        "nodi.yaml, nodo valle: enti.yaml non dice «associazione-ginestra» capofila di questo nodo",
    ),
    "capofila che non c'è": (
        N,
        lambda d: voce(d["nodi"], "valle").update(capofila="nessuno"),
        "nodi.yaml, nodo valle: ente che non c'è: «nessuno»",
    ),
    "nodi e assi discordi": (
        N,
        lambda d: voce(d["nodi"], "valle")["enti_per_asse"].update(terra=[]),
        "nodi.yaml, nodo valle: assi.yaml elenca altri enti per l'asse «terra»",
    ),
    "esiti in un nodo che non c'è": (
        A,
        lambda d: d["assi"][0]["esiti"].update(mare=[]),
        "assi.yaml, asse anziani: nodo che non c'è: «mare»",
    ),
    "azione di un ente che non c'è": (
        Z,
        lambda d: voce(d["azioni"], "rovere-visite").update(enti_collaboratori=["nessuno"]),
        "azioni.yaml, azione rovere-visite: ente che non c'è: «nessuno»",
    ),
    "data impossibile": (
        Z,
        lambda d: voce(d["azioni"], "rovere-visite").update(inizio="2023-13"),
        "azioni.yaml, azione rovere-visite: inizio: «2023-13» non è una data: si scrive AAAA-MM"
        " oppure AAAA-MM-GG",
    ),
    "azione che finisce prima": (
        Z,
        lambda d: voce(d["azioni"], "rovere-visite").update(fine="2022-12"),
        "azioni.yaml, azione rovere-visite: finisce (2022-12) prima di cominciare",
    ),
    "azione di una scheda che non la nomina": (
        Z,
        lambda d: voce(d["azioni"], "rovere-visite").update(scheda="faggio"),
        "azioni.yaml, azione rovere-visite: schede.yaml non la elenca fra le azioni di «faggio»",
    ),
    "scheda con un'azione che non c'è": (
        S,
        lambda d: scheda(d, "faggio").update(azioni=["nessuna"]),
        "schede.yaml, scheda faggio: azione che non c'è: «nessuna»",
    ),
    "scheda doppia": (
        S,
        lambda d: scheda(d, "faggio").update(id="rovere"),
        "schede.yaml, schede: l'id «rovere» compare 2 volte",
    ),
    "dichiarante fuori dalla rete": (
        S,
        lambda d: scheda(d, "faggio").update(
            enti=["consorzio-bosco"], dichiaranti=["consorzio-bosco"]
        ),
        "schede.yaml, scheda faggio: il dichiarante «consorzio-bosco» non è un ente della rete",
    ),
    "unità inventata": (
        S,
        lambda d: conteggio(d, "rovere", "soli").update(unita="famiglie"),
        "schede.yaml, scheda rovere, conteggio soli: unita: valore sconosciuto «famiglie»: si"
        " scrive uno fra individui, nuclei, aziende, enti",
    ),
    "valore negativo": (
        S,
        lambda d: conteggio(d, "rovere", "soli").update(valore=-1),
        "schede.yaml, scheda rovere, conteggio soli: valore: -1 è meno del minimo, che è 0",
    ),
    "valore con la virgola": (
        S,
        lambda d: conteggio(d, "rovere", "soli").update(valore=1.5),
        "schede.yaml, scheda rovere, conteggio soli: valore: dev'essere un numero intero, non «1.5»",
    ),
    "valore fra virgolette": (
        S,
        lambda d: conteggio(d, "rovere", "soli").update(valore="12"),
        "schede.yaml, scheda rovere, conteggio soli: valore: dev'essere un numero intero, non «12»",
    ),
    "un sì al posto di un numero": (
        S,
        lambda d: conteggio(d, "rovere", "soli").update(valore=True),
        "schede.yaml, scheda rovere, conteggio soli: valore: dev'essere un numero intero, non"
        " «true»",
    ),
    "valore smisurato": (
        S,
        lambda d: conteggio(d, "rovere", "soli").update(valore=10**12),
        "schede.yaml, scheda rovere, conteggio soli: valore: 1000000000000 è più del massimo, che"
        " è 100000000",
    ),
    "conteggio doppio": (
        S,
        aggiungi_conteggio(id="soli"),
        "schede.yaml, scheda rovere, conteggi: l'id «soli» compare 2 volte",
    ),
    "parte di un conteggio che non c'è": (
        S,
        aggiungi_conteggio(parte_di="nessuno"),
        "schede.yaml, scheda rovere, conteggio aggiunto: conteggio che non c'è: «nessuno»",
    ),
    "parte con un'altra unità": (
        S,
        aggiungi_conteggio(parte_di="famiglie"),
        "schede.yaml, scheda rovere, conteggio aggiunto: si conta in individui ma è parte di"
        " «famiglie», che si conta in nuclei",
    ),
    "parte più grande dell'intero": (
        S,
        aggiungi_conteggio(parte_di="visitati", valore=41),
        "schede.yaml, scheda rovere, conteggio aggiunto: vale 41, più di «visitati» di cui è parte"
        " (40)",
    ),
    "parti che girano in tondo": (
        S,
        lambda d: conteggio(d, "rovere", "visitati").update(parte_di="soli"),
        "schede.yaml, scheda rovere, conteggio soli: risalendo «parte_di» si torna al conteggio"
        " stesso",
    ),
    "composizione senza nuclei": (
        S,
        aggiungi_conteggio(composizione_di="visitati"),
        "schede.yaml, scheda rovere, conteggio aggiunto: «composizione_di» lega gli individui ai"
        " nuclei che formano, non altro",
    ),
    "parte e composizione insieme": (
        S,
        aggiungi_conteggio(composizione_di="famiglie", parte_di="visitati"),
        "schede.yaml, scheda rovere, conteggio aggiunto: è parte di un conteggio o ne è la"
        " composizione, non entrambe",
    ),
    "ripartizione che supera il totale": (
        S,
        lambda d: (
            conteggio(d, "rovere", "soli").update(ripartizione="casa"),
            aggiungi_conteggio(parte_di="visitati", valore=30, ripartizione="casa")(d),
        ),
        "schede.yaml, scheda rovere, conteggio visitati: le voci ripartite per «casa» sommano 42,"
        " più del totale (40)",
    ),
    "numero senza valore": (
        S,
        lambda d: scheda(d, "rovere")["beneficiari"]["altri_numeri"][0].pop("minimo"),
        "schede.yaml, scheda rovere, numero eta: serve un valore, oppure un minimo o un massimo",
    ),
    "canale inventato": (
        S,
        lambda d: scheda(d, "rovere")["individuazione"][0].update(canale="fax"),
        "schede.yaml, scheda rovere, individuazione, voce 1: canale: valore sconosciuto «fax»: si"
        " scrive uno fra servizi-pubblici, altri-ets, rete-progetto, rete-territoriale,"
        " passaparola, contatti-propri, scouting, progetto-collegato",
    ),
    "indicatore che non c'è": (
        S,
        lambda d: scheda(d, "rovere")["impatto_beneficiari"][0].update(indicatore="gioia"),
        "schede.yaml, scheda rovere, indicatore gioia: indicatore che non c'è: «gioia»",
    ),
    "indicatore di un altro asse": (
        S,
        lambda d: scheda(d, "rovere")["impatto_beneficiari"][0].update(indicatore="mestiere"),
        "schede.yaml, scheda rovere, indicatore mestiere: l'indicatore è dell'asse «terra»",
    ),
    "voto fuori scala": (
        S,
        lambda d: scheda(d, "rovere")["impatto_beneficiari"][0].update(valore=6),
        "schede.yaml, scheda rovere, indicatore solitudine: il voto 6 è fuori dalla scala 1-5",
    ),
    "voto e parola insieme": (
        S,
        lambda d: scheda(d, "rovere")["impatto_beneficiari"][0].update(giudizio="buono"),
        "schede.yaml, scheda rovere, indicatore solitudine: c'è un voto e c'è una parola: ne va"
        " scritto uno solo",
    ),
    "misuratore fuori scala": (
        S,
        lambda d: scheda(d, "campi")["indicatori_finali"]["gap_bisogni_soluzioni"].update(
            valore=6
        ),
        "schede.yaml, scheda campi, gap_bisogni_soluzioni: il voto 6 è fuori dalla scala 0-5",
    ),
    "ente escluso senza tutta la rete": (
        S,
        lambda d: scheda(d, "rovere")["reti"]["preesistenti"].update(tutta_la_rete=False),
        "schede.yaml, scheda rovere, reti: «eccetto» vale solo con «tutta_la_rete»",
    ),
    "formalizzata con chi non c'è": (
        S,
        lambda d: scheda(d, "rovere")["collaborazione_enti_pubblici"]["enti"].pop(0),
        "schede.yaml, scheda rovere, collaborazione_enti_pubblici: «comune-roccachiara» è in"
        " «formalizzata_con» ma non fra gli enti",
    ),
    "programma che non c'è": (
        S,
        lambda d: scheda(d, "campi")["output"]["conteggi"][0].update(canali=["bando-mare"]),
        "schede.yaml, scheda campi, output, conteggio raccolti: programma che non c'è:"
        " «bando-mare»",
    ),
    "quota che non è una percentuale": (
        S,
        lambda d: scheda(d, "campi")["output"]["conteggi"][0].update(gruppo="quota"),
        "schede.yaml, scheda campi, output, conteggio raccolti: una quota si scrive in percento, e"
        " solo una quota",
    ),
    "ente nominato che non c'è": (
        S,
        lambda d: scheda(d, "rovere")["individuazione"][0].update(enti=["nessuno"]),
        "schede.yaml, scheda rovere, individuazione: ente che non c'è: «nessuno»",
    ),
    "righe malformate": (
        S,
        lambda d: scheda(d, "rovere")["criticita"][0].update(righe="da 1 a 3"),
        "schede.yaml, scheda rovere, criticita, voce 1: righe: «da 1 a 3» non sono righe: si"
        " scrive «248», «287-296» o «626, 73»",
    ),
    "sezione che manca": (
        S,
        lambda d: scheda(d, "faggio").pop("outcomes"),
        "schede.yaml, scheda faggio: manca «outcomes»",
    ),
    "addendo che non c'è": (
        P,
        lambda d: d["cifre"][0]["ricalcolo"]["addendi"][0].update(conteggio="tutti"),
        "report_pubblicato.yaml, cifra persone, scheda rovere: conteggio che non c'è: «tutti»",
    ),
    "cifra in un nodo che non c'è": (
        P,
        lambda d: d["cifre"][0].update(nodo="mare"),
        "report_pubblicato.yaml, cifra persone: nodo che non c'è: «mare»",
    ),
    "cifra stampata senza valore": (
        P,
        lambda d: d["cifre"][0].update(valore=None),
        "report_pubblicato.yaml, cifra persone: «stampato» dice se il valore c'è: qui si"
        " contraddicono",
    ),
    "proposta su un asse che non c'è": (
        P,
        lambda d: d.update(proposte=[{"ambito": "mare", "testo": "Una barca."}]),
        "report_pubblicato.yaml, proposte: asse che non c'è: «mare»",
    ),
    "cifra che somma unità diverse": (
        P,
        lambda d: d["cifre"][0]["ricalcolo"]["addendi"].append(
            {"scheda": "campi", "conteggio": "aziende"}
        ),
        "report_pubblicato.yaml, cifre › persone: «campi/aziende» conta aziende, la cifra conta"
        " individui e nuclei",
    ),
}


@pytest.mark.parametrize(("file", "guasta", "attesa"), GUASTI.values(), ids=GUASTI.keys())
def test_una_cartella_guasta_si_rifiuta_e_non_scrive_nulla(cartella, file, guasta, attesa):
    modifica(cartella, file, guasta)

    assert attesa in rifiuto(cartella)


ILLEGGIBILI = {
    "file che manca": (lambda f: f.unlink(), "schede.yaml: il file manca"),
    "non UTF-8": (
        lambda f: f.write_bytes(b"schede: []\nindicatori: citt\xe0\n"),
        "schede.yaml, riga 2: il testo non è UTF-8: va salvato con questa codifica",
    ),
    "YAML malformato": (
        lambda f: f.write_text("schede:\n- a: [1\nb: 2\n", encoding="utf-8"),
        "schede.yaml: alla riga 3 il file non è YAML valido: spesso è un rientro sbagliato, o un"
        " testo con i due punti senza virgolette",
    ),
    "chiave ripetuta": (
        lambda f: f.write_text("schede: []\nindicatori: []\nschede: []\n", encoding="utf-8"),
        "schede.yaml: alla riga 3 la chiave «schede» è ripetuta",
    ),
    "rimandi": (
        lambda f: f.write_text("schede: &s []\nindicatori: *s\n", encoding="utf-8"),
        "schede.yaml: alla riga 1 i rimandi di YAML (& e *) non si possono usare: il testo che"
        " comincia così va fra virgolette",
    ),
    "voci senza fondo": (
        lambda f: f.write_text("[" * 100_000, encoding="utf-8"),
        "schede.yaml: alla riga 1 le voci sono annidate troppo a fondo",
    ),
    "carattere nullo": (
        lambda f: f.write_text('schede: []\nindicatori: "a\\0b"\n', encoding="utf-8"),
        "schede.yaml, indicatori: il testo contiene un carattere nullo",
    ),
    "oggetto di Python": (
        lambda f: f.write_text("!!python/object/apply:os.system [ls]\n", encoding="utf-8"),
        "schede.yaml: alla riga 1 il file non è YAML valido: spesso è un rientro sbagliato, o un"
        " testo con i due punti senza virgolette",
    ),
    "file vuoto": (
        lambda f: f.write_text("", encoding="utf-8"),
        "schede.yaml: dev'essere un insieme di chiavi e valori",
    ),
    "una lista al posto delle chiavi": (
        lambda f: f.write_text("- schede\n", encoding="utf-8"),
        "schede.yaml: dev'essere un insieme di chiavi e valori",
    ),
}


@pytest.mark.parametrize(("guasta", "attesa"), ILLEGGIBILI.values(), ids=ILLEGGIBILI.keys())
def test_un_file_illeggibile_si_rifiuta_e_non_scrive_nulla(cartella, guasta, attesa):
    guasta(cartella / "schede.yaml")

    assert attesa in rifiuto(cartella)


def test_una_cartella_che_non_c_e_si_dice(tmp_path):
    assert rifiuto(tmp_path / "altrove") == [f"La cartella «{tmp_path / 'altrove'}» non c'è."]


def test_i_problemi_escono_tutti_insieme(cartella):
    modifica(cartella, E, lambda d: ente(d, "consorzio-bosco").update(natura="club"))
    modifica(cartella, S, lambda d: conteggio(d, "rovere", "soli").update(valore=-1, unita="x"))
    (cartella / A).unlink()

    righe = rifiuto(cartella)

    assert len(righe) == 4
    assert {riga.split(",")[0].split(":")[0] for riga in righe} == {E, A, S}


def test_i_riferimenti_sbagliati_escono_tutti_insieme(cartella):
    modifica(cartella, Z, lambda d: d["azioni"][0].update(enti_collaboratori=["nessuno"]))
    modifica(cartella, S, lambda d: scheda(d, "rovere").update(nodo="mare"))
    modifica(cartella, S, aggiungi_conteggio(parte_di="nessuno"))

    assert len(rifiuto(cartella)) == 3


@pytest.mark.parametrize("file", ["pagine.yaml", "sistemi.yaml", "criticita_prodotto.yaml"])
def test_i_file_che_non_si_caricano_devono_almeno_leggersi(cartella, file):
    (cartella / file).write_text("voci: [", encoding="utf-8")

    (riga,) = rifiuto(cartella)
    assert riga.startswith(f"{file}: ")


def test_ogni_problema_porta_file_voce_e_motivo(cartella):
    modifica(cartella, S, lambda d: conteggio(d, "rovere", "soli").update(valore=-1))

    with pytest.raises(CartellaRifiutata) as errore:
        leggi_cartella(cartella)

    (problema,) = errore.value.problemi
    assert problema.file == "schede.yaml"
    assert problema.voce == "scheda rovere, conteggio soli"
    assert problema.motivo == "valore: -1 è meno del minimo, che è 0"


def test_dal_terminale_si_legge_la_frase_e_basta(tmp_path, capsys, monkeypatch):
    # Chiudere le connessioni, dentro la transazione della prova, la guasterebbe.
    monkeypatch.setattr("registro.comune.comandi.connections.close_all", lambda: None)

    with pytest.raises(SystemExit) as uscita:
        Command().run_from_argv(["manage.py", "carica_quadrante", str(tmp_path / "altrove")])

    assert uscita.value.code == 1
    detto = capsys.readouterr().err
    assert detto.startswith("La cartella «")
    assert "CommandError" not in detto


def test_nessun_errore_di_forma_resta_in_inglese():
    with pytest.raises(ValidationError) as errore:
        FileSchede.model_validate({"indicatori": 3, "schede": [1, {"id": None}, []], 5: 6})

    problemi = problemi_di_forma("schede.yaml", errore.value, {"schede": [1, {"id": None}, []]})
    assert problemi
    assert not [p for p in problemi if "should" in p.motivo or "Input" in p.motivo]
