"""Gli indirizzi delle regole e dei registri."""

from django.urls import path

from privacy.views import (
    accordi,
    informative,
    registri,
    registro,
    regole,
    segnalazioni,
    trattamenti,
)


app_name = "privacy"

urlpatterns = [
    path("regole/", regole.basi, name="regole"),
    path("regole/basi/nuova/", regole.base_nuova, name="base_nuova"),
    path("regole/accordi/", accordi.elenco, name="accordi"),
    path("regole/accordi/nuovo/", accordi.nuovo, name="accordo_nuovo"),
    path("regole/accordi/<uuid:uuid>/", accordi.accordo, name="accordo"),
    path("regole/trattamenti/", trattamenti.trattamenti, name="trattamenti"),
    path("regole/trattamenti/registro.pdf", trattamenti.trattamenti_pdf, name="trattamenti_pdf"),
    path("informative/", informative.elenco, name="informative"),
    path("informative/nuova/", informative.nuova, name="informativa_nuova"),
    path("informative/<uuid:uuid>/", informative.informativa, name="informativa"),
    path("informative/<uuid:uuid>/ritira/", informative.ritira, name="informativa_ritira"),
    path("registri/", registri.casa, name="registri"),
    path("registri/eventi/", registri.eventi, name="eventi"),
    path("registri/eventi/elenco.csv", registri.eventi_csv, name="eventi_csv"),
    path("registri/sigilli/", registri.sigilli, name="sigilli"),
    path("registri/sigilli/<slug:giorno>.json", registri.testata, name="testata"),
    path("registri/segnalazioni/", segnalazioni.elenco, name="segnalazioni"),
    path("registri/segnalazioni/<uuid:uuid>/", segnalazioni.segnalazione, name="segnalazione"),
    path("registro-accessi/", registro.elenco, name="registro"),
    path("registro-accessi/elenco.csv", registro.elenco_csv, name="registro_csv"),
    path("registro-accessi/elenco.xlsx", registro.elenco_xlsx, name="registro_xlsx"),
]
