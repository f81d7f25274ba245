"""Where text comes from: feeds, pages behind their items, folders of seed files."""
