"""A chi ha letto in emergenza si dice ciò che si dice a chi ha ricevuto una condivisione."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("beneficiari", "0018_una_pagina_di_persone")]

    operations = [
        migrations.AlterField(
            model_name="avvisoaldestinatario",
            name="finalita",
            field=models.CharField(
                choices=[
                    ("presa-in-carico", "presa in carico condivisa fra enti"),
                    ("invio", "invio a un altro ente"),
                    ("valutazione", "valutazione comune del caso"),
                    ("emergenza", "emergenza, per la vita o la sicurezza della persona"),
                ],
                max_length=20,
                verbose_name="finalità",
            ),
        ),
    ]
