from django.urls import path

from enti.views import accesso, elenco, filtri, inviti, permessi, utenti


app_name = "enti"

urlpatterns = [
    path("accedi/", accesso.accedi, name="accedi"),
    path("esci/", accesso.esci, name="esci"),
    path("scegli-ente/", accesso.scegli, name="scegli"),
    path("presenza/", accesso.presenza, name="presenza"),
    path("invito/<str:gettone>/", inviti.accetta, name="invito"),
    path("enti/", elenco.elenco, name="elenco"),
    path("enti/elenco.csv", elenco.elenco_csv, name="elenco_csv"),
    path("enti/elenco.xlsx", elenco.elenco_xlsx, name="elenco_xlsx"),
    path("filtri/salva/", filtri.salva, name="filtro_salva"),
    path("filtri/<uuid:uuid>/togli/", filtri.togli, name="filtro_togli"),
    path("filtri/<uuid:uuid>/rimetti/", filtri.rimetti, name="filtro_rimetti"),
    path("ruoli/", permessi.ruoli, name="ruoli"),
    path("utenti/", utenti.elenco, name="utenti"),
    path("utenti/elenco.csv", utenti.elenco_csv, name="utenti_csv"),
    path("utenti/elenco.xlsx", utenti.elenco_xlsx, name="utenti_xlsx"),
    path("utenti/invita/", inviti.invita, name="invita"),
    path("utenti/inviti/<uuid:uuid>/rimanda/", inviti.manda_di_nuovo, name="invito_rimanda"),
    path("utenti/inviti/<uuid:uuid>/annulla/", inviti.annulla, name="invito_annulla"),
    path("utenti/<uuid:uuid>/ruolo/", utenti.ruolo, name="utente_ruolo"),
    path("utenti/<uuid:uuid>/chiudi/", utenti.chiudi, name="utente_chiudi"),
    path("utenti/<uuid:uuid>/riapri/", utenti.riapri, name="utente_riapri"),
    path("utenti/<uuid:uuid>/account/", utenti.account, name="utente_account"),
    path("utenti/<uuid:uuid>/permessi/", permessi.eccezioni, name="eccezioni"),
    path(
        "utenti/<uuid:uuid>/permessi/<uuid:eccezione>/ritira/",
        permessi.ritira,
        name="eccezione_ritira",
    ),
]
