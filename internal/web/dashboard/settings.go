package dashboard

import (
	"net/http"

	"smartlinks/internal/web/ui"
)

// settingsSection is a page of Settings: the last part of its address, its
// name, and what it is about.
type settingsSection struct {
	path, label, icon, lead string
	everybodys              bool // not only for those who manage the business
}

// settingsSections are the pages of Settings in the order of their list.
func settingsSections() []settingsSection {
	return []settingsSection{
		{path: "business", label: "Business", icon: "building-2", lead: "Who you are: on your pages, on receipts, and in the eyes of the law."},
		{path: "team", label: "Team", icon: "users", lead: "Who works here, and who may change what."},
		{path: "providers", label: "Providers", icon: "credit-card", lead: "Who moves your money: your own account at a payment provider."},
		{path: "legal", label: "Terms and privacy", icon: "shield-check", lead: "Shown at the foot of every page that payers see."},
		{path: "email", label: "Email", icon: "mail", lead: "What you send to payers and to yourselves, and how it gets there."},
		{path: "sms", label: "SMS", icon: "message-square", lead: "How texts leave, in whose name, and how many a day."},
		{path: "tokens", label: "API", icon: "key-round", lead: "Let your own programs make links and read payments."},
		{path: "webhooks", label: "Webhooks", icon: "webhook", lead: "Let your own systems hear of what happens here."},
		{path: "audit", label: "Audit log", icon: "file-text", lead: "Who did what here, members and programs, for the last 400 days."},
		{path: "appearance", label: "Appearance", icon: "palette", lead: "How the dashboard looks to you, in this browser.", everybodys: true},
	}
}

// settingsView is the frame that every page of Settings shares.
type settingsView struct {
	Base    string
	Current settingsSection
	manages bool
}

// Items are the entries of the list.
func (v settingsView) Items() []ui.NavItem {
	var items []ui.NavItem
	for _, s := range settingsSections() {
		if !v.manages && !s.everybodys {
			continue
		}
		items = append(items, ui.NavItem{Label: s.label, Icon: s.icon, Href: v.Base + "/settings/" + s.path, Current: s.path == v.Current.path})
	}
	return items
}

// settingsAt is the frame for the section of the path.
func settingsAt(at *room, path string) settingsView {
	v := settingsView{Base: at.Base, manages: at.mayManage()}
	for _, s := range settingsSections() {
		if s.path == path {
			v.Current = s
		}
	}
	return v
}

// settingsPlace names the page within the dashboard's frame.
func (v settingsView) place() place { return place{v.Current.label, settingsRoom} }

// showSettings leads to the first page that the member may see.
func (d *Dashboard) showSettings(w http.ResponseWriter, r *http.Request, at *room) error {
	return redirect(w, r, settingsAt(at, "").Items()[0].Href)
}
