from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("negotiations", "0013_source_by_date")]
    operations = [
        migrations.AlterModelOptions(
            name="subscription", options={"verbose_name": "follower", "verbose_name_plural": "followers"}
        ),
    ]
