package app

import (
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"time"

	"smartlinks/internal/visit/source"
)

// serveProfiles answers on another address with profiles of this process, for
// `go tool pprof`. They tell what is in its memory, so the address must be
// loopback.
func serveProfiles(address string) (stop func(), err error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("can't listen on %s; choose another address with --profile-addr: %w", address, err)
	}
	if !source.ClientIP(l.Addr().String(), nil, nil).IsLoopback() {
		l.Close()
		return nil, fmt.Errorf("--profile-addr must be a loopback address, such as 127.0.0.1:6060, not %s", address)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	s := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.Serve(l) }() // it ends when it is closed
	return func() { s.Close() }, nil
}
