"""Crea l'attore che lavora da solo: comandi, orari, caricamenti. Nessuno può accedere come lui."""

from django.contrib.auth.hashers import make_password
from django.db import migrations


def crea(apps, schema_editor):
    Utente = apps.get_model("enti", "Utente")
    Utente.objects.using(schema_editor.connection.alias).get_or_create(
        di_sistema=True,
        defaults={
            "email": "sistema@registro.invalid",
            "nome": "Registro",
            "password": make_password(None),
        },
    )


class Migration(migrations.Migration):
    dependencies = [("enti", "0002_confine")]

    operations = [migrations.RunPython(crea, migrations.RunPython.noop)]
