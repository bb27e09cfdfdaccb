"""I sigilli dei registri: farli, verificarli, firmarli, archiviarne i mesi.

Si entra nel database come `registro_sigillo`, che le pagine non hanno: chi arrivasse a scrivere come
l'applicazione non potrebbe rifare un sigillo. Che cosa i sigilli trovano, e che cosa no, è in
docs/decisioni/0016-sigilli.md.
"""

from privacy.sigilli.accesso import SigilliChiusi, apri
from privacy.sigilli.catena import nuova_epoca, sigilla
from privacy.sigilli.esito import Esito, Problema
from privacy.sigilli.firma import (
    TestataLetta,
    chiave_pubblica,
    firma_la_testata,
    leggi_testata,
    testata_in_testo,
)
from privacy.sigilli.mesi import apri_i_mesi, archivia_i_mesi
from privacy.sigilli.verifica import annota_verifica, verifica


__all__ = [
    "Esito",
    "Problema",
    "SigilliChiusi",
    "TestataLetta",
    "annota_verifica",
    "apri",
    "apri_i_mesi",
    "archivia_i_mesi",
    "chiave_pubblica",
    "firma_la_testata",
    "leggi_testata",
    "nuova_epoca",
    "sigilla",
    "testata_in_testo",
    "verifica",
]
