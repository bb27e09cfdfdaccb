"""Che cosa è arrivato, o sta arrivando, alla fine del suo tempo."""
