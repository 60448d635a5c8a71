package importer

import (
	"strings"
	"testing"
)

func TestDaysAreReadAsSpreadsheetsWriteThem(t *testing.T) {
	for _, want := range []struct {
		cells  string // parted by bars
		order  DateOrder
		open   bool
		become string // as chosen, else as found
	}{
		{"2025-11-03|2025-11-04", YearFirst, false, "2025-11-03|2025-11-04"},
		{"2025/11/3", YearFirst, false, "2025-11-03"},
		{"03.11.2025|4.11.25|5. 11. 2025", DayFirst, false, "2025-11-03|2025-11-04|2025-11-05"},
		{"03/11/2025|25/11/2025", DayFirst, false, "2025-11-03|2025-11-25"},
		{"11/3/2025|11/25/2025 2:05 PM", MonthFirst, false, "2025-11-03|2025-11-25 14:05"},
		{"3-11-2025|13-11-2025 09:05", DayFirst, false, "2025-11-03|2025-11-13 09:05"},
		{"03/11/2025|04/11/2025", ByFile, true, ""},
		{"11/11/2025", ByFile, false, "2025-11-11"},
		{"25/11/2025|11/25/2025", ByFile, false, "2025-11-25|2025-11-25"},
		{"25/11/2025|11/25/2025|03/11/2025", ByFile, true, ""},
		{"3 Nov 2025|03-Nov-25|Nov 3, 2025", ByFile, false, "2025-11-03|2025-11-03|2025-11-03"},
		{"2025-11-03T10:00:00Z|2025-11-03 10:00", YearFirst, false, "2025-11-03T10:00:00Z|2025-11-03 10:00"},
		{"31.02.2025|soon|1.2.3|45964|29.02.2024|2025-13-01", DayFirst, false, "31.02.2025|soon|1.2.3|45964|2024-02-29|2025-13-01"},
	} {
		cells := strings.Split(want.cells, "|")
		got := ordered(cells, ByFile)
		if got.Order != want.order || got.Open != want.open {
			t.Errorf("%s: %+v", want.cells, got)
		}
		if want.open {
			if got.Cell == "" || !got.Day.IsZero() {
				t.Errorf("%s: %+v", want.cells, got)
			}
			continue
		}
		for i, cell := range cells {
			cells[i], _, _ = isoOf(cell, got.Order)
		}
		if become := strings.Join(cells, "|"); become != want.become {
			t.Errorf("%s: became %s", want.cells, become)
		}
	}
	for order, day := range map[DateOrder]string{DayFirst: "2025-11-03", MonthFirst: "2025-03-11"} {
		chosen := ordered([]string{"03/11/2025"}, order)
		if iso, _, ok := isoOf("03/11/2025", chosen.Order); !ok || iso != day || chosen.Open {
			t.Errorf("%s: %s, %+v", order, iso, chosen)
		}
	}
	if _, _, ok := isoOf("25/11/2025", MonthFirst); ok {
		t.Error("a day that there is not in the chosen order is read in another")
	}
}
