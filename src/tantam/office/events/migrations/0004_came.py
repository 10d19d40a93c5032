from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0003_notices"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="guest",
            index=models.Index(condition=models.Q(("came", True)), fields=["event"], name="guest_came"),
        ),
    ]
