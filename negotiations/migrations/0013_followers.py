from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("negotiations", "0012_feed_indexes")]
    operations = [
        migrations.AlterModelOptions(
            name="subscription", options={"verbose_name": "follower", "verbose_name_plural": "followers"}
        ),
    ]
