"""
Reads a JSON list of {dialect, code}; prints for each the SQL that the real Alembic writes offline, or its error.
With {dialect, type} it is the spelling of the type.
"""
import enum
import io
import json
import sys
import warnings

warnings.simplefilter("ignore")

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite


names = {
    "enum": enum,
    "mssql": mssql,
    "mysql": mysql,
    "op": op,
    "oracle": oracle,
    "postgresql": postgresql,
    "sa": sa,
    "sqlite": sqlite,
}


def of_today(name):
    """The dialect as it is for a server of these years; unconnected it takes SQL Server for a very old one."""
    dialect = sa.create_mock_engine(f"{name}://", None).dialect
    if name == "mssql":
        dialect.deprecate_large_types = True
        dialect.server_version_info = (15,)
    if name == "oracle":
        dialect.supports_native_boolean = False
    return dialect


def spelled(dialect, type):
    try:
        made = sa.types.to_instance(eval(type, names))
        return {"sql": made.compile(dialect=of_today(dialect))}
    except Exception as error:
        return {"error": f"{error.__class__.__name__}: {error}"}


def written(dialect, code):
    out = io.StringIO()
    context = MigrationContext.configure(dialect_name=dialect, opts={"as_sql": True, "output_buffer": out})
    with Operations.context(context):
        try:
            exec(code, dict(names))
        except Exception as error:
            return {"error": f"{type(error).__name__}: {error}"}
    return {"sql": out.getvalue()}


sys.stdin.reconfigure(encoding="utf-8")
json.dump([(spelled if "type" in question else written)(**question) for question in json.load(sys.stdin)], sys.stdout)
