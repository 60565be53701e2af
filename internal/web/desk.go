package web

import (
	"net/http"
	"strconv"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// deskRoutes adds the pages of the staff.
func (s *Site) deskRoutes(mux *http.ServeMux) {
	for pattern, h := range map[string]func(http.ResponseWriter, *http.Request, *visit) error{
		"GET /setup":          s.setupForm,
		"POST /setup":         s.setup,
		"GET /desk/sign-in":   s.signInForm,
		"POST /desk/sign-in":  s.signIn,
		"POST /desk/sign-out": s.signOut,
		"GET /desk/password":  s.passwordForm,
		"POST /desk/password": s.changePassword,
	} {
		mux.Handle(pattern, s.page(h))
	}
	for pattern, h := range map[string]func(http.ResponseWriter, *http.Request, *visit) error{
		"GET /desk":                            s.worklist,
		"GET " + findAt:                        s.find,
		"GET " + savedAt + "/new":              s.savedNew,
		"POST " + savedAt:                      s.saveNew,
		"GET " + savedAt + "/{id}":             s.savedForm,
		"POST " + savedAt + "/{id}":            s.saveChanged,
		"GET /desk/suggest/{kind}":             s.deskSuggest,
		"GET /desk/duty":                       s.duties,
		"POST /desk/duty":                      s.switchDuty,
		"GET /desk/register":                   s.registerForm,
		"POST /desk/register":                  s.register,
		"POST " + adviceAt:                     s.registerAdvice,
		"GET " + adminAdviceAt:                 s.adminAdvice,
		"POST " + adminAdviceAt:                s.adminAdviceSave,
		"POST " + adminAdviceAt + "/learn":     s.adminAdviceLearn,
		"GET " + confusedAt:                    s.adminConfused,
		"GET /desk/receipt/{token}":            s.deskReceipt,
		"POST " + exportAt:                     s.export,
		"GET " + jobsAt:                        s.jobs,
		"POST " + jobsAt + "/{home}/{id}/stop": s.jobStop,
		"GET " + jobsAt + "/{home}/{id}/file":  s.jobFile,
		"GET /desk/looks":                      s.looks,
		"GET " + inboxAt:                       s.inbox,
		"POST " + inboxAt + "/read":            s.inboxRead,
		"POST " + inboxAt + "/{home}/{id}":     s.inboxOpen,
		"GET /desk/matters/{ref}":              s.matterPage,
		"POST /desk/matters/{ref}/identity":    s.openIdentity,
		"GET /desk/matters/{ref}/link":         s.linkForm,
		"POST /desk/matters/{ref}/link":        s.link,
		"GET /desk/matters/{ref}/separate":     s.separateForm,
		"POST /desk/matters/{ref}/separate":    s.separate,
		"GET /desk/matters/{ref}/files/{id}":   s.matterFile,
		"GET /desk/matters/{ref}/guide":        s.deskGuide,
		"GET /desk/matters/{ref}/{act}":        s.actForm,
		"POST /desk/matters/{ref}/{act}":       s.act,
		"GET /desk/matters/{ref}/kin":          s.kin,
		"GET /desk/matters/{ref}/kin/{other}":  s.notKinForm,
		"POST /desk/matters/{ref}/kin/{other}": s.notKin,
		"GET " + issuesAt:                      s.issues,
		"GET " + issuesAt + "/{id}":            s.issue,
		"POST " + issuesAt + "/{id}":           s.decideIssue,
		"GET " + figuresAt:                     s.figures,
		"GET " + figuresAt + "/table/{format}": s.figuresTable,
		"GET " + figureListAt:                  s.figureList,
		"GET " + indicatorsAt:                  s.indicators,
		"GET " + placesAt:                      s.figuresTree,
		"GET " + reportsAt:                     s.reports,
		"POST " + reportsAt:                    s.reportMake,
		"POST " + reportsAt + "/schedule":      s.reportSchedule,

		"GET " + reportsAt + "/{home}/{id}":          s.report,
		"POST " + reportsAt + "/{home}/{id}":         s.reportNoteKeep,
		"GET " + reportsAt + "/{home}/{id}/{format}": s.reportFile,

		"GET " + assessmentAt:                   s.assessments,
		"POST " + assessmentAt:                  s.assessmentSaveNew,
		"GET " + assessmentAt + "/new":          s.assessmentNew,
		"GET " + assessmentAt + "/{id}":         s.assessmentPage,
		"POST " + assessmentAt + "/{id}":        s.assessmentDo,
		"GET " + assessmentAt + "/{id}/edit":    s.assessmentEdit,
		"POST " + assessmentAt + "/{id}/edit":   s.assessmentSave,
		"GET " + assessmentAt + "/{id}/table":   s.assessmentTable,
		"GET " + assessmentAt + "/{id}/{unit}":  s.assessmentSheet,
		"POST " + assessmentAt + "/{id}/{unit}": s.sheetDo,

		"GET /desk/matters/{ref}/papers/{n}":          s.paper,
		"POST /desk/matters/{ref}/papers/{n}":         s.openPaper,
		"GET /desk/matters/{ref}/papers/{n}/{format}": s.paperFile,
	} {
		mux.Handle(pattern, s.desk(h))
	}
	s.boardRoutes(mux)
}

// matterPath is where a matter's page is.
func matterPath(ref matter.Ref) string { return "/desk/matters/" + ref.String() }

// actPath is where a step on a matter is taken.
func actPath(ref matter.Ref, a matter.Act) string {
	switch a {
	case matter.ActJoin:
		return matterPath(ref) + "/link"
	case matter.ActSeparate:
		return matterPath(ref) + "/separate"
	}
	return matterPath(ref) + "/" + string(a)
}

// refIn is the matter a path names. What is no number is a matter that is not there.
func refIn(r *http.Request) (matter.Ref, error) {
	ref, err := matter.ParseRef(r.PathValue("ref"))
	if err != nil {
		return matter.Ref{}, errs.E(errs.NotFound, "matter.not_found")
	}
	return ref, nil
}

// load is the matter a path names, as the visitor may see it.
func (s *Site) load(r *http.Request, v *visit) (usecase.MatterView, error) {
	ref, err := refIn(r)
	if err != nil {
		return usecase.MatterView{}, err
	}
	return s.Office.Matter(r.Context(), v.who, ref)
}

// options are the values of an enumeration as the choices of a field, spoken under a prefix.
func options[W ~string](say func(string, ...any) string, prefix string, values ...W) []ui.Option {
	out := make([]ui.Option, len(values))
	for i, v := range values {
		out[i] = ui.Option{Value: string(v), Text: say(prefix + "." + string(v))}
	}
	return out
}

// light is a light of the law as the parts draw it.
func light(l interface{ String() string }) ui.Light { return ui.Light(l.String()) }

// unitID reads a unit's id, zero for anything else.
func unitID(text string) org.UnitID {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return org.UnitID(n)
}
