"""Quando è partito l'avviso di una scadenza: finché non parte, i dati non si cancellano.

Di quelle che ci sono già non si sa se è partito: si avvisa di nuovo, e i trenta giorni ricominciano.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conservazione", "0006_oblio_di_chi_era_condiviso")]

    operations = [
        migrations.AddField(
            model_name="scadenza",
            name="posta_il",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="l'avviso è partito il"
            ),
        ),
    ]
