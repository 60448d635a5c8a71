package dashboard

import (
	"net/http"

	"smartlinks/internal/web/ui"
)

// settingsSection is a page of Settings: the last part of its address, its
// name, and what it is about.
type settingsSection struct{ path, label, icon, lead string }

// settingsSections are the pages of Settings in the order of their list.
func settingsSections() []settingsSection {
	return []settingsSection{
		{"business", "Business", "building-2", "Who you are: on your pages, on receipts, and in the eyes of the law."},
		{"team", "Team", "users", "Who works here, and who may change what."},
		{"providers", "Providers", "credit-card", "Who moves your money: your own account at a payment provider."},
		{"legal", "Terms and privacy", "file-text", "Shown at the foot of every page that payers see."},
		{"email", "E-mail", "mail", "What you send to payers and to yourselves, and how it gets there."},
		{"tokens", "API tokens", "key-round", "Let your own programs make links and read payments."},
	}
}

// settingsView is the frame that every page of Settings shares.
type settingsView struct {
	Base    string
	Current settingsSection
}

// Items are the entries of the list.
func (v settingsView) Items() []ui.NavItem {
	var items []ui.NavItem
	for _, s := range settingsSections() {
		items = append(items, ui.NavItem{Label: s.label, Icon: s.icon, Href: v.Base + "/settings/" + s.path, Current: s.path == v.Current.path})
	}
	return items
}

// settingsAt is the frame for the section of the path.
func settingsAt(at *room, path string) settingsView {
	v := settingsView{Base: at.Base}
	for _, s := range settingsSections() {
		if s.path == path {
			v.Current = s
		}
	}
	return v
}

// settingsPlace names the page within the dashboard's frame.
func (v settingsView) place() place { return place{v.Current.label, settingsRoom} }

func (d *Dashboard) showSettings(w http.ResponseWriter, r *http.Request, at *room) error {
	return redirect(w, r, at.Base+"/settings/"+settingsSections()[0].path)
}
