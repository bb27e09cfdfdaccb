"""L'elenco delle persone si prepara anche in CSV."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("beneficiari", "0012_condivise_e_righe_unite")]

    operations = [
        migrations.RemoveConstraint(
            model_name="documentodipersona", name="documento_di_persona_su_che_cosa"
        ),
        migrations.AlterField(
            model_name="documentodipersona",
            name="tipo",
            field=models.CharField(
                choices=[
                    ("consenso", "modulo di consenso"),
                    ("scheda", "scheda della persona"),
                    ("condivisa", "scheda condivisa da un altro ente"),
                    ("elenco", "elenco delle persone, in Excel"),
                    ("elenco-csv", "elenco delle persone, in CSV"),
                ],
                max_length=10,
                verbose_name="tipo",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentodipersona",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("condivisione", None),
                        ("informativa__isnull", False),
                        ("tipo", "consenso"),
                    ),
                    models.Q(
                        ("beneficiario__isnull", False),
                        ("condivisione", None),
                        ("informativa", None),
                        ("tipo", "scheda"),
                    ),
                    models.Q(
                        ("beneficiario", None),
                        ("condivisione__isnull", False),
                        ("informativa", None),
                        ("tipo", "condivisa"),
                    ),
                    models.Q(
                        ("beneficiario", None),
                        ("condivisione", None),
                        ("informativa", None),
                        ("tipo__in", ("elenco", "elenco-csv")),
                    ),
                    _connector="OR",
                ),
                name="documento_di_persona_su_che_cosa",
                violation_error_message="Ogni documento dice di che cosa parla, e di nient'altro.",
            ),
        ),
    ]
