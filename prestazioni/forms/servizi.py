"""I moduli dei servizi che un ente offre."""

from django import forms
from django.utils import timezone

from assi.models import Servizio
from registro.comune.moduli import CampoGiorno


_NOMI_AL_MASSIMO = 20


class CampoNomi(forms.CharField):
    """Un elenco di nomi, uno per riga. Esce come lista, senza righe vuote né spazi intorno."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value) -> list[str]:
        righe = [riga.strip() for riga in super().clean(value).splitlines()]
        nomi = [riga for riga in righe if riga]
        if len(nomi) > _NOMI_AL_MASSIMO:
            raise forms.ValidationError(
                f"Sono {len(nomi)} nomi: tienine al più {_NOMI_AL_MASSIMO}."
            )
        lungo = next((nome for nome in nomi if len(nome) > 120), None)
        if lungo:
            raise forms.ValidationError(f"«{lungo[:40]}…» è troppo lungo: al più 120 caratteri.")
        return nomi


class ServizioForm(forms.Form):
    """Come l'ente chiama il servizio, e da quando lo offre."""

    nome = forms.CharField(
        label="Come lo chiamate voi",
        max_length=120,
        help_text="È il nome che chi lavora legge quando registra una prestazione.",
    )
    sinonimi = CampoNomi(
        label="Altri nomi, uno per riga",
        required=False,
        help_text=Servizio._meta.get_field("sinonimi").help_text,
    )
    bassa_soglia = forms.BooleanField(
        label="È a bassa soglia",
        required=False,
        help_text="Si contano anche persone di cui non si chiede il nome.",
    )
    dal = CampoGiorno(
        label="Offerto dal",
        required=False,
        help_text="Prima di questo giorno non si registra. Se lasci vuoto, da sempre.",
    )


class ChiusuraForm(forms.Form):
    """Fino a quando il servizio è stato offerto."""

    al = CampoGiorno(
        label="Offerto fino al",
        help_text="Dopo questo giorno non si registra più. Ciò che è già scritto resta.",
    )

    def __init__(self, *args, **opzioni):
        opzioni.setdefault("initial", {"al": timezone.localdate()})
        super().__init__(*args, **opzioni)


class CercaVoceForm(forms.Form):
    """Le parole con cui si cerca un servizio nella nomenclatura."""

    cerca = forms.CharField(
        label="Che cosa fate",
        max_length=80,
        required=False,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
        help_text="Una parola: doposcuola, affitto, curriculum…",
    )
