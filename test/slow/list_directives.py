"""Prints the functions of alembic.op and of batch objects with their parameters, as JSON."""
import inspect
import json

import alembic
from alembic.operations import BatchOperations, Operations


def names(cls):
    listed = {}
    for name, member in inspect.getmembers(cls, callable):
        if name.startswith("_"):
            continue
        parameters = [p for p in inspect.signature(member).parameters.values() if p.name != "self"]
        listed[name] = {
            "positional": [p.name for p in parameters if p.kind == p.POSITIONAL_OR_KEYWORD],
            "keywords": [p.name for p in parameters if p.kind == p.KEYWORD_ONLY],
        }
    return listed


print(json.dumps({"version": alembic.__version__, "op": names(Operations), "batch": names(BatchOperations)}, indent=2))
