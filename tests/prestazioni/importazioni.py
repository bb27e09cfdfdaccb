"""Ciò che serve a provare le importazioni: il comando, le pagine, un ente con una persona."""

import datetime
import json
from io import StringIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from prestazioni.models import Importazione
from tests.fabbriche_persone import (
    AzioneFactory,
    BeneficiarioFactory,
    PresaInCaricoFactory,
    come,
)


APERTA = datetime.date(2024, 1, 1)
NOMI = ("Cognome", "Nome", "Nato il", "Data", "Servizio", "Durata")
LINA = ("Abate", "Lina", "12/3/1980")


def importa(tmp_path, contenuto, chi, *opzioni, tipo="prestazioni"):
    """Il codice d'uscita del comando, e il JSON che stampa."""
    percorso = tmp_path / "foglio"
    percorso.write_bytes(contenuto)
    uscita, codice = StringIO(), 0
    argomenti = [tipo, str(percorso), "--ente", chi.ente.slug, "--utente", chi.utente.email]
    try:
        call_command("importa", *argomenti, "--json", *opzioni, stdout=uscita)
    except CommandError as errore:
        codice = errore.returncode
    return codice, json.loads(uscita.getvalue())


def motivi(esito: dict) -> dict[int, str]:
    """I motivi di ogni riga rifiutata, uno dopo l'altro."""
    per_riga: dict[int, str] = {}
    for voce in esito["rifiutate"]:
        detto = f"{voce['colonna']}: {voce['motivo']}" if voce["colonna"] else voce["motivo"]
        per_riga[voce["riga"]] = f"{per_riga.get(voce['riga'], '')} {detto}".strip()
    return per_riga


def seguita(ente, cognome, nome, nascita=datetime.date(1980, 3, 12), azione=None, **presa):
    """Una persona dell'ente con una presa in carico aperta dal 2024."""
    persona = BeneficiarioFactory(ente=ente, cognome=cognome, nome=nome, data_nascita=nascita)
    PresaInCaricoFactory(
        beneficiario=persona, azione=azione or AzioneFactory(), aperta_il=APERTA, **presa
    )
    return persona


def in_csv(*righe, nomi=NOMI) -> bytes:
    return "\r\n".join(";".join(riga) for riga in (nomi, *righe)).encode()


def manda(client, contenuto: bytes, tipo: str = "prestazioni", nome: str = "foglio.csv"):
    file = SimpleUploadedFile(nome, contenuto)
    return client.post(reverse("prestazioni:importa"), {"tipo": tipo, "file": file})


def pagina(nome: str, importazione: Importazione) -> str:
    return reverse(f"prestazioni:{nome}", args=[importazione.uuid])


def gia_fatta(chi, **com_e) -> Importazione:
    """Un'importazione di `chi`, com'è rimasta in tabella."""
    with come(chi):
        return Importazione.objects.create(
            **{"ente": chi.ente, "utente": chi.utente, "tipo": "prestazioni"} | com_e
        )


def unica(chi) -> Importazione:
    with come(chi):
        return Importazione.objects.get()


def ultima(chi) -> Importazione:
    with come(chi):
        return Importazione.objects.di(chi.ente).first()


def caricato(client, chi, *righe, nomi=NOMI) -> Importazione:
    """Un foglio caricato ed esaminato con le colonne proposte."""
    manda(client.entra(chi), in_csv(*righe, nomi=nomi))
    importazione = ultima(chi)
    colonne = client.get(pagina("importa_colonne", importazione)).context["proposta"]
    risposta = client.post(
        pagina("importa_colonne", importazione),
        {f"colonna-{posto}": campo for posto, campo in colonne.colonne.items()},
    )
    assert risposta.status_code == 302, risposta.content.decode()
    return ultima(chi)


def parole(risposta) -> str:
    return " ".join(risposta.content.decode().split()).replace("\xa0", " ")
