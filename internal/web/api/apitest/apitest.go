// Package apitest holds whatever the API answers in a test, and whatever is told to
// webhook endpoints, to the API's own document.
package apitest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"smartlinks/internal/address/addresstest"
	"smartlinks/internal/db"
	"smartlinks/internal/testclock"
	"smartlinks/internal/web/api"
)

// document is the one that the API serves, read once for all tests of a package.
var document = sync.OnceValues(func() (*openapi3.T, error) {
	server := api.New(api.Config{Addresses: addresstest.Book(), TestClock: testclock.New(nil, nil)})
	served := httptest.NewRecorder()
	server.ServeHTTP(served, httptest.NewRequest(http.MethodGet, "/api/v1/openapi.json", nil))
	d, err := openapi3.NewLoader().LoadFromData(served.Body.Bytes())
	if err != nil {
		return nil, fmt.Errorf("read the API's document: %w", err)
	}
	closeObjects(d)
	return d, nil
})

// closeObjects refuses members that the document does not name. It leaves answers open,
// because more may come; in a test of today none may.
func closeObjects(d *openapi3.T) {
	none := false
	for _, s := range d.Components.Schemas {
		if s.Value.AdditionalProperties.Has == nil && s.Value.AdditionalProperties.Schema == nil && len(s.Value.Properties) > 0 {
			s.Value.AdditionalProperties.Has = &none
		}
	}
}

func mustDocument(tb testing.TB) *openapi3.T {
	tb.Helper()
	d, err := document()
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// Events checks every event that the test has written to the database when it ends.
func Events(tb testing.TB, d *db.DB) {
	tb.Helper()
	tb.Cleanup(func() {
		var bodies []string
		// The newest: a test of load has thousands alike. The test's own context has ended.
		err := d.Select(context.WithoutCancel(tb.Context()), &bodies, `SELECT body FROM events ORDER BY id DESC LIMIT 500`)
		if err != nil {
			tb.Logf("events are not checked: %v", err) // the test has closed its database
		}
		for _, body := range bodies {
			if err := checkEvent(mustDocument(tb), []byte(body)); err != nil {
				tb.Errorf("an event is not as the document says: %v\n%s", err, body)
			}
		}
	})
}

func checkEvent(d *openapi3.T, body []byte) error {
	var event map[string]any
	if err := json.Unmarshal(body, &event); err != nil {
		return err
	}
	kind, _ := event["type"].(string)
	item := d.Webhooks[kind]
	if item == nil {
		return fmt.Errorf("it knows no event %q", kind)
	}
	return item.Post.RequestBody.Value.Content.Get("application/json").Schema.Value.VisitJSON(event, openapi3.VisitAsRequest())
}
