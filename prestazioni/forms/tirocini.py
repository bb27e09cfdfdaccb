"""I moduli di un tirocinio: aprirlo, le ore, la proroga, la fine, l'assunzione."""

from django import forms

from assi.models import Programma
from prestazioni.codici import (
    ASSUNTO_A_TERMINE,
    ASSUNTO_PER_SEMPRE,
    TIROCINIO_CONCLUSO,
    TIROCINIO_INTERROTTO,
)
from prestazioni.forms.percorsi import CampoEuro, PressoQualcuno
from prestazioni.models import Tirocinio
from registro.comune.moduli import CampoGiorno, CampoScelta


ORE_MASSIME = 9_999


class TirocinioForm(PressoQualcuno):
    """Un tirocinio come è scritto nel progetto formativo."""

    tipo = forms.ChoiceField(
        label="Tipo",
        choices=[("", "Scegli"), *Tirocinio.Tipo.choices],
        error_messages={"required": "Scegli che tirocinio è."},
    )
    inizio = CampoGiorno(
        label="Comincia il", help_text="Si registra quando comincia: nasce l'esito «avviato»."
    )
    fine_prevista = CampoGiorno(label="Finisce il", help_text="Come previsto, proroghe comprese.")
    ore_previste = forms.IntegerField(
        label="Ore previste in tutto",
        min_value=1,
        max_value=ORE_MASSIME,
        required=False,
        help_text="Servono a dire se è concluso: basta farne il 75 %.",
    )
    ore_settimana = forms.IntegerField(
        label="Ore a settimana", min_value=1, max_value=60, required=False
    )
    programma = CampoScelta(
        Programma.objects.order_by("denominazione", "pk"),
        label="Con quale canale",
        to_field_name="slug",
        required=False,
        empty_label="Nessuno",
        widget=forms.Select(attrs={"data-cerca": ""}),
        help_text="La misura, il progetto o il fondo che lo rende possibile.",
    )
    promotore = forms.CharField(label="Soggetto promotore", max_length=200, required=False)
    indennita = CampoEuro(label="Indennità al mese, in euro", required=False, max_digits=8)
    chi_paga = forms.ChoiceField(
        label="Chi la paga",
        choices=[("", "Non indicato"), *Tirocinio.Paga.choices],
        required=False,
    )
    tutor = forms.CharField(label="Tutor", max_length=120, required=False)
    comunicazione = forms.CharField(
        label="Comunicazione obbligatoria", max_length=40, required=False, help_text="Il codice."
    )

    field_order = ("tipo", "ospitante", "nome_ospitante", "inizio", "fine_prevista")

    def clean(self) -> dict:
        dati = super().clean()
        inizio, fine = dati.get("inizio"), dati.get("fine_prevista")
        if inizio and fine and fine < inizio:
            self.add_error("fine_prevista", "Il tirocinio non può finire prima di cominciare.")
        if not self.errors and not dati["ospitante"] and not dati["nome_ospitante"]:
            self.add_error("nome_ospitante", "Scrivi presso chi si svolge il tirocinio.")
        return dati

    @staticmethod
    def iniziali(tirocinio: Tirocinio) -> dict:
        """Ciò che il modulo mostra di `tirocinio`."""
        uguali = set(TirocinioForm.base_fields) - {"ospitante", "programma"}
        valori = {nome: getattr(tirocinio, nome) for nome in uguali}
        for nome in ("ospitante", "programma"):
            collegato = getattr(tirocinio, nome)
            valori[nome] = collegato.slug if collegato else ""
        return valori


class OreForm(forms.Form):
    ore_svolte = forms.IntegerField(
        label="Ore fatte in tutto, fin qui",
        min_value=0,
        max_value=ORE_MASSIME,
        error_messages={"required": "Scrivi quante ore ha fatto."},
    )


class ProrogaForm(forms.Form):
    fine_prevista = CampoGiorno(label="Nuova fine")
    ore_previste = forms.IntegerField(
        label="Ore previste in tutto, con la proroga",
        min_value=1,
        max_value=ORE_MASSIME,
        required=False,
    )


class FineTirocinioForm(forms.Form):
    """Com'è finito; si propone ciò che dicono le ore, e chi dice altro scrive perché."""

    fine = CampoGiorno(label="Finito il")
    ore_svolte = forms.IntegerField(
        label="Ore fatte in tutto",
        min_value=0,
        max_value=ORE_MASSIME,
        required=False,
        help_text="Se non si sanno, lascia vuoto.",
    )
    esito = forms.ChoiceField(
        label="Com'è finito",
        widget=forms.RadioSelect,
        choices=[(TIROCINIO_CONCLUSO, "Concluso"), (TIROCINIO_INTERROTTO, "Interrotto")],
        error_messages={"required": "Scegli com'è finito."},
    )
    motivo = forms.CharField(
        label="Perché",
        max_length=200,
        required=False,
        help_text="Serve se si è interrotto, o se è finito diversamente da come dicono le ore."
        " Senza diagnosi.",
    )


class AssunzioneForm(forms.Form):
    """L'assunzione dopo il tirocinio e, se si vuole, l'esito del contratto."""

    assunzione_il = CampoGiorno(label="Assunta il")
    contratto = forms.ChoiceField(
        label="Con quale contratto",
        required=False,
        choices=[
            ("", "Non registrare il contratto"),
            (ASSUNTO_A_TERMINE, "A termine"),
            (ASSUNTO_PER_SEMPRE, "A tempo indeterminato"),
        ],
        help_text="Scegliendolo si registra anche l'esito dell'occupazione.",
    )
    mesi = forms.IntegerField(
        label="Per quanti mesi, se a termine", min_value=1, max_value=60, required=False
    )
    prova = forms.CharField(
        label="Con che cosa si prova",
        max_length=200,
        required=False,
        help_text="Di solito: contratto o comunicazione obbligatoria.",
    )

    def clean(self) -> dict:
        dati = super().clean()
        if dati.get("mesi") and dati.get("contratto") != ASSUNTO_A_TERMINE:
            self.add_error("mesi", "I mesi si dicono solo di un contratto a termine.")
        return dati
