package payment_test

import (
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/sandbox"
)

// BenchmarkFullPayment starts and pays, with the webhook over HTTP and the
// payer's return, many payers at once on one link.
func BenchmarkFullPayment(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *db.DB{"sqlite": dbtest.SQLite, "postgresql": dbtest.PostgreSQL} {
		b.Run(name, func(b *testing.B) {
			w := paymenttest.MustWorld(b, open(b))
			l := w.MustLink(0)
			b.SetParallelism(16)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					a, err := w.Payments.Start(b.Context(), w.Ask(l))
					if err != nil {
						b.Error(err)
						return
					}
					if _, err := w.Sandbox.Decide(b.Context(), a.ProviderRef, sandbox.Paid, ""); err != nil {
						b.Error(err)
					}
					if _, err := w.Payments.Sync(b.Context(), a.BusinessID, a.ID, attempt.CauseReturn); err != nil {
						b.Error(err)
					}
				}
			})
			w.Settle()
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "payments/s")
			if n := w.Count(`SELECT COUNT(*) FROM payments`); n != int64(b.N) {
				b.Errorf("%d of %d are paid", n, b.N)
			}
			for _, rule := range w.Broken() {
				b.Error(rule)
			}
		})
	}
}
