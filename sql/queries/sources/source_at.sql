SELECT source_id FROM source WHERE kind = %(kind)s AND url = %(url)s;
