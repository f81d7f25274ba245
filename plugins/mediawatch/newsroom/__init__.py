"""The web page of the house, and the signed links of mails."""
