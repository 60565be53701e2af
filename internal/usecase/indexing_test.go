package usecase_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/document"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/query"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
	"huiyin/internal/vault"
)

// searched is what a person finds by words, and all that the excerpts say, each with where it stands.
func (o *testOffice) searched(t testing.TB, who org.Actor, words string) (refs []matter.Ref, excerpts []string) {
	t.Helper()
	q, err := query.Parse(words)
	check(t, err)
	page, err := o.Find(t.Context(), who, matter.Search{Filter: matter.Filter{List: matter.ListAll, View: matter.ViewAny, Limit: 20}, Words: q})
	check(t, err)
	for _, r := range page.Rows {
		refs = append(refs, r.Ref)
		for _, e := range r.Excerpts {
			var text strings.Builder
			for _, p := range e.Parts {
				text.WriteString(p.Text)
			}
			excerpts = append(excerpts, string(e.Source)+" "+e.Name+": "+text.String())
		}
	}
	return refs, excerpts
}

// catchUp looks into all files and indexes all matters that wait.
func (o *testOffice) catchUp(t testing.TB) {
	t.Helper()
	for {
		files, err := o.ReadFiles(t.Context())
		check(t, err)
		matters, err := o.Index(t.Context())
		check(t, err)
		if files+matters == 0 {
			return
		}
	}
}

// hand uploads a file that nothing has claimed.
func (o *testOffice) hand(t testing.TB, home int64, name, mime string, content []byte) string {
	t.Helper()
	row, err := o.Attach(t.Context(), org.System(), home, usecase.Upload{Name: name, Mime: mime, Content: content})
	check(t, err)
	return row.ID
}

const (
	pdfType  = "application/pdf"
	docxType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
)

// handFiles uploads one file of each kind and returns their ids by their names.
func (o *testOffice) handFiles(t testing.TB, home int64) map[string]string {
	t.Helper()
	sample := func(name string) []byte {
		content, err := os.ReadFile(filepath.Join("..", "extract", "testdata", name))
		check(t, err)
		return content
	}
	var letter bytes.Buffer
	check(t, document.Doc{Title: "说明", Blocks: []document.Block{{Text: []document.Span{{Text: "申请人张三丰提供的灌溉台账，联系人电话13700001111"}}}}}.DOCX(&letter))
	return map[string]string{
		"工地.pdf":  o.hand(t, home, "工地.pdf", pdfType, sample("chromium.pdf")),
		"台账.docx": o.hand(t, home, "台账.docx", docxType, letter.Bytes()),
		"扫描.pdf":  o.hand(t, home, "扫描.pdf", pdfType, sample("scan.pdf")),
		"坏的.pdf":  o.hand(t, home, "坏的.pdf", pdfType, []byte("%PDF-1.4\n(塌方)\n%%EOF")),
		"照片.jpg":  o.hand(t, home, "照片.jpg", "image/jpeg", []byte("\xff\xd8\xff塌方")),
	}
}

func TestFoundByAllThatIsWritten(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	life, own := paperLife(t, o)
	desk, other := o.actor(t, org.RoleRegistrar, unitBureau), o.actor(t, org.RoleHandler, unitVillageB1)
	files := o.handFiles(t, life.Home)
	ids := make([]string, 0, len(files))
	for _, id := range files {
		ids = append(ids, id)
	}
	receipt, err := o.Register(t.Context(), desk, matter.Intake{
		Channel: matter.ChannelVisit, Title: "张三丰反映路不平", Narrative: "我叫张 三 丰，身份证330106198001011235，家住衣锦街398号2单元。邻居电话13900002222。", Demands: []string{"修路"},
		Place: 330112104202, Attachments: ids,
		Petitioners: []matter.Petitioner{{Name: "张三丰", Phone: "0571-63712345", IDNumber: "330106198001011235", Address: "锦城街道衣锦街398号2单元"}},
	}, "")
	check(t, err)
	road := receipt.Ref
	_, err = o.Do(t.Context(), org.System(), road, 0, &matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary, Note: "与去年的巡查有关"})
	check(t, err)
	if got, _ := o.searched(t, desk, "路不平"); !slices.Equal(got, []matter.Ref{road}) {
		t.Errorf("what was registered is not found at once: %v", got)
	}
	if got, _ := o.searched(t, desk, "巡查有关"); got != nil {
		t.Errorf("indexed before its time: %v", got)
	}
	o.catchUp(t)

	findsAll := func(when string) {
		t.Helper()
		for _, c := range []struct {
			words, in string
			want      matter.Ref
		}{
			{"居民无法入睡", "file 工地.pdf: ", road},
			{"灌溉台账", "file 台账.docx: ", road},
			{"修路 灌溉台账", "said : ", road},
			{"去年的巡查", "step : ", road},
			{"赔偿没有说清", "said : ", life},
			{"各方陈述", "step : ", life},
			{"没有损失", "answer : ", life},
			{"复看属实", "answer : ", life},
			{"改进工作建议书", "paper 信访工作建议书: ", life},
			{"信访程序终结告知书", "paper 信访程序终结告知书: ", life},
		} {
			got, excerpts := o.searched(t, desk, c.words)
			if !slices.Equal(got, []matter.Ref{c.want}) || len(excerpts) == 0 || !strings.HasPrefix(excerpts[0], c.in) {
				t.Errorf("%s: %s finds %v, %q", when, c.words, got, excerpts)
			}
			if got, _ := o.searched(t, other, c.words); got != nil {
				t.Errorf("%s: %s finds %v for another unit", when, c.words, got)
			}
		}
		for _, who := range []string{
			"张三丰", "张 三 丰", "330106198001011235", "63712345", "0571-63712345", "衣锦街398号", "衣锦街398号2单元", "13700001111", "13900002222", "13800138000",
			"张三", "李四", "11010519491231002X", "塌方",
		} {
			if got, _ := o.searched(t, desk, "“"+who+"”"); got != nil {
				t.Errorf("%s: %s finds %v", when, who, got)
			}
		}
	}
	findsAll("indexed")
	_, excerpts := o.searched(t, desk, "灌溉台账 申请人 邻居")
	for _, e := range excerpts {
		if strings.Contains(e, "张") || strings.Contains(e, "137") || strings.Contains(e, "139") {
			t.Errorf("an excerpt says who it is: %s", e)
		}
	}
	if len(excerpts) != 2 {
		t.Errorf("excerpts: %q", excerpts)
	}

	v, err := o.Matter(t.Context(), desk, road)
	check(t, err)
	states := map[string]store.TextState{}
	for name, id := range files {
		states[name] = v.Inside[id]
	}
	if diff := cmp.Diff(map[string]store.TextState{
		"工地.pdf": store.TextFound, "台账.docx": store.TextFound, "扫描.pdf": store.TextNone, "坏的.pdf": store.TextFailed, "照片.jpg": store.TextPicture,
	}, states); diff != "" {
		t.Error(diff)
	}
	o.read(t, func(tx *store.Tx) error {
		texts, err := tx.Texts(t.Context(), road.Home, ids)
		if len(texts) != 2 {
			t.Errorf("%d texts are kept", len(texts))
		}
		for _, x := range texts {
			if bytes.Contains(x.Body, []byte("台账")) || bytes.Contains(x.Body, []byte("居民")) || len(x.Body) < 4096 {
				t.Error("a text lies open")
			}
		}
		return err
	})

	// the same index is made from what is kept
	for _, ref := range []matter.Ref{road, life} {
		check(t, o.store.Update(t.Context(), ref.Home, func(tx *store.Tx) error { return tx.IndexMatter(ref, "") }))
	}
	if got, _ := o.searched(t, desk, "灌溉台账"); got != nil {
		t.Fatalf("still found: %v", got)
	}
	_, err = o.Rebuild(t.Context(), org.System(), usecase.RebuildOptions{Fix: true})
	check(t, err)
	findsAll("rebuilt")

	// a handler does not find by the words of their own rating
	_, err = o.Do(t.Context(), own, life, 0, &matter.Rate{Receiving: matter.GradeSatisfied, Handling: matter.GradeDissatisfied, Words: "推来推去"})
	check(t, err)
	o.catchUp(t)
	if got, _ := o.searched(t, o.actor(t, org.RoleHandler, unitVillageA1), "推来推去"); got != nil {
		t.Errorf("the rating finds %v", got)
	}
}

// What is written inside a file stays readable under newer keys, without looking into the file again.
func TestTextsUnderNewKeys(t *testing.T) {
	t.Parallel()
	d := openDesk(t, t.TempDir())
	ref := d.taken(t, matter.KindAppeal, d.attach(t))
	if n, err := d.ReadFiles(t.Context()); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	_, err := d.Rotate(t.Context(), org.System(), usecase.RotateOptions{Purpose: vault.Identity})
	check(t, err)
	if n, err := d.Index(t.Context()); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	page, err := d.Find(t.Context(), org.System(), matter.Search{Filter: matter.Filter{List: matter.ListAll, View: matter.ViewAny, Limit: 9}, Words: query.Plain("三万元")})
	check(t, err)
	if len(page.Rows) != 1 || page.Rows[0].Ref != ref || len(page.Rows[0].Excerpts) != 1 || page.Rows[0].Excerpts[0].Name != handed.Name {
		t.Errorf("%+v", page.Rows)
	}
	if n, err := d.ReadFiles(t.Context()); n != 0 || err != nil {
		t.Errorf("read again: %d, %v", n, err)
	}
}

// What an accusation brings is neither looked into nor found, and nothing of it waits to be.
func TestAccusationsAreNotLookedInto(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	home := o.register(t, unitBureau, "路灯").Home
	var ids []string
	for _, id := range o.handFiles(t, home) {
		ids = append(ids, id)
	}
	r, err := o.Register(t.Context(), org.System(), matter.Intake{
		Channel: matter.ChannelLetter, Title: "受贿", Narrative: "收了红包", Demands: []string{"查处"}, Place: 330112, Kind: matter.KindAccusation, Attachments: ids,
	}, "")
	check(t, err)
	if sealed, err := o.Matter(t.Context(), org.System(), r.Ref); err != nil || !sealed.Matter.Sealed || len(sealed.Inside) > 0 {
		t.Fatalf("%+v, %v", sealed.Inside, err)
	}
	if n, err := o.ReadFiles(t.Context()); n != 0 || err != nil {
		t.Errorf("%d files were looked into, %v", n, err)
	}
	o.catchUp(t)
	o.read(t, func(tx *store.Tx) error {
		rows, err := tx.TextsOf(t.Context(), home, []int64{r.Ref.N})
		if len(rows) > 0 {
			t.Errorf("kept: %+v", rows)
		}
		return err
	})
	for _, words := range []string{"居民无法入睡", "灌溉台账", "红包", "受贿"} {
		if got, _ := o.searched(t, org.System(), words); got != nil {
			t.Errorf("%s finds %v", words, got)
		}
	}
}

// People of a submission that joined are hidden in what the matter says, too, also in what it said before.
func TestWhoJoinedIsHidden(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	desk := o.actor(t, org.RoleRegistrar, unitBureau)
	in := func(name, narrative string) matter.Intake {
		return matter.Intake{
			Channel: matter.ChannelVisit, Title: "水渠", Narrative: narrative, Demands: []string{"修"}, Place: 330112104202, Petitioners: []matter.Petitioner{{Name: name, Phone: "0571-00000001"}},
		}
	}
	first, err := o.Register(t.Context(), desk, in("周长顺", "我和陈玉兰一起来"), "")
	check(t, err)
	second, err := o.Register(t.Context(), desk, in("陈玉兰", "周长顺也知道"), "")
	check(t, err)
	o.catchUp(t)
	if got, _ := o.searched(t, desk, "陈玉兰"); !slices.Equal(got, []matter.Ref{first.Ref}) {
		t.Errorf("a name of somebody else is a word: %v", got)
	}
	err = o.Join(t.Context(), desk, first.Ref, second.Ref, "同一条水渠")
	check(t, err)
	o.catchUp(t)
	for _, name := range []string{"陈玉兰", "周长顺"} {
		got, _ := o.searched(t, desk, name)
		if slices.Contains(got, first.Ref) {
			t.Errorf("%s finds %v", name, got)
		}
	}
}
