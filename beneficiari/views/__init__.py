"""Le pagine delle persone. Ogni modulo è un gruppo di pagine."""
