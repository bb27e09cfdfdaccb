"""I filtri di un elenco messi da parte da chi lo usa, per ritrovarli con un tocco."""

import uuid
from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from enti.models.rete import Ente
from enti.models.utenti import Utente
from enti.permessi import Attore


# Quanto tempo si può rimettere un filtro tolto per sbaglio.
RIPENSAMENTO = timedelta(minutes=10)


class FiltroSalvatoQuerySet(models.QuerySet):
    def di(self, attore: Attore) -> Self:
        """Quelli di chi agisce, per l'ente per cui agisce."""
        return self.filter(utente=attore.utente, ente=attore.ente)

    def della_pagina(self, pagina: str) -> Self:
        return self.filter(pagina=pagina).order_by("nome", "pk")

    def tenuti(self) -> Self:
        return self.filter(tolto_il=None)

    def rimettibili(self) -> Self:
        """I tolti da poco."""
        return self.filter(tolto_il__gt=timezone.now() - RIPENSAMENTO)

    def da_buttare(self) -> Self:
        """I tolti che nessuno ha rimesso in tempo."""
        return self.filter(tolto_il__lte=timezone.now() - RIPENSAMENTO)


class FiltroSalvato(models.Model):
    """Una scelta di filtri con un nome. La vede solo chi l'ha salvata, e solo per quell'ente.

    `query`: la parte dell'indirizzo dopo «?», senza testi liberi (`registro.comune.filtri`).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    utente = models.ForeignKey(Utente, on_delete=models.CASCADE, related_name="+")
    pagina = models.CharField("pagina", max_length=80)
    nome = models.CharField("nome", max_length=60)
    query = models.CharField("filtri", max_length=1000)
    tolto_il = models.DateTimeField("tolto il", null=True, blank=True)

    objects = FiltroSalvatoQuerySet.as_manager()

    class Meta:
        verbose_name = "filtro salvato"
        verbose_name_plural = "filtri salvati"
        constraints = [
            models.UniqueConstraint(
                fields=["utente", "ente", "pagina", "nome"],
                condition=Q(tolto_il=None),
                name="filtro_salvato_un_nome_una_volta",
                violation_error_message="Hai già salvato dei filtri con questo nome.",
            ),
            models.CheckConstraint(
                condition=~Q(nome="") & ~Q(query=""),
                name="filtro_salvato_con_nome_e_filtri",
                violation_error_message="Scrivi un nome e scegli almeno un filtro.",
            ),
        ]

    def __str__(self) -> str:
        return self.nome

    @property
    def rimettibile(self) -> bool:
        """Vero se è stato tolto da poco."""
        return self.tolto_il is not None and self.tolto_il > timezone.now() - RIPENSAMENTO
