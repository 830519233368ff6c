"""`python -m aggregator.config` prints the JSON Schema of sources.yaml."""

import sys

from aggregator.config.jsonschema import json_schema

sys.stdout.write(json_schema())
