package webhook_test

import (
	"encoding/base64"
	"net/netip"
	"strings"
	"testing"

	"huiyin/internal/errs"
	"huiyin/internal/webhook"
)

// The example of the specification (standard-webhooks, spec/standard-webhooks.md) as its reference libraries test it.
func TestSign(t *testing.T) {
	secret, err := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	body := []byte(`{"test": 2432232314}`)
	const want = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
	if got := webhook.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body, secret); got != want {
		t.Errorf("signed %q, want %q", got, want)
	}
	both := strings.Fields(webhook.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body, []byte("another"), secret))
	if len(both) != 2 || both[1] != want || both[0] == want {
		t.Errorf("signed twice: %q", both)
	}
	if got := webhook.FormatSecret(secret); got != "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" {
		t.Errorf("written %q", got)
	}
}

func TestWait(t *testing.T) {
	const second = 1_000_000
	for attempts, want := range map[int]int64{1: 5, 2: 300, 3: 1800, 4: 7200, 5: 18000, 6: 36000, 7: 50400, 8: 72000, 9: 86400} {
		least, _ := webhook.Wait(attempts, 0)
		most, again := webhook.Wait(attempts, 255)
		if !again || least != want*second*9/10 || most != want*second*11/10 {
			t.Errorf("after %d: %d to %d, %v; want about %d s", attempts, least, most, again, want)
		}
	}
	for _, attempts := range []int{0, 10, 11} {
		if _, again := webhook.Wait(attempts, 0); again {
			t.Errorf("again after %d", attempts)
		}
	}
}

func TestReach(t *testing.T) {
	allowed, err := webhook.ParseAllowed([]string{"10.20.0.0/16", "192.168.7.9", "fd00:1::/32"})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		addr       string
		tls, plain bool
	}{
		{"8.8.8.8", true, false},
		{"2606:4700::1111", true, false},
		{"10.20.3.4", true, true},
		{"::ffff:10.20.3.4", true, true},
		{"10.21.3.4", false, false},
		{"192.168.7.9", true, true},
		{"192.168.7.8", false, false},
		{"fd00:1::5", true, true},
		{"fd00:2::5", false, false},
		{"127.0.0.1", false, false},
		{"::ffff:127.0.0.1", false, false},
		{"::1", false, false},
		{"0.0.0.0", false, false},
		{"::", false, false},
		{"169.254.169.254", false, false}, // where clouds keep credentials
		{"fe80::1%eth0", false, false},
		{"100.64.0.1", false, false},
		{"172.16.0.1", false, false},
		{"224.0.0.1", false, false},
		{"255.255.255.255", false, false},
		{"64:ff9b::7f00:1", false, false}, // 127.0.0.1 through NAT64
		{"2002:7f00:1::", false, false},   // and through 6to4
		{"::7f00:1", false, false},
		{"192.0.2.1", false, false},
		{"2001:db8::1", false, false},
	} {
		addr := netip.MustParseAddr(tt.addr)
		if got := allowed.Reach(addr, true); got != tt.tls {
			t.Errorf("%s over TLS: %v", tt.addr, got)
		}
		if got := allowed.Reach(addr, false); got != tt.plain {
			t.Errorf("%s without: %v", tt.addr, got)
		}
	}
	if _, err := webhook.ParseAllowed([]string{"intern"}); errs.CodeOf(err) != "webhook.allowed" {
		t.Errorf("a name is allowed: %v", err)
	}
}

func TestCheckURL(t *testing.T) {
	for text, code := range map[string]string{
		"https://hooks.example.org/huiyin?from=a": "", "http://10.20.1.1:8080/in": "", "https://[2606:4700::1]/": "",
		"": "webhook.url", "ftp://example.org": "webhook.url", "https://": "webhook.url", "example.org": "webhook.url", "https://" + strings.Repeat("a", 600): "webhook.url",
		"file:///etc/passwd": "webhook.url", "https://me:secret@example.org/": "webhook.url_parts", "https://example.org/#x": "webhook.url_parts",
	} {
		if err := webhook.CheckURL(text); err == nil && code != "" || err != nil && errs.CodeOf(err) != code {
			t.Errorf("%q: %v, want %q", text, err, code)
		}
	}
}
