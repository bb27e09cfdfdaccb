"""Gli indirizzi delle prestazioni: persone e righe sono sempre identificativi opachi."""

from django.urls import path

from prestazioni.views import (
    esiti,
    esiti_dell_ente,
    frequenza,
    gruppi,
    membri,
    piani,
    pratiche,
    presenze,
    scadenze,
    servizi,
    tirocini,
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
    # Esiti, tirocini, piani di rientro, pratiche per la casa
    path("esiti/", esiti_dell_ente.elenco, name="esiti"),
    path("esiti/elenco.csv", esiti_dell_ente.elenco_csv, name="esiti_csv"),
    path("esiti/elenco.xlsx", esiti_dell_ente.elenco_xlsx, name="esiti_xlsx"),
    path("esiti/scadenze/", scadenze.scadenze, name="scadenze"),
    path("esiti/<uuid:uuid>/", esiti.esito, name="esito"),
    path("esiti/<uuid:uuid>/togli/", esiti.togli, name="esito_togli"),
    path("casi/<uuid:uuid>/esiti/", esiti.del_caso, name="esiti_caso"),
    path("casi/<uuid:uuid>/esiti/nuovo/", esiti.nuovo, name="esito_nuovo"),
    path("casi/<uuid:uuid>/tirocini/nuovo/", tirocini.nuovo, name="tirocinio_nuovo"),
    path("tirocini/<uuid:uuid>/", tirocini.tirocinio, name="tirocinio"),
    path("tirocini/<uuid:uuid>/modifica/", tirocini.modifica, name="tirocinio_modifica"),
    path("tirocini/<uuid:uuid>/ore/", tirocini.ore, name="tirocinio_ore"),
    path("tirocini/<uuid:uuid>/proroga/", tirocini.proroga, name="tirocinio_proroga"),
    path("tirocini/<uuid:uuid>/fine/", tirocini.fine, name="tirocinio_fine"),
    path("tirocini/<uuid:uuid>/assunzione/", tirocini.assunzione, name="tirocinio_assunzione"),
    path("tirocini/<uuid:uuid>/riapri/", tirocini.riapri, name="tirocinio_riapri"),
    path("casi/<uuid:uuid>/piani/nuovo/", piani.nuovo, name="piano_nuovo"),
    path("piani/<uuid:uuid>/", piani.piano, name="piano"),
    path("piani/<uuid:uuid>/modifica/", piani.modifica, name="piano_modifica"),
    path("piani/<uuid:uuid>/fine/", piani.fine, name="piano_fine"),
    path("piani/<uuid:uuid>/riapri/", piani.riapri, name="piano_riapri"),
    path("piani/<uuid:uuid>/rate/", piani.rate_nuove, name="rate_nuove"),
    path("piani/<uuid:uuid>/rate/<int:numero>/", piani.rata, name="rata"),
    path("piani/<uuid:uuid>/rate/<int:numero>/paga/", piani.rata_paga, name="rata_paga"),
    path(
        "piani/<uuid:uuid>/rate/<int:numero>/da-pagare/",
        piani.rata_da_pagare,
        name="rata_da_pagare",
    ),
    path(
        "piani/<uuid:uuid>/rate/<int:numero>/controlla/",
        piani.rata_controlla,
        name="rata_controlla",
    ),
    path("casi/<uuid:uuid>/pratiche/nuova/", pratiche.nuova, name="pratica_nuova"),
    path("pratiche/<uuid:uuid>/", pratiche.pratica, name="pratica"),
    path("pratiche/<uuid:uuid>/modifica/", pratiche.modifica, name="pratica_modifica"),
    path("pratiche/<uuid:uuid>/esito/", pratiche.esito, name="pratica_esito"),
    path("pratiche/<uuid:uuid>/riapri/", pratiche.riapri, name="pratica_riapri"),
    path("pratiche/<uuid:uuid>/passi/", pratiche.passo_nuovo, name="passo_nuovo"),
    path(
        "pratiche/<uuid:uuid>/passi/<slug:passo>/<slug:giorno>/togli/",
        pratiche.passo_togli,
        name="passo_togli",
    ),
]
