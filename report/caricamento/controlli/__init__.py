"""Ciò che la forma non vede: riferimenti fra file, sigle doppie, unità, parti e totali."""

from report.caricamento.controlli.comune import Indici, Raccolta
from report.caricamento.controlli.pubblicato import controlla_pubblicato
from report.caricamento.controlli.rete import controlla_rete
from report.caricamento.controlli.schede import controlla_schede
from report.caricamento.errori import CartellaRifiutata
from report.caricamento.lettura import Cartella


def controlla(cartella: Cartella) -> None:
    """Solleva `CartellaRifiutata` con tutto ciò che in `cartella` non torna."""
    indici, raccolta = Indici.della(cartella), Raccolta()
    controlla_rete(cartella, indici, raccolta)
    controlla_schede(cartella, indici, raccolta)
    controlla_pubblicato(cartella, indici, raccolta)
    if raccolta.problemi:
        raise CartellaRifiutata(raccolta.problemi)
