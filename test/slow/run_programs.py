"""Runs upgrade() of programs with an `op` that notes what it is asked to do.

Reads one JSON string (a program) per line, and answers each with one line: the calls as [name, args, kwargs], or null
where the program does not run to its end.
"""

import json
import signal
import sys
import types


class Noting(types.ModuleType):
    def __init__(self):
        super().__init__("alembic.op")
        self.calls = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)

        def note(*args, **kwargs):
            # A list may be changed afterwards.
            self.calls.append([name, *json.loads(json.dumps([args, kwargs]))])

        return note


class TooLong(Exception):
    pass


def give_up(_signal, _frame):
    raise TooLong


signal.signal(signal.SIGALRM, give_up)


def run(program):
    op = Noting()
    alembic = types.ModuleType("alembic")
    alembic.op = op
    sys.modules["alembic"] = alembic
    sys.modules["alembic.op"] = op
    module = types.ModuleType("program")
    sys.modules["program"] = module
    signal.alarm(5)
    try:
        exec(compile(program, "program", "exec"), module.__dict__)
        module.upgrade()
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    finally:
        signal.alarm(0)
    return {"calls": op.calls}


for line in sys.stdin:
    print(json.dumps(run(json.loads(line))), flush=True)
