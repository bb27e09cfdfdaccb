"""Carica in base di dati una cartella di schede e ne pubblica l'edizione."""
