package usecase

import (
	"math"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"huiyin/internal/errs"
	"huiyin/internal/store"
	"huiyin/internal/vault"
)

func linkVault(t testing.TB, seed byte) *vault.Keyring {
	t.Helper()
	chance := rand.NewChaCha8([32]byte{seed})
	text, err := vault.Generate(chance)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := vault.Parse(text, chance)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// A token reads back as what it was made of, is short, and is written in one way only: no change of a letter gives another token of the same notice.
func TestLinkTokenRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		home, id := rapid.Int64Range(0, math.MaxInt64).Draw(t, "home"), rapid.Int64Range(0, math.MaxInt64).Draw(t, "id")
		sum := rapid.SliceOfN(rapid.Byte(), linkSum, 32).Draw(t, "sum")
		token := linkToken(home, id, sum)
		h, i, got, ok := readToken(token)
		if !ok || h != home || i != id || string(got) != string(sum[:linkSum]) || len(token) > maxToken {
			t.Fatalf("%q reads as %d %d %x %t", token, h, i, got, ok)
		}
		at := rapid.IntRange(0, len(token)-1).Draw(t, "at")
		letter := rapid.SampledFrom([]byte("0123456789abcdefghjkmnpqrstvwxyzABCILOUilou-_")).Draw(t, "letter")
		changed := token[:at] + string(letter) + token[at+1:]
		h, i, got, ok = readToken(changed)
		if same := ok && h == home && i == id && string(got) == string(sum[:linkSum]); same != (changed == token) {
			t.Fatalf("%q and %q read the same", token, changed)
		}
	})
	if n := len(linkToken(330_112, 1_000_000, make([]byte, linkSum))); n > 24 {
		t.Errorf("a token has %d characters", n)
	}
}

func FuzzReadToken(f *testing.F) {
	f.Add("")
	f.Add(linkToken(330_112, 1, []byte("12345678")))
	f.Add(strings.Repeat("z", maxToken))
	f.Add(strings.Repeat("0", 14))
	f.Add("一")
	f.Fuzz(func(t *testing.T, token string) {
		home, id, sum, ok := readToken(token)
		if ok && (home < 0 || id < 0 || len(sum) != linkSum || linkToken(home, id, sum) != token) {
			t.Errorf("%q reads as %d %d %x", token, home, id, sum)
		}
	})
}

// A token of another office, with other keys, leads nowhere; it is found out before anything is looked up, as this office without a store shows.
func TestLinkOfAnotherOffice(t *testing.T) {
	row := store.NoticeRow{ID: 7}
	row.Matter.Home = 330_112
	here, there := &Office{Config: Config{Vault: linkVault(t, 1)}}, &Office{Config: Config{Vault: linkVault(t, 2)}}
	there.notices.Store(&NoticeSettings{Address: "https://xf.example.cn"})
	link, err := there.linkTo(row)
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^https://xf\.example\.cn/go/[0-9a-z]{20,24}$`).MatchString(link) {
		t.Errorf("the link is %s", link)
	}
	token := link[strings.LastIndex(link, "/")+1:]
	if _, err := here.FollowLink(t.Context(), token); errs.CodeOf(err) != "notice.link.gone" {
		t.Errorf("%v", err)
	}
	there.notices.Store(&NoticeSettings{})
	if link, err := there.linkTo(row); link != "" || err != nil {
		t.Errorf("without an address the link is %q, %v", link, err)
	}
}

func TestAddressOfTheSite(t *testing.T) {
	for address, want := range map[string]string{
		"":                                             "",
		"https://xf.example.cn":                        "",
		"http://10.1.2.3:8080":                         "",
		"https://xf.example.cn/":                       "notice.address.more", // clean takes it away
		"https://xf.example.cn/xf":                     "notice.address.more",
		"https://xf.example.cn?":                       "notice.address.more",
		"https://xf.example.cn?a=b":                    "notice.address.more",
		"https://xf.example.cn#top":                    "notice.address.more",
		"https://u:p@xf.example.cn":                    "notice.address.more",
		"HTTPS://xf.example.cn":                        "notice.address.more",
		"ftp://xf.example.cn":                          "notice.address",
		"xf.example.cn":                                "notice.address",
		"//xf.example.cn":                              "notice.address",
		"https://":                                     "notice.address",
		"https://:8080":                                "notice.address",
		"https://xf.example.cn:port":                   "notice.address",
		"https://xf example.cn":                        "notice.address",
		"https://xf_.example.cn\nx":                    "notice.address",
		"https://信访.example.cn":                        "notice.address",
		"https://a" + strings.Repeat("a", 200) + ".cn": "field.long",
	} {
		var got string
		for _, f := range checkAddress(address) {
			if got = f.Code; f.Path != "site_address" {
				t.Errorf("%q: the fault is at %s", address, f.Path)
			}
		}
		if got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
	if s := (NoticeSettings{Address: " https://xf.example.cn/ "}).clean(); s.Address != "https://xf.example.cn" {
		t.Errorf("cleaned to %q", s.Address)
	}
}
