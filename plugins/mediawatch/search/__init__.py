"""Elasticsearch: the mapping, the documents, the index and the query language."""
