"""I moduli delle pagine delle prestazioni."""
