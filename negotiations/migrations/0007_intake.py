"""Articles at the desk, the places of passages, and marks of verification that no change of the words outlives.

A mark says that words stand in a text. Whoever changes the one or the other, by whatever way, takes it off; the models
put it on again where they find the words.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


FORWARD = """
CREATE FUNCTION quote_no_longer_checked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE negotiations_citation SET checked_on = NULL, checked_sha256 = '', start = NULL, "end" = NULL
    WHERE entry_id = NEW.entry_id AND checked_on IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER quote_no_longer_checked AFTER UPDATE OF quote ON negotiations_statement
FOR EACH ROW WHEN (OLD.quote IS DISTINCT FROM NEW.quote) EXECUTE FUNCTION quote_no_longer_checked();

CREATE FUNCTION text_no_longer_checked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE negotiations_citation SET checked_on = NULL, checked_sha256 = '', start = NULL, "end" = NULL
    WHERE source_id = NEW.id AND checked_on IS NOT NULL AND checked_sha256 <> NEW.text_sha256;
    RETURN NULL;
END $$;
CREATE TRIGGER text_no_longer_checked AFTER UPDATE OF text ON negotiations_source
FOR EACH ROW WHEN (OLD.text IS DISTINCT FROM NEW.text AND NEW.text <> '') EXECUTE FUNCTION text_no_longer_checked();
"""
BACKWARD = """
DROP TRIGGER quote_no_longer_checked ON negotiations_statement;
DROP TRIGGER text_no_longer_checked ON negotiations_source;
DROP FUNCTION quote_no_longer_checked();
DROP FUNCTION text_no_longer_checked();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('negotiations', '0006_desk_reports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Intake',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('text', models.TextField(help_text='The words of the article, as they will be kept. Never published.')),
                ('known', models.JSONField(default=dict, help_text='What the page says of itself: title, publisher, author …')),
                ('saved_at', models.DateTimeField(help_text='When drafts were made of it.', null=True)),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='source',
            name='source_url_once',
        ),
        migrations.AddField(
            model_name='citation',
            name='end',
            field=models.PositiveIntegerField(blank=True, help_text='Where it ends.', null=True),
        ),
        migrations.AddField(
            model_name='citation',
            name='start',
            field=models.PositiveIntegerField(blank=True, help_text='Where the passage begins in the text we keep, counted in letters.', null=True),
        ),
        migrations.AlterField(
            model_name='source',
            name='url',
            field=models.URLField(blank=True, help_text='Empty only where it was never on the web.', max_length=500),
        ),
        migrations.AddConstraint(
            model_name='citation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('end', None), ('start', None)), ('start__lt', models.F('end')), _connector='OR'), name='citation_passage_has_both_ends', violation_error_message='A passage ends after it begins.'),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.UniqueConstraint(condition=models.Q(('url', ''), _negated=True), fields=('url',), name='source_url_once', violation_error_message='This address is in the record already, as another source.'),
        ),
        migrations.AddField(
            model_name='intake',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='intakes', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='intake',
            name='entries',
            field=models.ManyToManyField(related_name='intakes', to='negotiations.entry'),
        ),
        migrations.AddField(
            model_name='intake',
            name='source',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='intakes', to='negotiations.source'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
