-- What stands has rows of its own, by measure; what holds later than the day by which it is counted is told apart by months and by the day on which it came to hold: the
-- sums are made anew from the ledger, some days at a time.
delete from stat_cell;

update stat_fold set day = 0, making = 0, made = 0;
