package server

import (
	"context"
	"encoding/base32"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"smartlinks/internal/account"
	"smartlinks/internal/address"
	"smartlinks/internal/system"
)

// setupCode is what whoever sets this installation up in the browser must know:
// it stands in the log, which strangers can't read. It is made from the secret
// key, so that all processes and restarts agree, and worth nothing once there
// is a business. Where only this machine reaches the server there is nobody to keep
// out: then it is "".
func (s settings) setupCode() string {
	if s.private {
		return ""
	}
	// 80 bits: four groups of four characters.
	text := strings.ToLower(base32.StdEncoding.EncodeToString(system.Derive(s.Key, "setup")[:10]))
	return text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:]
}

// onLoopback tells whether only this machine reaches a server that listens
// there and says that payers reach it at public. A public URL of another host
// means a proxy that lets strangers in.
func onLoopback(listening net.Addr, public address.Book) bool {
	address, err := netip.ParseAddrPort(listening.String())
	if err != nil || !address.Addr().IsLoopback() {
		return false
	}
	return loopbackHost(public.Hostname())
}

// loopbackHost tells whether a host of a URL can only be this machine: names
// below localhost are by RFC 6761, 6.3.
func loopbackHost(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && address.IsLoopback()
}

// hostname is a Host without its port.
func hostname(host string) string { return (&url.URL{Host: host}).Hostname() }

// inviteFounder tells in the log where a new installation is set up.
func (srv *Server) inviteFounder(ctx context.Context) error {
	founded, err := account.Founded(ctx, srv.System.DB)
	if err != nil || founded {
		return err
	}
	srv.settings.Log.Info("set up in the browser", "url", srv.setupURL())
	return nil
}
