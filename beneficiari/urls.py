"""Gli indirizzi delle persone: una persona è sempre un identificativo opaco, mai un nome."""

from django.urls import path

from beneficiari.views import collegamenti, elenco, persone


app_name = "beneficiari"

urlpatterns = [
    # Persone
    path("persone/", elenco.elenco, name="elenco"),
    path("persone/<uuid:uuid>/", persone.persona, name="persona"),
    # Legami fra enti
    path("collegamenti/", collegamenti.elenco, name="collegamenti"),
    path(
        "collegamenti/<uuid:uuid>/<slug:gesto>/",
        collegamenti.decidi,
        name="collegamento_decidi",
    ),
]
