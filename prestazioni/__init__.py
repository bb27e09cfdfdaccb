"""Ciò che si fa: prestazioni, presenze, agenda, ore, esiti, importazioni, cruscotti."""
