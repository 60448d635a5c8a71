package frame

import (
	"smartlinks/internal/web/ui"
)

// settingsSection is a page of Settings: the last part of its address, its
// name, and what it is about.
type settingsSection struct {
	Path, Label, Icon, lead string
	Everybodys              bool // not only for those who manage the business
}

// SettingsSections are the pages of Settings in the order of their list.
func SettingsSections(reader Reader) []settingsSection {
	return []settingsSection{
		{Path: "business", Label: reader.T("Business"), Icon: "building-2", lead: reader.T("Your name, address and details on pages and receipts.")},
		{Path: "team", Label: reader.T("Team"), Icon: "users", lead: reader.T("Who has access, and what they may change.")},
		{Path: "providers", Label: reader.T("Providers"), Icon: "credit-card", lead: reader.T("Your own account with a payment provider, which receives the money.")},
		{Path: "bank", Label: reader.T("Bank transfer"), Icon: "landmark", lead: reader.T("Your own account, to which payers send money from their bank at no fee.")},
		{Path: "domains", Label: reader.T("Domains"), Icon: "globe", lead: reader.T("Your links under your own name. The old addresses keep working and lead there.")},
		{Path: "legal", Label: reader.T("Terms and privacy"), Icon: "shield-check", lead: reader.T("Shown at the foot of every page that payers see.")},
		{Path: "email", Label: reader.T("Email"), Icon: "mail", lead: reader.T("What you send to payers, and how it is sent.")},
		{Path: "sms", Label: "SMS", Icon: "message-square", lead: reader.T("How text messages are sent, under which name, and how many a day.")},
		{Path: "alerts", Label: reader.T("Alerts"), Icon: "bell", lead: reader.T("Who is told what, and where: by email, on a phone, in a chat."), Everybodys: true},
		{Path: "tokens", Label: "API", Icon: "key-round", lead: reader.T("Let your own programs create links and read payments.")},
		{Path: "assistants", Label: reader.T("Assistants"), Icon: "bot", lead: reader.T("Let an assistant find, make and send links for you. It can do only what you allow, and every step is in the audit log."), Everybodys: true},
		{Path: "webhooks", Label: reader.T("Webhooks"), Icon: "webhook", lead: reader.T("Let your own systems know about what happens here.")},
		{Path: "audit", Label: reader.T("Audit log"), Icon: "file-text", lead: reader.T("What members and programs did here in the last 400 days.")},
		{Path: "appearance", Label: reader.T("Appearance"), Icon: "palette", lead: reader.T("How the dashboard looks in this browser."), Everybodys: true},
	}
}

// SettingsView is the frame that every page of Settings shares.
type SettingsView struct {
	Base    string
	Current settingsSection
	manages bool
}

// Items are the entries of the list.
func (v SettingsView) Items(reader Reader) []ui.NavItem {
	var items []ui.NavItem
	for _, s := range SettingsSections(reader) {
		if !v.manages && !s.Everybodys {
			continue
		}
		items = append(items, ui.NavItem{Label: s.Label, Icon: s.Icon, Href: v.Base + "/settings/" + s.Path, Current: s.Path == v.Current.Path})
	}
	return items
}

// SettingsAt is the frame for the section of the path.
func SettingsAt(scope *Scope, path string) SettingsView {
	v := SettingsView{Base: scope.Base, manages: scope.MayManage()}
	for _, s := range SettingsSections(scope.Reader) {
		if s.Path == path {
			v.Current = s
		}
	}
	return v
}

// settingsPlace names the page within the dashboard's frame.
func (v SettingsView) Place() Heading { return Heading{v.Current.Label, SettingsSection} }
