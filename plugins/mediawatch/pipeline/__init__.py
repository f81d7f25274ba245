"""The steps, as DAGs and commands call them: claim, call the pure core, write, commit.

One file a room. Every step is a function ``step(context) -> counts`` that works until nothing
is left to claim; it may be killed at any place and run again.
"""
