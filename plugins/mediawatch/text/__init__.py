"""What an article says: characters, addresses, dates, language, the text of a page."""
