"""Answers questions about configs, names and histories with the real Alembic and the real ConfigParser.

Reads a list of questions as JSON from standard input and writes the list of answers to standard output.
"""
import configparser
import datetime
import json
import os
import sys
import warnings

from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.script.revision import Revision, RevisionMap

warnings.simplefilter("ignore")


def ini(text):
    parser = configparser.ConfigParser({"here": "/srv/app"})
    try:
        parser.read_string(text)
    except configparser.Error:
        return None
    values = {}
    for section in parser.sections():
        values[section] = {}
        for option in parser.options(section):
            try:
                values[section][option] = parser.get(section, option)
            except configparser.Error:
                values[section][option] = None
        values[section].pop("here", None)
    return values


def config(folder, section, ini_file, toml_file):
    os.chdir(folder)
    path = list(sys.path)
    try:
        cfg = Config(ini_file, toml_file=toml_file, ini_section=section)
        script = ScriptDirectory.from_config(cfg)
        date = datetime.datetime(2026, 3, 4, 5, 6, 7)
        return {
            "locations": [os.path.normpath(one) for one in script._version_locations],
            "script": os.path.abspath(script.dir),
            "recursive": script.recursive_version_locations,
            "name": str(script._rev_path("", "abc123", "Add the User's full name, é and more of it all", date)),
            "url": cfg.get_main_option("sqlalchemy.url") if ini_file else None,
            "heads": list(script.get_heads()),
            "bases": list(script.get_bases()),
            "order": [one.revision for one in script.walk_revisions()],
        }
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    finally:
        sys.path[:] = path


def name(template, length, revision, message):
    script = ScriptDirectory(".", file_template=template, truncate_slug_length=length)
    date = datetime.datetime(2026, 3, 4, 5, 6, 7)
    try:
        return str(script._rev_path("", revision, message, date))
    except Exception as error:
        return {"error": type(error).__name__}


def history(revisions):
    made = lambda: [Revision(r["id"], tuple(r["down"]), tuple(r["dependsOn"]) or None, tuple(r["labels"])) for r in revisions]
    try:
        graph = RevisionMap(made)
        order = [one.revision for one in graph.iterate_revisions("heads", "base", inclusive=True, assert_relative_length=False)]
        return {"heads": list(graph.heads), "bases": list(graph.bases), "order": order}
    except Exception as error:
        return {"error": type(error).__name__}


questions = {"ini": ini, "config": config, "name": name, "history": history}
json.dump([questions[kind](**given) for kind, given in json.load(sys.stdin)], sys.stdout)
