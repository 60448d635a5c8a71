package mollie

import (
	"errors"
	"strings"
	"testing"

	"smartlinks/internal/payment/provider"
)

// Mollie signs nothing: of what anybody sends, only the form of an id is taken.
func FuzzReportsNameAnIDOrNothing(f *testing.F) {
	for _, seed := range []string{"id=tr_7UhSN1zuXS", "id=tr_", "id=ord_1", "id=tr_%00", "id=tr_a/../b", "id=tr_%ff", "id=tr_a%3Ftestmode=true", "%zz", "id=tr_a&id=tr_b", "", "{}", "id=tr_" + strings.Repeat("a", 100)} {
		f.Add([]byte(seed))
	}
	m := New(nil, "", nil, nil)
	f.Fuzz(func(t *testing.T, body []byte) {
		event, err := m.Verify(t.Context(), "biz_x", nil, body)
		if err != nil {
			if !errors.Is(err, provider.ErrForged) {
				t.Fatalf("%q: %v", body, err)
			}
			return
		}
		rest, ours := strings.CutPrefix(event.Object, "tr_")
		if event.ID != "" || !ours || rest == "" || len(rest) > 61 || strings.Trim(rest, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-") != "" {
			t.Fatalf("%q names %+v", body, event)
		}
	})
}
