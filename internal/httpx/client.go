package httpx

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"huiyin/internal/errs"
)

// Proxies are the proxies whose word about the reader is taken. The zero value trusts none.
type Proxies struct {
	trusted []netip.Prefix
}

// ParseProxies reads addresses ("10.0.0.7") and ranges ("10.0.0.0/8"). The error names the one that cannot be read.
func ParseProxies(list []string) (Proxies, error) {
	var p Proxies
	for _, s := range list {
		prefix, err := netip.ParsePrefix(s)
		if err != nil {
			addr, addrErr := netip.ParseAddr(s)
			if addrErr != nil {
				return Proxies{}, errs.E(errs.Invalid, "http.proxy", "value", s).Because(err)
			}
			prefix = netip.PrefixFrom(addr, addr.BitLen())
		}
		p.trusted = append(p.trusted, prefix.Masked())
	}
	return p, nil
}

// ClientAddr is the address of the reader: the connection's, or, when that is a trusted proxy, the last address in
// X-Forwarded-For that is not one. What stands before it the reader may have written.
func (p Proxies) ClientAddr(r *http.Request) netip.Addr {
	addr := peer(r)
	if !p.trusts(addr) {
		return addr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, text := range slices.Backward(hops) {
		hop, err := parseHop(strings.TrimSpace(text))
		if err != nil {
			return addr // behind something unreadable nothing is sure
		}
		if addr = hop; !p.trusts(addr) {
			return addr
		}
	}
	return addr
}

// HTTPS reports whether the reader came over TLS, to us or, by X-Forwarded-Proto, to a trusted proxy.
func (p Proxies) HTTPS(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	protos := r.Header.Values("X-Forwarded-Proto")
	return len(protos) == 1 && strings.EqualFold(protos[0], "https") && p.trusts(peer(r))
}

func (p Proxies) trusts(addr netip.Addr) bool {
	for _, prefix := range p.trusted {
		if prefix.Contains(addr) {
			return true
		}
	}
	return false
}

// peer is the other end of the connection; the zero Addr when it has none, as on a Unix socket.
func peer(r *http.Request) netip.Addr {
	addr, err := parseHop(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return addr
}

// parseHop reads an address with or without a port.
func parseHop(s string) (netip.Addr, error) {
	if withPort, err := netip.ParseAddrPort(s); err == nil {
		return withPort.Addr().Unmap().WithZone(""), nil
	}
	addr, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(s, "["), "]"))
	return addr.Unmap().WithZone(""), err
}

// addrKey is what counts as one address: an IPv6 network of 64 bits is given to a single household.
func addrKey(addr netip.Addr) string {
	const household = 64
	if addr.Is6() {
		if prefix, err := addr.Prefix(household); err == nil {
			return prefix.String()
		}
	}
	return addr.String()
}
