package imports_test

import (
	"net/http"
	"net/url"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// The page says how days are read, and asks where that is open; it says too that a first line
// of data is imported.
func TestHowDaysAreReadIsSaidAndAsked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		const page = "/dashboard/acme/transactions/import"
		upload := func(file string) string {
			t.Helper()
			got := b.UploadAs("file", page, nil, []byte(file))
			if got.Status != http.StatusSeeOther {
				t.Fatalf("uploading: %d %s", got.Status, got.Said())
			}
			return got.Location
		}
		if got := b.Get(upload("25.11.2025;49,00\n03.11.2025;10,00\n")); !got.Has("The day comes first: 25.11.2025 is 25 Nov 2025.", "The first line names no columns.", "Column 1", "Import 2 payments") || got.Has(`name="dates"`) {
			t.Errorf("days with dots: %s", got.Said())
		}
		at := upload("Date,Amount\n03/11/2025,49.00\n")
		if got := b.Get(at); !got.Has("03/11/2025 may have the day or the month first.", "Choose whether the day or the month comes first.", `name="dates"`) || got.Has("Import 1 payment", "The first line names no columns.") {
			t.Errorf("days that may be either: %s", got.Said())
		}
		columns := url.Values{"column": {"date", "amount"}}
		if got := b.Post(at+"/start", columns); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="dates-error"`) {
			t.Errorf("it starts: %d %s", got.Status, got.Said())
		}
		columns.Set("dates", "month")
		b.Post(at+"/columns", columns)
		if got := b.Get(at); !got.Has("The month comes first: 03/11/2025 is 11 Mar 2025.", "Import 1 payment", `name="dates"`) {
			t.Errorf("chosen: %s", got.Said())
		}
	})
}
