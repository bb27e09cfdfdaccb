"""Scrivere e chiudere le regole del trattamento: basi, accordi, informative."""
