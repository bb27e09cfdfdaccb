"""Gli indirizzi delle prestazioni: persone e righe sono sempre identificativi opachi."""

from django.urls import path

from prestazioni.views import servizi


app_name = "prestazioni"

urlpatterns = [
    # Servizi dell'ente
    path("servizi/", servizi.elenco, name="servizi"),
    path("servizi/nuovo/", servizi.nuovo, name="servizio_nuovo"),
    path("servizi/comuni/", servizi.piu_comuni, name="servizi_comuni"),
    path("servizi/<uuid:uuid>/", servizi.servizio, name="servizio"),
    path("servizi/<uuid:uuid>/chiudi/", servizi.chiudi, name="servizio_chiudi"),
    path("servizi/<uuid:uuid>/riapri/", servizi.riapri, name="servizio_riapri"),
]
