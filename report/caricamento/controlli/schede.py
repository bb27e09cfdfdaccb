"""I riferimenti e l'aritmetica dentro le schede."""

from collections import defaultdict
from collections.abc import Iterator

from report.caricamento.controlli.comune import Indici, Raccolta, anello, per_sigla
from report.caricamento.formato import FormaConteggio, FormaMisuratore, FormaScheda, Frase
from report.caricamento.lettura import Cartella
from report.models import Conteggio, Misuratore


SCHEDE = "schede.yaml"


def controlla_schede(cartella: Cartella, indici: Indici, raccolta: Raccolta) -> None:
    """Segna in `raccolta` ciò che non torna nelle schede."""
    schede = cartella.schede
    raccolta.doppi(SCHEDE, "indicatori", (i.id for i in schede.indicatori), "l'id")
    raccolta.doppi(SCHEDE, "schede", (s.id for s in schede.schede), "l'id")
    raccolta.doppi(SCHEDE, "schede", (s.numero for s in schede.schede), "il numero")
    for indicatore in schede.indicatori:
        raccolta.ignoti(
            SCHEDE, f"indicatore {indicatore.id}", [indicatore.asse], indici.assi, "asse"
        )
    for scheda in schede.schede:
        voce = f"scheda {scheda.id}"
        _testata(scheda, voce, indici, raccolta)
        _frasi(scheda, voce, indici, raccolta)
        _conteggi(scheda, voce, indici, raccolta)
        _altri_numeri(scheda, voce, raccolta)
        _giudizi(scheda, voce, indici, raccolta)
        _reti(scheda, voce, indici, raccolta)
        _enti_pubblici(scheda, voce, indici, raccolta)
        _output(scheda, voce, indici, raccolta)
        _per_asse(scheda, voce, raccolta)


def _testata(scheda: FormaScheda, voce: str, indici: Indici, raccolta: Raccolta) -> None:
    raccolta.ignoti(SCHEDE, voce, [*scheda.enti, *scheda.dichiaranti], indici.enti, "ente")
    raccolta.ignoti(SCHEDE, voce, scheda.assi, indici.assi, "asse")
    raccolta.ignoti(SCHEDE, voce, [scheda.nodo], indici.nodi, "nodo")
    raccolta.ignoti(SCHEDE, voce, scheda.azioni, indici.azioni, "azione")
    for valori, cosa in (
        (scheda.enti, "l'ente"),
        (scheda.dichiaranti, "il dichiarante"),
        (scheda.assi, "l'asse"),
        (scheda.azioni, "l'azione"),
    ):
        raccolta.doppi(SCHEDE, voce, valori, cosa)
    for dichiarante in scheda.dichiaranti:
        if dichiarante not in scheda.enti:
            raccolta.segna(SCHEDE, voce, f"il dichiarante «{dichiarante}» non è fra i suoi enti")
        elif dichiarante in indici.enti and dichiarante not in indici.rete:
            raccolta.segna(
                SCHEDE, voce, f"il dichiarante «{dichiarante}» non è un ente della rete"
            )


def _frasi_di(scheda: FormaScheda) -> Iterator[tuple[str, Frase]]:
    """Ogni frase della scheda, col nome della sua sezione."""
    sezioni = {
        "profilo": scheda.beneficiari.profilo,
        "vulnerabilita": scheda.vulnerabilita,
        "individuazione": scheda.individuazione,
        "bisogni_motivazioni": scheda.bisogni_motivazioni,
        "reti": scheda.reti and scheda.reti.testi,
        "output": scheda.output and scheda.output.testi,
        "outcomes": scheda.outcomes,
        "impatto_ente": scheda.impatto_ente and scheda.impatto_ente.testi,
        "nuovi_bisogni": scheda.nuovi_bisogni,
        "criticita": scheda.criticita,
        "proposte": scheda.proposte,
        "sostenibilita": scheda.sostenibilita,
    }
    pubblici = scheda.collaborazione_enti_pubblici
    if pubblici is not None:
        sezioni |= {
            "punti_forza": pubblici.punti_forza,
            "da_migliorare": pubblici.da_migliorare,
        }
    for sezione, frasi in sezioni.items():
        for frase in frasi or []:
            yield sezione, frase


def _frasi(scheda: FormaScheda, voce: str, indici: Indici, raccolta: Raccolta) -> None:
    for sezione, frase in _frasi_di(scheda):
        dove = f"{voce}, {sezione}"
        raccolta.ignoti(SCHEDE, dove, frase.enti, indici.enti, "ente")
        raccolta.ignoti(SCHEDE, dove, [frase.asse], indici.assi, "asse")


def _conteggi(scheda: FormaScheda, voce: str, indici: Indici, raccolta: Raccolta) -> None:
    conteggi = scheda.beneficiari.conteggi
    raccolta.doppi(SCHEDE, f"{voce}, conteggi", (c.id for c in conteggi), "l'id")
    uscite = scheda.beneficiari.drop_out or []
    raccolta.doppi(SCHEDE, f"{voce}, drop_out", (u.id for u in uscite), "l'id")
    tutti = per_sigla(conteggi)
    madri = {sigla: conteggio.parte_di for sigla, conteggio in tutti.items()}
    for conteggio in conteggi:
        dove = f"{voce}, conteggio {conteggio.id}"
        raccolta.ignoti(SCHEDE, dove, [conteggio.asse], indici.assi, "asse")
        raccolta.ignoti(
            SCHEDE, dove, [conteggio.parte_di, conteggio.composizione_di], tutti, "conteggio"
        )
        if conteggio.parte_di and conteggio.composizione_di:
            raccolta.segna(
                SCHEDE, dove, "è parte di un conteggio o ne è la composizione, non entrambe"
            )
        if anello(conteggio.id, madri):
            raccolta.segna(SCHEDE, dove, "risalendo «parte_di» si torna al conteggio stesso")
        _parte(conteggio, tutti, dove, raccolta)
        _composizione(conteggio, tutti, dove, raccolta)
    _ripartizioni(conteggi, tutti, voce, raccolta)


def _parte(
    conteggio: FormaConteggio, tutti: dict[str, FormaConteggio], dove: str, raccolta: Raccolta
) -> None:
    intero = tutti.get(conteggio.parte_di or "")
    if intero is None:
        return
    if conteggio.unita != intero.unita:
        raccolta.segna(
            SCHEDE,
            dove,
            f"si conta in {conteggio.unita} ma è parte di «{intero.id}», che si conta in"
            f" {intero.unita}",
        )
    elif _supera(conteggio.valore, intero):
        raccolta.segna(
            SCHEDE,
            dove,
            f"vale {conteggio.valore}, più di «{intero.id}» di cui è parte ({intero.valore})",
        )


def _supera(valore: int | None, intero: FormaConteggio) -> bool:
    """Vero se `valore` è più dell'intero. «oltre 100» è un minimo: 120 ne può essere una parte."""
    if valore is None or intero.valore is None:
        return False
    return intero.approssimato != Conteggio.Approssimazione.OLTRE and valore > intero.valore


def _composizione(
    conteggio: FormaConteggio, tutti: dict[str, FormaConteggio], dove: str, raccolta: Raccolta
) -> None:
    nuclei = tutti.get(conteggio.composizione_di or "")
    if nuclei is None:
        return
    if conteggio.unita != Conteggio.Unita.INDIVIDUI or nuclei.unita != Conteggio.Unita.NUCLEI:
        raccolta.segna(
            SCHEDE, dove, "«composizione_di» lega gli individui ai nuclei che formano, non altro"
        )


def _ripartizioni(
    conteggi: list[FormaConteggio],
    tutti: dict[str, FormaConteggio],
    voce: str,
    raccolta: Raccolta,
) -> None:
    """Le voci con la stessa etichetta insieme non possono superare il totale che ripartiscono."""
    gruppi: dict[tuple[str, str], list[FormaConteggio]] = defaultdict(list)
    for conteggio in conteggi:
        if conteggio.ripartizione and conteggio.parte_di in tutti:
            gruppi[conteggio.parte_di, conteggio.ripartizione].append(conteggio)
    for (sigla, etichetta), parti in gruppi.items():
        somma = sum(parte.valore or 0 for parte in parti)
        if len(parti) > 1 and _supera(somma, tutti[sigla]):
            raccolta.segna(
                SCHEDE,
                f"{voce}, conteggio {sigla}",
                f"le voci ripartite per «{etichetta}» sommano {somma},"
                f" più del totale ({tutti[sigla].valore})",
            )


def _altri_numeri(scheda: FormaScheda, voce: str, raccolta: Raccolta) -> None:
    numeri = scheda.beneficiari.altri_numeri
    raccolta.doppi(SCHEDE, f"{voce}, altri_numeri", (n.id for n in numeri), "l'id")
    for numero in numeri:
        dove = f"{voce}, numero {numero.id}"
        if not numero.model_fields_set & {"valore", "minimo", "massimo"}:
            raccolta.segna(SCHEDE, dove, "serve un valore, oppure un minimo o un massimo")
        estremi = [e for e in (numero.minimo, numero.massimo) if e is not None]
        if estremi != sorted(estremi):
            raccolta.segna(SCHEDE, dove, "il massimo è minore del minimo")


def _giudizi(scheda: FormaScheda, voce: str, indici: Indici, raccolta: Raccolta) -> None:
    giudizi = scheda.impatto_beneficiari or []
    raccolta.doppi(
        SCHEDE, f"{voce}, impatto_beneficiari", (g.indicatore for g in giudizi), "l'indicatore"
    )
    for giudizio in giudizi:
        dove = f"{voce}, indicatore {giudizio.indicatore}"
        raccolta.ignoti(SCHEDE, dove, [giudizio.indicatore], indici.indicatori, "indicatore")
        raccolta.ignoti(SCHEDE, dove, [giudizio.asse], scheda.assi, "asse della scheda")
        indicatore = indici.indicatori.get(giudizio.indicatore)
        if indicatore is not None and indicatore.asse != giudizio.asse:
            raccolta.segna(SCHEDE, dove, f"l'indicatore è dell'asse «{indicatore.asse}»")
        if giudizio.valore is not None and not 1 <= giudizio.valore <= giudizio.scala:
            raccolta.segna(
                SCHEDE, dove, f"il voto {giudizio.valore} è fuori dalla scala 1-{giudizio.scala}"
            )
        if giudizio.valore is not None and giudizio.giudizio is not None:
            raccolta.segna(SCHEDE, dove, "c'è un voto e c'è una parola: ne va scritto uno solo")
        espresso = giudizio.valore is not None or giudizio.giudizio not in (
            None,
            "non-esprimibile",
        )
        if giudizio.in_alcuni_casi and not espresso:
            raccolta.segna(SCHEDE, dove, "«in_alcuni_casi» senza un giudizio")


def _reti(scheda: FormaScheda, voce: str, indici: Indici, raccolta: Raccolta) -> None:
    if scheda.reti is None:
        return
    dove, prima, dopo = f"{voce}, reti", scheda.reti.preesistenti, scheda.reti.nuove
    nominati = [*prima.enti, *prima.eccetto, *dopo.enti]
    raccolta.ignoti(SCHEDE, dove, nominati, indici.enti, "ente")
    raccolta.doppi(SCHEDE, dove, nominati, "l'ente")
    if prima.tutta_la_rete and prima.enti:
        raccolta.segna(SCHEDE, dove, "o «tutta_la_rete» o un elenco di enti, non entrambi")
    if prima.eccetto and not prima.tutta_la_rete:
        raccolta.segna(SCHEDE, dove, "«eccetto» vale solo con «tutta_la_rete»")
    for sigla in prima.eccetto:
        if sigla in indici.enti and sigla not in indici.rete:
            raccolta.segna(SCHEDE, dove, f"l'ente escluso «{sigla}» non è della rete")


def _enti_pubblici(scheda: FormaScheda, voce: str, indici: Indici, raccolta: Raccolta) -> None:
    pubblici = scheda.collaborazione_enti_pubblici
    if pubblici is None:
        return
    dove = f"{voce}, collaborazione_enti_pubblici"
    raccolta.ignoti(SCHEDE, dove, pubblici.enti, indici.enti, "ente")
    raccolta.doppi(SCHEDE, dove, pubblici.enti, "l'ente")
    raccolta.doppi(SCHEDE, dove, pubblici.formalizzata_con, "in «formalizzata_con» l'ente")
    for sigla in pubblici.formalizzata_con:
        if sigla not in pubblici.enti:
            raccolta.segna(SCHEDE, dove, f"«{sigla}» è in «formalizzata_con» ma non fra gli enti")


def _output(scheda: FormaScheda, voce: str, indici: Indici, raccolta: Raccolta) -> None:
    prodotti = scheda.output.conteggi if scheda.output else []
    raccolta.doppi(SCHEDE, f"{voce}, output", (p.id for p in prodotti), "l'id")
    for prodotto in prodotti:
        dove = f"{voce}, output, conteggio {prodotto.id}"
        raccolta.ignoti(SCHEDE, dove, [prodotto.presso], indici.enti, "ente")
        raccolta.ignoti(SCHEDE, dove, prodotto.canali, indici.programmi, "programma")
        raccolta.ignoti(SCHEDE, dove, [prodotto.asse], indici.assi, "asse")
        if (prodotto.gruppo == Conteggio.Gruppo.QUOTA) != (prodotto.unita == "percento"):
            raccolta.segna(SCHEDE, dove, "una quota si scrive in percento, e solo una quota")


def _per_asse(scheda: FormaScheda, voce: str, raccolta: Raccolta) -> None:
    attivita = scheda.impatto_ente.attivita if scheda.impatto_ente else []
    dove = f"{voce}, impatto_ente"
    raccolta.ignoti(SCHEDE, dove, (a.asse for a in attivita), scheda.assi, "asse della scheda")
    raccolta.doppi(SCHEDE, dove, (a.asse for a in attivita), "l'asse")
    for tipo in Misuratore.Tipo.values:
        misuratore = getattr(scheda.indicatori_finali, tipo)
        _misuratore(misuratore, scheda, f"{voce}, {tipo}", raccolta)
    if scheda.prosecuzione is not None:
        per_asse = scheda.prosecuzione.per_asse or {}
        dove = f"{voce}, prosecuzione"
        raccolta.ignoti(SCHEDE, dove, per_asse, scheda.assi, "asse della scheda")


def _misuratore(
    misuratore: FormaMisuratore, scheda: FormaScheda, dove: str, raccolta: Raccolta
) -> None:
    per_asse = misuratore.per_asse or {}
    raccolta.ignoti(SCHEDE, dove, per_asse, scheda.assi, "asse della scheda")
    if misuratore.valore is not None and per_asse:
        raccolta.segna(SCHEDE, dove, "un voto solo o uno per asse, non entrambi")
    voti = [voto for voto in (misuratore.valore, *per_asse.values()) if voto is not None]
    for voto in voti:
        if voto > misuratore.scala:
            raccolta.segna(
                SCHEDE, dove, f"il voto {voto} è fuori dalla scala 0-{misuratore.scala}"
            )
    if voti and misuratore.motivo is not None:
        raccolta.segna(SCHEDE, dove, "il voto c'è: il motivo per cui manca va tolto")
