"""Gli indirizzi della conservazione: la tabella, chi è in scadenza, le notti."""

from django.urls import path

from conservazione.views import notti, regole, scadenze


app_name = "conservazione"

urlpatterns = [
    path("regole/conservazione/", regole.tabella, name="tabella"),
    path("regole/conservazione/prova/", regole.prova, name="prova"),
    path("regole/conservazione/notti/", notti.notti, name="notti"),
    path("regole/conservazione/<slug:codice>/", regole.regola, name="regola"),
    path("conservazione/in-scadenza/", scadenze.in_scadenza, name="in_scadenza"),
    path("conservazione/in-scadenza/<uuid:uuid>/", scadenze.rinvio, name="rinvio"),
]
