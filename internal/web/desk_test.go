package web_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// password is everybody's in these tests.
const password = "one long phrase 7"

// people are those who work in the tests: one of each role that pages differ for.
func people() map[string]usecase.NewDuty {
	return map[string]usecase.NewDuty{
		"dispatch":  {Role: org.RoleRegistrar, Unit: unitBureau, Scope: unitCounty},
		"handler":   {Role: org.RoleHandler, Unit: unitLand},
		"head":      {Role: org.RoleHead, Unit: unitLand},
		"supervise": {Role: org.RoleSupervisor, Unit: unitBureau, Scope: unitCounty},
		"town":      {Role: org.RoleHandler, Unit: unitTown},
		"mayor":     {Role: org.RoleHead, Unit: unitTown},
		"village":   {Role: org.RoleHandler, Unit: unitVillage},
		"elder":     {Role: org.RoleHead, Unit: unitVillage},
		"chief":     {Role: org.RoleHead, Unit: unitBureau},
		"inspect":   {Role: org.RoleDiscipline, Unit: unitDiscipline},
		"audit":     {Role: org.RoleAuditor, Unit: unitCounty},
	}
}

// team signs people in, each in a browser of their own.
func (s *testSite) team(names ...string) map[string]*browser {
	s.t.Helper()
	out := map[string]*browser{}
	for _, name := range names {
		duty := people()[name]
		_, _, err := s.office.AddPerson(s.t.Context(), org.System(), usecase.NewPerson{SignIn: name, Name: "人员" + name, Password: password, Duties: []usecase.NewDuty{duty}})
		check(s.t, err)
		b := s.browser()
		if p := b.post("/desk/sign-in", "name", name, "password", password); p.status != http.StatusOK || strings.HasPrefix(p.path, "/desk/sign-in") {
			s.t.Fatalf("%s cannot sign in: %d at %s: %s", name, p.status, p.path, words(p.root))
		}
		out[name] = b
	}
	return out
}

// fields are what a page's form would send, with the given changes.
func (p page) fields(action string, changes ...string) []string {
	p.t.Helper()
	values := url.Values{}
	for _, form := range p.find("form") {
		if attribute(form, "action") != action {
			continue
		}
		for n := range form.Descendants() {
			if n.Type != html.ElementNode || attribute(n, "name") == "" {
				continue
			}
			name := attribute(n, "name")
			switch n.Data {
			case "input":
				switch kind := attribute(n, "type"); {
				case (kind == "radio" || kind == "checkbox") && !has(n, "checked"):
				case kind == "file":
				default:
					values.Add(name, attribute(n, "value"))
				}
			case "textarea":
				values.Add(name, strings.TrimPrefix(text(n), "\n"))
			case "select":
				for o := range n.Descendants() {
					if o.Type == html.ElementNode && o.Data == "option" && has(o, "selected") {
						values.Add(name, attribute(o, "value"))
					}
				}
			}
		}
	}
	if len(values) == 0 {
		p.t.Fatalf("%s has no form for %s: %s", p.path, action, words(p.root))
	}
	for i := 0; i+1 < len(changes); i += 2 {
		values.Set(changes[i], changes[i+1])
	}
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, v := range values[name] {
			pairs = append(pairs, name, v)
		}
	}
	return pairs
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// entered registers a matter on the page and returns its number.
func entered(b *browser, changes ...string) string {
	b.t.Helper()
	form := b.get("/desk/register").want(http.StatusOK, "/desk/register")
	send := append([]string{
		"title", "青苗补偿少算了一亩二", "demands", "2", "demands.0", "重新丈量", "demands.1", "补足补偿", "place", "330112104", "category", "N0201",
		"petitioners.0.name", "陈玉兰", "petitioners.0.phone", "13000000000", "looked", "yes",
	}, changes...)
	p := b.post("/desk/register", form.fields("/desk/register", send...)...)
	if p.status != http.StatusOK || !strings.HasPrefix(p.path, "/desk/receipt/") {
		b.t.Fatalf("not registered: %d at %s: %s", p.status, p.path, words(p.root))
	}
	number := regexp.MustCompile(`330112-\d{4}-\d{7}`).FindString(p.text(".receipt"))
	if number == "" {
		b.t.Fatalf("the receipt has no number: %s", words(p.root))
	}
	return number
}

// step takes a step on its page, as a person would.
func step(b *browser, number string, act matter.Act, changes ...string) page {
	b.t.Helper()
	path := "/desk/matters/" + number + "/" + string(act)
	form := b.get(path)
	if form.status != http.StatusOK {
		b.t.Fatalf("%s: %d %s", path, form.status, words(form.root))
	}
	p := b.post(path, form.fields(path, changes...)...)
	if p.status != http.StatusOK || p.path != "/desk/matters/"+number {
		b.t.Fatalf("%s: %d at %s: %s", act, p.status, p.path, words(p.root))
	}
	return p
}

// answers are the fields of a reply to two demands.
func answers() []string {
	return []string{
		"facts", "现场丈量", "basis", "公告第三条", "answers.0.outcome", "support", "answers.0.facts", "多出一亩二", "answers.0.basis", "公告",
		"answers.0.promise", "补发", "answers.0.promise_by", "2027-01-20", "answers.1.outcome", "explain", "answers.1.facts", "已经补", "answers.1.basis", "台账",
	}
}

// walk opens the page of every step that each of the team is offered on a matter, and notes which there were.
func walk(team map[string]*browser, number string, seen map[string]bool) {
	for _, name := range slices.Sorted(maps.Keys(team)) {
		b := team[name]
		b.t.Helper()
		p := b.get("/desk/matters/" + number)
		if p.status == http.StatusNotFound {
			continue
		}
		p.want(http.StatusOK, "/desk/matters/"+number)
		for _, a := range p.find(".offer-list a") {
			href := attribute(a, "href")
			act := href[strings.LastIndex(href, "/")+1:]
			form := b.get(href)
			if form.status != http.StatusOK || len(form.find("form[method=post]")) < 2 { // its own, and signing out
				b.t.Errorf("%s offers %s, whose page is %d: %s", name, act, form.status, words(form.root))
			}
			if strings.Contains(form.body, "{") && regexp.MustCompile(`\{[a-z_@]+\}`).MatchString(words(form.root)) {
				b.t.Errorf("%s: a placeholder was not filled: %s", href, words(form.root))
			}
			seen[act] = true
		}
	}
}

// Every step a member of staff may take has a page that shows where it is offered and takes it, through whole lives of matters.
func TestEveryStepThroughItsPage(t *testing.T) {
	s := newSite(t)
	s.countUnits()
	below, err := s.office.AddUnits(t.Context(), org.System(), []usecase.NewUnit{{Parent: unitTown, Name: "潜阳村村民委员会", Kind: org.KindVillage, Place: 330112104201}})
	if check(t, err); below[0] != unitVillage {
		t.Fatalf("the village is unit %d", below[0])
	}
	team := s.team("dispatch", "handler", "head", "supervise", "town", "mayor", "village", "elder", "chief")
	dispatch, handler, head, supervise := team["dispatch"], team["handler"], team["head"], team["supervise"]
	seen := map[string]bool{}
	land := strconv.Itoa(int(unitLand))
	open := func(changes ...string) string {
		n := entered(dispatch, changes...)
		walk(team, n, seen)
		step(dispatch, n, matter.ActScreen, "kind", "appeal", "level", "important")
		walk(team, n, seen)
		return n
	}
	day := func(n int) string { return s.office.Today().Add(n).String() }

	n := open()
	step(dispatch, n, matter.ActForward, "unit", land, "mode", "assign", "why", "职责所在", "report_by", day(30))
	walk(team, n, seen)
	step(handler, n, matter.ActSign)
	walk(team, n, seen)
	step(handler, n, matter.ActNotify, "text", "已收到，走信访程序")
	walk(team, n, seen)
	step(handler, n, matter.ActAccept, "contact", "000-0000")
	step(head, n, matter.ActAssignHandler, "user", optionValue(head, n, matter.ActAssignHandler, "user"))
	step(handler, n, matter.ActRecord, "kind", "site", "text", "现场勘查")
	walk(team, n, seen)
	step(head, n, matter.ActExtend, "days", "20", "reason", "要等测绘")
	step(supervise, n, matter.ActPress, "reason", "快些", "by", day(5))
	walk(team, n, seen)
	step(handler, n, matter.ActAnswerPress, "text", "已在办")
	step(supervise, n, matter.ActUrge, "text", "请尽快")
	step(handler, n, matter.ActReportUp, "to", "分管领导", "summary", "涉及多户", "unit", strconv.Itoa(int(unitBureau)))
	walk(team, n, seen)
	step(dispatch, n, matter.ActReceiveReport)
	step(supervise, n, matter.ActAdvise, "kind", "work", "unit", land, "text", "丈量要复核", "by", day(20))
	walk(team, n, seen)
	step(handler, n, matter.ActAnswerAdvice, "taken", "whole", "text", "已改")
	step(dispatch, n, matter.ActAddMaterial, "text", "补了照片")
	step(dispatch, n, matter.ActConfirmDemands)
	walk(team, n, seen)
	step(head, n, matter.ActCallHearing, "on", day(0), "at", "九时", "place", "二楼", "participants", "双方", "reason", "复杂")
	walk(team, n, seen)
	step(head, n, matter.ActMoveHearing, "on", day(0), "at", "十时", "place", "三楼", "reason", "人多")
	step(handler, n, matter.ActConcludeHearing, "minutes", "笔录", "conclusion", "应补面积")
	step(dispatch, n, matter.ActAskRecusal, "of", "handler", "reason", "亲戚", "submission", n)
	walk(team, n, seen)
	step(head, n, matter.ActDecideRecusal, "reason", "不是亲戚")
	town := strconv.Itoa(int(unitTown))
	step(head, n, matter.ActAssignPart, "unit", strconv.Itoa(int(unitBureau)), "text", "核对台账", "by", day(2))
	step(dispatch, n, matter.ActAssignLine, "unit", town, "text", "属地一并办", "by", day(9))
	walk(team, n, seen)
	step(team["town"], n, matter.ActSignPart)
	walk(team, n, seen)
	step(team["town"], n, matter.ActAnswerPart, "text", "属地已办")
	step(handler, n, matter.ActReportLine, "text", "已办")
	step(supervise, n, matter.ActInquire, "finding", "无责")
	step(head, n, matter.ActWaiveParts, "reason", "不能再等")
	step(handler, n, matter.ActMediate, "mediator", "老马", "parties", "双方都同意")
	walk(team, n, seen)
	step(handler, n, matter.ActEndMediation, "reason", "谈不拢")
	step(handler, n, matter.ActDraft, answers()...)
	walk(team, n, seen)
	step(head, n, matter.ActReturnDraft, "reason", "依据要写全")
	step(handler, n, matter.ActDraft, answers()...)
	head.get("/desk/matters/"+n+"/issue").want(http.StatusOK, "/desk/matters/"+n+"/issue", "多出一亩二", "公告第三条")
	step(head, n, matter.ActIssue)
	walk(team, n, seen)
	step(handler, n, matter.ActServe, "method", "in_person", "proof", "回证 1 号")
	step(handler, n, matter.ActPerform, "text", "已补发")
	step(handler, n, matter.ActEase, "solved", "补发到户")
	walk(team, n, seen)
	done := step(handler, n, matter.ActComplete, "report", "已办结")
	done.want(http.StatusOK, "/desk/matters/"+n, "已办结", "支持", "补发", "现场勘查", "延长 20 日", "当面送达")
	walk(team, n, seen)
	step(supervise, n, matter.ActVisit, "how", "电话", "resolved", "yes", "words", "补到了")
	step(supervise, n, matter.ActRedo, "reason", "面积还差", "by", day(10))
	walk(team, n, seen)

	// sent to the wrong unit: objection, dispute, decision
	n = open("title", "另一件一")
	step(dispatch, n, matter.ActForward, "unit", land, "mode", "transfer", "why", "职责所在")
	step(handler, n, matter.ActSign)
	step(handler, n, matter.ActObject, "reason", "属于镇里")
	walk(team, n, seen)
	step(dispatch, n, matter.ActRefuseObjection, "reason", "仍归你们")
	step(handler, n, matter.ActDispute, "reason", "确实不归我们")
	walk(team, n, seen)
	step(supervise, n, matter.ActDecideDispute, "unit", strconv.Itoa(int(unitTown)), "reason", "房屋在镇里")
	walk(team, n, seen)

	n = open("title", "另一件二")
	step(dispatch, n, matter.ActForward, "unit", land, "mode", "transfer", "why", "职责所在")
	step(handler, n, matter.ActSign)
	step(handler, n, matter.ActObject, "reason", "属于镇里")
	step(dispatch, n, matter.ActUpholdObjection, "reason", "说得对")
	step(dispatch, n, matter.ActRequestMaterial, "missing", "承包证")
	walk(team, n, seen)
	step(dispatch, n, matter.ActAddDemand, "text", "再加一条")
	step(dispatch, n, matter.ActWithdraw, "reason", "自己说好了")
	walk(team, n, seen)

	// kept by the bureau: an enquiry answered at once, and the ways out
	n = open("title", "问一问", "kind", "enquiry")
	step(dispatch, n, matter.ActScreen, "kind", "enquiry", "level", "ordinary")
	step(dispatch, n, matter.ActTake)
	walk(team, n, seen)
	step(dispatch, n, matter.ActReply, answers()...)
	walk(team, n, seen)
	n = open("title", "打过官司的")
	step(dispatch, n, matter.ActDivert, "route", "judicial", "organ", "法院", "how", "带判决书")
	n = open("title", "不归我们的")
	step(dispatch, n, matter.ActDecline, "ground", "elsewhere", "reason", "不属于本机关", "organ", "税务局")
	n = open("title", "复核过的")
	step(dispatch, n, matter.ActDeclineFinal, "concluded", "省复核 1 号", "reason", "没有新的事实")
	n = open("title", "谈成的")
	step(dispatch, n, matter.ActTake)
	step(dispatch, n, matter.ActAccept)
	step(dispatch, n, matter.ActMediate, "mediator", "老马", "parties", "双方都同意")
	step(dispatch, n, matter.ActAgree, append(answers(), "terms", "各让一步")...)

	// dissatisfaction waits to be looked into
	ref, err := matter.ParseRef(n)
	check(t, err)
	own := org.Actor{Kind: org.ActorPetitioner, Home: ref.Home, Submission: ref.N}
	_, err = s.office.Do(t.Context(), own, ref, 0, &matter.Rate{Receiving: "satisfied", Handling: "dissatisfied", Words: "拖得久"})
	check(t, err)
	step(dispatch, n, matter.ActFollowUp, "finding", "已经改了")
	seen["follow_up"] = true

	reviewThroughPages(team, open("title", "村里的"), seen, day)

	seen["extend_review"] = true // of local law; it has a test of its own
	for _, c := range matter.Commands() {
		if a := string(c.Act()); !seen[a] && a != "confirm" && a != "rate" && a != "choose_contact" && a != "receive" { // the petitioner's alone
			t.Errorf("no page of %s was seen", a)
		}
	}
	if !seen["link"] {
		t.Error("linking was never offered")
	}
}

// reviewThroughPages takes a matter that was screened through the village's opinion, the town's review and the county's re-review to its end.
func reviewThroughPages(team map[string]*browser, n string, seen map[string]bool, day func(int) string) {
	dispatch, village := team["dispatch"], team["village"]
	step(dispatch, n, matter.ActForward, "unit", strconv.Itoa(int(unitVillage)), "mode", "transfer", "why", "村里的事")
	step(village, n, matter.ActSign)
	step(village, n, matter.ActAccept)
	step(village, n, matter.ActDraft, answers()...)
	step(team["elder"], n, matter.ActIssue)
	step(village, n, matter.ActServe, "method", "online")
	walk(team, n, seen)
	step(dispatch, n, matter.ActRequestReview, "submission", n, "unit", optionValue(dispatch, n, matter.ActRequestReview, "unit"), "reason", "面积不对")
	walk(team, n, seen)
	step(dispatch, n, matter.ActWithdrawReview, "submission", n)
	step(dispatch, n, matter.ActRequestReview, "submission", n, "reason", "面积不对", "received", day(0))
	for i, organ := range [][2]*browser{{team["town"], team["mayor"]}, {dispatch, team["chief"]}} {
		if i == 1 {
			step(dispatch, n, matter.ActRequestReReview, "submission", n, "reason", "还是不对")
		}
		step(organ[0], n, matter.ActTakeReview)
		walk(team, n, seen)
		if i == 1 { // during the hearing a re-review stands still
			step(organ[1], n, matter.ActCallHearing, "on", day(0), "at", "九时", "place", "二楼", "participants", "双方", "reason", "复杂").want(http.StatusOK, "/desk/matters/"+n, "听证期间不算")
			step(organ[0], n, matter.ActConcludeHearing, "minutes", "笔录", "conclusion", "维持")
		}
		opinion := []string{"result", "uphold", "facts", "丈量属实", "basis", "公告第三条"}
		step(organ[0], n, matter.ActDraftReview, opinion...)
		walk(team, n, seen)
		step(organ[1], n, matter.ActReturnReview, "reason", "写细些")
		step(organ[0], n, matter.ActDraftReview, opinion...)
		step(organ[1], n, matter.ActIssueReview)
		walk(team, n, seen)
		step(organ[0], n, matter.ActServeReview, "method", "online").want(http.StatusOK, "/desk/matters/"+n, "意见送达")
		walk(team, n, seen)
	}
	step(dispatch, n, matter.ActCare, "text", "上门走访").want(http.StatusOK, "/desk/matters/"+n, "终结", "上门走访")
}

// optionValue is the first choice that a step's page offers for a field.
func optionValue(b *browser, number string, act matter.Act, field string) string {
	b.t.Helper()
	p := b.get("/desk/matters/" + number + "/" + string(act))
	found := p.find("input[name=" + field + "]")
	if len(found) == 0 {
		b.t.Fatalf("%s offers no %s: %s", act, field, words(p.root))
	}
	return attribute(found[0], "value")
}

func TestSignIn(t *testing.T) {
	s := newSite(t)
	s.team("dispatch")
	b := s.browser()
	b.get("/desk/register").want(http.StatusOK, "/desk/sign-in?to=%2Fdesk%2Fregister")
	unknown, wrong := b.post("/desk/sign-in", "name", "nobody", "password", "x"), b.post("/desk/sign-in", "name", "dispatch", "password", "x")
	if a, z := strings.ReplaceAll(words(unknown.root), "nobody", ""), strings.ReplaceAll(words(wrong.root), "dispatch", ""); unknown.status != http.StatusUnauthorized || wrong.status != unknown.status || a != z {
		t.Errorf("an unknown name answers %d %q, a wrong password %d %q", unknown.status, a, wrong.status, z)
	}
	if p := b.post("/desk/sign-in", "name", "dispatch", "password", "typed secret"); strings.Contains(p.body, "typed secret") || !strings.Contains(p.body, `value="dispatch"`) {
		t.Error("the name is not kept, or the password is")
	}
	for range 4 {
		b.post("/desk/sign-in", "name", "dispatch", "password", "x")
	}
	if p := b.post("/desk/sign-in", "name", "dispatch", "password", password); p.status != http.StatusTooManyRequests {
		t.Errorf("the attempt after six wrong ones answers %d", p.status)
	}
	if p := b.post("/desk/sign-in", "name", "nobody", "password", "x"); p.status != http.StatusUnauthorized {
		t.Errorf("another name is held up, too: %d", p.status)
	}
	s.now.Add(time.Hour.Microseconds())
	b.post("/desk/sign-in", "name", "dispatch", "password", password, "to", "https://elsewhere.example/desk").want(http.StatusOK, "/desk")
	b.get("/desk/sign-in?to=//elsewhere.example").want(http.StatusOK, "/desk")
	b.post("/desk/sign-out").want(http.StatusOK, "/desk/sign-in")
	b.get("/desk").want(http.StatusOK, "/desk/sign-in?to=%2Fdesk")
}

// Whoever was given a password chooses another before anything else opens.
func TestChangePassword(t *testing.T) {
	s := newSite(t)
	_, first, err := s.office.AddPerson(t.Context(), org.System(), usecase.NewPerson{SignIn: "fresh", Name: "新来的", Duties: []usecase.NewDuty{people()["handler"]}})
	check(t, err)
	b := s.browser()
	b.get("/desk/password").want(http.StatusOK, "/desk/sign-in?to=%2Fdesk%2Fpassword")
	b.post("/desk/sign-in", "name", "fresh", "password", first).want(http.StatusOK, "/desk/password", "只有您知道")
	b.get("/desk/register").want(http.StatusOK, "/desk/password")
	b.post("/desk/password", "old", first, "password", password, "again", "another").want(http.StatusUnprocessableEntity, "/desk/password", "两遍写得不一样")
	b.post("/desk/password", "old", "not it", "password", password, "again", password).want(http.StatusUnprocessableEntity, "/desk/password")
	b.post("/desk/password", "old", first, "password", password, "again", password).want(http.StatusOK, "/desk", "密码已改好")
	b.get("/desk/register").want(http.StatusOK, "/desk/register")
}

func TestDuty(t *testing.T) {
	s := newSite(t)
	team := s.team("dispatch", "audit")
	two, _, err := s.office.AddPerson(t.Context(), org.System(), usecase.NewPerson{SignIn: "two", Name: "一身两职", Password: password, Duties: []usecase.NewDuty{people()["handler"], people()["audit"]}})
	check(t, err)
	duties, err := s.office.DutiesOf(t.Context(), two)
	check(t, err)
	b := s.browser()
	b.post("/desk/sign-in", "name", "two", "password", password).want(http.StatusOK, "/desk", "承办人")
	b.post("/desk/duty", "duty", fmt.Sprint(int64(duties[1].ID))).want(http.StatusOK, "/desk/looks", "审计员")
	if p := team["dispatch"].post("/desk/duty", "duty", fmt.Sprint(int64(duties[0].ID))); p.status != http.StatusForbidden {
		t.Errorf("somebody else's duty: %d", p.status)
	}
	if p := team["dispatch"].get("/desk/looks"); p.status != http.StatusForbidden {
		t.Errorf("the record of openings answers a registrar with %d", p.status)
	}
	if p := team["audit"].get("/desk/register"); p.status != http.StatusForbidden {
		t.Errorf("registering answers an auditor with %d", p.status)
	}
	team["audit"].get("/desk").want(http.StatusOK, "/desk/looks")
}

// What lies outside a duty's scope does not exist for it, wherever it asks.
func TestOutOfScope(t *testing.T) {
	s := newSite(t)
	team := s.team("dispatch", "town")
	n := entered(team["dispatch"])
	for _, path := range []string{"", "/sign", "/link", "/separate", "/files/0123456789ab", "/nonsense"} {
		if p := team["town"].get("/desk/matters/" + n + path); p.status != http.StatusNotFound {
			t.Errorf("%q: %d", path, p.status)
		}
	}
	if p := team["town"].post("/desk/matters/"+n+"/identity", "submission", n, "n", "0", "reason.0", "contact", "words.0", "联系一下"); p.status != http.StatusNotFound {
		t.Errorf("opening identities: %d", p.status)
	}
	for _, q := range []string{"?list=all", "?list=all&q=青苗补偿", "/find?q=" + n, "/find?channel=visit"} {
		if p := team["town"].get("/desk" + q); strings.Contains(p.body, "青苗") && len(p.find(".matter-title")) > 0 {
			t.Errorf("%s lists it", q)
		}
	}
	if p := team["dispatch"].get("/desk?list=all&q=青苗补偿"); !strings.HasPrefix(p.path, "/desk/find?") || len(p.find(".matter-title")) != 1 {
		t.Errorf("who may see it finds %d", len(p.find(".matter-title")))
	}
}

// An accusation is visible to discipline inspection alone: in lists, counts, searches and by its address.
func TestSealed(t *testing.T) {
	s := newSite(t)
	team := s.team("dispatch", "supervise", "inspect", "head")
	before := team["supervise"].get("/desk?list=all").text(".counts")
	n := entered(team["inspect"], "kind", "accusation", "accused", strconv.Itoa(int(unitLand)), "title", "局长收了红包", "category", "")
	for _, name := range []string{"dispatch", "supervise", "head"} {
		b := team[name]
		if p := b.get("/desk/matters/" + n); p.status != http.StatusNotFound {
			t.Errorf("%s opens it: %d", name, p.status)
		}
		for _, q := range []string{"?list=all", "?list=unit", "?list=all&view=new", "/find?q=红包", "/find?q=收了", "/find?state=open", "/find?channel=visit"} {
			if p := b.get("/desk" + q); p.status != http.StatusOK || strings.Contains(p.body, n) || strings.Contains(p.body, "局长") {
				t.Errorf("%s finds it by %s", name, q)
			}
		}
	}
	if after := team["supervise"].get("/desk?list=all").text(".counts"); after != before {
		t.Errorf("the counts give it away: %s, before %s", after, before)
	}
	list := team["inspect"].get("/desk?list=unit")
	list.want(http.StatusOK, "/desk?list=unit", "检举控告件", n)
	if strings.Contains(list.body, "红包") {
		t.Error("the list shows the words of a sealed matter")
	}
	for q, found := range map[string]bool{"q=红包": false, "q=" + n: false, "state=open": true, "channel=visit": true} {
		p := team["inspect"].get("/desk/find?" + q)
		if len(p.find("tbody a")) == 1 != found || strings.Contains(p.text("main"), "局长") {
			t.Errorf("discipline inspection by %s: %s", q, p.text("main"))
		}
	}
	team["inspect"].get("/desk/matters/"+n).want(http.StatusOK, "/desk/matters/"+n, "局长收了红包", "密封")
}

// Who was second keeps everything typed and reads what the first one did.
func TestConflictKeepsWhatWasTyped(t *testing.T) {
	s := newSite(t)
	team := s.team("dispatch", "supervise")
	n := entered(team["dispatch"])
	path := "/desk/matters/" + n + "/report_up"
	form := team["dispatch"].get(path)
	step(team["supervise"], n, matter.ActUrge, "text", "请先看这一句")
	p := team["dispatch"].post(path, form.fields(path, "to", "分管领导", "summary", "写了很久的情况")...)
	p.want(http.StatusConflict, path, "您写的都还在", "请先看这一句", "人员supervise")
	if p.text("textarea[name=summary]") != "写了很久的情况" {
		t.Errorf("the typed text is %q", p.text("textarea[name=summary]"))
	}
	team["dispatch"].post(path, p.fields(path)...).want(http.StatusOK, "/desk/matters/"+n, "写了很久的情况")
}

// A step that is wrong comes back with each error at its field and everything typed.
func TestErrorsByField(t *testing.T) {
	s := newSite(t)
	team := s.team("dispatch")
	n := entered(team["dispatch"])
	step(team["dispatch"], n, matter.ActScreen, "kind", "appeal", "level", "ordinary")
	path := "/desk/matters/" + n + "/forward"
	p := team["dispatch"].post(path, team["dispatch"].get(path).fields(path, "mode", "assign", "why", "留着这句", "report_by", "2026-02-31")...)
	p.want(http.StatusUnprocessableEntity, path, "留着这句", "不是日期")
	if got := len(p.find(".error-summary li")); got != 2 {
		t.Errorf("%d errors, want the unit and the day: %s", got, p.text(".error-summary"))
	}
	team["dispatch"].get("/desk/matters/"+n+"/issue").want(http.StatusForbidden, "/desk/matters/"+n+"/issue", "现在可以做")
	team["dispatch"].get("/desk/matters/"+n+"/follow_up").want(http.StatusConflict, "/desk/matters/"+n+"/follow_up", "还不能走这一步（信访工作条例", "现在可以做")
	found := team["dispatch"].post(path, p.fields(path, "unit_q", "gh", "do", "find-unit")...)
	found.want(http.StatusOK, path, "临安区规划和自然资源局", "留着这句")
	if len(found.find("input[value="+strconv.Itoa(int(unitLand))+"]")) == 0 {
		t.Error("the unit cannot be chosen")
	}
}

func TestWordsAreEscaped(t *testing.T) {
	s := newSite(t)
	team := s.team("dispatch")
	const evil = `<script>alert("1")</script><img src=x onerror=alert(2)>`
	n := entered(team["dispatch"], "title", evil, "narrative", evil, "demands.0", evil, "petitioners.0.name", evil, "place_note", evil)
	for _, path := range []string{"/desk", "/desk/matters/" + n, "/desk/matters/" + n + "/screen", "/desk/matters/" + n + "/link", "/desk/find?q=" + url.QueryEscape(evil), "/desk/find?q=-x+" + url.QueryEscape(evil)} {
		p := team["dispatch"].get(path)
		for _, script := range p.find("script") {
			if attribute(script, "src") == "" {
				t.Errorf("%s runs %q", path, words(script))
			}
		}
		if len(p.find("img")) > 0 {
			t.Errorf("%s holds an image", path)
		}
	}
}

// Opening an identity needs a reason, goes on record, and the petitioner reads it.
func TestIdentityIsOpenedOnRecord(t *testing.T) {
	s := newSite(t)
	team := s.team("dispatch", "audit", "supervise")
	form := team["dispatch"].get("/desk/register")
	p := team["dispatch"].post("/desk/register", form.fields("/desk/register", "title", "路灯坏了", "demands.0", "修好", "place", "330112104",
		"petitioners.0.name", "陈玉兰", "petitioners.0.phone", "13000000000", "looked", "yes")...)
	number := regexp.MustCompile(`330112-\d{4}-\d{7}`).FindString(words(p.root))
	code, pin := p.text(".query-code"), p.text("#pin")
	page := team["dispatch"].get("/desk/matters/" + number)
	if strings.Contains(page.body, "陈玉兰") || strings.Contains(page.body, "13000000000") || !strings.Contains(page.body, "陈**") {
		t.Error("the identity is not masked")
	}
	path := "/desk/matters/" + number + "/identity"
	refused := team["dispatch"].post(path, "submission", number, "n", "0", "words.0", "")
	refused.want(http.StatusUnprocessableEntity, path)
	if strings.Contains(refused.body, "陈玉兰") {
		t.Error("it is opened without a reason")
	}
	team["dispatch"].post(path, "submission", number, "n", "0", "reason.0", "contact", "words.0", "约时间看现场").want(http.StatusOK, path, "陈玉兰", "13000000000", "已经写入记录")
	if again := team["dispatch"].get("/desk/matters/" + number); strings.Contains(again.body, "陈玉兰") {
		t.Error("it stays open")
	}
	team["supervise"].get("/desk/looks").want(http.StatusOK, "/desk/looks", number, "约时间看现场", "人员dispatch")
	if log := team["supervise"].get("/desk/looks"); strings.Contains(log.body, "陈玉兰") {
		t.Error("the record of openings names the petitioner")
	}
	citizen := s.browser()
	if p := citizen.post("/track", "code", code, "pin", pin); p.path != "/my" {
		t.Fatalf("%s at %s: %s", pin, p.path, words(p.root))
	}
	citizen.get("/my/looks").want(http.StatusOK, "/my/looks", "约时间看现场", "联系信访人")
}
