SELECT make_partitions(%(today)s) AS made;
