"""The embedded services: installed, started, watched and ended without Docker."""
