"""I moduli degli esiti: registrarne uno, correggerlo, filtrare l'elenco dell'ente."""

from django import forms
from django.utils import timezone

from assi.models import Asse, Azione, TipoDiEsito
from beneficiari.models import PresaInCarico
from enti.permessi import Attore
from prestazioni.codici import CON_IMPORTO, CON_MESI, PRESSO_QUALCUNO
from prestazioni.forms.percorsi import CampoEuro, PressoQualcuno
from prestazioni.models import Esito, EsitoQuerySet
from registro.comune.moduli import CampoGiorno, CampoScelta, FiltriForm


TUTTI_GLI_ASSI, ALTRI_ASSI = "Per tutti gli assi", "Degli altri assi"


class EsitoForm(PressoQualcuno):
    """Quando, con che cosa si prova e, solo se per quel tipo ha senso, presso chi, mesi, importo."""

    giorno = CampoGiorno(label="Quando", help_text="Il giorno in cui si è ottenuto.")
    prova = forms.CharField(label="Con che cosa si prova", max_length=200, required=False)
    mesi = forms.IntegerField(
        label="Per quanti mesi", min_value=1, max_value=600, required=False, help_text=""
    )
    importo = CampoEuro(label="Quanti euro", required=False)

    field_order = ("giorno", "prova", "ospitante", "nome_ospitante", "mesi", "importo")

    def __init__(self, *args, tipo: TipoDiEsito, **kwargs):
        super().__init__(*args, **kwargs)
        if tipo.verifica:
            self.fields["prova"].help_text = f"Di solito: {tipo.verifica}."
        for nome, codici in (("mesi", CON_MESI), ("importo", CON_IMPORTO)):
            if tipo.codice not in codici:
                del self.fields[nome]
        if tipo.codice not in PRESSO_QUALCUNO:
            del self.fields["ospitante"], self.fields["nome_ospitante"]

    @staticmethod
    def iniziali(esito: Esito) -> dict:
        """Ciò che il modulo mostra di `esito`."""
        return {
            "giorno": esito.giorno,
            "prova": esito.prova,
            "ospitante": esito.ospitante.slug if esito.ospitante else "",
            "nome_ospitante": esito.nome_ospitante,
            "mesi": esito.mesi,
            "importo": esito.importo,
        }


class FiltriEsitiForm(FiltriForm):
    """I filtri degli esiti dell'ente; ciò che non esiste si ignora."""

    tipo = CampoScelta(
        TipoDiEsito.objects.none(),
        label="Esito",
        required=False,
        to_field_name="codice",
        empty_label="Tutti",
        widget=forms.Select(attrs={"data-cerca": ""}),
    )
    segno = forms.ChoiceField(
        label="Come va", required=False, choices=[("", "Tutti"), *TipoDiEsito.Segno.choices]
    )
    asse = CampoScelta(
        Asse.objects.none(), required=False, to_field_name="slug", empty_label="Tutti gli assi"
    )
    azione = CampoScelta(
        Azione.objects.none(), required=False, to_field_name="slug", empty_label="Tutte le azioni"
    )
    dal = CampoGiorno(label="Dal", required=False)
    al = CampoGiorno(label="Al", required=False)

    def __init__(self, *args, attore: Attore, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["tipo"].queryset = TipoDiEsito.objects.in_ordine()
        self.fields["asse"].queryset = Asse.objects.in_ordine()
        self.fields["azione"].queryset = PresaInCarico.objects.di(attore.ente).azioni()

    def applica(self, esiti: EsitoQuerySet) -> EsitoQuerySet:
        """Restringe ai filtri chiesti."""
        colonne = {
            "tipo": "tipo",
            "segno": "tipo__segno",
            "asse": "tipo__asse",
            "azione": "presa__azione",
            "dal": "giorno__gte",
            "al": "giorno__lte",
        }
        return esiti.filter(**{colonne[nome]: valore for nome, valore in self.in_uso.items()})


def tipi_da_scegliere(
    presa: PresaInCarico, cercato: str = ""
) -> list[tuple[str, list[tuple[str, list]], bool]]:
    """I tipi che si possono registrare: quelli dell'asse, i trasversali, quelli degli altri assi.

    `cercato`: parole che devono stare nel nome, nella famiglia o nel codice. Rende, dei gruppi non
    vuoti: titolo, coppie (famiglia, tipi), e se sono gli altri assi.
    """
    parole = cercato.lower().split()
    gruppi: dict[str, dict[str, list]] = {titolo: {} for titolo in _titoli(presa)}
    for tipo in TipoDiEsito.objects.in_uso(timezone.localdate()).select_related("asse"):
        testo = f"{tipo.nome} {tipo.famiglia} {tipo.codice}".lower()
        if all(parola in testo for parola in parole):
            famiglie = gruppi[_gruppo(tipo, presa)]
            famiglie.setdefault(tipo.famiglia, []).append(tipo)
    return [
        (titolo, list(famiglie.items()), titolo == ALTRI_ASSI)
        for titolo, famiglie in gruppi.items()
        if famiglie
    ]


def _titoli(presa: PresaInCarico) -> tuple[str, ...]:
    return (presa.azione.asse.denominazione, TUTTI_GLI_ASSI, ALTRI_ASSI)


def _gruppo(tipo: TipoDiEsito, presa: PresaInCarico) -> str:
    if tipo.asse_id == presa.azione.asse_id:
        return presa.azione.asse.denominazione
    trasversale = tipo.asse is None or tipo.asse.tipo == Asse.Tipo.TRASVERSALE
    return TUTTI_GLI_ASSI if trasversale else ALTRI_ASSI
