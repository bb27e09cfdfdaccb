from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("report", "0006_testi_degli_assi"),
    ]

    operations = [
        migrations.AlterField(
            model_name="cifra",
            name="aritmetica",
            field=models.TextField(blank=True, verbose_name="aritmetica"),
        ),
    ]
