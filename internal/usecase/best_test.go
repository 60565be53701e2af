package usecase_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/query"
)

// Where the words stand decides, then how near they are to each other and how new the matter is; pages of any size go on where the one before ended, and nothing is
// ranked without words.
func TestBestMatchesFirst(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	demand := func(text string) func(*matter.Intake) {
		return func(in *matter.Intake) { in.Demands = []string{text} }
	}
	say := func(title, text string, change ...func(*matter.Intake)) matter.Ref {
		return o.narrated(t, 2, title, text, change...)
	}
	titled := say("路灯不亮，有人摔倒", "请来看看。")
	asked := say("一件小事", "天黑以后看不见。", demand("修好路灯，赔偿摔倒的人"))
	near := say("一件事", "路灯不亮，邻居摔倒了。")
	far := say("另一件事", "路灯不亮。说来话长，先说这条路是哪一年修的，又是谁修的，再说后来的事：去年冬天有人摔倒。")
	half := say("路灯不亮", "说来话长，先说这条路是哪一年修的，又是谁修的，再说后来的事：去年冬天有人摔倒。")
	say("没有关系", "路灯不亮。")
	who := o.actor(t, org.RoleRegistrar, 2)
	find := func(words string, best bool, limit int) (found []matter.Ref) {
		f := matter.Search{Filter: matter.Filter{List: matter.ListAll, View: matter.ViewAny, Limit: limit}, Words: query.Plain(words), Best: best}
		for {
			page, err := o.Find(t.Context(), who, f)
			check(t, err)
			for _, r := range page.Rows {
				found = append(found, r.Ref)
			}
			if page.Next.IsZero() {
				return found
			}
			if len(page.Rows) != limit {
				t.Fatalf("%d on a page of %d", len(page.Rows), limit)
			}
			f.After = matter.Cursor{Home: page.Next.Home, N: page.Next.N}
		}
	}
	want := []matter.Ref{titled, asked, half, near, far}
	for _, limit := range []int{1, 2, 5, 20} {
		if d := cmp.Diff(want, find("路灯 摔倒", true, limit)); d != "" {
			t.Errorf("in pages of %d: %s", limit, d)
		}
	}
	if got, newest := find("", true, 3), find("", false, 3); !slices.Equal(got, newest) || len(got) != 6 {
		t.Errorf("without words %v, newest first %v", got, newest)
	}
}
