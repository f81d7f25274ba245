DELETE FROM retention WHERE what = %(what)s AND licence = %(licence)s;
