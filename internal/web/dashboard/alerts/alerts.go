package alerts

import (
	"net/http"
	"slices"
	"strings"

	"smartlinks/internal/alert"
	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// view is the page.
type view struct {
	frame.Problems
	Settings frame.SettingsView
	Manages  bool
	Email    string // the member's own
	Mail     []newsChoice
	Summary  message.Every
	Devices  []channelRow
	Channels []channelRow
	Form     channelForm
	Key      string // what a browser subscribes with
}

// newsChoice is a kind of news to tick.
type newsChoice struct {
	Value, Label, Hint string
	Chosen             bool
}

// channelRow is a channel of the list.
type channelRow struct {
	ID         string
	Href       string
	Icon, Name string
	Notifies   string // what it tells, in words
	Trouble    string // why the last alert did not arrive
	Off        bool
	News       []newsChoice
}

// channelForm is what a new channel is typed into.
type channelForm struct {
	Kind                   alert.Kind
	Name, URL, Token, Chat string
	News                   []newsChoice
}

// kinds are the services to choose from.
func kinds() []ui.Option {
	return []ui.Option{{Value: string(alert.Slack), Label: "Slack"}, {Value: string(alert.Discord), Label: "Discord"}, {Value: string(alert.Telegram), Label: "Telegram"}, {Value: string(alert.Ntfy), Label: "ntfy"}}
}

// choices are all kinds of news, with those ticked that are chosen.
func choices(reader frame.Reader, chosen []message.News) []newsChoice {
	words := map[message.News][2]string{
		message.NewsPaid:         {reader.T("You were paid"), ""},
		message.NewsAttention:    {reader.T("Money needs you"), reader.T("A dispute, a refund that failed, money for a full link")},
		message.NewsLimitReached: {reader.T("Limit reached"), ""},
		message.NewsAlmostFull:   {reader.T("Almost full"), reader.T("Three places or fewer are left")},
		message.NewsOverdue:      {reader.T("A link is overdue"), ""},
		message.NewsWaiting:      {reader.T("Joined the waiting list"), ""},
		message.NewsReturned:     {reader.T("Returned mail"), reader.T("An address gets no more: it doesn’t exist, or its owner called your email unwanted")},
		message.NewsRefunded:     {reader.T("Money went back"), ""},
		message.NewsFailed:       {reader.T("A payment failed"), ""},
	}
	var all []newsChoice
	for _, n := range message.AllNews() {
		all = append(all, newsChoice{string(n), words[n][0], words[n][1], slices.Contains(chosen, n)})
	}
	return all
}

// usual are the kinds that a new channel tells unless somebody chooses others.
func usual() []message.News {
	return []message.News{message.NewsPaid, message.NewsAttention, message.NewsLimitReached}
}

func (d pages) show(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	return d.showPage(w, r, scope, http.StatusOK, func(*view) {})
}

// showPage shows the page; change adds what this answer alone has to say.
func (d pages) showPage(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, change func(*view)) error {
	ctx := r.Context()
	choice, err := d.Messages.Choice(ctx, scope.Business.ID, scope.Member.ID, scope.Member.Role)
	if err != nil {
		return err
	}
	all, err := d.Alerts.Channels(ctx, scope.Business.ID, scope.Member.ID)
	if err != nil {
		return err
	}
	key, err := d.Alerts.PublicKey(ctx)
	if err != nil {
		return err
	}
	v := view{
		Settings: frame.SettingsAt(scope, "alerts"), Manages: scope.MayManage(), Email: scope.Member.Email, Mail: choices(scope.Reader, choice.News), Summary: choice.Summary, Key: key,
		Form: channelForm{Kind: alert.Slack, News: choices(scope.Reader, usual())},
	}
	for _, c := range all {
		row := rowOf(scope, c)
		if c.Kind == alert.Push {
			v.Devices = append(v.Devices, row)
		} else if v.Manages {
			v.Channels = append(v.Channels, row)
		}
	}
	change(&v)
	return frame.Render(w, r, status, alertsPage(d.Frame(r, scope, v.Settings.Place()), v))
}

func rowOf(scope *frame.Scope, c alert.Channel) channelRow {
	row := channelRow{
		ID: string(c.ID), Href: scope.Base + "/settings/alerts/" + string(c.ID), Icon: "message-square", Name: c.Name, Off: !c.Active,
		News: choices(scope.Reader, c.News), Trouble: trouble(scope.Reader, c.Reason),
	}
	if c.Kind == alert.Push {
		row.Icon = "smartphone"
	}
	var tells []string
	for _, n := range row.News {
		if n.Chosen {
			tells = append(tells, n.Label)
		}
	}
	row.Notifies = scope.Line(tells...)
	if len(tells) == 0 {
		row.Notifies = scope.T("Nothing")
	}
	return row
}

// trouble is why the last alert did not arrive, in words.
func trouble(reader frame.Reader, reason string) string {
	status, refused := strings.CutPrefix(reason, "refused ")
	switch {
	case reason == "":
		return ""
	case refused:
		return reader.T("The last alert was refused with the status {{.Status}}. Check the address, then send a test.", "Status", status)
	case reason == "private":
		return reader.T("The name leads to an address within a private network, where nothing is sent.")
	case reason == "late":
		return reader.T("No answer came within 15 seconds.")
	}
	return reader.T("The last alert did not arrive. Check the address, then send a test.")
}

func newsFrom(r *http.Request) []message.News { return message.ParseNews(r.PostForm["news"]) }

func (d pages) choose(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	c := message.Choice{News: newsFrom(r), Summary: message.Every(r.PostForm.Get("summary"))}
	if !slices.Contains([]message.Every{message.Never, message.Daily, message.Weekly}, c.Summary) {
		return fault.New(fault.Malformed, "Choose how often a summary comes.")
	}
	if err := d.Messages.Choose(r.Context(), scope.Business, scope.Member.ID, c); err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Your choice is saved")})
	return frame.Redirect(w, r, scope.Base+"/settings/alerts")
}

func (d pages) addChannel(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	f := channelForm{Kind: alert.Kind(r.PostForm.Get("kind")), Name: r.PostForm.Get("name"), URL: r.PostForm.Get("url"), Token: r.PostForm.Get("token"), Chat: r.PostForm.Get("chat")}
	if f.Kind == alert.Push {
		f.Kind = "" // devices add themselves
	}
	news := newsFrom(r)
	err := d.Alerts.Add(r.Context(), scope.Business, scope.Member.ID, alert.Draft{Kind: f.Kind, Name: f.Name, URL: f.URL, Token: f.Token, Chat: f.Chat, News: news, Language: scope.Lang()})
	if err != nil {
		p, ok := frame.ProblemsOf(scope.Reader, err, nil)
		if !ok {
			return err
		}
		f.News = choices(scope.Reader, news)
		return d.showPage(w, r, scope, http.StatusUnprocessableEntity, func(v *view) { v.Problems, v.Form = p, f })
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Channel added"), More: scope.T("A test is on its way to it.")})
	return frame.Redirect(w, r, scope.Base+"/settings/alerts")
}

// addDevice takes what the browser's script subscribed.
func (d pages) addDevice(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	err := d.Alerts.Add(r.Context(), scope.Business, scope.Member.ID, alert.Draft{
		Kind: alert.Push, Name: scope.T("This device: {{.Browser}}", "Browser", browserOf(r)), URL: r.PostForm.Get("endpoint"), P256dh: r.PostForm.Get("p256dh"), Auth: r.PostForm.Get("auth"),
		News: usual(), Language: scope.Lang(),
	})
	if err != nil {
		p, ok := frame.ProblemsOf(scope.Reader, err, nil)
		if !ok {
			return err
		}
		return d.showPage(w, r, scope, http.StatusUnprocessableEntity, func(v *view) {
			v.Problems = p
			if v.Problem == "" {
				v.Problem = p.Errors["url"]
			}
		})
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("This device is told from now on"), More: scope.T("A test is on its way to it.")})
	return frame.Redirect(w, r, scope.Base+"/settings/alerts")
}

// owned is the channel of the path. Channels of the business are changed by those alone who
// manage it.
func (d pages) owned(r *http.Request, scope *frame.Scope) (alert.Channel, error) {
	c, err := d.Alerts.Channel(r.Context(), scope.Business.ID, scope.Member.ID, alert.ID(r.PathValue("id")))
	if err == nil && c.Kind != alert.Push && !scope.MayManage() {
		err = fault.New(fault.Forbidden, "Only owners and admins change channels.")
	}
	return c, err
}

func (d pages) change(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	c, err := d.owned(r, scope)
	if err != nil {
		return err
	}
	if err := d.Alerts.Change(r.Context(), scope.Business.ID, scope.Member.ID, c.ID, newsFrom(r)); err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Your choice is saved")})
	return frame.Redirect(w, r, scope.Base+"/settings/alerts")
}

func (d pages) try(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	c, err := d.owned(r, scope)
	if err != nil {
		return err
	}
	if err := d.Alerts.Try(r.Context(), scope.Business, scope.Member.ID, c.ID); err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("A test is on its way")})
	return frame.Redirect(w, r, scope.Base+"/settings/alerts")
}

func (d pages) remove(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	c, err := d.owned(r, scope)
	if err != nil {
		return err
	}
	if err := d.Alerts.Remove(r.Context(), scope.Business.ID, scope.Member.ID, c.ID); err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("{{.Name}} is told nothing any more", "Name", c.Name)})
	return frame.Redirect(w, r, scope.Base+"/settings/alerts")
}

// deviceProblem is what is wrong with a device that was to be added, "" for nothing.
func deviceProblem(v view) string {
	if v.Form.Kind == alert.Push {
		return v.Problem
	}
	return ""
}
