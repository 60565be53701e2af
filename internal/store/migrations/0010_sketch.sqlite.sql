-- A key is a token, and all that is asked is in which rows it stands. What is there already gets its sketch by `huiyin rebuild`. Written out and
-- merged as the full text is: see 0005.
create virtual table sketch_fts using fts5 (keys, content='', contentless_delete=1, detail=none, tokenize='ascii');

insert into sketch_fts (sketch_fts, rank) values ('automerge', 16);
