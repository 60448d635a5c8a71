package settings

import (
	"net/http"

	"smartlinks/internal/fault"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// appearanceView is the form of Settings → Appearance: colours, and whether single
// keys do something. It is everybody's own,
// and belongs to the browser: a desk by day and a phone by night may differ.
type appearanceView struct {
	Settings  frame.SettingsView
	Choice    string
	Shortcuts bool
}

// Options are the themes to choose from.
func (v appearanceView) Options(reader frame.Reader) []ui.Option {
	return []ui.Option{
		{Value: ui.SystemChoice, Label: reader.T("Same as the system"), Hint: reader.T("Light or dark, as this device is"), Icon: "monitor"},
		{Value: string(ui.LightTheme), Label: reader.T("Light"), Hint: reader.T("Always dark text on white"), Icon: "sun"},
		{Value: string(ui.DarkTheme), Label: reader.T("Dark"), Hint: reader.T("Always light text on near black"), Icon: "moon"},
	}
}

func (d pages) showAppearance(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v := appearanceView{Settings: frame.SettingsAt(scope, "appearance"), Choice: ui.ThemeOf(r.Context()).Choice(), Shortcuts: !ui.ShortcutsOff(r)}
	return frame.Render(w, r, http.StatusOK, appearancePage(d.Frame(r, scope, v.Settings.Place()), v))
}

func (d pages) saveAppearance(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	theme, ok := ui.ParseTheme(r.PostForm.Get("theme"))
	if !ok {
		return fault.New(fault.Malformed, "Choose light, dark, or the same as the system.")
	}
	theme.Keep(w, d.Addresses.Secure())
	if frame.Ticked(r.PostForm, "quiet") { // the script has changed the page already
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	if r.PostForm.Has("keys") { // the menu knows of colours only
		ui.KeepShortcuts(w, frame.Ticked(r.PostForm, "shortcuts"), d.Addresses.Secure())
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("This browser keeps your choice")})
	return frame.Redirect(w, r, scope.Base+"/settings/appearance")
}
