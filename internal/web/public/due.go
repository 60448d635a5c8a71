package public

import "smartlinks/internal/calendar"

// due says by when the link wants to be paid, "" where it says nothing of that.
func (v payView) due() string {
	if v.offer.Link == nil {
		return ""
	}
	day, ok := v.offer.Link.Due(v.offer.Business.Location())
	if !ok {
		return ""
	}
	return v.Localizer.T("due.on", "Day", calendar.Date(day, v.offer.Business.Location(), v.Localizer.Lang()))
}
