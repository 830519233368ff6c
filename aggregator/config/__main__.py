"""`python -m aggregator.config [sources|desk]` prints the JSON Schema of that file."""

import sys

from aggregator.config.jsonschema import json_schema

sys.stdout.write(json_schema(*sys.argv[1:]))
