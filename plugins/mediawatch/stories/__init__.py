"""What is the same: copies of one text are a story, contents of one article its versions."""
