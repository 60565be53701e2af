package store

import (
	"context"

	"huiyin/internal/law"
	"huiyin/internal/matter"
)

// MattersDueFrom walks the matters with a running clock, a petitioner's right after the end among them, whose legal end is a day or later: those that
// a new calendar may move.
func (t *Tx) MattersDueFrom(ctx context.Context, day law.Day, after matter.Ref, limit int) ([]matter.Ref, error) {
	const q = `select distinct c.home, c.matter_id from clock c
		where c.stopped_day = '' and c.legal_day >= $1 and (c.home, c.matter_id) > ($2, $3) order by c.home, c.matter_id limit $4`
	return Collect(ctx, t, Named("clock.from", q), scanRef, day.String(), after.Home, after.N, limit)
}
