package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"smartlinks/internal/app/sample"
	"smartlinks/internal/app/server"
	"smartlinks/internal/app/store"
	"smartlinks/internal/link"
	"smartlinks/internal/message/sms"
	"smartlinks/internal/payment/history"
)

// The demo has what a merchant meets, made by the product itself: what is told of
// each payment, message and reminder is somewhere in it.
func TestTheDemoHasWhatAMerchantMeets(t *testing.T) {
	srv := (&installation{t: t, store: store.Location{Data: demoFolder(t)}}).mustServe()
	t.Cleanup(func() { _ = srv.Close() })
	b, _, err := srv.System.Businesses.ByHandle(t.Context(), sample.Handle)
	if err != nil {
		t.Fatal(err)
	}
	for _, status := range []history.Status{history.StatusPaid, history.StatusPending, history.StatusFailed, history.StatusExpired, history.StatusCanceled, history.StatusRefunded, history.StatusPartiallyRefunded} {
		if found, _, err := srv.System.Payments.List(t.Context(), b.ID, b.Mode, history.Filter{Statuses: []history.Status{status}, Limit: 5}); err != nil || len(found) == 0 {
			t.Errorf("no payment is %s, %v", status, err)
		}
	}
	var told []string
	if err := srv.System.DB.Select(t.Context(), &told, `SELECT 'a dispute is ' || state FROM disputes
		UNION SELECT channel || ' ' || status FROM deliveries UNION SELECT 'why: ' || reason FROM deliveries
		UNION SELECT 'reminders are ' || state FROM reminder_plans
		UNION SELECT 'phones: ' || CASE WHEN COUNT(*) FILTER (WHERE phone <> '') > 10 AND COUNT(*) FILTER (WHERE phone = '') > 2 THEN 'most' ELSE 'too few' END FROM customers`); err != nil {
		t.Fatal(err)
	}
	all := strings.Join(told, "\n")
	for _, want := range []string{
		"a dispute is open", "a dispute is won", "email sent", "email failed", "sms delivered", "sms failed", "has no phone number", "off or out of reach", "asked for no more email", "asked for no more SMS",
		"reminders are active", "reminders are complete", "phones: most",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("nothing says %q:\n%s", want, all)
		}
	}
	var phones []string
	if err := srv.System.DB.Select(t.Context(), &phones, `SELECT phone FROM customers WHERE phone <> ''`); err != nil {
		t.Fatal(err)
	}
	for _, phone := range phones {
		if event, known := srv.System.Mailbox.Report(sms.Message{To: phone}); !known || event.State == "" {
			t.Errorf("nobody knows what becomes of an SMS to %s", phone)
		}
	}
	if _, known := srv.System.Mailbox.Report(sms.Message{To: "+31612345678"}); known {
		t.Error("the mailbox speaks for a number that may be somebody's")
	}
	for list, rows := range map[string]string{
		"links": "links", "products": "products", "customers": "customers", "tags": "tags", "coupons": "coupons", "codes": "promotion_codes", "payments": "attempts", "receipts": "payments", "refunds": "refunds",
		"the waiting list": "waiting_entries WHERE state = 'waiting'", "offers of a place": "waiting_entries WHERE state = 'offered'", "statements": "statements WHERE status = 'booked'",
		"entries that nobody could match": "statement_entries WHERE state = 'doubtful'", "batches": "request_batches", "who was asked again": "recoveries",
		"payments by hand": "attempts WHERE provider = 'manual'", "transfers that came": "bank_transfers WHERE status = 'paid'", "transfers that are awaited": "bank_transfers WHERE status = 'waiting'",
		"due dates": "links WHERE due_on IS NOT NULL", "pictures of products": "products WHERE image_id IS NOT NULL", "endpoints of webhooks": "webhook_endpoints", "connected assistants": "grants WHERE id IN (SELECT grant_id FROM grant_tokens WHERE kind = 'access')", "tips": "attempts WHERE tip_minor > 0", "answers": "attempts WHERE answers LIKE '%lunch%'",
	} {
		var n int
		if err := srv.System.DB.Get(t.Context(), &n, "SELECT COUNT(*) FROM "+rows); err != nil || n == 0 {
			t.Errorf("%s: %d rows, %v", list, n, err)
		}
	}
	if _, err := srv.System.Links.ByPath(t.Context(), b, link.SuggestPath("Family Portrait Balance", b.Locale)); err != nil {
		t.Error(err)
	}
}

// madeDemo is the data folder of a demo, made once for all tests.
var madeDemo = sync.OnceValues(func() (fs.FS, error) {
	folder, err := os.MkdirTemp("", "demo")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	data := filepath.Join(folder, "data")
	serve := server.Flags{Location: store.Location{Data: data}, Addr: "127.0.0.1:0", Sandbox: true, RateLimits: "on"}
	srv, err := serve.Open(context.Background(), slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := makeSample(context.Background(), streams{out: &out, err: &out}, srv, filepath.Join(folder, "unfinished")); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %s", err, out.String()), srv.Close())
	}
	if err := srv.Close(); err != nil {
		return nil, err
	}
	kept := fstest.MapFS{}
	for _, name := range []string{store.DatabaseFile, "secret.key"} {
		text, err := os.ReadFile(filepath.Join(data, name))
		if err != nil {
			return nil, err
		}
		kept[name] = &fstest.MapFile{Data: text, Mode: 0o600}
	}
	return kept, nil
})

// demoFolder is a data folder with the sample business, of the test's own.
func demoFolder(t *testing.T) string {
	t.Helper()
	made, err := madeDemo()
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(folder, made); err != nil {
		t.Fatal(err)
	}
	return folder
}
