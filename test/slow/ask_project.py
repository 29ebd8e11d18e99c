"""Answers questions about configured projects with the real Alembic.

Reads a list of questions as JSON from standard input and writes the list of answers to standard output. The clock
stands still at the moment that the question gives; local time is that of the variable TZ.
"""
import datetime
import importlib
import io
import json
import os
import pathlib
import sys
import types
import warnings

from alembic import command
from alembic import util
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.script import base as script_base
from alembic.script.base import Script

warnings.simplefilter("ignore")
# Alembic tells on standard output what it does.
output, sys.stdout = sys.stdout, sys.stderr


def stop_clock(milliseconds):
    instant = datetime.datetime.fromtimestamp(0, datetime.timezone.utc) + datetime.timedelta(milliseconds=milliseconds)

    class Clock(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return instant.astimezone(tz) if tz else instant.astimezone().replace(tzinfo=None)

    script_base.datetime = types.SimpleNamespace(datetime=Clock, timezone=datetime.timezone)


def configure(folder, section, ini, toml):
    os.chdir(folder)
    return Config(ini, toml_file=toml, ini_section=section, stdout=io.StringIO())


def forget_packages():
    """Every project has a package of the same name."""
    sys.modules.pop("pkg", None)
    importlib.invalidate_caches()


def described(error):
    return {"error": f"{type(error).__name__}: {error}"}


def project(folder, section, ini, toml, milliseconds, messages):
    stop_clock(milliseconds)
    path = list(sys.path)
    forget_packages()
    try:
        cfg = configure(folder, section, ini, toml)
        script = ScriptDirectory.from_config(cfg)
        date = script._generate_create_date()
        locations = [one for one in script._version_locations if one.exists()]
        files = [
            file.resolve()
            for one in locations
            for file in Script._list_py_dir(script, one)
            if script_base._only_source_rev_file.match(file.name)
        ]
        return {
            "script": os.path.abspath(script.dir),
            "locations": [os.path.normpath(one) for one in dict.fromkeys(locations)],
            "files": [str(file) for file in dict.fromkeys(files)],
            "names": [str(script._rev_path("", "abc123", one, date)) for one in messages],
            "date": str(date),
            "recursive": script.recursive_version_locations,
            "sourceless": script.sourceless,
            "encoding": script.output_encoding,
            "environment": util.asbool(cfg.get_alembic_option("revision_environment")),
            "hooks": [one["_hook_name"] for one in script.hooks],
            "url": cfg.get_main_option("sqlalchemy.url") if ini and cfg.file_config.has_section(section) else None,
        }
    except Exception as error:
        return described(error)
    finally:
        sys.path[:] = path


def init(folder, template):
    os.makedirs(folder)
    toml = os.path.join(folder, "pyproject.toml") if template.startswith("pyproject") else None
    command.init(configure(folder, "alembic", os.path.join(folder, "alembic.ini"), toml), "migrations", template)


def revise(folder, milliseconds, options):
    stop_clock(milliseconds)
    path = list(sys.path)
    try:
        toml = os.path.join(folder, "pyproject.toml")
        cfg = configure(folder, "alembic", os.path.join(folder, "alembic.ini"), toml if os.path.exists(toml) else None)
        made = command.revision(cfg, **options)
        return {"path": made.path, "text": pathlib.Path(made.path).read_text(encoding="utf-8")}
    except Exception as error:
        return described(error)
    finally:
        sys.path[:] = path


def percent(template, values):
    try:
        return {"value": template % values}
    except Exception as error:
        return described(error)


questions = {"project": project, "init": init, "revise": revise, "percent": percent}
answers = [questions[kind](**given) for kind, given in json.load(sys.stdin)]
json.dump(answers, output)
