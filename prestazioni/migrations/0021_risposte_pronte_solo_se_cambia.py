"""Le risposte pronte della rete si buttano quando qualcosa cambia davvero.

Prima bastava un'istruzione che non toccava nessuna riga per buttarle, e per far ricontare tutto.
"""

import importlib

from django.db import migrations


PRONTE = importlib.import_module("prestazioni.migrations.0016_risposte_pronte")
CELLE = importlib.import_module("prestazioni.migrations.0018_persone_di_ogni_periodo")

# Il segno si mette anche se ce n'è già uno: chi sta ricalcolando toglie quelli che vede, e il suo
# conto può essere cominciato prima di questo cambio.
BUTTA = """
DECLARE
    cambiato boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        cambiato := EXISTS (SELECT 1 FROM dopo);
    ELSIF TG_OP = 'DELETE' THEN
        cambiato := EXISTS (SELECT 1 FROM prima);
    ELSIF TG_TABLE_NAME = 'enti_ente' THEN
        cambiato := EXISTS (SELECT id, nodo_id FROM dopo EXCEPT SELECT id, nodo_id FROM prima);
    ELSIF TG_TABLE_NAME = 'assi_azione' THEN
        cambiato := EXISTS (SELECT id, asse_id FROM dopo EXCEPT SELECT id, asse_id FROM prima);
    ELSE
        cambiato := EXISTS (TABLE dopo EXCEPT TABLE prima);
    END IF;
    IF cambiato THEN
        DELETE FROM public.cruscotti_risposta;
        INSERT INTO public.cruscotti_da_rifare DEFAULT VALUES;
    END IF;
    RETURN NULL;
END
"""
RIGHE = "prestazioni_rigastatistica"
# (nome, gesto, tabella, righe che il trigger confronta). Le righe com'erano e come sono diventate si
# possono guardare insieme solo per un gesto alla volta, e senza dire una colonna.
PRIMA, DOPO = "OLD TABLE AS prima", "NEW TABLE AS dopo"
SCATTI = (
    ("cruscotti_butta", "UPDATE", "enti_ente", f"{PRIMA} {DOPO}"),
    ("cruscotti_butta", "UPDATE", "assi_azione", f"{PRIMA} {DOPO}"),
    ("cruscotti_butta", "UPDATE", RIGHE, f"{PRIMA} {DOPO}"),
    ("cruscotti_butta_nate", "INSERT", RIGHE, DOPO),
    ("cruscotti_butta_tolte", "DELETE", RIGHE, PRIMA),
)
DI_PRIMA = "".join(
    f"CREATE TRIGGER cruscotti_butta AFTER {quando} ON {tabella}"
    " FOR EACH STATEMENT EXECUTE FUNCTION cruscotti_butta_risposte();"
    for tabella, quando in PRONTE.SCATTI.items()
)
SENZA_DI_PRIMA = "".join(f"DROP TRIGGER cruscotti_butta ON {t};" for t in PRONTE.SCATTI)
ADESSO = "".join(
    f"CREATE TRIGGER {nome} AFTER {gesto} ON {tabella} REFERENCING {righe}"
    " FOR EACH STATEMENT EXECUTE FUNCTION cruscotti_butta_risposte();"
    for nome, gesto, tabella, righe in SCATTI
)
SENZA_ADESSO = "".join(f"DROP TRIGGER {nome} ON {tabella};" for nome, _, tabella, _ in SCATTI)


class Migration(migrations.Migration):
    dependencies = [("prestazioni", "0020_storia_di_chi_affianca_e_un_appunto_a_testa")]

    operations = [
        migrations.RunSQL(
            sql=SENZA_DI_PRIMA + CELLE._di_guardia(*CELLE.DI_BUTTA, BUTTA) + ADESSO,
            reverse_sql=SENZA_ADESSO + CELLE._di_guardia(*CELLE.DI_BUTTA, CELLE.BUTTA) + DI_PRIMA,
        ),
    ]
