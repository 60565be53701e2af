package usecase

import (
	"context"
	"crypto/hmac"
	"encoding/base32"
	"encoding/binary"
	"math"
	"strconv"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/vault"
)

// The link of a notice is the address of the site, LinkPath and a token. The token names the notice by home and id, behind which stands a part of a keyed
// hash, so that nobody makes one up or goes from one to the next. It points and opens nothing: what opens is the PIN.
const (
	LinkPath = "/go/"

	// LinkDays is how long a link leads somewhere: as long as the time for review, the longest within which what a notice tells must be acted on. A
	// message that lies on a telephone for longer, perhaps with its next owner, leads to the common door.
	LinkDays = 30

	// linkSum is how many bytes of the hash stand in a token. The limits on guessing aside, one in 2^64 tokens made up is a right one, and it still opens nothing.
	linkSum = 8
	// maxToken is more characters than any token has: two numbers of at most ten bytes, and the hash.
	maxToken = 45
	// linkLabel keeps these hashes apart from all others under the same key.
	linkLabel = "notice link"
)

// linkLetters are those of query codes, in lower case, which are short to type in a telephone. None of them ends a link where a telephone looks for one.
func linkLetters() *base32.Encoding {
	return base32.NewEncoding(strings.ToLower(codeAlphabet)).WithPadding(base32.NoPadding)
}

// linkToken writes home, id and hash as a token.
func linkToken(home, id int64, sum []byte) string {
	b := binary.AppendUvarint(nil, uint64(home)) //nolint:gosec // a division code is positive
	b = binary.AppendUvarint(b, uint64(id))      //nolint:gosec // an id is positive
	return linkLetters().EncodeToString(append(b, sum[:linkSum]...))
}

// readToken reads a token as it stands in a link. There is one way to write each, so that no two tokens name the same notice.
func readToken(token string) (home, id int64, sum []byte, ok bool) {
	if len(token) > maxToken {
		return 0, 0, nil, false
	}
	b, err := linkLetters().DecodeString(token)
	if err != nil {
		return 0, 0, nil, false
	}
	h, n := binary.Uvarint(b)
	if n <= 0 {
		return 0, 0, nil, false
	}
	i, k := binary.Uvarint(b[n:])
	if k <= 0 || len(b)-n-k != linkSum || h > math.MaxInt64 || i > math.MaxInt64 {
		return 0, 0, nil, false
	}
	home, id, sum = int64(h), int64(i), b[n+k:]
	return home, id, sum, linkToken(home, id, sum) == token
}

func linkParts(home, id int64) []string {
	return []string{linkLabel, strconv.FormatInt(home, 10), strconv.FormatInt(id, 10)}
}

// linkTo returns the link of a notice, or nothing where the office has set no address.
func (o *Office) linkTo(n store.NoticeRow) (string, error) {
	address := o.notices.Load().Address
	if address == "" {
		return "", nil
	}
	sum, err := o.Vault.Hash(vault.Session, linkParts(n.Matter.Home, n.ID)...)
	if err != nil {
		return "", err
	}
	return address + LinkPath + linkToken(n.Matter.Home, n.ID, sum), nil
}

// Linked is what the link of a notice leads to. Code is for the comparison with the PIN and the limit on guessing, and is shown to nobody.
type Linked struct {
	Key    string // of the notice, as the gateway knows it
	Code   string // query code of its submission
	Kind   string // of what happened
	Matter matter.Ref
	Event  int // number of what happened in its matter; zero for what is no event
}

// Serves is by what notice whoever comes in by the link is served with what they confirm: this one, if it told them of a document to be received, and none
// if it told of something else.
func (l Linked) Serves() string {
	switch l.Kind {
	case matter.KindOf(matter.DocumentReady{}), matter.KindOf(matter.OpinionIssued{}), matter.KindOf(matter.Replied{}), matter.KindOf(matter.ReviewIssued{}):
		return l.Key
	}
	return ""
}

// FollowLink finds what a token leads to and changes nothing. A wrong token, one of a notice that is too old and one that names none are errs.NotFound alike.
func (o *Office) FollowLink(ctx context.Context, token string) (Linked, error) {
	gone := errs.E(errs.NotFound, "notice.link.gone", "days", LinkDays)
	home, id, sum, ok := readToken(token)
	if !ok {
		return Linked{}, gone
	}
	sums, err := o.Vault.Hashes(vault.Session, linkParts(home, id)...)
	if err != nil {
		return Linked{}, err
	}
	ours := false
	for _, s := range sums {
		ours = hmac.Equal(s[:linkSum], sum) || ours
	}
	if !ours {
		return Linked{}, gone
	}
	var out Linked
	err = o.Store.Read(ctx, func(t *store.Tx) error {
		n, err := t.Notice(ctx, home, id)
		if err != nil {
			return err
		}
		if n.Channel == store.ChannelApp || n.Submission == 0 || n.Sealed || n.MadeUS+LinkDays*dayUS <= o.Now() {
			return gone
		}
		s, err := t.Submission(ctx, matter.Ref{Home: home, N: n.Submission})
		if err != nil {
			return err
		}
		out = Linked{Key: noticeKey(n), Code: s.Code, Kind: n.Kind, Matter: n.Matter}
		if number, ok := strings.CutPrefix(n.Cause, eventCause); ok {
			out.Event, err = strconv.Atoi(number)
		}
		return err
	})
	if errs.KindOf(err) == errs.NotFound {
		return Linked{}, gone
	}
	return out, err
}

// LinkedPaper is the petitioner's own copy of the document that came of what a notice tells; false for none.
func (o *Office) LinkedPaper(ctx context.Context, who org.Actor, l Linked) (OwnPaper, bool, error) {
	papers, err := o.OwnPapers(ctx, who)
	for _, p := range papers {
		if l.Event != 0 && p.Ref == l.Matter && p.Paper.Event == l.Event {
			return p, true, err
		}
	}
	return OwnPaper{}, false, err
}

// SendsLinks reports whether what the petitioners of a matter are sent ends with a link: where an address is set, and never about an accusation, which is
// not to be told from who writes.
func (o *Office) SendsLinks(m *matter.Matter) bool {
	return o.notices.Load().Address != "" && !m.Sealed
}

// reachedByLink refuses service by the link on a petitioner who does not get one: nobody is served by a message that is not sent.
func (o *Office) reachedByLink(ctx context.Context, t *store.Tx, m *matter.Matter, own matter.Ref, method matter.ServiceMethod) error {
	if method != matter.ServedByLink {
		return nil
	}
	refuse := func(code string) error { return errs.Fields([]errs.Field{errs.F("method", code)}) }
	s, ok := m.Submission(own)
	switch {
	case o.notices.Load().Address == "":
		return refuse("serve.link.no_address")
	case m.Sealed:
		return refuse("serve.link.sealed")
	case !ok:
		return nil // the step itself says so
	}
	sms, mail := o.NoticeWays()
	wish := o.wish(s, m.Sealed)
	if !wish.SMS && !wish.Mail {
		return refuse("serve.link.unwanted")
	}
	to, err := o.contactOf(ctx, t, own, m.Sealed)
	if err != nil {
		return err
	}
	if (!wish.SMS || !sms || to.phone == "") && (!wish.Mail || !mail || to.email == "") {
		return refuse("serve.link.unreached")
	}
	return nil
}
