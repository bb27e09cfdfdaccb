"""I moduli delle pagine delle persone."""
