"""Ciò che si calcola da prestazioni ed esiti per mostrarlo: niente si scrive."""
