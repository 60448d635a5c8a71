package business_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/business"
)

func TestTimeZonesToChooseFromAreKnown(t *testing.T) {
	for _, zone := range business.TimeZones() {
		if err := (business.Draft{Name: "A", Handle: "acme", TimeZone: zone}).Check(); err != nil {
			t.Errorf("%s: %v", zone, err)
		}
	}
}

// Browsers tell some zones by names that are older than those of the list.
func TestTheZoneThatABrowserTellsIsAmongThoseToChooseFrom(t *testing.T) {
	listed, old := business.TimeZones(), business.OldZones()
	for _, told := range strings.Fields(`Europe/Amsterdam Europe/Stockholm Europe/Oslo Europe/Copenhagen Europe/Luxembourg
		Europe/Monaco Europe/Bratislava Europe/Ljubljana Europe/Zagreb Europe/Kiev Europe/Kyiv Atlantic/Reykjavik Atlantic/Faeroe
		Asia/Calcutta Asia/Kolkata Asia/Saigon Asia/Kuwait Asia/Bahrain Asia/Muscat Asia/Katmandu Asia/Rangoon Africa/Accra
		Africa/Addis_Ababa Africa/Asmera America/Buenos_Aires America/Indianapolis America/Godthab America/Coral_Harbour
		Pacific/Truk Pacific/Ponape Pacific/Enderbury UTC Etc/UTC`) {
		if !slices.Contains(listed, cmp.Or(old[told], told)) {
			t.Errorf("%s can't be chosen", told)
		}
	}
	for name, now := range old {
		if slices.Contains(listed, name) || !slices.Contains(listed, now) {
			t.Errorf("%s leads to %s", name, now)
		}
		was, err := time.LoadLocation(name)
		is, wrong := time.LoadLocation(now)
		if err != nil || wrong != nil {
			t.Fatal(name, err, wrong)
		}
		for month := range time.Month(12) {
			at := time.Date(2026, month+1, 1, 12, 0, 0, 0, time.UTC)
			if at.In(was).Format("15:04") != at.In(is).Format("15:04") {
				t.Errorf("%s and %s tell another time in %s", name, now, month+1)
			}
		}
	}
}
