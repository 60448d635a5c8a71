package hook_test

import (
	"net/http"
	"strings"
	"testing"

	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/public/publictest"
)

// Before a signature is checked, the whole body is read: a megabyte of it at most.
func TestSignedHooksReadAMegabyteAtMost(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	for _, door := range []string{"stripe", "sms/twilio", "sms/bird", "sms/messagebird", "sms/unknown"} {
		hook := "/hooks/" + door + "/" + string(s.Business.ID)
		send := func(size int) int {
			t.Helper()
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+hook, strings.NewReader(strings.Repeat("x", size)))
			if err != nil {
				t.Fatal(err)
			}
			answer, err := s.Client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			answer.Body.Close()
			return answer.StatusCode
		}
		if got := send(1<<20 + 1); got != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: more than a megabyte: %d", hook, got)
		}
		if got := send(1 << 20); got != http.StatusBadRequest {
			t.Errorf("%s: a megabyte that nobody signed: %d", hook, got)
		}
	}
	var kept int
	if err := s.DB.Get(t.Context(), &kept, `SELECT COUNT(*) FROM webhook_inbox`); err != nil || kept != 0 {
		t.Errorf("%d reports are kept, %v", kept, err)
	}
}
