package message_test

import (
	"fmt"
	"testing"

	"smartlinks/internal/db/dbtest"
)

// What a mail costs to queue, write, hand over and check off, on SQLite.
func BenchmarkMail(b *testing.B) {
	w := mustWorld(b, dbtest.SQLite(b))
	for i := range b.N {
		w.queue(w.receipt(fmt.Sprint("receipt/", i)))
	}
	w.sendDue()
}
