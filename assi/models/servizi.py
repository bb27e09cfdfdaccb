"""I servizi di un ente: come chiama, lui, le voci della nomenclatura."""

import uuid
from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from assi.models.vocabolari import VoceNomenclatura
from enti.models import Ente
from registro.comune.ricerca import forma_normale
from registro.comune.storia import con_storia


class ServizioQuerySet(models.QuerySet):
    def di(self, ente: Ente) -> Self:
        return self.filter(ente=ente)

    def in_uso(self, giorno: date) -> Self:
        """Quelli che l'ente offriva quel giorno, estremi compresi."""
        return self.filter(Q(dal=None) | Q(dal__lte=giorno), Q(al=None) | Q(al__gte=giorno))

    def per_elenco(self) -> Self:
        return self.select_related("voce__unita", "voce__asse").order_by("nome", "pk")

    def con_nome(self, nome: str) -> Self:
        """Quelli che si chiamano così, anche per un altro nome, senza badare a maiuscole e accenti.

        Si confronta in Python: un ente ha qualche decina di servizi.
        """
        cercato = forma_normale(nome)
        return self.filter(
            pk__in=[
                servizio.pk
                for servizio in self
                if cercato in map(forma_normale, (servizio.nome, *servizio.sinonimi))
            ]
        )


@con_storia
class Servizio(models.Model):
    """Ciò che un ente offre: una voce della nomenclatura, con il nome che le dà chi ci lavora.

    La voce non si cambia più: le prestazioni già scritte ne cambierebbero senso. Se serve un'altra
    si chiude il servizio e se ne apre uno. `bassa_soglia`: si contano anche persone senza nome.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="servizi")
    voce = models.ForeignKey(VoceNomenclatura, on_delete=models.PROTECT, related_name="servizi")
    nome = models.CharField("nome", max_length=120)
    sinonimi = ArrayField(
        models.CharField(max_length=120),
        default=list,
        blank=True,
        verbose_name="altri nomi",
        help_text="Come lo chiamate nei vostri fogli: serve a riconoscerlo quando li importate.",
    )
    bassa_soglia = models.BooleanField("a bassa soglia", default=False)
    dal = models.DateField("offerto dal", null=True, blank=True)
    al = models.DateField("fino al", null=True, blank=True)

    objects = ServizioQuerySet.as_manager()

    class Meta:
        verbose_name = "servizio"
        verbose_name_plural = "servizi"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "nome"],
                condition=Q(al=None),
                name="servizio_nome_una_volta",
                violation_error_message="L'ente ha già un servizio con questo nome.",
            ),
            models.CheckConstraint(
                condition=~Q(nome=""),
                name="servizio_con_nome",
                violation_error_message="Scrivi come si chiama il servizio.",
            ),
            models.CheckConstraint(
                condition=Q(dal=None) | Q(al=None) | Q(al__gte=F("dal")),
                name="servizio_date_in_ordine",
                violation_error_message="Un servizio non può chiudersi prima di cominciare.",
            ),
        ]

    def __str__(self) -> str:
        return self.nome
