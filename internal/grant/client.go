package grant

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/text"
)

// Client is a program that asks for a grant.
type Client struct {
	ID   string // "clt_…", or the address of the document that describes it
	Name string // what it calls itself, which nobody has checked
	// RedirectURIs are where it may have members sent back.
	RedirectURIs []string
}

// The bounds of what a program may say of itself.
const (
	maxName      = 80
	maxRedirects = 10
	maxRedirect  = 500
)

// Host is whose document describes the program, "" for one that has registered itself.
func (c Client) Host() string {
	u, err := url.Parse(c.ID)
	if err != nil || u.Scheme == "" {
		return ""
	}
	return u.Host
}

// Redirects reports whether the program may have somebody sent to the address. It must be
// one of its own to the letter, but for the port on this machine, which programs choose
// when they start (RFC 8252, 7.3).
func (c Client) Redirects(to string) bool {
	return slices.ContainsFunc(c.RedirectURIs, func(own string) bool {
		return own == to || withoutPort(own) == withoutPort(to) && withoutPort(own) != ""
	})
}

// withoutPort is an address on this machine without its port, "" for any other.
func withoutPort(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" || !loopback(u.Hostname()) || u.User != nil {
		return ""
	}
	u.Host = u.Hostname()
	return u.String()
}

func loopback(host string) bool { return host == "127.0.0.1" || host == "::1" || host == "localhost" }

// unsafe are schemes by which a browser would run or show something of the address itself.
var unsafe = []string{"javascript", "data", "vbscript", "file", "blob", "about", "filesystem", "view-source", "ws", "wss", "ftp", "mailto", "tel", "sms"}

// checkRedirect says why members may not be sent to an address, "" where they may: https, an
// http server on their own machine, or a scheme of a program there (RFC 8252, 7).
func checkRedirect(to string) string {
	u, err := url.Parse(to)
	switch {
	case err != nil || len(to) > maxRedirect || u.Scheme == "" || u.Fragment != "" || strings.Contains(to, "#") || u.User != nil || strings.ContainsRune(to, '\\') || strings.ContainsFunc(to, unicode.IsSpace):
		return "A redirect URI is a whole address without a fragment or password."
	case u.Scheme == "https" && u.Hostname() != "", u.Scheme == "http" && loopback(u.Hostname()):
		return ""
	case u.Scheme == "https" || u.Scheme == "http":
		return "A redirect URI begins with https://, or leads to this machine (http://127.0.0.1)."
	case slices.Contains(unsafe, u.Scheme):
		return "A redirect URI may not begin with " + u.Scheme + ":."
	}
	return ""
}

// checked is a client whose name and addresses can be used.
func (c Client) checked() (Client, error) {
	var wrong fault.Fields
	c.Name = text.Rule{Most: maxName}.Clean("client_name", c.Name, wrong.Add)
	if c.Name == "" {
		c.Name = "Unnamed program"
	}
	if len(c.RedirectURIs) == 0 || len(c.RedirectURIs) > maxRedirects {
		wrong.Add("redirect_uris", "", "Give 1 to 10 redirect URIs.")
	}
	for _, to := range c.RedirectURIs {
		if why := checkRedirect(to); why != "" {
			wrong.Add("redirect_uris", "", why)
			break
		}
	}
	return c, wrong.Err()
}

// How many programs may register themselves.
const (
	registrationsOfSource = 20 // an hour
	registrationsOfAll    = 2000
)

// Register takes a program that registers itself (RFC 7591). source is whose request it is,
// for the throttle. Errors: Invalid at client_name or redirect_uris, TooMany.
func (g *Grants) Register(ctx context.Context, c Client, source string) (Client, time.Time, error) {
	c, err := c.checked()
	if err != nil {
		return c, time.Time{}, err
	}
	for bucket, most := range map[string]int{"register " + source: registrationsOfSource, "register": registrationsOfAll} {
		if err := g.allow(ctx, bucket, most); err != nil {
			return c, time.Time{}, err
		}
	}
	now := g.db.Clock().Wall()
	err = g.db.InTx(ctx, func(tx *db.Tx) error {
		if c.ID, err = tx.NewID("clt"); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO oauth_clients (id, name, redirect_uris, created_at) VALUES ($1, $2, $3, $4)`,
			c.ID, c.Name, strings.Join(c.RedirectURIs, " "), db.At(now))
		return err
	})
	return c, now, err
}

func (g *Grants) allow(ctx context.Context, bucket string, anHour int) error {
	_, ok, err := g.throttle.Allow(ctx, "oauth "+bucket, anHour, time.Hour)
	if err == nil && !ok {
		err = fault.New(fault.TooMany, "Too many programs were connected in the last hour. Try again later.")
	}
	return err
}

// Client finds a program by its id, or by the document at the address that its id is. member
// is who asks, for the throttle of such documents. One that is not known, or whose document
// does not fit, is Invalid.
func (g *Grants) Client(ctx context.Context, id, member string) (Client, error) {
	if strings.Contains(id, "://") {
		return g.document(ctx, id, member)
	}
	var row struct {
		Name         string
		RedirectURIs string `db:"redirect_uris"`
	}
	err := g.db.Get(ctx, &row, `SELECT name, redirect_uris FROM oauth_clients WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRows) {
		return Client{}, fault.New(fault.Invalid, "This program is not known here. Remove the connection in your assistant and add it again.")
	}
	return Client{ID: id, Name: row.Name, RedirectURIs: strings.Split(row.RedirectURIs, " ")}, err
}
