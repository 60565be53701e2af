// Package webhook is how another system is told of what happens, by the Standard Webhooks specification: how a message is signed, when it is tried again, and to
// which addresses it may go. It does no I/O.
package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/errs"
)

// The headers of a message.
const (
	HeaderID        = "webhook-id"
	HeaderTimestamp = "webhook-timestamp"
	HeaderSignature = "webhook-signature"
)

// SecretSize is how many bytes of chance a secret has; the specification wants between 24 and 64.
const SecretSize = 32

// secretMark begins every secret as it is written.
const secretMark = "whsec_"

// FormatSecret writes a secret as its receiver is given it.
func FormatSecret(secret []byte) string {
	return secretMark + base64.StdEncoding.EncodeToString(secret)
}

// Sign signs a message with each secret: what stands in the header of the signature. At is the instant of the attempt, in seconds.
func Sign(id string, at int64, body []byte, secrets ...[]byte) string {
	out := make([]string, len(secrets))
	for i, secret := range secrets {
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(id + "." + strconv.FormatInt(at, 10) + "."))
		mac.Write(body)
		out[i] = "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return strings.Join(out, " ")
}

// The units of times, in microseconds.
const (
	second = int64(1_000_000)
	minute = 60 * second
	hour   = 60 * minute
)

// MaxWait is the longest between two attempts, also where the receiver asks for more.
const MaxWait = 24 * hour

// Wait is how long after an attempt the next comes, in microseconds, and whether there is another: five seconds after the first, at last a day. Chance spreads it
// by a fifth, so that what failed together does not come back together.
func Wait(attempts int, chance uint8) (us int64, again bool) {
	waits := []int64{5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, MaxWait}
	if attempts < 1 || attempts > len(waits) {
		return 0, false
	}
	wait := waits[attempts-1]
	return wait - wait/10 + wait/5*int64(chance)/255, true
}

// maxURL is how long an address may be, in bytes.
const maxURL = 500

// CheckURL says what is wrong with where messages are to go. Whether the address that its name stands for may be called is decided at each call.
func CheckURL(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || len(text) > maxURL || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http":
		return errs.E(errs.Invalid, "webhook.url")
	case u.User != nil || u.Fragment != "":
		return errs.E(errs.Invalid, "webhook.url_parts")
	}
	return nil
}

// Allowed are the addresses inside that may be called. The public ones may always be, over TLS.
type Allowed []netip.Prefix

// ParseAllowed reads addresses and prefixes.
func ParseAllowed(texts []string) (Allowed, error) {
	out := make(Allowed, len(texts))
	for i, text := range texts {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			a, aerr := netip.ParseAddr(text)
			if aerr != nil {
				return nil, errs.E(errs.Invalid, "webhook.allowed", "text", text).Because(err)
			}
			p = netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen())
		}
		out[i] = p.Masked()
	}
	return out, nil
}

// Reach reports whether an address may be called: one that was allowed, or over TLS one of the public network.
func (a Allowed) Reach(addr netip.Addr, tls bool) bool {
	addr = addr.Unmap().WithZone("")
	if slices.ContainsFunc(a, func(p netip.Prefix) bool { return p.Contains(addr) }) {
		return true
	}
	return tls && public(addr)
}

// public reports whether an address is one of the public network: no special purpose of RFC 6890, and none that stands for another address.
func public(addr netip.Addr) bool {
	if !addr.IsGlobalUnicast() || addr.IsPrivate() { // which leaves out loopback, link-local, multicast, unspecified and broadcast
		return false
	}
	return !slices.ContainsFunc(special(), func(p netip.Prefix) bool { return p.Contains(addr) })
}

// special are the blocks that are neither private nor public.
func special() []netip.Prefix {
	var out []netip.Prefix
	for _, text := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
	} {
		out = append(out, netip.MustParsePrefix(text))
	}
	return out
}
