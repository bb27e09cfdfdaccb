"""Campi che più moduli delle rilevazioni hanno uguali."""

from beneficiari.models import PresaInCarico
from registro.comune.moduli import CampoScelta


def presa_in_parole(presa: PresaInCarico) -> str:
    """Una presa in carico come si legge in una tendina: l'azione e i giorni."""
    chiusa = f", chiusa il {presa.chiusa_il:%d/%m/%Y}" if presa.chiusa_il else ""
    return f"{presa.azione.titolo}, dal {presa.aperta_il:%d/%m/%Y}{chiusa}"


class CampoPresa(CampoScelta):
    """Una presa in carico fra quelle della persona."""

    def label_from_instance(self, obj: PresaInCarico) -> str:
        return presa_in_parole(obj)
