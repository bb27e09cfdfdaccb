"""I filtri del registro degli accessi."""

from datetime import date, timedelta

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from enti.models import Ente, Utente
from enti.permessi import Attore
from privacy.gruppi import Finalita, Uscita
from privacy.models import RegistroAccessiQuerySet
from registro.comune.moduli import CampoGiorno, CampoScelta, FiltriForm


# Senza un periodo si mostrano gli ultimi giorni: un registro intero non lo legge nessuno.
GIORNI = 30


class FiltriLettureForm(FiltriForm):
    """Restringono un registro che il database mostra già ristretto a chi chiede.

    Un valore che non esiste si ignora: un indirizzo vecchio mostra il registro, non un errore.
    """

    dal = CampoGiorno(
        label="Dal",
        required=False,
    )
    al = CampoGiorno(
        label="Al",
        required=False,
    )
    ente = CampoScelta(
        Ente.objects.none(),
        label="Ente che ha letto",
        required=False,
        to_field_name="slug",
        empty_label="Tutti gli enti",
    )
    finalita = forms.ChoiceField(
        label="Perché", required=False, choices=[("", "Ogni finalità"), *Finalita.choices]
    )
    uscita = forms.ChoiceField(
        label="Uscita", required=False, choices=[("", "Tutte"), *Uscita.choices]
    )

    def __init__(self, *args, enti: QuerySet | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ente"].queryset = (
            Ente.objects.attivi().per_denominazione() if enti is None else enti
        )

    def clean(self):
        scelti = super().clean()
        dal, al = scelti.get("dal"), scelti.get("al")
        if dal and al and al < dal:
            self.add_error("al", "La fine del periodo viene prima dell'inizio: scambia le date.")
        return scelti

    def applica(self, letture: RegistroAccessiQuerySet) -> RegistroAccessiQuerySet:
        """Restringe `letture` ai filtri scelti."""
        scelti = self.in_uso
        letture = letture.nel_periodo(scelti.get("dal"), scelti.get("al"))
        esatti = ("ente", "finalita", "uscita", "utente")
        return letture.filter(**{nome: scelti[nome] for nome in esatti if nome in scelti})


class FiltriRegistroForm(FiltriLettureForm):
    """I filtri del registro di un ente o della rete, con chi ha letto; ultimi 30 giorni se si tace."""

    utente = CampoScelta(
        Utente.objects.none(), label="Chi ha letto", required=False, empty_label="Tutti"
    )

    def __init__(self, *args, da: Attore, **kwargs):
        super().__init__(*args, **kwargs)
        utenti = Utente.objects.exclude(di_sistema=True)
        if not da.vigila:
            # Di chi lavora per un altro ente si sa l'ente e non il nome.
            utenti = utenti.filter(appartenenze__ente=da.ente)
        self.fields["utente"].queryset = utenti.distinct().order_by("cognome", "nome", "pk")
        self.fields["utente"].label_from_instance = lambda utente: utente.nome_completo

    @property
    def periodo(self) -> tuple[date, date | None]:
        """Il primo e l'ultimo giorno che si guardano; None: fino a oggi."""
        scelti = self.in_uso
        fine = scelti.get("al")
        inizio = (fine or timezone.localdate()) - timedelta(days=GIORNI)
        return scelti.get("dal") or inizio, fine

    def applica(self, letture: RegistroAccessiQuerySet) -> RegistroAccessiQuerySet:
        return super().applica(letture.nel_periodo(*self.periodo))
