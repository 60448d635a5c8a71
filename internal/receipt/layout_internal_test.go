package receipt

import (
	"strings"
	"testing"
	"time"

	"smartlinks/internal/receipt/pdf"
)

// A fact that runs over a page is followed by the next one, not by the blank rest of the page
// on which it began.
func TestAFactThatRunsOverAPageLeavesNoBlankArea(t *testing.T) {
	for name, f := range map[string]Fact{
		"a long value": {Label: "Notes", Value: strings.Repeat("Please leave it at the back door. ", 12)},
		"a long label": {Label: strings.Repeat("What we should know ", 8), Value: "Nothing"},
	} {
		s := &sheet{Document: &pdf.Document{Title: "Receipt", Language: "en", At: time.Unix(0, 0)}, y: bottom - 24}
		s.AddPage()
		s.facts([]Fact{f})
		if s.Pages() != 2 || s.y > margin+200 {
			t.Errorf("%s: the next fact begins at %.0f of page %d", name, s.y, s.Pages())
		}
	}
}

func TestColumnsThatRunOverAPageLeaveNoBlankArea(t *testing.T) {
	short, long := []Fact{{Label: "Issued by", Value: "Acme"}}, []Fact{{Label: "Customer", Value: strings.Repeat("Street and house\n", 10)}}
	for name, lists := range map[string][2][]Fact{"the first": {long, short}, "the second": {short, long}, "both": {long, long}} {
		s := &sheet{Document: &pdf.Document{Title: "Receipt", Language: "en", At: time.Unix(0, 0)}, y: bottom - 60}
		s.AddPage()
		s.columns(lists[0], lists[1])
		if s.Pages() != 2 || s.y > margin+500 {
			t.Errorf("%s: what follows begins at %.0f of page %d", name, s.y, s.Pages())
		}
	}
}
