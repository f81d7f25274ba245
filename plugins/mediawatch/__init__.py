"""Media monitoring: articles in; stories, actors, search and alert e-mails out."""
