"""Le pagine di chi siamo e di chi può agire."""
