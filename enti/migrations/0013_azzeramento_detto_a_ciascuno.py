"""A chi si è già detto di un azzeramento: chi non ha avuto il messaggio lo riceve, gli altri no."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enti", "0012_azzeramento_avvisato")]

    operations = [
        migrations.AddField(
            model_name="ripristinofattore",
            name="avvisati",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                default=list,
                size=None,
                verbose_name="già avvisati",
            ),
        ),
    ]
