"""Gli indirizzi delle persone: una persona è sempre un identificativo opaco, mai un nome."""

from django.urls import path

from beneficiari.views import (
    bisogni,
    bisogni_dell_ente,
    collegamenti,
    condizioni,
    elenco,
    note,
    persone,
    rilevazioni,
    valutazioni,
)


app_name = "beneficiari"

urlpatterns = [
    # Persone
    path("persone/", elenco.elenco, name="elenco"),
    path("persone/<uuid:uuid>/", persone.persona, name="persona"),
    # Bisogni, valutazioni, salute e tutele, note
    path("persone/<uuid:uuid>/rilevazioni/", rilevazioni.rilevazioni, name="rilevazioni"),
    path("persone/<uuid:uuid>/rilevazioni/bisogni/", bisogni.aggiungi, name="bisogni_aggiungi"),
    path("persone/<uuid:uuid>/rilevazioni/valuta/", valutazioni.valuta, name="valuta"),
    path("persone/<uuid:uuid>/rilevazioni/condizioni/", condizioni.condizioni, name="condizioni"),
    path("persone/<uuid:uuid>/rilevazioni/note/", note.scrivi, name="nota_scrivi"),
    path("persone/bisogni/<uuid:uuid>/", bisogni.bisogno, name="bisogno"),
    path("persone/valutazioni/<uuid:uuid>/", valutazioni.valutazione, name="valutazione"),
    path("persone/note/<uuid:uuid>/", note.nota, name="nota"),
    path("bisogni/", bisogni_dell_ente.bisogni_dell_ente, name="bisogni_dell_ente"),
    path("bisogni.csv", bisogni_dell_ente.bisogni_dell_ente_csv, name="bisogni_dell_ente_csv"),
    # Legami fra enti
    path("collegamenti/", collegamenti.elenco, name="collegamenti"),
    path(
        "collegamenti/<uuid:uuid>/<slug:gesto>/",
        collegamenti.decidi,
        name="collegamento_decidi",
    ),
]
