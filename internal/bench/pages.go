package bench

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// PagesConfig says over which offices pages are measured: those that Load fills, or has filled.
type PagesConfig struct {
	Matters  []int    // how many each is to hold; growth is told against the first
	Data     []string // their data folders, as many; none: they are removed afterwards
	Database string   // address of the PostgreSQL database, where there is one folder alone
	Rounds   int      // how often each address is asked for
	Most     int      // how many addresses are followed for each person; pagesAtMost for 0
	Now      func() time.Time
	Progress func(doing string, n int)
}

// PagesReport is what was measured.
type PagesReport struct {
	CPUs  int         `json:"cpus"`
	Sizes []PagesSize `json:"sizes"`
}

// PagesSize is what was measured in one office.
type PagesSize struct {
	Matters int    `json:"matters"`
	Pages   []Page `json:"pages"` // by who asks and what for
	// Unanswered are addresses that were not answered with success, each with its status: what needs something that no load makes.
	Unanswered []string `json:"unanswered"`
}

// Page is a kind of page, or an operation of the API, as somebody asks for it.
type Page struct {
	Who    string  `json:"who"`
	Kind   string  `json:"kind"` // its address without numbers
	Asked  int     `json:"asked"`
	Time   Spread  `json:"ms"`
	CPU    float64 `json:"cpu_ms"` // on average, of the whole process: who asks is in it, too
	Bytes  float64 `json:"bytes"`  // on average
	Growth float64 `json:"growth,omitempty"`
}

// How far the addresses of an office are followed.
const (
	pagesOfAKind = 2
	pagesOfAPath = 24  // kinds of one path: figures lead to figures without end
	pagesAtMost  = 600 // of one person
)

// Pages measures every page that a link leads to, for people of each role, and every operation of the API that reads.
func Pages(ctx context.Context, c PagesConfig) (PagesReport, error) {
	r := PagesReport{CPUs: runtime.NumCPU()}
	for i, n := range c.Matters {
		size, err := c.measure(ctx, folder(c.Data, i), n)
		if err != nil {
			return r, fmt.Errorf("%d matters: %w", n, err)
		}
		if i > 0 {
			for k := range size.Pages {
				p := &size.Pages[k]
				if at := slices.IndexFunc(r.Sizes[0].Pages, func(q Page) bool { return q.Who == p.Who && q.Kind == p.Kind }); at >= 0 && r.Sizes[0].Pages[at].Time.P50 > 0 {
					p.Growth = p.Time.P50 / r.Sizes[0].Pages[at].Time.P50
				}
			}
		}
		r.Sizes = append(r.Sizes, size)
	}
	return r, nil
}

// folder is the i-th folder, or none where none is named.
func folder(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

func (c PagesConfig) measure(ctx context.Context, dir string, matters int) (size PagesSize, err error) {
	size.Matters = matters
	err = onLoaded(ctx, LoadConfig{Matters: matters, Data: dir, Database: c.Database, Now: c.Now, Progress: c.Progress}, func(s *stock, _ LoadReport) error {
		return s.onSite(ctx, func(at *site) error { return c.walk(ctx, at, &size) })
	})
	return size, err
}

// walk measures all pages of an office.
func (c PagesConfig) walk(ctx context.Context, at *site, size *PagesSize) error {
	w := walk{site: at, rounds: c.Rounds, most: cmp.Or(c.Most, pagesAtMost)}
	readers, err := w.readers(ctx)
	if err != nil {
		return err
	}
	for _, r := range readers {
		kinds, err := w.crawl(ctx, r)
		if err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
		c.Progress("pages", len(kinds))
		for _, kind := range slices.Sorted(maps.Keys(kinds)) {
			p, err := w.ask(ctx, r, kind, kinds[kind])
			if err != nil {
				return err
			}
			size.Pages = append(size.Pages, p)
		}
	}
	slices.Sort(w.unanswered)
	size.Unanswered = slices.Compact(w.unanswered)
	return nil
}

// walk goes through an office as several people.
type walk struct {
	*site

	rounds     int
	most       int
	unanswered []string
}

// readers are people of each role, a petitioner, who knows nobody, and a machine.
func (w *walk) readers(ctx context.Context) ([]reader, error) {
	village := w.local[w.letters.villages[0].code]
	asks := w.letters.Asks
	find := func(list ...string) (out []string) {
		for _, words := range list {
			out = append(out, "/desk/find?q="+url.QueryEscape(words), "/desk/find?sort=best&q="+url.QueryEscape(words))
		}
		return out
	}
	out := []reader{{name: "anybody", client: newReader(), starts: []string{"/", "/how", "/outcomes", "/open-data"}}}
	root := w.clerk.Duty.Scope
	for _, p := range []struct {
		name        string
		role        org.Role
		unit, scope org.UnitID
		starts      []string
	}{
		{"registrar", org.RoleRegistrar, w.bureau.ID, root, find(asks["common"][0], asks["two"][0])},
		{"handler", org.RoleHandler, w.units[0].ID, 0, find(asks["common"][0])},
		{"head", org.RoleHead, village.ID, 0, find(asks["common"][0])},
		{"leader", org.RoleLeader, root, root, nil},
		{"supervisor", org.RoleSupervisor, w.bureau.ID, root, nil},
		{"auditor", org.RoleAuditor, root, root, nil},
		{"admin", org.RoleAdmin, root, root, nil},
	} {
		r, err := w.person(ctx, p.name, p.role, p.unit, p.scope)
		if err != nil {
			return nil, err
		}
		r.starts = append([]string{"/desk", "/desk/duty", "/desk/find"}, p.starts...)
		out = append(out, r)
	}
	citizen, err := w.citizen(ctx)
	if err != nil {
		return nil, err
	}
	machine, err := w.machine(ctx)
	return append(out, citizen, machine), err
}

// citizen is somebody who registered a moment ago and looks after it.
func (w *walk) citizen(ctx context.Context) (reader, error) {
	r := reader{name: "petitioner", client: newReader(), starts: []string{"/my"}}
	l, _, _ := w.letters.nth(stockSeed, 1)
	in := w.intake(l)
	in.Demands = []string{l.Title}
	receipt, err := w.app.Office.Register(ctx, w.clerk, in, "")
	if err != nil {
		return r, fmt.Errorf("register: %w", err)
	}
	return r, w.post(ctx, r, "/track", url.Values{"code": {receipt.Code}, "pin": {receipt.PIN}})
}

// machine has a key to all that may be read, and asks each operation of the API once as its description says it can be asked.
func (w *walk) machine(ctx context.Context) (reader, error) {
	r := reader{name: "machine", client: newReader()}
	var err error
	if r.bearer, err = w.app.Office.AddKey(ctx, org.System(), usecase.NewKey{
		Name: "bench", Unit: w.bureau.ID, Role: org.RoleRegistrar, Grants: usecase.KeyGrants(), Expires: law.NoDay, Rate: usecase.MaxKeyRate,
	}); err != nil {
		return r, fmt.Errorf("key: %w", err)
	}
	r.starts, err = w.operations(ctx, r)
	return r, err
}

// operations are the addresses of all operations that read: what has to be said with them is filled in with what lies there.
func (w *walk) operations(ctx context.Context, r reader) ([]string, error) {
	_, text, _, err := w.get(ctx, r, "/api/openapi.json")
	if err != nil {
		return nil, err
	}
	var description struct {
		Servers []struct {
			URL string `json:"url"`
		} `json:"servers"`
		Paths map[string]map[string]struct {
			Parameters []struct {
				Name     string `json:"name"`
				In       string `json:"in"`
				Required bool   `json:"required"`
			} `json:"parameters"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(text, &description); err != nil {
		return nil, fmt.Errorf("description of the API: %w", err)
	}
	first := stockEnd().Add(-90).String()
	known := map[string]string{
		"ref": w.ref(w.matters / 2).String(), "unit": strconv.FormatInt(int64(w.bureau.ID), 10), "id": strconv.FormatInt(int64(w.bureau.ID), 10), "n": "1", "year": "2026",
		"code": strconv.Itoa(county), "rule": "D02", "from": first, "indicator": "submissions", "category": w.letters.rarest(), "place": strconv.FormatInt(w.bureau.Place, 10),
		"kind": string(matter.PaperAcceptance), "period": "2025",
	}
	var out []string
	for _, path := range slices.Sorted(maps.Keys(description.Paths)) {
		get, reads := description.Paths[path]["get"]
		if !reads || strings.HasPrefix(path, "/my") {
			continue
		}
		query := url.Values{}
		for _, p := range get.Parameters {
			switch {
			case p.In == "path":
				path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(known[p.Name]))
			case p.Required:
				query.Set(p.Name, known[p.Name])
			}
		}
		address := "/api/v1" + path
		if len(query) > 0 {
			address += "?" + query.Encode()
		}
		out = append(out, address)
		if path == "/matters" {
			common := url.QueryEscape(w.letters.Asks["common"][0])
			out = append(out, address+"?q="+common, address+"?sort=best&q="+common, address+"?overdue=true", address+"?list=all&state=completed")
		}
	}
	return out, nil
}

var (
	pageLink   = regexp.MustCompile(`<a\b[^>]*?\bhref="(/[^"#]*)`)
	pageNumber = regexp.MustCompile(`\d[\d-]*`)
	pageLeft   = regexp.MustCompile(`^/(static|language|text|desk/screen/events)\b|^//`)
)

// kindOf is an address without its numbers; of what is asked, the names alone.
func kindOf(address string) string {
	path, query, asked := strings.Cut(address, "?")
	kind := pageNumber.ReplaceAllString(path, "N")
	if !asked {
		return kind
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return kind
	}
	names := slices.Sorted(maps.Keys(values))
	for i, name := range names {
		if name == "by" || name == "list" || name == "view" || name == "format" || name == "sort" {
			names[i] = name + "=" + values.Get(name)
		}
	}
	return kind + "?" + strings.Join(names, "&")
}

// crawl follows the links of pages and returns some addresses of each kind.
func (w *walk) crawl(ctx context.Context, r reader) (map[string][]string, error) {
	kinds, queue, seen, ofPath := map[string][]string{}, slices.Clone(r.starts), map[string]bool{}, map[string]int{}
	for asked := 0; len(queue) > 0 && asked < w.most; queue = queue[1:] {
		address := queue[0]
		kind := kindOf(address)
		path, _, _ := strings.Cut(kind, "?")
		if seen[address] || len(kinds[kind]) >= pagesOfAKind || len(kinds[kind]) == 0 && ofPath[path] >= pagesOfAPath {
			continue
		}
		seen[address], asked = true, asked+1
		status, body, html, err := w.get(ctx, r, address)
		if err != nil {
			return nil, err
		}
		if status != http.StatusOK {
			w.unanswered = append(w.unanswered, fmt.Sprintf("%d %s %s", status, r.name, kind))
			continue
		}
		if kinds[kind] = append(kinds[kind], address); len(kinds[kind]) == 1 {
			ofPath[path]++
		}
		if !html {
			continue
		}
		for _, found := range pageLink.FindAllSubmatch(body, -1) {
			if next := strings.ReplaceAll(string(found[1]), "&amp;", "&"); !pageLeft.MatchString(next) {
				queue = append(queue, next)
			}
		}
	}
	return kinds, nil
}

// ask asks for the addresses of a kind in turn.
func (w *walk) ask(ctx context.Context, r reader, kind string, addresses []string) (Page, error) {
	p := Page{Who: r.name, Kind: kind, Asked: len(addresses)}
	var times []float64
	watch := watch{now: w.now}
	for range w.rounds {
		for _, address := range addresses {
			watch.begin()
			status, body, _, err := w.get(ctx, r, address)
			if err == nil && status != http.StatusOK {
				err = fmt.Errorf("GET %s by %s: status %d", address, r.name, status)
			}
			if err != nil {
				return p, err
			}
			passed, cpu := watch.lap()
			times = append(times, passed)
			p.CPU, p.Bytes = p.CPU+cpu, p.Bytes+float64(len(body))
		}
	}
	n := float64(len(times))
	p.Time, p.CPU, p.Bytes = spread(times), p.CPU/n, p.Bytes/n
	return p, nil
}
