"""Ciò che serve a provare le importazioni: il comando, un ente con una persona, i fogli in disordine."""

import datetime
import json
from io import StringIO

from django.core.management import CommandError, call_command

from tests.fabbriche_persone import AzioneFactory, BeneficiarioFactory, PresaInCaricoFactory


APERTA = datetime.date(2024, 1, 1)


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
