-- The search index anew, filled again from the events beside the desk. It had a column of homes that nothing asked for: now the text stands in the first
-- column, whose places are not marked with its number. A single Chinese character is the beginning of tokens, and all with that beginning were read, however many
-- there are: now beginnings have an index of their own. And what many matters write at once, as an import does, is gathered in up to 16 MiB before it is flushed.
drop table matter_fts;

create virtual table matter_fts using fts5 (body, content='', contentless_delete=1, tokenize='ascii', prefix='1');

insert into matter_fts (matter_fts, rank) values ('automerge', 16);

insert into matter_fts (matter_fts, rank) values ('hashsize', 16777216);

insert into sketch_fts (sketch_fts, rank) values ('hashsize', 16777216);
