package store

import (
	"context"

	"huiyin/internal/law"
	"huiyin/internal/matter"
)

// OpenMattersDueFrom walks the open matters with a running clock whose legal end is a day or later: those that a new calendar may move.
func (t *Tx) OpenMattersDueFrom(ctx context.Context, day law.Day, after matter.Ref, limit int) ([]matter.Ref, error) {
	const q = `select distinct c.home, c.matter_id from clock c join matter m on m.home = c.home and m.matter_id = c.matter_id
		where c.stopped_day = '' and c.legal_day >= $1 and m.is_open = $2 and (c.home, c.matter_id) > ($3, $4)
		order by c.home, c.matter_id limit $5`
	return Collect(ctx, t, Named("clock.from", q), scanRef, day.String(), true, after.Home, after.N, limit)
}
