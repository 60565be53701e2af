package usecase

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/proof"
	"huiyin/internal/store"
	"huiyin/internal/vault"
)

// Receipt is what the person takes away. The PIN is shown here and never again.
type Receipt struct {
	Ref        matter.Ref  `json:"ref"`
	Code       string      `json:"code"`
	PIN        string      `json:"pin"`
	Title      string      `json:"title"`
	Demands    []string    `json:"demands"`
	Received   law.Day     `json:"received"`
	AtUS       int64       `json:"at_us"`
	Unit       org.UnitID  `json:"unit"`
	NoticeBy   law.Day     `json:"notice_by"` // legal end of D01 or D02
	NoticeRule law.RuleID  `json:"notice_rule"`
	Link       string      `json:"link"` // of the registration in the matter's chain, by which anyone can check it
	Persons    int         `json:"persons"`
	Kind       matter.Kind `json:"kind"`
	Repeat     bool        `json:"repeat"` // the sender's number was there before: nothing was added
	Matter     matter.Ref  `json:"matter"`
}

// Register takes a submission in, by whatever door, and opens a matter with it. A citizen files with the zero actor over the web; staff and
// machines register at their unit. Key makes it safe to send twice. With a sender's number that was there before, the receipt says so and nothing is
// added; what a machine calls its sender is a name within its key.
func (o *Office) Register(ctx context.Context, who org.Actor, in matter.Intake, key string) (_ Receipt, err error) {
	ctx, end := o.step(ctx, "use.register")
	defer func() { end(err) }()
	in = in.Clean()
	unit, fields := o.CheckIntake(who, in)
	if err := errs.Fields(fields); err != nil {
		return Receipt{}, err
	}
	if err := mayRegister(who, in.Channel); err != nil {
		return Receipt{}, err
	}
	if who.Kind == org.ActorMachine && in.SenderNumber != "" {
		in.Sender = keysSender(who, in.Sender)
	}
	home := HomeOf(unit.Place)
	asked, err := newOnceKey(key, who.User, who.Key, in)
	if err != nil {
		return Receipt{}, err
	}
	advised := o.advisedIntake(who, in)
	var receipt Receipt
	err = untilFree(func() error {
		code, pin, err := o.newAccess(home)
		if err != nil {
			return err
		}
		return o.once(ctx, home, asked, &receipt, func(t *store.Tx) error {
			if in.SenderNumber != "" {
				if was, found, err := t.SubmissionBySender(ctx, home, in.Sender, in.SenderNumber); err != nil || found {
					receipt = Receipt{Ref: was.Ref, Matter: was.Matter, Code: was.Code, Received: was.Received, Unit: was.Unit, Repeat: true}
					return err
				}
			}
			var err error
			if receipt, err = o.register(ctx, t, who, in, unit, code, pin); err != nil {
				return err
			}
			return keepAdvice(ctx, t, &matter.Matter{Ref: receipt.Matter, Version: 1}, advised)
		})
	})
	return receipt, err
}

// keysSender is what a machine calls its sender, as a name within its key: each counts for itself, and the numbers of another are not there for it.
func keysSender(who org.Actor, sender string) string { return who.Key + "/" + sender }

// CheckIntake returns everything for which Register would refuse an intake of this actor, and who would receive it; the zero unit when that
// cannot be said yet. It writes nothing: a form asks it while it is being filled in.
func (o *Office) CheckIntake(who org.Actor, in matter.Intake) (org.Unit, []errs.Field) {
	today := o.Today()
	in = in.Clean()
	unit, bad := o.receiver(who, in, today) // for an import the unit that has the powers now takes over what it took in then
	return unit, slices.Concat(in.Check(today, o.lawAt(unit, in, today)), o.checkIdentity(who, in), bad)
}

// lawAt is the law by which an intake is checked, that of the receiving unit's place on the day of receipt. Where none can be found the bounds of the
// domain hold, and registering says what is missing.
func (o *Office) lawAt(unit org.Unit, in matter.Intake, today law.Day) law.RuleSet {
	received := today
	if in.ReceivedUS != 0 {
		received = law.DayOf(in.ReceivedUS)
	}
	set, err := o.Law(jurisdiction(HomeOf(unit.Place)), received)
	if err != nil {
		return law.RuleSet{}
	}
	return set
}

// newAccess makes what opens a submission of a home: its query code and its PIN.
func (o *Office) newAccess(home int64) (code, pin string, err error) {
	if code, err = newCode(o.Random, home); err != nil {
		return "", "", err
	}
	pin, err = newPIN(o.Random)
	return code, pin, err
}

// untilFree does what registers submissions under new query codes, and does it again with others where one turns out to be taken: with a million submissions in
// a home that is one in some thirty thousand.
func untilFree(do func() error) error {
	const tries = 3
	for try := 1; ; try++ {
		if err := do(); errs.CodeOf(err) != codeTaken || try == tries {
			return err
		}
	}
}

// codeTaken is the code of the error of a query code that another submission has.
const codeTaken = "code.taken"

// mayRegister checks the title to register by a channel.
func mayRegister(who org.Actor, channel matter.Channel) error {
	switch who.Kind {
	case org.ActorNobody:
		if channel != matter.ChannelWeb {
			return errs.E(errs.Unauthenticated, "auth.sign_in")
		}
		return nil
	case org.ActorMachine:
		return granted(who, "register")
	case org.ActorSystem:
		return nil
	case org.ActorStaff, org.ActorPetitioner:
	}
	return need(who, org.RoleRegistrar, org.RoleHandler, org.RoleDiscipline)
}

// checkIdentity checks what only the gazetteer can: identity numbers, telephones, the place. A citizen on the web gives a name and a way to be
// reached, except with an accusation, which may be anonymous.
func (o *Office) checkIdentity(who org.Actor, in matter.Intake) []errs.Field {
	var out []errs.Field
	for i, p := range in.Petitioners {
		at := "petitioners." + strconv.Itoa(i) + "."
		out = append(out, fieldOf(at+"id_number", p.IDNumber, gazetteer.CheckIDNumber)...)
		out = append(out, fieldOf(at+"phone", p.Phone, gazetteer.CheckPhone)...)
		out = append(out, fieldOf(at+"email", p.Email, checkEmail)...)
	}
	if who.Kind == org.ActorNobody && in.Kind != matter.KindAccusation {
		if len(in.Petitioners) == 0 {
			out = append(out, errs.F("petitioners.0.name", "intake.name"))
		} else if p := in.Petitioners[0]; p.Phone == "" && p.Address == "" {
			out = append(out, errs.F("petitioners.0.phone", "intake.contact"))
		}
	}
	if who.Kind == org.ActorNobody {
		// Who files in the open says neither when it was received, which starts the clocks, nor under whose number it comes, which would
		// tell what another system has sent.
		if in.ReceivedUS != 0 {
			out = append(out, errs.F("received", "intake.not_yours"))
		}
		if in.Sender != "" || in.SenderNumber != "" {
			out = append(out, errs.F("sender", "intake.not_yours"))
		}
	}
	out = append(out, checkWish(in)...)
	if in.Place > 0 {
		if _, ok := o.Places.Place(in.Place); !ok {
			out = append(out, errs.F("place", "intake.place_unknown"))
		}
	}
	return out
}

// checkWish wants an address for each way by which the first person wants to be told.
func checkWish(in matter.Intake) []errs.Field {
	if in.Wish == nil {
		return nil
	}
	var out []errs.Field
	phone := slices.ContainsFunc(in.Petitioners, func(p matter.Petitioner) bool { return mobile(gazetteer.NormalizePhone(p.Phone)) })
	if in.Wish.SMS && !phone {
		out = append(out, errs.F("wish.sms", "notice.no_phone"))
	}
	if in.Wish.Mail && !slices.ContainsFunc(in.Petitioners, func(p matter.Petitioner) bool { return p.Email != "" }) {
		out = append(out, errs.F("petitioners.0.email", "field.required"))
	}
	if in.Wish.Lang != "" && !slices.Contains(matter.Langs(), in.Wish.Lang) {
		out = append(out, errs.F("wish.lang", "field.choice"))
	}
	return out
}

// fieldOf turns a check's error into the field's.
func fieldOf(path, value string, check func(string) error) []errs.Field {
	if value == "" {
		return nil
	}
	var e *errs.Error
	if err := check(value); !errors.As(err, &e) {
		return nil
	}
	return []errs.Field{{Path: path, Code: e.Code, Args: e.Args}}
}

// receiver is the unit that takes it in: the actor's own; for a citizen the petition department of the place. An accusation goes to the
// discipline organ at once, and never to a body it is about.
func (o *Office) receiver(who org.Actor, in matter.Intake, today law.Day) (org.Unit, []errs.Field) {
	chart := o.Chart()
	if in.Kind == matter.KindAccusation {
		if u, ok := o.nearest(in.Place, today, func(u org.Unit) bool {
			return u.Kind == org.KindDiscipline && !matter.Accuses(in.Accused, u.ID, chart)
		}); ok {
			return u, nil
		}
		return org.Unit{}, []errs.Field{errs.F("kind", "intake.no_discipline")}
	}
	if who.Duty.Unit != 0 {
		if u, ok := chart.Unit(who.Duty.Unit); ok && u.Alive(today) {
			return u, nil
		}
		return org.Unit{}, []errs.Field{errs.F("unit", "unit.gone")}
	}
	if u, ok := o.nearest(in.Place, today, func(u org.Unit) bool { return u.Kind == org.KindBureau }); ok {
		return u, nil
	}
	return org.Unit{}, []errs.Field{errs.F("place", "intake.place_outside")}
}

// nearest finds the first living unit that fits at the place or, going up, at the places above it.
func (o *Office) nearest(place int64, today law.Day, fits func(org.Unit) bool) (org.Unit, bool) {
	for place != 0 {
		if u, ok := o.Chart().First(func(u org.Unit) bool { return u.Place == place && u.Alive(today) && fits(u) }); ok {
			return u, true
		}
		place = gazetteer.ParentCode(place)
	}
	return org.Unit{}, false
}

// register writes a checked intake: the matter with its first event, the submission, its people, its files.
func (o *Office) register(ctx context.Context, t *store.Tx, who org.Actor, in matter.Intake, unit org.Unit, code, pin string) (Receipt, error) {
	now := o.Now()
	today := law.DayOf(now)
	received := today
	if in.ReceivedUS != 0 {
		received = law.DayOf(in.ReceivedUS)
	}
	home := HomeOf(unit.Place)
	set, err := o.Law(jurisdiction(home), received)
	if err != nil {
		return Receipt{}, fmt.Errorf("rules: %w", err)
	}
	year, _, _ := today.Date()
	n, err := t.NextSerial(ctx, home, "submission/"+strconv.Itoa(year))
	if err != nil {
		return Receipt{}, err
	}
	ref := matter.NewRef(home, year, n)
	env := matter.Env{Actor: who, NowUS: now, Today: today}
	events := matter.Register(in, matter.Receipt{Ref: ref, Unit: unit, RuleSet: set.ID()}, env)
	if err := o.issue(ctx, t, who, history{rules: matter.Rules{Set: set, Calendar: o.Calendar()}}, matter.Fold(nil), nil, events); err != nil {
		return Receipt{}, err
	}
	h, err := o.record(ctx, t, history{sealed: in.Kind == matter.KindAccusation}, events)
	if err != nil {
		return Receipt{}, err
	}
	hash, err := o.Vault.Hash(vault.PIN, code, pin)
	if err != nil {
		return Receipt{}, err
	}
	s := h.matter.Submissions[0]
	if err := t.InsertSubmission(ctx, store.SubmissionRow{
		Ref: ref, Matter: ref, Code: code, PIN: hash, Channel: in.Channel, Unit: unit.ID, Received: received, RegisteredUS: now, Persons: in.Persons,
		Group: s.Group(), Sealed: h.sealed, Sender: in.Sender, SenderNumber: in.SenderNumber,
	}); errs.KindOf(err) == errs.Conflict {
		return Receipt{}, errs.E(errs.Conflict, codeTaken).Because(err)
	} else if err != nil {
		return Receipt{}, err
	}
	for i, p := range in.Petitioners {
		if err := o.saveParty(ctx, t, ref, i+1, p, h.sealed); err != nil {
			return Receipt{}, err
		}
	}
	if !h.sealed { // found from now on by what was said; by all else as soon as it is indexed anew
		if err := t.IndexMatter(ref, hiderOf(in.Petitioners).Hide(strings.Join(said(h.matter), "\n"))); err != nil {
			return Receipt{}, err
		}
	}
	if len(in.Attachments) > 0 {
		claimed, err := t.ClaimAttachments(ctx, ref, ref, in.Attachments)
		if err != nil {
			return Receipt{}, err
		}
		if claimed != int64(len(in.Attachments)) {
			return Receipt{}, errs.Fields([]errs.Field{errs.F("attachments", "upload.gone")})
		}
	}
	r := Receipt{
		Ref: ref, Matter: ref, Code: code, PIN: pin, Title: s.Title, Demands: s.Demands, Received: received, AtUS: now, Unit: unit.ID, Link: h.last.String(),
		Persons: in.Persons, Kind: h.matter.Kind,
	}
	if due, ok := matter.Next(h.clocks, received); ok {
		r.NoticeBy, r.NoticeRule = due.Legal, due.Rule
	}
	return r, nil
}

// saveParty encrypts one person's identity and writes it with the keyed hash of the number. The sealed compartment has its own key and no hash:
// nobody can be found through it.
func (o *Office) saveParty(ctx context.Context, t *store.Tx, ref matter.Ref, n int, p matter.Petitioner, sealed bool) error {
	p.IDNumber, p.Phone = gazetteer.NormalizeIDNumber(p.IDNumber), gazetteer.NormalizePhone(p.Phone)
	plain, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("encode identity: %w", err)
	}
	hash := []byte{}
	if !sealed && p.IDNumber != "" {
		if hash, err = o.Vault.Hash(vault.Lookup, p.IDNumber); err != nil {
			return err
		}
	}
	body, err := o.Vault.Seal(identityKey(sealed), plain, partyPlace(ref, n))
	if err != nil {
		return err
	}
	return t.InsertParty(ctx, store.PartyRow{Submission: ref, N: n, Role: p.Role, IDHash: hash, Body: body})
}

// identityKey is the purpose of the key under which an identity lies: the sealed compartment has its own.
func identityKey(sealed bool) vault.Purpose {
	if sealed {
		return vault.Sealed
	}
	return vault.Identity
}

// partyPlace binds an encrypted identity to where it belongs.
func partyPlace(ref matter.Ref, n int) []byte {
	return vault.Place(ref.Home, ref.N, "party/"+strconv.Itoa(n))
}

// openParty decrypts one person's identity. Only masking views and recorded openings call it.
func (o *Office) openParty(p store.PartyRow, sealed bool) (matter.Petitioner, error) {
	plain, err := o.Vault.Open(identityKey(sealed), p.Body, partyPlace(p.Submission, p.N))
	if err != nil {
		return matter.Petitioner{}, fmt.Errorf("submission %s person %d: %w", p.Submission, p.N, err)
	}
	var out matter.Petitioner
	if err := json.Unmarshal(plain, &out); err != nil {
		return matter.Petitioner{}, fmt.Errorf("submission %s person %d: %w", p.Submission, p.N, err)
	}
	return out, nil
}

// OpenByCode gives the actor of a submission to who knows its code and PIN. Whether the code exists cannot be learnt: the
// work and the answer are the same for an unknown code and a wrong PIN. The caller limits the attempts.
func (o *Office) OpenByCode(ctx context.Context, code, pin string) (org.Actor, error) {
	code, home, err := parseCode(code)
	if err != nil {
		return org.Actor{}, err
	}
	wrong := errs.E(errs.Unauthenticated, "code.wrong")
	sum := make([]byte, len(proof.Link{}))
	var s store.SubmissionRow
	found := true
	err = o.Store.Read(ctx, func(t *store.Tx) error {
		var err error
		if s, err = t.SubmissionByCode(ctx, home, code); errs.KindOf(err) == errs.NotFound {
			found = false
			return nil
		}
		return err
	})
	if err != nil {
		return org.Actor{}, err
	}
	if found {
		sum = s.PIN
	}
	ok, err := o.Vault.Matches(vault.PIN, sum, code, pin)
	if err != nil {
		return org.Actor{}, err
	}
	if !ok || !found {
		return org.Actor{}, wrong
	}
	return org.Actor{Kind: org.ActorPetitioner, Home: s.Ref.Home, Submission: s.Ref.N}, nil
}
