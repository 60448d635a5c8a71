package main

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
)

const (
	// away is how long everything takes on its way to a far database, and back.
	away = time.Millisecond
	// crowd is how many pay one business at once there.
	crowd = 64
	// farConnections is how many a process has there: they wait for the line most of the time.
	farConnections = 20
)

// far is the store behind a line that takes a while each way.
func (s store) far() (store, func(), error) {
	at, err := url.Parse(s.url)
	if err != nil {
		return s, nil, err
	}
	api := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(prometheus.NewRegistry()), zerolog.Nop())
	line := toxiproxy.NewProxy(api, "database", "127.0.0.1:0", at.Host)
	if err := line.Start(); err != nil {
		return s, nil, err
	}
	for _, way := range []string{"upstream", "downstream"} {
		toxic := fmt.Sprintf(`{"type": "latency", "stream": %q, "attributes": {"latency": %d}}`, way, away.Milliseconds())
		if _, err := line.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
			line.Stop()
			return s, nil, err
		}
	}
	at.Host = line.Listen
	asked := at.Query()
	asked.Set("pool_max_conns", strconv.Itoa(farConnections))
	at.RawQuery = asked.Encode()
	s.url = at.String()
	return s, line.Stop, nil
}

// measureFar measures payments of one business while the database is on another machine.
func (p plan) measureFar(ctx context.Context, t *table, s store, binary string) error {
	if s.url == "" {
		return nil
	}
	progress("%s: pay, the database %s away", s.engine, away)
	behind, cut, err := s.far()
	if err != nil {
		return err
	}
	defer cut()
	m, err := serve(ctx, behind, binary)
	if err != nil {
		return err
	}
	defer m.stop()
	if _, err := m.pay(ctx, crowd, time.Second); err != nil { // the lines are open, and statements prepared
		return err
	}
	paid, err := m.pay(ctx, crowd, p.duration)
	if err != nil {
		return err
	}
	t.rate(fmt.Sprintf("payments of one business, database %s away each way", away), "≥ 300 /s", paid)
	return nil
}
