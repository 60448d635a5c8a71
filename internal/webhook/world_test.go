package webhook_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/clock"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/message"
	"smartlinks/internal/message/email"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
	"smartlinks/internal/webhook"
)

// world is an installation with one business, a receiver, and a wall clock that
// the test moves.
type world struct {
	t        *testing.T
	d        *db.DB
	business business.Business
	hooks    *webhook.Webhooks
	messages *message.Messages
	letters  *letters
	receiver *receiver
	moved    *atomic.Int64
}

// worlds runs a test on both engines.
func worlds(t *testing.T, test func(t *testing.T, w *world)) {
	run := func(name string, config func(t *testing.T) db.Config) {
		t.Run(name, func(t *testing.T) {
			w := &world{t: t, moved: &atomic.Int64{}, letters: &letters{}}
			c := config(t)
			c.Clock = clock.From(func() time.Time { return dbtest.Start.Add(time.Duration(w.moved.Load())) })
			w.d = dbtest.Open(t, c)
			w.business = businesstest.Make(t, w.d, "acme")
			w.receiver = newReceiver(t)
			all := w.wire()
			w.messages, w.hooks = all.Messages, all.Webhooks
			test(t, w)
		})
	}
	run("sqlite", func(t *testing.T) db.Config { return db.Config{Path: dbtest.NewSQLite(t)} })
	run("postgresql", func(t *testing.T) db.Config { return db.Config{URL: dbtest.NewPostgres(t)} })
}

// process is one more process over the same database, closed with the test.
func (w *world) process() *webhook.Webhooks { return w.wire().Webhooks }

func (w *world) wire() *system.System {
	w.t.Helper()
	// Events are made up here: their data is no object of the API.
	all, err := system.New(w.d, systemtest.Options(w.t, func(o *system.Options) { o.MailGateway, o.PrivateWebhooks = w.letters, true }))
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = all.Queue.Stop(w.t.Context()) })
	return all
}

// letters are the mails that left.
type letters struct {
	mu   sync.Mutex
	sent []email.Mail
}

func (l *letters) Send(_ context.Context, letter email.Mail) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent = append(l.sent, letter)
	return nil
}

// owner gives the business somebody who hears of trouble.
func (w *world) owner(address string) {
	w.t.Helper()
	founder := account.Founder{Accounts: account.NewWithCost(w.d, w.d.Random(), false, account.Cost{MemoryKiB: 64, Passes: 1}), Businesses: businesstest.New(w.t, w.d)}
	b, _, err := founder.Found(w.t.Context(), business.Draft{Name: "Noord", Handle: "noord"}, account.OwnerDraft{Name: "Marit", Email: address, Password: "paint the north"})
	if err != nil {
		w.t.Fatal(err)
	}
	w.business = b
}

// move lets wall time pass.
func (w *world) move(by time.Duration) { w.moved.Add(int64(by)) }

// receiver is a merchant's system: it keeps what comes and answers as told.
type receiver struct {
	*httptest.Server
	mu      sync.Mutex
	came    []request
	answers func(r request) int // nil: 204
}

type request struct {
	path   string
	header http.Header
	body   []byte
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, _ := io.ReadAll(q.Body)
	got := request{q.URL.Path, q.Header.Clone(), body}
	r.mu.Lock()
	r.came = append(r.came, got)
	answers := r.answers
	r.mu.Unlock()
	status := http.StatusNoContent
	if answers != nil {
		status = answers(got)
	}
	w.WriteHeader(status)
}

func (r *receiver) answer(with func(r request) int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answers = with
}

// requests are what came so far, to the path or to any when it is "".
func (r *receiver) requests(path string) (found []request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, q := range r.came {
		if path == "" || q.path == path {
			found = append(found, q)
		}
	}
	return found
}

func always(status int) func(request) int { return func(request) int { return status } }

func (w *world) endpoint(path string, types ...webhook.Type) webhook.Endpoint {
	w.t.Helper()
	if len(types) == 0 {
		types = []webhook.Type{webhook.All}
	}
	e, _, err := w.hooks.Create(w.t.Context(), w.business.ID, webhook.Draft{URL: w.receiver.URL + path, Events: types})
	if err != nil {
		w.t.Fatal(err)
	}
	return e
}

// happens lets something happen; key as in EventInput.
func (w *world) happens(what webhook.Type, object, key string) {
	w.t.Helper()
	if err := w.say(w.hooks, what, object, key); err != nil {
		w.t.Error(err)
	}
}

func (w *world) say(h *webhook.Webhooks, what webhook.Type, object, key string) error {
	return w.d.InTx(w.t.Context(), func(tx *db.Tx) error {
		h.Emit(tx, webhook.EventInput{BusinessID: w.business.ID, Type: what, Mode: business.Test, Object: object, Key: key,
			Data: func(context.Context, *db.Tx) (any, error) { return map[string]string{"id": object}, nil }})
		return nil
	})
}

func (w *world) post() {
	w.t.Helper()
	if err := w.hooks.PostDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) events() []webhook.Event {
	w.t.Helper()
	all, _, err := w.hooks.Events(w.t.Context(), w.business.ID, webhook.Filter{Limit: 100})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// only is the delivery of the only event to the endpoint.
func (w *world) only(e webhook.Endpoint) webhook.Delivery {
	w.t.Helper()
	all, _, err := w.hooks.History(w.t.Context(), w.business.ID, e.ID, webhook.HistoryFilter{})
	if err != nil || len(all) != 1 {
		w.t.Fatalf("%d deliveries, %v", len(all), err)
	}
	return all[0]
}

func (w *world) again(e webhook.Endpoint) webhook.Endpoint {
	w.t.Helper()
	now, err := w.hooks.Endpoint(w.t.Context(), w.business.ID, e.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return now
}

func (r request) id() string { return r.header.Get("Webhook-Id") }

func (r request) json(t *testing.T) (v struct {
	ID, Type, Mode string
	Timestamp      time.Time
	Data           struct{ ID string }
}) {
	t.Helper()
	if err := json.Unmarshal(r.body, &v); err != nil {
		t.Fatalf("%v in %s", err, r.body)
	}
	return v
}
