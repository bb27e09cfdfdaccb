"""Un indice per ripartire dalle ultime righe di chi apre «Registra», anche in mezzo a un milione."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("prestazioni", "0016_risposte_pronte"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="prestazione",
            index=models.Index(fields=["operatore", "ente", "-id"], name="prestazione_ultime_di"),
        ),
    ]
