"""Salvare il Registro e riaverlo: un file cifrato per notte, e la prova che si riapre.

    python -m registro.servizi.salvataggio chiave FILE     la chiave che apre le copie
    python -m registro.servizi.salvataggio salva           una copia adesso
    python -m registro.servizi.salvataggio ogni-notte      una copia ogni notte, finché è acceso
    python -m registro.servizi.salvataggio verifica FILE   rilegge una copia
    python -m registro.servizi.salvataggio ripristina FILE da una copia a un server vuoto
    python -m registro.servizi.salvataggio prova           salva, ripristina altrove, confronta

Non passa dalle impostazioni di Django: le pagine e i lavori non conoscono l'accesso che legge
tutto, e chi salva non conosce le chiavi dei dati. Perché così: docs/decisioni/0018-salvataggio.md.
"""
