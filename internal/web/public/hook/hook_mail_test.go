package hook_test

import (
	"net/http"
	"strings"
	"testing"

	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/public/publictest"
)

// Amazon SNS gives its password only when it is asked to, by the challenge of RFC 7617.
func TestAMailServiceIsAskedForItsPassword(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	for name, c := range map[string]struct {
		password string
		size     int
		status   int
	}{
		"without one":      {"", 10, http.StatusUnauthorized},
		"with a wrong one": {"x", 10, http.StatusBadRequest},
		"with too much":    {"x", 1<<20 + 1, http.StatusRequestEntityTooLarge},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/hooks/mail/ses/"+string(s.Business.ID), strings.NewReader(strings.Repeat("x", c.size)))
		if err != nil {
			t.Fatal(err)
		}
		if c.password != "" {
			r.SetBasicAuth("smartlinks", c.password)
		}
		answer, err := s.Client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != c.status || (answer.Header.Get("WWW-Authenticate") != "") != (c.status == http.StatusUnauthorized) {
			t.Errorf("%s: %d, %q", name, answer.StatusCode, answer.Header.Get("WWW-Authenticate"))
		}
	}
}
