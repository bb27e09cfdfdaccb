"""I fogli che un ente ha già: letti con prudenza, capiti con pazienza.

Qui non si sa niente di persone né di servizi. Nell'ordine in cui servono: `guardia` rifiuta ciò
che non è un foglio, `lettura` lo legge in un processo a parte, `struttura` trova la tabella,
`colonne` propone che cosa sia ogni colonna, `forme` capisce date, ore e numeri scritti a mano.
"""
