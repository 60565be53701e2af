package api

import (
	"context"
	"net/http"

	"huiyin/internal/matter"
	"huiyin/internal/usecase"
)

type (
	remindersOutput struct {
		Body struct {
			Reminders []reminderBody `json:"reminders" doc:"One for each period under which clocks run"`
		} `nameHint:"ReminderList"`
	}
	reminderBody struct {
		Rule    string        `json:"rule" example:"D05"`
		Now     thresholdBody `json:"now" doc:"In force"`
		Shipped thresholdBody `json:"shipped" doc:"As the program ships it"`
		Own     bool          `json:"own" doc:"The office has changed it"`
	}
	thresholdBody struct {
		Unsigned int  `json:"unsigned" doc:"Working days after it was sent that a unit has not signed for it; 0 for never, as with all of these"`
		Soon     int  `json:"soon" doc:"Days before the end: of a duty the safe one, of a right the legal one"`
		Last     bool `json:"last" doc:"On that end"`
		Late     bool `json:"late" doc:"On the day after the legal end"`
		Up       int  `json:"up" doc:"Working days late after which the next higher organ is told, and after as many again the one above it"`
	}
)

// reminders is when something is told of the clocks.
func (a *API) reminders() {
	add(a, operation{
		id: "list_reminders", method: http.MethodGet, path: "/reminders", tag: tagOrganisation, text: "api.op.reminders", about: "api.op.reminders.about", grant: grantRead,
	}, a.listReminders)
}

func (a *API) listReminders(ctx context.Context, _ *struct{}) (*remindersOutput, error) {
	all, err := a.Office.Thresholds(callerOf(ctx).who)
	if err != nil {
		return nil, err
	}
	var out remindersOutput
	out.Body.Reminders = list(all, func(v usecase.ThresholdView) reminderBody {
		return reminderBody{Rule: string(v.Rule), Now: thresholdOf(v.Now), Shipped: thresholdOf(v.Shipped), Own: v.Own}
	})
	return &out, nil
}

func thresholdOf(h matter.Threshold) thresholdBody { return thresholdBody(h) }
