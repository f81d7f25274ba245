"""Who and what is in a text: actors, quotations, topics. Pure, but for the tagger's process."""
