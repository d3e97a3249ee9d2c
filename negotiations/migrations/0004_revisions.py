"""Every version of everything in the record; what has been kept is never changed or taken away."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


KEEP = """
    CREATE FUNCTION revision_is_final() RETURNS trigger LANGUAGE plpgsql AS $rule$
    BEGIN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_is_final',
            MESSAGE = 'What the record said before is kept as it was.';
    END $rule$;
    CREATE TRIGGER revision_is_final BEFORE UPDATE OR DELETE ON negotiations_revision
    FOR EACH ROW EXECUTE FUNCTION revision_is_final();
"""
LET_GO = "DROP TRIGGER revision_is_final ON negotiations_revision; DROP FUNCTION revision_is_final();"


class Migration(migrations.Migration):

    dependencies = [
        ('negotiations', '0003_trigrams'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(help_text='What it is a version of, such as statement or treaty.', max_length=20)),
                ('object_id', models.BigIntegerField()),
                ('number', models.PositiveIntegerField(help_text='One for the first version of a thing, and so on.')),
                ('slug', models.CharField(max_length=120)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('action', models.CharField(choices=[('created', 'entered in the record'), ('found', 'first version kept'), ('edited', 'edited'), ('submitted', 'submitted for review'), ('returned', 'returned to draft'), ('published', 'published'), ('withdrawn', 'withdrawn'), ('reverted', 'brought back to an earlier version'), ('deleted', 'deleted')], max_length=10)),
                ('why', models.TextField(blank=True, help_text='The editor’s reason; shown to readers of a public version.')),
                ('row', models.JSONField()),
                ('kept', models.JSONField(default=dict)),
                ('public', models.BooleanField(help_text='Readers could see this version, and it says something new to them.')),
                ('corrects', models.BooleanField(help_text='It changes what readers could see already.')),
                ('by', models.ForeignKey(help_text='Who made it; empty where it came from the record’s files.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['-at', '-id'], name='revision_by_time'), models.Index(condition=models.Q(('corrects', True)), fields=['-at', '-id'], name='revision_corrections')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'object_id', 'number'), name='revision_once', violation_error_message='Somebody else has saved this at the same moment. Look again.')],
            },
        ),
        migrations.RunSQL(KEEP, LET_GO),
    ]
