package requests_test

import (
	"fmt"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/message"
	"smartlinks/internal/message/email"
	"smartlinks/internal/message/email/smtptest"
	"smartlinks/internal/money"
	"smartlinks/internal/requests"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
)

// world is an installation with one business that sends by a real mail server.
type world struct {
	*testing.T
	*system.System
	d      *db.DB
	acme   business.Business
	server *smtptest.Server
}

func mustWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{T: t, d: d, acme: businesstest.Make(t, d, "acme"), server: smtptest.New(t, smtptest.Script{})}
	address, err := email.ParseURL(w.server.URL)
	if err != nil {
		t.Fatal(err)
	}
	w.System = systemtest.New(t, d, func(o *system.Options) { o.Mail = &address })
	return w
}

// people are n rows with an address each.
func people(n int) []requests.Row {
	rows := make([]requests.Row, n)
	for i := range rows {
		rows[i] = requests.Row{
			Name: fmt.Sprintf("Person %d", i), Email: fmt.Sprintf("person%d@example.com", i), Reference: fmt.Sprintf("M-%d", i),
			Amount: money.Amount{Minor: 9000, Currency: "EUR"}, Variables: map[string]string{"course": fmt.Sprintf("Pottery {link} %d", i)},
		}
	}
	return rows
}

func byEmail() requests.How { return requests.How{Channels: []message.Channel{message.ByEmail}} }

func (w *world) create(rows []requests.Row, how requests.How) requests.Batch {
	w.Helper()
	id, err := w.Requests.Create(w.Context(), w.acme, "Membership", rows, how)
	if err != nil {
		w.Fatal(err)
	}
	return w.batch(id)
}

func (w *world) batch(id requests.ID) requests.Batch {
	w.Helper()
	b, err := w.Requests.Get(w.Context(), w.acme, id)
	if err != nil {
		w.Fatal(err)
	}
	return b
}

// due does all that is due.
func (w *world) due() {
	w.Helper()
	if err := w.Due(w.Context()); err != nil {
		w.Fatal(err)
	}
}
