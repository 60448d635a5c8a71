package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	. "smartlinks/e2e/site"
)

func TestMetricsTellWhatTheServerDoes(t *testing.T) {
	t.Parallel()
	EachStore(t, func(t *testing.T, store ...string) {
		s := &site{&Site{Store: store}}
		s.SetUp(t)
		s.URL = s.Serve(t)
		l := s.CreateLink(t, `{"name": "Concert", `+FortyNine+`, "path": "concert"}`)
		before := s.metrics(t)
		AwaitStatus(t, s.PayAs(t, s.URL, l.Path, "paid", ""), "paid")
		openAsPerson(t, l.URL)
		after := s.metrics(t)
		for _, name := range []string{"smartlinks_requests_total", "smartlinks_views_stored_total", "smartlinks_view_batches_total"} {
			if after[name] <= before[name] {
				t.Errorf("%s was %v and is %v", name, before[name], after[name])
			}
		}
		for _, name := range []string{"smartlinks_waiting", "smartlinks_request_seconds", "smartlinks_requests_running", "go_goroutines", "process_resident_memory_bytes"} {
			if _, told := after[name]; !told {
				t.Errorf("%s is not told", name)
			}
		}
	})
}

// openAsPerson opens a page as a person does, and returns the status.
func openAsPerson(t *testing.T, address string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("User-Agent", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

// metrics are the sums of what /metrics tells, by name.
func (s *site) metrics(t *testing.T) map[string]float64 {
	t.Helper()
	res, err := http.Get(s.URL + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("/metrics: %s, %v", res.Status, err)
	}
	sums := map[string]float64{}
	for name, family := range families {
		for _, m := range family.GetMetric() {
			sums[name] += m.GetCounter().GetValue() + m.GetGauge().GetValue()
			for _, label := range m.GetLabel() {
				if strings.HasPrefix(label.GetValue(), "lnk_") || strings.HasPrefix(label.GetValue(), "biz_") {
					t.Errorf("%s grows with %s", name, label.GetValue())
				}
			}
		}
	}
	return sums
}
