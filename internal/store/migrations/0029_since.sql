-- What stands is kept by the day since which it does, and what was open by the months from which it held: the sums are made anew from the ledger, some days at a time.
delete from stat_cell;

update stat_fold set day = 0, making = 0, made = 0;
