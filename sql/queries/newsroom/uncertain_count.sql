SELECT count(*) AS mails FROM delivery WHERE state = 'uncertain';
