from django.urls import path

from enti import views


app_name = "enti"

urlpatterns = [
    path("accedi/", views.accedi, name="accedi"),
    path("esci/", views.esci, name="esci"),
    path("scegli-ente/", views.scegli, name="scegli"),
    path("enti/", views.elenco, name="elenco"),
    path("enti/elenco.csv", views.elenco_csv, name="elenco_csv"),
    path("enti/elenco.xlsx", views.elenco_xlsx, name="elenco_xlsx"),
]
