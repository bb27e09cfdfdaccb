from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0002_confine"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="registroaccessi",
            index=models.Index(fields=["ente", "-quando"], name="accessi_per_ente"),
        ),
        migrations.AddIndex(
            model_name="registroaccessi",
            index=models.Index(fields=["-quando"], name="accessi_per_giorno"),
        ),
    ]
