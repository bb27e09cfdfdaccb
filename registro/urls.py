"""Gli indirizzi del Registro: un include per app."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import TemplateView

from registro.comune.galleria import galleria
from registro.comune.salute import salute, salute_delle_copie


handler400 = "registro.comune.viste_errore.richiesta_errata"
handler403 = "registro.comune.viste_errore.vietato"
handler404 = "registro.comune.viste_errore.non_trovato"
handler500 = "registro.comune.viste_errore.guasto"


def pagina_aperta(modello: str):
    """Una pagina di sole parole, che si legge anche senza essere entrati."""
    return login_not_required(TemplateView.as_view(template_name=f"pagine/{modello}.html"))


urlpatterns = [
    path("", include("report.urls")),
    path("", include("enti.urls")),
    path("", include("privacy.urls")),
    path("", include("beneficiari.urls")),
    path("", include("prestazioni.urls")),
    path("", include("conservazione.urls")),
    path("salute/", salute, name="salute"),
    path("salute/copie/", salute_delle_copie, name="salute_copie"),
    path("aiuto/", pagina_aperta("aiuto"), name="aiuto"),
    path("accessibilita/", pagina_aperta("accessibilita"), name="accessibilita"),
    path("privacy/", pagina_aperta("privacy"), name="privacy_sito"),
    path("manuale-privacy/", pagina_aperta("manuale_privacy"), name="manuale_privacy"),
]

if settings.DEBUG or settings.DIMOSTRAZIONE:
    urlpatterns.append(path("galleria/", galleria, name="galleria"))
