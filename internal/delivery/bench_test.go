package delivery_test

import (
	"fmt"
	"testing"

	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
	"smartlinks/internal/message"
)

// What a send to one of many costs, with its mail queued, on SQLite.
func BenchmarkSendToMany(b *testing.B) {
	w := mustWorld(b, dbtest.SQLite(b))
	l := w.link("Workshop")
	for i := range b.N {
		w.customer(fmt.Sprint("Customer ", i), fmt.Sprintf("c%d@example.com", i), "Spring")
	}
	b.ResetTimer()
	if _, err := w.deliveries.Start(b.Context(), w.business, l.ID, delivery.Request{Tag: "Spring", Channels: []message.Channel{message.ByEmail}}); err != nil {
		b.Fatal(err)
	}
	if err := w.deliveries.ContinueDue(b.Context()); err != nil {
		b.Fatal(err)
	}
}
