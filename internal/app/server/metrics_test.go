package server

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"smartlinks/internal/clock"
)

func TestWhoMayReadTheMetrics(t *testing.T) {
	for _, c := range []struct {
		token, peer string
		header      map[string]string
		may         bool
	}{
		{"", "127.0.0.1:4000", nil, true},
		{"", "[::1]:4000", nil, true},
		{"", "[::ffff:127.0.0.1]:4000", nil, true},
		{"", "10.1.2.3:4000", nil, false},
		{"", "192.168.1.7:4000", nil, false},
		{"", "172.17.0.1:4000", nil, false},
		{"", "[fd12::1]:4000", nil, false},
		{"", "203.0.113.7:4000", nil, false},
		{"", "127.0.0.1:4000", map[string]string{"X-Forwarded-For": "203.0.113.7"}, false},
		{"", "127.0.0.1:4000", map[string]string{"Forwarded": "for=203.0.113.7"}, false},
		{"", "127.0.0.1:4000", map[string]string{"Host": "pay.example.com"}, false},
		{"", "127.0.0.1:4000", map[string]string{"Host": "localhost:8080"}, true},
		{"secret", "10.1.2.3:4000", nil, false},
		{"secret", "127.0.0.1:4000", nil, false},
		{"secret", "203.0.113.7:4000", map[string]string{"Authorization": "Bearer secret"}, true},
		{"secret", "203.0.113.7:4000", map[string]string{"Authorization": "Bearer secrets"}, false},
		{"secret", "203.0.113.7:4000", map[string]string{"Authorization": "secret"}, false},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil)
		r.RemoteAddr, r.Host = c.peer, "127.0.0.1:8080"
		for name, value := range c.header {
			if name == "Host" {
				r.Host = value
			}
			r.Header.Set(name, value)
		}
		if may := mayScrape(r, c.token); may != c.may {
			t.Errorf("%+v: may read is %v", c, may)
		}
	}
}

func TestProvidersAreTimedByTheClassOfTheirAnswers(t *testing.T) {
	now := time.Date(2026, 2, 18, 9, 42, 0, 0, time.UTC)
	m := newMetrics(clock.From(func() time.Time { return now }))
	asked := m.provider("stripe")
	for status, took := range map[int]time.Duration{200: time.Second, 503: 2 * time.Second, 0: 20 * time.Second} {
		answered := asked()
		now = now.Add(took)
		answered(status)
	}
	for class, want := range map[string]float64{"2xx": 1, "5xx": 2, "none": 20} {
		var told dto.Metric
		if err := m.asked.WithLabelValues("stripe", class).(prometheus.Metric).Write(&told); err != nil {
			t.Fatal(err)
		}
		if h := told.GetHistogram(); h.GetSampleCount() != 1 || h.GetSampleSum() != want {
			t.Errorf("%s: %v", class, h)
		}
	}
}
