package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

type payCommand struct {
	server `group:"The server:"`
	one
	Name    string `default:"Test payer" help:"The payer's name."`
	Email   string `default:"payer@example.com" help:"The payer's e-mail address."`
	Amount  string `help:"What they choose, where a link lets them."`
	Outcome string `enum:"paid,pending,failed,canceled,expired" default:"paid" help:"How it ends: paid, pending, failed, canceled or expired."`
}

// Run pays a link of test mode: it sends the form of the page, and chooses an outcome
// where a real provider would ask for a card.
func (c payCommand) Run(ctx context.Context, to Streams) error {
	at, err := c.client(to)
	if err != nil {
		return err
	}
	l, _, err := at.find(ctx, c.Link)
	if err != nil {
		return err
	}
	page, err := l.page()
	if err != nil {
		return err
	}
	checkout, err := at.follow(ctx, page, set(url.Values{}, "name", c.Name, "email", c.Email, "amount", c.Amount))
	if err != nil {
		return err
	}
	if !strings.HasPrefix(checkout.Path, "/sandbox/") {
		return failed("This link takes real money. Open %s in a browser to pay it.", l.URL)
	}
	back, err := at.follow(ctx, checkout, url.Values{"outcome": {c.Outcome}})
	if err != nil {
		return err
	}
	status, err := at.visit(ctx, http.MethodGet, back.JoinPath("status"), nil)
	if err != nil {
		return err
	}
	defer status.Body.Close()
	var now struct {
		Status string `json:"status"`
	}
	answer, err := io.ReadAll(io.LimitReader(status.Body, maxAnswer))
	if err == nil {
		err = json.Unmarshal(answer, &now)
	}
	if err != nil {
		return fmt.Errorf("the payment's page can't be read: %w", err)
	}
	if c.JSON {
		return raw(to.Out, answer)
	}
	_, err = fmt.Fprintf(to.Out, "%s: %s\n%s\n", plain(l.Name), plain(now.Status), at.base.String()+back.EscapedPath())
	return err
}

// page is where payers pay, at the server that is asked, which may be reached by another name
// than payers use. Under an own domain there is no handle in the path, so there its host says
// whose page is meant.
func (l link) page() (*url.URL, error) {
	page, err := url.Parse(l.URL)
	if err != nil {
		return nil, fmt.Errorf("the link's address can't be read: %w", err)
	}
	if strings.Contains(strings.Trim(page.Path, "/"), "/") {
		page.Host = ""
	}
	return page, nil
}

// visit asks for a page of payers, without the token.
func (c *client) visit(ctx context.Context, method string, page *url.URL, form url.Values) (*http.Response, error) {
	at := *page
	at.Scheme, at.Host = c.base.Scheme, c.base.Host
	r, err := http.NewRequestWithContext(ctx, method, at.String(), strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Host = page.Host
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, &unreached{c.base.String(), err}
	}
	return answer, nil
}

// follow sends a form, and returns where its answer leads.
func (c *client) follow(ctx context.Context, page *url.URL, form url.Values) (*url.URL, error) {
	answer, err := c.visit(ctx, http.MethodPost, page, form)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	switch answer.StatusCode {
	case http.StatusSeeOther:
		next, err := answer.Location()
		if err != nil {
			return nil, err
		}
		next.Host = ""
		return next, nil
	case http.StatusNotFound:
		return nil, failed("The page does not exist. If the link is paused, resume it with `smartlinks link resume`.")
	case http.StatusConflict:
		return nil, failed("Somebody is paying for the last place. Try again in some minutes.")
	case http.StatusGone:
		return nil, failed("The link takes no more payments: its limit is reached.")
	case http.StatusUnprocessableEntity:
		return nil, failed("The page asks for more, or for something else. Open it in a browser to pay: `smartlinks link show` tells its address.")
	}
	return nil, failed("The server answered %s to the payment.", answer.Status)
}
