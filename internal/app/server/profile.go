package server

import (
	"net/http"
	"net/http/pprof"
	"time"

	"smartlinks/internal/cli"
	"smartlinks/internal/visit/source"
)

// serveProfiles answers on another address with profiles of this process, for
// `go tool pprof`. They tell what is in its memory, so the address must be
// loopback.
func serveProfiles(address string) (stop func(), err error) {
	l, err := listenAt("--profile-addr", address, "")
	if err != nil {
		return nil, err
	}
	if !source.ClientIP(l.Addr().String(), nil, nil).IsLoopback() {
		l.Close()
		return nil, cli.Misuse("--profile-addr must be a loopback address, such as 127.0.0.1:6060, not " + address + ".")
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	s := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.Serve(l) }() // it ends when it is closed
	return func() { s.Close() }, nil
}
