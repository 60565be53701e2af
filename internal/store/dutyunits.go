package store

import (
	"context"

	"huiyin/internal/law"
	"huiyin/internal/org"
)

// DutiesAtUnits returns the duties in some roles at some units that hold on a day.
func (t *Tx) DutiesAtUnits(ctx context.Context, units []org.UnitID, day law.Day, one, other org.Role) ([]org.Duty, error) {
	const q = `select ` + dutyColumns + ` from duty d where (d.role = $1 or d.role = $2) and (d.from_day = '' or d.from_day <= $3) and (d.until_day = '' or d.until_day > $3)
		and d.unit_id in ($4...) order by d.duty_id`
	raw := make([]int64, len(units))
	for i, id := range units {
		raw[i] = int64(id)
	}
	return CollectIn(ctx, t, Named("duty.units", q), raw, scanDuty, string(one), string(other), day.String())
}
