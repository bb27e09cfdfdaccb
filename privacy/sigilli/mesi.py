"""I mesi dei registri: si aprono prima che servano, escono quando sono in un file firmato.

Il file ha una riga JSON per riga del registro, la stessa che si sigilla, compresso; accanto ha la sua
firma. Una volta uscito il mese, i sigilli continuano a tornare: ogni lotto tiene separate le righe di
ogni mese.
"""

import gzip
import hashlib
import io
import json
from datetime import date, timedelta
from pathlib import Path

import psycopg
from django.conf import settings
from django.utils import timezone

from privacy.sigilli.accesso import SigilliChiusi, apri
from privacy.sigilli.firma import chiave_pubblica, firma, firma_valida
from registro.comune.deposito import butta, metti_al_posto, scrivi_provvisorio


MADRI = {"letture": "privacy_registroaccessi", "eventi": "enti_eventodisicurezza"}
MESI_AVANTI = 2
# Oltre all'anno in corso (provvedimenti del Garante su amministratori e dossier: almeno 24 mesi).
MESI_CONSERVATI = 24
_RIGHE_PER_VOLTA = 5000


def apri_i_mesi() -> int:
    """Apre le tabelle di questo mese e dei prossimi. Rende quante ne mancavano. Solleva SigilliChiusi."""
    oggi = timezone.localdate()
    with apri() as connessione:
        return sum(
            connessione.execute("SELECT registro_apri_mese(%s, %s)", [madre, mese]).fetchone()[0]
            for madre in MADRI.values()
            for mese in _prossimi(oggi)
        )


def archivia_i_mesi(oggi: date | None = None) -> list[str]:
    """Scrive in file firmati i mesi più vecchi del dovuto, poi li toglie. Rende i nomi dei file.

    Un mese esce solo se il file, riletto dal disco, ha l'impronta e la firma annotate. Ciò che non
    riesce resta nel database e si riprova il giorno dopo. Solleva SigilliChiusi.
    """
    limite = _limite(oggi or timezone.localdate())
    with apri() as connessione:
        mesi = connessione.execute("SELECT registro, mese FROM registro_mesi() ORDER BY 2, 1")
        vecchi = [(registro, mese) for registro, mese in mesi if mese < limite]
    return [_archivia(registro, mese) for registro, mese in vecchi]


def cartella() -> Path:
    """Dove stanno i mesi archiviati: fra i documenti, che le copie di ogni notte comprendono."""
    return Path(settings.MEDIA_ROOT) / "registri"


def file_integro(nome: str, impronta: str, firma_in_base64: str) -> bool:
    """Se il file archiviato è ancora quello firmato."""
    try:
        contenuto = (cartella() / nome).read_bytes()
    except OSError:
        return False
    return hashlib.sha256(contenuto).hexdigest() == impronta and firma_valida(
        impronta.encode(), firma_in_base64, chiave_pubblica()
    )


def _prossimi(oggi: date) -> list[date]:
    mesi = [oggi.replace(day=1)]
    for _ in range(MESI_AVANTI):
        mesi.append((mesi[-1] + timedelta(days=32)).replace(day=1))
    return mesi


def _limite(oggi: date) -> date:
    """Il primo mese che si conserva: 24 mesi, oltre all'anno in corso."""
    return date(oggi.year - MESI_CONSERVATI // 12, 1, 1)


def _archivia(registro: str, mese: date) -> str:
    nome = f"registro-{registro}-{mese:%Y-%m}.jsonl.gz"
    with apri() as connessione:
        gia = connessione.execute(
            "SELECT impronta, firma FROM privacy_mesearchiviato WHERE registro = %s AND mese = %s",
            [registro, mese],
        ).fetchone()
        if gia is None:
            gia = _scrivi(connessione, registro, mese, nome)
    if not file_integro(nome, *gia):
        raise SigilliChiusi(
            f"Il file {nome} non è quello firmato: il mese resta nel database. Rimetti quello giusto"
            " da una copia."
        )
    with apri() as connessione:
        connessione.execute("SELECT registro_togli_mese(%s, %s)", [registro, mese])
    return nome


def _scrivi(
    connessione: psycopg.Connection, registro: str, mese: date, nome: str
) -> tuple[str, str]:
    """Scrive il file e lo annota. Rende impronta e firma."""
    contenuto, righe = io.BytesIO(), 0
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=contenuto, mtime=0) as compresso,
        connessione.cursor("mese") as cursore,
    ):
        cursore.itersize = _RIGHE_PER_VOLTA
        cursore.execute("SELECT registro_righe_del_mese(%s, %s)", [registro, mese])
        for (riga,) in cursore:
            compresso.write(f"{riga}\n".encode())
            righe += 1
    impronta = hashlib.sha256(contenuto.getvalue()).hexdigest()
    segno = firma(impronta.encode())
    voci = {"file": nome, "righe": righe, "impronta": impronta, "firma": segno}
    voci |= {"chiave": chiave_pubblica()}
    _posa(nome, contenuto.getvalue())
    _posa(f"{nome}.firma.json", json.dumps(voci, indent=1).encode() + b"\n")
    connessione.execute(
        "INSERT INTO privacy_mesearchiviato (registro, mese, righe, file, impronta, firma)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        [registro, mese, righe, nome, impronta, segno],
    )
    return impronta, segno


def _posa(nome: str, contenuto: bytes) -> None:
    provvisorio = cartella() / f".{nome}.parte"
    # Un tentativo interrotto può averlo lasciato lì.
    butta(provvisorio)
    scrivi_provvisorio(provvisorio, contenuto)
    metti_al_posto(provvisorio, cartella() / nome)
