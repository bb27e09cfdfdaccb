"""Gli indirizzi del Registro: un include per app."""

urlpatterns = []
