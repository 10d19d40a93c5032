from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("opinions", "0006_intakes"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="opinion",
            index=models.Index(
                condition=models.Q(("current", True), ("source_kind", "event")),
                fields=["office", "said_at", "theme"],
                name="opinion_gathered",
            ),
        ),
    ]
