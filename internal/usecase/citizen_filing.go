package usecase

import (
	"huiyin/internal/org"
)

// Windows returns the living petition departments and reception centres that can be reached by telephone, by id, at most limit.
func (o *Office) Windows(limit int) []org.Unit {
	today := o.Today()
	var out []org.Unit
	for len(out) < limit {
		last := org.UnitID(0)
		if len(out) > 0 {
			last = out[len(out)-1].ID
		}
		u, ok := o.Chart().First(func(u org.Unit) bool { return u.ID > last && u.Bureau() && u.Phone != "" && u.Alive(today) })
		if !ok {
			break
		}
		out = append(out, u)
	}
	return out
}

// ParseCode reads a query code as people write it. The error is that of a slip of the pen, which anybody can see from the code itself.
func ParseCode(text string) (string, error) {
	code, _, err := parseCode(text)
	return code, err
}
