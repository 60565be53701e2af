package usecase_test

import (
	"bytes"
	"encoding/csv"
	"testing"

	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// The table names places and units in the reader's language.
func TestExportInEnglish(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	_, err := o.Register(ctx, org.Actor{}, matter.Intake{
		Channel: matter.ChannelWeb, Title: "路灯不亮", Demands: []string{"修好路灯"}, Place: 330112104, Petitioners: []matter.Petitioner{{Name: "张三", Phone: "0571-00000001"}},
	}, "")
	check(t, err)
	for _, c := range []struct {
		english     bool
		place, unit string
	}{
		{false, "浙江省杭州市临安区於潜镇", "临安区信访局"},
		{true, "Yuqian Town, Lin'an District, Hangzhou City, Zhejiang Province", "lin an qu xin fang ju"},
	} {
		var out bytes.Buffer
		n, err := o.ExportMatters(ctx, o.actor(t, org.RoleSupervisor, unitCounty), matter.Filter{List: matter.ListAll, View: matter.ViewOpen}, c.english, say, &out)
		check(t, err)
		rows, err := csv.NewReader(bytes.NewReader(out.Bytes()[3:])).ReadAll()
		check(t, err)
		if n != 1 || rows[1][7] != c.place || rows[1][8] != c.unit || rows[1][9] != c.unit {
			t.Errorf("in English %v: %v", c.english, rows)
		}
	}
}
