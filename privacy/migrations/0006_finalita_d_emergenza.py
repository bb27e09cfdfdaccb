"""Una finalità in più: l'emergenza. Nel database non cambia niente: le finalità sono parole."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


FINALITA = [
    ("assistenza", "assistenza da parte dell'ente"),
    ("presa-in-carico", "presa in carico condivisa fra enti"),
    ("invio", "invio a un altro ente"),
    ("valutazione", "valutazione comune del caso"),
    ("emergenza", "emergenza, per la vita o la sicurezza della persona"),
]


def _una() -> models.CharField:
    return models.CharField(choices=FINALITA, max_length=20, verbose_name="finalità")


def _alcune() -> ArrayField:
    return ArrayField(base_field=models.CharField(choices=FINALITA, max_length=20), size=None)


class Migration(migrations.Migration):
    dependencies = [("privacy", "0005_sigilli_e_segnalazioni")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(modello, "finalita", campo())
                for modello, campo in (
                    ("basegiuridica", _una),
                    ("storiabasegiuridica", _una),
                    ("registroaccessi", _una),
                    ("informativa", _alcune),
                    ("storiainformativa", _alcune),
                    ("accordocontitolarita", _alcune),
                    ("storiaaccordocontitolarita", _alcune),
                )
            ]
        )
    ]
