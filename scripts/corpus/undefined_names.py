"""Reads {key: source} as JSON and writes {key: [problem]}: syntax errors, and names that nothing defines."""

import io
import json
import sys

from pyflakes.api import check
from pyflakes.messages import UndefinedName, UndefinedLocal
from pyflakes.reporter import Reporter


class Collector(Reporter):
    def __init__(self):
        super().__init__(io.StringIO(), io.StringIO())
        self.problems = []

    def syntaxError(self, filename, msg, lineno, offset, text):
        self.problems.append(f"is no Python: {msg} (line {lineno})")

    def unexpectedError(self, filename, msg):
        self.problems.append(f"is no Python: {msg}")

    def flake(self, message):
        if isinstance(message, (UndefinedName, UndefinedLocal)):
            self.problems.append(f"uses {message.message_args[0]}, which nothing defines")


def problems_of(source):
    collector = Collector()
    check(source, "part", collector)
    return sorted(set(collector.problems))


json.dump({key: problems_of(source) for key, source in json.load(sys.stdin).items()}, sys.stdout)
