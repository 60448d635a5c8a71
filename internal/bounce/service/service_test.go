package service_test

import (
	"fmt"
	"strings"
	"testing"

	"smartlinks/internal/bounce/report"
	"smartlinks/internal/bounce/service"
)

// brevo is an event as developers.brevo.com/docs/transactional-webhooks has it.
func brevo(event, reason string) string {
	return fmt.Sprintf(`{"event":%q,"email":"ann@example.com","id":26224,"date":"2026-11-30 08:00:00","ts":1796022000,"message-id":"<202611300800.1@smtp-relay.mailin.fr>",
		"ts_event":1796022000,"subject":"Hello","X-Mailin-custom":"mal_1","sending_ip":"192.0.2.7","ts_epoch":1796022000000,"template_id":22,"tags":["mail"],"reason":%q}`, event, reason)
}

func TestEventsOfBrevoSayWhatBecameOfMails(t *testing.T) {
	for _, c := range []struct {
		event, reason string
		want          report.Kind
	}{
		{"delivered", "", report.Delivered},
		{"hard_bounce", "550 5.1.1 unknown user", report.Hard},
		{"soft_bounce", "452 4.2.2 mailbox full", report.Soft},
		{"blocked", "blocked : due to blacklist user", report.Soft},
		{"error", "Unable to send", report.Soft},
		{"spam", "", report.Complaint},
		{"invalid_email", "550 5.1.1 no such user", report.Hard},
		{"invalid_email", "", report.Soft},                          // whose address it is stays open
		{"invalid_email", "553 5.1.8 sender rejected", report.Soft}, // the sender's
	} {
		all, err := service.Brevo([]byte(brevo(c.event, c.reason)))
		if err != nil || len(all) != 1 || all[0].Kind != c.want || all[0].Addresses[0] != "ann@example.com" || all[0].Mails[0] != "mal_1" {
			t.Errorf("%s (%s): %+v, %v; want %v", c.event, c.reason, all, err, c.want)
		}
	}
	for _, event := range []string{"request", "deferred", "opened", "unique_opened", "click", "unsubscribed", "new_of_theirs"} {
		if all, err := service.Brevo([]byte(brevo(event, ""))); err != nil || len(all) != 0 {
			t.Errorf("%s: %+v, %v", event, all, err)
		}
	}
}

// One that posts in batches sends a list of at most 500 (developers.brevo.com/docs/batch-webhooks).
func TestBrevoPostsLists(t *testing.T) {
	list := func(n int) []byte {
		return []byte("[" + strings.Join(strings.Split(strings.Repeat(brevo("hard_bounce", "550 5.1.1")+"|", n-1)+brevo("request", ""), "|"), ",") + "]")
	}
	if all, err := service.Brevo(list(500)); err != nil || len(all) != 499 {
		t.Errorf("%d reports, %v", len(all), err)
	}
	for name, body := range map[string][]byte{"too long": list(1001), "no event": []byte(`[{"email":"ann@example.com"}]`), "inbound mail": []byte(`{"items":[]}`), "no JSON": []byte("x")} {
		if _, err := service.Brevo(body); !service.Forged(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
