"""Cambiare una riga della tabella delle durate."""

from django import forms

from conservazione.models import RegolaConservazione


class RegolaForm(forms.Form):
    """Durata, che cosa succede dopo, perché, e i due segni: confermata e accesa.

    Di una regola che non toglie niente, o che un'altra parte del programma esegue, si scrivono solo
    la durata, il motivo e la conferma; la durata e l'azione no, se è il programma a deciderle; il tetto
    no, se le righe non sono di un ente.
    """

    durata = forms.IntegerField(
        label="Per quanto si tiene",
        required=False,
        min_value=1,
        max_value=200,
        help_text="Un numero intero. Vuoto: senza un termine.",
    )
    unita = forms.ChoiceField(
        label="In",
        required=False,
        choices=[("", "senza termine"), *RegolaConservazione.Unita.choices],
    )
    azione = forms.ChoiceField(
        label="Poi",
        choices=[
            voce
            for voce in RegolaConservazione.Azione.choices
            if voce[0] != RegolaConservazione.Azione.CONSERVA
        ],
        widget=forms.RadioSelect,
    )
    motivo = forms.CharField(
        label="Perché",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="La norma o la ragione. Lo leggono tutti.",
        error_messages={"required": "Scrivi perché si tiene per quel tempo."},
    )
    da_confermare = forms.BooleanField(
        label="Da confermare dal responsabile della protezione dei dati", required=False
    )
    tetto = forms.IntegerField(
        label="Quante al più per notte e per ente",
        min_value=1,
        max_value=1000,
        help_text="Se una durata è sbagliata, una notte fa poco danno.",
    )
    accesa = forms.BooleanField(
        label="Accesa: la notte avvisa e, passato il tempo, toglie davvero", required=False
    )

    def __init__(self, *args, regola: RegolaConservazione, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        di_troppo = set()
        if regola.chi == RegolaConservazione.Chi.ALTROVE:
            di_troppo |= {"azione", "tetto", "accesa"}
        if regola.decisa_dal_programma:
            di_troppo |= {"durata", "unita", "azione"}
        if regola.tetto_per_notte is None:
            di_troppo.add("tetto")
        if regola.minimo:
            aiuto = f"Un numero intero; non meno di {regola.minimo.in_parole}."
            self.fields["durata"].help_text = aiuto
        for nome in di_troppo:
            del self.fields[nome]
        for nome, campo in self.fields.items():
            campo.initial = getattr(regola, nome)
