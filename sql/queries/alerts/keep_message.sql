UPDATE delivery SET message = %(message)s, subject = %(subject)s
WHERE delivery_id = %(delivery_id)s;
