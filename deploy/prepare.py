"""Bring the database up to date and make the folder for own input. The services are set by URL."""

import os

from mediawatch.settings import Settings
from mediawatch.stack import services
from mediawatch.stack.echo import Echo

services.up(Settings.from_env(os.environ), airflow=False, echo=Echo())
