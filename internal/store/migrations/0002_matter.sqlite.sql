-- Tokens are made by the program and separated by blanks, so the plainest tokenizer serves.
create virtual table matter_fts using fts5 (home, body, content='', contentless_delete=1, tokenize='ascii');
