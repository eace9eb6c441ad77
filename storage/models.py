"""The tables as peewee sees them.  The statements that create them are in ``migrations``.

``user_info`` and ``plot_records`` are those of the deployed database, column by column.
"""

from datetime import UTC, datetime
from typing import Any

from storage.orm import peewee
from storage.records import from_microseconds, to_microseconds


class UtcDateTimeField(peewee.DateTimeField):
    """A DATETIME of the deployed tables: whole seconds of UTC, without a zone in the column."""

    def db_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and value.tzinfo is not None:
            value = value.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        return super().db_value(value)  # type: ignore[no-untyped-call]

    def python_value(self, value: Any) -> Any:
        moment = super().python_value(value)  # type: ignore[no-untyped-call]
        return moment.replace(tzinfo=UTC) if isinstance(moment, datetime) else moment


class MomentField(peewee.BigIntegerField):
    """A time as microseconds since 1970: exact, ordered, and free of zones on both engines."""

    def db_value(self, value: Any) -> Any:
        return to_microseconds(value) if isinstance(value, datetime) else value

    def python_value(self, value: Any) -> Any:
        return None if value is None else from_microseconds(int(value))


class User(peewee.Model):
    """A person, known by the openid that WeChat gives."""

    user_id = peewee.AutoField()
    created_at = UtcDateTimeField()
    openid = peewee.CharField(max_length=64, unique=True)
    role = peewee.CharField(max_length=20, default="normal")

    class Meta:
        table_name = "user_info"
        legacy_table_names = False


class Plot(peewee.Model):
    """A figure file that was made."""

    id = peewee.AutoField()
    user_id = peewee.IntegerField(index=True)
    experiment = peewee.CharField(max_length=64)
    file_path = peewee.CharField(max_length=255)
    url = peewee.CharField(max_length=255)
    created_at = UtcDateTimeField()

    class Meta:
        table_name = "plot_records"
        legacy_table_names = False


class Run(peewee.Model):
    """An analysis that was asked for; the row is the truth, figures can be made again."""

    id = peewee.CharField(max_length=32, primary_key=True)
    user_id = peewee.IntegerField()
    experiment = peewee.CharField(max_length=64)
    digest = peewee.CharField(max_length=64)
    readings = peewee.TextField()
    data_uri = peewee.BooleanField(default=False)
    status = peewee.CharField(max_length=16)
    message = peewee.CharField(max_length=255, default="")
    results = peewee.TextField(null=True)
    figures = peewee.TextField()
    attempts = peewee.IntegerField(default=0)
    claims = peewee.IntegerField(default=0)
    lease_owner = peewee.CharField(max_length=64, null=True)
    lease_expires = MomentField()
    created_at = MomentField()
    finished_at = MomentField(null=True)
    asked = peewee.IntegerField(default=1)
    readings_bytes = peewee.IntegerField(default=0)

    class Meta:
        table_name = "runs"
        legacy_table_names = False


class LoginCode(peewee.Model):
    """The code by which a person may log in a browser now."""

    user_id = peewee.IntegerField(primary_key=True)
    digest = peewee.CharField(max_length=64, unique=True)
    expires = peewee.BigIntegerField()

    class Meta:
        table_name = "login_codes"
        legacy_table_names = False


class Course(peewee.Model):
    """A class of a teacher; students join by its code while there is one."""

    id = peewee.AutoField()
    teacher_id = peewee.IntegerField()
    title = peewee.CharField(max_length=80)
    rules = peewee.CharField(max_length=64)
    code = peewee.CharField(max_length=16, null=True)
    closed = peewee.BooleanField(default=False)
    created_at = MomentField()

    class Meta:
        table_name = "courses"
        legacy_table_names = False


class CourseItem(peewee.Model):
    """An experiment of a class, and when it is due."""

    course_id = peewee.IntegerField()
    experiment = peewee.CharField(max_length=64)
    place = peewee.IntegerField()
    due = peewee.BigIntegerField(null=True)

    class Meta:
        table_name = "course_items"
        primary_key = peewee.CompositeKey("course_id", "experiment")
        legacy_table_names = False


class Member(peewee.Model):
    """A student of a class, with name and number as they typed them."""

    course_id = peewee.IntegerField()
    user_id = peewee.IntegerField()
    name = peewee.CharField(max_length=40)
    number = peewee.CharField(max_length=40)
    joined_at = MomentField()

    class Meta:
        table_name = "course_members"
        primary_key = peewee.CompositeKey("course_id", "user_id")
        legacy_table_names = False


class HandIn(peewee.Model):
    """A copy of a run that a student gave to the teacher of a class."""

    id = peewee.CharField(max_length=32, primary_key=True)
    course_id = peewee.IntegerField()
    user_id = peewee.IntegerField(null=True)
    name = peewee.CharField(max_length=40)
    number = peewee.CharField(max_length=40)
    experiment = peewee.CharField(max_length=64)
    run_id = peewee.CharField(max_length=32)
    readings = peewee.TextField()
    results = peewee.TextField()
    handed_at = MomentField()
    mark = peewee.CharField(max_length=16)
    comment = peewee.TextField()
    marked_at = MomentField(null=True)

    class Meta:
        table_name = "hand_ins"
        legacy_table_names = False


class SchemaVersion(peewee.Model):
    """A migration that has been carried out."""

    version = peewee.IntegerField(primary_key=True)
    applied_at = MomentField()

    class Meta:
        table_name = "schema_version"
        legacy_table_names = False
