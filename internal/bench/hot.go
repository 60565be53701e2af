package bench

import (
	"cmp"
	"context"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"time"

	"huiyin/internal/gazetteer"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// HotConfig says on what the search for issues is measured.
type HotConfig struct {
	Data     string // a file of messages, JSON Lines, gzip or not
	Show     int    // issues of which the messages are listed
	Now      func() time.Time
	Progress func(doing string, n int)
}

// HotReport is what was found, and how long it took.
type HotReport struct {
	CPUs     int        `json:"cpus"`
	Messages int        `json:"messages"`
	Issues   int        `json:"issues"`   // of three messages or more, at most as many as a list shows
	In       int        `json:"in"`       // messages in those
	MS       float64    `json:"ms"`       // finding them all
	CPUMS    float64    `json:"cpu_ms"`   // processor time of one message
	Again    float64    `json:"again_ms"` // a refresh with nothing new
	Largest  []HotIssue `json:"largest"`
}

// HotIssue is an issue with the numbers of its messages.
type HotIssue struct {
	Name     string   `json:"name"`
	Size     int      `json:"size"`
	Messages []string `json:"messages"`
}

// Hot finds what many say at once in a file of messages, all of which came in one window, in an office of its own. Where a message names a coded district (A3区), it lies in
// a town that stands for it.
func Hot(ctx context.Context, c HotConfig) (r HotReport, err error) {
	err = onMessages(ctx, c.Data, c.Now, c.Progress, func(s *stock, list []letter) error {
		s.today()
		c.Progress("load", len(list))
		if err := s.loadHot(ctx, list); err != nil {
			return err
		}
		r.CPUs, r.Messages = runtime.NumCPU(), len(list)
		c.Progress("search", len(list))
		start, cpu := c.Now(), processorTime()
		if err := s.app.Office.RefreshIssues(ctx); err != nil {
			return err
		}
		r.MS, r.CPUMS = c.Now().Sub(start).Seconds()*1000, (processorTime()-cpu).Seconds()*1000/float64(max(len(list), 1))
		start = c.Now()
		if err := s.app.Office.RefreshIssues(ctx); err != nil {
			return err
		}
		r.Again = c.Now().Sub(start).Seconds() * 1000
		return s.issues(ctx, &r, c.Show, list)
	})
	return r, err
}

// district is a district as the messages code it.
var district = regexp.MustCompile(`[A-Z][0-9]+\p{Han}`)

// loadHot loads the messages of a file, those of a coded district at a town of their own.
func (s *stock) loadHot(ctx context.Context, list []letter) error {
	var codes []int64
	for _, v := range s.letters.villages {
		if town := gazetteer.ParentCode(v.code); !slices.Contains(codes, town) {
			codes = append(codes, town)
		}
	}
	slices.Sort(codes)
	if err := s.app.Store.Update(ctx, county, func(t *store.Tx) error { // a home is where something was counted
		_, err := t.NextSerial(ctx, county, "bench")
		return err
	}); err != nil {
		return err
	}
	towns := map[string]int64{}
	for n, l := range list {
		list[n].place = county
		if d := district.FindString(l.Title + " " + l.Text); d != "" {
			if towns[d] == 0 {
				towns[d] = codes[len(towns)%len(codes)]
			}
			list[n].place = towns[d]
		}
	}
	return s.write(ctx, list)
}

// issues reads what was found.
func (s *stock) issues(ctx context.Context, r *HotReport, show int, list []letter) error {
	leader := org.Actor{Kind: org.ActorStaff, Duty: org.Duty{Role: org.RoleLeader, Unit: s.bureau.ID, Scope: s.clerk.Duty.Scope}}
	found, err := s.app.Office.Issues(ctx, leader, usecase.IssueFilter{Days: slices.Max(usecase.IssueWindows())})
	if err != nil {
		return err
	}
	r.Issues = len(found.Rows)
	for i, row := range found.Rows {
		r.In += row.Matters
		if i >= show {
			continue
		}
		issue := HotIssue{Name: row.Name, Size: row.Matters}
		for before := int64(0); ; {
			v, err := s.app.Office.Issue(ctx, leader, row.ID, usecase.IssueFilter{}, before)
			if err != nil {
				return err
			}
			for _, m := range v.Members {
				issue.Messages = append(issue.Messages, messageOf(list, s.at(m.Ref)))
			}
			if before = v.Next; before == 0 {
				break
			}
		}
		slices.Sort(issue.Messages)
		r.Largest = append(r.Largest, issue)
	}
	return nil
}

// messageOf is the number of a message in its file, or its place there.
func messageOf(list []letter, i int) string {
	return cmp.Or(list[i].ID, strconv.Itoa(i+1))
}
