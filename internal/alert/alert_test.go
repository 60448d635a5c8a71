package alert_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/alert"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/payment/sandbox"
)

func TestChannelsHearWhatTheyWant(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		all := []message.News{message.NewsPaid, message.NewsAlmostFull, message.NewsLimitReached}
		for _, draft := range []alert.Draft{
			{Kind: alert.Slack, URL: w.URL + "/slack", News: all},
			{Kind: alert.Discord, URL: w.URL + "/discord", News: all[:1]},
			{Kind: alert.Telegram, Token: "123456:AAFaaaaaaaaaaaaaaaaaaaaaaaaa", Chat: "@shop", News: all[:1], Language: "de"},
			{Kind: alert.Ntfy, URL: w.URL + "/topic-7f3a", News: all[2:]},
		} {
			w.must(w.Alerts.Add(t.Context(), w.acme, w.owner, draft))
		}
		w.must(w.Due(t.Context()))
		if tests := w.take(); len(tests) != 4 {
			t.Fatalf("%d tests arrived, want one in each channel", len(tests))
		}
		w.pay(sandbox.Paid)
		got := map[string][]map[string]any{}
		for _, h := range w.take() {
			var body map[string]any
			w.must(json.Unmarshal(h.Body, &body))
			got[h.Path] = append(got[h.Path], body)
		}
		slack := got["/slack"]
		texts := ""
		for _, body := range slack { // in any order
			texts += body["text"].(string)
		}
		if len(slack) != 2 || !strings.Contains(texts, "Sanne Visser paid €89.00 for “Workshop &lt;b&gt; &amp; more”.") || !strings.Contains(texts, "almost full: 3 of 4 left") {
			t.Errorf("Slack heard %v, want the payment, escaped, and that the link is almost full", slack)
		}
		if n := len(got["/discord"]); n != 1 {
			t.Errorf("Discord heard %d alerts, want the payment alone", n)
		} else if mentions := got["/discord"][0]["allowed_mentions"].(map[string]any)["parse"].([]any); len(mentions) != 0 {
			t.Error("a payer's name could ring everybody")
		}
		telegram := got["/bot123456:AAFaaaaaaaaaaaaaaaaaaaaaaaaa/sendMessage"]
		if len(telegram) != 1 || telegram[0]["chat_id"] != "@shop" || !strings.Contains(telegram[0]["text"].(string), "hat 89,00") {
			t.Errorf("Telegram heard %v, want the payment in German", telegram)
		}
		if len(got["/"]) != 0 {
			t.Errorf("ntfy heard %v, want nothing yet", got["/"])
		}
		for range 3 {
			w.pay(sandbox.Paid)
		}
		full := 0
		for _, h := range w.take() {
			if h.Path == "/" && strings.Contains(string(h.Body), `"topic":"topic-7f3a"`) {
				full++
			}
		}
		if full != 1 {
			t.Errorf("ntfy heard %d times that the link is full, want once", full)
		}
	})
}

func TestChannelsThatRefuseAreSwitchedOffAndShown(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		w.must(w.Alerts.Add(t.Context(), w.acme, w.owner, alert.Draft{Kind: alert.Slack, URL: w.URL + "/slack", News: []message.News{message.NewsPaid}}))
		w.must(w.Due(t.Context()))
		w.answer(http.StatusInternalServerError)
		w.pay(sandbox.Paid)
		only := func() alert.Channel {
			t.Helper()
			all, err := w.Alerts.Channels(t.Context(), w.acme.ID, w.owner)
			w.must(err)
			if len(all) != 1 {
				t.Fatalf("%d channels, want one", len(all))
			}
			return all[0]
		}
		if c := only(); !c.Active || c.Reason != "refused 500" {
			t.Errorf("behind a 500 the channel is %+v, want it on, with the reason", c)
		}
		var waiting int
		w.must(d.Get(t.Context(), &waiting, `SELECT COUNT(*) FROM alert_posts WHERE due_at IS NOT NULL`))
		if waiting != 1 {
			t.Errorf("%d alerts wait for another try, want one", waiting)
		}
		w.answer(http.StatusNotFound)
		c := only()
		w.must(w.Alerts.Try(t.Context(), w.acme, w.owner, c.ID))
		w.must(w.Due(t.Context()))
		if c := only(); c.Active || c.Reason != "refused 404" {
			t.Errorf("behind a 404 the channel is %+v, want it off", c)
		}
		w.answer(http.StatusOK)
		w.must(w.Alerts.Change(t.Context(), w.acme.ID, w.owner, c.ID, []message.News{message.NewsPaid}))
		w.must(w.Alerts.Try(t.Context(), w.acme, w.owner, c.ID))
		w.must(w.Due(t.Context()))
		if c := only(); !c.Active || c.Reason != "" {
			t.Errorf("mended, the channel is %+v", c)
		}
		// Another business sees and changes nothing of it.
		if _, err := w.Alerts.Channel(t.Context(), "biz_other", w.owner, c.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("another business reads the channel: %v", err)
		}
		if err := w.Alerts.Remove(t.Context(), "biz_other", w.owner, c.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("another business removes the channel: %v", err)
		}
		w.must(w.Alerts.Remove(t.Context(), w.acme.ID, w.owner, c.ID))
	})
}

func TestAddressesOfChannelsAreChecked(t *testing.T) {
	w := mustWorld(t, dbtest.SQLite(t))
	w.Alerts.AllowPrivate = false
	for _, d := range []alert.Draft{
		{Kind: alert.Slack, URL: "https://example.com/services/x"}, {Kind: alert.Slack, URL: "http://hooks.slack.com/services/x"}, {Kind: alert.Discord, URL: "https://discord.com/x"},
		{Kind: alert.Slack, URL: "https://hooks.slack.com/services/"}, {Kind: alert.Discord, URL: "https://discord.com/api/webhooks/"},
		{Kind: alert.Ntfy, URL: "https://127.0.0.1/topic"}, {Kind: alert.Ntfy, URL: "https://user@ntfy.sh/topic"}, {Kind: alert.Ntfy, URL: ""},
		{Kind: alert.Ntfy, URL: "https://ntfy.sh"}, {Kind: alert.Ntfy, URL: "https://ntfy.sh/"}, {Kind: alert.Ntfy, URL: "https://ntfy.sh/my shop"}, {Kind: alert.Ntfy, URL: "https://ntfy.sh/shop?auth=x"},
		{Kind: alert.Telegram, Token: "x", Chat: "@a"}, {Kind: alert.Telegram, Token: "1:AAFaaaaaaaaaaaaaaaaaaaaaaaaa/../x", Chat: "@a"}, {Kind: alert.Telegram, Token: "1:AAFaaaaaaaaaaaaaaaaaaaaaaaaa", Chat: "a b"},
		{Kind: alert.Push, URL: "https://push.example/1"}, {Kind: "mail", URL: "https://example.com"},
	} {
		if err := w.Alerts.Add(t.Context(), w.acme, w.owner, d); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v, want it refused", d, err)
		}
	}
}

func TestMembersChooseTheirMails(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		w.pay(sandbox.Paid)
		if n := w.mails(message.KindPaid); n != 1 {
			t.Errorf("%d mails, want that owners hear of payments by themselves", n)
		}
		w.must(w.Messages.Choose(t.Context(), w.acme, w.owner, message.Choice{News: []message.News{message.NewsFailed}, Summary: message.Never}))
		w.pay(sandbox.Failed)
		w.pay(sandbox.Paid)
		if paid, failed := w.mails(message.KindPaid), w.mails(message.KindNews); paid != 1 || failed != 1 {
			t.Errorf("%d mails of payments and %d of a failure, want one each", paid, failed)
		}
		c, err := w.Messages.Choice(t.Context(), w.acme.ID, w.owner, account.Owner)
		if err != nil || len(c.News) != 1 || c.News[0] != message.NewsFailed {
			t.Errorf("the choice is %+v, %v", c, err)
		}
	})
}

func TestSummariesComeInTheMorningAndOnlyOfSomething(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		w.must(w.Messages.Choose(t.Context(), w.acme, w.owner, message.Choice{Summary: message.Daily}))
		w.pay(sandbox.Paid)
		next := func() time.Time {
			t.Helper()
			var row struct{ DueAt db.Time }
			w.must(d.Get(t.Context(), &row, `SELECT due_at FROM member_news WHERE business_id = $1`, w.acme.ID))
			return row.DueAt.Time
		}
		first := next()
		if local := first.In(w.acme.Location()); local.Hour() != 7 || local.Minute() != 0 {
			t.Errorf("the summary comes at %s, want seven in the morning", local)
		}
		d.Clock().SetOffset(first.Sub(d.Clock().Wall()) + time.Minute)
		w.must(w.Due(t.Context()))
		if n := w.mails(message.KindSummary); n != 1 {
			t.Fatalf("%d summaries, want one of yesterday's payment", n)
		}
		for range 2 { // days without anything
			d.Clock().SetOffset(d.Clock().Offset() + 24*time.Hour)
			w.must(w.Due(t.Context()))
		}
		if n := w.mails(message.KindSummary); n != 1 {
			t.Errorf("%d summaries, want none of a day without anything", n)
		}
		if !next().After(d.Clock().Now()) {
			t.Error("no next summary is planned")
		}
	})
}
