-- The stories that these articles founded: clustering founds them anew or lets them end.
UPDATE story SET merged_into = NULL WHERE founding = ANY(%(article_ids)s);
