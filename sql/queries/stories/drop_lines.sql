DELETE FROM outlet_line WHERE seen_on < %(before)s;
