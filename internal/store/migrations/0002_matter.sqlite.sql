create virtual table matter_fts using fts5 (home, body, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0 categories ''L* N* Co Mn Mc''');
