"""Per quanto si tiene che cosa, che cosa sta per scadere, che cosa è stato cancellato."""

from conservazione.models.oblio import VerbaleOblio
from conservazione.models.regole import RegolaConservazione
from conservazione.models.scadenze import Corsa, Scadenza


__all__ = ["Corsa", "RegolaConservazione", "Scadenza", "VerbaleOblio"]
