"""Gli indirizzi delle persone: una persona è sempre un identificativo opaco, mai un nome."""

from django.urls import path

from beneficiari.views import (
    aperture,
    bisogni,
    bisogni_dell_ente,
    codici,
    collegamenti,
    condizioni,
    doppioni,
    elenco,
    fogli,
    note,
    nuclei,
    nuova,
    persone,
    recapiti,
    rilevazioni,
    valutazioni,
)


app_name = "beneficiari"

urlpatterns = [
    # Persone
    path("persone/", elenco.elenco, name="elenco"),
    path("persone/cerca/", elenco.cerca, name="cerca"),
    path("persone/elenco.csv", fogli.elenco_csv, name="elenco_csv"),
    path("persone/elenco.xlsx", fogli.elenco_xlsx, name="elenco_xlsx"),
    path("persone/nuova/", nuova.nuova, name="nuova"),
    path("persone/nuova/simili/", nuova.nuova_simili, name="nuova_simili"),
    path("persone/nuova-anonima/", nuova.nuova_anonima, name="nuova_anonima"),
    path("persone/doppioni/", doppioni.elenco, name="doppioni"),
    path("persone/unioni/<uuid:uuid>/annulla/", doppioni.annulla, name="unione_annulla"),
    path("persone/<uuid:uuid>/", persone.persona, name="persona"),
    path("persone/<uuid:uuid>/modifica/", persone.modifica, name="persona_modifica"),
    path("persone/<uuid:uuid>/codice-anonimo/", nuova.codice_anonimo, name="codice_anonimo"),
    path("persone/<uuid:uuid>/apri/", aperture.apri, name="apri"),
    path("persone/<uuid:uuid>/richiudi/", aperture.richiudi, name="richiudi"),
    path("persone/<uuid:uuid>/recapiti/nuovo/", recapiti.nuovo, name="recapito_nuovo"),
    path("persone/recapiti/<uuid:uuid>/", recapiti.modifica, name="recapito"),
    path("persone/recapiti/<uuid:uuid>/togli/", recapiti.togli, name="recapito_togli"),
    path("persone/<uuid:uuid>/codici/nuovo/", codici.nuovo, name="codice_nuovo"),
    path("persone/codici/<uuid:uuid>/chiudi/", codici.chiudi, name="codice_chiudi"),
    path("persone/codici/<uuid:uuid>/mostra/", codici.mostra, name="codice_mostra"),
    path("persone/<uuid:uuid>/nucleo/", nuclei.nucleo, name="nucleo"),
    path("persone/<uuid:uuid>/nucleo/nuovo/", nuclei.nuovo, name="nucleo_nuovo"),
    path("persone/nuclei/<uuid:uuid>/aggiungi/", nuclei.componente_nuovo, name="componente_nuovo"),
    path("persone/componenti/<uuid:uuid>/", nuclei.componente, name="componente"),
    path("persone/componenti/<uuid:uuid>/esce/", nuclei.componente_esce, name="componente_esce"),
    path("persone/<uuid:uuid>/doppioni/", doppioni.della_persona, name="doppioni_persona"),
    path("persone/<uuid:uuid>/unisci/", doppioni.unisci, name="unisci"),
    path("persone/<uuid:uuid>/diverse/", doppioni.diverse, name="diverse"),
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
