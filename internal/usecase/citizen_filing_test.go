package usecase_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

func webIntake() matter.Intake {
	return matter.Intake{
		Channel: matter.ChannelWeb, Title: "水渠被压塌", Demands: []string{"修好"}, Place: 330112104201,
		Petitioners: []matter.Petitioner{{Name: "张三", Phone: "0571-00000001"}},
	}
}

// What CheckIntake says is what Register does.
func TestCheckIntakeIsWhatRegisterSays(t *testing.T) {
	o := newOffice(t)
	for name, row := range map[string]struct {
		change func(*matter.Intake)
		unit   org.UnitID
	}{
		"whole":            {func(*matter.Intake) {}, unitBureau},
		"accusation":       {func(in *matter.Intake) { in.Kind, in.Petitioners = matter.KindAccusation, nil }, unitDiscipline},
		"the only accused": {func(in *matter.Intake) { in.Kind, in.Accused = matter.KindAccusation, []org.UnitID{unitDiscipline} }, 0},
		"no name":          {func(in *matter.Intake) { in.Petitioners = nil }, unitBureau},
		"no way":           {func(in *matter.Intake) { in.Petitioners[0].Phone = "" }, unitBureau},
		"nothing":          {func(in *matter.Intake) { *in = matter.Intake{Channel: matter.ChannelWeb} }, 0},
		"elsewhere":        {func(in *matter.Intake) { in.Place = 110101 }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			in := webIntake()
			row.change(&in)
			unit, said := o.CheckIntake(org.Actor{}, in)
			if unit.ID != row.unit {
				t.Errorf("unit %d would receive it, want %d", unit.ID, row.unit)
			}
			receipt, err := o.Register(t.Context(), org.Actor{}, in, "")
			var refused *errs.Error
			switch {
			case err == nil && receipt.Unit != unit.ID:
				t.Errorf("unit %d received it", receipt.Unit)
			case err != nil && !errors.As(err, &refused):
				t.Fatal(err)
			case err != nil:
				if diff := cmp.Diff(refused.Fields, said); diff != "" {
					t.Error(diff)
				}
			}
			if (err == nil) != (len(said) == 0) {
				t.Errorf("said %v, did %v", said, err)
			}
		})
	}
}

func TestMoveUpload(t *testing.T) {
	o := newOffice(t)
	row, err := o.Attach(t.Context(), org.Actor{}, 330110, usecase.Upload{Name: "水渠.png", Mime: "image/png", Content: []byte("picture")})
	if err != nil {
		t.Fatal(err)
	}
	moved, err := o.MoveUpload(t.Context(), row.Home, row.ID, 330112)
	if err != nil {
		t.Fatal(err)
	}
	in := webIntake()
	in.Attachments = []string{moved.ID}
	receipt, err := o.Register(t.Context(), org.Actor{}, in, "")
	if err != nil {
		t.Fatal(err)
	}
	own := org.Actor{Kind: org.ActorPetitioner, Home: receipt.Ref.Home, Submission: receipt.Ref.N}
	if got, content, err := o.Attachment(t.Context(), own, receipt.Matter, moved.ID); err != nil || string(contentOf(t, content)) != "picture" || got.Name != "水渠.png" {
		t.Errorf("%+v %v", got, err)
	}
	if _, err := o.MoveUpload(t.Context(), 330112, moved.ID, 330110); errs.KindOf(err) != errs.NotFound {
		t.Errorf("a claimed upload was moved: %v", err)
	}
	if _, err := o.MoveUpload(t.Context(), 330112, "00", 330110); errs.KindOf(err) != errs.NotFound {
		t.Errorf("an unknown upload was moved: %v", err)
	}
}

func TestWindowsAreThoseThatCanBeCalled(t *testing.T) {
	o := newOffice(t)
	if got := o.Windows(9); len(got) != 0 {
		t.Errorf("without a telephone: %v", got)
	}
}

func TestParseCode(t *testing.T) {
	o := newOffice(t)
	receipt, err := o.Register(t.Context(), org.Actor{}, webIntake(), "")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := usecase.ParseCode(" " + usecase.FormatCode(receipt.Code) + " "); err != nil || got != receipt.Code {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := usecase.ParseCode(receipt.Code[1:]); errs.KindOf(err) != errs.Invalid {
		t.Errorf("half a code: %v", err)
	}
}
