"""Le pagine delle regole del trattamento e del registro degli accessi."""
