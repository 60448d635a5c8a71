package delivery_test

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/message/texting"
)

// An SMS of more segments than are sent is refused before anything is written; in
// a send to many, or a reminder, where one person's is, theirs alone fails.
func TestAnSMSThatIsTooLongIsRefusedAndNeverSent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.link("Workshop")
		var many []customer.ID
		for i := range 27 {
			name := "Ann"
			if i == 3 {
				name = strings.Repeat("Ж", 60)
			}
			c, err := w.customers.Create(t.Context(), w.business, customer.Fields{Name: name, Email: fmt.Sprintf("a%d@example.com", i), Phone: fmt.Sprintf("+316123456%02d", i)})
			if err != nil {
				t.Fatal(err)
			}
			many = append(many, c.ID)
		}
		request := func(words string, who []customer.ID, channels ...message.Channel) delivery.Request {
			return delivery.Request{Customers: who, Channels: channels, Message: words}
		}
		start := func(r delivery.Request) (delivery.Started, error) {
			return w.deliveries.Start(t.Context(), w.business, l.ID, r)
		}
		// The words are refused for many from the length on at which they are for one.
		fits := sort.Search(700, func(n int) bool {
			parts, err := w.deliveries.Parts(w.business, l, customer.Customer{}, delivery.KindSend, strings.Repeat("Ж", n))
			return err != nil || parts > 9
		})
		if _, err := start(request(strings.Repeat("Ж", fits), many, message.BySMS)); !fault.Is(err, fault.Invalid) {
			t.Errorf("a character too much, to many: %v", err)
		}
		long, personal := strings.Repeat("Ж", 700), "Dear {customer_name}, "+strings.Repeat("a", 900)
		for name, r := range map[string]delivery.Request{
			"to one":             request(long, many[:1], message.BySMS),
			"by both":            request(long, many[:1], message.ByEmail, message.BySMS),
			"to many":            request(long, many, message.BySMS),
			"by somebody's name": request(personal, many[2:5], message.BySMS),
		} {
			if _, err := start(r); !fault.Is(err, fault.Invalid) || !strings.Contains(fmt.Sprint(fault.Of(err).Fields), "at most 9 are sent") {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n := len(w.sends(l)); n != 0 {
			t.Fatalf("%d sends were written", n)
		}
		if _, err := start(request(long, many[:1], message.ByEmail)); err != nil {
			t.Errorf("an email has no segments: %v", err)
		}
		if _, err := start(request(strings.Repeat("a", 1000), many[:1], message.BySMS)); err != nil {
			t.Errorf("a thousand plain characters: %v", err)
		}
		started, err := start(request(personal, many, message.BySMS))
		if err != nil || started.Batch == nil {
			t.Fatalf("to many: %+v, %v", started, err)
		}
		if err := w.deliveries.Continue(t.Context(), w.business.ID, started.Batch.ID); err != nil {
			t.Fatal(err)
		}
		failed := 0
		for _, s := range w.sends(l) {
			if s.Status == message.Failed {
				failed++
				if s.CustomerID != many[3] || !strings.Contains(s.Deliveries[0].Reason, "at most 9 are sent") {
					t.Errorf("failed: %+v", s)
				}
			}
		}
		if failed != 1 {
			t.Errorf("%d failed, want the one with the long name", failed)
		}
		batches, err := w.deliveries.Batches(t.Context(), d, w.business.ID, l.ID, w.business.Mode)
		if err != nil || len(batches) != 1 || batches[0].Failed != 1 {
			t.Errorf("the batch is %+v, %v", batches, err)
		}
		if few, err := start(request("", many[:25], message.BySMS)); err != nil || few.Batch != nil || len(few.Sends) != 25 {
			t.Errorf("twenty-five at once are %d, %v", len(few.Sends), err)
		}
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			return w.messages.QueueSMS(t.Context(), tx, texting.SMS{BusinessID: w.business.ID, To: "+31612345678", Text: long, Key: "past the doors"})
		}); !fault.Is(err, fault.Invalid) {
			t.Errorf("past the doors: %v", err)
		}
	})
}
