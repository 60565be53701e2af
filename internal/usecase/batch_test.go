package usecase_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// lines are records as another system hands them over; some are bad.
func lines(n int, bad map[int]string) []byte {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		line := fmt.Sprintf(`{"sender":"12345","sender_number":"H%d","channel":"phone","received":"2025-09-20","title":"路灯不亮%d","narrative":"坏了三个月","demands":["修好","回话"],"petitioner_name":"张三","petitioner_phone":"0571-00000001","place_code":"330112"}`, i, i)
		if text, ok := bad[i]; ok {
			line = text
		}
		b.WriteString(line + "\n")
	}
	return []byte(b.String())
}

// Many records are taken in beside the desk: the three that are bad are named by line, number and field with what is wrong, the others are there, and handing the same over
// again adds nothing.
func TestBatchNamesWhatIsBad(t *testing.T) {
	o := newOffice(t)
	who, other := o.machine(t, "12345", unitBureau), o.machine(t, "other", unitBureau)
	const n = 600
	body := lines(n, map[int]string{
		7:   `{"sender":"12345","sender_number":"H7","channel":"pigeon","received":"2025-09-20","title":"t","narrative":"n"}`,
		300: `{"sender":"12345","sender_number":"H300","channel":"phone","received":"2025-09-20","title":"","narrative":"n","place_code":"999999"}`,
		599: `{"sender":"12345","sender_number":"H599"`,
	})
	b, err := o.StartBatch(t.Context(), who, bytes.NewReader(body), "first")
	check(t, err)
	if b.EndedUS != 0 || b.Records != n {
		t.Errorf("before the job: %+v", b)
	}
	check(t, o.RunJobs(t.Context()))
	b, err = o.Batch(t.Context(), who, b.Home, b.ID)
	check(t, err)
	if b.EndedUS == 0 || b.Accepted != n-3 || b.Refused != 3 || b.Repeated != 0 || b.Failed {
		t.Errorf("after it: %+v", b)
	}
	refused, err := o.Results(t.Context(), who, b.Home, b.ID, "refused", 0, usecase.MaxResults)
	check(t, err)
	var got []string
	for _, r := range refused {
		for _, p := range r.Problems {
			got = append(got, fmt.Sprintf("%d %s %s %s", r.N, r.Number, p.Path, p.Code))
		}
	}
	if diff := cmp.Diff([]string{"7 H7 channel intake.field.code", "300 H300 title intake.field.required", "599   intake.row.json"}, got); diff != "" {
		t.Error(diff)
	}
	again, err := o.StartBatch(t.Context(), who, bytes.NewReader(body), "first")
	check(t, err)
	if again != b {
		t.Errorf("handed over again: %+v, first %+v", again, b)
	}
	if _, err := o.StartBatch(t.Context(), who, bytes.NewReader(lines(3, nil)), "first"); errs.CodeOf(err) != "idempotency.other" {
		t.Errorf("other records under the same key: %v", err)
	}
	repeated, err := o.StartBatch(t.Context(), who, bytes.NewReader(lines(2, nil)), "second")
	check(t, err)
	if repeated.Repeated != 2 || repeated.Accepted != 0 {
		t.Errorf("the same records under another key: %+v", repeated)
	}
	theirs, err := o.StartBatch(t.Context(), other, bytes.NewReader(lines(2, nil)), "first")
	check(t, err)
	if theirs.Accepted != 2 {
		t.Errorf("another key's own: %+v", theirs)
	}
	for name, err := range map[string]error{
		"look":    second(o.Batch(t.Context(), other, b.Home, b.ID)),
		"results": second(o.Results(t.Context(), other, b.Home, b.ID, "", 0, 10)),
		"admin":   second(o.Batch(t.Context(), o.actor(t, org.RoleAdmin, unitTownA), b.Home, b.ID)),
		"clerk":   second(o.Batch(t.Context(), o.actor(t, org.RoleHead, unitBureau), b.Home, b.ID)),
	} {
		if errs.CodeOf(err) != "import.not_found" {
			t.Errorf("%s: %v", name, err)
		}
	}
	admin := o.actor(t, org.RoleAdmin, unitBureau)
	if list, err := o.Batches(t.Context(), admin); err != nil || len(list) != 3 {
		t.Errorf("the administrator sees %d, %v", len(list), err)
	}
	if list, err := o.Batches(t.Context(), other); err != nil || len(list) != 1 {
		t.Errorf("another machine sees %d, %v", len(list), err)
	}
	o.now.Add(91 * 24 * 3600 * 1_000_000)
	check(t, o.Sweep(t.Context()))
	if list, err := o.Batches(t.Context(), admin); err != nil || len(list) != 0 {
		t.Errorf("kept for ever: %d, %v", len(list), err)
	}
}

// A job that is taken over goes on where the last one stood, and does not count what that one took in as repeated; a record with its answer brings its whole life, which is
// on record as the key's.
func TestBatchGoesOn(t *testing.T) {
	o := newOffice(t)
	who := o.machine(t, "12345", unitBureau)
	body := lines(150, map[int]string{
		3: `{"sender":"12345","sender_number":"H3","channel":"phone","received":"2025-06-20","title":"路灯","narrative":"坏了","petitioner_name":"张三","place_code":"330112","purpose":"appeal","reply_text":"已修好","replied":"2025-07-01"}`,
	})
	b, err := o.StartBatch(t.Context(), who, bytes.NewReader(body), "k")
	check(t, err)
	job, err := o.Jobs(t.Context(), who)
	check(t, err)
	check(t, o.StopJob(t.Context(), who, job[0].Home, job[0].ID)) // before it began
	if b, err = o.Batch(t.Context(), who, b.Home, b.ID); err != nil || !b.Failed {
		t.Errorf("stopped: %+v, %v", b, err)
	}
	if b, err = o.StartBatch(t.Context(), who, bytes.NewReader(body), "k"); err != nil || b.Failed {
		t.Errorf("handed over again: %+v, %v", b, err)
	}
	check(t, o.RunJobs(t.Context()))
	b, err = o.Batch(t.Context(), who, b.Home, b.ID)
	check(t, err)
	if b.Accepted != 150 || b.Repeated != 0 {
		t.Errorf("taken in: %+v", b)
	}
	results, err := o.Results(t.Context(), who, b.Home, b.ID, "", 2, 1)
	check(t, err)
	m, err := o.Matter(t.Context(), o.actor(t, org.RoleRegistrar, unitBureau), results[0].Ref)
	check(t, err)
	if m.Row.State != matter.StateCompleted || m.Submissions[0].Sender != who.Key+"/12345" {
		t.Errorf("with its answer: %s, sender %q", m.Row.State, m.Submissions[0].Sender)
	}
}

func TestBatchIsForWhoMay(t *testing.T) {
	o := newOffice(t)
	key, err := o.AddKey(t.Context(), org.System(), usecase.NewKey{Name: "k", Unit: unitBureau, Role: org.RoleRegistrar, Grants: []string{"register"}})
	check(t, err)
	desk, err := o.MachineActor(t.Context(), key)
	check(t, err)
	who := o.machine(t, "12345", unitBureau)
	for name, tt := range map[string]struct {
		who  org.Actor
		body []byte
		key  string
		code string
	}{
		"without the grant": {desk, lines(1, nil), "k", "auth.grant"},
		"a person":          {o.actor(t, org.RoleHead, unitBureau), lines(1, nil), "k", "auth.duty"},
		"nobody":            {org.Actor{}, lines(1, nil), "k", "auth.duty"},
		"no key":            {who, lines(1, nil), "", "import.key"},
		"nothing":           {who, nil, "k", "import.records"},
		"too many":          {who, []byte(strings.Repeat("{}\n", usecase.MaxBatch+1)), "k", "import.records"},
	} {
		if _, err := o.StartBatch(t.Context(), tt.who, bytes.NewReader(tt.body), tt.key); errs.CodeOf(err) != tt.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}
