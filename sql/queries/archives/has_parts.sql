SELECT EXISTS (SELECT 1 FROM sitemap_part WHERE source_id = %(source_id)s) AS has_parts;
