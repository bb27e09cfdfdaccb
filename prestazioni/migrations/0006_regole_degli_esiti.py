"""Le regole dei percorsi che producono esiti: di chi sono, e nessuna data di ciò che non è successo."""

from django.db import migrations

from privacy.migrazioni import funzione_di_regola, rifiuta


APP = "prestazioni_"
NEL_FUTURO = "La data è nel futuro: si scrive quando è successo."
DI_UN_ALTRO = "La presa in carico è di un'altra persona."

# Un percorso è di chi è la presa in carico: della persona, o di nessuno se è di un nucleo.
DI_CHI_E_LA_PRESA = f"""
    IF NOT EXISTS (
        SELECT 1 FROM public.beneficiari_presaincarico p
        WHERE p.id = NEW.presa_id AND p.ente_id = NEW.ente_id
          AND p.beneficiario_id IS NOT DISTINCT FROM NEW.beneficiario_id
    ) THEN
        {rifiuta("percorso_della_persona", DI_UN_ALTRO)};
    END IF;"""


def _mai_nel_futuro(vincolo: str, *colonne: str) -> str:
    """Rifiuta se una delle date di ciò che è successo è dopo oggi; vuota va sempre bene."""
    passate = ", ".join(f"NEW.{colonna}" for colonna in colonne)
    return f"""
    IF greatest({passate}) > public.registro_oggi() THEN
        {rifiuta(vincolo, NEL_FUTURO)};
    END IF;"""


def _regola(*controlli: str) -> str:
    return "BEGIN" + "".join(controlli) + "\n    RETURN NEW;\nEND"


DEL_PERCORSO = {
    "tirocinio": ("inizio", "fine", "assunzione_il"),
    "pianorientro": ("firmato_il", "interrotto_il", "concluso_il"),
    "praticacasa": ("aperta_il", "chiusa_il"),
}
# Un esito sta nella presa in carico del percorso da cui nasce.
DELLA_STESSA_PRESA = "\n".join(
    f"""
    IF NEW.{colonna}_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM public.{APP}{tabella} t
        WHERE t.id = NEW.{colonna}_id AND t.presa_id = NEW.presa_id
    ) THEN
        {rifiuta("esito_della_stessa_presa", "L'esito sta nella presa in carico del percorso da cui nasce.")};
    END IF;"""
    for colonna, tabella in (
        ("tirocinio", "tirocinio"),
        ("piano", "pianorientro"),
        ("pratica", "praticacasa"),
    )
)


class Migration(migrations.Migration):
    dependencies = [("prestazioni", "0002_confine")]

    operations = [
        *[
            funzione_di_regola(
                f"regola_{tabella}",
                f"{APP}{tabella}",
                "BEFORE INSERT OR UPDATE",
                _regola(DI_CHI_E_LA_PRESA, _mai_nel_futuro(f"{tabella}_non_futuro", *date)),
                guardia=True,
            )
            for tabella, date in DEL_PERCORSO.items()
        ],
        funzione_di_regola(
            "regola_rata",
            f"{APP}rata",
            "BEFORE INSERT OR UPDATE",
            _regola(_mai_nel_futuro("rata_non_futura", "pagata_il", "controllata_il")),
        ),
        funzione_di_regola(
            "regola_passo",
            f"{APP}passodipratica",
            "BEFORE INSERT OR UPDATE",
            _regola(_mai_nel_futuro("passo_non_futuro", "giorno")),
        ),
        funzione_di_regola(
            "regola_esito_del_percorso",
            f"{APP}esito",
            "BEFORE INSERT OR UPDATE",
            _regola(DELLA_STESSA_PRESA),
            guardia=True,
        ),
    ]
