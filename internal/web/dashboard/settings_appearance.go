package dashboard

import (
	"net/http"

	"smartlinks/internal/fault"
	"smartlinks/internal/web/ui"
)

// appearanceView is the form of Settings → Appearance: colours, and whether single
// keys do something. It is everybody's own,
// and belongs to the browser: a desk by day and a phone by night may differ.
type appearanceView struct {
	Settings  settingsView
	Choice    string
	Shortcuts bool
}

// Options are the themes to choose from.
func (v appearanceView) Options() []ui.Option {
	return []ui.Option{
		{Value: ui.SystemChoice, Label: "Like the system", Hint: "Light or dark, as this device is", Icon: "monitor"},
		{Value: string(ui.LightTheme), Label: "Light", Hint: "Always dark text on white", Icon: "sun"},
		{Value: string(ui.DarkTheme), Label: "Dark", Hint: "Always light text on near black", Icon: "moon"},
	}
}

func (d *Dashboard) showAppearance(w http.ResponseWriter, r *http.Request, at *room) error {
	v := appearanceView{Settings: settingsAt(at, "appearance"), Choice: ui.ThemeOf(r.Context()).Choice(), Shortcuts: !ui.ShortcutsOff(r)}
	return render(w, r, http.StatusOK, appearancePage(d.frame(r, at, v.Settings.place()), v))
}

func (d *Dashboard) saveAppearance(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	theme, ok := ui.ParseTheme(r.PostForm.Get("theme"))
	if !ok {
		return fault.New(fault.Malformed, "Choose light, dark, or like the system.")
	}
	theme.Keep(w, d.PublicURL.Scheme == "https")
	if ticked(r.PostForm, "quiet") { // the script has changed the page already
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	if r.PostForm.Has("keys") { // the menu knows of colours only
		ui.KeepShortcuts(w, ticked(r.PostForm, "shortcuts"), d.PublicURL.Scheme == "https")
	}
	d.say(r, ui.ToastProps{Text: "This browser keeps your choice"})
	return redirect(w, r, at.Base+"/settings/appearance")
}
