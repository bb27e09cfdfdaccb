"""Due richieste uguali si rifiutano solo a chi ha raccolto la prima.

A chi non può leggere quella di un collega il rifiuto direbbe che c'è: la sua si raccoglie come se
fosse la prima, e chi risponde dei dati le vede tutte e due.
"""

from django.db import migrations, models


NOME = "richiesta_uguale_una_alla_volta"


class Migration(migrations.Migration):
    dependencies = [("beneficiari", "0019_avvisi_a_chi_ha_letto_in_emergenza")]

    operations = [
        migrations.RemoveConstraint(model_name="richiestainteressato", name=NOME),
        migrations.AddConstraint(
            model_name="richiestainteressato",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("arrivata", False), ("beneficiario__isnull", False), ("stato", "aperta")
                ),
                fields=("ente", "beneficiario", "tipo", "campo", "finalita", "aperta_da"),
                name=NOME,
                violation_error_message="Hai già raccolto una richiesta uguale, ancora aperta.",
            ),
        ),
    ]
