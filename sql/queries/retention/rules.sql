SELECT what, licence, days FROM retention ORDER BY what, licence;
