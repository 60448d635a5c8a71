package public

import (
	"smartlinks/internal/calendar"
	"smartlinks/internal/i18n"
)

// due says by when what is offered wants to be paid, "" where it says nothing of that.
func (o offer) due(t i18n.Localizer) string {
	if o.Link == nil {
		return ""
	}
	day, ok := o.Link.Due(o.Business.Location())
	if !ok {
		return ""
	}
	return t.T("due.on", "Day", calendar.Date(day, o.Business.Location(), t.Lang()))
}
