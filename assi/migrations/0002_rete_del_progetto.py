from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assi", "0001_cornice_del_lavoro"),
        ("enti", "0003_attore_di_sistema"),
    ]

    operations = [
        migrations.AddField(
            model_name="periododiazione",
            name="descrizione",
            field=models.CharField(blank=True, max_length=200, verbose_name="descrizione"),
        ),
        migrations.AddField(
            model_name="progetto",
            name="enti",
            field=models.ManyToManyField(
                blank=True, related_name="progetti", to="enti.ente", verbose_name="rete"
            ),
        ),
    ]
