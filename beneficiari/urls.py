"""Gli indirizzi delle persone: una persona è sempre un identificativo opaco, mai un nome."""

from django.urls import path

from beneficiari.views import collegamenti


app_name = "beneficiari"

urlpatterns = [
    # Legami fra enti
    path("collegamenti/", collegamenti.elenco, name="collegamenti"),
    path(
        "collegamenti/<uuid:uuid>/<slug:gesto>/",
        collegamenti.decidi,
        name="collegamento_decidi",
    ),
]
