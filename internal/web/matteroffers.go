package web

import (
	"slices"

	"huiyin/internal/i18n"
	"huiyin/internal/matter"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// leading are the steps in the order in which they suggest themselves.
func leading() []matter.Act {
	return []matter.Act{
		matter.ActSign, matter.ActNotify, matter.ActReply, matter.ActAccept, matter.ActIssue, matter.ActComplete, matter.ActServe, matter.ActEase, matter.ActDraft,
		matter.ActDecideDispute, matter.ActUpholdObjection, matter.ActDecideRecusal, matter.ActTakeReview, matter.ActServeReview, matter.ActIssueReview,
		matter.ActConcludeHearing, matter.ActDraftReview, matter.ActSignPart, matter.ActAnswerPart, matter.ActReceiveReport, matter.ActAnswerPress,
		matter.ActAnswerAdvice, matter.ActForward, matter.ActScreen, matter.ActFollowUp, matter.ActUrge,
	}
}

// actKey is the letter that leads to a step from the matter's page.
func actKey(a matter.Act) string {
	switch a {
	case matter.ActSign:
		return "s"
	case matter.ActScreen:
		return "z"
	case matter.ActServe:
		return "d"
	case matter.ActComplete:
		return "c"
	case matter.ActForward:
		return "t"
	case matter.ActNotify:
		return "g"
	case matter.ActAccept:
		return "a"
	case matter.ActDraft, matter.ActReply:
		return "r"
	case matter.ActRecord:
		return "l"
	case matter.ActExtend:
		return "e"
	case matter.ActUrge:
		return "u"
	case matter.ActIssue:
		return "i"
	}
	return ""
}

// dangerous reports whether a step ends something for the petitioner or undoes what was done, so that its page asks plainly.
func dangerous(a matter.Act) bool {
	switch a {
	case matter.ActDecline, matter.ActDeclineFinal, matter.ActWithdraw, matter.ActRedo, matter.ActRevokeExtension, matter.ActDeclineReview, matter.ActWithdrawReview, matter.ActCancelHearing:
		return true
	}
	return false
}

// offers are the steps that can be taken now, the one that suggests itself first.
func offers(t *i18n.Speaker, m usecase.MatterView) []ui.ButtonProps {
	now := slices.Clone(m.Now)
	order := leading()
	rank := func(o matter.Offer) int {
		if dangerous(o.Act) {
			return 2 * len(order)
		}
		if i := slices.Index(order, o.Act); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(now, func(a, b matter.Offer) int { return rank(a) - rank(b) })
	var out []ui.ButtonProps
	for i, o := range now {
		b := ui.ButtonProps{Text: t.T("act." + string(o.Act) + ".name"), Href: actPath(m.Matter.Ref, o.Act), Key: actKey(o.Act)}
		switch {
		case dangerous(o.Act):
			b.Look = ui.Danger
		case i == 0 && slices.Contains(order, o.Act):
			b.Look = ui.Main
		}
		out = append(out, b)
	}
	return out
}

// refusals say why other steps are not offered.
func refusals(t *i18n.Speaker, not []matter.Offer) []ui.Refusal {
	var out []ui.Refusal
	for _, o := range not {
		out = append(out, ui.Refusal{Act: t.T("act." + string(o.Act) + ".name"), Why: t.Err(o.Refusal)})
	}
	return out
}
