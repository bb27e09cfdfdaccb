"""Quando si è detto di un azzeramento del secondo fattore: finché non parte, si riprova."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enti", "0011_eventi_di_sicurezza")]

    operations = [
        migrations.AddField(
            model_name="ripristinofattore",
            name="avvisati_il",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="detto dell'azzeramento il"
            ),
        ),
    ]
