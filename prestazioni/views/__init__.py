"""Le pagine delle prestazioni. Ogni modulo è un gruppo di pagine."""
