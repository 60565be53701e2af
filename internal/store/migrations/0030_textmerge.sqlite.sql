-- A matter's words are put in at its registration and once more within seconds, so of every young part of the search index half is soon replaced. From a tenth on FTS5 wrote
-- such a part anew, together with all of its size, at nearly every commit: twice the work of all other merging. From a half on is early enough: what is replaced costs a
-- search a look into a list, and goes with the ordinary merging.
insert into matter_fts (matter_fts, rank) values ('deletemerge', 50);
