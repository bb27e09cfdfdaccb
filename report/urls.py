from django.urls import path

from report.views import (
    casa,
    cifre,
    compilazione,
    documenti,
    ente,
    rapporto,
    schede,
    valutazione,
)


app_name = "report"

EDIZIONE = "rapporto/<slug:progetto>/<int:edizione>/"

urlpatterns = [
    # Rapporto
    path("", casa.casa, name="casa"),
    path("enti/<slug:slug>/", ente.ente, name="ente"),
    path("rapporto/", rapporto.rapporti, name="rapporti"),
    path(EDIZIONE, rapporto.rapporto, name="rapporto"),
    path(f"{EDIZIONE}beneficiari/", rapporto.rapporto_beneficiari, name="rapporto_beneficiari"),
    path(f"{EDIZIONE}assi/<slug:asse>/", rapporto.rapporto_asse, name="rapporto_asse"),
    path(f"{EDIZIONE}nodi/<slug:nodo>/", rapporto.rapporto_nodo, name="rapporto_nodo"),
    path(f"{EDIZIONE}impatto/", rapporto.rapporto_impatto, name="rapporto_impatto"),
    path(f"{EDIZIONE}rete/", rapporto.rapporto_rete, name="rapporto_rete"),
    path(f"{EDIZIONE}conclusioni/", rapporto.rapporto_conclusioni, name="rapporto_conclusioni"),
    path(f"{EDIZIONE}schede/", rapporto.rapporto_schede, name="rapporto_schede"),
    path(f"{EDIZIONE}schede/<slug:scheda>/", rapporto.rapporto_scheda, name="rapporto_scheda"),
    path(f"{EDIZIONE}cifre/", cifre.rapporto_cifre, name="rapporto_cifre"),
    path(f"{EDIZIONE}cifre.csv", cifre.rapporto_cifre_csv, name="rapporto_cifre_csv"),
    path(f"{EDIZIONE}cifre.xlsx", cifre.rapporto_cifre_xlsx, name="rapporto_cifre_xlsx"),
    path(f"{EDIZIONE}cifre/<slug:cifra>/", cifre.rapporto_cifra, name="rapporto_cifra"),
    path(f"{EDIZIONE}pdf/", documenti.pdf_prepara, name="pdf_prepara"),
    path("documenti/<uuid:documento>/", documenti.pdf_stato, name="pdf_stato"),
    path("documenti/<uuid:documento>/scarica/", documenti.pdf_scarica, name="pdf_scarica"),
    # Schede
    path("schede/", schede.elenco, name="schede"),
    path("schede/elenco.csv", schede.elenco_csv, name="schede_csv"),
    path("schede/elenco.xlsx", schede.elenco_xlsx, name="schede_xlsx"),
    path("schede/<uuid:uuid>/", schede.scheda, name="scheda"),
    path("schede/<uuid:uuid>/apri/", schede.apri, name="scheda_apri"),
    path("schede/<uuid:uuid>/ritira/", schede.ritira, name="scheda_ritira"),
    path("schede/<uuid:uuid>/compila/", compilazione.compila, name="scheda_compila"),
    path("schede/<uuid:uuid>/compila/<slug:codice>/", compilazione.sezione, name="scheda_sezione"),
    path(
        "schede/<uuid:uuid>/compila/<slug:codice>/margine/",
        compilazione.margine,
        name="scheda_margine",
    ),
    path("schede/<uuid:uuid>/invia/", valutazione.invia, name="scheda_invia"),
    path("schede/<uuid:uuid>/valuta/", valutazione.valuta, name="scheda_valuta"),
]
