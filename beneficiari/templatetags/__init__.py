"""I filtri e i segni delle pagine delle persone."""
