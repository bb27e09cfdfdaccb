"""Chi lavora con le persone, per quale finalità; chi scrive le regole e chi legge i registri."""

from django.db import migrations

from privacy.migrazioni import DI_CHI_LAVORA, MAI, isola_storia, solo_in_aggiunta
from registro.comune.migrazioni import funzione, isola


AMMINISTRA = "coalesce((SELECT registro_ruolo()) IN ('amministratore', 'sistema'), false)"
GARANTE = "coalesce((SELECT registro_ruolo()) = 'garante', false)"
RISPONDE = f"{DI_CHI_LAVORA} AND (SELECT registro_apre_tutto())"
TITOLARE = "ente_titolare_id = ANY((SELECT registro_enti_persone())::bigint[])"


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_regole_e_letture"), ("enti", "0002_confine")]

    operations = [
        funzione(
            "registro_oggi", rende="date", espressione="(now() AT TIME ZONE 'Europe/Rome')::date"
        ),
        funzione(
            "registro_finalita",
            rende="text",
            espressione="nullif(current_setting('registro.finalita', true), '')",
        ),
        # L'ente scelto, per chi lavora con le persone. Chi coordina, amministra, invia o vigila
        # agisce per lo stesso ente ma di persone non ne vede nessuna.
        funzione(
            "registro_enti_persone",
            rende="bigint[]",
            espressione=(
                "CASE WHEN public.registro_ruolo() IN ('operatore', 'referente', 'sistema')"
                " THEN public.registro_enti() ELSE '{}'::bigint[] END"
            ),
        ),
        # Chi risponde dei dati dell'ente vede i gruppi sensibili di tutte le sue persone.
        funzione(
            "registro_apre_tutto",
            rende="boolean",
            espressione="coalesce(public.registro_ruolo() IN ('referente', 'sistema'), false)",
        ),
        # Le regole della rete le leggono tutti e le scrive chi amministra; si chiudono soltanto.
        isola("privacy_basegiuridica", leggi="true", inserisci=AMMINISTRA, cancella=MAI),
        isola("privacy_accordocontitolarita", leggi="true", inserisci=AMMINISTRA, cancella=MAI),
        isola(
            "privacy_partediaccordo",
            leggi="true",
            inserisci=AMMINISTRA,
            modifica=MAI,
            cancella=MAI,
        ),
        isola(
            "privacy_informativa",
            leggi=f"ente_id = ANY((SELECT registro_enti())::bigint[]) OR {GARANTE}",
            inserisci=RISPONDE,
            cancella=MAI,
        ),
        solo_in_aggiunta("privacy_basegiuridica", "privacy_accordocontitolarita", salvo="al"),
        solo_in_aggiunta("privacy_informativa", salvo="ritirata_il"),
        solo_in_aggiunta("privacy_partediaccordo"),
        *isola_storia("privacy_storiainformativa"),
        *[
            isola(
                tabella,
                leggi=f"{AMMINISTRA} OR {GARANTE}",
                inserisci=AMMINISTRA,
                modifica=MAI,
                cancella=MAI,
            )
            for tabella in ("privacy_storiabasegiuridica", "privacy_storiaaccordocontitolarita")
        ],
        solo_in_aggiunta("privacy_storiabasegiuridica", "privacy_storiaaccordocontitolarita"),
        # Il registro: lo legge chi è titolare dei dati, chi risponde di chi ha letto, il garante.
        isola(
            "privacy_registroaccessi",
            leggi=f"{TITOLARE} OR ({RISPONDE}) OR {GARANTE}",
            inserisci=(
                "utente_id = (SELECT registro_utente())"
                " AND ente_id = ANY((SELECT registro_enti())::bigint[])"
            ),
            modifica=MAI,
            cancella=MAI,
        ),
        solo_in_aggiunta("privacy_registroaccessi"),
    ]
