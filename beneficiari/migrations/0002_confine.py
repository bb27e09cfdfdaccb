"""Il confine sulle persone: chi legge quale gruppo di dati, chi scrive, che cosa resta nell'ente."""

from django.db import migrations

from privacy.gruppi import Gruppo
from privacy.migrazioni import (
    DI_CHI_LAVORA,
    MAI,
    condivisa,
    isola_dati_di_persona,
    isola_storia,
    propria,
    solo_in_aggiunta,
)
from registro.comune.migrazioni import isola, legame_composto


APP = "beneficiari_"
GARANTE = "coalesce((SELECT registro_ruolo()) = 'garante', false)"
DESTINATARIO = "destinatario_id = ANY((SELECT registro_enti_persone())::bigint[])"
CHI_SEGUE = (
    f"{DI_CHI_LAVORA}"
    " AND ((SELECT registro_apre_tutto()) OR operatore_id = (SELECT registro_utente()))"
)
# Un recapito riservato lo vede, e lo scrive, solo chi lo custodisce.
CUSTODITO = (
    "(NOT riservato OR (SELECT registro_utente()) = custode_id"
    " OR (SELECT registro_utente()) = altro_custode_id)"
)
RECAPITO_PROPRIO = f"{propria('beneficiari_recapito', Gruppo.CONTATTI)} AND {CUSTODITO}"
RECAPITO_CONDIVISO = f"NOT riservato AND {condivisa('beneficiari_recapito', Gruppo.CONTATTI)}"
APERTO_CON_MOTIVO = (
    f"{DI_CHI_LAVORA} AND tipo = 'aperto' AND utente_id = (SELECT registro_utente())"
    " AND al <= now() + interval '24 hours'"
)
CHIUDE_IL_PROPRIO = (
    f"{DI_CHI_LAVORA}"
    " AND ((SELECT registro_apre_tutto()) OR utente_id = (SELECT registro_utente()))"
)

# (tabella, gruppo, altre condizioni).
DATI_DI_PERSONE = [
    ("identificativo", Gruppo.IDENTIFICATIVI, {}),
    ("componente", Gruppo.NUCLEO, {}),
    ("presaincarico", Gruppo.PRESTAZIONI, {"modifica": CHI_SEGUE, "modificata": DI_CHI_LAVORA}),
    ("obiettivo", Gruppo.PRESTAZIONI, {}),
    ("revisioneobiettivo", Gruppo.PRESTAZIONI, {"modifica": MAI}),
    ("riapertura", Gruppo.PRESTAZIONI, {"modifica": MAI}),
    ("bisognorilevato", Gruppo.BISOGNI, {}),
    ("valutazione", Gruppo.VALUTAZIONI, {}),
    ("condizionerilevata", Gruppo.SALUTE, {}),
    ("nota", Gruppo.NOTE, {}),
]
STORIE = [
    "beneficiario",
    "recapito",
    "identificativo",
    "nucleo",
    "componente",
    "presaincarico",
    "obiettivo",
    "bisognorilevato",
    "valutazione",
    "condizionerilevata",
    "nota",
    "autorizzazione",
]
# (tabella, colonna, madre): la riga indicata è dello stesso ente.
NELLO_STESSO_ENTE = [
    ("beneficiario", "unito_a", "beneficiario"),
    *[
        (tabella, "beneficiario", "beneficiario")
        for tabella in (
            *("recapito", "identificativo", "componente", "presaincarico", "affidamento"),
            *("obiettivo", "revisioneobiettivo", "riapertura", "passaggio", "bisognorilevato"),
            *("valutazione", "condizionerilevata", "nota", "consenso", "revocaconsenso"),
            "autorizzazione",
        )
    ],
    ("componente", "nucleo", "nucleo"),
    ("presaincarico", "nucleo", "nucleo"),
    *[
        (tabella, "presa", "presaincarico")
        for tabella in (
            *("affidamento", "obiettivo", "riapertura", "passaggio"),
            *("bisognorilevato", "valutazione", "nota"),
        )
    ],
    ("revisioneobiettivo", "obiettivo", "obiettivo"),
    ("passaggio", "autorizzazione", "autorizzazione"),
    ("revocaconsenso", "consenso", "consenso"),
    ("autorizzazione", "consenso", "consenso"),
    ("unione", "tenuta", "beneficiario"),
    ("unione", "assorbita", "beneficiario"),
    ("nondoppione", "una", "beneficiario"),
    ("nondoppione", "altra", "beneficiario"),
]
# Ciò che si condivide per persona non può agganciarsi alla riga di un'altra persona.
DELLA_STESSA_PERSONA = [
    ("obiettivo", "presa", "presaincarico"),
    ("riapertura", "presa", "presaincarico"),
    ("passaggio", "presa", "presaincarico"),
    ("passaggio", "autorizzazione", "autorizzazione"),
    ("revisioneobiettivo", "obiettivo", "obiettivo"),
    ("revocaconsenso", "consenso", "consenso"),
    ("autorizzazione", "consenso", "consenso"),
]


class Migration(migrations.Migration):
    dependencies = [("beneficiari", "0001_persone_e_casi"), ("privacy", "0002_confine")]

    operations = [
        isola_dati_di_persona("beneficiari_beneficiario", Gruppo.ANAGRAFICA, persona="id"),
        isola(
            "beneficiari_recapito",
            leggi=f"({RECAPITO_PROPRIO}) OR ({RECAPITO_CONDIVISO})",
            inserisci=RECAPITO_PROPRIO,
        ),
        *[
            isola_dati_di_persona(f"{APP}{tabella}", gruppo, **altre)
            for tabella, gruppo, altre in DATI_DI_PERSONE
        ],
        isola("beneficiari_nucleo", leggi=DI_CHI_LAVORA, inserisci=DI_CHI_LAVORA, cancella=MAI),
        isola(
            "beneficiari_passaggio",
            leggi=f"{DI_CHI_LAVORA} OR {DESTINATARIO}",
            inserisci=DI_CHI_LAVORA,
            modifica=f"({DI_CHI_LAVORA} OR {DESTINATARIO}) AND stato = 'proposto'",
            modificata=f"{DI_CHI_LAVORA} OR {DESTINATARIO}",
            cancella=MAI,
        ),
        isola(
            "beneficiari_affidamento",
            leggi=DI_CHI_LAVORA,
            inserisci=APERTO_CON_MOTIVO,
            modifica=CHIUDE_IL_PROPRIO,
            cancella=MAI,
        ),
        *[
            isola(
                f"{APP}{tabella}",
                leggi=DI_CHI_LAVORA,
                inserisci=DI_CHI_LAVORA,
                modifica=MAI,
                cancella=MAI,
            )
            for tabella in ("consenso", "revocaconsenso")
        ],
        isola(
            "beneficiari_autorizzazione",
            leggi=f"{DI_CHI_LAVORA} OR {DESTINATARIO} OR {GARANTE}",
            inserisci=DI_CHI_LAVORA,
            modifica=f"{DI_CHI_LAVORA} AND revocata_il IS NULL",
            modificata=DI_CHI_LAVORA,
            cancella=MAI,
        ),
        isola("beneficiari_unione", leggi=DI_CHI_LAVORA, inserisci=DI_CHI_LAVORA, cancella=MAI),
        isola("beneficiari_nondoppione", leggi=DI_CHI_LAVORA, inserisci=DI_CHI_LAVORA),
        *[operazione for nome in STORIE for operazione in isola_storia(f"{APP}storia{nome}")],
        *[
            legame_composto(f"{APP}{tabella}", f"{colonna}_id", f"{APP}{madre}")
            for tabella, colonna, madre in NELLO_STESSO_ENTE
        ],
        legame_composto("beneficiari_consenso", "informativa_id", "privacy_informativa"),
        *[
            legame_composto(
                f"{APP}{tabella}",
                f"{colonna}_id",
                f"{APP}{madre}",
                con="beneficiario_id",
                nome="stessa_persona",
            )
            for tabella, colonna, madre in DELLA_STESSA_PERSONA
        ],
        solo_in_aggiunta(
            "beneficiari_consenso",
            "beneficiari_revocaconsenso",
            "beneficiari_revisioneobiettivo",
            "beneficiari_riapertura",
        ),
        solo_in_aggiunta("beneficiari_affidamento", salvo="al"),
        solo_in_aggiunta(
            "beneficiari_autorizzazione", salvo="revocata_il, revocata_da_id, motivo_revoca"
        ),
        solo_in_aggiunta(
            "beneficiari_passaggio", salvo="stato, risposta, risposto_il, risposto_da_id"
        ),
        solo_in_aggiunta("beneficiari_unione", salvo="annullata_il, annullata_da_id"),
    ]
