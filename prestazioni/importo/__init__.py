"""Il foglio che l'ente ha già, portato dentro tutto o per niente.

Le pagine passano da `prestazioni.azioni.importazioni`; qui sta il motore, e non sa di pagine.
`apertura` legge il file e propone che cosa è ogni colonna (`Proposta`); `tipi` ha ciò che gira fra
il motore e chi guarda: le `Scelte` di chi importa e l'`Esame` che ne esce; `motore` esamina e
scrive; `annullo` torna indietro; `deposito` tiene il file, cifrato, finché serve.

Il metodo: le celle si capiscono in Python una volta sola, poi un COPY le mette su tabelle
provvisorie col numero di riga, i controlli sono interrogazioni che scrivono (riga, colonna,
motivo), e si carica con un INSERT … SELECT per tabella, nella stessa transazione, nel contesto di
chi importa: le policy e le regole del database valgono come per chi scrive a mano.
"""
