package payment_test

import (
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/sandbox"
)

// BenchmarkFullPayment starts and pays, with the webhook over HTTP and the
// payer's return, many payers at once on one link.
func BenchmarkFullPayment(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *db.DB{"sqlite": dbtest.SQLite, "postgresql": dbtest.PostgreSQL} {
		b.Run(name, func(b *testing.B) {
			w := mustWorld(b, open(b))
			l := w.mustLink(0)
			b.SetParallelism(16)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					a, err := w.payments.Start(b.Context(), w.ask(l))
					if err != nil {
						b.Error(err)
						return
					}
					if _, err := w.sandbox.Decide(b.Context(), a.ProviderRef, sandbox.Paid, ""); err != nil {
						b.Error(err)
					}
					if _, err := w.payments.Sync(b.Context(), a.BusinessID, a.ID, attempt.CauseReturn); err != nil {
						b.Error(err)
					}
				}
			})
			w.settle()
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "payments/s")
			if n := w.count(`SELECT COUNT(*) FROM payments`); n != int64(b.N) {
				b.Errorf("%d of %d are paid", n, b.N)
			}
			for _, rule := range w.broken() {
				b.Error(rule)
			}
		})
	}
}
