"""What is kept: opinions, word for word and masked; the themes they make; what we answered, did and told."""

from __future__ import annotations

from django.db import models

from tantam.office.opinions.rules import CHANNELS, TONES
from tantam.office.parties.models import Party
from tantam.office.people.models import Office, Staff
from tantam.office.promises.models import Promise

SAID, FORWARDED = "said", "forwarded"
_CURRENT = models.Q(current=True)
_STANDS = models.Q(into__isnull=True, hidden=False)


WAITING, LATER, PROMISED, DONE, DECLINED = "waiting", "later", "promised", "done", "declined"
STATES = (WAITING, LATER, PROMISED, DONE, DECLINED)


class Theme(models.Model):
    """What many said, as one matter. A theme that was put ``into`` another keeps what is its own and counts there, so
    that taking it out again loses nobody.

    The counts are those of everything that stands under it: ``people_count`` of known speakers and, for words without
    one, of words; ``weight`` counts whoever complained twice.
    """

    code = models.CharField(max_length=8, blank=True)  # of tantam.listen.themes; "" was made by a person
    name = models.CharField(max_length=120)
    named = models.BooleanField(default=False)  # by a person, and not by the phrases found
    into = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    hidden = models.BooleanField(default=False)
    pinned = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=8, default=WAITING)
    opinions_count = models.PositiveIntegerField(default=0)
    people_count = models.PositiveIntegerField(default=0)
    complaints_count = models.PositiveIntegerField(default=0)  # people who complained
    weight = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(null=True)  # when the first of those who wait for an answer spoke
    last_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=~models.Q(code=""), name="theme_code_once"),
            models.CheckConstraint(condition=models.Q(state__in=STATES), name="theme_state"),
        ]
        indexes = [
            models.Index(
                fields=["state", "-pinned", "-weight", "id"], name="theme_docket", condition=_STANDS
            ),
            models.Index(fields=["state", "since", "id"], name="theme_since", condition=_STANDS),
        ]


class Voice(models.Model):
    """One known person who spoke on a theme, by key or as a party. Forgetting deletes it: what was said then counts as
    words without a speaker."""

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="+")
    key = models.BigIntegerField(null=True)
    party = models.ForeignKey(Party, models.SET_NULL, null=True, related_name="+")
    opinions_count = models.PositiveIntegerField(default=0)
    complained = models.BooleanField(default=False)
    first_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["theme", "key"], condition=models.Q(key__isnull=False), name="voice_key_once"
            ),
            models.UniqueConstraint(
                fields=["theme", "party"],
                condition=models.Q(key__isnull=True, party__isnull=False),
                name="voice_party_once",
            ),
        ]
        indexes = [models.Index(fields=["key"], name="voice_key")]


class Heap(models.Model):
    """What one listening over files counted of a theme: figures, masked quotes, and a file of the keys of those who
    agreed to be answered, so that a billion opinions need no row each."""

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="+")
    run = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)  # of the run: the same taken in twice is one
    taken_at = models.DateTimeField()
    opinions_count = models.PositiveIntegerField()
    people_count = models.PositiveIntegerField()
    complaints_count = models.PositiveIntegerField()
    quotes = models.JSONField(default=list)
    provinces = models.JSONField(default=list)
    speakers = models.CharField(max_length=200, blank=True)  # the file, from the home; "" where nobody agreed
    speakers_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["theme", "digest"], name="heap_once")]


class Intake(models.Model):
    """A listening over files that somebody wants taken in, by a machine that has the time: how far it came, and what
    became of it. A sentence in ``vi`` and ``en`` says why it was refused."""

    run = models.CharField(max_length=255, unique=True)  # the name of its folder
    asked_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    percent = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    themes_count = models.PositiveIntegerField(default=0)
    opinions_count = models.PositiveIntegerField(default=0)
    speakers_count = models.PositiveIntegerField(default=0)
    vi = models.CharField(max_length=400, blank=True)
    en = models.CharField(max_length=400, blank=True)

    @property
    def rest(self) -> int:
        """Percent that are not done yet."""
        return 100 - self.percent


class Deed(models.Model):
    """Something a person did with themes, and what was so before: it can be undone, the last first."""

    kind = models.CharField(max_length=8)  # join, split, rename, move, pin, hide
    theme = models.ForeignKey(Theme, models.CASCADE, related_name="+")
    other = models.ForeignKey(Theme, models.CASCADE, null=True, related_name="+")
    before = models.JSONField(default=dict)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)


class Moved(models.Model):
    """One opinion that a deed moved from a theme (null: from none)."""

    deed = models.ForeignKey(Deed, models.CASCADE, related_name="+")
    opinion = models.ForeignKey("Opinion", models.CASCADE, related_name="+")
    was = models.ForeignKey(Theme, models.CASCADE, null=True, related_name="+")


class Answer(models.Model):
    """What we said to a theme, in words a customer can read: a dated commitment (``accept``), ``later`` with a day by
    which we say more, or ``no``. The latest is ``current``; those before it stay readable."""

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6)
    words = models.CharField(max_length=300)
    promise = models.ForeignKey(Promise, models.PROTECT, null=True, related_name="+")  # none for a no
    people_count = models.PositiveIntegerField()  # whom it was given to, that day
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["theme"], condition=models.Q(current=True), name="answer_one_current"
            ),
        ]
        indexes = [models.Index(fields=["theme", "-at"], name="answer_theme")]


class Change(models.Model):
    """What was done about a theme, with its proof. Published, anybody may read it."""

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+")
    answer = models.OneToOneField(Answer, models.PROTECT, related_name="+")  # the commitment that it keeps
    what = models.CharField(max_length=300)
    proof = models.CharField(max_length=300)
    done_on = models.DateField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-published_at", "-id"], name="change_published")]


class Telling(models.Model):
    """Everyone who spoke on a theme is told of an answer or a change, each once. ``after`` is how far it came: a worker
    that was killed goes on from there."""

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+")
    answer = models.OneToOneField(Answer, models.PROTECT, null=True, related_name="+")
    change = models.OneToOneField(Change, models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=600)
    begun_at = models.DateTimeField()
    after = models.JSONField(default=dict)
    asked_count = models.PositiveIntegerField(default=0)  # people who get a message, if the gate lets it
    unreached_count = models.PositiveIntegerField(
        default=0
    )  # people with no way to reach them: told by the page alone
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answer__isnull=True) ^ models.Q(change__isnull=True), name="telling_of_one"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(done_at__isnull=True), name="telling_going")
        ]


class Opinion(models.Model):
    """What one customer said. Words are never overwritten: a correction is a row of its own that points to the old
    one, and ``current`` says which of them counts."""

    id = models.UUIDField(primary_key=True)
    text = models.TextField()  # masked before it came here
    tone = models.CharField(max_length=9, choices=[(t, t) for t in TONES])
    channel = models.CharField(max_length=8, choices=[(c, c) for c in CHANNELS])
    said_at = models.DateTimeField()
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    speaker_party = models.ForeignKey(Party, models.SET_NULL, null=True, related_name="+")
    speaker_key = models.BigIntegerField(null=True)
    source_kind = models.CharField(max_length=16, blank=True)  # what it came from: event, …
    source_id = models.CharField(max_length=40, blank=True)
    competitor = models.BooleanField(default=False)  # another operator was named
    state = models.CharField(max_length=9, default=SAID)
    forwarded_at = models.DateTimeField(null=True)
    forwarded_to = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    corrected_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)  # why the words were corrected
    current = models.BooleanField(default=True)
    # What a machine read in the words; topic is "" until it has.
    topic = models.CharField(max_length=12, blank=True)  # what it is mainly about
    also = models.CharField(max_length=120, blank=True)  # other topics, with | between
    feeling = models.CharField(max_length=8, blank=True)
    complaint = models.BooleanField(null=True)
    urgency = models.CharField(max_length=6, blank=True)
    unsure = models.CharField(max_length=40, blank=True)  # what of this a person should check, with | between
    sorted_by_person = models.BooleanField(default=False)  # somebody chose the topic
    theme = models.ForeignKey(Theme, models.SET_NULL, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=[SAID, FORWARDED]), name="opinion_state"),
            models.UniqueConstraint(fields=["corrects"], name="opinion_corrected_once"),
            models.CheckConstraint(
                condition=models.Q(state=SAID, forwarded_at__isnull=True)
                | models.Q(state=FORWARDED, forwarded_at__isnull=False),
                name="opinion_forwarded",
            ),
        ]
        indexes = [
            # Partial ones, since SQLite uses no index for a bare true or false.
            models.Index(fields=["-said_at", "-id"], name="opinion_said", condition=_CURRENT),
            models.Index(fields=["state", "-said_at", "-id"], name="opinion_state_said", condition=_CURRENT),
            models.Index(
                fields=["office", "-said_at", "-id"], name="opinion_office_said", condition=_CURRENT
            ),
            models.Index(
                fields=["channel", "-said_at", "-id"], name="opinion_channel_said", condition=_CURRENT
            ),
            models.Index(
                fields=["office", "state", "-said_at", "-id"], name="opinion_office_state", condition=_CURRENT
            ),
            models.Index(
                fields=["office", "channel", "-said_at", "-id"],
                name="opinion_office_channel",
                condition=_CURRENT,
            ),
            models.Index(fields=["topic", "-said_at", "-id"], name="opinion_topic_said", condition=_CURRENT),
            models.Index(
                fields=["-said_at", "-id"],
                name="opinion_complaint",
                condition=_CURRENT & models.Q(complaint=True),
            ),
            models.Index(
                fields=["urgency", "-said_at", "-id"], name="opinion_urgency_said", condition=_CURRENT
            ),
            models.Index(fields=["id"], name="opinion_unread", condition=_CURRENT & models.Q(topic="")),
            models.Index(fields=["source_kind", "source_id"], name="opinion_source"),
            models.Index(fields=["speaker_key"], name="opinion_speaker"),
            models.Index(fields=["theme", "-said_at", "-id"], name="opinion_theme_said", condition=_CURRENT),
            # All that is counted of what people feel, so that their rows are never read.
            models.Index(
                fields=["topic", "said_at", "office", "complaint"], name="opinion_felt", condition=_CURRENT
            ),
            models.Index(
                fields=["office", "said_at", "theme"],
                name="opinion_gathered",
                condition=_CURRENT & models.Q(source_kind="event"),
            ),
        ]


class Reward(models.Model):
    """Thanks to one person for what the opinions of a year led to: a promise, and the arithmetic as it stood that day.
    Forgetting empties ``key`` and the words; that thanks were given stays counted."""

    key = models.BigIntegerField(null=True)
    year = models.PositiveSmallIntegerField()
    points = models.PositiveIntegerField()
    arithmetic = models.JSONField(
        default=list
    )  # of each theme, as tantam.office.opinions.score.as_kept gives it
    promise = models.OneToOneField(Promise, models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=200)
    amount_dong = models.BigIntegerField(null=True)  # null: thanks that cost nothing
    tax_class = models.CharField(max_length=8)
    budget_line = models.CharField(max_length=20, blank=True)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "year"], condition=models.Q(key__isnull=False), name="reward_once_a_year"
            ),
        ]
        indexes = [models.Index(fields=["year", "-at", "-id"], name="reward_year")]
