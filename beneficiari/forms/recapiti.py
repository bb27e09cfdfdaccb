"""Scrivere un recapito, anche riservato."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from beneficiari.models import Recapito
from enti.models import Appartenenza, Utente
from enti.permessi import Attore
from registro.comune.moduli import CampoScelta
from registro.comune.tassonomie import scelte


CIFRE_MINIME = 5


class RecapitoForm(forms.Form):
    """Un telefono, una posta elettronica o un indirizzo; se riservato, con chi lo può vedere."""

    tipo = forms.ChoiceField(choices=Recapito.Tipo.choices)
    valore = forms.CharField(
        label="Recapito", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    tipo_residenza = forms.ChoiceField(
        label="Se è un indirizzo, di che tipo",
        choices=lambda: [("", "Non indicato"), *scelte("residenza_tipo")],
        required=False,
    )
    avvertenza = forms.CharField(
        label="Quando e come usarlo",
        max_length=200,
        required=False,
        help_text="Per esempio: chiamare solo al mattino, non lasciare messaggi.",
    )
    riservato = forms.BooleanField(
        label="È riservato: lo vedo solo io e chi scelgo qui sotto",
        required=False,
        help_text="Per una casa rifugio o chi si nasconde. Non esce in nessun foglio o documento.",
    )
    altro_custode = CampoScelta(
        Utente.objects.none(),
        label="Chi altro lo può vedere",
        required=False,
        empty_label="Nessun altro",
        help_text="Vale solo per un recapito riservato.",
    )

    def __init__(self, *args, da: Attore, recapito: Recapito | None = None, **kwargs):
        if recapito:
            kwargs.setdefault("initial", _valori(recapito, da))
        super().__init__(*args, **kwargs)
        dell_ente = Appartenenza.objects.in_corso().che_lavorano_per(da.ente)
        altri = Utente.objects.filter(pk__in=dell_ente.values("utente")).exclude(pk=da.utente.pk)
        self.fields["altro_custode"].queryset = altri.order_by("cognome", "nome", "pk")
        self.fields["altro_custode"].label_from_instance = lambda utente: utente.nome_completo

    def clean(self) -> dict:
        dati = super().clean()
        valore = dati.get("valore", "")
        if valore and dati.get("tipo") == Recapito.Tipo.POSTA:
            self._controlla_posta(valore)
        cifre = sum(segno.isdigit() for segno in valore)
        if valore and dati.get("tipo") == Recapito.Tipo.TELEFONO and cifre < CIFRE_MINIME:
            self.add_error("valore", f"Un numero di telefono ha almeno {CIFRE_MINIME} cifre.")
        if dati.get("tipo") != Recapito.Tipo.INDIRIZZO:
            dati["tipo_residenza"] = ""
        if not dati.get("riservato"):
            dati["altro_custode"] = None
        return dati

    def _controlla_posta(self, valore: str) -> None:
        try:
            validate_email(valore)
        except ValidationError:
            self.add_error(
                "valore", "L'indirizzo di posta non è completo: dovrebbe essere come nome@sito.it."
            )


def _valori(recapito: Recapito, da: Attore) -> dict:
    nomi = ("tipo", "valore", "tipo_residenza", "avvertenza", "riservato")
    custodi = {recapito.custode_id, recapito.altro_custode_id} - {da.utente.pk, None}
    return {nome: getattr(recapito, nome) for nome in nomi} | {
        "altro_custode": next(iter(custodi), None)
    }
