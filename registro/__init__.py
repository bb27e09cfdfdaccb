"""Il progetto: mette insieme le app, non contiene dominio."""

from registro.celery import applicazione


__all__ = ["applicazione"]
