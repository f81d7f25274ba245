"""Fetch what the configured taggers need; nothing, when it is there already."""

import os

from mediawatch.settings import Settings
from mediawatch.stack import tagger_files
from mediawatch.stack.echo import Echo

tagger_files.install(Settings.from_env(os.environ), Echo())
