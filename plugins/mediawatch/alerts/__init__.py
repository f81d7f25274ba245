"""Saved searches, what they found, and the mails that tell it: each story once."""
