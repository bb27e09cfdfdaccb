"""Il nome del file caricato non si è mai scritto: potrebbe dire di chi parla, e non serve a nulla."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("prestazioni", "0018_persone_di_ogni_periodo"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="importazione",
            name="file",
        ),
    ]
