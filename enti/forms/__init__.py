"""I moduli delle pagine: accesso, elenchi, utenti, inviti, permessi in più."""
