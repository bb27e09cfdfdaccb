"""Gli indirizzi delle prestazioni: persone e righe sono sempre identificativi opachi."""

from django.urls import path

from prestazioni.views import (
    frequenza,
    gruppi,
    membri,
    presenze,
    servizi,
)


app_name = "prestazioni"

urlpatterns = [
    # Servizi dell'ente
    path("servizi/", servizi.elenco, name="servizi"),
    path("servizi/nuovo/", servizi.nuovo, name="servizio_nuovo"),
    path("servizi/comuni/", servizi.piu_comuni, name="servizi_comuni"),
    path("servizi/<uuid:uuid>/", servizi.servizio, name="servizio"),
    path("servizi/<uuid:uuid>/chiudi/", servizi.chiudi, name="servizio_chiudi"),
    path("servizi/<uuid:uuid>/riapri/", servizi.riapri, name="servizio_riapri"),
    # Gruppi e presenze.
    path("gruppi/", gruppi.elenco, name="gruppi"),
    path("gruppi/nuovo/", gruppi.nuovo, name="gruppo_nuovo"),
    path("gruppi/<uuid:uuid>/", gruppi.gruppo, name="gruppo"),
    path("gruppi/<uuid:uuid>/modifica/", gruppi.modifica, name="gruppo_modifica"),
    path("gruppi/<uuid:uuid>/chiudi/", gruppi.chiudi, name="gruppo_chiudi"),
    path("gruppi/<uuid:uuid>/salta/", gruppi.salta, name="gruppo_salta"),
    path("gruppi/<uuid:uuid>/persone/", membri.persone, name="gruppo_persone"),
    path("gruppi/<uuid:uuid>/persone/aggiungi/", membri.aggiungi, name="gruppo_aggiungi"),
    path("gruppi/<uuid:uuid>/presenze/<str:giorno>/", presenze.presenze, name="presenze"),
    path("gruppi/<uuid:uuid>/presenze/<str:giorno>/bozza/", presenze.bozza, name="presenze_bozza"),
    path(
        "gruppi/<uuid:uuid>/presenze/<str:giorno>/cancella/",
        presenze.cancella,
        name="presenze_cancella",
    ),
    path("gruppi/<uuid:uuid>/foglio/", frequenza.foglio, name="foglio_presenze"),
    path("gruppi/<uuid:uuid>/frequenza/", frequenza.frequenza, name="frequenza"),
    path("gruppi/<uuid:uuid>/frequenza.csv", frequenza.frequenza_csv, name="frequenza_csv"),
    path("gruppi/<uuid:uuid>/frequenza.xlsx", frequenza.frequenza_xlsx, name="frequenza_xlsx"),
]
