-- The days from which something holds have sums by place for each township, in rows of their own, and what stands has them for each measure: a village is found without
-- reading those of the whole home, and what is open without what else stands. The sums are made anew from the ledger, some days at a time.
delete from stat_cell;

update stat_fold set day = 0, making = 0, made = 0;
